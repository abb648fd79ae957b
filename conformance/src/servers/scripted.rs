use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use corsac::header::HeaderList;
use corsac_tower::CorsLayer;

use super::http1;
use crate::{
    observation::{Observation, Received, View},
    policies::Policies,
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
    policies: Option<Policies>,
    layer: Option<CorsLayer>,
    requests: Vec<Received>,
}

/// A request that policies are in front of.
pub(super) struct Asked {
    /// What the policies do on this server.
    pub(super) layer: CorsLayer,
    /// The request's place in the log.
    pub(super) number: usize,
    /// What the handler says.
    pub(super) answer: Answer,
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

    fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.get("access-control-request-method").is_some()
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
        // One that cannot be read is none: then nothing is answered, and that shows.
        let policies = Policies::of(scenario, &key, &self.expander).ok().flatten();
        let run = Run {
            scenario: Arc::new(scenario.clone()),
            layer: policies.as_ref().map(|it| CorsLayer::new(it.map().clone())),
            policies,
            requests: Vec::new(),
        };
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.insert(key.clone(), run);
        key
    }

    /// The answer to a request for a scenario's resource, which is logged. `None` if it is for none.
    pub(super) fn answer(&self, request: &Request, listener: Listener) -> Option<Answer> {
        if let Some(answer) = self.cookie(request) {
            return Some(answer);
        }
        let origin = request.get("origin").unwrap_or_default();
        self.with(request, |run, key, resource| {
            let is_preflight = request.is_preflight();
            let is_one = |it: &&Received| it.resource == resource && it.preflight == is_preflight;
            let before = run.requests.iter().filter(is_one).count();
            run.requests
                .push(self.received(request, listener, resource, &run.scenario, key));
            let resource = run.scenario.resources.get(resource)?;
            Some(self.expanded(resource.answer(is_preflight, before), run, key, origin))
        })
    }

    /// A request for a scenario's resource that has policies in front of it: it is logged, and what
    /// they make of it. `None` if it is for none.
    pub(super) fn decide(&self, request: &Request, listener: Listener) -> Option<Asked> {
        let origin = request.get("origin").unwrap_or_default();
        self.with(request, |run, key, resource| {
            let policies = run.policies.as_ref()?;
            let headers = request.headers.iter();
            let headers = headers.map(|(name, value)| (name.as_str(), http1::bytes(value)));
            let headers: HeaderList = headers.collect();
            let mut received = self.received(request, listener, resource, &run.scenario, key);
            received.decided = Some(policies.decided(&request.method, &request.path, &headers));
            run.requests.push(received);
            let answer = run.scenario.resources.get(resource)?.answer(false, 0);
            Some(Asked {
                layer: run.layer.clone()?,
                number: run.requests.len() - 1,
                answer: self.expanded(answer, run, key, origin),
            })
        })
    }

    /// The handler saw a request, with these credentials.
    pub(super) fn handle(&self, request: &Request, number: usize, seen: Vec<(String, String)>) {
        self.with(request, |run, _, _| {
            run.requests.get_mut(number)?.decided.as_mut()?.handled = Some(seen);
            Some(())
        });
    }

    /// The answer that sets a cookie, if that is what was asked for.
    pub(super) fn cookie(&self, request: &Request) -> Option<Answer> {
        let (key, place) = request.path.strip_prefix("/s/")?.split_once('/')?;
        let place: usize = place.strip_prefix("cookie/")?.parse().ok()?;
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let cookie = runs.get(key)?.scenario.cookies.get(place)?;
        let set = format!(
            "Set-Cookie: {}=1; Path=/s/{key}/{}",
            cookie.name, cookie.attributes
        );
        Some(Answer {
            lines: vec![set],
            ..Answer::default()
        })
    }

    /// Does something with the run, and the resource in it, that a request is for.
    fn with<T>(
        &self,
        request: &Request,
        act: impl FnOnce(&mut Run, &str, usize) -> Option<T>,
    ) -> Option<T> {
        let (key, place) = request.path.strip_prefix("/s/")?.split_once('/')?;
        let resource: usize = place.parse().ok()?;
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        act(runs.get_mut(key)?, key, resource)
    }

    fn received(
        &self,
        request: &Request,
        listener: Listener,
        resource: usize,
        scenario: &Scenario,
        key: &str,
    ) -> Received {
        let contract = |value: &str| self.expander.contract(value, scenario, key);
        let headers = request.headers.iter();
        Received {
            resource,
            site: self
                .expander
                .site_of(listener, request.get("host").unwrap_or_default()),
            method: request.method.clone(),
            headers: headers
                .map(|(name, value)| (name.clone(), contract(value)))
                .collect(),
            body_length: request.body.len() as u64,
            preflight: request.is_preflight(),
            decided: None,
            call: None,
        }
    }

    fn expanded(&self, mut answer: Answer, run: &Run, key: &str, origin: &str) -> Answer {
        let expand = |text: &str| self.expander.expand(text, &run.scenario, key, origin);
        for line in &mut answer.lines {
            *line = expand(line);
        }
        answer.body = expand(&answer.body);
        answer
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
