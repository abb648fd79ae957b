//! Many connections that ask for nothing.

use std::{thread, time::Duration};

use crate::{
    client::Client,
    count, figure, have_descriptors,
    serving::{ORIGIN, Serving},
    upstream::Upstream,
};

/// How many KiB one connection may take that was used once and is idle.
const EACH: usize = 20;

#[test]
fn idle_connections_cost_little_and_others_are_served_beside_them() {
    let connections = count("IDLE", 500);
    have_descriptors();
    let upstream = Upstream::start();
    let url = upstream.url();
    let args = ["--upstream", &url, "--allow-origin", ORIGIN];
    let serving = Serving::start(&args);
    let mut one = Client::new(serving.port);
    assert_eq!(one.ask().unwrap().status, 200);
    let before = serving.memory();
    let mut clients: Vec<_> = (0..connections)
        .map(|_| Client::new(serving.port))
        .collect();
    for (number, client) in clients.iter_mut().enumerate() {
        // Some have asked once, some have not yet.
        match number % 2 {
            0 => assert_eq!(client.ask().unwrap().status, 200),
            _ => drop(client.connect().unwrap()),
        }
    }
    while serving.descriptors() < connections {
        thread::sleep(Duration::from_millis(10));
    }
    for _ in 0..100 {
        assert_eq!(one.ask().unwrap().status, 200);
    }
    let grown = serving.memory().saturating_sub(before);
    assert!(
        grown <= EACH * connections + 4096,
        "{grown} KiB for {connections} connections"
    );
    for client in clients.iter_mut().step_by(2).take(100) {
        assert_eq!(client.ask().unwrap().status, 200);
    }
    figure(
        "idle connections",
        &format!(
            "{connections}; {} MiB in all, {:.1} KiB each",
            serving.memory() / 1024,
            grown as f64 / connections as f64
        ),
    );
}
