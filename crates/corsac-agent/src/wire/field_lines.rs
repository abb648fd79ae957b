use std::{borrow::Cow, ops::Range};

use corsac::header::{HeaderList, is_token, normalize};
use memchr::{memchr, memchr2};

use super::WireError;

/// Splits a head at its LFs, and takes the CR before each away. Stops before the empty line that
/// ends the head.
///
/// # Errors
/// [`WireError::Nul`] and [`WireError::BareCr`]. Some engines read over a bare CR and some do not:
/// whoever hides a header behind one must not be believed.
pub fn lines(head: &[u8]) -> impl Iterator<Item = Result<&[u8], WireError>> {
    let mut rest = head;
    let split = std::iter::from_fn(move || {
        let end = memchr(b'\n', rest).map_or(rest.len(), |place| place + 1);
        let (line, after) = rest.split_at_checked(end)?;
        rest = after;
        (!line.is_empty()).then_some(line)
    });
    split
        .map(|line| {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            match memchr2(0, b'\r', line).and_then(|place| line.get(place)) {
                Some(0) => Err(WireError::Nul),
                Some(_) => Err(WireError::BareCr),
                None => Ok(line),
            }
        })
        .take_while(|line| !matches!(line, Ok([])))
}

/// Parses the lines after the first one of a head.
///
/// A line without a colon, or whose name is not a token, is left out, as in browsers; so is
/// `Name :`, which only some of them take. A line that begins with white space goes on with the
/// value of the line before.
///
/// # Errors
/// What [`lines`] says, and [`WireError::HeadTooLarge`] for more than `limit` lines.
///
/// ```
/// use corsac_agent::wire::parse_field_lines;
/// let list = parse_field_lines(b"Vary: Origin\r\nno colon\nvary:\tAccept \r\n\r\n", 100).unwrap();
/// assert_eq!(list.len(), 2);
/// assert_eq!(list.get("Vary").as_deref(), Some(&b"Origin, Accept"[..]));
/// ```
pub fn parse_field_lines(head: &[u8], limit: usize) -> Result<HeaderList, WireError> {
    parse_field_lines_at(head, 0, limit).map(|fields| fields.list)
}

/// Header lines, and where each of them stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) list: HeaderList,
    /// One for each header of the list.
    pub(super) places: Vec<FieldPlace>,
    /// Lines that are no header.
    pub(super) ignored: Vec<Range<usize>>,
}

/// Where a header stands in what was received.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FieldPlace {
    /// Its name.
    pub name: Range<usize>,
    /// Its value, from the first byte that is no white space to the last one.
    pub value: Range<usize>,
    /// Whether the value goes on over further lines, so that these bytes are not the value itself.
    pub is_folded: bool,
}

/// Parses the header lines of a head whose first byte stands at `at`.
pub(super) fn parse_field_lines_at(
    head: &[u8],
    at: usize,
    limit: usize,
) -> Result<Fields, WireError> {
    let mut fields = Fields::default();
    let mut current: Option<Field<'_>> = None;
    let place = |part: &[u8]| {
        // A part of a slice lies where it lies.
        let start = at + (part.as_ptr().addr() - head.as_ptr().addr());
        start..start + part.len()
    };
    for (count, line) in lines(head).enumerate() {
        let line = line?;
        if count == limit {
            return Err(WireError::HeadTooLarge);
        }
        if let [b' ' | b'\t', ..] = line {
            let more = normalize(line);
            match &mut current {
                Some(field) => field.fold(more, place(more)),
                None => fields.ignored.push(place(line)),
            }
            continue;
        }
        fields.push(current.take());
        let colon = memchr(b':', line);
        let parts = colon.and_then(|colon| Some((line.get(..colon)?, line.get(colon + 1..)?)));
        match parts {
            Some((name, value)) if is_token(name) => {
                let value = normalize(value);
                let place = FieldPlace {
                    name: place(name),
                    value: place(value),
                    is_folded: false,
                };
                current = Some(Field {
                    name,
                    value: value.into(),
                    place,
                });
            }
            _ => fields.ignored.push(place(line)),
        }
    }
    fields.push(current);
    Ok(fields)
}

struct Field<'a> {
    name: &'a [u8],
    value: Cow<'a, [u8]>,
    place: FieldPlace,
}

impl Field<'_> {
    fn fold(&mut self, more: &[u8], place: Range<usize>) {
        let value = self.value.to_mut();
        value.push(b' ');
        value.extend_from_slice(more);
        self.place.is_folded = true;
        if !more.is_empty() {
            if self.place.value.is_empty() {
                self.place.value.start = place.start;
            }
            self.place.value.end = place.end;
        }
    }
}

impl Fields {
    fn push(&mut self, field: Option<Field<'_>>) {
        if let Some(field) = field {
            self.list.push(field.name, normalize(&field.value));
            self.places.push(field.place);
        }
    }
}
