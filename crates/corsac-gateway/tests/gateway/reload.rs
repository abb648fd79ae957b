//! Another policy, and the end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use corsac_tower::policy::{Policy, PolicyConfig};

use super::{before, engines::says, exchange_at, policy};

#[test]
fn no_request_fails_while_the_policy_changes() {
    let (served, _upstream) = before("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    let other = Policy::new(PolicyConfig {
        allow_origins: ["https://other.example"].into(),
        ..PolicyConfig::default()
    })
    .unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let (port, ended) = (served.port, Arc::clone(&done));
    let client = thread::spawn(move || {
        let mut count = 0;
        while !ended.load(Ordering::Relaxed) {
            let response = exchange_at(port, "GET", "/", &["Origin: https://a.example"]);
            let (status, said) = says(&response);
            assert_eq!(status, 200, "{response}");
            let granted = said.contains("origin=https://a.example");
            assert_eq!(
                granted,
                said.contains("expose=x-request-id"),
                "half of a policy: {said}"
            );
            count += 1;
        }
        count
    });
    let handle = served.gateway.policies();
    for _ in 0..100 {
        handle.set(other.clone());
        thread::yield_now();
        handle.set(policy());
        thread::sleep(std::time::Duration::from_millis(1));
    }
    handle.set(other);
    done.store(true, Ordering::Relaxed);
    assert!(client.join().unwrap() > 0);
    let response = exchange_at(port, "GET", "/", &["Origin: https://other.example"]);
    assert!(
        says(&response).1.contains("origin=https://other.example"),
        "{response}"
    );
}
