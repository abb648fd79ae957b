//! What the classes know of their page, and what they ask of it.

use std::{rc::Rc, time::Duration};

use bytes::Bytes;
use rquickjs::{Ctx, Function, Object, Result, TypedArray};

use super::{
    encoding::from_isomorphic,
    field::field,
    nullable::Nullable,
    request::{initiator, request, response},
};
use crate::page::{ErrorKind, Host, Level, Now, ScriptError, Start};

/// `url`, `origin`, `userAgent`, `isSecureContext`; `console`, `reportError`, `setTimer`,
/// `clearTimer`, `queueTask`, `fetch`, `fetchSync`, `abort`.
pub(crate) fn object<'js>(ctx: &Ctx<'js>, host: &Rc<Host>) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    let config = &host.config;
    object.set("url", config.url.as_str())?;
    object.set("origin", config.environment.origin.to_string())?;
    object.set("isSecureContext", config.environment.is_secure_context)?;
    object.set("userAgent", host.user_agent())?;

    let host = || Rc::clone(host);
    let page = host();
    let console = move |level: String, text: String| page.print(Level::of(&level), &text);
    object.set("console", Function::new(ctx.clone(), console)?)?;
    let page = host();
    let report = move |kind: String, message, stack| report_error(&page, &kind, message, stack);
    object.set("reportError", Function::new(ctx.clone(), report)?)?;
    let page = host();
    let set_timer = move |id: u32, millis: f64| page.set_timer(id, duration(millis));
    object.set("setTimer", Function::new(ctx.clone(), set_timer)?)?;
    let page = host();
    let clear_timer = move |id: u32| page.clear_timer(id);
    object.set("clearTimer", Function::new(ctx.clone(), clear_timer)?)?;
    let page = host();
    let queue_task = move || page.queue_task();
    object.set("queueTask", Function::new(ctx.clone(), queue_task)?)?;
    let page = host();
    let abort = move |id: u32| page.network.borrow_mut().abort(id);
    object.set("abort", Function::new(ctx.clone(), abort)?)?;
    object.set("fetch", fetch(ctx, host())?)?;
    object.set("fetchSync", fetch_sync(ctx, host())?)?;
    Ok(object)
}

fn duration(millis: f64) -> Duration {
    Duration::try_from_secs_f64(millis.max(0.0) / 1000.0).unwrap_or(Duration::ZERO)
}

fn report_error(host: &Host, kind: &str, message: String, stack: String) {
    let kind = match kind {
        "rejection" => ErrorKind::Rejection,
        _ if message.ends_with("out of memory") => ErrorKind::OutOfMemory,
        _ => ErrorKind::Exception,
    };
    host.report(ScriptError {
        kind,
        message,
        stack,
    });
}

fn start(
    host: &Host,
    id: u32,
    record: &Object<'_>,
    body: Option<String>,
) -> Result<std::result::Result<Start, String>> {
    let body = body.map(|body| Bytes::from(from_isomorphic(&body)));
    let Some(made) = request(record, body.as_ref())? else {
        return Ok(Err(format!(
            "{} {} can't be asked for",
            record.get::<_, String>("method")?,
            record.get::<_, String>("url")?
        )));
    };
    Ok(Ok(Start {
        id,
        initiator: initiator(record)?,
        page: host.config.environment.clone(),
        request: made,
        body: body.unwrap_or_default(),
    }))
}

/// `fetch(id, record, body)`: events come later, by that number. False if there will be none.
fn fetch<'js>(ctx: &Ctx<'js>, host: Rc<Host>) -> Result<Function<'js>> {
    let fetch = move |id: u32, record: Object<'_>, body: Option<String>| -> Result<bool> {
        let start = start(&host, id, &record, body)?;
        let started = start.and_then(|start| host.network.borrow_mut().start(start));
        if let Err(why) = &started {
            host.print(Level::Error, why);
        }
        Ok(started.is_ok())
    };
    Function::new(ctx.clone(), fetch)
}

/// `fetchSync(id, record, body, timeout)`: waits.
fn fetch_sync<'js>(ctx: &Ctx<'js>, host: Rc<Host>) -> Result<Function<'js>> {
    Function::new(
        ctx.clone(),
        move |ctx: Ctx<'js>,
              id: u32,
              record: Object<'js>,
              body: Option<String>,
              timeout: f64|
              -> Result<Object<'js>> {
            let now = match start(&host, id, &record, body)? {
                Err(why) => Now::failed(why),
                Ok(start) => host.fetch_now(start, (timeout > 0.0).then(|| duration(timeout))),
            };
            let error = match (&now.failed, now.is_late) {
                (_, true) => Some("timeout"),
                (Some(_), false) => Some("network"),
                (None, false) => None,
            };
            let result = Object::new(ctx.clone())?;
            field(&result, "uploaded", now.is_uploaded)?;
            field(&result, "error", Nullable(error))?;
            if error.is_none()
                && let Some(head) = &now.response
            {
                field(&result, "response", response(&ctx, head)?)?;
                field(
                    &result,
                    "body",
                    TypedArray::new_copy(ctx.clone(), &now.body)?,
                )?;
            }
            Ok(result)
        },
    )
}
