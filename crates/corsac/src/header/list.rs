//! The header list: what went over the wire, in its order, with duplicates, case and every byte.

use std::{fmt, sync::Arc};

/// One header: a name and a value.
///
/// The name keeps the case it came in; names are compared without regard to ASCII case. The value
/// may hold any byte but NUL, CR and LF ([`HeaderList`] does not check: the parser of the wire
/// does, and [`crate::header::normalize`] trims what a script supplies).
///
/// Source: <https://fetch.spec.whatwg.org/#concept-header>
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Header {
    // Name and value in one buffer: one allocation a header instead of two. It is shared, because
    // lists are copied from hand to hand (request, hop, log) and their headers never change.
    bytes: Arc<[u8]>,
    name_length: usize,
}

impl Header {
    /// Makes a header of a name and a value.
    pub fn new(name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        let (name, value) = (name.as_ref(), value.as_ref());
        let length = name.len() + value.len();
        // What is shared can only be made of one slice. Nearly all headers are short.
        let mut short = [0; 128];
        let bytes = match short.get_mut(..length) {
            Some(bytes) => {
                let (begin, end) = bytes.split_at_mut(name.len());
                begin.copy_from_slice(name);
                end.copy_from_slice(value);
                Arc::from(&*bytes)
            }
            None => Arc::from([name, value].concat()),
        };
        Self {
            bytes,
            name_length: name.len(),
        }
    }

    /// The name, in the case it came in.
    pub fn name(&self) -> &[u8] {
        self.bytes.split_at(self.name_length).0
    }

    /// The value, byte for byte.
    pub fn value(&self) -> &[u8] {
        self.bytes.split_at(self.name_length).1
    }

    /// Says whether the name matches, ASCII case aside.
    pub fn is_named(&self, name: impl AsRef<[u8]>) -> bool {
        self.name().eq_ignore_ascii_case(name.as_ref())
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}",
            self.name().escape_ascii(),
            self.value().escape_ascii()
        )
    }
}

/// An ordered list of headers, duplicates included.
///
/// It is not a map: two lines of one name stay two lines, because several checks of the Standard
/// depend on it (two lines of Access-Control-Allow-Origin never pass).
///
/// Source: <https://fetch.spec.whatwg.org/#concept-header-list>
///
/// ```
/// use corsac::header::HeaderList;
/// let mut list = HeaderList::from([("Vary", "Origin")]);
/// list.append("vary", "Accept");
/// assert_eq!(list.get("VARY").as_deref(), Some(&b"Origin, Accept"[..]));
/// assert_eq!(list.iter().next_back().unwrap().name(), b"Vary");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct HeaderList(Vec<Header>);

impl HeaderList {
    /// An empty list.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// An empty list with room for so many headers.
    pub fn with_capacity(headers: usize) -> Self {
        Self(Vec::with_capacity(headers))
    }

    /// How many headers there are, duplicates counted.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Says whether there is no header.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The headers in their order.
    pub fn iter(&self) -> std::slice::Iter<'_, Header> {
        self.0.iter()
    }

    /// The values of every header of this name, each with its place in the list.
    pub fn lines<'a, 'n: 'a>(
        &'a self,
        name: &'n str,
    ) -> impl DoubleEndedIterator<Item = (usize, &'a [u8])> + 'a {
        self.0
            .iter()
            .enumerate()
            .filter(move |(_, header)| header.is_named(name))
            .map(|(line, header)| (line, header.value()))
    }

    /// Adds a line as it came, whatever else is in the list: for parsers of the wire, where the
    /// case of each line is a fact. [`append`](Self::append) is the Standard's.
    pub fn push(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        self.0.push(Header::new(name, value));
    }

    /// Says whether a header of this name is in the list.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#header-list-contains>
    pub fn contains(&self, name: impl AsRef<[u8]>) -> bool {
        let name = name.as_ref();
        self.0.iter().any(|header| header.is_named(name))
    }

    /// Gets the values of all headers of this name, joined by a comma and a space; `None` if there
    /// is none.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-header-list-get>
    pub fn get(&self, name: impl AsRef<[u8]>) -> Option<std::borrow::Cow<'_, [u8]>> {
        let name = name.as_ref();
        let mut values = self
            .0
            .iter()
            .filter(|header| header.is_named(name))
            .map(Header::value);
        let first = values.next()?;
        let Some(second) = values.next() else {
            return Some(first.into());
        };
        let mut joined = [first, b", ", second].concat();
        for value in values {
            joined.extend_from_slice(b", ");
            joined.extend_from_slice(value);
        }
        Some(joined.into())
    }

    /// Appends a header, under the case of the first one of its name if there is one.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-header-list-append>
    pub fn append(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        match self.first_mut(name.as_ref()) {
            Some(first) => {
                let header = Header::new(first.name(), value);
                self.0.push(header);
            }
            None => self.push(name, value),
        }
    }

    /// Deletes every header of this name.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-header-list-delete>
    pub fn delete(&mut self, name: impl AsRef<[u8]>) {
        let name = name.as_ref();
        self.0.retain(|header| !header.is_named(name));
    }

    /// Gives the first header of this name the value and removes the others; appends one if there
    /// was none.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-header-list-set>
    pub fn set(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        let name = name.as_ref();
        let mut is_first = true;
        self.0
            .retain(|header| !header.is_named(name) || std::mem::take(&mut is_first));
        match self.first_mut(name) {
            Some(first) => *first = Header::new(first.name(), value),
            None => self.push(name, value),
        }
    }

    /// Joins the value to the first header of this name with a comma and a space; appends one if
    /// there was none. XMLHttpRequest's setRequestHeader() works so.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-header-list-combine>
    pub fn combine(&mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        let (name, value) = (name.as_ref(), value.as_ref());
        match self.first_mut(name) {
            Some(first) => {
                *first = Header::new(first.name(), [first.value(), b", ", value].concat());
            }
            None => self.push(name, value),
        }
    }

    fn first_mut(&mut self, name: &[u8]) -> Option<&mut Header> {
        self.0.iter_mut().find(|header| header.is_named(name))
    }
}

impl fmt::Debug for HeaderList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

impl<'a> IntoIterator for &'a HeaderList {
    type Item = &'a Header;
    type IntoIter = std::slice::Iter<'a, Header>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>> FromIterator<(N, V)> for HeaderList {
    /// Takes lines as they came, like [`HeaderList::push`].
    fn from_iter<I: IntoIterator<Item = (N, V)>>(lines: I) -> Self {
        Self(
            lines
                .into_iter()
                .map(|(name, value)| Header::new(name, value))
                .collect(),
        )
    }
}

impl<N: AsRef<[u8]>, V: AsRef<[u8]>, const LINES: usize> From<[(N, V); LINES]> for HeaderList {
    fn from(lines: [(N, V); LINES]) -> Self {
        lines.into_iter().collect()
    }
}
