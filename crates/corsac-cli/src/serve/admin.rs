//! What those who run the gateway are told: how it is, and what it decided.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io,
    net::TcpListener,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use corsac_gateway::{Event, Page, serve_pages};
use http::StatusCode;
use serde::Serialize;

/// How the gateway is.
#[derive(Debug, Default)]
pub(super) struct State {
    leaves: AtomicBool,
    // A few nanoseconds a request, and only if somebody wants to know.
    counts: Mutex<Counts>,
    reloads: Mutex<Reloads>,
}

#[derive(Debug, Default)]
struct Counts {
    /// By decision, whether it was a preflight, and status.
    answered: BTreeMap<(&'static str, bool, u16), u64>,
    replaced: BTreeMap<&'static str, u64>,
    duration: Duration,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Reloads {
    succeeded: u64,
    failed: u64,
    /// In seconds since 1970.
    last_at: Option<u64>,
    last_succeeded: Option<bool>,
    /// Why the last one did not.
    why: Option<String>,
}

impl State {
    pub(super) fn serve(self: &Arc<Self>, listener: TcpListener) -> io::Result<()> {
        let state = Arc::clone(self);
        serve_pages(listener, Arc::new(move |path: &str| state.page(path)))
    }

    pub(super) fn count(&self, event: &Event<'_>) {
        let mut counts = locked(&self.counts);
        match event {
            Event::Answered {
                decision,
                status,
                duration,
                ..
            } => {
                let key = (decision.code, decision.is_preflight, status.as_u16());
                *counts.answered.entry(key).or_default() += 1;
                counts.duration += *duration;
            }
            Event::Replaced { name, .. } => {
                *counts.replaced.entry(name.as_str()).or_default() += 1;
            }
            _ => {}
        }
    }

    /// From now on nobody should send anything new here.
    pub(super) fn leave(&self) {
        self.leaves.store(true, Ordering::Relaxed);
    }

    pub(super) fn reloaded(&self, outcome: Result<(), String>) {
        let mut reloads = locked(&self.reloads);
        match outcome {
            Ok(()) => reloads.succeeded += 1,
            Err(_) => reloads.failed += 1,
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        reloads.last_at = since.ok().map(|since| since.as_secs());
        reloads.last_succeeded = Some(outcome.is_ok());
        reloads.why = outcome.err();
    }

    fn page(&self, path: &str) -> Option<Page> {
        let text = |status, text: &str| Page {
            status,
            content_type: "text/plain; charset=utf-8",
            text: text.to_owned(),
        };
        match path {
            "/health" => Some(text(StatusCode::OK, "alive\n")),
            "/ready" if self.leaves.load(Ordering::Relaxed) => {
                Some(text(StatusCode::SERVICE_UNAVAILABLE, "leaving\n"))
            }
            "/ready" => Some(text(StatusCode::OK, "ready\n")),
            "/metrics" => Some(Page {
                status: StatusCode::OK,
                content_type: "text/plain; version=0.0.4; charset=utf-8",
                text: self.metrics(),
            }),
            "/reload-state" => Some(Page {
                status: StatusCode::OK,
                content_type: "application/json",
                text: serde_json::to_string(&*locked(&self.reloads)).ok()? + "\n",
            }),
            _ => None,
        }
    }

    /// In the text format of Prometheus.
    fn metrics(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = self.write_metrics(&mut out);
        out
    }

    fn write_metrics(&self, out: &mut String) -> std::fmt::Result {
        let counts = locked(&self.counts);
        writeln!(
            out,
            "# HELP corsac_requests_total Requests answered, by what the policy decided.\n\
             # TYPE corsac_requests_total counter"
        )?;
        for ((decision, is_preflight, status), count) in &counts.answered {
            writeln!(
                out,
                "corsac_requests_total{{decision=\"{decision}\",preflight=\"{is_preflight}\",\
                 status=\"{status}\"}} {count}"
            )?;
        }
        writeln!(
            out,
            "# HELP corsac_request_duration_seconds Time until the head of the response.\n\
             # TYPE corsac_request_duration_seconds summary\n\
             corsac_request_duration_seconds_sum {}\n\
             corsac_request_duration_seconds_count {}",
            counts.duration.as_secs_f64(),
            counts.answered.values().sum::<u64>()
        )?;
        writeln!(
            out,
            "# HELP corsac_upstream_headers_replaced_total What upstreams said of CORS, replaced.\n\
             # TYPE corsac_upstream_headers_replaced_total counter"
        )?;
        for (name, count) in &counts.replaced {
            writeln!(
                out,
                "corsac_upstream_headers_replaced_total{{header=\"{name}\"}} {count}"
            )?;
        }
        let reloads = locked(&self.reloads);
        writeln!(
            out,
            "# HELP corsac_reloads_total Times the policy was read again.\n\
             # TYPE corsac_reloads_total counter\n\
             corsac_reloads_total{{outcome=\"succeeded\"}} {}\n\
             corsac_reloads_total{{outcome=\"failed\"}} {}",
            reloads.succeeded, reloads.failed
        )?;
        let succeeded = reloads.last_succeeded.unwrap_or(true);
        writeln!(
            out,
            "# HELP corsac_last_reload_succeeded Whether the policy in force is the file's.\n\
             # TYPE corsac_last_reload_succeeded gauge\n\
             corsac_last_reload_succeeded {}",
            u8::from(succeeded)
        )
    }
}

/// Whoever panicked with it left numbers that are numbers still.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn page(state: &State, path: &str) -> (u16, String) {
        let page = state.page(path).unwrap();
        (page.status.as_u16(), page.text)
    }

    #[test]
    fn whoever_leaves_is_alive_and_not_ready() {
        let state = State::default();
        assert_eq!(page(&state, "/ready").0, 200);
        state.leave();
        assert_eq!(page(&state, "/ready").0, 503);
        assert_eq!(page(&state, "/health").0, 200);
        assert!(state.page("/").is_none());
    }

    #[test]
    fn a_reload_that_failed_says_why_until_one_succeeds() {
        let state = State::default();
        state.reloaded(Err("line 3".to_owned()));
        let text = page(&state, "/reload-state").1;
        assert!(text.contains(r#""why":"line 3""#), "{text}");
        assert!(
            state
                .metrics()
                .contains("\ncorsac_last_reload_succeeded 0\n")
        );
        state.reloaded(Ok(()));
        assert!(page(&state, "/reload-state").1.contains(r#""why":null"#));
        assert!(
            state
                .metrics()
                .contains("\ncorsac_last_reload_succeeded 1\n")
        );
        assert!(state.metrics().contains("{outcome=\"failed\"} 1\n"));
    }

    #[test]
    fn replaced_headers_are_counted_by_name() {
        let state = State::default();
        let name = &http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
        let value = &http::HeaderValue::from_static("*");
        state.count(&Event::Replaced { name, value });
        let text = state.metrics();
        let line =
            "corsac_upstream_headers_replaced_total{header=\"access-control-allow-origin\"} 1\n";
        assert!(text.contains(line), "{text}");
    }
}
