use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use corsac::{
    diagnosis::TransportError,
    fetch::{
        Answer, Body, Environment, Fetch, Hop, HopKind, Output, PreflightCache, Profile, Question,
        Request, ResponseBody,
    },
};

use crate::{
    Deadlines, Exchange, Fetched, Outcome, Resolver,
    connect::{address_space, connect, is_timeout, time_left},
    wire::{Limits, ResponseParser, WireError, write_request},
};

/// A user agent: the browser of a page, without the page.
///
/// It remembers preflights for as long as it lives, and nothing else. See the
/// [crate's example](crate).
#[derive(Debug)]
pub struct Agent {
    /// Whose rules it follows.
    pub profile: Profile,
    /// Where hosts are.
    pub resolver: Resolver,
    /// How long things may take.
    pub deadlines: Deadlines,
    /// How much of a response it takes.
    pub limits: Limits,
    cache: PreflightCache,
    epoch: Instant,
}

impl Agent {
    /// An agent that has not met anybody yet.
    pub fn new(profile: Profile) -> Self {
        Self {
            profile,
            resolver: Resolver::default(),
            deadlines: Deadlines::default(),
            limits: Limits::default(),
            cache: PreflightCache::default(),
            epoch: Instant::now(),
        }
    }

    /// Fetches what a page asks for.
    ///
    /// `body` goes along wherever the fetch sends one; the request states its length, and a redirect
    /// may drop it.
    pub fn fetch(&mut self, page: Environment, request: Request, body: &[u8]) -> Fetched {
        let mut fetch = Fetch::new(page, request, self.profile);
        let mut exchanges = Vec::new();
        loop {
            match fetch.poll(&mut self.cache, self.epoch.elapsed()) {
                Output::Send(hop) => {
                    let hop = hop.clone();
                    exchanges.push(self.exchange(&hop, &mut fetch, body));
                }
                Output::Ask(question) => {
                    // There is no page here that could forbid, and nobody to ask for the rest.
                    let answer = match question {
                        Question::Policy { .. } => Answer::Yes,
                        _ => Answer::No,
                    };
                    fetch.handle_answer(answer);
                }
                Output::Deliver(response) => {
                    let last = exchanges
                        .last_mut()
                        .filter(|_| response.body == ResponseBody::Exposed);
                    let outcome = Outcome::Response {
                        response: Box::new(response.clone()),
                        body: last
                            .map(|last: &mut Exchange| last.body.clone())
                            .unwrap_or_default(),
                    };
                    return Fetched { exchanges, outcome };
                }
                Output::Blocked(verdict) => {
                    let outcome = Outcome::Blocked(Box::new(verdict.clone()));
                    return Fetched { exchanges, outcome };
                }
            }
        }
    }

    /// Does what the fetch wants sent, and tells it what came of it.
    fn exchange(&mut self, hop: &Hop, fetch: &mut Fetch, body: &[u8]) -> Exchange {
        let mut exchange = Exchange {
            kind: hop.kind,
            method: hop.method.clone(),
            url: hop.url.clone(),
            header_list: hop.header_list.clone(),
            sent: Vec::new(),
            received: Vec::new(),
            head: None,
            body: Vec::new(),
            failure: None,
            body_error: None,
        };
        match self.send_and_receive(hop, fetch, body, &mut exchange) {
            Ok(true) => {}
            // The fetch changed its mind once it knew whom it was connected to.
            Ok(false) => return exchange,
            Err(error) => exchange.failure = Some(error),
        }
        match (&exchange.head, exchange.failure) {
            (Some(head), None) => fetch.handle_head(hop.id, head.clone()),
            (_, failure) => {
                fetch.handle_failure(hop.id, failure.unwrap_or(TransportError::Closed));
            }
        }
        exchange
    }

    fn send_and_receive(
        &mut self,
        hop: &Hop,
        fetch: &mut Fetch,
        body: &[u8],
        exchange: &mut Exchange,
    ) -> Result<bool, TransportError> {
        let body = match hop.body {
            Body::None => b"",
            Body::Source { length } if length == body.len() as u64 => body,
            Body::Source { .. } => return Err(WireError::RequestBody.into()),
            Body::Stream => return Err(WireError::RequestStream.into()),
        };
        let request = write_request(&hop.method, &hop.url, &hop.header_list, body)?;
        let mut stream = connect(&hop.url, &self.resolver, self.deadlines.connect)?;
        let peer = stream.peer_addr().map_err(|_| TransportError::Closed)?;
        if hop.kind != HopKind::Scheme {
            fetch.handle_connection(hop.id, address_space(peer.ip()));
            let next = fetch.poll(&mut self.cache, self.epoch.elapsed());
            if !matches!(next, Output::Send(again) if again.id == hop.id) {
                return Ok(false);
            }
        }
        let deadline = Instant::now() + self.deadlines.head;
        let written = stream
            .set_write_timeout(time_left(deadline))
            .and_then(|()| stream.write_all(&request));
        exchange.sent = request;
        let mut parser = ResponseParser::new(self.limits, hop.method == http::Method::HEAD);
        // A server may refuse before it has read everything: what it said counts all the same.
        let read = match written {
            Err(error) if is_timeout(&error) => Err(WireError::Timeout),
            _ => read(&mut stream, &mut parser, deadline, self.deadlines.body),
        };
        exchange.received = parser.received().to_vec();
        exchange.head = parser.head().cloned();
        exchange.body = parser.body().to_vec();
        match (read, &exchange.head) {
            (Err(error), Some(_)) => exchange.body_error = Some(error),
            (Err(error), None) => return Err(error.into()),
            (Ok(()), _) => {}
        }
        Ok(true)
    }
}

/// Reads until the response is complete.
fn read(
    stream: &mut TcpStream,
    parser: &mut ResponseParser,
    head_deadline: Instant,
    body_limit: Duration,
) -> Result<(), WireError> {
    let mut deadline = head_deadline;
    let mut buffer = [0; 16 * 1024];
    while !parser.is_done() {
        let left = time_left(deadline).ok_or(WireError::Timeout)?;
        stream
            .set_read_timeout(Some(left))
            .map_err(|_| WireError::Closed)?;
        let had_head = parser.head().is_some();
        match stream.read(&mut buffer) {
            Ok(0) => parser.handle_end()?,
            Ok(length) => parser.handle_bytes(buffer.get(..length).unwrap_or_default())?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if is_timeout(&error) => return Err(WireError::Timeout),
            Err(_) => {
                // A reset where the body would have ended with the connection is no clean end.
                return Err(WireError::Closed);
            }
        }
        if !had_head && parser.head().is_some() {
            deadline = Instant::now() + body_limit;
        }
    }
    Ok(())
}
