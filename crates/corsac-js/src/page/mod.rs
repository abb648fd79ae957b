//! A page: script at an origin, and the user agent that it asks.

mod agent;
mod calls;
mod config;
mod error;
mod fetched;
mod host;
mod modules;
mod network;
mod over;
mod timers;
mod watch;

pub use config::{Console, Level, Limits, PageConfig};
pub use error::{ErrorKind, PageError, ScriptError};
pub use fetched::{Initiator, PageFetch};
pub(crate) use host::Host;
pub(crate) use network::{Now, Start};

use std::{cell::Ref, fmt, rc::Rc, thread, time::Instant};

use corsac::fetch::Mode;
use rquickjs::{
    CatchResultExt as _, CaughtError, Context, Ctx, Object, Result as Thrown, Runtime, TypedArray,
    Value, context::EvalOptions,
};
use url::Url;

use crate::native;
use calls::Calls;
use network::{Event, Message};

/// A page without a browser: a global object with the web's classes, at an origin.
///
/// Script runs in the thread that calls; all network goes through a [`corsac_agent::Agent`] on a
/// thread of the page's own. Nothing that script does panics, and its limits contain it.
///
/// ```
/// use std::{cell::RefCell, rc::Rc};
/// use corsac::fetch::Profile;
/// use corsac_js::{Page, PageConfig};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = PageConfig::new("http://sitea.com/".parse()?, Profile::FETCH);
/// let lines = Rc::new(RefCell::new(Vec::new()));
/// let sink = Rc::clone(&lines);
/// let console = Box::new(move |_level, text: &str| sink.borrow_mut().push(text.to_owned()));
/// let mut page = Page::new(config, console)?;
/// page.evaluate("page.js", "setTimeout(() => console.log(origin), 1)")?;
/// page.run_to_idle()?;
/// assert_eq!(*lines.borrow(), ["http://sitea.com"]);
/// # Ok(())
/// # }
/// ```
pub struct Page {
    // Before the context and the runtime, which have to outlive it.
    calls: Calls,
    context: Context,
    runtime: Runtime,
    host: Rc<Host>,
}

impl Page {
    /// An empty page.
    ///
    /// # Errors
    /// [`PageError`]: the system has no thread left, or the engine not enough memory.
    pub fn new(config: PageConfig, console: Console) -> Result<Self, PageError> {
        let limits = config.limits;
        let host = Rc::new(Host::new(config, console).map_err(PageError::Agent)?);
        let engine = |error: rquickjs::Error| PageError::Engine(error.to_string());
        let runtime = Runtime::new().map_err(engine)?;
        runtime.set_memory_limit(limits.memory_bytes);
        runtime.set_max_stack_size(limits.stack_bytes);
        runtime.set_loader(modules::ToUrls, modules::FromHost(Rc::clone(&host)));
        let context = Context::full(&runtime).map_err(engine)?;
        let calls = context.with(|ctx| {
            Calls::new(&ctx, &host)
                .catch(&ctx)
                .map_err(|error| PageError::Engine(error.to_string()))
        })?;
        runtime.set_host_promise_rejection_tracker(Some(calls.tracker()));
        runtime.set_promise_hook(over::hook(&host));
        // After the classes, which are no script's: a page whose time is over says so itself.
        let watching = Rc::clone(&host);
        runtime.set_interrupt_handler(Some(Box::new(move || watching.watch.must_end())));
        Ok(Self {
            calls,
            context,
            runtime,
            host,
        })
    }

    /// Runs a classic script, and the jobs that it leaves. `name` is what stacks call it.
    ///
    /// # Errors
    /// What the script threw and did not catch; the page has reported it already. A page that is over
    /// runs nothing.
    pub fn evaluate(&mut self, name: &str, source: &str) -> Result<(), ScriptError> {
        self.script(|ctx, _| {
            let mut options = EvalOptions::default();
            options.strict = false;
            options.filename = Some(name.replace('\0', "\u{fffd}"));
            ctx.eval_with_options::<Value<'_>, _>(source, options)?;
            Ok(())
        })
    }

    /// Runs a module script, what it imports before it, and the jobs that they leave. What it awaits at
    /// its top may outlast this: [`run_to_idle`](Self::run_to_idle).
    ///
    /// # Errors
    /// What it threw so far and did not catch, or what could not be loaded; the page has reported it
    /// already.
    pub fn evaluate_module(&mut self, url: &Url, source: &str) -> Result<(), ScriptError> {
        self.script(|ctx, calls| {
            let module = modules::declare(ctx, url.as_str(), source)?;
            let (_, promise) = module.eval()?;
            calls.watch_module(ctx, promise)
        })
    }

    /// Runs tasks, timers and what comes from the network, until nothing is left that could come.
    ///
    /// # Errors
    /// A time limit ended the page.
    pub fn run_to_idle(&mut self) -> Result<(), ScriptError> {
        loop {
            self.check_time()?;
            if self.turn()? {
                continue;
            }
            let timer = self.host.timers.borrow_mut().next();
            let is_waiting = self.host.network.borrow().pending() > 0;
            let ends = [timer, self.host.watch.end()];
            let until = ends.into_iter().flatten().min();
            match (is_waiting, timer) {
                (false, None) => return Ok(()),
                (false, Some(_)) => {
                    let now = Instant::now();
                    let time = until.map(|until| until.saturating_duration_since(now));
                    thread::sleep(time.unwrap_or_default());
                }
                (true, _) => {
                    let message = self.host.network.borrow_mut().next(until);
                    if let Some(message) = message {
                        self.handle(message)?;
                    }
                }
            }
        }
    }

    /// Loads the text of a classic script, as a `script` element with this URL does.
    ///
    /// # Errors
    /// Why there is none.
    pub fn load_script(&mut self, url: &Url) -> Result<String, ScriptError> {
        self.check_time()?;
        let loaded = self.host.load(url, Mode::NoCors);
        loaded.map(|loaded| loaded.text)
    }

    /// Fires `load` at the window: every script of the page has run.
    ///
    /// # Errors
    /// A time limit ended the page.
    pub fn fire_load(&mut self) -> Result<(), ScriptError> {
        self.check_time()?;
        self.dispatch("load", 0, |ctx| Ok(Value::new_undefined(ctx.clone())))
    }

    /// Every error that nobody caught, in its order.
    pub fn errors(&self) -> Vec<ScriptError> {
        self.host.errors.borrow().clone()
    }

    /// Every request that is done, in the order in which they ended.
    pub fn fetches(&self) -> Ref<'_, [PageFetch]> {
        Ref::map(self.host.fetches.borrow(), Vec::as_slice)
    }

    /// Takes what [`fetches`](Self::fetches) shows.
    pub fn take_fetches(&mut self) -> Vec<PageFetch> {
        self.host.fetches.take()
    }

    /// How many requests are not done.
    pub fn pending(&self) -> usize {
        self.host.network.borrow().pending()
    }

    /// Runs a script of the page's own, and says what it threw: that is the first thing that it
    /// reported.
    fn script(
        &mut self,
        run: impl FnOnce(&Ctx<'_>, &Calls) -> Thrown<()>,
    ) -> Result<(), ScriptError> {
        self.check_time()?;
        let before = self.host.errors.borrow().len();
        self.host.not_loaded.take();
        self.engine(|ctx, calls| match run(ctx, calls).catch(ctx) {
            // It was interrupted, which is nobody's error.
            Err(_) if self.host.watch.must_end() => Ok(()),
            // Nothing of it ran: script has no part in that.
            Err(CaughtError::Exception(_)) if self.host.not_loaded.borrow().is_some() => {
                let error = self.host.not_loaded.take();
                error.into_iter().for_each(|error| self.host.report(error));
                Ok(())
            }
            // A stack that script can change may not count as one.
            Err(CaughtError::Exception(error)) => {
                calls.report(ctx, error.into_object().into_value())
            }
            Err(CaughtError::Value(value)) => calls.report(ctx, value),
            Err(CaughtError::Error(error)) => {
                let error = ScriptError::new(ErrorKind::Exception, error.to_string());
                self.host.report(error);
                Ok(())
            }
            Ok(()) => Ok(()),
        })?;
        match self.host.errors.borrow().get(before) {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }

    /// Calls a function of the class files, then runs the jobs that it leaves.
    fn dispatch(
        &self,
        kind: &str,
        id: u32,
        value: impl for<'js> FnOnce(&Ctx<'js>) -> Thrown<Value<'js>>,
    ) -> Result<(), ScriptError> {
        self.engine(|ctx, calls| {
            let value = value(ctx)?;
            calls.dispatch(ctx, kind, id, value)
        })
    }

    /// Lets something run in the engine, then its jobs: a task. Only what no script can catch is an
    /// error here.
    fn engine(&self, run: impl FnOnce(&Ctx<'_>, &Calls) -> Thrown<()>) -> Result<(), ScriptError> {
        self.host.watch.begin();
        self.context.with(|ctx| {
            if let Err(error) = run(&ctx, &self.calls).catch(&ctx) {
                self.escaped(&error)?;
            }
            self.jobs(&ctx)?;
            // What is rejected and not handled when the jobs are done is told as a task of its own.
            loop {
                match self.calls.tell_rejections(&ctx).catch(&ctx) {
                    Ok(false) => break,
                    Ok(true) => {}
                    Err(error) => self.escaped(&error)?,
                }
                self.jobs(&ctx)?;
            }
            Ok(())
        })
    }

    fn jobs(&self, ctx: &Ctx<'_>) -> Result<(), ScriptError> {
        while ctx.execute_pending_job() {
            self.check_time()?;
        }
        self.check_time()
    }

    /// An error that went through the class files' own handlers: the engine was interrupted, or has no
    /// memory even for an error.
    fn escaped(&self, error: &CaughtError<'_>) -> Result<(), ScriptError> {
        self.check_time()?;
        self.host.report(ScriptError::new(
            ErrorKind::OutOfMemory,
            match error {
                CaughtError::Exception(error) => error.message().unwrap_or_default(),
                _ => "InternalError: out of memory".to_owned(),
            },
        ));
        Ok(())
    }

    /// Says, once, that the page is over, if it is.
    fn check_time(&self) -> Result<(), ScriptError> {
        if !self.host.watch.must_end() {
            return Ok(());
        }
        let error = ScriptError::new(ErrorKind::Timeout, self.host.watch.message());
        if !self.host.has_told_the_end.replace(true) {
            self.host.report(error.clone());
        }
        Err(error)
    }

    /// Runs a task of each kind that is ready; false if there was none.
    fn turn(&self) -> Result<bool, ScriptError> {
        let mut ran = false;
        let tasks = self.host.tasks.get();
        if let Some(left) = tasks.checked_sub(1) {
            self.host.tasks.set(left);
            self.dispatch("task", 0, |ctx| Ok(Value::new_undefined(ctx.clone())))?;
            ran = true;
        }
        let message = self.host.network.borrow_mut().try_next();
        if let Some(message) = message {
            self.handle(message)?;
            ran = true;
        }
        let timer = self.host.timers.borrow_mut().take(Instant::now());
        if let Some(id) = timer {
            self.dispatch("timer", id, |ctx| Ok(Value::new_undefined(ctx.clone())))?;
            ran = true;
        }
        Ok(ran)
    }

    fn handle(&self, Message { id, event }: Message) -> Result<(), ScriptError> {
        match event {
            Event::Uploaded => {
                self.dispatch("uploaded", id, |ctx| Ok(Value::new_undefined(ctx.clone())))
            }
            Event::Response(response) => self.dispatch("response", id, |ctx| {
                native::response(ctx, &response).map(Object::into_value)
            }),
            Event::Chunk(bytes) => self.dispatch("chunk", id, |ctx| {
                TypedArray::<u8>::new_copy(ctx.clone(), &bytes).map(TypedArray::into_value)
            }),
            Event::End => self.dispatch("end", id, |ctx| Ok(Value::new_undefined(ctx.clone()))),
            Event::Failed(line) => {
                if let Some(line) = line {
                    self.host.print(Level::Error, &line);
                }
                self.dispatch("error", id, |ctx| {
                    rquickjs::String::from_str(ctx.clone(), "network")
                        .map(rquickjs::String::into_value)
                })
            }
            Event::Done(fetch) => {
                self.host.note_fetch(*fetch);
                Ok(())
            }
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // They hold values of the engine's.
        self.runtime.set_host_promise_rejection_tracker(None);
        self.runtime.set_promise_hook(None);
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}
