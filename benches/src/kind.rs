//! The requests that are timed.

use axum::body::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};

/// Who is granted; the last of the list.
pub(crate) const ALLOWED: &str = "https://app.example.com";
const DENIED: &str = "https://foo.example.net";

/// What most requests have.
const USUAL: [(HeaderName, &str); 6] = [
    (header::HOST, "api.example.com"),
    (
        header::USER_AGENT,
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)",
    ),
    (header::ACCEPT, "*/*"),
    (header::ACCEPT_LANGUAGE, "en-US,en;q=0.5"),
    (header::ACCEPT_ENCODING, "gzip, deflate, br, zstd"),
    (header::REFERER, "https://app.example.com/"),
];

/// A kind of request.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) is_preflight: bool,
    /// The origin is on the list.
    pub(crate) origin_allowed: bool,
    /// Method and headers are on the lists, or none are asked for.
    pub(crate) rest_allowed: bool,
    /// Whose values are slices of one buffer, as a server's parser makes them.
    headers: HeaderMap,
}

impl Kind {
    fn new(name: &'static str, cors: &[(HeaderName, &str)]) -> Self {
        let of = |wanted: HeaderName| {
            let mut found = cors.iter().filter(|(name, _)| *name == wanted);
            found.next().map(|(_, value)| *value)
        };
        let method = of(header::ACCESS_CONTROL_REQUEST_METHOD);
        let names = of(header::ACCESS_CONTROL_REQUEST_HEADERS);
        Self {
            name,
            is_preflight: method.is_some(),
            origin_allowed: of(header::ORIGIN) == Some(ALLOWED),
            rest_allowed: method != Some("PATCH") && names.is_none_or(|names| names == NAMES),
            headers: shared(&[&USUAL, cors].concat()),
        }
    }

    pub(crate) fn has_origin(&self) -> bool {
        self.headers.contains_key(header::ORIGIN)
    }

    pub(crate) fn method(&self) -> Method {
        match self.is_preflight {
            true => Method::OPTIONS,
            false => Method::GET,
        }
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
        self.headers.iter()
    }

    /// As a server makes it.
    pub(crate) fn request<B: Default>(&self) -> Request<B> {
        let mut request = Request::new(B::default());
        *request.method_mut() = self.method();
        for (name, value) in self.headers() {
            request.headers_mut().insert(name, value.clone());
        }
        request
    }
}

const NAMES: &str = "authorization,content-type";

/// Every kind.
pub(crate) fn kinds() -> Vec<Kind> {
    use header::{
        ACCESS_CONTROL_REQUEST_HEADERS as ASKED, ACCESS_CONTROL_REQUEST_METHOD as METHOD, ORIGIN,
    };
    let flood = |bytes: usize| "a,".repeat(bytes / 2);
    let ours = (ORIGIN, ALLOWED);
    vec![
        Kind::new("no Origin", &[]),
        Kind::new("allowed", &[ours.clone()]),
        Kind::new("denied", &[(ORIGIN, DENIED)]),
        Kind::new(
            "preflight, granted",
            &[ours.clone(), (METHOD, "PUT"), (ASKED, NAMES)],
        ),
        Kind::new(
            "preflight, denied by origin",
            &[(ORIGIN, DENIED), (METHOD, "PUT"), (ASKED, NAMES)],
        ),
        Kind::new(
            "preflight, denied by method",
            &[ours.clone(), (METHOD, "PATCH"), (ASKED, NAMES)],
        ),
        Kind::new(
            "preflight, denied by header",
            &[ours.clone(), (METHOD, "PUT"), (ASKED, "x-nobody-lists-it")],
        ),
        Kind::new(
            "preflight, 8 KiB of `a,`",
            &[ours.clone(), (METHOD, "PUT"), (ASKED, &flood(8 << 10))],
        ),
        Kind::new(
            "preflight, 64 KiB of `a,`",
            &[ours, (METHOD, "PUT"), (ASKED, &flood(64 << 10))],
        ),
        Kind::new(
            "Origin of 8 KiB",
            &[(ORIGIN, &format!("https://{}com", "a.".repeat(4 << 10)))],
        ),
    ]
}

fn shared(pairs: &[(HeaderName, &str)]) -> HeaderMap {
    let buffer: String = pairs.iter().map(|(_, value)| *value).collect();
    let buffer = Bytes::from(buffer);
    let mut begin = 0;
    let slices = pairs.iter().map(|(name, value)| {
        let slice = buffer.slice(begin..begin + value.len());
        begin += value.len();
        let value = HeaderValue::from_maybe_shared(slice).expect("it is a value");
        (name.clone(), value)
    });
    slices.collect()
}
