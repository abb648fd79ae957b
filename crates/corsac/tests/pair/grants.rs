//! All that servers have granted and that still holds: what a request without a preflight has to be
//! justified by, and what makes asking again a waste.

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

/// One word of one answer.
#[derive(Clone, Debug)]
struct Granted {
    key: Key,
    /// With credentials `*` is a name, and nothing more.
    include: bool,
    /// A method, or a header name in lower case. Either may be `*`.
    word: Word,
    until: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Method(String),
    Header(String),
}

impl Granted {
    /// A grant with credentials also serves without, and not the other way round.
    fn serves(&self, key: &Key, include: bool, now: Duration) -> bool {
        self.key == *key && (self.include || !include) && now < self.until
    }

    fn covers(&self, need: &Need) -> bool {
        match (&self.word, need) {
            (Word::Method(word), Need::Method(method)) => {
                word == method || (word == "*" && !self.include)
            }
            (Word::Header(word), Need::Header(name)) => {
                word == name || (word == "*" && !self.include && name != "authorization")
            }
            _ => false,
        }
    }

    fn is_star_of(&self, word: &Word) -> bool {
        match (&self.word, word) {
            (Word::Method(star), Word::Method(_)) | (Word::Header(star), Word::Header(_)) => {
                star == "*"
            }
            _ => false,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Grants(Vec<Granted>);

impl Grants {
    /// Takes an answer in. Its word on a method or header is the last one: it takes the place of
    /// what an earlier answer said, and nothing broader that says the same lives longer than it.
    pub(crate) fn add(&mut self, key: &Key, include: bool, now: Duration, grant: &Grant) {
        let until = now + Duration::from_secs(grant.seconds);
        let methods = grant.methods.iter().cloned().map(Word::Method);
        let names = grant.names.iter().map(|name| name.to_ascii_lowercase());
        for word in methods.chain(names.map(Word::Header)) {
            for granted in &mut self.0 {
                let says_it = granted.word == word || granted.is_star_of(&word);
                if says_it && granted.serves(key, include, now) {
                    granted.until = granted.until.min(until);
                }
            }
            self.0.retain(|granted| {
                granted.key != *key || granted.include != include || granted.word != word
            });
            self.0.push(Granted {
                key: key.clone(),
                include,
                word,
                until,
            });
        }
    }

    /// A network error forgets what the page was granted there.
    pub(crate) fn forget(&mut self, key: &Key) {
        self.0.retain(|granted| granted.key != *key);
    }

    /// What the request needs and nobody has granted it.
    pub(crate) fn missing(&self, key: &Key, question: &Question, now: Duration) -> Vec<Need> {
        let is_granted = |need: &Need| {
            let mut granted = self.0.iter();
            granted.any(|one| one.serves(key, question.include, now) && one.covers(need))
        };
        let needs = question.needs().into_iter();
        needs.filter(|need| !is_granted(need)).collect()
    }
}
