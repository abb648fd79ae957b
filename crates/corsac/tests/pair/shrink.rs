//! A failing case, made as small as it can be and still fail.

use corsac::{
    fetch::{CredentialsMode, RedirectMode},
    policy::{AllowHeaders, Listing, PolicyConfig},
};

use crate::case::{Case, Hop, Step};

/// Takes away whatever can go, until nothing can.
pub(crate) fn shrink(mut case: Case, fails: impl Fn(&Case) -> bool) -> Case {
    while let Some(smaller) = candidates(&case).into_iter().find(&fails) {
        case = smaller;
    }
    case
}

/// Cases with one thing less each. Every one is strictly smaller, so that this ends.
fn candidates(case: &Case) -> Vec<Case> {
    let mut candidates = Vec::new();
    for place in 0..case.steps.len() {
        let mut smaller = case.clone();
        smaller.steps.remove(place);
        candidates.push(smaller);
    }
    for place in 0..case.policies.len() {
        for config in smaller_policies(&case.policies[place]) {
            let mut smaller = case.clone();
            smaller.policies[place] = config;
            candidates.push(smaller);
        }
    }
    for (place, step) in case.steps.iter().enumerate() {
        for step in smaller_steps(step) {
            let mut smaller = case.clone();
            smaller.steps[place] = step;
            candidates.push(smaller);
        }
    }
    candidates
}

fn smaller_policies(config: &PolicyConfig) -> Vec<PolicyConfig> {
    let default = PolicyConfig::default();
    let less = |change: fn(&mut PolicyConfig, PolicyConfig)| {
        let mut smaller = config.clone();
        change(&mut smaller, default.clone());
        smaller
    };
    let mut smaller = vec![
        default.clone(),
        less(|config, default| config.allow_origins = default.allow_origins),
        less(|config, default| config.allow_methods = default.allow_methods),
        less(|config, default| config.allow_headers = default.allow_headers),
        less(|config, default| config.allow_credentials = default.allow_credentials),
        less(|config, default| config.expose_headers = default.expose_headers),
        less(|config, default| config.max_age = default.max_age),
        less(|config, default| config.preflights = default.preflights),
    ];
    let lists: [Remove; 4] = [
        |config, place| removed(&mut config.allow_origins, place),
        |config, place| removed(&mut config.allow_methods, place),
        |config, place| removed(&mut config.expose_headers, place),
        |config, place| match &mut config.allow_headers {
            AllowHeaders::List(entries) if place < entries.len() => {
                entries.remove(place);
                true
            }
            _ => false,
        },
    ];
    for remove in lists {
        for place in 0.. {
            let mut config = config.clone();
            if !remove(&mut config, place) {
                break;
            }
            smaller.push(config);
        }
    }
    smaller.retain(|smaller| smaller != config);
    smaller
}

/// Takes an entry out of a list of a configuration, if it has one at that place.
type Remove = fn(&mut PolicyConfig, usize) -> bool;

fn removed<T>(listing: &mut Listing<T>, place: usize) -> bool {
    match listing {
        Listing::List(entries) if place < entries.len() => {
            entries.remove(place);
            true
        }
        _ => false,
    }
}

fn smaller_steps(step: &Step) -> Vec<Step> {
    let ask = match step {
        Step::Wait(_) => return Vec::new(),
        Step::Swap(target, config) => {
            let smaller = smaller_policies(config).into_iter();
            return smaller.map(|config| Step::Swap(*target, config)).collect();
        }
        Step::Fetch(ask) => ask,
    };
    let mut smaller = Vec::new();
    for place in 0..ask.headers.len() {
        let mut ask = ask.clone();
        ask.headers.remove(place);
        smaller.push(ask);
    }
    if !ask.hops.is_empty() {
        let mut ask = ask.clone();
        ask.hops.pop();
        smaller.push(ask);
    }
    for (place, hop) in ask.hops.iter().enumerate() {
        let simpler = [
            Hop {
                latency: 0,
                ..hop.clone()
            },
            Hop {
                preflight: None,
                ..hop.clone()
            },
            Hop {
                actual: None,
                ..hop.clone()
            },
            Hop {
                handler: Default::default(),
                ..hop.clone()
            },
        ];
        for simpler in simpler {
            if format!("{simpler:?}") != format!("{hop:?}") {
                let mut ask = ask.clone();
                ask.hops[place] = simpler;
                smaller.push(ask);
            }
        }
    }
    if ask.use_cors_preflight {
        let mut ask = ask.clone();
        ask.use_cors_preflight = false;
        smaller.push(ask);
    }
    if ask.credentials_mode != CredentialsMode::Omit {
        let mut ask = ask.clone();
        ask.credentials_mode = CredentialsMode::Omit;
        smaller.push(ask);
    }
    if ask.redirect_mode != RedirectMode::Follow {
        let mut ask = ask.clone();
        ask.redirect_mode = RedirectMode::Follow;
        smaller.push(ask);
    }
    smaller.into_iter().map(Step::Fetch).collect()
}
