//! Scripts: calls of everything that the page's classes offer, with arguments that nobody means well by.

use std::{collections::HashMap, sync::LazyLock};

use crate::chance::Chance;

/// What a script may contain beside the rest.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    /// What may not come to an end by itself.
    pub(super) endless: bool,
    /// What changes the engine's own objects.
    pub(super) polluted: bool,
}

type Phrases = Vec<&'static str>;

/// The phrases of each section; what the file means is said in it.
static GRAMMAR: LazyLock<HashMap<&str, Phrases>> = LazyLock::new(|| {
    let mut sections = HashMap::<_, Phrases>::new();
    let mut phrases = None;
    for line in include_str!("grammar.txt").lines() {
        if let Some(header) = line.strip_prefix("== ") {
            let (name, _) = header.split_once(':').unwrap();
            phrases = Some(sections.entry(name).or_default());
        } else if let Some(phrases) = &mut phrases
            && !line.is_empty()
        {
            phrases.push(line);
        }
    }
    sections
});

/// How deep a phrase may be within phrases.
const DEEPEST: usize = 5;

/// The acts of a script, each a function's body.
pub(super) fn acts(chance: &mut Chance<'_>, scope: Scope) -> Vec<String> {
    let mut acts = Vec::new();
    for _ in 0..40 {
        if chance.is_over() {
            break;
        }
        let section = match chance.byte() {
            0..16 if scope.endless => "endless",
            16..48 if scope.polluted => "pollution",
            _ => "acts",
        };
        let mut act = String::new();
        expand(pick(chance, &GRAMMAR[section]), chance, 0, &mut act);
        acts.push(act);
    }
    acts
}

/// There could be more phrases than a byte has values.
fn pick(chance: &mut Chance<'_>, phrases: &Phrases) -> &'static str {
    let number = usize::from(chance.byte()) << 8 | usize::from(chance.byte());
    phrases[number % phrases.len()]
}

fn expand(phrase: &str, chance: &mut Chance<'_>, depth: usize, to: &mut String) {
    let mut parts = phrase.split('@');
    to.push_str(parts.next().unwrap());
    for part in parts {
        let (letter, rest) = part.split_at(1);
        match letter {
            "#" => to.push_str(&(chance.byte() % 16).to_string()),
            _ => {
                let phrases = &GRAMMAR[letter];
                let is_simple = depth >= DEEPEST || chance.is_over();
                let phrase = match is_simple {
                    true => phrases[0],
                    false => pick(chance, phrases),
                };
                expand(phrase, chance, depth + 1, to);
            }
        }
        to.push_str(rest);
    }
}

/// Each phrase of the grammar, as a function's body.
#[cfg(test)]
pub(super) fn every_phrase() -> Vec<String> {
    let mut all = Vec::new();
    for (section, phrases) in GRAMMAR.iter() {
        for phrase in phrases {
            let mut text = String::new();
            expand(phrase, &mut Chance::new(&[]), 0, &mut text);
            all.push(match section.len() {
                1 => format!("({text})"),
                _ => text,
            });
        }
    }
    all
}
