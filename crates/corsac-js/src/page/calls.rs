use std::rc::Rc;

use rquickjs::{
    CatchResultExt as _, Ctx, Function, Object, Persistent, Promise, Result, Value,
    runtime::RejectionTracker,
};

use super::Host;
use crate::{classes, native};

/// The functions of the class files that the host calls.
pub(super) struct Calls {
    dispatch: Persistent<Function<'static>>,
    report: Persistent<Function<'static>>,
    note_rejection: Persistent<Function<'static>>,
    watch_module: Persistent<Function<'static>>,
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

    /// What the engine tells of promises that are rejected while nobody listens, and of those that
    /// somebody listens to after all.
    pub(super) fn tracker(&self, host: &Rc<Host>) -> RejectionTracker {
        let note = self.note_rejection.clone();
        let host = Rc::clone(host);
        Box::new(move |ctx, promise, reason, is_handled| {
            let told = note
                .clone()
                .restore(&ctx)
                .and_then(|note| note.call::<_, ()>((promise, reason, is_handled)));
            // Only memory can be short here, and then the next allocation of script says so.
            drop(told.catch(&ctx));
            if !is_handled {
                host.has_rejections.set(true);
            }
        })
    }
}
