//! Policies that change while a service serves.

use std::{
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll, Waker},
    thread,
};

use corsac_tower::{
    CorsLayer,
    policy::{Policy, PolicyConfig},
};
use http::{Request, Response};
use tower::{Layer, Service, service_fn};

use crate::{ORIGIN, answering, built, call, head, policy, request};

#[test]
fn the_next_request_sees_the_next_policy() {
    let (layer, handle) = CorsLayer::reloadable(Policy::default());
    let service = layer.layer(answering(200, &[]));
    let clone = service.clone();
    let response = call(service.clone(), request("GET", &[ORIGIN])).unwrap();
    assert_eq!(head(&response), (200, vec![]));
    handle.set(policy());
    assert_eq!(handle.policies().policy(b"/"), Some(&policy()));
    for service in [service, clone] {
        let response = call(service, request("GET", &[ORIGIN])).unwrap();
        assert_eq!(response.headers().len(), 4);
    }
}

#[test]
fn a_request_under_way_keeps_its_policy() {
    let (layer, handle) = CorsLayer::reloadable(policy());
    let mut service = layer.layer(service_fn({
        let handle = handle.clone();
        move |_: Request<()>| {
            let handle = handle.clone();
            async move {
                handle.set(Policy::default());
                Ok::<_, std::convert::Infallible>(Response::new(String::new()))
            }
        }
    }));
    let mut context = Context::from_waker(Waker::noop());
    let mut future = pin!(service.call(request("GET", &[ORIGIN])));
    let Poll::Ready(Ok(response)) = future.as_mut().poll(&mut context) else {
        panic!("it waits");
    };
    assert_eq!(response.headers()["access-control-allow-origin"], ORIGIN.1);
    assert_eq!(
        response.headers()["access-control-expose-headers"],
        "X-Total"
    );
    assert_eq!(handle.policies().policy(b"/"), Some(&Policy::default()));
}

/// Two policies, each of which names itself twice: no response has a half of each.
#[test]
fn no_request_sees_two_policies() {
    let of = |name: &str| {
        built(PolicyConfig {
            allow_origins: ["https://app.example"].into(),
            allow_methods: [format!("X-{name}")].into(),
            allow_headers: [format!("x-{name}")].into(),
            preflights: corsac_tower::policy::Preflights::TellLists,
            ..PolicyConfig::default()
        })
    };
    let policies = [of("ONE"), of("TWO")];
    let (layer, handle) = CorsLayer::reloadable(policies[0].clone());
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for policy in policies.iter().cycle().take(2000) {
                handle.set(policy.clone());
            }
            done.store(true, Ordering::Relaxed);
        });
        let service = layer.layer(answering(200, &[]));
        let asked = [ORIGIN, ("access-control-request-method", "GET")];
        while !done.load(Ordering::Relaxed) {
            let response = call(service.clone(), request("OPTIONS", &asked)).unwrap();
            let method = response.headers()["access-control-allow-methods"]
                .to_str()
                .unwrap();
            let name = response.headers()["access-control-allow-headers"]
                .to_str()
                .unwrap();
            assert!(method.eq_ignore_ascii_case(name), "{method} {name}");
        }
    });
}
