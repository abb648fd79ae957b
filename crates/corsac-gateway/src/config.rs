//! How a gateway is configured.

use std::{num::NonZeroUsize, path::PathBuf, sync::Arc, thread, time::Duration};

use corsac_tower::policy::PolicyMap;

use crate::{Certificates, Dialer, Observer, Rewrites, Trust, Upstream};

/// How a gateway is configured.
#[derive(Clone)]
pub struct GatewayConfig {
    /// Who may read what.
    pub policies: PolicyMap,
    /// Where requests go: of those whose path is a prefix, to the one with the longest.
    pub upstreams: Vec<Upstream>,
    /// A folder whose files are served where no upstream has the path. Names that begin with a dot
    /// are not. Default none.
    pub folder: Option<PathBuf>,
    /// The names that a request may ask for in Host besides `localhost`, names below it and literal
    /// addresses, without port. A page whose name was made to point here (DNS rebinding) asks for
    /// its own name, and is told 421. Default none.
    pub hosts: Vec<String>,
    /// How many threads serve. Default as many as there are processors.
    pub workers: NonZeroUsize,
    /// How much of everything there may be.
    pub limits: Limits,
    /// Whether a request's Host goes on to the upstream, which otherwise is asked by its own name.
    /// Default no.
    pub keeps_host: bool,
    /// Whether upstreams are asked over HTTP/2: over https they have to agree, over http they have to
    /// know (prior knowledge). WebSockets go over HTTP/1.1 all the same. Default no.
    pub asks_http2: bool,
    /// What an upstream says of itself that is said anew. Default nothing.
    pub rewrites: Rewrites,
    /// What clients are shown if they are to speak TLS. Default nothing: they don't.
    pub certificates: Option<Certificates>,
    /// Who may vouch for upstreams over https. Default nobody: none is reached.
    pub trust: Option<Trust>,
    /// Who connects to upstreams in place of the network. Default nobody.
    pub dialer: Option<Dialer>,
    /// Who is told what was decided and done. Default nobody, which costs least.
    pub observer: Option<Arc<Observer>>,
}

impl GatewayConfig {
    /// The default for these policies and upstreams.
    pub fn new(policies: impl Into<PolicyMap>, upstreams: Vec<Upstream>) -> Self {
        Self {
            policies: policies.into(),
            upstreams,
            folder: None,
            hosts: Vec::new(),
            workers: thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            limits: Limits::default(),
            keeps_host: false,
            asks_http2: false,
            rewrites: Rewrites::default(),
            certificates: None,
            trust: None,
            dialer: None,
            observer: None,
        }
    }
}

/// How much of everything there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long the head of a request may take to arrive, the wait for the next one on a connection
    /// included. Default 30 seconds.
    pub head: Duration,
    /// How long either side may keep the other waiting in the midst of a body. Default 60 seconds.
    pub stall: Duration,
    /// How long a client may take nothing of what it is sent. Default 60 seconds.
    pub send: Duration,
    /// How long it may take to reach an upstream. Default 5 seconds.
    pub connect: Duration,
    /// How long an upstream may think before it answers, from when it last took some of the request's
    /// body. Default 60 seconds.
    pub answer: Duration,
    /// How many bytes the head of a request may have. Default 64 KiB.
    pub head_bytes: usize,
    /// How many bytes the body of a request may have. Default no limit.
    pub body_bytes: Option<u64>,
    /// How many connections there may be at once; more wait to be accepted. Default 16,384.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            stall: Duration::from_secs(60),
            send: Duration::from_secs(60),
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(60),
            head_bytes: 64 << 10,
            body_bytes: None,
            connections: 16_384,
        }
    }
}
