use std::{
    fmt::Write as _,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

use anyhow::{Context as _, Result};
use corsac::fetch::ResponseHead;
use corsac_agent::wire::{Limits, ResponseParser};

use super::{Case, upstream};

/// What came back.
pub(super) struct Answer {
    pub(super) head: ResponseHead,
    /// Whether the upstream wrote it.
    pub(super) from_upstream: bool,
}

/// Sends a case to a port on this machine, on a connection of its own.
pub(super) fn ask(port: u16, case: &Case) -> Result<Answer> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let limit = Some(Duration::from_secs(10));
    stream.set_read_timeout(limit)?;
    stream.set_write_timeout(limit)?;
    let mut request = format!("{} {} HTTP/1.1\r\n", case.method, case.target);
    let host = [("Host", "siteb.example")];
    for (name, value) in host.iter().chain(case.lines) {
        write!(request, "{name}: {value}\r\n")?;
    }
    request.push_str("Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;

    let mut parser = ResponseParser::new(Limits::default(), false);
    let mut buffer = [0; 4096];
    while !parser.is_done() {
        match stream.read(&mut buffer)? {
            0 => parser.handle_end()?,
            length => parser.handle_bytes(buffer.get(..length).unwrap_or_default())?,
        }
    }
    let head = parser.head().context("no head came")?.clone();
    let from_upstream = head.header_list.contains(upstream::MARK);
    Ok(Answer {
        head,
        from_upstream,
    })
}
