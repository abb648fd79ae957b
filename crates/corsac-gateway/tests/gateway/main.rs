//! The gateway between a client and an upstream that send exactly the bytes they are told to.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod answers;
mod bench;
mod bodies;
mod engines;
mod files;
mod frames;
mod hosts;
mod reload;
mod rewrites;
mod smuggling;
mod tls;
mod tunnels;

use corsac_gateway::{Gateway, GatewayConfig, Limits, Running};
use corsac_tower::policy::{MaxAge, Policy, PolicyConfig};

pub(crate) use bench::{Upstream, exchange, exchange_at};

/// A gateway that serves for as long as this lives.
pub(crate) struct Served {
    pub(crate) port: u16,
    pub(crate) gateway: Gateway,
    running: Option<Running>,
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            let nothing = std::time::Duration::ZERO;
            running.drain(nothing, nothing);
        }
    }
}

/// The policy of the cases: one origin and the subdomains of another.
pub(crate) fn policy() -> Policy {
    Policy::new(PolicyConfig {
        allow_origins: ["https://a.example", "https://*.b.example"].into(),
        allow_methods: ["PUT", "DELETE"].into(),
        allow_headers: corsac_tower::policy::AllowHeaders::List(
            ["content-type", "authorization", "x-api-key"]
                .map(str::to_owned)
                .into(),
        ),
        allow_credentials: true,
        expose_headers: ["x-request-id"].into(),
        max_age: MaxAge::Seconds(600),
        ..PolicyConfig::default()
    })
    .unwrap()
}

pub(crate) fn serve(upstreams: &[String], change: impl FnOnce(&mut GatewayConfig)) -> Served {
    let upstreams = upstreams.iter().map(|it| it.parse().unwrap()).collect();
    let mut config = GatewayConfig::new(policy(), upstreams);
    config.workers = std::num::NonZeroUsize::MIN;
    change(&mut config);
    let gateway = Gateway::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let running = gateway.serve(vec![listener]).unwrap();
    Served {
        port,
        gateway,
        running: Some(running),
    }
}

/// A gateway in front of an upstream that answers everything alike.
pub(crate) fn before(answer: &'static str) -> (Served, Upstream) {
    let upstream = Upstream::answering(answer);
    (serve(&[upstream.url()], |_| {}), upstream)
}

pub(crate) fn quick() -> Limits {
    let tenth = std::time::Duration::from_millis(200);
    Limits {
        head: tenth,
        stall: tenth,
        connect: tenth,
        answer: tenth,
        ..Limits::default()
    }
}
