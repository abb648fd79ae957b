//! The Headers class's rules, by the core: script keeps a flat list of names and values by turns.

use corsac::{
    fetch::{Guard, Headers, HeadersError},
    header::{HeaderList, is_token, sort_and_combine},
};
use rquickjs::{Ctx, Exception, Function, Object, Result};

use super::{byte_string::ByteString, nullable::Nullable};

/// `append`, `set`, `delete` (each of a guard and a list, returning the list as it is then),
/// `combine`, `get`, `has`, `getSetCookie`, `sorted`.
pub(crate) fn object<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    object.set("append", Function::new(ctx.clone(), append)?)?;
    object.set("set", Function::new(ctx.clone(), set)?)?;
    object.set("delete", Function::new(ctx.clone(), delete)?)?;
    object.set("combine", Function::new(ctx.clone(), combine)?)?;
    object.set("get", Function::new(ctx.clone(), get)?)?;
    object.set("has", Function::new(ctx.clone(), has)?)?;
    object.set("getSetCookie", Function::new(ctx.clone(), get_set_cookie)?)?;
    object.set("sorted", Function::new(ctx.clone(), sorted)?)?;
    Ok(object)
}

/// A list of names and values by turns, as the core has it.
pub(crate) fn header_list(flat: Vec<ByteString>) -> HeaderList {
    let mut list = HeaderList::with_capacity(flat.len() / 2);
    let mut flat = flat.into_iter();
    while let (Some(ByteString(name)), Some(ByteString(value))) = (flat.next(), flat.next()) {
        list.push(name, value);
    }
    list
}

/// The reverse of [`header_list`].
pub(crate) fn flat(list: &HeaderList) -> Vec<ByteString> {
    list.iter()
        .flat_map(|header| [header.name(), header.value()])
        .map(|bytes| ByteString(bytes.to_vec()))
        .collect()
}

fn guard(word: &str) -> Guard {
    match word {
        "immutable" => Guard::Immutable,
        "request" => Guard::Request,
        "request-no-cors" => Guard::RequestNoCors,
        "response" => Guard::Response,
        _ => Guard::None,
    }
}

/// Makes a change that may be refused.
fn change<'js>(
    ctx: &Ctx<'js>,
    word: &str,
    list: Vec<ByteString>,
    name: &[u8],
    make: impl FnOnce(&mut Headers) -> std::result::Result<(), HeadersError>,
) -> Result<Vec<ByteString>> {
    let mut headers = Headers::new(guard(word));
    headers.header_list = header_list(list);
    match make(&mut headers) {
        Ok(()) => Ok(flat(&headers.header_list)),
        Err(error) => Err(Exception::throw_type(ctx, &message(error, name))),
    }
}

fn message(error: HeadersError, name: &[u8]) -> String {
    let name = name.escape_ascii();
    match error {
        HeadersError::Name => format!("\"{name}\" is no name of a header"),
        HeadersError::Value => format!("The value of {name} holds a NUL, a CR or an LF"),
        HeadersError::Immutable => format!("These headers are immutable, {name} included"),
        _ => format!("{name} can't be changed"),
    }
}

// The engine hands over owned arguments.
#[allow(clippy::needless_pass_by_value)]
fn append(
    ctx: Ctx<'_>,
    guard: String,
    list: Vec<ByteString>,
    name: ByteString,
    value: ByteString,
) -> Result<Vec<ByteString>> {
    change(&ctx, &guard, list, &name.0, |headers| {
        headers.append(&name.0, &value.0)
    })
}

#[allow(clippy::needless_pass_by_value)]
fn set(
    ctx: Ctx<'_>,
    guard: String,
    list: Vec<ByteString>,
    name: ByteString,
    value: ByteString,
) -> Result<Vec<ByteString>> {
    change(&ctx, &guard, list, &name.0, |headers| {
        headers.set(&name.0, &value.0)
    })
}

#[allow(clippy::needless_pass_by_value)]
fn delete(
    ctx: Ctx<'_>,
    guard: String,
    list: Vec<ByteString>,
    name: ByteString,
) -> Result<Vec<ByteString>> {
    change(&ctx, &guard, list, &name.0, |headers| {
        headers.delete(&name.0)
    })
}

/// Source: <https://fetch.spec.whatwg.org/#concept-header-list-combine>
#[allow(clippy::needless_pass_by_value)]
fn combine(list: Vec<ByteString>, name: ByteString, value: ByteString) -> Vec<ByteString> {
    let mut list = header_list(list);
    list.combine(&name.0, &value.0);
    flat(&list)
}

fn named(ctx: &Ctx<'_>, name: &ByteString) -> Result<()> {
    match is_token(&name.0) {
        true => Ok(()),
        false => Err(Exception::throw_type(
            ctx,
            &message(HeadersError::Name, &name.0),
        )),
    }
}

#[allow(clippy::needless_pass_by_value)]
fn get(ctx: Ctx<'_>, list: Vec<ByteString>, name: ByteString) -> Result<Nullable<ByteString>> {
    named(&ctx, &name)?;
    let list = header_list(list);
    let value = list.get(&name.0);
    Ok(Nullable(value.map(|value| ByteString(value.into_owned()))))
}

#[allow(clippy::needless_pass_by_value)]
fn has(ctx: Ctx<'_>, list: Vec<ByteString>, name: ByteString) -> Result<bool> {
    named(&ctx, &name)?;
    Ok(header_list(list).contains(&name.0))
}

fn get_set_cookie(list: Vec<ByteString>) -> Vec<ByteString> {
    let list = header_list(list);
    list.iter()
        .filter(|header| header.is_named("set-cookie"))
        .map(|header| ByteString(header.value().to_vec()))
        .collect()
}

fn sorted(list: Vec<ByteString>) -> Vec<ByteString> {
    flat(&sort_and_combine(&header_list(list)))
}
