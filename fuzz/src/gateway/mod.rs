mod parse;
mod stream;

use std::{
    cell::Cell,
    collections::VecDeque,
    num::NonZeroUsize,
    panic,
    sync::{Arc, Mutex, Once},
    time::Duration,
};

use corsac_gateway::{Dialer, Gateway, GatewayConfig};
use corsac_tower::policy::{AllowHeaders, MaxAge, Policy, PolicyConfig};
use tokio::{runtime::Builder, time::timeout};

use crate::chance::Chance;
use parse::{Fault, Message, Reading};
use stream::{Peer, Record, Stream};

const ORIGIN: &str = "https://a.example";

/// What the gateway itself says to an upstream.
const OWN_NAMES: [&str; 10] = [
    "host",
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "connection",
    "upgrade",
    "te",
    "transfer-encoding",
    "content-length",
];

/// Whatever a client and an upstream say: the upstream hears requests that are strictly written, no
/// others than the client sent, and no more, with no line that it didn't send; and the client hears
/// of CORS what the policy says.
pub fn gateway(data: &[u8]) {
    let mut chance = Chance::new(data);
    let (client_piece, upstream_piece) = (piece(&mut chance), piece(&mut chance));
    let hangs_up = chance.byte() > 200;
    let (said, answers) = said(&mut chance);
    let (heard, asked) = pass(&said, answers, hangs_up, [client_piece, upstream_piece]);
    let sent = requests(&said);
    assert_asked(&sent, &asked);
    assert_heard(&sent, &heard);
}

fn piece(chance: &mut Chance<'_>) -> usize {
    chance.pick(&[usize::MAX, usize::MAX, 1, 7])
}

/// What the client says, and what the upstream answers to each request.
fn said(chance: &mut Chance<'_>) -> (Vec<u8>, VecDeque<Vec<u8>>) {
    const ASKS: [&[u8]; 24] = [
        b"GET /a HTTP/1.1\r\nHost: localhost\r\n",
        b"POST /b?c HTTP/1.1\r\nHost: localhost\r\n",
        b"OPTIONS /d HTTP/1.1\r\nHost: localhost\r\n",
        b"HEAD /e HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        b"PUT http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n",
        b"GET /inner HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"Origin: https://a.example\r\n",
        b"Origin: https://evil.example\r\n",
        b"Access-Control-Request-Method: PUT\r\n",
        b"Access-Control-Request-Headers: x-a\r\n",
        b"Content-Length: 5\r\n",
        b"Content-Length: 40\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: identity, chunked\r\n",
        b"Connection: upgrade\r\nUpgrade: websocket\r\n",
        b"Connection: close, x-a, origin\r\n",
        b"Expect: 100-continue\r\n",
        b"Cookie: a=b\r\n",
        b"X-A: b\r\n",
        b"X-B: c\rX-C: d\r\n folded\n",
        b"\r\n",
        b"5\r\nhello\r\n",
        b"0\r\n\r\n",
        b"0\r\nX-Sum: 1\r\n\r\n",
    ];
    const ANSWERS: [&[u8]; 18] = [
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n",
        b"HTTP/1.1 204 No Content\r\nAccess-Control-Expose-Headers: x-upstream\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: //evil.example/\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n",
        b"HTTP/1.1 103 Early Hints\r\nAccess-Control-Allow-Origin: *\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n",
        b"Access-Control-Allow-Credentials: upstream\r\n",
        b"access-control-allow-origin : *\r\n",
        b"Content-Length: 5\r\n",
        b"Content-Length: 7\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Connection: close, vary\r\n",
        b"Vary: Accept\r\n",
        b"X-A: b\rAccess-Control-Allow-Origin: *\r\n",
        b" Access-Control-Allow-Origin: *\r\n",
        b"\r\n",
        b"5\r\nhello\r\n",
        b"0\r\nAccess-Control-Allow-Origin: *\r\n\r\n",
    ];
    let mut said = Vec::new();
    let mut answers = VecDeque::from([Vec::new()]);
    for _ in 0..60 {
        if chance.is_over() {
            break;
        }
        let answer = answers.back_mut().unwrap();
        match chance.byte() {
            0..=119 => said.extend_from_slice(chance.pick(&ASKS)),
            120..=149 => said.extend(chance.bytes()),
            150..=219 => answer.extend_from_slice(chance.pick(&ANSWERS)),
            220..=239 => answer.extend(chance.bytes()),
            _ => answers.push_back(Vec::new()),
        }
    }
    (said, answers)
}

/// What the client hears, and what each connection to the upstream was asked.
fn pass(
    said: &[u8],
    answers: VecDeque<Vec<u8>>,
    hangs_up: bool,
    [client_piece, upstream_piece]: [usize; 2],
) -> (Vec<u8>, Vec<Vec<u8>>) {
    let connections: Arc<Mutex<Vec<Record>>> = Arc::default();
    let records = Arc::clone(&connections);
    let answers = Arc::new(Mutex::new(answers));
    let mut config = GatewayConfig::new(policy(), vec!["http://upstream.example".parse().unwrap()]);
    config.workers = NonZeroUsize::MIN;
    config.limits.head_bytes = 8 << 10;
    config.dialer = Some(Dialer::new(move |_| {
        let record = Record::default();
        records.lock().unwrap().push(Arc::clone(&record));
        Ok(Box::new(Stream {
            peer: Peer::Upstream {
                answers: Arc::clone(&answers),
                heard: 0,
            },
            says: Vec::new(),
            piece: upstream_piece,
            record,
            reader: None,
            is_ended: false,
        }))
    }));
    let heard = Record::default();
    let client = Stream {
        peer: Peer::Client { hangs_up },
        says: said.to_vec(),
        piece: client_piece,
        record: Arc::clone(&heard),
        reader: None,
        is_ended: false,
    };
    // Time does not pass by itself: whoever waits for nothing but the end of his patience has it.
    let mut runtime = Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    let panics = panics();
    let gateway = Gateway::new(config);
    let serving = gateway.serve_connection(client, ([203, 0, 113, 1], 4000).into());
    // What was upgraded stays open until one of its sides ends it, and here neither may.
    let serving = async { timeout(Duration::from_secs(3600), serving).await };
    let _ = runtime.block_on(serving);
    drop(runtime);
    assert_eq!(panics, self::panics(), "a task panicked");
    let asked = connections.lock().unwrap();
    let asked = asked.iter().map(|it| it.lock().unwrap().clone()).collect();
    let heard = heard.lock().unwrap().clone();
    (heard, asked)
}

fn policy() -> Policy {
    Policy::new(PolicyConfig {
        allow_origins: [ORIGIN].into(),
        allow_methods: ["PUT"].into(),
        allow_headers: AllowHeaders::List(["x-a".to_owned()].into()),
        allow_credentials: true,
        expose_headers: ["x-sum"].into(),
        max_age: MaxAge::Seconds(600),
        ..PolicyConfig::default()
    })
    .unwrap()
}

/// How often this thread has panicked: tokio keeps to itself what happens to a task.
fn panics() -> u32 {
    thread_local! {
        static PANICS: Cell<u32> = const { Cell::new(0) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            PANICS.set(PANICS.get() + 1);
            before(info);
        }));
    });
    PANICS.get()
}

/// The requests that bytes hold, as far as anybody may read them.
fn requests(mut bytes: &[u8]) -> Vec<Message> {
    let mut requests = Vec::new();
    while let Ok(request) = Message::request(bytes, Reading::Lenient) {
        let rest = request.length.and_then(|length| bytes.get(length..));
        let rest = rest.filter(|_| request.goes_on);
        requests.push(request);
        match rest {
            Some(rest) => bytes = rest,
            None => break,
        }
    }
    requests
}

/// What goes to the upstream is strictly written, and is what the client sent. What has no body may be
/// asked for once more.
fn assert_asked(sent: &[Message], connections: &[Vec<u8>]) {
    let mut asked = 0;
    for connection in connections {
        let mut bytes = connection.as_slice();
        while !bytes.is_empty() {
            let request = match Message::request(bytes, Reading::Strict) {
                Ok(request) => request,
                Err(Fault::Incomplete) => break,
                Err(fault) => panic!("{fault:?}: b\"{}\"", bytes.escape_ascii()),
            };
            asked += 1;
            let is_upgrade = request.has("upgrade");
            assert!(
                sent.iter().any(|sent| is_of(&request, sent)),
                "nobody sent {:?} of {sent:?}",
                String::from_utf8_lossy(bytes)
            );
            bytes = match request.length {
                // What follows an upgrade is no HTTP any more.
                Some(length) if !is_upgrade => &bytes[length..],
                _ => break,
            };
        }
    }
    let once_more = sent.iter().filter(|it| it.first[0] != b"POST").count();
    assert!(asked <= sent.len() + once_more, "{asked} of {sent:?}");
}

/// Whether a request that the upstream was asked is one that the client sent.
fn is_of(asked: &Message, sent: &Message) -> bool {
    let path = sent.first[1].split(|&byte| byte == b'#').next();
    let has_name = |(name, _): &(Vec<u8>, Vec<u8>)| {
        OWN_NAMES.iter().any(|own| own.as_bytes() == name)
            || sent.lines.iter().any(|(sent, _)| sent == name)
    };
    asked.first[0] == sent.first[0]
        && Some(asked.first[1].as_slice()) == path
        && asked.lines.iter().all(has_name)
}

/// What the client hears is strictly written, and says of CORS what the policy does.
fn assert_heard(sent: &[Message], mut bytes: &[u8]) {
    let mut sent = sent.iter();
    let mut request = sent.next();
    while !bytes.is_empty() {
        let method = request.map_or(&b"GET"[..], |it| &it.first[0]);
        let response = match Message::response(bytes, method) {
            Ok(response) => response,
            Err(Fault::Incomplete) => break,
            Err(fault) => panic!("{fault:?}: b\"{}\"", bytes.escape_ascii()),
        };
        assert_granted(request, &response);
        // An interim response is not the last word to the request.
        if response.first[1] != b"100" {
            request = sent.next();
        }
        bytes = match response.length {
            Some(length) if response.goes_on => &bytes[length..],
            _ => break,
        };
    }
}

fn assert_granted(request: Option<&Message>, response: &Message) {
    let origins: Vec<_> = request.map_or_else(Vec::new, |it| it.all("origin").collect());
    let is_granted = origins == [ORIGIN.as_bytes()];
    let is_options = request.is_some_and(|it| it.first[0] == b"OPTIONS");
    for (name, value, is_for_preflights) in [
        ("access-control-allow-origin", ORIGIN, false),
        ("access-control-allow-credentials", "true", false),
        ("access-control-expose-headers", "x-sum", false),
        ("access-control-allow-methods", "PUT", true),
        ("access-control-max-age", "600", true),
    ] {
        let said: Vec<_> = response.all(name).collect();
        let may = is_granted && (is_options || !is_for_preflights);
        assert!(
            said.is_empty() || (may && said == [value.as_bytes()]),
            "{name}: {response:?} to {request:?}"
        );
    }
    // They are said as they were asked for: in several lines, if so, and maybe more than once.
    let names = response.all("access-control-allow-headers");
    for name in names.flat_map(|value| value.split(|&byte| byte == b',')) {
        let is_listed = matches!(name.trim_ascii(), b"x-a" | b"");
        let may = is_granted && is_options && is_listed;
        assert!(may, "headers: {response:?} to {request:?}");
    }
}

/// The upstream has to be reached by what is said here, or nothing is shown by all of this.
#[test]
fn whole_exchanges_are_within_reach() {
    let said = b"GET /a HTTP/1.1\r\nHost: localhost\r\nOrigin: https://a.example\r\n\r\n\
        POST /b HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\
        5\r\nhello\r\n0\r\n\r\n";
    let answer =
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nhi";
    for pieces in [[usize::MAX; 2], [1, 1]] {
        let answers = VecDeque::from([answer.to_vec(), answer.to_vec()]);
        let (heard, asked) = pass(said, answers, false, pieces);
        let text = String::from_utf8_lossy(&heard);
        assert_eq!(text.matches("HTTP/1.1 200 OK\r\n").count(), 2, "{text}");
        assert_eq!(
            text.matches("access-control-allow-origin: ").count(),
            1,
            "{text}"
        );
        assert_eq!(requests(said).len(), 2);
        assert_asked(&requests(said), &asked);
        assert_heard(&requests(said), &heard);
        let [asked] = asked.try_into().unwrap();
        let first = Message::request(&asked, Reading::Strict).unwrap();
        let second = Message::request(&asked[first.length.unwrap()..], Reading::Strict).unwrap();
        assert_eq!([&first.first[1], &second.first[1]], [&b"/a"[..], b"/b"]);
    }
}

#[test]
fn the_strict_reading_refuses_what_two_peers_read_differently() {
    for bytes in [
        &b"GET / HTTP/1.1\nHost: a\r\n\r\n"[..],
        b"GET / HTTP/1.1\r\nA: b\rc\r\n\r\n",
        b"GET / HTTP/1.1\r\n A: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nA : b\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n",
    ] {
        let read = Message::request(bytes, Reading::Strict);
        assert!(matches!(read, Err(Fault::Malformed(_))), "{read:?}");
    }
}
