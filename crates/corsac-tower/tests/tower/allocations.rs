//! The layer allocates nothing of its own.

use std::{
    convert::Infallible,
    future::ready,
    pin::pin,
    task::{Context, Poll, Waker},
};

use corsac_tower::{
    CorsLayer,
    policy::{AllowHeaders, Listing, Policy, PolicyConfig},
};
use http::{HeaderValue, Request, Response, header};
use tower::{Layer, Service, service_fn};

use crate::{ORIGIN, PUT, STRANGER, built, policy, request};

/// A service whose response has room for what the layer adds, as one with a few headers has.
fn service() -> impl Service<
    Request<()>,
    Response = Response<()>,
    Error = Infallible,
    Future: Future<Output = Result<Response<()>, Infallible>>,
> {
    service_fn(|_| {
        let mut response = Response::new(());
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        ready(Ok(response))
    })
}

fn allocations<S>(service: &mut S, request: Request<()>) -> u64
where
    S: Service<Request<()>, Response = Response<()>, Error = Infallible>,
{
    let count = allocation_counter::measure(|| {
        let future = pin!(service.call(request));
        let result = future.poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(result, Poll::Ready(Ok(_))));
    });
    count.count_total
}

#[test]
fn the_layer_adds_no_allocation() {
    let any = built(PolicyConfig {
        allow_origins: Listing::Any,
        allow_methods: Listing::Any,
        allow_headers: AllowHeaders::Any,
        ..PolicyConfig::default()
    });
    let (reloadable, _handle) = CorsLayer::reloadable(policy());
    let layers = [
        CorsLayer::new(policy()),
        reloadable.report_to(|_| {}),
        CorsLayer::new(any),
    ];
    let flood = "a,".repeat(1 << 15);
    let names = ("access-control-request-headers", "content-type,x-custom");
    let requests: [(&str, &[(&str, &str)]); 8] = [
        ("GET", &[]),
        ("GET", &[ORIGIN]),
        ("GET", &[STRANGER]),
        ("GET", &[ORIGIN, STRANGER]),
        ("OPTIONS", &[ORIGIN]),
        ("OPTIONS", &[ORIGIN, PUT, names]),
        ("OPTIONS", &[STRANGER, PUT]),
        (
            "OPTIONS",
            &[ORIGIN, PUT, ("access-control-request-headers", &flood)],
        ),
    ];
    for layer in layers {
        let (mut with, mut without) = (layer.layer(service()), service());
        for (method, headers) in requests {
            // The policy's own values, and those of a test's request, become shared when they are
            // first cloned. A server's request comes with shared values.
            let shared = request(method, headers);
            let _others = shared.headers().clone();
            allocations(&mut with, shared.clone());
            // The service answers these itself: it makes its own header map.
            let answered = allocations(&mut without, shared.clone());
            let is_preflight = headers.iter().any(|(name, _)| *name == PUT.0);
            let expected = if is_preflight { 0 } else { answered };
            assert_eq!(
                allocations(&mut with, shared),
                expected,
                "{method} {headers:?}"
            );
        }
    }
}

#[test]
fn who_has_nothing_to_say_makes_no_room_for_it() {
    let bare = service_fn(|_| ready(Ok(Response::new(()))));
    let mut service = CorsLayer::new(Policy::default()).layer(bare);
    for headers in [&[][..], &[ORIGIN]] {
        let asked = request("GET", headers);
        assert_eq!(allocations(&mut service, asked), 0);
    }
}
