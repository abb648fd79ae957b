//! Values of a file, taken for what they should be; whatever they are not is a finding.

use std::ops::Range;

use crate::{
    Finding, Format,
    tree::{Kind, Value},
};

/// What was found in the course of a walk through the file.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) format: Format,
    pub(crate) all: Vec<Finding>,
}

impl Findings {
    pub(crate) fn add(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.all.push(Finding::mistake(span, message));
    }

    /// A name that is not one of those that may stand there.
    pub(crate) fn unknown(&mut self, span: Range<usize>, what: &str, name: &str, known: &[&str]) {
        let similar = known
            .iter()
            .map(|known| (strsim::jaro_winkler(name, known), known))
            .filter(|(similarity, _)| *similarity > 0.8)
            .max_by(|one, other| one.0.total_cmp(&other.0));
        let mut finding = Finding::mistake(span, format!("{name:?} is no {what}"));
        finding.help = Some(match similar {
            Some((_, known)) => format!("did you mean `{known}`?"),
            None => format!("there are: {}", known.join(", ")),
        });
        self.all.push(finding);
    }

    pub(crate) fn wrong(&mut self, key: &str, value: &Value<'_>, should: &str) {
        let is = match (&value.kind, self.format) {
            (Kind::String(_), _) => "a string",
            (Kind::Integer(_), _) => "an integer",
            (Kind::Float, Format::Toml) => "a float",
            (Kind::Float, Format::Json) => "a number with a fraction or an exponent",
            (Kind::Boolean(_), _) => "a boolean",
            (Kind::DateTime, _) => "a date or time",
            (Kind::Null, _) => "null",
            (Kind::List(_), _) => "an array",
            (Kind::Table(_), Format::Toml) => "a table",
            (Kind::Table(_), Format::Json) => "an object",
        };
        self.add(
            value.span.clone(),
            format!("{key} holds {should}, and this is {is}"),
        );
    }

    pub(crate) fn boolean(&mut self, key: &str, value: &Value<'_>) -> Option<bool> {
        let boolean = match value.kind {
            Kind::Boolean(boolean) => Some(boolean),
            _ => None,
        };
        if boolean.is_none() {
            self.wrong(key, value, "true or false");
        }
        boolean
    }

    pub(crate) fn string<'v>(&mut self, key: &str, value: &'v Value<'_>) -> Option<&'v str> {
        let string = value.as_str();
        if string.is_none() {
            self.wrong(key, value, "a string");
        }
        string
    }

    /// A number that fits.
    pub(crate) fn number<N: TryFrom<i64>>(
        &mut self,
        key: &str,
        value: &Value<'_>,
        should: &str,
    ) -> Option<N> {
        let number = match value.kind {
            Kind::Integer(number) => number.and_then(|number| N::try_from(number).ok()),
            _ => None,
        };
        if number.is_none() {
            match value.kind {
                Kind::Integer(_) => self.add(value.span.clone(), format!("{key} holds {should}")),
                _ => self.wrong(key, value, should),
            }
        }
        number
    }

    pub(crate) fn list<'v, 'i>(
        &mut self,
        key: &str,
        value: &'v Value<'i>,
        should: &str,
    ) -> Option<&'v [Value<'i>]> {
        let list = match &value.kind {
            Kind::List(list) => Some(list.as_slice()),
            _ => None,
        };
        if list.is_none() {
            self.wrong(key, value, should);
        }
        list
    }

    /// One of several words, by what it stands for.
    pub(crate) fn word<T: Copy>(
        &mut self,
        key: &str,
        value: &Value<'_>,
        words: &[(&str, T)],
    ) -> Option<T> {
        let written = self.string(key, value)?;
        let found = words.iter().find(|(word, _)| *word == written);
        if found.is_none() {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.unknown(value.span.clone(), key, written, &known);
        }
        found.map(|&(_, meaning)| meaning)
    }
}
