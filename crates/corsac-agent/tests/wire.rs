//! Tables: bytes in, heads and bodies and errors out.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed"
)]

use corsac::header::HeaderList;
use corsac_agent::wire::{
    Limits, ResponseParser, WireError, parse_field_lines, request_lines, write_request,
};
use http::Method;

/// `|` stands between lines and `=` between name and value.
fn shown(list: &HeaderList) -> String {
    let lines = list.iter().map(|header| {
        let (name, value) = (header.name(), header.value());
        format!("{}={}", name.escape_ascii(), value.escape_ascii())
    });
    lines.collect::<Vec<_>>().join("|")
}

#[test]
fn field_lines() {
    let cases: &[(&[u8], Result<&str, WireError>)] = &[
        (b"\r\n", Ok("")),
        (b"A: b\r\n\r\n", Ok("A=b")),
        // The name's case, the order and duplicates are facts.
        (
            b"vary: a\r\nX: 1\r\nVARY: b\r\n\r\n",
            Ok("vary=a|X=1|VARY=b"),
        ),
        (b"A:b\nB: c\n\n", Ok("A=b|B=c")),
        (b"A:\t b c\t \r\n\r\n", Ok("A=b c")),
        (b"A:\r\nB: \r\n\r\n", Ok("A=|B=")),
        (b"A: b:c\r\n\r\n", Ok("A=b:c")),
        // Every byte but NUL, CR and LF: one VT more in a grant, and no engine takes it.
        (b"A: \x0b\r\n\r\n", Ok("A=\\x0b")),
        (
            b"A: \x0c\x01\x7f\x80\xff\r\n\r\n",
            Ok("A=\\x0c\\x01\\x7f\\x80\\xff"),
        ),
        // Left out, as in browsers.
        (b"no colon\r\nA: b\r\n\r\n", Ok("A=b")),
        (b": b\r\nA: b\r\n\r\n", Ok("A=b")),
        (b"A b: c\r\nA: b\r\n\r\n", Ok("A=b")),
        (b"A\x80: c\r\nA: b\r\n\r\n", Ok("A=b")),
        // Chromium takes it and Firefox does not.
        (b"A : b\r\nB: c\r\n\r\n", Ok("B=c")),
        (b"A\t: b\r\nB: c\r\n\r\n", Ok("B=c")),
        // Folded lines belong to the line before, or to nothing.
        (b"A: b\r\n  c\r\n\td \r\nB: e\r\n\r\n", Ok("A=b c d|B=e")),
        (b"A:\r\n b\r\n\r\n", Ok("A=b")),
        (b"A: b\r\n \r\nB: c\r\n\r\n", Ok("A=b|B=c")),
        (b"no colon\r\n A: b\r\nB: c\r\n\r\n", Ok("B=c")),
        (b" A: b\r\nB: c\r\n\r\n", Ok("B=c")),
        // What comes after the empty line is no header.
        (b"A: b\r\n\r\nB: c\r\n\r\n", Ok("A=b")),
        (b"A: b\0\r\n\r\n", Err(WireError::Nul)),
        (b"no\0colon\r\n\r\n", Err(WireError::Nul)),
        (b"A: b\rB: c\r\n\r\n", Err(WireError::BareCr)),
        (b"A: b\r\r\n\r\n", Err(WireError::BareCr)),
    ];
    for (head, told) in cases {
        let came = parse_field_lines(head, 100).map(|list| shown(&list));
        let told = told.map(str::to_owned);
        assert_eq!(came, told, "{}", head.escape_ascii());
    }
    assert_eq!(parse_field_lines(b"A: b\nA: b\n\n", 2).unwrap().len(), 2);
    assert_eq!(
        parse_field_lines(b"A: b\nA: b\n\n", 1),
        Err(WireError::HeadTooLarge)
    );
}

/// Status, headers and body; or what is wrong, and whether the head was there by then.
type Parsed = Result<(u16, String, Vec<u8>), (WireError, bool)>;

fn parse_pieces<'a>(mut pieces: impl Iterator<Item = &'a [u8]>, answers_head: bool) -> Parsed {
    let mut parser = ResponseParser::new(Limits::default(), answers_head);
    let read = pieces.try_for_each(|piece| parser.handle_bytes(piece));
    let read = read.and_then(|()| match parser.is_done() {
        true => Ok(()),
        false => parser.handle_end(),
    });
    read.map_err(|error| (error, parser.head().is_some()))?;
    assert!(parser.is_done());
    let head = parser.head().unwrap();
    Ok((
        head.status,
        shown(&head.header_list),
        parser.body().to_vec(),
    ))
}

/// Parses a whole response, which must not depend on how its bytes come.
fn parse(bytes: &[u8], answers_head: bool) -> Parsed {
    let at_once = parse_pieces([bytes].into_iter(), answers_head);
    let by_bytes = parse_pieces(bytes.chunks(1), answers_head);
    assert_eq!(at_once, by_bytes, "{}", bytes.escape_ascii());
    at_once
}

#[test]
fn a_head_ends_with_its_connection_where_it_may() {
    let cases = [
        ("HTTP/1.1 200 OK\nA: b\n", Ok("A=b")),
        ("HTTP/1.1 200 OK\r\nA: b\r\n", Ok("A=b")),
        ("HTTP/1.1 103 \r\n\r\nHTTP/1.1 200 OK\r\n", Ok("")),
        ("HTTP/1.1 103 \r\n", Err((WireError::Closed, false))),
        ("HTTP/1.1 200 OK\r\nA: b", Err((WireError::Closed, false))),
        ("HTTP/1.1 200 OK", Err((WireError::Closed, false))),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n",
            Err((WireError::Closed, true)),
        ),
        ("HTTP/1.1 200 OK\r\nA: \0\r\n", Err((WireError::Nul, false))),
    ];
    for (bytes, told) in cases {
        for piece in [1, bytes.len()] {
            for may in [true, false] {
                let mut parser = ResponseParser::new(Limits::default(), false);
                if may {
                    parser.end_heads_with_connection();
                }
                for bytes in bytes.as_bytes().chunks(piece) {
                    parser.handle_bytes(bytes).unwrap();
                }
                let ended = parser.handle_end();
                let has_head = parser.has_head();
                let came = ended.map(|()| shown(&parser.head().unwrap().header_list));
                let told = match may {
                    true => told.map(str::to_owned),
                    false => Err((WireError::Closed, false)),
                };
                assert_eq!(came.map_err(|error| (error, has_head)), told, "{bytes}");
            }
        }
    }
}

#[test]
fn status_lines() {
    let ok = [
        ("HTTP/1.1 200 OK", 200),
        ("HTTP/1.0 404 Not Found", 404),
        ("HTTP/1.1 200", 200),
        ("HTTP/1.1 200 ", 200),
        ("HTTP/1.9 999 \u{e9}", 999),
    ];
    for (line, status) in ok {
        let response = format!("{line}\r\n\r\n");
        assert_eq!(
            parse(response.as_bytes(), false).unwrap().0,
            status,
            "{line}"
        );
    }
    let wrong = [
        "HTTP/1.1 20 OK",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 099 OK",
        "HTTP/1.1  200 OK",
        "HTTP/1.1 200\tOK",
        "HTTP/1.1",
        "HTTP/1.x 200 OK",
        "HTTP/2 200 OK",
        "HTTP/2.0 200 OK",
        "http/1.1 200 OK",
        " HTTP/1.1 200 OK",
        "",
        "SSH-2.0-OpenSSH_9.9",
    ];
    for line in wrong {
        let response = format!("{line}\r\n\r\n");
        let came = parse(response.as_bytes(), false);
        assert_eq!(came, Err((WireError::StatusLine, false)), "{line}");
    }
    let nul = b"HTTP/1.1 200 O\0K\r\n\r\n";
    assert_eq!(parse(nul, false), Err((WireError::Nul, false)));
    let bare_cr = b"HTTP/1.1 200 OK\rA: b\r\n\r\n";
    assert_eq!(parse(bare_cr, false), Err((WireError::BareCr, false)));
}

#[test]
fn another_protocol_is_found_out_at_once() {
    let mut parser = ResponseParser::new(Limits::default(), false);
    assert_eq!(parser.handle_bytes(b"\x15\x03"), Err(WireError::StatusLine));
}

#[test]
fn heads_of_status_1xx_are_passed_over() {
    let response = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n\
        HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    let told = (200, "Content-Length=1".to_owned(), b"x".to_vec());
    assert_eq!(parse(response, false), Ok(told));

    let upgrade = b"HTTP/1.1 101 Switching Protocols\r\n\r\n";
    assert_eq!(
        parse(upgrade, false),
        Err((WireError::UnexpectedUpgrade, false))
    );

    let endless = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(17);
    assert_eq!(
        parse(&endless, false),
        Err((WireError::HeadTooLarge, false))
    );
}

#[test]
fn bodies_by_length_or_to_the_end() {
    const WRONG: Result<&str, (WireError, bool)> = Err((WireError::ContentLength, false));
    let cases = [
        ("", "until the end", Ok("until the end")),
        ("Content-Length: 0\r\n", "", Ok("")),
        ("Content-Length: 2\r\n", "hi", Ok("hi")),
        ("Content-Length: 2\r\n", "hi, there", Ok("hi")),
        (
            "Content-Length: 3\r\n",
            "hi",
            Err((WireError::Closed, true)),
        ),
        ("Content-Length: 2\r\nContent-Length: 2\r\n", "hi", Ok("hi")),
        ("Content-Length: 2, 2\r\n", "hi", Ok("hi")),
        ("Content-Length: 2\r\nContent-Length: 3\r\n", "hi", WRONG),
        ("Content-Length: 2, 02\r\n", "hi", WRONG),
        ("Content-Length: +2\r\n", "hi", WRONG),
        ("Content-Length: -2\r\n", "hi", WRONG),
        ("Content-Length: 0x2\r\n", "hi", WRONG),
        ("Content-Length:\r\n", "hi", WRONG),
        ("Content-Length: 18446744073709551616\r\n", "hi", WRONG),
    ];
    for (lines, body, told) in cases {
        let response = format!("HTTP/1.1 200 OK\r\n{lines}\r\n{body}");
        let came = parse(response.as_bytes(), false).map(|(.., body)| body);
        assert_eq!(came, told.map(|body| body.as_bytes().to_vec()), "{lines}");
    }
}

#[test]
fn bodies_in_chunks() {
    const WRONG: Result<&str, (WireError, bool)> = Err((WireError::Chunk, true));
    const CLOSED: Result<&str, (WireError, bool)> = Err((WireError::Closed, true));
    let cases = [
        ("0\r\n\r\n", Ok("")),
        ("2\r\nhi\r\n0\r\n\r\n", Ok("hi")),
        (
            "2;a=b\r\nhi\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n",
            Ok("hi0123456789"),
        ),
        ("2\r\nhi\r\n0\r\n\r\nmore", Ok("hi")),
        ("2\r\nhi\r\n", CLOSED),
        ("2\r\nhi\r\n0\r\n", CLOSED),
        ("2\nhi\n0\n\n", WRONG),
        ("1\r\nhi\r\n0\r\n\r\n", WRONG),
        ("\r\n\r\n", WRONG),
        ("+2\r\nhi\r\n0\r\n\r\n", WRONG),
        ("2 \r\nhi\r\n0\r\n\r\n", WRONG),
        ("10000000000000000\r\n", WRONG),
    ];
    for (body, told) in cases {
        let response = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n{body}");
        let came = parse(response.as_bytes(), false).map(|(.., body)| body);
        assert_eq!(came, told.map(|body| body.as_bytes().to_vec()), "{body}");
    }
    for size in [format!("{:05000}", 0), format!("{:05000}\r\n\r\n", 0)] {
        let endless = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{size}");
        let came = parse(endless.as_bytes(), false);
        assert_eq!(came, Err((WireError::Chunk, true)));
    }
}

#[test]
fn transfer_codings() {
    let body = "2\r\nhi\r\n0\r\n\r\n";
    let both =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n{body}");
    assert_eq!(parse(both.as_bytes(), false).unwrap().2, b"hi");
    for wrong in [
        "gzip, chunked",
        "chunked, chunked",
        "identity",
        "\x0bchunked",
        "",
    ] {
        let response = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: {wrong}\r\n\r\n{body}");
        let came = parse(response.as_bytes(), false);
        assert_eq!(came, Err((WireError::TransferEncoding, false)), "{wrong}");
    }
    let old = format!("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
    assert_eq!(
        parse(old.as_bytes(), false),
        Err((WireError::TransferEncoding, false))
    );
}

#[test]
fn some_responses_have_no_body_whatever_they_say() {
    for status in [204, 304] {
        let response = format!("HTTP/1.1 {status} \r\nContent-Length: 9\r\n\r\n");
        assert_eq!(parse(response.as_bytes(), false).unwrap().2, b"");
    }
    let response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(parse(response, true).unwrap().2, b"");
}

#[test]
fn everything_has_a_limit() {
    const TOO_LARGE: Result<(), WireError> = Err(WireError::HeadTooLarge);
    let limits = Limits {
        head_bytes: 64,
        head_lines: 2,
        interim_heads: 1,
        body_bytes: 4,
        ..Limits::default()
    };
    let parse = |bytes: &[u8]| {
        let mut parser = ResponseParser::new(limits, false);
        let read = parser.handle_bytes(bytes);
        (read, parser.head().is_some())
    };
    let long_line = [&b"HTTP/1.1 200 OK\r\nA: "[..], &[b'a'; 64]].concat();
    let long_head = [&long_line[..], b"\r\n\r\n"].concat();
    let cases: [(&[u8], _, _); 7] = [
        (&long_line, TOO_LARGE, false),
        (&long_head, TOO_LARGE, false),
        (b"HTTP/1.1 200 OK\nA:\nB:\n\n", Ok(()), true),
        (b"HTTP/1.1 200 OK\nA:\nB:\nC:\n\n", TOO_LARGE, false),
        (b"HTTP/1.1 100 \n\nHTTP/1.1 100 \n\n", TOO_LARGE, false),
        (b"HTTP/1.1 200 OK\n\n1234", Ok(()), true),
        (
            b"HTTP/1.1 200 OK\n\n12345",
            Err(WireError::BodyTooLarge),
            true,
        ),
    ];
    for (bytes, read, head) in cases {
        assert_eq!(parse(bytes), (read, head), "{}", bytes.escape_ascii());
    }
}

#[test]
fn what_was_received_is_kept_and_nothing_after_its_end() {
    let mut parser = ResponseParser::new(Limits::default(), false);
    let response = b"HTTP/1.1 100 \r\n\r\nHTTP/1.1 200 OK\r\nX:  y\r\nContent-Length: 1\r\n\r\nz";
    parser
        .handle_bytes(&[&response[..], b"more"].concat())
        .unwrap();
    parser.handle_bytes(b"and more").unwrap();
    assert_eq!(parser.received(), response);
}

#[test]
fn requests() {
    let write = |url: &str, lines: &[(&str, &str)], body: &str| {
        let url = url.parse().unwrap();
        let lines = request_lines(&url, &lines.iter().copied().collect(), b"identity");
        let request = write_request(&Method::PUT, &url, &lines, body.as_bytes());
        request.map(|request| String::from_utf8(request).unwrap())
    };
    assert_eq!(
        write(
            "http://me:secret@siteb.com:8080/a%20b?c=d#e",
            &[
                ("origin", "http://sitea.com"),
                ("X", "1"),
                ("x", ""),
                ("Content-Length", "2")
            ],
            "hi",
        )
        .unwrap(),
        "PUT /a%20b?c=d HTTP/1.1\r\nHost: siteb.com:8080\r\nConnection: keep-alive\r\n\
         origin: http://sitea.com\r\nX: 1\r\nx: \r\nContent-Length: 2\r\n\
         Accept-Encoding: identity\r\n\r\nhi",
    );
    let ipv6 = write("http://[::1]:80", &[], "").unwrap();
    assert!(
        ipv6.starts_with("PUT / HTTP/1.1\r\nHost: [::1]\r\n"),
        "{ipv6}"
    );
    let wrong = [
        ("A", "b\r\nC: d"),
        ("A", "b\n"),
        ("A", "\0"),
        ("A b", ""),
        ("", ""),
    ];
    for (name, value) in wrong {
        let refused = write("http://siteb.com/", &[(name, value)], "");
        assert_eq!(
            refused,
            Err(WireError::RequestHeader),
            "{name:?}: {value:?}"
        );
    }
}
