use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use corsac::fetch::{Hop, NetworkPartitionKey};

use crate::{Connection, http1::Http1, http2::Http2};

/// Connections that wait for another request.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-connection-pool>
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<Vec<Idle>>);

type Idle = (Arc<PoolKey>, Transport);

/// Which requests may share a connection: of the same partition, to the same place, and all with
/// credentials or all without, so that nobody is told by a connection who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PoolKey {
    scheme: Box<str>,
    host: Box<str>,
    port: u16,
    credentials: bool,
    partition: NetworkPartitionKey,
}

impl PoolKey {
    pub(crate) fn of(hop: &Hop) -> Self {
        Self {
            scheme: hop.url.scheme().into(),
            host: hop.url.host_str().unwrap_or_default().into(),
            port: hop.url.port_or_known_default().unwrap_or_default(),
            credentials: hop.include_credentials,
            partition: hop.network_partition_key.clone(),
        }
    }

    /// Whether it is a hop's, without making the hop's.
    fn is_of(&self, hop: &Hop) -> bool {
        *self.host == *hop.url.host_str().unwrap_or_default()
            && self.port == hop.url.port_or_known_default().unwrap_or_default()
            && *self.scheme == *hop.url.scheme()
            && self.credentials == hop.include_credentials
            && self.partition == hop.network_partition_key
    }
}

/// A connection, and who it is with.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) protocol: Protocol,
    pub(crate) connection: Connection,
}

/// What is spoken over a connection.
#[derive(Debug)]
pub(crate) enum Protocol {
    Http1(Http1),
    Http2(Http2),
}

/// How many connections to one place are kept, as browsers have it for HTTP/1.1, and how many in
/// all.
const IDLE_LIMIT: usize = 6;
const TOTAL_LIMIT: usize = 256;

impl Pool {
    /// Takes a connection that its server has not ended. HTTP/2's stays as well, for others to use
    /// at the same time.
    pub(crate) async fn take(&self, hop: &Hop) -> Option<Idle> {
        loop {
            let (key, mut transport) = self.pop(hop)?;
            let is_alive = match &mut transport.protocol {
                Protocol::Http1(http1) => http1.is_idle().await,
                Protocol::Http2(http2) => http2.is_alive().await,
            };
            if !is_alive {
                continue;
            }
            if let Protocol::Http2(http2) = &transport.protocol {
                let again = Transport {
                    protocol: Protocol::Http2(http2.clone()),
                    connection: transport.connection.clone(),
                };
                self.put((Arc::clone(&key), again));
            }
            transport.connection.is_reused = true;
            return Some((key, transport));
        }
    }

    fn pop(&self, hop: &Hop) -> Option<Idle> {
        let mut pool = self.lock();
        // The one that was used last is the one that its server is least tired of.
        let place = pool.iter().rposition(|(key, _)| key.is_of(hop))?;
        Some(pool.remove(place))
    }

    /// Keeps a connection for the next request.
    pub(crate) fn put(&self, idle: Idle) {
        let mut pool = self.lock();
        let mut of_key = pool
            .iter()
            .enumerate()
            .filter(|(_, (key, _))| *key == idle.0);
        let oldest = of_key.next().map(|(place, _)| place);
        match oldest {
            Some(oldest) if of_key.count() + 1 >= IDLE_LIMIT => drop(pool.remove(oldest)),
            _ if pool.len() >= TOTAL_LIMIT => drop(pool.remove(0)),
            _ => {}
        }
        pool.push(idle);
    }

    /// Ends all of them.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Idle>> {
        // Nothing in here is half done when somebody panics.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
