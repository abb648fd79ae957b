use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{
    observation::{Observation, Received, View},
    scenario::{Answer, Expander, Listener, Scenario},
};

/// The scenarios under way: what they answer, and what they have received.
#[derive(Debug)]
pub(super) struct Scripted {
    expander: Expander,
    runs: Mutex<HashMap<String, Run>>,
    next: AtomicU64,
}

#[derive(Debug)]
struct Run {
    scenario: Arc<Scenario>,
    requests: Vec<Received>,
}

/// A request, as the HTTP version at hand has read it.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.iter();
        let line = lines.find(|(line, _)| line.eq_ignore_ascii_case(name));
        line.map(|(_, value)| value.as_str())
    }
}

impl Scripted {
    pub(super) fn new(expander: Expander) -> Self {
        Self {
            expander,
            runs: Mutex::default(),
            next: AtomicU64::new(1),
        }
    }

    pub(super) fn register(&self, scenario: &Scenario) -> String {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let key = format!("{number:08x}");
        let run = Run {
            scenario: Arc::new(scenario.clone()),
            requests: Vec::new(),
        };
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.insert(key.clone(), run);
        key
    }

    /// The answer to a request for a scenario's resource, which is logged. `None` if it is for none.
    pub(super) fn answer(&self, request: &Request, listener: Listener) -> Option<Answer> {
        let (key, place) = request.path.strip_prefix("/s/")?.split_once('/')?;
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let run = runs.get_mut(key)?;
        let origin = request.get("origin").unwrap_or_default();
        if let Some(cookie) = place.strip_prefix("cookie/") {
            let cookie = run.scenario.cookies.get(cookie.parse::<usize>().ok()?)?;
            let set = format!(
                "Set-Cookie: {}=1; Path=/s/{key}/{}",
                cookie.name, cookie.attributes
            );
            return Some(Answer {
                lines: vec![set],
                ..Answer::default()
            });
        }
        let resource: usize = place.parse().ok()?;
        let scenario = Arc::clone(&run.scenario);
        let preflight =
            request.method == "OPTIONS" && request.get("access-control-request-method").is_some();
        let is_one = |it: &&Received| it.resource == resource && it.preflight == preflight;
        let before = run.requests.iter().filter(is_one).count();
        let contract = |value: &str| self.expander.contract(value, &scenario, key);
        run.requests.push(Received {
            resource,
            site: self
                .expander
                .site_of(listener, request.get("host").unwrap_or_default()),
            method: request.method.clone(),
            headers: request
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), contract(value)))
                .collect(),
            body_length: request.body.len() as u64,
            preflight,
            call: None,
        });
        let mut answer = scenario.resources.get(resource)?.answer(preflight, before);
        let expand = |text: &str| self.expander.expand(text, &scenario, key, origin);
        for line in &mut answer.lines {
            *line = expand(line);
        }
        answer.body = expand(&answer.body);
        Some(answer)
    }

    pub(super) fn observe(&self, key: &str, mut views: Vec<View>) -> Option<Observation> {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let run = runs.remove(key)?;
        drop(runs);
        let contract = |value: &mut String| {
            *value = self.expander.contract(value, &run.scenario, key);
        };
        for view in &mut views {
            view.url.iter_mut().for_each(contract);
            view.body.iter_mut().for_each(contract);
            let headers = view.headers.iter_mut().flatten();
            headers.for_each(|(_, value)| contract(value));
        }
        Some(Observation {
            requests: run.requests,
            views,
        })
    }
}
