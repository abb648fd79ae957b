use super::{Grammar, HeaderList};

/// The values of a header, in order.
pub type Values<'a> = Vec<&'a [u8]>;

/// Why a header's lines are not what its grammar asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GrammarError {
    /// More than one line of a header that allows one.
    SeveralLines,
    /// The line's value does not parse; the first byte that does not fit stands here (at the
    /// length of the value, if something is missing at its end; in an origin, where the part that
    /// is wrong begins).
    Byte {
        /// Its place in the value, 0-based.
        at: usize,
    },
}

/// What came of extracting: three outcomes that the Standard keeps apart, and so must a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extracted<'a> {
    /// No header of this name (the Standard's null).
    Absent,
    /// The header is there and cannot be read (the Standard's failure).
    Failure {
        /// The place in the list of the line that cannot be read.
        line: usize,
        /// What is wrong with it.
        error: GrammarError,
    },
    /// The values; none, if the header is there and empty.
    List(Values<'a>),
}

impl<'a> Extracted<'a> {
    /// The values, or none for absence and failure.
    pub fn list(self) -> Values<'a> {
        match self {
            Self::List(values) => values,
            Self::Absent | Self::Failure { .. } => Vec::new(),
        }
    }
}

/// Parses one line's value by the grammar of its header.
///
/// Source: <https://fetch.spec.whatwg.org/#extract-header-values>
///
/// ```
/// use corsac::header::{Grammar, GrammarError, extract_header_values};
/// assert_eq!(extract_header_values(Grammar::Tokens, b"PUT, ,DELETE"), Ok(vec![&b"PUT"[..], b"DELETE"]));
/// assert_eq!(extract_header_values(Grammar::Tokens, b"PUT DELETE"), Err(GrammarError::Byte { at: 3 }));
/// ```
pub fn extract_header_values(grammar: Grammar, value: &[u8]) -> Result<Values<'_>, GrammarError> {
    let mut values = Vec::new();
    grammar.parse(value, &mut values)?;
    Ok(values)
}

/// Parses every line of a header by its grammar, and gathers the values.
///
/// One bad line fails the whole header. The CORS check does not read its headers so: it compares
/// bytes. A header outside the protocol has no grammar here: its one line is its value.
///
/// Source: <https://fetch.spec.whatwg.org/#extract-header-list-values>
///
/// ```
/// use corsac::header::{Extracted, HeaderList, extract_header_list_values};
/// let list = HeaderList::from([("Access-Control-Allow-Headers", "")]);
/// let extract = |name| extract_header_list_values(name, &list);
/// assert_eq!(extract("Access-Control-Allow-Headers"), Extracted::List(vec![]));
/// assert_eq!(extract("Access-Control-Allow-Methods"), Extracted::Absent);
/// ```
pub fn extract_header_list_values<'a>(name: &str, list: &'a HeaderList) -> Extracted<'a> {
    let grammar = Grammar::of(name).unwrap_or(Grammar::AnyBytes);
    let mut values = Vec::new();
    let mut present = false;
    let named = list
        .iter()
        .enumerate()
        .filter(|(_, header)| header.is_named(name));
    for (line, header) in named {
        if present && grammar.allows_a_single_header() {
            let error = GrammarError::SeveralLines;
            return Extracted::Failure { line, error };
        }
        present = true;
        if let Err(error) = grammar.parse(header.value(), &mut values) {
            return Extracted::Failure { line, error };
        }
    }
    match present {
        true => Extracted::List(values),
        false => Extracted::Absent,
    }
}
