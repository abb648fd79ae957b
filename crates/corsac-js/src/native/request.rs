//! Requests and responses as script has them, and as the core has them.

use bytes::Bytes;
use corsac::fetch::{
    Body, CacheMode, CredentialsMode, Mode, RedirectMode, Referrer, ReferrerPolicy, Request,
    Response, ResponseBody, ResponseType,
};
use http::Method;
use rquickjs::{Ctx, Object, Result};
use url::Url;

use super::{
    byte_string::ByteString,
    field::field,
    headers::{flat, header_list},
};
use crate::page::Initiator;

/// A request, from a record of script; `None` if no host can make it.
pub(crate) fn request(record: &Object<'_>, body: Option<&Bytes>) -> Result<Option<Request>> {
    let text = |name: &str| record.get::<_, String>(name);
    let (Ok(url), Ok(method)) = (
        Url::parse(&text("url")?),
        Method::from_bytes(text("method")?.as_bytes()),
    ) else {
        return Ok(None);
    };
    let mut request = Request::new(url);
    request.method = method;
    request.header_list = header_list(record.get::<_, Vec<ByteString>>("headers")?);
    request.mode = match text("mode")?.as_str() {
        "same-origin" => Mode::SameOrigin,
        "no-cors" => Mode::NoCors,
        _ => Mode::Cors,
    };
    request.credentials_mode = match text("credentials")?.as_str() {
        "omit" => CredentialsMode::Omit,
        "include" => CredentialsMode::Include,
        _ => CredentialsMode::SameOrigin,
    };
    request.cache_mode = match text("cache")?.as_str() {
        "no-store" => CacheMode::NoStore,
        "reload" => CacheMode::Reload,
        "no-cache" => CacheMode::NoCache,
        "force-cache" => CacheMode::ForceCache,
        "only-if-cached" => CacheMode::OnlyIfCached,
        _ => CacheMode::Default,
    };
    request.redirect_mode = match text("redirect")?.as_str() {
        "error" => RedirectMode::Error,
        "manual" => RedirectMode::Manual,
        _ => RedirectMode::Follow,
    };
    request.referrer = match text("referrer")?.as_str() {
        "no-referrer" => Referrer::NoReferrer,
        "client" | "about:client" => Referrer::Client,
        url => Url::parse(url).map_or(Referrer::Client, Referrer::Url),
    };
    request.referrer_policy = referrer_policy(&text("referrerPolicy")?);
    request.keepalive = record.get("keepalive")?;
    request.unsafe_request = record.get("unsafeRequest")?;
    request.use_cors_preflight = record.get("useCorsPreflight")?;
    request.body = match body {
        None => Body::None,
        Some(_) if record.get("isStream")? => Body::Stream,
        Some(bytes) => Body::Source {
            length: bytes.len().try_into().unwrap_or(u64::MAX),
        },
    };
    Ok(Some(request))
}

/// What made a record.
pub(crate) fn initiator(record: &Object<'_>) -> Result<Initiator> {
    Ok(match record.get("isXhr")? {
        true => Initiator::Xhr,
        false => Initiator::Fetch,
    })
}

fn referrer_policy(word: &str) -> Option<ReferrerPolicy> {
    Some(match word {
        "no-referrer" => ReferrerPolicy::NoReferrer,
        "no-referrer-when-downgrade" => ReferrerPolicy::NoReferrerWhenDowngrade,
        "same-origin" => ReferrerPolicy::SameOrigin,
        "origin" => ReferrerPolicy::Origin,
        "strict-origin" => ReferrerPolicy::StrictOrigin,
        "origin-when-cross-origin" => ReferrerPolicy::OriginWhenCrossOrigin,
        "strict-origin-when-cross-origin" => ReferrerPolicy::StrictOriginWhenCrossOrigin,
        "unsafe-url" => ReferrerPolicy::UnsafeUrl,
        _ => return None,
    })
}

/// A response, as a record for script: only what the filter lets through.
pub(crate) fn response<'js>(ctx: &Ctx<'js>, response: &Response) -> Result<Object<'js>> {
    let record = Object::new(ctx.clone())?;
    field(
        &record,
        "type",
        match response.response_type {
            ResponseType::Basic => "basic",
            ResponseType::Cors => "cors",
            ResponseType::Opaque => "opaque",
            ResponseType::OpaqueRedirect => "opaqueredirect",
        },
    )?;
    field(
        &record,
        "url",
        response.url.as_ref().map_or("", Url::as_str),
    )?;
    field(&record, "redirected", response.redirected)?;
    field(&record, "status", response.status)?;
    field(
        &record,
        "statusText",
        ByteString(response.status_message.clone()),
    )?;
    field(&record, "headers", flat(&response.header_list))?;
    field(&record, "hasBody", response.body == ResponseBody::Exposed)?;
    Ok(record)
}
