//! The upstream goes away and comes back.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    client::{Client, PATIENCE},
    count, figure,
    serving::{ORIGIN, Serving},
    upstream::Upstream,
};

#[test]
fn while_the_upstream_is_away_pages_can_read_that_it_is() {
    let rounds = count("OUTAGES", 3);
    let mut upstream = Upstream::start();
    let (address, url) = (upstream.address(), upstream.url());
    let serving = Serving::start(&["--upstream", &url, "--allow-origin", ORIGIN]);
    let mut clients: Vec<_> = (0..16).map(|_| Client::new(serving.port)).collect();
    let mut slowest = Duration::ZERO;
    let (mut good, mut bad) = (0, 0);
    for _ in 0..rounds {
        // Connections to it are kept by now, and every one of them breaks.
        let mut ask = |client: &mut Client| {
            let answer = client.ask().unwrap();
            assert!(answer.is_granted, "{} without its headers", answer.status);
            match answer.status {
                200 => good += 1,
                502 | 504 => bad += 1,
                other => panic!("{other}"),
            }
            answer.status
        };
        for _ in 0..20 {
            for client in &mut clients {
                assert_eq!(ask(client), 200);
            }
        }
        drop(upstream);
        for _ in 0..20 {
            for client in &mut clients {
                assert_ne!(ask(client), 200);
            }
        }
        upstream = Upstream::at(address);
        let begin = Instant::now();
        for client in &mut clients {
            while ask(client) != 200 {
                assert!(begin.elapsed() < PATIENCE, "it does not recover");
                thread::sleep(Duration::from_millis(1));
            }
        }
        slowest = slowest.max(begin.elapsed());
    }
    figure(
        "upstream killed and started",
        &format!(
            "{rounds} times; {good} answers, {bad} of 502 or 504, all with their headers; \
             all clients served again after {slowest:.1?} at most"
        ),
    );
}
