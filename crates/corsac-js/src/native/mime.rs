//! MIME types and data: URLs, by the `data-url` crate.

use std::str::FromStr as _;

use corsac::header::get_decode_and_split;
use data_url::{DataUrl, mime::Mime};
use rquickjs::{Ctx, Function, Object, Result, TypedArray};

use super::{byte_string::ByteString, field::field, headers::header_list, nullable::Nullable};

/// `parse(text)`, `serialize({ essence, parameters })`, `extract(list)`, `dataUrl(url)`.
///
/// A MIME type is `{ essence, parameters }`, the parameters names and values by turns.
pub(crate) fn object<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    object.set("parse", Function::new(ctx.clone(), parse)?)?;
    object.set("serialize", Function::new(ctx.clone(), serialize)?)?;
    object.set("extract", Function::new(ctx.clone(), extract)?)?;
    object.set("dataUrl", Function::new(ctx.clone(), data_url)?)?;
    Ok(object)
}

/// Source: <https://mimesniff.spec.whatwg.org/#parse-a-mime-type>
fn parsed(value: &[u8]) -> Option<Mime> {
    let text: String = value.iter().copied().map(char::from).collect();
    Mime::from_str(&text).ok()
}

fn record<'js>(ctx: &Ctx<'js>, mime: &Mime) -> Result<Object<'js>> {
    let record = Object::new(ctx.clone())?;
    field(
        &record,
        "essence",
        format!("{}/{}", mime.type_, mime.subtype),
    )?;
    let parameters = mime.parameters.iter();
    let flat: Vec<_> = parameters
        .flat_map(|(name, value)| [name.clone(), value.clone()])
        .collect();
    field(&record, "parameters", flat)?;
    Ok(record)
}

// The engine hands over owned arguments.
#[allow(clippy::needless_pass_by_value)]
fn parse<'js>(ctx: Ctx<'js>, value: ByteString) -> Result<Nullable<Object<'js>>> {
    let mime = parsed(&value.0);
    let made = mime.map(|mime| record(&ctx, &mime)).transpose();
    made.map(Nullable)
}

/// Source: <https://mimesniff.spec.whatwg.org/#serialize-a-mime-type>
#[allow(clippy::needless_pass_by_value)]
fn serialize(record: Object<'_>) -> Result<String> {
    let essence: String = record.get("essence")?;
    let flat: Vec<String> = record.get("parameters")?;
    let (type_, subtype) = essence.split_once('/').unwrap_or((&essence, ""));
    let mut mime = Mime::new(type_, subtype);
    for pair in flat.chunks_exact(2) {
        if let [name, value] = pair {
            mime.parameters.push((name.clone(), value.clone()));
        }
    }
    Ok(mime.to_string())
}

/// Source: <https://fetch.spec.whatwg.org/#concept-header-extract-mime-type>
#[allow(clippy::needless_pass_by_value)]
fn extract<'js>(ctx: Ctx<'js>, list: Vec<ByteString>) -> Result<Nullable<Object<'js>>> {
    let Some(values) = get_decode_and_split("content-type", &header_list(list)) else {
        return Ok(Nullable(None));
    };
    let mut charset: Option<String> = None;
    let mut essence = (String::new(), String::new());
    let mut mime_type = None;
    for value in values {
        let Some(mut temporary) = parsed(&value) else {
            continue;
        };
        if temporary.matches("*", "*") {
            continue;
        }
        if (&temporary.type_, &temporary.subtype) != (&essence.0, &essence.1) {
            charset = temporary.get_parameter("charset").map(str::to_owned);
            essence = (temporary.type_.clone(), temporary.subtype.clone());
        } else if temporary.get_parameter("charset").is_none()
            && let Some(charset) = &charset
        {
            // The charset of an earlier value of the same essence still holds.
            let parameter = ("charset".to_owned(), charset.clone());
            temporary.parameters.push(parameter);
        }
        mime_type = Some(temporary);
    }
    let made = mime_type.map(|mime| record(&ctx, &mime)).transpose();
    made.map(Nullable)
}

/// Source: <https://fetch.spec.whatwg.org/#data-url-processor>
#[allow(clippy::needless_pass_by_value)]
fn data_url<'js>(ctx: Ctx<'js>, url: String) -> Result<Nullable<Object<'js>>> {
    let Ok(url) = DataUrl::process(&url) else {
        return Ok(Nullable(None));
    };
    let Ok((bytes, _fragment)) = url.decode_to_vec() else {
        return Ok(Nullable(None));
    };
    let record = Object::new(ctx.clone())?;
    field(&record, "type", url.mime_type().to_string())?;
    field(&record, "bytes", TypedArray::new(ctx, bytes)?)?;
    Ok(Nullable(Some(record)))
}
