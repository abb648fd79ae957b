//! It ends, or gives its place to another one, while clients ask over connections that they keep.

use std::{net::TcpListener, sync::atomic::Ordering};

use crate::{client::while_asking, count, figure, serving::Serving, upstream::Upstream};

#[test]
fn a_drain_fails_nobody_who_keeps_a_connection() {
    let requests = count("REQUESTS", 2_000);
    let upstream = Upstream::start();
    // Somebody else holds it, as systemd would: who connects in between waits.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = upstream.url();
    let args = ["--upstream", &url, "--allow-origin", crate::serving::ORIGIN];
    let mut serving = Serving::at(&listener, &args);
    let mut drains = 0;
    let outcome = while_asking(serving.port, requests, |outcome| {
        while drains < 2 || outcome.granted.load(Ordering::Relaxed) < requests {
            let asked = outcome.granted.load(Ordering::Relaxed);
            outcome.wait_for(asked + requests / 4);
            serving.signal("TERM");
            serving.wait();
            serving = Serving::at(&listener, &args);
            drains += 1;
        }
    });
    let asked = outcome.assert();
    figure("drains", &format!("{drains}; {asked} requests, 0 failed"));
}

#[test]
fn a_new_binary_takes_over_and_fails_nobody_who_keeps_a_connection() {
    let requests = count("REQUESTS", 2_000);
    let upstream = Upstream::start();
    let url = upstream.url();
    let args = ["--upstream", &url, "--allow-origin", crate::serving::ORIGIN];
    let mut serving = Serving::start(&args);
    let mut upgrades = 0;
    let outcome = while_asking(serving.port, requests, |outcome| {
        while upgrades < 2 || outcome.granted.load(Ordering::Relaxed) < requests {
            let asked = outcome.granted.load(Ordering::Relaxed);
            outcome.wait_for(asked + requests / 4);
            serving.replace();
            upgrades += 1;
        }
    });
    let asked = outcome.assert();
    figure(
        "binary upgrades",
        &format!("{upgrades}; {asked} requests, 0 failed"),
    );
}
