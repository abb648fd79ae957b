mod frames;
pub(crate) mod stream;

use std::sync::Mutex;

use corsac::{
    fetch::{Body, Profile, ResponseBody},
    header::normalize,
};
use corsac_agent::{
    Agent, AgentConfig, Dialer, Exchange, Fetched, HttpVersion, Outcome, wire::parse_field_lines,
};
use tokio::runtime::Builder;

use crate::{chance::Chance, plan::Asks};
use stream::{Script, Stream};

/// Whatever a server of HTTP/1.1 says: a fetch ends, what is told of its bytes is so, and how they
/// came in pieces does not matter.
pub fn agent_http1(data: &[u8]) {
    let mut chance = Chance::new(data);
    let in_pieces = chance.flag();
    let said = said(&mut chance);
    let told = fetch(&mut chance, HttpVersion::Http1, &said, in_pieces);
    for fetched in &told {
        fetched.exchanges.iter().for_each(assert_http1);
    }
}

/// Whatever a server of HTTP/2 says: a fetch ends.
pub fn agent_http2(data: &[u8]) {
    let mut chance = Chance::new(data);
    let in_pieces = chance.flag();
    let said = frames::said(&mut chance);
    for fetched in fetch(&mut chance, HttpVersion::Http2, &said, in_pieces) {
        for exchange in &fetched.exchanges {
            assert!(exchange.received.is_empty() && exchange.sent.is_empty());
        }
    }
}

/// What a server says on each of its connections, all at once.
fn said(chance: &mut Chance<'_>) -> Vec<Vec<Vec<u8>>> {
    const PARTS: [&[u8]; 12] = [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 302 \r\nLocation: /next\r\n",
        b"HTTP/1.1 204 \r\nAccess-Control-Allow-Methods: *\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"Access-Control-Allow-Origin: *\r\n",
        b"Content-Length: 3\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Set-Cookie: a=b; SameSite=None; Secure\r\n",
        b"Connection: close\r\n",
        b" folded\n",
        b"\r\n",
        b"3\r\nabc\r\n0\r\n\r\n",
    ];
    let mut connections = vec![vec![Vec::new()]];
    for _ in 0..40 {
        if chance.is_over() {
            break;
        }
        let last = connections.last_mut().unwrap().last_mut().unwrap();
        match chance.byte() {
            0..=169 => last.extend_from_slice(chance.pick(&PARTS)),
            170..=239 => last.extend_from_slice(&chance.bytes()),
            _ => connections.push(vec![Vec::new()]),
        }
    }
    connections
}

/// A few fetches by one agent, whose connections lead to that server.
fn fetch(
    chance: &mut Chance<'_>,
    http_version: HttpVersion,
    said: &[Vec<Vec<u8>>],
    in_pieces: bool,
) -> Vec<Fetched> {
    let mut config = AgentConfig::new(chance.pick(&Profile::ALL));
    config.http_version = http_version;
    config.limits.head_bytes = 512;
    config.limits.body_bytes = 256;
    config.limits.unread_body_bytes = 64;
    config.limits.head_lines = 20;
    let script = Script {
        piece: if in_pieces { 1 } else { usize::MAX },
        hangs_up: chance.flag(),
        is_http2: http_version == HttpVersion::Http2,
    };
    let said = Mutex::new(said.iter().rev().cloned().collect::<Vec<_>>());
    config.dialer = Some(Dialer::new(move |url| {
        // Reading the certificates of a whole machine takes longer than anything else here.
        let next = said
            .lock()
            .unwrap()
            .pop()
            .filter(|_| url.scheme() == "http");
        let bytes = next.ok_or(std::io::ErrorKind::ConnectionRefused)?;
        let peer = ([203, 0, 113, 1], 80).into();
        Ok((Box::new(Stream::new(bytes, script)), peer))
    }));
    let limits = config.limits;
    let agent = Agent::new(config);
    // Time does not pass by itself: whoever waits for nothing but the end of his patience has it.
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    let mut asks = Asks::new();
    let mut told = Vec::new();
    for _ in 0..3 {
        let Some((mut page, mut request)) = asks.next(chance) else {
            continue;
        };
        page.questions = Default::default();
        request.url = "http://siteb.com/x".parse().unwrap();
        let body = match request.body {
            Body::Source {
                length: length @ ..=4096,
            } => vec![b'x'; length.try_into().unwrap()],
            _ => Vec::new(),
        };
        let fetched = runtime.block_on(agent.fetch(page, request, body));
        for exchange in &fetched.exchanges {
            // The part that goes over a limit is kept.
            assert!(exchange.body.len() <= limits.body_bytes + 16 * 1024);
        }
        assert_outcome(&fetched);
        told.push(fetched);
    }
    told
}

fn assert_outcome(fetched: &Fetched) {
    let last = fetched.exchanges.last();
    match &fetched.outcome {
        Outcome::Response { response, body } => {
            let last = last.expect("somebody answered");
            assert_eq!(Some(&response.internal), last.head.as_ref());
            match response.body {
                ResponseBody::Exposed => assert_eq!(*body, last.body),
                ResponseBody::Hidden | ResponseBody::Null => assert!(body.is_empty()),
            }
        }
        Outcome::Blocked(_) => {}
        Outcome::Withheld(_) => panic!("nobody asked for that"),
    }
    for exchange in &fetched.exchanges {
        assert!(exchange.head.is_none() || exchange.failure.is_none());
        assert!(exchange.failure.is_none() || exchange.body_error.is_none());
    }
}

/// What is told of the places of lines is so.
fn assert_http1(exchange: &Exchange) {
    let Some(head) = &exchange.head else {
        return;
    };
    let bytes = &exchange.received[exchange.head_range.clone()];
    let first = bytes.iter().position(|&byte| byte == b'\n').unwrap();
    let again = parse_field_lines(&bytes[first + 1..], 20).unwrap();
    assert_eq!(again, head.header_list);
    assert_eq!(exchange.field_places.len(), head.header_list.len());
    for (header, place) in head.header_list.iter().zip(&exchange.field_places) {
        assert_eq!(&exchange.received[place.name.clone()], header.name());
        let value = &exchange.received[place.value.clone()];
        match place.is_folded {
            false => assert_eq!(value, header.value()),
            true => assert_eq!(normalize(value), value),
        }
    }
    for range in &exchange.ignored_lines {
        assert!(exchange.head_range.start < range.start && range.end < exchange.head_range.end);
    }
}

/// The agent has to be reached by what is said here, or nothing is shown by all of this.
#[test]
fn whole_exchanges_are_within_reach() {
    let http1 = b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
        Content-Length: 2\r\n\r\nhi";
    let hello = b"\0\0\0\x04\0\0\0\0\0\0\0\0\x04\x01\0\0\0\0";
    let http2 = [
        &b"\0\0\x24\x01\x04\0\0\0\x01\x88\0\x1baccess-control-allow-origin\x01*\x0f\x0d"[..],
        b"\x012\0\0\x02\0\x01\0\0\0\x01hi",
    ]
    .concat();
    let versions = [
        (HttpVersion::Http1, vec![http1.to_vec()]),
        (HttpVersion::Http2, vec![hello.to_vec(), http2]),
    ];
    for (version, said) in versions {
        for in_pieces in [false, true] {
            let mut chance = Chance::new(&[]);
            let told = fetch(&mut chance, version, std::slice::from_ref(&said), in_pieces);
            let first = &told[0].exchanges[0];
            assert_eq!(&first.body[..], b"hi", "{first:?}");
        }
    }
}
