mod watch;

use std::{sync::Arc, time::Duration};

use corsac::fetch::{Answer, Fetch, Hop, HopId, HopKind, Output, PreflightCache, Profile};

use crate::{
    chance::Chance,
    grants::Grants,
    plan::{Asks, Reply, reply},
};

/// Whatever pages ask for and servers answer: a fetch ends, in one verdict or one filtered response;
/// nothing goes out or comes in that nobody granted; and the same input ends the same way.
pub fn fetch(data: &[u8]) {
    let transcript = run(data);
    if data.len().is_multiple_of(4) {
        assert_eq!(transcript, run(data), "the same input, another outcome");
    }
}

/// A few fetches on one cache, and what was said.
fn run(data: &[u8]) -> Vec<String> {
    let mut chance = Chance::new(data);
    let profile = chance.pick(&Profile::ALL);
    let capacity = chance.pick(&[1024, 1024, 3, 1, 0]);
    let mut cache = PreflightCache::with_capacity(capacity);
    let mut grants = Grants::new(profile);
    let mut transcript = Vec::new();
    let mut asks = Asks::new();
    for number in 0..4 {
        if chance.is_over() {
            break;
        }
        let Some((environment, request)) = asks.next(&mut chance) else {
            continue;
        };
        let environment = Arc::new(environment);
        let host = Host {
            chance: &mut chance,
            fetch: Fetch::new(environment.clone(), request, profile),
            environment: &environment,
            cache: &mut cache,
            grants: &mut grants,
            number,
            hops: Vec::new(),
            gave_cookie: false,
        };
        host.run(&mut transcript);
    }
    transcript
}

/// Who drives one fetch.
struct Host<'a, 'd> {
    chance: &'a mut Chance<'d>,
    fetch: Fetch,
    environment: &'a corsac::fetch::Environment,
    cache: &'a mut PreflightCache,
    grants: &'a mut Grants,
    number: usize,
    hops: Vec<HopId>,
    gave_cookie: bool,
}

impl Host<'_, '_> {
    fn run(mut self, transcript: &mut Vec<String>) {
        loop {
            let now = self.grants.now;
            let said = format!("{:?}", self.fetch.poll(self.cache, now));
            let output = self.fetch.poll(self.cache, now);
            assert_eq!(said, format!("{output:?}"), "asked twice, answered twice");
            transcript.push(said.clone());
            match output {
                Output::Send(hop) => {
                    let hop = hop.clone();
                    self.sent(&hop);
                    // What an answer grants counts from when it came.
                    let seconds = self.chance.pick(&[0, 0, 0, 1, 4, 5, 6, 600, 7200, 86400]);
                    self.grants.now += Duration::from_secs(seconds);
                    self.reply(&hop);
                }
                Output::Ask(_) => self.answer(),
                Output::Deliver(response) => {
                    let response = response.clone();
                    watch::delivered(&self.fetch, self.environment, &response);
                    return self.stay_over(&said);
                }
                Output::Blocked(verdict) => {
                    assert!(verdict.also.iter().all(|reason| *reason != verdict.reason));
                    let hop = verdict.hop;
                    assert_eq!(hop + 1, self.fetch.url_list().len());
                    return self.stay_over(&said);
                }
            }
        }
    }

    fn sent(&mut self, hop: &Hop) {
        watch::sent(&self.fetch, self.environment, hop, self.gave_cookie);
        if !self.hops.contains(&hop.id) {
            self.hops.push(hop.id);
            // A grant counts when it is looked for: a second try asks nobody again.
            if hop.kind == HopKind::Actual && !hop.new_connection {
                self.grants.cover(self.number, &self.fetch, hop);
            }
        }
        // The first URL and 20 redirects, each with a preflight, each once more after a 421.
        assert!(self.hops.len() <= 21 * 4, "it does not end");
    }

    fn reply(&mut self, hop: &Hop) {
        match reply(self.chance, hop) {
            Reply::Failure(error) => self.fetch.handle_failure(hop.id, error),
            Reply::Connection(space) => self.fetch.handle_connection(hop.id, space),
            Reply::Abort => self.fetch.abort(),
            Reply::Head(head) => {
                if hop.kind == HopKind::Preflight {
                    self.grants.note(self.number, &self.fetch, hop, &head);
                }
                self.fetch.handle_head(hop.id, head.clone());
                // Only the first word counts.
                self.fetch.handle_head(hop.id, head);
            }
        }
    }

    fn answer(&mut self) {
        let cookie = Answer::Value(b"sid=1".to_vec());
        let answer = self.chance.pick(&[Answer::No, Answer::Yes, cookie]);
        self.gave_cookie |= matches!(answer, Answer::Value(_));
        self.fetch.handle_answer(answer);
    }

    /// What is over stays as it is.
    fn stay_over(mut self, said: &str) {
        if let Some(hop) = self.hops.last() {
            let head =
                corsac::fetch::ResponseHead::new(200, [("Access-Control-Allow-Origin", "*")]);
            self.fetch.handle_head(*hop, head);
        }
        self.fetch.handle_answer(Answer::Yes);
        self.fetch.abort();
        let again = self.fetch.poll(self.cache, self.grants.now);
        assert_eq!(said, format!("{again:?}"), "it was over");
    }
}
