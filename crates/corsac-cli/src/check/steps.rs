//! The exchanges of a run, as steps of a report.

use std::time::Duration;

use corsac::{
    diagnosis::{CheckResult, Exam, Phase, Verdict, checks},
    fetch::{CredentialsMode, HopKind, ResponseTainting},
    header::HeaderList,
};
use corsac_agent::{Connection, Exchange, Fetched};

use super::{
    decide::Decided,
    report::{CheckReport, CheckState, Pair, Received, Sent, Step, StepKind, Timings, TlsReport},
};
use crate::json::isomorphic_decode;

/// The steps of one run, numbered on from those before.
pub(super) fn steps(
    fetched: &Fetched,
    decided: &Decided,
    credentials: CredentialsMode,
    round: Option<u32>,
    before: usize,
) -> Vec<Step> {
    let mut hop = 0;
    let mut follows_actual = false;
    let mut steps = Vec::with_capacity(fetched.exchanges.len());
    for (place, exchange) in fetched.exchanges.iter().enumerate() {
        if !left(exchange) && exchange.failure.is_none() {
            continue;
        }
        // After a request of its own comes a redirect's, unless it is the same one once more.
        if follows_actual && !exchange.hop.new_connection {
            hop += 1;
        }
        follows_actual = exchange.hop.kind == HopKind::Actual;
        let is_failed = decided.failed_at == Some(place + 1);
        let verdict = decided.verdict.as_deref().filter(|_| is_failed);
        let tainting = decided.taintings.get(place).copied();
        let checks = exam(exchange, tainting, credentials, verdict);
        steps.push(step(exchange, before + place + 1, hop, round, checks));
    }
    steps
}

/// Whether the request of an exchange left at all.
pub(super) const fn left(exchange: &Exchange) -> bool {
    exchange.timings.send.is_some()
}

fn exam(
    exchange: &Exchange,
    tainting: Option<ResponseTainting>,
    credentials: CredentialsMode,
    verdict: Option<&Verdict>,
) -> Vec<CheckReport> {
    let Some((head, tainting)) = exchange.head.as_ref().zip(tainting) else {
        return Vec::new();
    };
    let exam = Exam {
        phase: match exchange.hop.kind {
            HopKind::Preflight => Phase::Preflight,
            HopKind::Actual | HopKind::Scheme => Phase::Actual,
        },
        sent: &exchange.hop.header_list,
        is_cors: tainting == ResponseTainting::Cors,
        is_basic: tainting == ResponseTainting::Basic,
        include_credentials: credentials == CredentialsMode::Include,
        status: head.status,
        received: &head.header_list,
        verdict,
    };
    let all = checks(&exam);
    all.into_iter()
        .map(|checked| {
            let evidence = checked.evidence();
            let reason = match checked.result {
                CheckResult::Failed(reason) => Some(reason),
                CheckResult::Passed | CheckResult::NotReached => None,
            };
            CheckReport {
                check: checked.check.name().to_owned(),
                state: match checked.result {
                    CheckResult::Passed => CheckState::Ok,
                    CheckResult::Failed(_) => CheckState::Failed,
                    CheckResult::NotReached => CheckState::NotReached,
                },
                line: checked.line,
                byte: evidence.map(|evidence| evidence.byte),
                length: evidence.map(|evidence| evidence.length),
                subject: checked.subject,
                expected: Some(checked.expected),
                found: checked.found.as_deref().map(isomorphic_decode),
                code: reason.map(|reason| reason.code().to_string()),
                message: reason.map(ToString::to_string),
            }
        })
        .collect()
}

fn step(
    exchange: &Exchange,
    n: usize,
    hop: usize,
    round: Option<u32>,
    checks: Vec<CheckReport>,
) -> Step {
    let connection = exchange.connection.as_ref();
    let timings = &exchange.timings;
    Step {
        n,
        kind: match (exchange.hop.kind, hop) {
            (HopKind::Preflight, _) => StepKind::Preflight,
            (_, 0) => StepKind::Actual,
            _ => StepKind::Redirect,
        },
        hop,
        round,
        request: sent(exchange),
        response: received(exchange),
        failure: exchange.failure.as_ref().map(ToString::to_string),
        peer: connection.map(|connection| connection.peer.to_string()),
        tls: connection.and_then(tls),
        started: timings
            .started
            .map(|time| humantime::format_rfc3339_millis(time).to_string()),
        timings: Timings {
            dns: timings.dns.map(ms),
            connect: timings.connect.map(ms),
            tls: timings.tls.map(ms),
            send: timings.send.map(ms),
            wait: timings.wait.map(ms),
            receive: timings.receive.map(ms),
            total: ms([
                timings.dns,
                timings.connect,
                timings.tls,
                timings.send,
                timings.wait,
                timings.receive,
            ]
            .into_iter()
            .flatten()
            .sum()),
        },
        checks,
    }
}

/// Milliseconds, to the microsecond.
pub(crate) fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

fn sent(exchange: &Exchange) -> Sent {
    let hop = &exchange.hop;
    // What HTTP/1 wrote stands as it is; HTTP/2 has no such line, so it is the one it stands for.
    let first_line = exchange.sent.split(|&byte| byte == b'\n').next();
    let line = first_line.filter(|line| !line.is_empty()).map(|line| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        isomorphic_decode(line)
    });
    Sent {
        method: hop.method.to_string(),
        url: hop.url.to_string(),
        line: line.unwrap_or_else(|| {
            let (path, query) = (hop.url.path(), hop.url.query());
            let query = query.map(|query| format!("?{query}")).unwrap_or_default();
            let version = match exchange.version {
                Some(http::Version::HTTP_2) => "HTTP/2",
                _ => "HTTP/1.1",
            };
            format!("{} {path}{query} {version}", hop.method)
        }),
        headers: pairs(&exchange.request_lines),
        body_length: match hop.body {
            corsac::fetch::Body::Source { length } => Some(length),
            _ => None,
        },
    }
}

fn received(exchange: &Exchange) -> Option<Received> {
    let head = exchange.head.as_ref()?;
    Some(Received {
        http: match exchange.version {
            Some(http::Version::HTTP_10) => "1.0",
            Some(http::Version::HTTP_2) => "2",
            _ => "1.1",
        }
        .to_owned(),
        status: head.status,
        reason: isomorphic_decode(&head.status_message),
        headers: pairs(&head.header_list),
        body_length: Some(exchange.body.len() as u64),
        body_error: exchange.body_error.as_ref().map(ToString::to_string),
    })
}

fn tls(connection: &Connection) -> Option<TlsReport> {
    let tls = connection.tls.as_ref()?;
    Some(TlsReport {
        version: tls.version.clone(),
        cipher: tls.cipher_suite.clone(),
        alpn: tls.alpn.clone(),
    })
}

pub(super) fn pairs(list: &HeaderList) -> Vec<Pair> {
    list.iter()
        .map(|header| {
            (
                isomorphic_decode(header.name()),
                isomorphic_decode(header.value()),
            )
        })
        .collect()
}
