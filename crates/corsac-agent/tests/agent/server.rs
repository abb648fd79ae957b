//! Servers that say anything, and what a page makes of them.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

use corsac::{
    diagnosis::{Code, Phase},
    fetch::{AddressSpace, Environment, Profile, Request},
};
use corsac_agent::{Agent, AgentConfig, Fetched, Outcome};
use http::Method;

/// A server that for each of these reads a request's head, says it, and hangs up.
pub(crate) fn server(responses: &[&'static [u8]]) -> SocketAddr {
    let responses = responses.to_vec();
    serve(move |listener| {
        for response in responses {
            let (mut stream, _) = listener.accept().unwrap();
            read_head(&mut stream);
            stream.write_all(response).unwrap();
        }
    })
}

/// A server that does this, on a free port of this machine, for as long as the test runs.
pub(crate) fn serve(act: impl FnOnce(TcpListener) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || act(listener));
    address
}

/// Reads a request's head; what it gets if the client hangs up is what there was.
pub(crate) fn read_head(stream: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
        request.push(byte[0]);
    }
    request
}

pub(crate) fn config(address: SocketAddr) -> AgentConfig {
    let mut config = AgentConfig::new(Profile::FETCH);
    config.resolver.map("SiteB.com", 80, address);
    config
}

pub(crate) fn agent(address: SocketAddr) -> Agent {
    Agent::new(config(address))
}

pub(crate) fn page() -> Environment {
    let mut page = Environment::of_page("http://sitea.com/".parse().unwrap());
    page.address_space = AddressSpace::Loopback;
    page
}

pub(crate) fn request(method: Method) -> Request {
    let mut request = Request::new("http://siteb.com/first".parse().unwrap());
    request.method = method;
    request
}

pub(crate) async fn get(responses: &[&'static [u8]]) -> Fetched {
    fetch(&agent(server(responses)), Method::GET).await
}

pub(crate) async fn put(responses: &[&'static [u8]]) -> Fetched {
    fetch(&agent(server(responses)), Method::PUT).await
}

pub(crate) async fn fetch(agent: &Agent, method: Method) -> Fetched {
    agent.fetch(page(), request(method), "").await
}

#[track_caller]
pub(crate) fn assert_blocked(fetched: &Fetched, code: Code, phase: Phase) {
    match &fetched.outcome {
        Outcome::Blocked(verdict) => assert_eq!((verdict.code(), verdict.phase), (code, phase)),
        outcome => panic!("{outcome:?}"),
    }
}

#[track_caller]
pub(crate) fn assert_readable(fetched: &Fetched, status: u16, told: &[u8]) {
    match &fetched.outcome {
        Outcome::Response { response, body } => {
            assert_eq!((response.status, &body[..]), (status, told));
        }
        outcome => panic!("{outcome:?}"),
    }
}
