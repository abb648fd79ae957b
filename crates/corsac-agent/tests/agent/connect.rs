//! Whom an agent connects to, and what it says if it can't.

use std::{
    io::{ErrorKind, Write},
    net::{Ipv6Addr, SocketAddr, TcpListener},
    time::Duration,
};

use corsac::{
    diagnosis::{Code, Phase, Reason, TransportError},
    fetch::{AddressSpace, Profile, Request},
};
use corsac_agent::{
    Agent, AgentConfig, Deadlines, Dialer, Failure, Fetched, Outcome, PageAddressSpace, Stage,
    UnsafeMethods,
};
use http::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::server::*;

#[track_caller]
fn assert_no_connection(fetched: &Fetched, error: TransportError) {
    let Outcome::Blocked(verdict) = &fetched.outcome else {
        panic!("{:?}", fetched.outcome);
    };
    assert_eq!(verdict.reason, Reason::NetworkFailure { error });
    assert_eq!(fetched.exchanges[0].sent, b"");
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

#[tokio::test]
async fn a_dead_port_refuses() {
    let address = free_address();
    for method in [Method::GET, Method::PUT] {
        let fetched = fetch(&agent(address), method).await;
        assert_no_connection(&fetched, TransportError::Refused);
        let failure = Failure::Connect {
            attempts: vec![(address, ErrorKind::ConnectionRefused)],
        };
        assert_eq!(fetched.exchanges[0].failure, Some(failure));
        assert!(fetched.exchanges[0].connection.is_none());
    }
}

#[tokio::test]
async fn a_name_may_have_no_address() {
    let url = "http://nowhere.invalid/".parse().unwrap();
    let agent = Agent::new(Profile::FETCH);
    let fetched = agent.fetch(page(), Request::new(url), "").await;
    assert_no_connection(&fetched, TransportError::Dns);
    let failure = fetched.exchanges[0].failure.as_ref().unwrap();
    assert!(matches!(failure, Failure::Dns { host, .. } if host == "nowhere.invalid"));

    let mut config = config(free_address());
    config.resolver.map_all("siteb.com", 80, Vec::new());
    let fetched = fetch(&Agent::new(config), Method::GET).await;
    assert_no_connection(&fetched, TransportError::Dns);
}

#[tokio::test]
async fn looking_up_a_name_has_an_end() {
    let mut config = AgentConfig::new(Profile::FETCH);
    config.deadlines.dns = Duration::ZERO;
    let url = "http://nowhere.invalid/".parse().unwrap();
    let fetched = Agent::new(config)
        .fetch(page(), Request::new(url), "")
        .await;
    assert_no_connection(&fetched, TransportError::ConnectTimeout);
    let failure = Failure::Timeout {
        stage: Stage::Dns,
        is_total: false,
    };
    assert_eq!(fetched.exchanges[0].failure, Some(failure));
}

#[tokio::test]
async fn connecting_has_an_end() {
    // Nobody accepts, and there is room for few who wait.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    for _ in 0..8 {
        let connecting = TcpStream::connect(address);
        let connected = tokio::time::timeout(Duration::from_millis(50), connecting).await;
        waiting.extend(connected);
    }
    for (total, limit) in [(None, 50), (Some(Duration::from_millis(50)), 5000)] {
        let mut config = config(address);
        config.deadlines.connect = Duration::from_millis(limit);
        config.deadlines.total = total;
        let fetched = fetch(&Agent::new(config), Method::GET).await;
        assert_no_connection(&fetched, TransportError::ConnectTimeout);
        let failure = Failure::Timeout {
            stage: Stage::Connect,
            is_total: total.is_some(),
        };
        assert_eq!(fetched.exchanges[0].failure, Some(failure));
    }
}

#[tokio::test]
async fn a_body_has_its_time() {
    let address = serve(|listener| {
        let (mut stream, _) = listener.accept().unwrap();
        read_head(&mut stream);
        let head = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\nhal";
        stream.write_all(head).unwrap();
        read_head(&mut stream);
    });
    let mut config = config(address);
    config.deadlines.body = Duration::from_millis(50);
    let fetched = fetch(&Agent::new(config), Method::GET).await;
    assert_readable(&fetched, 200, b"hal");
    let failure = Failure::Timeout {
        stage: Stage::Body,
        is_total: false,
    };
    assert_eq!(fetched.exchanges[0].body_error, Some(failure));
}

const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
    Content-Length: 5\r\n\r\nhello";

#[tokio::test]
async fn ipv6_is_as_good() {
    let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
        // A machine without IPv6 says so at once, and the other family is tried.
        let mut config = config(free_address());
        let addresses = vec![(Ipv6Addr::LOCALHOST, 9).into(), server(&[HELLO])];
        config.resolver.map_all("siteb.com", 80, addresses);
        assert_readable(
            &fetch(&Agent::new(config), Method::GET).await,
            200,
            b"hello",
        );
        return;
    };
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            read_head(&mut stream);
            stream.write_all(HELLO).unwrap();
        }
    });
    // By its address, and by a name whose IPv4 address nobody answers at.
    for host in ["[::1]", "localhost"] {
        let url = format!("http://{host}:{port}/").parse().unwrap();
        let agent = Agent::new(Profile::FETCH);
        let fetched = agent.fetch(page(), Request::new(url), "").await;
        assert_readable(&fetched, 200, b"hello");
        let connection = fetched.exchanges[0].connection.as_ref().unwrap();
        assert!(connection.peer.is_ipv6(), "{connection:?}");
        assert_eq!(connection.address_space, AddressSpace::Loopback);
    }
}

#[tokio::test]
async fn connect_to_changes_where_and_nothing_else() {
    let address = server(&[HELLO, HELLO]);
    let mut config = AgentConfig::new(Profile::FETCH);
    let resolver = &mut config.resolver;
    resolver.connect_to(Some("siteb.com"), Some(80), "elsewhere.example", 81);
    resolver.map("elsewhere.example", 81, address);
    resolver.connect_to(None, None, "127.0.0.1", address.port());
    let agent = Agent::new(config);
    let fetched = fetch(&agent, Method::GET).await;
    assert_readable(&fetched, 200, b"hello");
    let lines = &fetched.exchanges[0].request_lines;
    assert_eq!(lines.get("Host").as_deref(), Some(&b"siteb.com"[..]));
    let url = "http://another.example:8080/".parse().unwrap();
    let fetched = agent.fetch(page(), Request::new(url), "").await;
    assert_readable(&fetched, 200, b"hello");
}

/// An agent whose every connection leads to a server of this address, in memory.
fn agent_of_peer(peer: &'static str, mut config: AgentConfig) -> Agent {
    config.dialer = Some(Dialer::new(move |_| {
        let (ours, mut theirs) = tokio::io::duplex(4096);
        tokio::spawn(async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(theirs.read_u8().await.unwrap());
            }
            let answer = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
                Access-Control-Allow-Methods: PUT\r\nContent-Length: 0\r\n\
                Connection: close\r\n\r\n";
            theirs.write_all(answer).await.unwrap();
        });
        Ok((Box::new(ours), peer.parse().unwrap()))
    }));
    Agent::new(config)
}

#[tokio::test]
async fn what_changes_something_goes_to_this_machine_only() {
    let mut config = AgentConfig::new(Profile::FETCH);
    config.unsafe_methods = UnsafeMethods::ToLoopback;
    let far = agent_of_peer("203.0.113.1:80", config.clone());
    let fetched = fetch(&far, Method::PUT).await;
    let Outcome::Withheld(withheld) = &fetched.outcome else {
        panic!("{:?}", fetched.outcome);
    };
    assert_eq!(withheld.peer.to_string(), "203.0.113.1:80");
    assert_eq!(withheld.hop.method, Method::PUT);
    // The preflight was sent and passed, and of the request not a byte.
    let methods = fetched.exchanges.iter().map(|it| it.hop.method.as_str());
    assert_eq!(methods.collect::<Vec<_>>(), ["OPTIONS", "PUT"]);
    assert_eq!(fetched.exchanges[0].head.as_ref().unwrap().status, 200);
    assert_eq!(fetched.exchanges[1].sent, b"");
    assert!(fetched.exchanges[1].failure.is_none());
    for safe in [Method::GET, Method::HEAD, Method::OPTIONS] {
        config.unsafe_methods = UnsafeMethods::ToLoopback;
        assert_eq!(
            fetch(&far, safe).await.exchanges.last().unwrap().received[..4],
            *b"HTTP"
        );
    }

    for near in ["127.0.0.1:80", "[::1]:80", "[::ffff:127.1.2.3]:80"] {
        let fetched = fetch(&agent_of_peer(near, config.clone()), Method::PUT).await;
        assert_readable(&fetched, 200, b"");
    }
    config.unsafe_methods = UnsafeMethods::ToAnyone;
    let fetched = fetch(&agent_of_peer("203.0.113.1:80", config), Method::PUT).await;
    assert_readable(&fetched, 200, b"");
}

#[tokio::test]
async fn a_page_may_be_as_near_as_what_it_asks() {
    let mut config = AgentConfig::new(Profile::CHROMIUM);
    let mut page = page();
    page.address_space = AddressSpace::Public;
    for (space, blocked) in [
        (PageAddressSpace::AsStated, true),
        (PageAddressSpace::OfFirstPeer, false),
    ] {
        config.page_address_space = space;
        let agent = agent_of_peer("192.168.0.1:80", config.clone());
        let fetched = agent.fetch(page.clone(), request(Method::GET), "").await;
        match blocked {
            true => assert_blocked(&fetched, Code::LocalNetworkInsecure, Phase::Actual),
            false => assert_readable(&fetched, 200, b""),
        }
    }
    // The user's leave is asked for where it can be given.
    page = corsac::fetch::Environment::of_page("https://sitea.com/".parse().unwrap());
    for allows in [false, true] {
        config.page_address_space = PageAddressSpace::AsStated;
        config.allows_local_network = allows;
        let agent = agent_of_peer("127.0.0.1:80", config.clone());
        let url = "http://127.0.0.1/".parse().unwrap();
        let fetched = agent.fetch(page.clone(), Request::new(url), "").await;
        match allows {
            false => assert_blocked(&fetched, Code::LocalNetworkDenied, Phase::Actual),
            true => assert_readable(&fetched, 200, b""),
        }
    }
}

#[test]
fn deadlines_have_defaults() {
    let deadlines = Deadlines::default();
    assert_eq!(deadlines.head, Duration::from_secs(30));
    assert_eq!(deadlines.total, None);
}
