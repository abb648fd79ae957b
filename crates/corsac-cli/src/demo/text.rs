//! The demo for people: 80 columns, ASCII, and no colour that a word does not say as well.

use std::{
    io::{self, Write},
    net::SocketAddr,
};

use anstyle::{AnsiColor, Style};
use corsac::{
    diagnosis::Verdict,
    fetch::{HopKind, Response},
    header::Header,
};
use corsac_agent::{Exchange, Outcome};

use super::{
    play::{Asked, Played, Status},
    scenes::{Ask, Look, RESOURCES},
};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const ASIDE: Style = AnsiColor::Yellow.on_default().bold();

/// Says who is who.
pub(super) fn introduction(out: &mut impl Write, address: SocketAddr) -> io::Result<()> {
    writeln!(
        out,
        "\
{BOLD}CORS in ten scenes, on this machine{BOLD:#}

Scripts of Site A (http://sitea.com) ask for what Site B (http://siteb.com) has.
Site B is a server on {address}; Site A's user agent does what browsers do.

  {DIM}>{DIM:#} sent   {DIM}<{DIM:#} came back   only the lines that CORS is about, unless it says \"every byte\""
    )
}

/// One scene.
pub(super) fn scene(out: &mut impl Write, played: &Played) -> io::Result<()> {
    let scene = played.scene;
    writeln!(out, "\n\n{BOLD}{:<4} {}{BOLD:#}\n", scene.id, scene.title)?;
    for line in scene.says {
        writeln!(out, "     {line}")?;
    }
    if played.status() == Status::NotRun {
        return writeln!(out, "\n     {ASIDE}NOT RUN{ASIDE:#}   needs the JS engine");
    }
    if scene.look == Look::Order {
        writeln!(out)?;
    }
    for asked in &played.asks {
        match scene.look {
            Look::Order => order(out, asked)?,
            look => exchanges(out, asked, look)?,
        }
        for mismatch in &asked.mismatches {
            writeln!(out, "     {BAD}FAILED{BAD:#}    {mismatch}")?;
        }
    }
    Ok(())
}

/// How it went on the whole.
pub(super) fn conclusion(out: &mut impl Write, played: &[Played]) -> io::Result<()> {
    let count = |status| {
        played
            .iter()
            .filter(|scene| scene.status() == status)
            .count()
    };
    let (passed, failed) = (count(Status::Passed), count(Status::Failed));
    let not_run = count(Status::NotRun);
    writeln!(
        out,
        "\n\n{} scenes: {passed} as told, {failed} failed, {not_run} not run.",
        played.len()
    )
}

/// Where Site B is, for those who want to ask it themselves.
pub(super) fn urls(out: &mut impl Write, address: SocketAddr) -> io::Result<()> {
    writeln!(
        out,
        "\nSite B stays until standard input ends. It grants:\n"
    )?;
    for resource in RESOURCES {
        let url = format!("http://{address}{}", resource.path);
        writeln!(out, "  {url:<36} {}", resource.says)?;
    }
    writeln!(
        out,
        "\n  curl -i -H 'Origin: http://sitea.com' http://{address}/somePage"
    )
}

/// An ask in one line: what it was, and what had to go out before it.
fn order(out: &mut impl Write, asked: &Asked) -> io::Result<()> {
    let Ask {
        method, headers, ..
    } = asked.ask;
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    let asks_first = asked
        .fetched
        .exchanges
        .iter()
        .any(|exchange| exchange.kind == HopKind::Preflight);
    let how = match asks_first {
        true => "asks first: OPTIONS",
        false => "goes out at once",
    };
    writeln!(out, "     {method:<5} {:<32} {how}", headers.join(", "))
}

fn exchanges(out: &mut impl Write, asked: &Asked, look: Look) -> io::Result<()> {
    let Ask {
        page, method, url, ..
    } = asked.ask;
    let page = page.strip_suffix("/page").unwrap_or(page);
    writeln!(out, "\n     {DIM}a script of {page}: {method} {url}{DIM:#}")?;
    for exchange in &asked.fetched.exchanges {
        match look {
            Look::Wire => every_byte(out, exchange)?,
            _ => cors_lines(out, exchange)?,
        }
    }
    if look == Look::LinesAndLog {
        let log: Vec<_> = asked
            .received
            .iter()
            .map(|received| &*received.method)
            .collect();
        let log = log.join(", then ");
        writeln!(out, "     {DIM}Site B's log: {log}{DIM:#}")?;
    }
    match &asked.fetched.outcome {
        Outcome::Response { response, body } => readable(out, response, body),
        Outcome::Blocked(verdict) => blocked(out, verdict),
    }
}

/// What went over the wire as it was.
fn every_byte(out: &mut impl Write, exchange: &Exchange) -> io::Result<()> {
    for (sign, bytes) in [('>', &exchange.sent), ('<', &exchange.received)] {
        for line in bytes
            .strip_suffix(b"\n")
            .unwrap_or(bytes)
            .split(|&byte| byte == b'\n')
        {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            wire_line(out, sign, &text(line))?;
        }
    }
    Ok(())
}

/// The lines that CORS is about.
fn cors_lines(out: &mut impl Write, exchange: &Exchange) -> io::Result<()> {
    let path = exchange.url.path();
    wire_line(out, '>', &format!("{} {path}", exchange.method))?;
    for header in exchange
        .header_list
        .iter()
        .filter(|header| is_of_cors(header))
    {
        header_line(out, '>', header)?;
    }
    let Some(head) = &exchange.head else {
        return Ok(());
    };
    let status_message = text(&head.status_message);
    wire_line(out, '<', &format!("{} {status_message}", head.status))?;
    for header in head.header_list.iter().filter(|header| is_of_cors(header)) {
        header_line(out, '<', header)?;
    }
    Ok(())
}

fn is_of_cors(header: &Header) -> bool {
    let name = header.name().to_ascii_lowercase();
    name == b"origin" || name.starts_with(b"access-control-")
}

fn header_line(out: &mut impl Write, sign: char, header: &Header) -> io::Result<()> {
    let (name, value) = (text(header.name()), text(header.value()));
    wire_line(out, sign, &format!("{name}: {value}"))
}

fn wire_line(out: &mut impl Write, sign: char, line: &str) -> io::Result<()> {
    match line {
        "" => writeln!(out, "     {DIM}{sign}{DIM:#}"),
        line => writeln!(out, "     {DIM}{sign}{DIM:#} {line}"),
    }
}

fn readable(out: &mut impl Write, response: &Response, body: &[u8]) -> io::Result<()> {
    let status = response.status;
    let body = text(body.trim_ascii_end());
    writeln!(out, "     {GOOD}READABLE{GOOD:#}  {status}, {body}")
}

fn blocked(out: &mut impl Write, verdict: &Verdict) -> io::Result<()> {
    let code = verdict.code();
    let phase = verdict.phase;
    writeln!(
        out,
        "     {BAD}BLOCKED{BAD:#}   {code}, by the {phase} response"
    )?;
    writeln!(out, "               {}", code.title())
}

/// Bytes of the wire are not to be trusted with a terminal.
fn text(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&byte| match byte {
            b' '..=b'~' => char::from(byte).to_string(),
            byte => byte.escape_ascii().to_string(),
        })
        .collect()
}
