use std::{cell::RefCell, rc::Rc};

use rquickjs::{
    Ctx, Function, Object, Persistent, Promise, Result, Value, runtime::RejectionTracker,
};

use super::Host;
use crate::{classes, native};

/// The functions of the class files that the host calls.
pub(super) struct Calls {
    dispatch: Persistent<Function<'static>>,
    report: Persistent<Function<'static>>,
    note_rejection: Persistent<Function<'static>>,
    watch_module: Persistent<Function<'static>>,
    rejections: Rc<RefCell<Vec<Rejection>>>,
}

/// What the engine tells of a promise that was rejected.
struct Rejection {
    promise: Persistent<Value<'static>>,
    reason: Persistent<Value<'static>>,
    is_handled: bool,
}

impl Calls {
    /// Gives a context's global object the web's classes, and itself the face of a window.
    pub(super) fn new(ctx: &Ctx<'_>, host: &Rc<Host>) -> Result<Self> {
        let shared = Object::new(ctx.clone())?;
        classes::load(ctx, &shared, native::page(ctx, host)?)?;
        let function = |name: &str| -> Result<Persistent<Function<'static>>> {
            Ok(Persistent::save(ctx, shared.get::<_, Function<'_>>(name)?))
        };
        Ok(Self {
            dispatch: function("dispatch")?,
            report: function("reportError")?,
            note_rejection: function("noteRejection")?,
            watch_module: function("watchModule")?,
            rejections: Rc::default(),
        })
    }

    pub(super) fn dispatch<'js>(
        &self,
        ctx: &Ctx<'js>,
        kind: &str,
        id: u32,
        value: Value<'js>,
    ) -> Result<()> {
        let dispatch = self.dispatch.clone().restore(ctx)?;
        dispatch.call((kind, id, value))
    }

    pub(super) fn report<'js>(&self, ctx: &Ctx<'js>, error: Value<'js>) -> Result<()> {
        self.report.clone().restore(ctx)?.call((error,))
    }

    pub(super) fn watch_module<'js>(&self, ctx: &Ctx<'js>, promise: Promise<'js>) -> Result<()> {
        self.watch_module.clone().restore(ctx)?.call((promise,))
    }

    /// Notes what the engine tells of promises that are rejected while nobody listens, and of those that
    /// somebody listens to after all.
    ///
    /// It is told in the midst of script, so nothing is called here: an interruption would be lost, and
    /// the engine would measure its stack anew.
    pub(super) fn tracker(&self) -> RejectionTracker {
        let rejections = Rc::clone(&self.rejections);
        Box::new(move |ctx, promise, reason, is_handled| {
            let mut rejections = rejections.borrow_mut();
            // Most are handled at once.
            if is_handled && let Some(last) = rejections.pop_if(|last| !last.is_handled) {
                let is_same = last.promise.clone().restore(&ctx);
                if is_same.is_ok_and(|last| last == promise) {
                    return;
                }
                rejections.push(last);
            }
            rejections.push(Rejection {
                promise: Persistent::save(&ctx, promise),
                reason: Persistent::save(&ctx, reason),
                is_handled,
            });
        })
    }

    /// Tells the page of rejected promises; false if there was nothing to tell.
    pub(super) fn tell_rejections(&self, ctx: &Ctx<'_>) -> Result<bool> {
        let rejections = self.rejections.take();
        if rejections.is_empty() {
            return Ok(false);
        }
        let note = self.note_rejection.clone().restore(ctx)?;
        for it in rejections {
            let (promise, reason) = (it.promise.restore(ctx)?, it.reason.restore(ctx)?);
            note.call::<_, ()>((promise, reason, it.is_handled))?;
        }
        self.dispatch(ctx, "rejections", 0, Value::new_undefined(ctx.clone()))?;
        Ok(true)
    }
}
