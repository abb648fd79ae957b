//! The demo for programs: `corsac/demo/1`.

use std::{
    io::{self, Write},
    net::SocketAddr,
};

use corsac::{
    diagnosis::{Evidence, Verdict},
    fetch::HopKind,
    header::HeaderList,
};
use corsac_agent::{Exchange, Outcome};
use serde::Serialize;

use crate::json::{self, Spec, isomorphic_decode};

use super::{
    play::{Asked, Played, Status},
    scenes::By,
};

/// Writes the document.
pub(super) fn write(
    out: &mut impl Write,
    address: SocketAddr,
    played: &[Played],
) -> io::Result<()> {
    let document = Document {
        schema: "corsac/demo/1",
        site_b: format!("http://{address}"),
        scenes: played.iter().map(SceneJson::of).collect(),
    };
    json::write(out, &document)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    /// Where the hosts of all URLs below really were.
    site_b: String,
    scenes: Vec<SceneJson<'a>>,
}

#[derive(Serialize)]
struct SceneJson<'a> {
    id: &'static str,
    title: &'static str,
    status: &'static str,
    fetches: Vec<FetchJson<'a>>,
}

impl<'a> SceneJson<'a> {
    fn of(played: &'a Played) -> Self {
        Self {
            id: played.scene.id,
            title: played.scene.title,
            status: match played.status() {
                Status::Passed => "passed",
                Status::Failed => "failed",
                Status::NotRun => "not-run",
            },
            fetches: played.asks.iter().map(FetchJson::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct FetchJson<'a> {
    page: &'static str,
    method: &'static str,
    url: &'static str,
    exchanges: Vec<ExchangeJson<'a>>,
    /// By Site B's own log.
    received: Vec<String>,
    /// What ran and asked: `xhr` or `fetch`; absent if it was no script.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    /// What that saw.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    script: &'a [String],
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<VerdictJson<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mismatches: &'a [String],
}

impl<'a> FetchJson<'a> {
    fn of(asked: &'a Asked) -> Self {
        let (readable, verdict) = match &asked.fetched.outcome {
            Outcome::Response { response, body } => (Some((response.status, body)), None),
            Outcome::Blocked(verdict) => (None, Some(VerdictJson::of(verdict))),
            Outcome::Withheld(_) => (None, None),
        };
        Self {
            page: asked.ask.page,
            method: asked.ask.method,
            url: asked.ask.url,
            exchanges: asked
                .fetched
                .exchanges
                .iter()
                .map(ExchangeJson::of)
                .collect(),
            received: asked.received.iter().map(ToString::to_string).collect(),
            by: asked.ask.by.name(),
            script: &asked.script,
            outcome: match &asked.fetched.outcome {
                Outcome::Response { .. } => "readable",
                Outcome::Blocked(_) => "blocked",
                Outcome::Withheld(_) => "undecided",
            },
            status: readable.map(|(status, _)| status),
            // A script keeps what it reads.
            body: readable
                .filter(|_| asked.ask.by == By::Agent)
                .map(|(_, body)| isomorphic_decode(body)),
            verdict,
            mismatches: &asked.mismatches,
        }
    }
}

#[derive(Serialize)]
struct ExchangeJson<'a> {
    kind: &'static str,
    method: &'a str,
    url: &'a str,
    request: String,
    response: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headers: Option<Vec<(String, String)>>,
}

impl<'a> ExchangeJson<'a> {
    fn of(exchange: &'a Exchange) -> Self {
        let head = exchange.head.as_ref();
        Self {
            kind: match exchange.hop.kind {
                HopKind::Preflight => "preflight",
                HopKind::Actual | HopKind::Scheme => "actual",
            },
            method: exchange.hop.method.as_str(),
            url: exchange.hop.url.as_str(),
            request: isomorphic_decode(&exchange.sent),
            response: isomorphic_decode(&exchange.received),
            status: head.map(|head| head.status),
            headers: head.map(|head| pairs(&head.header_list)),
        }
    }
}

#[derive(Serialize)]
struct VerdictJson<'a> {
    code: &'static str,
    message: String,
    phase: String,
    hop: usize,
    url: &'a str,
    origin: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceJson>,
    spec: Spec,
    also: Vec<&'static str>,
}

impl<'a> VerdictJson<'a> {
    fn of(verdict: &'a Verdict) -> Self {
        let code = verdict.code();
        let hop = verdict.hop;
        Self {
            code: code.name(),
            message: verdict.reason.to_string(),
            phase: verdict.phase.to_string(),
            hop,
            url: &verdict.url,
            origin: &verdict.origin,
            evidence: verdict
                .reason
                .evidence()
                .map(|evidence| EvidenceJson::of(evidence, hop)),
            spec: Spec::of(code),
            also: verdict
                .also
                .iter()
                .map(|reason| reason.code().name())
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct EvidenceJson {
    hop: usize,
    header: &'static str,
    line: usize,
    byte: usize,
    length: usize,
}

impl EvidenceJson {
    fn of(evidence: Evidence, hop: usize) -> Self {
        Self {
            hop,
            header: evidence.header,
            line: evidence.line,
            byte: evidence.byte,
            length: evidence.length,
        }
    }
}

fn pairs(list: &HeaderList) -> Vec<(String, String)> {
    list.iter()
        .map(|header| {
            (
                isomorphic_decode(header.name()),
                isomorphic_decode(header.value()),
            )
        })
        .collect()
}
