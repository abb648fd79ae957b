//! The web's classes: files of script that native code stands behind.

use std::slice;

use rquickjs::{Ctx, Function, Object, Result, context::EvalOptions};

use crate::native;

macro_rules! files {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../js/", $name, ".js")))),*]
    };
}

/// In the order in which they run: each builds on what those before it left on `shared`.
const FILES: &[(&str, &str)] = files! {
    "idl"
    "event"
    "abort"
    "crypto"
    "url"
    "encoding"
    "blob"
    "file-reader"
    "readable-stream"
    "writable-stream"
    "pipe-to"
    "transform-stream"
    "form-data"
    "structured-clone"
    "headers"
    "body"
    "request"
    "response"
    "fetch"
    "received-body"
    "xhr"
    "expose"
};

/// What needs a page behind it, and what needs none may count on: they run after the first two.
const PAGE: &[(&str, &str)] = files! {
    "timers"
    "console"
    "network"
};

/// Makes the global object a window, when all classes are there.
const WINDOW: &[(&str, &str)] = files! {
    "window"
};

/// Gives the classes to a page's global object. `page` is what the page's host does for them.
pub(crate) fn load<'js>(ctx: &Ctx<'js>, shared: &Object<'js>, page: Object<'js>) -> Result<()> {
    let native = native::object(ctx)?;
    native.set("page", page)?;
    let (first, rest) = FILES.split_at(2);
    let (expose, rest) = rest.split_last().unzip();
    let expose = expose.map(slice::from_ref).unwrap_or_default();
    for files in [first, PAGE, rest.unwrap_or_default(), WINDOW, expose] {
        run(ctx, &native, shared, files)?;
    }
    Ok(())
}

fn run<'js>(
    ctx: &Ctx<'js>,
    native: &Object<'js>,
    shared: &Object<'js>,
    files: &[(&str, &str)],
) -> Result<()> {
    for (name, text) in files {
        let mut options = EvalOptions::default();
        // What stacks call it.
        options.filename = Some(format!("corsac:{name}.js"));
        let file: Function<'js> = ctx.eval_with_options(*text, options)?;
        file.call::<_, ()>((native.clone(), shared.clone()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
