//! Random bytes, from the system.

use rquickjs::{Ctx, Exception, Function, Result, TypedArray};

/// `random(length)`: that many bytes.
pub(crate) fn function<'js>(ctx: &Ctx<'js>) -> Result<Function<'js>> {
    Function::new(ctx.clone(), random)
}

// The engine hands over owned arguments.
#[allow(clippy::needless_pass_by_value)]
fn random<'js>(ctx: Ctx<'js>, length: u32) -> Result<TypedArray<'js, u8>> {
    let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
    getrandom::fill(&mut bytes)
        .map_err(|error| Exception::throw_internal(&ctx, &error.to_string()))?;
    TypedArray::new(ctx, bytes)
}
