use std::ops::Range;

use corsac::{
    fetch::ResponseHead,
    header::{HeaderList, normalize},
};
use memchr::memchr;

use super::{
    FieldPlace, Framing, Limits, WireError,
    field_lines::parse_field_lines_at,
    lines,
    status_line::{BEGINNING, StatusLine},
};

/// Parses one response, as its bytes come.
///
/// ```
/// use corsac_agent::wire::{Limits, ResponseParser};
/// let mut parser = ResponseParser::new(Limits::default(), false);
/// parser.handle_bytes(b"HTTP/1.1 200 OK\r\nContent-Le").unwrap();
/// assert!(parser.head().is_none());
/// parser.handle_bytes(b"ngth: 2\r\n\r\nhi").unwrap();
/// assert_eq!(parser.head().unwrap().status, 200);
/// assert!(parser.is_done());
/// assert_eq!(parser.body(), b"hi");
/// ```
#[derive(Clone, Debug)]
pub struct ResponseParser {
    limits: Limits,
    answers_head: bool,
    received: Vec<u8>,
    /// How much of `received` has been parsed.
    parsed: usize,
    /// Up to where `received` holds no end of a head.
    searched: usize,
    interim_heads: usize,
    head: Option<Box<ReceivedHead>>,
    has_head: bool,
    /// Whether the head leaves the connection open.
    keeps: bool,
    framing: Framing,
    body: Vec<u8>,
    /// Bytes after the head, as they stand on the wire.
    body_bytes: usize,
    forgets: bool,
    ends_heads: bool,
    has_ended: bool,
    has_more: bool,
}

/// A final head, and where its lines stand in [`ResponseParser::received`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReceivedHead {
    /// What it says.
    pub head: ResponseHead,
    /// The digit after `HTTP/1.`.
    pub minor_version: u8,
    /// All of it, with the empty line at its end, if it has one.
    pub range: Range<usize>,
    /// One for each header of the list.
    pub places: Vec<FieldPlace>,
    /// Lines that are no header: no colon, no token before it, white space around a name.
    pub ignored: Vec<Range<usize>>,
}

impl ResponseParser {
    /// Begins; `answers_head` if the request's method is HEAD, whose response has no body whatever
    /// it says.
    pub fn new(limits: Limits, answers_head: bool) -> Self {
        Self {
            limits,
            answers_head,
            received: Vec::new(),
            parsed: 0,
            searched: 0,
            interim_heads: 0,
            head: None,
            has_head: false,
            keeps: false,
            framing: Framing::UntilClose,
            body: Vec::new(),
            body_bytes: 0,
            forgets: false,
            ends_heads: false,
            has_ended: false,
            has_more: false,
        }
    }

    /// Takes bytes in.
    ///
    /// # Errors
    /// What is wrong with them; nothing can be taken in after that. Once [`head`](Self::head) is
    /// there, it is the body that failed.
    pub fn handle_bytes(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        if self.is_done() {
            // Nobody asked for what comes after the end.
            self.has_more |= !bytes.is_empty();
            return Ok(());
        }
        self.received.extend_from_slice(bytes);
        while !self.has_head {
            if !self.parse_head()? {
                return Ok(());
            }
        }
        self.parse_body()
    }

    /// Lets the connection's end stand for the empty line at the end of a head, if a whole line came
    /// before it: so do browsers without TLS. A line that is cut counts for nothing: what it grants may
    /// have been meant for a longer name.
    pub fn end_heads_with_connection(&mut self) {
        self.ends_heads = true;
    }

    /// Takes in that the connection has ended.
    ///
    /// # Errors
    /// [`WireError::Closed`] if something is missing.
    pub fn handle_end(&mut self) -> Result<(), WireError> {
        self.has_ended = true;
        while !self.has_head && self.received.len() > self.parsed {
            if !self.parse_head()? {
                break;
            }
        }
        match self.has_head && self.framing.may_end() {
            true => Ok(()),
            false => Err(WireError::Closed),
        }
    }

    /// The final head, if it has come and nobody has [taken](Self::take_head) it.
    pub fn head(&self) -> Option<&ResponseHead> {
        self.received_head().map(|received| &received.head)
    }

    /// The same, and where it stands.
    pub fn received_head(&self) -> Option<&ReceivedHead> {
        self.head.as_deref()
    }

    /// Takes the final head, if it has come and nobody has taken it.
    pub fn take_head(&mut self) -> Option<ReceivedHead> {
        self.head.take().map(|head| *head)
    }

    /// Whether the final head has come.
    pub fn has_head(&self) -> bool {
        self.has_head
    }

    /// How many heads of status 1xx have come.
    pub fn interim_heads(&self) -> usize {
        self.interim_heads
    }

    /// The body, as far as it has come and was not taken.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Takes what has come of the body.
    pub fn take_body(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.body)
    }

    /// Every byte that was taken in, interim heads and framing included.
    pub fn received(&self) -> &[u8] {
        &self.received
    }

    /// Takes what [`received`](Self::received) says, once nothing more is to come.
    pub fn into_received(self) -> Vec<u8> {
        self.received
    }

    /// Keeps no byte of the body from now on, once it was [taken](Self::take_body).
    pub fn forget_body(&mut self) {
        self.forgets = true;
    }

    /// Takes no more than so many bytes of a body from now on.
    pub fn limit_body(&mut self, bytes: usize) {
        self.limits.body_bytes = bytes;
    }

    /// Whether nothing more is to come.
    pub fn is_done(&self) -> bool {
        self.has_ended || (self.has_head && self.framing.is_done())
    }

    /// Whether the connection can carry another request: the response is complete, nothing came
    /// after it, and neither side said that it would hang up.
    pub fn keeps_connection(&self) -> bool {
        self.keeps && !self.has_ended && !self.has_more && self.framing.is_done()
    }

    /// Parses one head; false if it isn't complete yet.
    fn parse_head(&mut self) -> Result<bool, WireError> {
        let bytes = self.received.get(self.parsed..).unwrap_or_default();
        // Whoever speaks another protocol is found out before it has said enough for a head.
        let beginning = bytes.get(..BEGINNING.len()).unwrap_or(bytes);
        if !BEGINNING.starts_with(beginning) {
            return Err(WireError::StatusLine);
        }
        let is_end = self.ends_heads && self.has_ended && bytes.ends_with(b"\n");
        let unended = is_end.then_some(self.received.len());
        let Some(end) = self.find_head_end().or(unended) else {
            return match self.received.len() > self.limits.head_bytes {
                true => Err(WireError::HeadTooLarge),
                false => Ok(false),
            };
        };
        if end > self.limits.head_bytes {
            return Err(WireError::HeadTooLarge);
        }
        let range = self.parsed..end;
        let bytes = self.received.get(range.clone()).unwrap_or_default();
        let first = lines(bytes).next().ok_or(WireError::StatusLine)??;
        let status_line = StatusLine::parse(first)?;
        let after = memchr(b'\n', bytes);
        let after = after.map_or(bytes.len(), |line_end| line_end + 1);
        let fields = parse_field_lines_at(
            bytes.get(after..).unwrap_or_default(),
            range.start + after,
            self.limits.head_lines,
        )?;
        self.parsed = end;
        self.searched = end;
        match status_line.status {
            101 => return Err(WireError::UnexpectedUpgrade),
            100..200 => {
                self.interim_heads += 1;
                return match self.interim_heads > self.limits.interim_heads {
                    true => Err(WireError::HeadTooLarge),
                    false => Ok(true),
                };
            }
            _ => {}
        }
        let mut head = ResponseHead::new(status_line.status, fields.list);
        head.status_message = status_line.status_message.to_vec();
        let minor_version = status_line.minor_version;
        self.framing = Framing::of(&head, minor_version, self.answers_head)?;
        let says = |option: &str| has_option(&head.header_list, option);
        self.keeps = !says("close") && (minor_version > 0 || says("keep-alive"));
        self.has_head = true;
        self.head = Some(Box::new(ReceivedHead {
            head,
            minor_version,
            range,
            places: fields.places,
            ignored: fields.ignored,
        }));
        Ok(true)
    }

    /// Finds the end of the empty line that ends a head; goes on at the line it had come to.
    fn find_head_end(&mut self) -> Option<usize> {
        loop {
            let rest = self.received.get(self.searched..)?;
            let line_end = self.searched + memchr(b'\n', rest)? + 1;
            let line = self.received.get(self.searched..line_end)?;
            self.searched = line_end;
            if matches!(line, b"\n" | b"\r\n") {
                return Some(line_end);
            }
        }
    }

    fn parse_body(&mut self) -> Result<(), WireError> {
        let bytes = self.received.get(self.parsed..).unwrap_or_default();
        let taken = self.framing.take(bytes, &mut self.body)?;
        self.parsed += taken;
        self.body_bytes += taken;
        let left = self.received.len() - self.parsed;
        if self.framing.is_done() {
            self.has_more |= left > 0;
            self.received.truncate(self.parsed);
        }
        if self.body_bytes + left > self.limits.body_bytes {
            return Err(WireError::BodyTooLarge);
        }
        if self.forgets {
            self.received.drain(self.parsed - taken..self.parsed);
            self.parsed -= taken;
        }
        Ok(())
    }
}

/// Whether Connection names an option.
fn has_option(list: &HeaderList, option: &str) -> bool {
    list.lines("Connection")
        .flat_map(|(_, value)| value.split(|&byte| byte == b','))
        .any(|part| normalize(part).eq_ignore_ascii_case(option.as_bytes()))
}
