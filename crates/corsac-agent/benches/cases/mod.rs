//! The clients that are compared, and the server that they ask.

use std::{convert::Infallible, hint::black_box, net::SocketAddr, thread};

use bytes::Bytes;
use corsac::fetch::{AddressSpace, Environment, Profile, Request};
use corsac_agent::{Agent, AgentConfig, Outcome};
use http_body_util::{BodyExt, Empty, Full};
use hyper::{body::Incoming, client::conn::http1::SendRequest, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Builder,
};

/// Who asks.
#[derive(Clone, Copy)]
pub(crate) enum Case {
    Agent,
    Hyper,
}

pub(crate) const NAMES: [Case; 2] = [Case::Agent, Case::Hyper];

impl Case {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Agent => "request_agent",
            Self::Hyper => "request_bare_hyper",
        }
    }
}

const BODY: &[u8] = b"hello, world\n";

/// Both clients, connected.
pub(crate) struct Clients {
    agent: Agent,
    page: Environment,
    url: url::Url,
    hyper: SendRequest<Empty<Bytes>>,
}

impl Clients {
    pub(crate) async fn new(address: SocketAddr) -> Self {
        let mut page = Environment::of_page("http://sitea.com/".parse().unwrap());
        page.address_space = AddressSpace::Loopback;
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (hyper, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        Self {
            agent: Agent::new(AgentConfig::new(Profile::FETCH)),
            page,
            url: format!("http://{address}/resource").parse().unwrap(),
            hyper,
        }
    }

    /// Once, and as it should end.
    pub(crate) async fn check(&mut self, case: Case) {
        let body = self.ask(case).await;
        assert_eq!(&body[..], BODY, "{}", case.name());
        if let Case::Agent = case {
            let (page, request) = (self.page.clone(), Request::new(self.url.clone()));
            let fetched = self.agent.fetch(page, request, "").await;
            let connection = fetched.exchanges[0].connection.as_ref().unwrap();
            assert!(connection.is_reused, "one connection");
        }
    }

    pub(crate) async fn repeat(&mut self, case: Case, iterations: usize) {
        for _ in 0..iterations {
            black_box(self.ask(case).await);
        }
    }

    async fn ask(&mut self, case: Case) -> Bytes {
        match case {
            Case::Agent => {
                let (page, request) = (self.page.clone(), Request::new(self.url.clone()));
                match self.agent.fetch(page, request, "").await.outcome {
                    Outcome::Response { body, .. } => body,
                    outcome => panic!("{outcome:?}"),
                }
            }
            Case::Hyper => {
                let request = hyper::Request::get(self.url.path())
                    .header("host", self.url.authority())
                    .header("accept", "*/*")
                    .header("accept-language", "en")
                    .header("referer", "http://sitea.com/")
                    .header("origin", "http://sitea.com")
                    .header("sec-fetch-dest", "empty")
                    .header("sec-fetch-mode", "cors")
                    .header("sec-fetch-site", "cross-site")
                    .header("user-agent", "corsac")
                    .header("accept-encoding", "identity");
                let request = request.body(Empty::new()).unwrap();
                self.hyper.ready().await.unwrap();
                let response = self.hyper.send_request(request).await.unwrap();
                assert_eq!(response.status(), 200);
                response.into_body().collect().await.unwrap().to_bytes()
            }
        }
    }
}

/// A server on a thread of its own, whose cost is its own.
pub(crate) fn server() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                let serving = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service_fn(answer));
                tokio::spawn(serving);
            }
        });
    });
    address
}

async fn answer(_: hyper::Request<Incoming>) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let response = hyper::Response::builder()
        .header("access-control-allow-origin", "*")
        .header("content-type", "text/plain");
    Ok(response.body(Full::from(BODY)).unwrap())
}
