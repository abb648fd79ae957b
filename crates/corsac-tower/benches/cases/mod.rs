//! The requests that are counted, the services that answer them, and how each must be answered.

mod by_hand;

use std::{
    convert::Infallible,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
    time::Duration,
};

use axum::body::Bytes;
use by_hand::ByHand;
use corsac_tower::{
    Cors, CorsLayer,
    policy::{MaxAge, Policy, PolicyConfig},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use tower::{Layer, Service};

/// One kind of request, put to one service.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    method: Method,
    asked: &'static [(HeaderName, &'static str)],
    service: Which,
    /// The status, and the names of the headers besides Content-Type.
    answered: (u16, &'static [&'static str]),
}

#[derive(Clone, Copy)]
enum Which {
    Bare,
    Corsac,
    TowerHttp,
    ByHand,
    /// With many origins, and cloned for the request, as axum does it.
    CorsacOfMany,
    TowerHttpOfMany,
}

const ALLOWED: &[(HeaderName, &str)] = &[(header::ORIGIN, "https://app.example.com")];
const DENIED: &[(HeaderName, &str)] = &[(header::ORIGIN, "https://foo.example.com")];
const PREFLIGHT: &[(HeaderName, &str)] = &[
    (header::ORIGIN, "https://app.example.com"),
    (header::ACCESS_CONTROL_REQUEST_METHOD, "PUT"),
    (
        header::ACCESS_CONTROL_REQUEST_HEADERS,
        "authorization,content-type",
    ),
];

const DENIED_PREFLIGHT: &[(HeaderName, &str)] = &[
    (header::ORIGIN, "https://foo.example.com"),
    (header::ACCESS_CONTROL_REQUEST_METHOD, "PUT"),
    (
        header::ACCESS_CONTROL_REQUEST_HEADERS,
        "authorization,content-type",
    ),
];
/// Instead of these names, 64 KiB.
const FLOOD: &[(HeaderName, &str)] = &[
    (header::ORIGIN, "https://app.example.com"),
    (header::ACCESS_CONTROL_REQUEST_METHOD, "PUT"),
    (header::ACCESS_CONTROL_REQUEST_HEADERS, "a,"),
];
const ASKED: [&[(HeaderName, &str)]; 6] =
    [&[], ALLOWED, DENIED, PREFLIGHT, DENIED_PREFLIGHT, FLOOD];

const GRANT: &[&str] = &[
    "access-control-allow-credentials",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "vary",
];
const PREFLIGHT_GRANT: &[&str] = &[
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-max-age",
];
// No cache keeps an answer to OPTIONS, but tower-http provides for one that does.
const PREFLIGHT_GRANT_AND_VARY: &[&str] = &[
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-max-age",
    "vary",
];
// To whom nothing is granted, tower-http says the rest of the grant all the same.
const NO_GRANT_BUT_SAID: &[&str] = &[
    "access-control-allow-credentials",
    "access-control-expose-headers",
    "vary",
];

pub(crate) fn cases() -> Vec<Case> {
    let kinds = [
        (
            [
                "no origin, bare",
                "no origin, corsac",
                "no origin, tower-http",
                "no origin, by hand",
            ],
            (Method::GET, &[][..]),
            [&["vary"][..], NO_GRANT_BUT_SAID],
        ),
        (
            [
                "allowed, bare",
                "allowed, corsac",
                "allowed, tower-http",
                "allowed, by hand",
            ],
            (Method::GET, ALLOWED),
            [GRANT, GRANT],
        ),
        (
            [
                "denied, bare",
                "denied, corsac",
                "denied, tower-http",
                "denied, by hand",
            ],
            (Method::GET, DENIED),
            [&["vary"][..], NO_GRANT_BUT_SAID],
        ),
        (
            [
                "preflight, bare",
                "preflight, corsac",
                "preflight, tower-http",
                "preflight, by hand",
            ],
            (Method::OPTIONS, PREFLIGHT),
            [PREFLIGHT_GRANT, PREFLIGHT_GRANT_AND_VARY],
        ),
    ];
    let mut cases = Vec::new();
    for ([bare, ours, theirs, by_hand], (method, asked), [we_say, they_say]) in kinds {
        let status = if method == Method::OPTIONS { 204 } else { 200 };
        for (name, service, answered) in [
            (bare, Which::Bare, (200, &[][..])),
            (ours, Which::Corsac, (status, we_say)),
            (theirs, Which::TowerHttp, (200, they_say)),
            (by_hand, Which::ByHand, (status, we_say)),
        ] {
            let method = method.clone();
            cases.push(Case {
                name,
                method,
                asked,
                service,
                answered,
            });
        }
    }
    for (name, service) in [
        ("10,000 origins, corsac", Which::CorsacOfMany),
        ("10,000 origins, tower-http", Which::TowerHttpOfMany),
    ] {
        cases.push(Case {
            name,
            method: Method::GET,
            asked: ALLOWED,
            service,
            answered: (200, GRANT),
        });
    }
    for (name, asked) in [
        ("denied preflight, corsac", DENIED_PREFLIGHT),
        ("64 KiB of names, corsac", FLOOD),
    ] {
        cases.push(Case {
            name,
            method: Method::OPTIONS,
            asked,
            service: Which::Corsac,
            answered: (403, &[]),
        });
    }
    cases
}

impl Case {
    /// As a server makes it: the values are slices of what came over the wire.
    pub(crate) fn prepare(&self, wire: &Wire) -> Request<()> {
        let mut request = Request::new(());
        *request.method_mut() = self.method.clone();
        let headers = request.headers_mut();
        for (name, value) in wire.usual.iter() {
            headers.insert(name.clone(), value.clone());
        }
        for (name, _) in self.asked {
            headers.insert(name.clone(), wire.cors[self.place()][name].clone());
        }
        request
    }

    fn place(&self) -> usize {
        ASKED.iter().position(|asked| *asked == self.asked).unwrap()
    }

    pub(crate) fn run(&self, services: &mut Services, request: Request<()>) -> Response<()> {
        match self.service {
            Which::Bare => ask(&mut services.bare, request),
            Which::Corsac => ask(&mut services.corsac, request),
            Which::TowerHttp => ask(&mut services.tower_http, request),
            Which::ByHand => ask(&mut services.by_hand, request),
            Which::CorsacOfMany => ask(services.corsac_of_many.clone(), request),
            Which::TowerHttpOfMany => ask(services.tower_http_of_many.clone(), request),
        }
    }

    /// An answer that is not what it should be costs nothing worth knowing.
    pub(crate) fn check(&self, services: &mut Services, wire: &Wire) {
        let response = self.run(services, self.prepare(wire));
        let mut names: Vec<_> = response.headers().keys().map(HeaderName::as_str).collect();
        names.retain(|name| *name != "content-type");
        names.sort_unstable();
        let answered = (response.status().as_u16(), &*names);
        assert_eq!(answered, self.answered, "{}", self.name);
    }
}

/// Header values that share one buffer.
pub(crate) struct Wire {
    usual: HeaderMap,
    cors: [HeaderMap; ASKED.len()],
}

impl Wire {
    pub(crate) fn new() -> Self {
        let map = |pairs: &[(HeaderName, &str)]| {
            let buffer: String = pairs.iter().map(|(_, value)| *value).collect();
            // The first clone of a buffer makes it shared, which is the server's expense.
            let buffer = Bytes::from(buffer);
            let mut begin = 0;
            let slices = pairs.iter().map(|(name, value)| {
                let slice = buffer.slice(begin..begin + value.len());
                begin += value.len();
                (name.clone(), HeaderValue::from_maybe_shared(slice).unwrap())
            });
            slices.collect()
        };
        Self {
            usual: map(&[
                (header::HOST, "api.example.com"),
                (
                    header::USER_AGENT,
                    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)",
                ),
                (header::ACCEPT, "*/*"),
                (header::ACCEPT_LANGUAGE, "en-US,en;q=0.5"),
                (header::ACCEPT_ENCODING, "gzip, deflate, br, zstd"),
                (header::REFERER, "https://app.example.com/"),
            ]),
            cors: ASKED.map(|asked| match asked {
                asked if asked == FLOOD => {
                    let flood = "a,".repeat(1 << 15);
                    let flooded = |(name, value): &(HeaderName, &'static str)| match *value {
                        "a," => (name.clone(), &*flood),
                        value => (name.clone(), value),
                    };
                    map(&asked.iter().map(flooded).collect::<Vec<_>>())
                }
                asked => map(asked),
            }),
        }
    }
}

/// The same service bare and under two layers of the same meaning.
pub(crate) struct Services {
    bare: Inner,
    corsac: Cors<Inner>,
    tower_http: tower_http::cors::Cors<Inner>,
    by_hand: ByHand,
    corsac_of_many: Cors<Inner>,
    tower_http_of_many: tower_http::cors::Cors<Inner>,
}

impl Services {
    pub(crate) fn new() -> Self {
        const ORIGIN: &str = "https://app.example.com";
        let others = (1..10_000).map(|number| format!("https://tenant-{number}.example.com"));
        // The one that is asked for stands last.
        let many: Vec<_> = others.chain([ORIGIN.to_owned()]).collect();
        Self {
            bare: Inner,
            by_hand: ByHand(Inner),
            corsac: corsac(vec![ORIGIN.to_owned()]).layer(Inner),
            tower_http: tower_http(&[ORIGIN.to_owned()]).layer(Inner),
            tower_http_of_many: tower_http(&many).layer(Inner),
            corsac_of_many: corsac(many).layer(Inner),
        }
    }
}

fn corsac(origins: Vec<String>) -> CorsLayer {
    let policy = Policy::new(PolicyConfig {
        allow_origins: origins.into_iter().collect(),
        allow_methods: ["GET", "POST", "PUT", "DELETE"].into(),
        allow_headers: ["authorization", "content-type", "x-requested-with"].into(),
        allow_credentials: true,
        expose_headers: ["x-request-id"].into(),
        max_age: MaxAge::Seconds(600),
        ..PolicyConfig::default()
    });
    CorsLayer::new(policy.unwrap())
}

fn tower_http(origins: &[String]) -> tower_http::cors::CorsLayer {
    let origins = origins.iter().map(|origin| origin.parse().unwrap());
    tower_http::cors::CorsLayer::new()
        .allow_origin(origins.collect::<Vec<_>>())
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("x-requested-with"),
        ])
        .allow_credentials(true)
        .expose_headers([HeaderName::from_static("x-request-id")])
        .max_age(Duration::from_secs(600))
}

/// 200, with a Content-Type.
#[derive(Clone)]
struct Inner;

impl Service<Request<()>> for Inner {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Handler;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    // As a service of some size is.
    #[inline(never)]
    fn call(&mut self, _: Request<()>) -> Handler {
        Handler
    }
}

/// Makes the response when it is polled, as an `async fn` does.
struct Handler;

impl Future for Handler {
    type Output = Result<Response<()>, Infallible>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let mut response = Response::new(());
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        *response.status_mut() = StatusCode::OK;
        Poll::Ready(Ok(response))
    }
}

/// What a service answers, as a server asks it: the future stays where it is made. Nothing here ever
/// waits.
#[inline(always)]
fn ask(
    mut service: impl Service<Request<()>, Response = Response<()>, Error = Infallible>,
    request: Request<()>,
) -> Response<()> {
    let future = pin!(service.call(request));
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(response)) => response,
        Poll::Pending => panic!("it waits"),
    }
}
