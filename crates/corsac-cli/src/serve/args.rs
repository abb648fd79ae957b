use std::{net::SocketAddr, num::NonZeroUsize, path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use corsac_gateway::{Limits, Upstream};

/// Put a policy in front of a service, or of files.
///
/// Requests go on to the upstream. What it says of CORS is taken out of its responses, and what the
/// policy says is put in; preflights are answered here. Without --policy or --allow-origin no other
/// origin may read anything.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    after_help = "\
Signals: HUP reads --policy again (so does a change of the file), TERM and INT end it, USR2 has the
binary that is now where this one was take over.
Exit codes: 0 ended by a signal, 1 it cannot listen, 2 a wrong policy, or usage.

  corsac serve --upstream http://127.0.0.1:3000 --allow-origin http://localhost:5173"
)]
pub(crate) struct ServeArgs {
    /// A folder whose files are served, but for paths of an upstream.
    #[arg(value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Where requests go. With a path, those below it; given several times, the longest path wins.
    #[arg(long, value_name = "[PATH=]URL", required_unless_present = "dir")]
    pub(crate) upstream: Vec<Upstream>,
    /// Where to listen; port 0 takes a free one. May be given several times.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: Vec<SocketAddr>,
    /// A corsac.toml, or its twin in JSON, that says who may read what.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = [
            "allow_origin", "allow_credentials", "allow_method", "allow_header", "expose_header",
            "max_age", "block_disallowed",
        ]
    )]
    pub(crate) policy: Option<PathBuf>,
    /// An origin whose pages may read, like http://localhost:5173 or https://*.example.com; * for all.
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) allow_origin: Vec<String>,
    /// Let them send and get cookies.
    #[arg(long)]
    pub(crate) allow_credentials: bool,
    /// A method besides GET, HEAD and POST that they may use; * for all.
    #[arg(long, value_name = "METHOD", value_delimiter = ',')]
    pub(crate) allow_method: Vec<String>,
    /// A request header that they may set, like content-type for JSON; * for all but authorization.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) allow_header: Vec<String>,
    /// A response header that they may read; * for all.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) expose_header: Vec<String>,
    /// How long a browser may remember a preflight's answer.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) max_age: Option<u32>,
    /// Answer 403 to pages that may not read, in place of the upstream.
    #[arg(long)]
    pub(crate) block_disallowed: bool,
    /// A name that requests may ask for in Host, besides localhost and literal addresses.
    #[arg(long, value_name = "NAME")]
    pub(crate) allow_host: Vec<String>,
    /// Pass the request's Host on; otherwise the upstream is asked by its own name.
    #[arg(long)]
    pub(crate) keep_host: bool,
    /// Make a Location of the upstream a path of this server.
    #[arg(long)]
    pub(crate) rewrite_location: bool,
    /// Take Domain out of the upstream's cookies, without TLS Secure too, and make Path one of this server.
    #[arg(long)]
    pub(crate) rewrite_cookies: bool,
    /// A chain of certificates, as PEM: clients speak TLS, and HTTP/2 if they like.
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls_key",
        conflicts_with = "tls_local"
    )]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its key.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Speak TLS with a certificate of an authority that is made for this run only.
    #[arg(long)]
    pub(crate) tls_local: bool,
    /// Write that authority's certificate to a file, for clients to trust.
    #[arg(long, value_name = "FILE", requires = "tls_local")]
    pub(crate) tls_local_ca: Option<PathBuf>,
    /// Who may vouch for upstreams over https, as PEM, in place of those that the system trusts.
    #[arg(long, value_name = "FILE")]
    pub(crate) upstream_cacert: Option<PathBuf>,
    /// Where to serve /metrics, /health, /ready and /reload-state.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) admin: Option<SocketAddr>,
    /// Ask upstreams over HTTP/2: those over http without asking whether they know it.
    #[arg(long)]
    pub(crate) http2_upstream: bool,
    /// What to say of each request, on standard error.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) log: Log,
    /// How many threads serve.
    #[arg(long, value_name = "COUNT")]
    pub(crate) workers: Option<NonZeroUsize>,
    /// How long the head of a request may take, the wait for it included.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "30")]
    head_timeout: Duration,
    /// How long either side may pause within a body.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "60")]
    idle_timeout: Duration,
    /// How long a client may take nothing of what it is sent.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "60")]
    send_timeout: Duration,
    /// How long it may take to reach the upstream.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "5")]
    upstream_connect_timeout: Duration,
    /// How long the upstream may take until it answers, from when it last took some of the body.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "60")]
    upstream_timeout: Duration,
    /// How large the head of a request may be.
    #[arg(long, value_name = "BYTES", default_value_t = 65_536)]
    max_head: usize,
    /// How large the body of a request may be; otherwise any size.
    #[arg(long, value_name = "BYTES")]
    max_body: Option<u64>,
    /// How many connections there may be at once; others wait.
    #[arg(long, value_name = "COUNT", default_value_t = 16_384)]
    max_connections: usize,
    /// How long what is under way at the end may take.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "30")]
    drain: Duration,
}

impl ServeArgs {
    pub(super) fn limits(&self) -> Limits {
        Limits {
            head: self.head_timeout,
            stall: self.idle_timeout,
            send: self.send_timeout,
            connect: self.upstream_connect_timeout,
            answer: self.upstream_timeout,
            head_bytes: self.max_head,
            body_bytes: self.max_body,
            connections: self.max_connections,
        }
    }

    /// How long clients are told that connections end, and how long those that don't may go on.
    pub(super) fn drain(&self) -> (Duration, Duration) {
        (self.drain.min(Duration::from_secs(2)), self.drain)
    }
}

/// What to say of each request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Log {
    /// A line for people.
    #[default]
    Text,
    /// A line of JSON.
    Json,
    /// Nothing.
    Off,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: Result<f64, _> = text.parse();
    seconds
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "seconds are written like 5 or 0.5".to_owned())
}
