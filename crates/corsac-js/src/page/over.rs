//! The end of script that makes promises.
//!
//! The engine ends script by an error that script can't catch. Its promises can: what is thrown while
//! one is made or resolved rejects it, that error too, and a loop around goes on for ever. So nothing is
//! left to a page that is over of which a promise could be made.

use std::{cell::RefCell, rc::Rc};

use rquickjs::{
    ArrayBuffer, Ctx, Persistent, Value, promise::PromiseHookType, runtime::PromiseHook,
};

use super::Host;

/// What is taken at once, in bytes, as long as there is so much.
const PART: usize = 1 << 20;

/// Beyond, nobody meant to limit the engine's memory, and the machine's own is not taken.
const MOST: usize = 1 << 32;

/// Called for each promise that is made.
pub(super) fn hook(host: &Rc<Host>) -> Option<PromiseHook> {
    let host = Rc::clone(host);
    let taken = RefCell::new(Vec::new());
    let is_limited = (1..=MOST).contains(&host.config.limits.memory_bytes);
    is_limited.then(|| -> PromiseHook {
        Box::new(move |ctx, kind, _, _| {
            let is_made = matches!(kind, PromiseHookType::Init);
            if is_made && host.watch.is_over() && !ctx.has_exception() {
                take_all(&ctx, &mut taken.borrow_mut());
            }
        })
    })
}

/// Takes what memory the engine has left. It calls no function, which would have the engine measure its
/// stack anew.
fn take_all(ctx: &Ctx<'_>, taken: &mut Vec<Persistent<Value<'static>>>) {
    let part = vec![0_u8; PART];
    let mut size = PART;
    while size > 0 {
        let bytes = part.get(..size).unwrap_or_default();
        match ArrayBuffer::new_copy(ctx.clone(), bytes) {
            Ok(buffer) => taken.push(Persistent::save(ctx, buffer.into_value())),
            Err(_) => {
                drop(ctx.catch());
                size /= 4;
            }
        }
    }
}
