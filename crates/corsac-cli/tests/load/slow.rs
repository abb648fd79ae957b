//! Clients that take their time, to hold what they can.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use crate::{
    client::{Client, PATIENCE},
    count, figure,
    serving::{ORIGIN, Serving},
    upstream::Upstream,
};

/// What each of them sends first, and then byte by byte.
struct Slow {
    name: &'static str,
    first: &'static str,
    then: &'static str,
    /// How many KiB it may take here.
    each: usize,
}

const ALL: &[Slow] = &[
    Slow {
        name: "slow heads",
        first: "GET /x HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        then: "a",
        each: 32,
    },
    Slow {
        name: "slow bodies",
        first: "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nfirst",
        then: "",
        each: 64,
    },
    Slow {
        name: "slow readers",
        first: "GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n",
        then: "",
        each: 1024,
    },
];

#[test]
fn slow_heads_bodies_and_readers_are_held_within_a_memory_and_a_time() {
    let connections = count("SLOW", 50);
    // Each of them has its turn before a quick one has, and there is more than one turn to an answer.
    let wait = Duration::from_secs_f64(2.0 + connections as f64 / 50.0);
    for slow in ALL {
        let upstream = Upstream::start();
        let url = upstream.url();
        let args = ["--upstream", &url, "--allow-origin", ORIGIN];
        let limits = [
            "--head-timeout",
            "2",
            "--idle-timeout",
            "2",
            "--send-timeout",
            "2",
        ];
        let also = ["--upstream-timeout", "4"];
        let serving = Serving::start(&[&args[..], &limits, &also].concat());
        let mut one = Client::new(serving.port);
        assert_eq!(one.ask().unwrap().status, 200);
        let (before, descriptors) = (serving.memory(), serving.descriptors());
        let begin = Instant::now();
        let mut streams: Vec<_> = (0..connections)
            .map(|_| {
                let mut stream = TcpStream::connect(("127.0.0.1", serving.port)).unwrap();
                stream.write_all(slow.first.as_bytes()).unwrap();
                stream
            })
            .collect();
        let (mut most, mut longest) = (0, Duration::ZERO);
        // The system holds them until they are taken.
        while serving.descriptors() < descriptors + connections {
            assert!(begin.elapsed() < PATIENCE, "{} are not taken", slow.name);
            thread::sleep(Duration::from_millis(1));
        }
        // Whoever is quick is served all the while, and in the end the slow ones are gone.
        while serving.descriptors() > descriptors + 2 {
            assert!(begin.elapsed() < PATIENCE, "{} are held on", slow.name);
            for stream in &mut streams {
                let _ = stream.write_all(slow.then.as_bytes());
            }
            let asked = Instant::now();
            assert_eq!(one.ask().unwrap().status, 200);
            longest = longest.max(asked.elapsed());
            assert!(longest < wait, "{}: {longest:?}", slow.name);
            most = most.max(serving.memory().saturating_sub(before));
            thread::sleep(Duration::from_millis(50));
        }
        let held = begin.elapsed();
        assert!(
            most <= slow.each * connections + 4096,
            "{}: {most} KiB for {connections}",
            slow.name
        );
        // They were told nothing that is not so: the connection has ended for each.
        for stream in &mut streams {
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let mut bytes = [0; 65_536];
            while let Ok(1..) = stream.read(&mut bytes) {}
        }
        figure(
            slow.name,
            &format!(
                "{connections}; {:.1} KiB each at most, all gone after {held:.1?} (limit 2 s); \
                 nobody else waited longer than {longest:.0?}",
                most as f64 / connections as f64
            ),
        );
    }
}
