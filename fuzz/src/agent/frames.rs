//! Frames of HTTP/2: well formed on the outside, as a rule.

use crate::chance::Chance;

/// What a server says on each of its connections: a greeting, and something after each request.
pub(super) fn said(chance: &mut Chance<'_>) -> Vec<Vec<Vec<u8>>> {
    let mut connections = vec![vec![hello(chance), Vec::new()]];
    for _ in 0..40 {
        if chance.is_over() {
            break;
        }
        let kind = chance.byte();
        if kind < 16 {
            connections.push(vec![hello(chance), Vec::new()]);
        }
        let parts = connections.last_mut().unwrap();
        if (16..56).contains(&kind) {
            parts.push(Vec::new());
        }
        let request = u32::try_from(parts.len()).unwrap() - 1;
        let stream = stream(chance, request);
        parts.last_mut().unwrap().extend(match chance.byte() {
            0..=119 => headers(chance, stream),
            120..=149 => frame(chance.byte() % 11, chance.byte(), stream, &chance.bytes()),
            150..=239 => frame(0, chance.byte() & 1, stream, &chance.bytes()),
            _ => chance.bytes(),
        });
    }
    connections
}

/// SETTINGS, and that ours were seen; not always.
fn hello(chance: &mut Chance<'_>) -> Vec<u8> {
    match chance.byte() {
        0..=239 => [frame(4, 0, 0, &[]), frame(4, 1, 0, &[])].concat(),
        _ => Vec::new(),
    }
}

/// The stream of a request, or nearly any other.
fn stream(chance: &mut Chance<'_>, request: u32) -> u32 {
    match chance.byte() {
        0..=219 => request * 2 - 1,
        _ => chance.pick(&[0, 1, 2, 3, 5, 99]),
    }
}

/// A block of headers: a status, and lines that mean something here.
fn headers(chance: &mut Chance<'_>, stream: u32) -> Vec<u8> {
    const LINES: [(&[u8], &[u8]); 9] = [
        (b"access-control-allow-origin", b"*"),
        (b"access-control-allow-methods", b"*"),
        (b"access-control-allow-headers", b"*"),
        (b"location", b"/next"),
        (b"content-length", b"3"),
        (b"set-cookie", b"a=b; SameSite=None; Secure"),
        (b"connection", b"close"),
        (b":status", b"200"),
        (b"Upper-Case", b"\x0b"),
    ];
    // 200, 204, 302 by a literal, 404, 100 by a literal.
    let status: [&[u8]; 5] = [b"\x88", b"\x89", b"\x08\x03302", b"\x8d", b"\x08\x03100"];
    let mut block = chance.pick(&status).to_vec();
    for _ in 0..chance.byte() % 6 {
        let (name, value) = chance.pick(&LINES);
        let (name, value) = match chance.byte() {
            0..=199 => (name.to_vec(), value.to_vec()),
            200..=229 => (name.to_vec(), chance.bytes()),
            _ => (chance.bytes(), chance.bytes()),
        };
        let length = |part: &[u8]| u8::try_from(part.len()).unwrap() & 0x7f;
        block.extend_from_slice(&[0, length(&name)]);
        block.extend_from_slice(&name);
        block.push(length(&value));
        block.extend_from_slice(&value);
    }
    let flags = chance.pick(&[4, 4, 5, 5, 0, 0x24]);
    frame(1, flags, stream, &block)
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let [_, length @ ..] = length;
    let head = [&length[..], &[kind, flags], &stream.to_be_bytes()].concat();
    [&head, payload].concat()
}
