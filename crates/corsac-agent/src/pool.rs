use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use corsac::fetch::{Hop, NetworkPartitionKey};

use crate::{Connection, http1::Http1, http2::Http2};

/// Connections that wait for another request.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-connection-pool>
#[derive(Debug, Default)]
pub(crate) struct Pool(Mutex<HashMap<PoolKey, Vec<Transport>>>);

/// Which requests may share a connection: of the same partition, to the same place, and all with
/// credentials or all without, so that nobody is told by a connection who they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// How many connections to one place are kept, as browsers have it for HTTP/1.1.
const IDLE_LIMIT: usize = 6;

impl Pool {
    /// Takes a connection that its server has not ended. HTTP/2's stays as well, for others to use
    /// at the same time.
    pub(crate) async fn take(&self, key: &PoolKey) -> Option<Transport> {
        loop {
            let mut transport = self.lock().get_mut(key)?.pop()?;
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
                self.put(key.clone(), again);
            }
            transport.connection.is_reused = true;
            return Some(transport);
        }
    }

    /// Keeps a connection for the next request.
    pub(crate) fn put(&self, key: PoolKey, transport: Transport) {
        let mut pool = self.lock();
        let idle = pool.entry(key).or_default();
        if idle.len() == IDLE_LIMIT {
            idle.remove(0);
        }
        idle.push(transport);
    }

    /// Ends all of them.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PoolKey, Vec<Transport>>> {
        // Nothing in here is half done when somebody panics.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
