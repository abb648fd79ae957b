//! All that servers ever granted: what a request without a preflight has to be justified by.

use std::time::Duration;

use crate::oracle::{Grant, Need, Question};

/// Who was granted something, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) page: usize,
    /// As it was sent, which after a redirect may be `null`.
    pub(crate) origin: String,
    pub(crate) target: usize,
}

#[derive(Debug)]
struct Granted {
    key: Key,
    include: bool,
    at: Duration,
    grant: Grant,
}

impl Granted {
    /// A grant with credentials also serves without, and not the other way round.
    fn serves(&self, key: &Key, include: bool, need: &Need, now: Duration) -> bool {
        self.key == *key
            && (self.include || !include)
            && now < self.at + Duration::from_secs(self.grant.seconds)
            && self.grant.covers(self.include, need)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Grants(Vec<Granted>);

impl Grants {
    pub(crate) fn add(&mut self, key: Key, include: bool, at: Duration, grant: Grant) {
        self.0.push(Granted {
            key,
            include,
            at,
            grant,
        });
    }

    /// A network error forgets what the page was granted there.
    pub(crate) fn forget(&mut self, key: &Key) {
        self.0.retain(|granted| granted.key != *key);
    }

    /// What the request needs and no server granted: a grant counts until its end, or until a
    /// later answer says the same thing anew.
    pub(crate) fn unjustified(&self, key: &Key, question: &Question, now: Duration) -> Vec<Need> {
        let is_justified = |need: &Need| {
            self.0.iter().enumerate().any(|(place, granted)| {
                let renewed = self.0[place + 1..].iter().any(|later| {
                    later.key == *key && later.include == granted.include && later.grant.lists(need)
                });
                granted.serves(key, question.include, need, now)
                    && !(renewed && granted.grant.lists(need))
            })
        };
        let needs = question.needs().into_iter();
        needs.filter(|need| !is_justified(need)).collect()
    }

    /// Whether the very last answer there covers all that the request needs: asking again would be
    /// a waste.
    pub(crate) fn last_answer_suffices(
        &self,
        key: &Key,
        question: &Question,
        now: Duration,
    ) -> bool {
        let last = self.0.iter().rfind(|granted| granted.key == *key);
        last.is_some_and(|last| {
            let mut needs = question.needs().into_iter();
            needs.all(|need| last.serves(key, question.include, &need, now))
        })
    }
}
