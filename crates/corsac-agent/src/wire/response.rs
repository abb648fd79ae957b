use corsac::fetch::ResponseHead;

use super::{
    Framing, WireError, lines, parse_field_lines,
    status_line::{BEGINNING, StatusLine},
};

/// How much of a response is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all heads together, those of status 1xx included.
    pub head_bytes: usize,
    /// Lines of one head.
    pub head_lines: usize,
    /// Heads of status 1xx.
    pub interim_heads: usize,
    /// Bytes after the head, as they stand on the wire.
    pub body_bytes: usize,
}

impl Default for Limits {
    /// 256 KiB and 2,000 lines, as engines have it, 16 interim heads, and a body of 16 MiB.
    fn default() -> Self {
        Self {
            head_bytes: 256 * 1024,
            head_lines: 2_000,
            interim_heads: 16,
            body_bytes: 16 * 1024 * 1024,
        }
    }
}

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
    head: Option<Box<FinalHead>>,
    body: Vec<u8>,
    ended: bool,
}

#[derive(Clone, Debug)]
struct FinalHead {
    head: ResponseHead,
    /// Where it ends in `received`.
    end: usize,
    framing: Framing,
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
            body: Vec::new(),
            ended: false,
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
            return Ok(());
        }
        self.received.extend_from_slice(bytes);
        while self.head.is_none() {
            if !self.parse_head()? {
                return Ok(());
            }
        }
        self.parse_body()
    }

    /// Takes in that the connection has ended.
    ///
    /// # Errors
    /// [`WireError::Closed`] if something is missing.
    pub fn handle_end(&mut self) -> Result<(), WireError> {
        self.ended = true;
        match &self.head {
            Some(head) if head.framing.may_end() => Ok(()),
            _ => Err(WireError::Closed),
        }
    }

    /// The final head, if it has come.
    pub fn head(&self) -> Option<&ResponseHead> {
        self.head.as_deref().map(|head| &head.head)
    }

    /// The body, as far as it has come.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Every byte that was taken in, interim heads and framing included.
    pub fn received(&self) -> &[u8] {
        &self.received
    }

    /// Whether nothing more is to come.
    pub fn is_done(&self) -> bool {
        let head = self.head.as_deref();
        self.ended || head.is_some_and(|head| head.framing.is_done())
    }

    /// Parses one head; false if it isn't complete yet.
    fn parse_head(&mut self) -> Result<bool, WireError> {
        let bytes = self.received.get(self.parsed..).unwrap_or_default();
        // Whoever speaks another protocol is found out before it has said enough for a head.
        let beginning = bytes.get(..BEGINNING.len()).unwrap_or(bytes);
        if !BEGINNING.starts_with(beginning) {
            return Err(WireError::StatusLine);
        }
        let Some(end) = self.find_head_end() else {
            return match self.received.len() > self.limits.head_bytes {
                true => Err(WireError::HeadTooLarge),
                false => Ok(false),
            };
        };
        if end > self.limits.head_bytes {
            return Err(WireError::HeadTooLarge);
        }
        let bytes = self.received.get(self.parsed..end).unwrap_or_default();
        let first = lines(bytes).next().ok_or(WireError::StatusLine)??;
        let status_line = StatusLine::parse(first)?;
        let after = bytes.splitn(2, |&byte| byte == b'\n').nth(1);
        let header_list = parse_field_lines(after.unwrap_or_default(), self.limits.head_lines)?;
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
        let mut head = ResponseHead::new(status_line.status, header_list);
        head.status_message = status_line.status_message.to_vec();
        let framing = Framing::of(&head, status_line.minor_version, self.answers_head)?;
        let head = FinalHead { head, end, framing };
        self.head = Some(Box::new(head));
        Ok(true)
    }

    /// Finds the end of the empty line that ends a head; goes on at the line it had come to.
    fn find_head_end(&mut self) -> Option<usize> {
        loop {
            let rest = self.received.get(self.searched..)?;
            let line_end = self.searched + rest.iter().position(|&byte| byte == b'\n')? + 1;
            let line = self.received.get(self.searched..line_end)?;
            self.searched = line_end;
            if matches!(line, b"\n" | b"\r\n") {
                return Some(line_end);
            }
        }
    }

    fn parse_body(&mut self) -> Result<(), WireError> {
        let Some(head) = &mut self.head else {
            return Ok(());
        };
        let bytes = self.received.get(self.parsed..).unwrap_or_default();
        self.parsed += head.framing.take(bytes, &mut self.body)?;
        if head.framing.is_done() {
            self.received.truncate(self.parsed);
        }
        match self.received.len() - head.end > self.limits.body_bytes {
            true => Err(WireError::BodyTooLarge),
            false => Ok(()),
        }
    }
}
