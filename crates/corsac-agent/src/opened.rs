use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use corsac::fetch::ResponseBody;
use tokio::time::Instant;

use crate::{
    Exchange, Failure, Fetched, Outcome, Stage,
    agent::Shared,
    deadline::{Deadline, Total},
    incoming::Incoming,
    wire::WireError,
};

/// A fetch as far as the head of what the page gets, with the body on its way.
///
/// ```no_run
/// # use corsac::fetch::{Environment, Profile, Request};
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let page = Environment::of_page("http://localhost:5173/".parse()?);
/// let request = Request::new("http://localhost:3000/events".parse()?);
/// let mut opened = corsac_agent::Agent::new(Profile::FETCH).open(page, request, "").await;
/// while let Some(chunk) = opened.chunk().await {
///     println!("{} bytes more", chunk?.len());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened {
    /// What became of the fetch so far: the last exchange and the response have no body.
    pub fetched: Fetched,
    pub(crate) rest: Option<Rest>,
}

/// What is on its way.
#[derive(Debug)]
pub(crate) struct Rest {
    pub(crate) shared: Arc<Shared>,
    pub(crate) incoming: Incoming,
    pub(crate) total: Total,
    pub(crate) began: Instant,
}

impl Opened {
    /// The next part of the body, as far as script may read it; `None` at its end. Parts that were
    /// read are not kept. Each may take as long as a whole body may. Dropping everything hangs up.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, Failure>> {
        if !is_exposed(&self.fetched.outcome) {
            return None;
        }
        let rest = self.rest.as_mut()?;
        rest.incoming.forget();
        let deadlines = &rest.shared.config.deadlines;
        let deadline = rest.total.part(Stage::Body, deadlines.body);
        let chunk = deadline.within(rest.incoming.chunk()).await;
        match chunk.and_then(|chunk| chunk).transpose() {
            Some(Ok(chunk)) => return Some(Ok(chunk)),
            Some(Err(failure)) => {
                self.end(Some(&failure));
                return Some(Err(failure));
            }
            None => self.end(None),
        }
        None
    }

    /// Reads the rest of the body.
    pub async fn collect(self) -> Fetched {
        let is_read = is_exposed(&self.fetched.outcome);
        self.read(is_read).await
    }

    /// Reads the rest of the body for a load that uses what script may not read, as that of a script
    /// from elsewhere: a hidden body is taken as far as one that script reads, and is in the last
    /// exchange.
    pub async fn collect_for_load(self) -> Fetched {
        let is_read = matches!(self.fetched.outcome, Outcome::Response { .. });
        self.read(is_read).await
    }

    async fn read(mut self, is_read: bool) -> Fetched {
        if let (Some(rest), Some(exchange)) = (self.rest.take(), self.fetched.exchanges.last_mut())
        {
            let config = &rest.shared.config;
            let (limit, deadline) = match is_read {
                true => (config.limits.body_bytes, config.deadlines.body),
                false => (
                    config.limits.unread_body_bytes,
                    config.deadlines.unread_body,
                ),
            };
            let deadline = rest.total.part(Stage::Body, deadline);
            read_to_the_end(&rest.shared, rest.incoming, exchange, deadline, limit).await;
        }
        if is_exposed(&self.fetched.outcome)
            && let Outcome::Response { body, .. } = &mut self.fetched.outcome
            && let Some(exchange) = self.fetched.exchanges.last()
        {
            *body = exchange.body.clone();
        }
        self.fetched
    }

    fn end(&mut self, failure: Option<&Failure>) {
        if let (Some(rest), Some(exchange)) = (self.rest.take(), self.fetched.exchanges.last_mut())
        {
            exchange.timings.receive = Some(rest.began.elapsed());
            exchange.body_error = failure.cloned();
            finish(&rest.shared, rest.incoming, exchange);
        }
    }
}

fn is_exposed(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Response { response, .. } => response.body == ResponseBody::Exposed,
        Outcome::Blocked(_) | Outcome::Withheld(_) => false,
    }
}

/// Reads a body to its end, or as far as it comes.
pub(crate) async fn read_to_the_end(
    shared: &Shared,
    mut incoming: Incoming,
    exchange: &mut Exchange,
    deadline: Deadline,
    limit: usize,
) {
    let began = Instant::now();
    incoming.limit(limit);
    let mut parts = Parts::default();
    let read = deadline.within(parts.read(&mut incoming, limit)).await;
    exchange.body_error = read.and_then(|read| read).err();
    exchange.body = parts.join();
    exchange.timings.receive = Some(began.elapsed());
    finish(shared, incoming, exchange);
}

fn finish(shared: &Shared, incoming: Incoming, exchange: &mut Exchange) {
    if let Some(idle) = incoming.finish(exchange) {
        shared.pool.put(idle);
    }
}

/// Parts of a body: most have one only, which is then not copied.
#[derive(Default)]
struct Parts {
    first: Bytes,
    all: BytesMut,
}

impl Parts {
    async fn read(&mut self, incoming: &mut Incoming, limit: usize) -> Result<(), Failure> {
        while let Some(chunk) = incoming.chunk().await? {
            self.push(chunk);
            if self.first.len().max(self.all.len()) > limit {
                return Err(WireError::BodyTooLarge.into());
            }
        }
        Ok(())
    }

    fn push(&mut self, chunk: Bytes) {
        if self.first.is_empty() && self.all.is_empty() {
            self.first = chunk;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
            self.first.clear();
        }
        self.all.extend_from_slice(&chunk);
    }

    fn join(self) -> Bytes {
        match self.all.is_empty() {
            true => self.first,
            false => self.all.freeze(),
        }
    }
}
