//! The format of exchanges: one item a line, in the order of what happens.
//!
//! ```text
//! page https://app.example            who asks; `null` is a page without an origin of its own
//! PUT https://api.example/orders      what it asks for, method as the script wrote it
//! content-type: application/json      the author's headers
//! credentials include                 settings: see `run.rs`
//! 21 times                            all that follows happens so often
//! --> OPTIONS https://api.example/…   what goes over the wire, and its headers
//! <-- 204                             what comes back, and its headers as they are
//! <-- 206 kept from a range           or what a cache kept of another request, which had a Range
//! <-- failure refused                 or nothing usable
//! <-- connection loopback             or how near the server is
//! ?-- policy no                       what the host replies to a question
//! --x abort                           the page gives up
//! ==> also allow-credentials-not-true what else is wrong
//! ==> allow-origin-missing preflight  how it ends: code, and `actual` if no phase is told
//! ```

#[derive(Debug, Default)]
pub(crate) struct Exchange {
    pub(crate) page: String,
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) settings: Vec<(String, String)>,
    pub(crate) events: Vec<Event>,
    pub(crate) code: String,
    pub(crate) phase: String,
    pub(crate) also: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) enum Event {
    Send {
        method: String,
        url: String,
        headers: Vec<(String, String)>,
    },
    Head {
        status: u16,
        range_requested: bool,
        headers: Vec<(String, String)>,
    },
    Failure(String),
    Connection(String),
    Answer {
        question: String,
        answer: String,
    },
    Abort,
}

impl Exchange {
    /// Reads the one exchange of a page.
    pub(crate) fn of_page(page: &str) -> Result<Self, String> {
        let (_, rest) = page.split_once("```exchange\n").ok_or("no exchange")?;
        let (text, rest) = rest
            .split_once("\n```\n")
            .ok_or("the exchange has no end")?;
        match rest.is_empty() {
            true => Self::parse(text),
            false => Err("something comes after the exchange".to_owned()),
        }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut exchange = Self::default();
        let mut times = 1;
        let mut lines = text.lines().filter(|line| !line.is_empty());
        let page = lines.next().and_then(|line| line.strip_prefix("page "));
        exchange.page = page.ok_or("no page")?.to_owned();
        let request = lines.next().and_then(|line| line.rsplit_once(' '));
        let (method, url) = request.ok_or("no request")?;
        (exchange.method, exchange.url) = (method.to_owned(), url.to_owned());
        for line in lines {
            if !exchange.code.is_empty() {
                return Err(format!("after the end: {line}"));
            }
            exchange
                .take(line, &mut times)
                .ok_or_else(|| format!("can't read: {line}"))?;
        }
        match exchange.code.is_empty() {
            true => Err("no end".to_owned()),
            false => Ok(exchange),
        }
    }

    fn take(&mut self, line: &str, times: &mut usize) -> Option<()> {
        if let Some((name, value)) = header(line) {
            self.current_headers()?.push((name, value));
            return Some(());
        }
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        match mark {
            "-->" => {
                let (method, url) = rest.split_once(' ')?;
                self.events.push(Event::Send {
                    method: method.to_owned(),
                    url: url.to_owned(),
                    headers: Vec::new(),
                });
            }
            "<--" => self.events.push(answer(rest)?),
            "?--" => {
                let (question, answer) = rest.split_once(' ')?;
                let (question, answer) = (question.to_owned(), answer.to_owned());
                self.events.push(Event::Answer { question, answer });
            }
            "--x" if rest == "abort" => self.events.push(Event::Abort),
            "==>" => {
                self.repeat(times);
                match rest.split_once(' ') {
                    Some(("also", code)) => self.also.push(code.to_owned()),
                    Some((code, phase)) => {
                        (self.code, self.phase) = (code.to_owned(), phase.to_owned());
                    }
                    None => (self.code, self.phase) = (rest.to_owned(), "actual".to_owned()),
                }
            }
            _ if rest == "times" && self.events.is_empty() => *times = mark.parse().ok()?,
            _ if self.events.is_empty() && mark.starts_with(char::is_alphabetic) => {
                self.settings.push((mark.to_owned(), rest.to_owned()));
            }
            _ => return None,
        }
        Some(())
    }

    /// Repeats all there is: only a loop of redirects is as long as that.
    fn repeat(&mut self, times: &mut usize) {
        let rounds = 0..std::mem::replace(times, 1);
        self.events = rounds.flat_map(|_| self.events.clone()).collect();
    }

    fn current_headers(&mut self) -> Option<&mut Vec<(String, String)>> {
        match self.events.last_mut() {
            None => Some(&mut self.headers),
            Some(Event::Send { headers, .. } | Event::Head { headers, .. }) => Some(headers),
            Some(_) => None,
        }
    }
}

/// `name: value`, or `name:`.
fn header(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    let is_name = !name.is_empty() && !name.contains(' ');
    is_name.then(|| (name.to_owned(), value.trim_start().to_owned()))
}

fn answer(text: &str) -> Option<Event> {
    Some(match text.split_once(' ') {
        Some(("failure", error)) => Event::Failure(error.to_owned()),
        Some(("connection", space)) => Event::Connection(space.to_owned()),
        Some((status, "kept from a range")) => head(status, true)?,
        Some(_) => return None,
        None => head(text, false)?,
    })
}

fn head(status: &str, range_requested: bool) -> Option<Event> {
    Some(Event::Head {
        status: status.parse().ok()?,
        range_requested,
        headers: Vec::new(),
    })
}

#[test]
fn a_line_that_means_nothing_is_an_error() {
    let parse = |rest: &str| Exchange::parse(&format!("page null\nGET http://a/\n{rest}"));
    assert!(parse("==> aborted").is_ok());
    for bad in [
        "",
        "--> GET",
        "<-- 2xx\n==> aborted",
        "--x\n==> aborted",
        "--x abort\nmode cors\n==> aborted",
        "==> aborted\n--x abort",
        "?-- policy\n==> aborted",
    ] {
        assert!(parse(bad).is_err(), "{bad}");
    }
}
