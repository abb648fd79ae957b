//! What pages ask for and servers answer.

use corsac::{
    diagnosis::TransportError,
    fetch::{
        AddressSpace, Body, CacheMode, CredentialsMode, Destination, EmbedderPolicy, Environment,
        Guard, Headers, Hop, Mode, Questions, RedirectMode, Referrer, Request, ResponseHead, check,
        new_request,
    },
    header::HeaderList,
};
use url::Url;

use crate::chance::Chance;

const PAGES: [&str; 6] = [
    "http://sitea.com/",
    "https://a.example/page#top",
    "http://localhost:3000/",
    "data:text/html,",
    "https://[::1]:8443/",
    "https://b.example/",
];

const URLS: [&str; 12] = [
    "http://siteb.com/x",
    "https://b.example/",
    "https://b.example/y#f",
    "http://sitea.com/z",
    "https://a.example/z",
    "https://sub.a.example/",
    "http://localhost:3000/z",
    "http://127.0.0.1/",
    "http://b.example:25/",
    "data:,x",
    "https://user:pass@b.example/",
    "ftp://b.example/",
];

pub(crate) const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "put", "DELETE", "patch", "PATCH", "OPTIONS", "*",
];

const AUTHOR_HEADERS: [(&str, &str); 14] = [
    ("X-Custom", "1"),
    ("x-other", "2"),
    ("Authorization", "Bearer t"),
    ("Content-Type", "text/plain"),
    ("Content-Type", "application/json"),
    ("Accept", "a(b"),
    ("Accept-Language", "fr"),
    ("Range", "bytes=0-9"),
    ("Range", "bytes=-9"),
    ("DPR", "2"),
    ("Origin", "https://forged.example"),
    ("Cookie", "forged=1"),
    ("Access-Control-Request-Method", "GET"),
    ("If-None-Match", "x"),
];

const CREDENTIALS_MODES: [CredentialsMode; 3] = [
    CredentialsMode::SameOrigin,
    CredentialsMode::Include,
    CredentialsMode::Omit,
];

fn environment(chance: &mut Chance<'_>) -> Environment {
    let page = Url::parse(chance.pick(&PAGES)).expect("a URL");
    let mut environment = Environment::of_page(page);
    let flags = chance.byte();
    let flag = |bit: u8| flags >> bit & 1 == 1;
    environment.has_cross_site_ancestor = flag(0);
    environment.accept_language = flag(1).then(|| b"en".as_slice().into());
    environment.user_agent = flag(2).then(|| b"corsac".as_slice().into());
    let mut questions = Questions::default();
    if flag(3) {
        questions.upgrade = chance.flag();
        questions.policy = chance.flag();
        questions.cookies = chance.flag();
        questions.authorization = chance.flag();
        questions.local_network = chance.flag();
    }
    environment.questions = questions;
    if flag(4) {
        environment.address_space = space(chance);
        environment.embedder_policy = chance.pick(&[
            EmbedderPolicy::UnsafeNone,
            EmbedderPolicy::Credentialless,
            EmbedderPolicy::RequireCorp,
        ]);
    }
    environment
}

fn space(chance: &mut Chance<'_>) -> AddressSpace {
    chance.pick(&[
        AddressSpace::Public,
        AddressSpace::Local,
        AddressSpace::Loopback,
    ])
}

/// A page and what it asks for: often the same again, since that is what a cache is for.
pub(crate) struct Asks(Option<(Environment, Request)>);

impl Asks {
    pub(crate) const fn new() -> Self {
        Self(None)
    }

    /// The next page and request; `None` if the constructor throws.
    pub(crate) fn next(&mut self, chance: &mut Chance<'_>) -> Option<(Environment, Request)> {
        if chance.byte().is_multiple_of(4) {
            self.0 = None;
        }
        let (environment, mut request) = match self.0.take() {
            Some(same) => same,
            None => (environment(chance), request(chance)?),
        };
        self.0 = Some((environment.clone(), request.clone()));
        if chance.flag() {
            request.credentials_mode = chance.pick(&CREDENTIALS_MODES);
        }
        Some((environment, request))
    }
}

/// A request as a script could make it; `None` if the constructor throws.
fn request(chance: &mut Chance<'_>) -> Option<Request> {
    let url = Url::parse(chance.pick(&URLS)).expect("a URL");
    let method = match chance.byte() {
        255 => String::from_utf8_lossy(&chance.bytes()).into_owned(),
        byte => METHODS[usize::from(byte) % METHODS.len()].to_owned(),
    };
    let mut request = new_request(url, &method).ok()?;
    request.mode = chance.pick(&[Mode::Cors, Mode::Cors, Mode::NoCors, Mode::SameOrigin]);
    let guard = match request.mode {
        Mode::NoCors => Guard::RequestNoCors,
        Mode::Cors | Mode::SameOrigin => Guard::Request,
    };
    let mut headers = Headers::new(guard);
    for _ in 0..chance.byte() % 5 {
        let (name, value) = chance.pick(&AUTHOR_HEADERS);
        let value = match chance.byte() % 8 {
            0 => chance.value(),
            _ => value.into(),
        };
        // A name or a value that throws is left out.
        let _ = headers.append(name.as_bytes(), &value);
    }
    request.header_list = headers.header_list;
    request.credentials_mode = chance.pick(&CREDENTIALS_MODES);
    request.redirect_mode = chance.pick(&[
        RedirectMode::Follow,
        RedirectMode::Follow,
        RedirectMode::Error,
        RedirectMode::Manual,
    ]);
    request.body = chance.pick(&[Body::None, Body::Source { length: 2 }, Body::Stream]);
    if chance.byte() % 4 == 1 {
        request.use_cors_preflight = chance.flag();
        request.keepalive = chance.flag();
        request.referrer = chance.pick(&[Referrer::Client, Referrer::NoReferrer]);
        request.destination = chance.pick(&[Destination::Empty, Destination::Image]);
        request.cache_mode = chance.pick(&[
            CacheMode::Default,
            CacheMode::NoStore,
            CacheMode::Reload,
            CacheMode::NoCache,
            CacheMode::ForceCache,
            CacheMode::OnlyIfCached,
        ]);
    }
    check(&mut request).ok()?;
    Some(request)
}

/// What comes of a hop.
pub(crate) enum Reply {
    Failure(TransportError),
    Connection(AddressSpace),
    Abort,
    Head(ResponseHead),
}

pub(crate) fn reply(chance: &mut Chance<'_>, hop: &Hop) -> Reply {
    match chance.byte() % 32 {
        0 => Reply::Failure(chance.pick(&[TransportError::Dns, TransportError::Closed])),
        1 => Reply::Abort,
        2 | 3 => Reply::Connection(space(chance)),
        _ => Reply::Head(head(chance, hop)),
    }
}

fn head(chance: &mut Chance<'_>, hop: &Hop) -> ResponseHead {
    const STATUSES: [u16; 20] = [
        200, 204, 299, 206, 300, 301, 302, 303, 304, 307, 308, 401, 404, 407, 416, 421, 500, 103,
        0, 999,
    ];
    const NAMES: [&str; 14] = [
        "Access-Control-Allow-Origin",
        "access-control-allow-origin",
        "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "Access-Control-Expose-Headers",
        "Access-Control-Max-Age",
        "Location",
        "Cross-Origin-Resource-Policy",
        "Timing-Allow-Origin",
        "Referrer-Policy",
        "Set-Cookie",
        "X-Secret",
        "Content-Type",
    ];
    let status = match chance.byte() {
        byte @ 128.. => STATUSES[usize::from(byte) % STATUSES.len()],
        0..64 => 204,
        64..128 => 307,
    };
    let of_hop = |name: &str| hop.header_list.get(name).map(|value| value.into_owned());
    let origin = of_hop("Origin").unwrap_or_else(|| b"null".to_vec());
    let method = of_hop("Access-Control-Request-Method").unwrap_or_default();
    let names = of_hop("Access-Control-Request-Headers").unwrap_or_default();
    let mut list = HeaderList::new();
    // Most servers mean well, or nothing would ever get beyond its first hop.
    let means_well = chance.byte();
    if means_well & 1 == 0 {
        list.push(
            "Access-Control-Allow-Origin",
            if means_well & 2 == 0 {
                &origin
            } else {
                &b"*"[..]
            },
        );
        if means_well & 4 == 0 {
            list.push("Access-Control-Allow-Credentials", "true");
        }
        if means_well & 8 == 0 {
            list.push("Access-Control-Allow-Methods", &method);
        }
        if means_well & 16 == 0 {
            list.push("Access-Control-Allow-Headers", &names);
        }
    }
    if (300..400).contains(&status) {
        list.push("Location", chance.pick(&URLS));
    }
    for _ in 0..chance.byte() % 4 {
        let name = chance.pick(&NAMES);
        let value = match chance.byte() % 12 {
            0 => chance.value(),
            1 | 2 => b"*".to_vec(),
            3 => b"true".to_vec(),
            4 => b"600".to_vec(),
            5 => b"0".to_vec(),
            6 => origin.clone(),
            7 => method.clone(),
            8 => names.clone(),
            9 => chance.pick(&URLS).into(),
            10 => chance.pick(&METHODS).into(),
            _ => chance.pick(&AUTHOR_HEADERS).0.into(),
        };
        list.push(name, value);
    }
    ResponseHead::new(status, list)
}
