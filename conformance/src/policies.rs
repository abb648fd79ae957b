//! Policies in front of a scenario's resources, and what they make of a request.

use anyhow::{Result, anyhow};
use corsac::{
    header::HeaderList,
    policy::{Decision, Outcome, Policy, PolicyMap, RequestHead},
};
use http::StatusCode;

use crate::{
    observation::Decided,
    scenario::{Answer, Expander, Scenario},
};

/// The policies of a scenario.
#[derive(Clone, Debug)]
pub struct Policies(PolicyMap);

impl Policies {
    /// Those of a scenario, with real addresses; `None` if it has none.
    ///
    /// # Errors
    /// Every mistake in them, for people.
    pub fn of(scenario: &Scenario, key: &str, expander: &Expander) -> Result<Option<Self>> {
        if scenario.policies.is_empty() {
            return Ok(None);
        }
        let text = format!("version = 1\n{}", expander.expand_policies(scenario, key));
        let checked = corsac_config::parse("corsac.toml", &text);
        let checked = checked.map_err(|report| anyhow!("{report}"))?;
        Ok(Some(Self(checked.policies)))
    }

    /// As the layer takes them.
    pub fn map(&self) -> &PolicyMap {
        &self.0
    }

    /// The one for a path; nothing is granted where there is none.
    pub fn policy(&self, path: &str) -> Option<&Policy> {
        self.0.policy(path.as_bytes())
    }

    /// What is decided of a request.
    pub fn decided(&self, method: &str, path: &str, headers: &HeaderList) -> Decided {
        let head = RequestHead::of_list(method.as_bytes(), headers).with_path(path.as_bytes());
        in_words(&self.0.decide(&head))
    }

    /// Makes of what the handler would say what the request is answered.
    pub fn answer(
        &self,
        method: &str,
        path: &str,
        headers: &HeaderList,
        answer: &mut Answer,
    ) -> Decided {
        let head = RequestHead::of_list(method.as_bytes(), headers).with_path(path.as_bytes());
        let decision = self.0.decide(&head);
        let mut decided = in_words(&decision);
        match decision.answer() {
            Some(status) => {
                *answer = Answer {
                    status: status.as_u16(),
                    delay: answer.delay,
                    ..Answer::default()
                };
            }
            None => decided.handled = Some(credentials(headers)),
        }
        if method == "HEAD" {
            answer.body.clear();
        }
        let mut list = HeaderList::new();
        for line in &answer.lines {
            if let Some((name, value)) = line.split_once(':') {
                list.push(name, value.trim());
            }
        }
        decision.apply(headers, &mut list);
        // Servers say it where nobody does.
        if !list.contains("content-length") {
            list.push("Content-Length", answer.body.len().to_string());
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let lines = list.iter();
        let lines = lines.map(|it| format!("{}: {}", text(it.name()), text(it.value())));
        answer.lines = lines.collect();
        let status = StatusCode::from_u16(answer.status).ok();
        let reason = status.and_then(|status| status.canonical_reason());
        answer.reason = reason.unwrap_or_default().to_owned();
        decided
    }
}

fn in_words(decision: &Decision<'_, '_>) -> Decided {
    let (kind, result) = match decision.outcome() {
        Outcome::NotCors => ("not CORS", Ok(())),
        Outcome::Actual(result) => ("actual", result),
        Outcome::Preflight(result) => ("preflight", result),
    };
    Decided {
        kind: kind.to_owned(),
        refusal: result.err().map(|refusal| refusal.code().to_owned()),
        handled: None,
    }
}

/// The credentials of a request, by their headers.
pub fn credentials(headers: &HeaderList) -> Vec<(String, String)> {
    let names = ["cookie", "authorization"];
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let values = names.map(|name| Some((name.to_owned(), text(&headers.get(name)?))));
    values.into_iter().flatten().collect()
}
