//! More to do at once than there are descriptors for.

use std::thread;

use crate::{
    client::Client,
    have_descriptors,
    serving::{ORIGIN, Serving},
    upstream::Upstream,
};

/// Three quarters of those but 64 are for clients, and each of them wants one to the upstream too.
const DESCRIPTORS: usize = 256;
const CLIENTS: usize = 144;

#[test]
fn requests_that_find_no_descriptor_wait_for_others_to_be_done() {
    have_descriptors();
    let upstream = Upstream::start();
    let url = upstream.url();
    let args = ["--upstream", &url, "--allow-origin", ORIGIN];
    let serving = Serving::with_descriptors(DESCRIPTORS, &args);
    let port = serving.port;
    let mut clients: Vec<_> = (0..CLIENTS).map(|_| Client::new(port)).collect();
    thread::scope(|scope| {
        for client in &mut clients {
            scope.spawn(|| assert_eq!(client.ask_for("/late").unwrap().status, 200));
        }
    });
}
