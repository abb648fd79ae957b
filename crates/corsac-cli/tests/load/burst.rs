//! Many clients at the same moment.

use std::{fs, net::TcpStream, time::Duration};

use crate::{
    client::Client,
    count, have_descriptors,
    serving::{ORIGIN, Serving},
    upstream::Upstream,
};

/// Whom the system turns away knocks again after a second.
const AT_ONCE: Duration = Duration::from_millis(500);

#[test]
fn clients_that_come_at_once_need_not_knock_twice() {
    have_descriptors();
    let most = fs::read_to_string("/proc/sys/net/core/somaxconn").unwrap();
    let clients = count("BURST", 500).min(most.trim().parse().unwrap());
    let upstream = Upstream::start();
    let url = upstream.url();
    let serving = Serving::start(&["--upstream", &url, "--allow-origin", ORIGIN]);
    // It takes nobody in, and the system has to hold them.
    serving.signal("STOP");
    let address = ([127, 0, 0, 1], serving.port).into();
    let connect = |number| {
        TcpStream::connect_timeout(&address, AT_ONCE)
            .unwrap_or_else(|error| panic!("client {number} of {clients}: {error}"))
    };
    let streams: Vec<_> = (0..clients).map(connect).collect();
    serving.signal("CONT");
    for stream in streams {
        let mut client = Client::with(stream).unwrap();
        assert_eq!(client.ask().unwrap().status, 200);
    }
}
