//! What bytes say in HTTP/1.1, by a reading that knows one way to frame a message and no other.

/// A head, and where the message that it begins ends.
#[derive(Clone, Debug)]
pub(super) struct Message {
    /// The three words of the first line; the last may have spaces.
    pub(super) first: [Vec<u8>; 3],
    /// Names in lower case, values without white space around them.
    pub(super) lines: Vec<(Vec<u8>, Vec<u8>)>,
    /// How many bytes it has, if all of them are there.
    pub(super) length: Option<usize>,
    /// Whether what comes after it may be another message.
    pub(super) goes_on: bool,
}

/// What can be wrong with bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// There are too few of them.
    Incomplete,
    /// They are no message.
    Malformed(&'static str),
}

/// How a reading takes what is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Lines end with CR LF and hold no control bytes.
    Strict,
    /// As servers do: a bare LF ends a line as well, and empty lines may come before the first.
    Lenient,
}

impl Message {
    pub(super) fn all<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m [u8]> {
        let lines = self.lines.iter();
        let named = lines.filter(move |(it, _)| it == name.as_bytes());
        named.map(|(_, value)| value.as_slice())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// The request at the beginning of bytes.
    pub(super) fn request(bytes: &[u8], reading: Reading) -> Result<Self, Fault> {
        let (mut message, body) = head(bytes, reading)?;
        let closes = message
            .all("connection")
            .any(|value| has_word(value, b"close"));
        let has_length = message.has("content-length");
        let is_chunked = match coding(&message)? {
            Some(true) => true,
            Some(false) => return Err(Fault::Malformed("a coding without chunks")),
            None => false,
        };
        if reading == Reading::Strict && is_chunked && has_length {
            return Err(Fault::Malformed("two ways to frame it"));
        }
        message.goes_on = !(closes || is_chunked && has_length);
        message.length = match is_chunked {
            true => end_of_chunks(bytes, body, reading)?,
            false => of_length(&message, bytes, body)?,
        };
        Ok(message)
    }

    /// The response at the beginning of bytes, to a request of this method.
    pub(super) fn response(bytes: &[u8], method: &[u8]) -> Result<Self, Fault> {
        let (mut message, body) = head(bytes, Reading::Strict)?;
        let status = message.first[1].as_slice();
        message.goes_on = status != b"101";
        let is_bodiless = method == b"HEAD"
            || status[0] == b'1'
            || [b"204", b"304"].contains(&status.try_into().unwrap_or(b"200"));
        message.length = match coding(&message)? {
            _ if is_bodiless => Some(body),
            Some(true) if message.has("content-length") => {
                return Err(Fault::Malformed("two ways to frame it"));
            }
            Some(true) => end_of_chunks(bytes, body, Reading::Strict)?,
            Some(false) => return Err(Fault::Malformed("a coding without chunks")),
            None if message.has("content-length") => of_length(&message, bytes, body)?,
            None => Some(bytes.len()),
        };
        Ok(message)
    }
}

/// Everything up to the empty line, and where that ends.
fn head(bytes: &[u8], reading: Reading) -> Result<(Message, usize), Fault> {
    let mut place = 0;
    let mut first = head_line(bytes, &mut place, reading)?;
    while reading == Reading::Lenient && first.is_empty() {
        first = head_line(bytes, &mut place, reading)?;
    }
    let mut words = first.splitn(3, |&byte| byte == b' ').map(<[u8]>::to_vec);
    let first = [words.next(), words.next(), words.next()].map(Option::unwrap_or_default);
    if first[1].is_empty() {
        return Err(Fault::Malformed("the first line"));
    }
    let mut lines = Vec::new();
    loop {
        let line = head_line(bytes, &mut place, reading)?;
        if line.is_empty() {
            break;
        }
        let colon = line.iter().position(|&byte| byte == b':');
        let colon = colon.ok_or(Fault::Malformed("a line without a colon"))?;
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        let is_token =
            |byte: &u8| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?={}".contains(byte);
        if name.is_empty() || !name.iter().all(is_token) {
            return Err(Fault::Malformed("a name"));
        }
        lines.push((name.to_ascii_lowercase(), value.to_vec()));
    }
    let message = Message {
        first,
        lines,
        length: None,
        goes_on: true,
    };
    Ok((message, place))
}

fn line<'b>(bytes: &'b [u8], place: &mut usize, reading: Reading) -> Result<&'b [u8], Fault> {
    let rest = &bytes[*place..];
    let end = rest.iter().position(|&byte| byte == b'\n');
    let end = end.ok_or(Fault::Incomplete)?;
    *place += end + 1;
    let line = match (rest[..end].strip_suffix(b"\r"), reading) {
        (Some(line), _) => line,
        (None, Reading::Lenient) => &rest[..end],
        (None, Reading::Strict) => return Err(Fault::Malformed("a bare LF")),
    };
    Ok(line)
}

/// A line of a head, which may hold less than what is said beside a chunk.
fn head_line<'b>(bytes: &'b [u8], place: &mut usize, reading: Reading) -> Result<&'b [u8], Fault> {
    let line = line(bytes, place, reading)?;
    let is_control = |byte: &u8| (*byte < b' ' && *byte != b'\t') || *byte == 0x7f;
    match line.iter().any(is_control) {
        true => Err(Fault::Malformed("a control byte")),
        false => Ok(line),
    }
}

fn has_word(value: &[u8], word: &[u8]) -> bool {
    let mut words = value.split(|&byte| byte == b',');
    words.any(|it| it.trim_ascii().eq_ignore_ascii_case(word))
}

/// Whether the last coding is chunks, if there are codings.
fn coding(message: &Message) -> Result<Option<bool>, Fault> {
    let Some(last) = message.all("transfer-encoding").last() else {
        return Ok(None);
    };
    if message.first.iter().any(|word| word == b"HTTP/1.0") {
        return Err(Fault::Malformed("a coding in HTTP/1.0"));
    }
    let last = last.rsplit(|&byte| byte == b',').next().unwrap_or_default();
    Ok(Some(last.trim_ascii().eq_ignore_ascii_case(b"chunked")))
}

fn of_length(message: &Message, bytes: &[u8], body: usize) -> Result<Option<usize>, Fault> {
    let mut length = None;
    for value in message.all("content-length") {
        if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
            return Err(Fault::Malformed("a length that is no number"));
        }
        let digits = std::str::from_utf8(value).expect("digits");
        let this: u64 = digits
            .parse()
            .map_err(|_| Fault::Malformed("a length that is too large"))?;
        if length.is_some_and(|length| length != this) {
            return Err(Fault::Malformed("two lengths"));
        }
        length = Some(this);
    }
    let length = usize::try_from(length.unwrap_or(0)).unwrap_or(usize::MAX);
    let end = body.saturating_add(length);
    Ok((end <= bytes.len()).then_some(end))
}

/// Where chunks and trailers end, if they do: what is wrong in them is no longer the head's matter.
fn end_of_chunks(bytes: &[u8], body: usize, reading: Reading) -> Result<Option<usize>, Fault> {
    let mut place = body;
    let is_strict = reading == Reading::Strict;
    let passes = |fault| match fault {
        Fault::Malformed(_) if is_strict => Err(fault),
        _ => Ok(None),
    };
    loop {
        let size = match line(bytes, &mut place, reading) {
            Ok(size) => size.split(|&byte| byte == b';').next().unwrap_or_default(),
            Err(fault) => return passes(fault),
        };
        let size = std::str::from_utf8(size.trim_ascii()).ok();
        let size = size.and_then(|size| usize::from_str_radix(size, 16).ok());
        let Some(size) = size else {
            return passes(Fault::Malformed("the size of a chunk"));
        };
        if size == 0 {
            break;
        }
        let Some(rest) = place.checked_add(size).and_then(|end| bytes.get(end..)) else {
            return Ok(None);
        };
        place += size;
        match rest {
            [b'\r', b'\n', ..] => place += 2,
            [] | [b'\r'] => return Ok(None),
            _ => return passes(Fault::Malformed("the end of a chunk")),
        }
    }
    loop {
        match line(bytes, &mut place, reading) {
            Ok([]) => return Ok(Some(place)),
            Ok(_) => {}
            Err(fault) => return passes(fault),
        }
    }
}
