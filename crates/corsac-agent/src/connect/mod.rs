//! From a URL to a connection that speaks HTTP.

mod dialer;
mod happy_eyeballs;
mod io;
mod resolver;

pub use dialer::Dialer;
pub use io::Io;
pub use resolver::Resolver;

use std::{net::SocketAddr, sync::OnceLock};

use tokio::{
    net::{TcpStream, lookup_host},
    time::Instant,
};
use url::Url;

use crate::{
    AgentConfig, Connection, Exchange, Failure, HttpVersion, Stage, TlsFailure,
    deadline::Total,
    http1::Http1,
    http2::Http2,
    pool::{Protocol, Transport},
    tls::Tls,
};
use resolver::{Target, address_space, host};

/// Makes connections.
#[derive(Debug, Default)]
pub(crate) struct Connector {
    /// Set up when it is first needed: reading roots takes its time.
    tls: OnceLock<Result<Tls, TlsFailure>>,
}

impl Connector {
    /// Connects to where a URL leads; the exchange is told how far that went, and how long it took.
    pub(crate) async fn connect(
        &self,
        url: &Url,
        config: &AgentConfig,
        total: Total,
        exchange: &mut Exchange,
    ) -> Result<Transport, Failure> {
        let is_tls = match url.scheme() {
            "http" => false,
            "https" => true,
            scheme => {
                let scheme = scheme.to_owned();
                return Err(Failure::Scheme { scheme });
            }
        };
        let (stream, connection) = open(url, config, total, exchange).await?;
        let connection = exchange.connection.insert(connection);
        let io: Box<dyn Io> = match is_tls {
            false => stream,
            true => {
                let begin = Instant::now();
                let tls = self.tls(config).map_err(Failure::Tls)?;
                let shaken = tls.connect(host(url), stream);
                let deadline = total.part(Stage::Tls, config.deadlines.tls);
                let (stream, tls) = deadline.within(shaken).await?.map_err(Failure::Tls)?;
                exchange.timings.tls = Some(begin.elapsed());
                connection.tls = Some(tls);
                Box::new(stream)
            }
        };
        let alpn = connection.tls.as_ref().and_then(|tls| tls.alpn.as_deref());
        let speaks_http2 = config.http_version == HttpVersion::Http2 || alpn == Some("h2");
        let protocol = match speaks_http2 {
            false => Protocol::Http1(Http1::new(io)),
            true => {
                let deadline = total.part(Stage::Head, config.deadlines.head);
                let http2 = deadline.within(Http2::new(io, config.limits)).await??;
                Protocol::Http2(http2)
            }
        };
        Ok(Transport {
            protocol,
            connection: connection.clone(),
        })
    }

    fn tls(&self, config: &AgentConfig) -> Result<&Tls, TlsFailure> {
        let tls = self
            .tls
            .get_or_init(|| Tls::new(&config.trust, config.http_version));
        tls.as_ref().map_err(Clone::clone)
    }
}

/// Opens what TLS or HTTP is spoken over.
async fn open(
    url: &Url,
    config: &AgentConfig,
    total: Total,
    exchange: &mut Exchange,
) -> Result<(Box<dyn Io>, Connection), Failure> {
    let failed = |error: std::io::Error| Failure::Io(error.kind());
    let connection = |peer: SocketAddr, local| Connection {
        peer,
        local,
        address_space: address_space(peer.ip()),
        is_reused: false,
        tls: None,
    };
    if let Some(dialer) = &config.dialer {
        let (io, peer) = dialer.dial(url).map_err(failed)?;
        return Ok((io, connection(peer, None)));
    }
    let addresses = addresses(url, config, total, exchange).await?;
    let stream = connect(addresses, config, total, exchange).await?;
    // Small writes are whole requests, and waiting for more of them is waiting for nothing.
    stream.set_nodelay(true).map_err(failed)?;
    let peer = stream.peer_addr().map_err(failed)?;
    let connection = connection(peer, stream.local_addr().ok());
    Ok((Box::new(stream), connection))
}

async fn addresses(
    url: &Url,
    config: &AgentConfig,
    total: Total,
    exchange: &mut Exchange,
) -> Result<Vec<SocketAddr>, Failure> {
    let (name, port) = match config.resolver.target(url) {
        Target::Known(addresses) if addresses.is_empty() => {
            return Err(Failure::Dns {
                host: host(url).to_owned(),
                message: "no address was given for it".to_owned(),
            });
        }
        Target::Known(addresses) => return Ok(addresses),
        Target::Name(name, port) => (name, port),
    };
    let begin = Instant::now();
    let deadline = total.part(Stage::Dns, config.deadlines.dns);
    let found = deadline.within(lookup_host((&*name, port))).await?;
    exchange.timings.dns = Some(begin.elapsed());
    let failed = |message: String| Failure::Dns {
        host: name.clone(),
        message,
    };
    let addresses: Vec<_> = found.map_err(|error| failed(error.to_string()))?.collect();
    match addresses.is_empty() {
        true => Err(failed("no address is known for it".to_owned())),
        false => Ok(addresses),
    }
}

async fn connect(
    addresses: Vec<SocketAddr>,
    config: &AgentConfig,
    total: Total,
    exchange: &mut Exchange,
) -> Result<TcpStream, Failure> {
    let begin = Instant::now();
    let mut attempts = Vec::new();
    let deadline = total.part(Stage::Connect, config.deadlines.connect);
    let connecting = happy_eyeballs::connect(addresses, &mut attempts);
    let connected = deadline.within(connecting).await?;
    exchange.timings.connect = Some(begin.elapsed());
    connected.ok_or(Failure::Connect { attempts })
}
