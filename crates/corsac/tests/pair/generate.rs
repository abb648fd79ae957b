//! From a seed to a case.

use corsac::{
    diagnosis::TransportError,
    fetch::{CredentialsMode, RedirectMode},
    policy::{AllowHeaders, Listing, MaxAge, OriginPattern, PolicyConfig, Preflights},
};

use crate::{
    case::{
        ACTUAL_VALUES, Ask, AuthorHeader, Case, Fault, HEADERS, Handler, Hop, METHODS, PAGES,
        PREFLIGHT_VALUES, Step, TARGETS, Values,
    },
    rng::Rng,
};

impl Case {
    pub(crate) fn of_seed(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let calm = rng.one_in(2);
        let methods = [(); 3].map(|()| rng.pick(&METHODS));
        let headers = [(); 4].map(|()| rng.pick(&HEADERS));
        Dice {
            rng,
            calm,
            methods,
            headers,
        }
        .case()
    }
}

/// What one case draws from: few words, few pages and few resources, so that grants meet requests
/// that could use them.
struct Dice {
    rng: Rng,
    /// Whether servers are honest and grant every page something: then more is granted, and caches
    /// have more to do.
    calm: bool,
    methods: [&'static str; 3],
    headers: [AuthorHeader; 4],
}

impl Dice {
    fn case(mut self) -> Case {
        let policies = [self.policy(), self.policy(), self.policy()];
        let page = self.rng.pick(&[0, 0, 1, 1, 2, 2, 3, 4, 5]);
        let target = self.rng.below(TARGETS.len());
        let habit = self.ask(page, target);
        let length = 1 + self.rng.below(if self.calm { 10 } else { 6 });
        let mut current = policies[target].clone();
        let mut steps = Vec::new();
        for _ in 0..length {
            steps.push(self.step(&habit, &mut current));
        }
        Case { policies, steps }
    }

    fn step(&mut self, habit: &Ask, current: &mut PolicyConfig) -> Step {
        const WAITS: [u64; 12] = [1, 1, 4, 5, 6, 594, 595, 599, 600, 3600, 7199, 7200];
        let mut ask = habit.clone();
        match self.rng.below(16) {
            0..3 => return Step::Wait(self.rng.pick(&WAITS)),
            3 | 4 => {
                *current = match self.rng.one_in(2) {
                    true => self.policy(),
                    // The same for another time: two answers then differ in how long they hold.
                    false => PolicyConfig {
                        max_age: self.max_age(),
                        ..current.clone()
                    },
                };
                return Step::Swap(habit.target, current.clone());
            }
            // The same again: what a cache is for.
            5..8 => ask.hops = self.hops(),
            // The same but for one thing, which is then all that is missing.
            8 | 9 => ask.method = self.rng.pick(&self.methods),
            10 | 11 => ask.headers = self.author_headers(),
            12 => ask.credentials_mode = self.credentials_mode(),
            13 => {
                let (page, target) = (self.rng.below(PAGES.len()), self.rng.below(TARGETS.len()));
                ask = self.ask(page, target);
            }
            _ => ask = self.ask(habit.page, habit.target),
        }
        Step::Fetch(ask)
    }

    fn policy(&mut self) -> PolicyConfig {
        let allow_credentials = self.rng.one_in(2);
        // With credentials a wildcard is a contradiction, which has to be met, but not all the time.
        let any = !allow_credentials || self.rng.one_in(20);
        let pages: Vec<_> = PAGES.into_iter().filter(|page| *page != "null").collect();
        const PATTERNS: [&str; 6] = [
            "https://*.b.example",
            "https://ap*.example",
            "https://a*i.b.example:*",
            "https://evil.example:*",
            "http://sitea.com:*",
            "http://*.com",
        ];
        const NAMES: [&str; 6] = [
            "x-custom",
            "X-Other",
            "authorization",
            "Content-Type",
            "range",
            "ACCEPT",
        ];
        let allow_origins = match self.listing(any, &pages) {
            Listing::Any => Listing::Any,
            Listing::List(_) if self.calm => Listing::List(patterns(strings(pages))),
            Listing::List(_) if self.rng.one_in(2) => {
                self.rng.most_of(&PATTERNS).into_iter().collect()
            }
            Listing::List(listed) => Listing::List(patterns(listed)),
        };
        PolicyConfig {
            allow_origins,
            allow_methods: self.listing(any, &METHODS),
            allow_headers: match self.listing(any, &NAMES) {
                Listing::Any if self.rng.one_in(2) => AllowHeaders::AnyAndAuthorization,
                Listing::Any => AllowHeaders::Any,
                Listing::List(names) => AllowHeaders::List(names),
            },
            allow_credentials,
            expose_headers: self.listing(any, &["X-TOTAL", "x-secret"]),
            max_age: self.max_age(),
            preflights: match self.rng.one_in(2) {
                true => Preflights::TellAsked,
                false => Preflights::TellLists,
            },
            cacheable_preflights: self.rng.one_in(2),
            // One of the pages has no encryption, and all of them are under a public suffix.
            dangerously_allow_insecure_origins: true,
            dangerously_allow_public_suffixes: true,
            ..PolicyConfig::default()
        }
    }

    /// One in two is `*`, where it may be.
    fn listing(&mut self, any: bool, menu: &[&'static str]) -> Listing {
        match any && self.rng.one_in(2) {
            true => Listing::Any,
            false => Listing::List(strings(self.rng.most_of(menu))),
        }
    }

    fn max_age(&mut self) -> MaxAge {
        match self.rng.below(6) {
            0 => MaxAge::Unset,
            1 => MaxAge::Disabled,
            _ => MaxAge::Seconds(self.rng.pick(&[0, 1, 5, 600, 600, 7200, 86_400])),
        }
    }

    fn author_headers(&mut self) -> Vec<AuthorHeader> {
        let mut headers: Vec<AuthorHeader> = Vec::new();
        while self.rng.one_in(2) {
            let header = self.rng.pick(&self.headers);
            if headers.iter().all(|(name, ..)| *name != header.0) {
                headers.push(header);
            }
        }
        headers
    }

    fn credentials_mode(&mut self) -> CredentialsMode {
        self.rng.pick(&[
            CredentialsMode::Omit,
            CredentialsMode::SameOrigin,
            CredentialsMode::Include,
            CredentialsMode::Include,
        ])
    }

    fn ask(&mut self, page: usize, target: usize) -> Ask {
        Ask {
            page,
            target,
            method: self.rng.pick(&self.methods),
            headers: self.author_headers(),
            credentials_mode: self.credentials_mode(),
            redirect_mode: match self.rng.below(10) {
                0 => RedirectMode::Error,
                1 => RedirectMode::Manual,
                _ => RedirectMode::Follow,
            },
            use_cors_preflight: self.rng.one_in(4),
            hops: self.hops(),
        }
    }

    fn hops(&mut self) -> Vec<Hop> {
        if self.calm {
            return Vec::new();
        }
        let count = self.rng.pick(&[0, 0, 1, 1, 1, 2, 3]);
        let hop = |_| Hop {
            latency: self.rng.pick(&[0, 0, 0, 1, 6]),
            preflight: self.fault(&PREFLIGHT_VALUES),
            actual: self.fault(&ACTUAL_VALUES),
            handler: match self.rng.below(6) {
                0 => Handler::NotFound,
                1 => {
                    let target = self.rng.below(TARGETS.len());
                    Handler::Redirect(self.rng.pick(&[302, 303, 307]), target)
                }
                _ => Handler::Ok,
            },
        };
        (0..count).map(hop).collect()
    }

    fn fault(&mut self, values: &[Values]) -> Option<Fault> {
        let rng = &mut self.rng;
        if !rng.one_in(3) {
            return None;
        }
        let (name, values) = rng.pick(values);
        Some(match rng.below(12) {
            0 => Fault::NoResponse(rng.pick(&[TransportError::Closed, TransportError::Refused])),
            1 => Fault::Status(rng.pick(&[200, 299, 300, 302, 404, 500])),
            2 => Fault::Slash,
            3 => Fault::UpperCase,
            4 | 5 => Fault::Drop(name),
            6 | 7 => Fault::Add(name, rng.pick(values)),
            _ => Fault::Set(name, rng.pick(values)),
        })
    }
}

fn patterns(entries: Vec<String>) -> Vec<OriginPattern> {
    entries.into_iter().map(Into::into).collect()
}

fn strings(entries: Vec<&str>) -> Vec<String> {
    entries.into_iter().map(Into::into).collect()
}
