//! One line for each request.

use std::{
    io::{self, Write},
    sync::Arc,
};

use corsac_gateway::{Event, Observer};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Serialize;

use super::args::Log;
use crate::terminal::printable;

pub(super) fn observer(log: Log) -> Option<Arc<Observer>> {
    let say: fn(&Event<'_>) -> String = match log {
        Log::Off => return None,
        Log::Text => text,
        Log::Json => json,
    };
    Some(Arc::new(move |event: &Event<'_>| {
        let mut line = say(event);
        line.push('\n');
        // Nobody can be told that nobody can be told.
        let _ = io::stderr().write_all(line.as_bytes());
    }))
}

fn text(event: &Event<'_>) -> String {
    match event {
        Event::Answered {
            method,
            target,
            headers,
            decision,
            status,
            duration,
            ..
        } => {
            let origin = value(headers, &header::ORIGIN);
            let kind = if decision.is_preflight {
                "preflight "
            } else {
                ""
            };
            let verdict = match (decision.code, &decision.why) {
                ("no-origin", _) => "no Origin".to_owned(),
                (_, None) => format!("{kind}granted to {}", origin.unwrap_or_default()),
                (_, Some(why)) => format!("{kind}refused: {why}"),
            };
            let path = printable(target.path());
            format!(
                "{method} {path} {} {duration:.1?} {verdict}",
                status.as_u16()
            )
        }
        Event::Replaced { name, value } => {
            let value = printable(&String::from_utf8_lossy(value.as_bytes()));
            format!("the upstream said {name}: {value}, which the policy replaced")
        }
        _ => String::new(),
    }
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Line<'a> {
    Answered {
        peer: String,
        method: &'a str,
        /// Without the query, where secrets are.
        path: &'a str,
        host: Option<String>,
        origin: Option<String>,
        status: u16,
        preflight: bool,
        decision: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<&'a str>,
        micros: u128,
    },
    Replaced {
        name: &'a str,
        value: String,
    },
}

fn json(event: &Event<'_>) -> String {
    let line = match event {
        Event::Answered {
            peer,
            method,
            target,
            headers,
            decision,
            status,
            duration,
        } => Line::Answered {
            peer: peer.to_string(),
            method: method.as_str(),
            path: target.path(),
            host: value(headers, &header::HOST),
            origin: value(headers, &header::ORIGIN),
            status: status.as_u16(),
            preflight: decision.is_preflight,
            decision: decision.code,
            why: decision.why.as_deref(),
            micros: duration.as_micros(),
        },
        Event::Replaced { name, value } => Line::Replaced {
            name: name.as_str(),
            value: String::from_utf8_lossy(value.as_bytes()).into_owned(),
        },
        _ => return String::new(),
    };
    serde_json::to_string(&line).unwrap_or_default()
}

fn value(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let lossy = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.get(name).map(lossy).map(|text| printable(&text))
}
