//! What each engine answers, before anything is timed.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};

use super::Case;

/// Asks twice over one connection, and compares status, grant and length.
pub(super) fn assert_answers(port: u16, case: &Case) -> Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    for _ in 0..2 {
        let mut request = format!(
            "{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n",
            case.method, case.path
        );
        for line in case.lines {
            request.push_str(line);
            request.push_str("\r\n");
        }
        request.push_str("\r\n");
        stream.write_all(request.as_bytes())?;
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte)?;
            head.extend(byte);
        }
        let head = String::from_utf8(head)?.to_ascii_lowercase();
        let status = format!("http/1.1 {} ", case.status);
        ensure!(head.starts_with(&status), "not {status}: {head}");
        let values = |name: &str| {
            let lines = head.lines().filter_map(|line| line.split_once(": "));
            let values = lines.filter(|(line, _)| *line == name);
            values
                .map(|(_, value)| value.to_owned())
                .collect::<Vec<_>>()
        };
        let due: &[&str] = if case.granted {
            &["https://a.example"]
        } else {
            &[]
        };
        let granted = values("access-control-allow-origin");
        ensure!(granted == due, "it grants to {granted:?}");
        let length = values("content-length")
            .first()
            .map(|it| it.parse::<usize>());
        let length = length.transpose().context("a length")?.unwrap_or(0);
        ensure!(length == case.length, "{length} bytes");
        stream.read_exact(&mut vec![0; length])?;
    }
    Ok(())
}
