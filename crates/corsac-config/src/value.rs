//! Values of a file, taken for what they should be; whatever they are not is a finding.

use std::ops::Range;

use toml::{Spanned, de::DeValue};

use crate::Finding;

/// Something in the file, and where it stands.
pub(crate) type Value<'i> = Spanned<DeValue<'i>>;

/// What was found in the course of a walk through the file.
#[derive(Debug, Default)]
pub(crate) struct Findings(pub(crate) Vec<Finding>);

impl Findings {
    pub(crate) fn add(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.0.push(Finding::mistake(span, message));
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
        self.0.push(finding);
    }

    fn wrong(&mut self, key: &str, value: &Value<'_>, should: &str) {
        let is = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        self.add(
            value.span(),
            format!("{key} holds {should}, and this is {is}"),
        );
    }

    pub(crate) fn boolean(&mut self, key: &str, value: &Value<'_>) -> Option<bool> {
        let boolean = value.get_ref().as_bool();
        if boolean.is_none() {
            self.wrong(key, value, "true or false");
        }
        boolean
    }

    pub(crate) fn string<'v>(&mut self, key: &str, value: &'v Value<'_>) -> Option<&'v str> {
        let string = value.get_ref().as_str();
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
        let number = integer(value).and_then(|number| N::try_from(number).ok());
        if number.is_none() {
            match value.get_ref() {
                DeValue::Integer(_) => self.add(value.span(), format!("{key} holds {should}")),
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
        let list = value.get_ref().as_array().map(|array| &**array);
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
            self.unknown(value.span(), key, written, &known);
        }
        found.map(|&(_, meaning)| meaning)
    }
}

fn integer(value: &Value<'_>) -> Option<i64> {
    let integer = value.get_ref().as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}
