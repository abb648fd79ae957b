use std::{sync::Arc, time::SystemTime};

use bytes::Bytes;
use corsac::{
    diagnosis::TransportError,
    fetch::{
        AddressSpace, Answer, Body, Environment, Fetch, Hop, HopKind, Output, Question, Request,
    },
};
use http::Method;
use tokio::time::Instant;

use crate::{
    Connection, Exchange, Failure, Fetched, Opened, Outcome, PageAddressSpace, Stage,
    UnsafeMethods, Withheld,
    agent::{OnSent, Shared},
    browser,
    cookies::{Selection, Site},
    deadline::Total,
    http1::Http1,
    http2::{self, Http2},
    incoming::{Http1Body, Incoming},
    opened::{Rest, read_to_the_end},
    pool::{PoolKey, Protocol, Transport},
    wire::{ResponseParser, WireError, request_lines, write_request},
};

/// One fetch under way: does what it wants, and tells it what came of it.
pub(crate) struct Driver<'a> {
    shared: &'a Arc<Shared>,
    page: Arc<Environment>,
    request: Request,
    fetch: Fetch,
    body: Bytes,
    on_sent: Option<OnSent>,
    total: Total,
    exchanges: Vec<Exchange>,
    /// What the fetch was answered about cookies, for the hop that comes next.
    cookies: Option<(Site, Selection)>,
    first_peer: Option<AddressSpace>,
}

/// What became of a hop.
enum Sent {
    /// A head came.
    Head(Incoming),
    /// The fetch changed its mind once it knew whom it was connected to.
    Not,
    /// This agent does not send such a thing there.
    Withheld(Box<Withheld>),
}

impl<'a> Driver<'a> {
    pub(crate) fn new(
        shared: &'a Arc<Shared>,
        mut page: Environment,
        mut request: Request,
        body: Bytes,
        on_sent: Option<OnSent>,
    ) -> Self {
        let config = &shared.config;
        browser::fill_in(config, &mut page, &mut request);
        let page = Arc::new(page);
        Self {
            shared,
            page: Arc::clone(&page),
            request: request.clone(),
            fetch: Fetch::new(page, request, config.profile),
            body,
            on_sent,
            total: Total::new(config.deadlines.total),
            exchanges: Vec::new(),
            cookies: None,
            first_peer: None,
        }
    }

    pub(crate) async fn run(mut self) -> Opened {
        let mut incoming: Option<Incoming> = None;
        loop {
            let output = self.fetch.poll(&mut self.shared.cache(), self.shared.now());
            let outcome = match output {
                Output::Send(hop) => {
                    let hop = hop.clone();
                    self.leave_unread(incoming.take()).await;
                    match self.hop(hop).await {
                        Sent::Head(came) => incoming = Some(came),
                        Sent::Not => {}
                        Sent::Withheld(withheld) => {
                            return self.opened(Outcome::Withheld(withheld), None);
                        }
                    }
                    continue;
                }
                Output::Ask(question) => {
                    let answer = answer(self.shared, question, &mut self.cookies);
                    self.fetch.handle_answer(answer);
                    continue;
                }
                Output::Deliver(response) => Outcome::Response {
                    response: Box::new(response.clone()),
                    body: Bytes::new(),
                },
                Output::Blocked(verdict) => Outcome::Blocked(Box::new(verdict.clone())),
            };
            if let Outcome::Blocked(_) = outcome {
                self.leave_unread(incoming.take()).await;
            }
            return self.opened(outcome, incoming);
        }
    }

    fn opened(self, outcome: Outcome, incoming: Option<Incoming>) -> Opened {
        let rest = incoming.map(|incoming| Rest {
            shared: Arc::clone(self.shared),
            incoming,
            total: self.total,
            began: Instant::now(),
        });
        let fetched = Fetched {
            page: self.page,
            request: self.request,
            exchanges: self.exchanges,
            outcome,
        };
        Opened { fetched, rest }
    }

    /// Sends a hop, and tells the fetch what came.
    async fn hop(&mut self, hop: Hop) -> Sent {
        let id = hop.id;
        let mut exchange = Exchange::new(hop);
        exchange.timings.started = Some(SystemTime::now());
        let site = self.report_cookies(&mut exchange);
        let sent = self.send(&mut exchange).await;
        match &sent {
            Ok(Sent::Head(_)) => {
                let head = exchange.head.clone().unwrap_or_default();
                if head.header_list.contains("Set-Cookie") {
                    let url = &exchange.hop.url;
                    exchange.cookies.set = self.shared.jar().store(url, site, &head);
                }
                self.fetch.handle_head(id, head);
            }
            Ok(_) => {}
            Err(failure) => {
                self.fetch.handle_failure(id, TransportError::from(failure));
            }
        }
        let sent = sent.unwrap_or_else(|failure| {
            exchange.failure = Some(failure);
            Sent::Not
        });
        self.exchanges.push(exchange);
        sent
    }

    /// Notes which cookies go along with a hop and which do not.
    fn report_cookies(&mut self, exchange: &mut Exchange) -> Option<Site> {
        let (site, selection) = match self.cookies.take() {
            Some((site, selection)) => (Some(site), selection),
            // Nobody expects cookies of a preflight.
            None if exchange.hop.kind != HopKind::Actual => return None,
            None => (None, self.shared.jar().select(&exchange.hop.url, None)),
        };
        exchange.cookies.sent = selection.sent;
        exchange.cookies.withheld = selection.withheld;
        site
    }

    async fn send(&mut self, exchange: &mut Exchange) -> Result<Sent, Failure> {
        let config = &self.shared.config;
        let hop = &exchange.hop;
        let body = match hop.body {
            Body::None => Bytes::new(),
            Body::Source { length } if length == self.body.len() as u64 => self.body.clone(),
            Body::Source { .. } => return Err(WireError::RequestBody.into()),
            Body::Stream => self.body.clone(),
        };
        let is_stream = hop.body == Body::Stream;
        exchange.request_lines = request_lines(&hop.url, &hop.header_list, &config.accept_encoding);
        let mut may_reuse = !hop.new_connection;
        loop {
            let (key, transport) = self.transport(may_reuse, exchange).await?;
            if let Err(sent) = self.judge(&transport.connection, &exchange.hop) {
                self.keep(key, transport);
                return Ok(sent);
            }
            let is_reused = transport.connection.is_reused;
            let sent = match transport.protocol {
                // Browsers stream over nothing older than HTTP/2, and find out once they are
                // connected.
                Protocol::Http1(_) if is_stream => {
                    self.keep(key, transport);
                    return Err(WireError::RequestStream.into());
                }
                Protocol::Http1(http1) => {
                    let connection = transport.connection;
                    self.send_http1(http1, connection, key, &body, exchange)
                        .await
                }
                Protocol::Http2(http2) => self.send_http2(&http2, body.clone(), exchange).await,
            };
            match sent {
                // Its server had given the connection up before it knew of this request, as far as
                // anybody can tell. Browsers ask again, once and on a new one, whatever they ask.
                Err(failure) if is_reused && failure.is_stale() && exchange.received.is_empty() => {
                    may_reuse = false;
                }
                sent => return sent.map(Sent::Head),
            }
        }
    }

    async fn transport(
        &self,
        may_reuse: bool,
        exchange: &mut Exchange,
    ) -> Result<(Arc<PoolKey>, Transport), Failure> {
        let pool = &self.shared.pool;
        if may_reuse && let Some((key, transport)) = pool.take(&exchange.hop).await {
            exchange.connection = Some(transport.connection.clone());
            return Ok((key, transport));
        }
        let key = Arc::new(PoolKey::of(&exchange.hop));
        let url = exchange.hop.url.clone();
        let connector = &self.shared.connector;
        let config = &self.shared.config;
        let transport = connector
            .connect(&url, config, self.total, exchange)
            .await?;
        if let Protocol::Http2(http2) = &transport.protocol
            && !exchange.hop.new_connection
        {
            let shared = Transport {
                protocol: Protocol::Http2(http2.clone()),
                connection: transport.connection.clone(),
            };
            pool.put((Arc::clone(&key), shared));
        }
        Ok((key, transport))
    }

    /// Puts a connection back that nothing was sent over.
    fn keep(&self, key: Arc<PoolKey>, transport: Transport) {
        if let Protocol::Http1(_) = &transport.protocol {
            self.shared.pool.put((key, transport));
        }
    }

    /// Whether a hop may go to where it is connected.
    fn judge(&mut self, connection: &Connection, hop: &Hop) -> Result<(), Sent> {
        let config = &self.shared.config;
        let space = connection.address_space;
        let first_peer = *self.first_peer.get_or_insert(space);
        // A page that is as near as what it asked first reaches nowhere nearer than a page of the
        // Internet does, unless it is one.
        let is_asked = match config.page_address_space {
            PageAddressSpace::AsStated => true,
            PageAddressSpace::OfFirstPeer => first_peer == AddressSpace::Public,
        };
        if is_asked {
            self.fetch.handle_connection(hop.id, space);
            loop {
                match self.fetch.poll(&mut self.shared.cache(), self.shared.now()) {
                    Output::Ask(question) => {
                        let answer = answer(self.shared, question, &mut self.cookies);
                        self.fetch.handle_answer(answer);
                    }
                    Output::Send(again) if again.id == hop.id => break,
                    _ => return Err(Sent::Not),
                }
            }
        }
        let is_unsafe = !matches!(hop.method, Method::GET | Method::HEAD | Method::OPTIONS);
        let is_here = connection.peer.ip().to_canonical().is_loopback();
        match is_unsafe && !is_here && config.unsafe_methods == UnsafeMethods::ToLoopback {
            true => Err(Sent::Withheld(Box::new(Withheld {
                hop: hop.clone(),
                peer: connection.peer,
            }))),
            false => Ok(()),
        }
    }

    async fn send_http1(
        &self,
        mut http1: Http1,
        connection: Connection,
        key: Arc<PoolKey>,
        body: &[u8],
        exchange: &mut Exchange,
    ) -> Result<Incoming, Failure> {
        let config = &self.shared.config;
        let hop = &exchange.hop;
        let request = write_request(&hop.method, &hop.url, &exchange.request_lines, body)?;
        let mut parser = ResponseParser::new(config.limits, hop.method == Method::HEAD);
        if hop.url.scheme() == "http" {
            parser.end_heads_with_connection();
        }
        let begin = Instant::now();
        let deadline = self.total.part(Stage::Head, config.deadlines.head);
        http1.begin(request, self.on_sent_of(hop));
        let read = deadline.within(http1.read_head(&mut parser)).await;
        exchange.sent = http1.take_request();
        exchange.note_waiting(begin, http1.sent);
        exchange.interim_heads = parser.interim_heads();
        let failure = match read.and_then(|read| read) {
            // What is wrong with the bytes after a good head is the body's affair.
            Err(failure) if parser.has_head() => Some(failure),
            Err(failure) => {
                exchange.received = parser.into_received();
                return Err(failure);
            }
            Ok(()) => None,
        };
        exchange.note_head(&mut parser);
        Ok(Incoming::Http1(Box::new(Http1Body {
            http1,
            parser,
            connection,
            key,
            failure,
        })))
    }

    async fn send_http2(
        &self,
        http2: &Http2,
        body: Bytes,
        exchange: &mut Exchange,
    ) -> Result<Incoming, Failure> {
        let config = &self.shared.config;
        let (request, lines) = http2::request(&exchange.hop, &config.accept_encoding)?;
        exchange.request_lines = lines;
        let begin = Instant::now();
        let deadline = self.total.part(Stage::Head, config.deadlines.head);
        let on_sent = self.on_sent_of(&exchange.hop);
        let mut sent = None;
        let came = deadline
            .within(http2.exchange(request, body, on_sent, &mut sent))
            .await;
        exchange.note_waiting(begin, sent);
        let (head, body) = came.and_then(|came| came)?;
        exchange.version = Some(http::Version::HTTP_2);
        exchange.head = Some(head);
        Ok(Incoming::Http2(Box::new(body)))
    }

    /// Who is told that a hop's body was sent, if it has one.
    fn on_sent_of(&self, hop: &Hop) -> Option<OnSent> {
        self.on_sent.clone().filter(|_| hop.body != Body::None)
    }

    /// Takes what comes at once of a body that nobody reads, so that people may see it and the
    /// connection can be used again.
    async fn leave_unread(&mut self, incoming: Option<Incoming>) {
        let (Some(incoming), Some(exchange)) = (incoming, self.exchanges.last_mut()) else {
            return;
        };
        let config = &self.shared.config;
        let deadline = self.total.part(Stage::Body, config.deadlines.unread_body);
        let limit = config.limits.unread_body_bytes;
        read_to_the_end(self.shared, incoming, exchange, deadline, limit).await;
    }
}

/// Answers as a browser would whose user said so.
fn answer(shared: &Shared, question: &Question, cookies: &mut Option<(Site, Selection)>) -> Answer {
    match question {
        // There is no page here that could forbid.
        Question::Policy { .. } => Answer::Yes,
        Question::Cookies {
            url,
            same_site_mode,
        } => {
            let site = Site {
                mode: *same_site_mode,
                profile: shared.config.profile,
            };
            let mut selection = shared.jar().select(url, Some(site));
            let value = selection.value.take();
            *cookies = Some((site, selection));
            value.map_or(Answer::No, Answer::Value)
        }
        Question::LocalNetwork { .. } if shared.config.allows_local_network => Answer::Yes,
        _ => Answer::No,
    }
}
