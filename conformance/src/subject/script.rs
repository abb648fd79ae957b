//! What the APIs of a page make of a call, and of what comes of it.

use std::str::FromStr as _;

use corsac::{
    diagnosis::{Code, Reason},
    fetch::{
        Body, CacheMode, CredentialsMode, Destination, Guard, Headers, Mode, Profile, RedirectMode,
        ReferrerPolicy, Request, Response, ResponseType, check, new_request,
    },
    header::{HeaderList, is_forbidden_request_header, is_token, sort_and_combine},
    method::{is_forbidden_method, normalize},
};
use data_url::mime::Mime;
use url::Url;

use crate::{
    observation::{End, View},
    scenario::{self, Api, Cache, Call, Credentials, Expander, Redirect, Scenario},
    servers::page::call_url,
};

/// Isomorphic decode.
pub(super) fn text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Isomorphic encode; whatever is no byte is a question mark.
pub(super) fn bytes(text: &str) -> Vec<u8> {
    let byte = |char| u8::try_from(u32::from(char)).unwrap_or(b'?');
    text.chars().map(byte).collect()
}

/// What an API throws before anything is sent.
pub(super) struct Refusal {
    /// How the call ends.
    pub(super) end: End,
    /// Why, if that has to do with us.
    pub(super) code: Option<Code>,
}

fn thrown(call: &Call, code: Option<Code>) -> Refusal {
    // fetch() hands over a promise that is rejected, as for a network error.
    let end = match call.api {
        Api::Fetch => End::Rejected,
        _ => End::Refused,
    };
    Refusal { end, code }
}

/// The request that a call is for.
///
/// # Errors
/// Its API refuses the call.
pub(super) fn request(
    scenario: &Scenario,
    key: &str,
    call: &Call,
    expander: &Expander,
    profile: &Profile,
) -> Result<Request, Refusal> {
    let url = call_url(scenario, key, call, expander);
    let url = Url::parse(&url).map_err(|_| thrown(call, None))?;
    match call.api {
        Api::Fetch => fetch(url, call),
        Api::Xhr => xhr(url, call, profile),
        Api::Image | Api::ModuleScript | Api::Font => Ok(element(url, call)),
    }
}

fn fetch(url: Url, call: &Call) -> Result<Request, Refusal> {
    let because = |reason: Reason| thrown(call, Some(reason.code()));
    let mut request = new_request(url, &call.method).map_err(because)?;
    request.mode = match call.mode {
        scenario::Mode::Cors => Mode::Cors,
        scenario::Mode::NoCors => Mode::NoCors,
        scenario::Mode::SameOrigin => Mode::SameOrigin,
    };
    request.credentials_mode = credentials(call.credentials);
    request.redirect_mode = match call.redirect {
        Redirect::Follow => RedirectMode::Follow,
        Redirect::Error => RedirectMode::Error,
        Redirect::Manual => RedirectMode::Manual,
    };
    let mut headers = Headers::new(match request.mode {
        Mode::NoCors => Guard::RequestNoCors,
        _ => Guard::Request,
    });
    let pairs = call.headers.iter();
    headers
        .fill(pairs.map(|(name, value)| (bytes(name), bytes(value))))
        .map_err(|_| thrown(call, None))?;
    let (body, content_type) = body(call);
    request.body = body;
    if let Some(content_type) = content_type
        && !headers.header_list.contains("content-type")
    {
        headers
            .append(b"Content-Type", content_type.as_bytes())
            .map_err(|_| thrown(call, None))?;
    }
    request.header_list = headers.header_list;
    request.referrer_policy = policy(call.referrer_policy.as_deref());
    request.keepalive = call.keepalive;
    request.cache_mode = match call.cache {
        None => CacheMode::Default,
        Some(Cache::NoStore) => CacheMode::NoStore,
        Some(Cache::OnlyIfCached) => CacheMode::OnlyIfCached,
    };
    check(&mut request).map_err(because)?;
    Ok(request)
}

fn xhr(url: Url, call: &Call, profile: &Profile) -> Result<Request, Refusal> {
    if !is_token(call.method.as_bytes()) {
        return Err(thrown(call, Some(Code::MethodInvalid)));
    }
    if is_forbidden_method(&call.method) {
        return Err(thrown(call, Some(Code::MethodForbidden)));
    }
    let mut request = Request::new(url);
    let method = http::Method::from_str(&normalize(&call.method));
    request.method = method.map_err(|_| thrown(call, Some(Code::MethodInvalid)))?;
    let mut list = HeaderList::new();
    for (name, value) in &call.headers {
        let value = bytes(value);
        let value = corsac::header::normalize(&value);
        let is_bad = |byte: &u8| matches!(byte, 0 | b'\r' | b'\n');
        if !is_token(name.as_bytes()) || value.iter().any(is_bad) {
            return Err(thrown(call, None));
        }
        if !is_forbidden_request_header(name.as_bytes(), value) {
            list.combine(name, value);
        }
    }
    let has_body = !matches!(request.method, http::Method::GET | http::Method::HEAD);
    if has_body {
        let (body, content_type) = body(call);
        request.body = body;
        match (list.get("content-type"), content_type) {
            (Some(given), _) => {
                if let Some(told) = in_utf8(&given, &call.body, profile) {
                    list.set("Content-Type", told);
                }
            }
            (None, Some(content_type)) => list.append("Content-Type", content_type),
            (None, None) => {}
        }
    }
    request.header_list = list;
    request.use_cors_preflight = call.upload_listener;
    request.credentials_mode = match call.credentials {
        Credentials::Include => CredentialsMode::Include,
        Credentials::Omit | Credentials::SameOrigin => CredentialsMode::SameOrigin,
    };
    Ok(request)
}

/// What XMLHttpRequest makes of an author's Content-Type, if the body is text and the type says that it
/// is of another encoding; `None` leaves it as it is.
///
/// Measured: Chromium changes the one word and leaves all else as it stands, Firefox leaves alone what
/// is two types in one, and WebKit writes the type anew, as the Standard has it.
fn in_utf8(given: &[u8], body: &scenario::Body, profile: &Profile) -> Option<String> {
    use scenario::Body::{Text, UrlEncoded};
    let is_text = matches!(body, Text { .. } | UrlEncoded { .. });
    let given = text(given);
    let mut mime = Mime::from_str(&given).ok().filter(|_| is_text)?;
    if profile.name == "chromium" {
        let at = given.to_ascii_lowercase().find("charset=")? + "charset=".len();
        let (before, rest) = given.split_at_checked(at)?;
        let end = rest.find([' ', '\t', ';']).unwrap_or(rest.len());
        let (charset, after) = rest.split_at_checked(end)?;
        let is_utf8 = charset.eq_ignore_ascii_case("utf-8");
        return (!is_utf8).then(|| format!("{before}UTF-8{after}"));
    }
    if profile.name == "firefox" && given.contains(',') {
        return None;
    }
    let mut parameters = mime.parameters.iter_mut();
    let (_, charset) = parameters.find(|(name, _)| name == "charset")?;
    if charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    "UTF-8".clone_into(charset);
    Some(mime.to_string())
}

fn element(url: Url, call: &Call) -> Request {
    let mut request = Request::new(url);
    request.unsafe_request = false;
    request.credentials_mode = match call.credentials {
        Credentials::Include => CredentialsMode::Include,
        Credentials::Omit | Credentials::SameOrigin => CredentialsMode::SameOrigin,
    };
    request.destination = match call.api {
        Api::Image => Destination::Image,
        Api::ModuleScript => Destination::Script,
        _ => Destination::Font,
    };
    if call.api == Api::Image && call.mode == scenario::Mode::NoCors {
        request.mode = Mode::NoCors;
        request.credentials_mode = CredentialsMode::Include;
    }
    request
}

fn credentials(credentials: Credentials) -> CredentialsMode {
    match credentials {
        Credentials::Omit => CredentialsMode::Omit,
        Credentials::SameOrigin => CredentialsMode::SameOrigin,
        Credentials::Include => CredentialsMode::Include,
    }
}

fn policy(name: Option<&str>) -> Option<ReferrerPolicy> {
    Some(match name? {
        "no-referrer" => ReferrerPolicy::NoReferrer,
        "no-referrer-when-downgrade" => ReferrerPolicy::NoReferrerWhenDowngrade,
        "same-origin" => ReferrerPolicy::SameOrigin,
        "origin" => ReferrerPolicy::Origin,
        "strict-origin" => ReferrerPolicy::StrictOrigin,
        "origin-when-cross-origin" => ReferrerPolicy::OriginWhenCrossOrigin,
        "unsafe-url" => ReferrerPolicy::UnsafeUrl,
        _ => ReferrerPolicy::StrictOriginWhenCrossOrigin,
    })
}

/// The body, and the type that it brings along.
fn body(call: &Call) -> (Body, Option<String>) {
    let source = |text: &str| Body::Source {
        length: text.len() as u64,
    };
    match &call.body {
        scenario::Body::None => (Body::None, None),
        scenario::Body::Text { text } => {
            (source(text), Some("text/plain;charset=UTF-8".to_owned()))
        }
        scenario::Body::UrlEncoded { text } => {
            let kind = "application/x-www-form-urlencoded;charset=UTF-8";
            (source(&format!("{text}={text}")), Some(kind.to_owned()))
        }
        scenario::Body::FormData { text } => {
            let kind = "multipart/form-data; boundary=----corsac";
            (source(text), Some(kind.to_owned()))
        }
        scenario::Body::Blob { text, mime } => {
            (source(text), (!mime.is_empty()).then(|| mime.clone()))
        }
        scenario::Body::Buffer { length } => {
            let length = *length as u64;
            (Body::Source { length }, None)
        }
        scenario::Body::Stream { .. } => (Body::Stream, None),
    }
}

/// The bytes of the body, as many as [`body`] says.
pub(super) fn body_bytes(call: &Call) -> Vec<u8> {
    match &call.body {
        scenario::Body::None => Vec::new(),
        scenario::Body::UrlEncoded { text } => format!("{text}={text}").into_bytes(),
        scenario::Body::Text { text }
        | scenario::Body::FormData { text }
        | scenario::Body::Blob { text, .. }
        | scenario::Body::Stream { text } => text.clone().into_bytes(),
        scenario::Body::Buffer { length } => vec![0; *length],
    }
}

/// What the script sees of a response.
pub(super) fn delivered(response: &Response, body: &str, api: Api) -> View {
    let headers = sort_and_combine(&response.header_list);
    let headers = headers.iter();
    let headers = headers
        .map(|header| (text(header.name()), text(header.value())))
        .collect();
    let url = response.url.as_ref().map(|url| url.as_str().to_owned());
    let view = View {
        end: End::Resolved,
        status: Some(response.status),
        status_text: Some(text(&response.status_message)),
        url: Some(url.unwrap_or_default()),
        headers: Some(headers),
        body: Some(body.to_owned()),
        ..View::default()
    };
    match api {
        Api::Fetch => View {
            r#type: Some(
                match response.response_type {
                    ResponseType::Basic => "basic",
                    ResponseType::Cors => "cors",
                    ResponseType::Opaque => "opaque",
                    ResponseType::OpaqueRedirect => "opaqueredirect",
                }
                .to_owned(),
            ),
            redirected: Some(response.redirected),
            ..view
        },
        Api::Xhr => view,
        Api::Image | Api::ModuleScript | Api::Font => View {
            end: End::Resolved,
            ..View::default()
        },
    }
}

/// What the script sees of an XMLHttpRequest that has given up.
pub(super) fn given_up() -> View {
    View {
        end: End::TimedOut,
        body: None,
        ..failed(Api::Xhr)
    }
}

/// What the script sees of a network error.
pub(crate) fn failed(api: Api) -> View {
    match api {
        Api::Xhr => View {
            end: End::Rejected,
            status: Some(0),
            status_text: Some(String::new()),
            url: Some(String::new()),
            headers: Some(Vec::new()),
            body: Some(String::new()),
            ..View::default()
        },
        _ => View {
            end: End::Rejected,
            ..View::default()
        },
    }
}
