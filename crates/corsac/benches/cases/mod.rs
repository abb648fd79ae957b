//! The fetches that are counted: what goes in, and how each of them must end.

use std::{sync::Arc, time::Duration};

use corsac::fetch::{
    Environment, Fetch, HopKind, Output, PreflightCache, Profile, Request, ResponseHead,
    ResponseType,
};

/// One kind of fetch.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Which requests go out.
    hops: &'static [HopKind],
    prepare: fn() -> Input,
}

/// All a fetch needs, made before it is counted.
pub(crate) struct Input {
    environment: Arc<Environment>,
    request: Request,
    cache: PreflightCache,
    /// What the servers answer, the last one first.
    heads: Vec<ResponseHead>,
}

/// What came of it.
pub(crate) struct Ended {
    fetch: Fetch,
    cache: PreflightCache,
    hops: usize,
}

pub(crate) const CASES: [Case; 4] = [
    Case {
        name: "simple",
        hops: &[HopKind::Actual],
        prepare: || input(get(), vec![shared()]),
    },
    Case {
        name: "preflighted, cache cold",
        hops: &[HopKind::Preflight, HopKind::Actual],
        prepare: cold,
    },
    Case {
        name: "preflighted, cache warm",
        hops: &[HopKind::Actual],
        prepare: || {
            let cache = run(cold()).cache;
            Input {
                cache,
                ..input(put(), vec![shared()])
            }
        },
    },
    Case {
        name: "five redirects",
        hops: &[HopKind::Actual; 6],
        prepare: || {
            // Within one origin: a redirect to another one would taint the request.
            let redirects = ["/5", "/4", "/3", "/2", "/1"];
            let mut heads = vec![shared()];
            heads.extend(redirects.map(|location| {
                ResponseHead::new(
                    307,
                    [("Location", location), ("Access-Control-Allow-Origin", "*")],
                )
            }));
            input(get(), heads)
        },
    },
];

impl Case {
    pub(crate) fn prepare(&self) -> Input {
        (self.prepare)()
    }

    /// A fetch that does not end as it should costs nothing worth knowing.
    pub(crate) fn check(&self) {
        let mut kinds = Vec::new();
        let mut ended = drive(self.prepare(), |kind| kinds.push(kind));
        assert_eq!(kinds, self.hops, "{}", self.name);
        let output = ended.fetch.poll(&mut ended.cache, Duration::ZERO);
        let Output::Deliver(response) = output else {
            panic!("{}: {output:?}", self.name);
        };
        assert_eq!(response.response_type, ResponseType::Cors);
        assert_eq!(response.status, 200);
        assert_eq!(response.header_list.len(), 2, "{response:?}");
        assert_eq!(ended.hops, self.hops.len());
    }
}

/// One whole fetch; what is left of it is the caller's to drop.
pub(crate) fn run(input: Input) -> Ended {
    drive(input, |_| {})
}

fn drive(input: Input, mut sees: impl FnMut(HopKind)) -> Ended {
    let Input {
        environment,
        request,
        mut cache,
        mut heads,
    } = input;
    let mut fetch = Fetch::new(environment, request, Profile::FETCH);
    let mut hops = 0;
    while let Output::Send(hop) = fetch.poll(&mut cache, Duration::ZERO) {
        let id = hop.id;
        sees(hop.kind);
        hops += 1;
        let Some(head) = heads.pop() else { break };
        fetch.handle_head(id, head);
    }
    Ended { fetch, cache, hops }
}

fn input(request: Request, heads: Vec<ResponseHead>) -> Input {
    Input {
        environment: Arc::new(Environment::of_page(
            "https://a.example/page".parse().unwrap(),
        )),
        request,
        cache: PreflightCache::default(),
        heads,
    }
}

fn cold() -> Input {
    let granted = ResponseHead::new(
        204,
        [
            ("Date", "Tue, 15 Nov 1994 08:12:31 GMT"),
            ("Access-Control-Allow-Origin", "https://a.example"),
            ("Access-Control-Allow-Methods", "GET, POST, PUT"),
            ("Access-Control-Allow-Headers", "Content-Type, X-Cart"),
            ("Access-Control-Max-Age", "600"),
            ("Vary", "Origin"),
        ],
    );
    input(put(), vec![shared(), granted])
}

fn get() -> Request {
    Request::new("https://b.example/orders?page=2".parse().unwrap())
}

fn put() -> Request {
    let mut request = get();
    request.method = http::Method::PUT;
    request
        .header_list
        .append("Content-Type", "application/json");
    request.header_list.append("X-Cart", "7");
    request
}

fn shared() -> ResponseHead {
    ResponseHead::new(
        200,
        [
            ("Date", "Tue, 15 Nov 1994 08:12:31 GMT"),
            ("Content-Type", "application/json"),
            ("Set-Cookie", "sid=1"),
            ("Access-Control-Allow-Origin", "https://a.example"),
            ("Access-Control-Expose-Headers", "X-Total, X-Rate"),
            ("X-Total", "31"),
            ("X-Secret", "yes"),
            ("Vary", "Origin"),
        ],
    )
}
