//! What went over the wire, as an HTTP Archive (HAR 1.2).
//!
//! Source: <http://www.softwareishard.com/blog/har-12-spec/>

use std::{fs, io, path::Path};

use serde_json::{Value, json};

use super::report::{Pair, Received, Report, Step};

/// Writes the exchanges of all origins, as masked as the reports are.
pub(super) fn write(path: &Path, reports: &[Report]) -> io::Result<()> {
    let entries: Vec<_> = reports
        .iter()
        .flat_map(|report| report.steps.iter().map(entry))
        .collect();
    let archive = json!({
        "log": {
            "version": "1.2",
            "creator": { "name": "corsac", "version": env!("CARGO_PKG_VERSION") },
            "entries": entries,
        }
    });
    fs::write(path, format!("{archive:#}\n"))
}

fn entry(step: &Step) -> Value {
    let timings = &step.timings;
    let not_applicable = -1.0;
    let ssl = timings.tls.unwrap_or(not_applicable);
    // By the format, the time to connect includes the handshake.
    let connect = match (timings.connect, timings.tls) {
        (None, _) => not_applicable,
        (Some(connect), tls) => connect + tls.unwrap_or_default(),
    };
    let mut entry = json!({
        "startedDateTime": step.started,
        "time": timings.total,
        "request": {
            "method": step.request.method,
            "url": step.request.url,
            "httpVersion": version(step),
            "cookies": [],
            "headers": headers(&step.request.headers),
            "queryString": query(&step.request.url),
            "headersSize": -1,
            "bodySize": step.request.body_length.unwrap_or_default(),
        },
        "response": response(step.response.as_ref(), step.failure.as_deref()),
        "cache": {},
        "timings": {
            "dns": timings.dns.unwrap_or(not_applicable),
            "connect": connect,
            "ssl": ssl,
            "send": timings.send.unwrap_or_default(),
            "wait": timings.wait.unwrap_or_default(),
            "receive": timings.receive.unwrap_or_default(),
        },
    });
    if let (Some(peer), Some(entry)) = (&step.peer, entry.as_object_mut())
        && let Some((address, _)) = peer.rsplit_once(':')
    {
        let address = address.trim_matches(['[', ']']);
        entry.insert("serverIPAddress".to_owned(), json!(address));
    }
    entry
}

fn version(step: &Step) -> String {
    match &step.response {
        Some(response) => format!("HTTP/{}", response.http),
        None => "HTTP/1.1".to_owned(),
    }
}

/// Without a response, the format wants one of status 0.
fn response(response: Option<&Received>, failure: Option<&str>) -> Value {
    let Some(response) = response else {
        return json!({
            "status": 0,
            "statusText": "",
            "httpVersion": "",
            "cookies": [],
            "headers": [],
            "content": { "size": 0, "mimeType": "" },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_error": failure.unwrap_or_default(),
        });
    };
    let value = |name: &str| {
        let mut named = response.headers.iter();
        let found = named.find(|(one, _)| one.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    };
    json!({
        "status": response.status,
        "statusText": response.reason,
        "httpVersion": format!("HTTP/{}", response.http),
        "cookies": [],
        "headers": headers(&response.headers),
        "content": {
            "size": response.body_length.unwrap_or_default(),
            "mimeType": value("content-type"),
        },
        "redirectURL": value("location"),
        "headersSize": -1,
        "bodySize": response.body_length.unwrap_or_default(),
    })
}

fn headers(pairs: &[Pair]) -> Vec<Value> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}

fn query(url: &str) -> Vec<Value> {
    let Some((_, query)) = url.split_once('?') else {
        return Vec::new();
    };
    let query = query.split('#').next().unwrap_or(query);
    query
        .split('&')
        .map(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            json!({ "name": name, "value": value })
        })
        .collect()
}
