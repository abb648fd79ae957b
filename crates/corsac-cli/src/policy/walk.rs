//! A page's fetch against a file of policies, in memory: a browser half on one side, the policy and
//! a handler that answers 200 on the other.

use std::time::Duration;

use corsac::{
    diagnosis::Verdict,
    fetch::{
        Environment, Fetch, Hop, HopKind, Output, PreflightCache, Profile, Request, ResponseHead,
    },
    header::HeaderList,
    policy::{Field, Outcome, Policy, PolicyMap, Refusal, RequestHead},
};

/// One request, and what the policy says to it.
pub(super) struct Exchange {
    pub(super) hop: Hop,
    /// The decision in words.
    pub(super) decision: String,
    /// What decided it: which policy of the file, which field, and which entry.
    pub(super) decided_by: Vec<(usize, Option<Field>, Option<usize>)>,
    pub(super) status: u16,
    pub(super) headers: HeaderList,
}

/// What the page gets.
pub(super) enum End {
    Readable,
    /// The request is of the page's own origin, which needs no grant.
    SameOrigin,
    Blocked(Box<Verdict>),
}

/// Asks as the Standard says, until the page has its answer.
pub(super) fn walk(
    policies: &PolicyMap,
    environment: Environment,
    request: Request,
) -> (Vec<Exchange>, End) {
    let mut cache = PreflightCache::default();
    let mut fetch = Fetch::new(environment, request, Profile::FETCH);
    let mut exchanges = Vec::new();
    let mut is_cors = false;
    loop {
        let hop = match fetch.poll(&mut cache, Duration::ZERO) {
            Output::Send(hop) => hop.clone(),
            Output::Blocked(verdict) => {
                return (exchanges, End::Blocked(Box::new(verdict.clone())));
            }
            // Nobody wants to be asked.
            Output::Deliver(_) | Output::Ask(_) if is_cors => return (exchanges, End::Readable),
            Output::Deliver(_) | Output::Ask(_) => return (exchanges, End::SameOrigin),
        };
        is_cors |= hop.kind == HopKind::Preflight || hop.header_list.contains("Origin");
        let exchange = decide(policies, &hop);
        let head = ResponseHead::new(exchange.status, exchange.headers.clone());
        fetch.handle_head(exchange.hop.id, head);
        exchanges.push(exchange);
    }
}

fn decide(policies: &PolicyMap, hop: &Hop) -> Exchange {
    let path = hop.url.path().as_bytes();
    let head = RequestHead::of_list(hop.method.as_str().as_bytes(), &hop.header_list);
    let head = head.with_path(path);
    let decision = policies.decide(&head);
    let mut headers = HeaderList::new();
    decision.apply(&hop.header_list, &mut headers);
    let status = decision.answer().map_or(200, |status| status.as_u16());
    let (words, decided_by) = match (policies.policy(path), policies.place(path)) {
        (Some(policy), Some((number, entry))) => {
            let explanation = policy.explain(&head);
            let mut decided_by = vec![(number, None, Some(entry))];
            let fields = explanation.decided_by.iter();
            decided_by.extend(fields.map(|&(field, entry)| (number, Some(field), entry)));
            (explanation.to_string(), decided_by)
        }
        _ => {
            let words = match decision.outcome() {
                Outcome::NotCors => Policy::default().explain(&head).to_string(),
                Outcome::Actual(_) | Outcome::Preflight(_) => Refusal::NoPolicy(path).to_string(),
            };
            (words, Vec::new())
        }
    };
    Exchange {
        decision: words,
        decided_by,
        status,
        headers,
        hop: hop.clone(),
    }
}
