//! Who watches is told when a request's body is gone.

use std::{
    io::{Read, Write},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use corsac::fetch::Body;
use http::Method;

use crate::server::*;

const GRANT: &str = "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: PUT\r\n";

/// A server that reads requests, those of this method with a body of two bytes, and says something to
/// each.
fn taking(method: &'static str, answers: &'static [&'static str]) -> std::net::SocketAddr {
    serve(move |listener| {
        let mut answers = answers.iter();
        loop {
            let (mut stream, _) = listener.accept().unwrap();
            let head = read_head(&mut stream);
            if head.starts_with(method.as_bytes()) {
                stream.read_exact(&mut [0; 2]).unwrap();
            }
            let Some(answer) = answers.next() else { return };
            let answer = format!("HTTP/1.1 {answer}\r\n{GRANT}Connection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
        }
    })
}

async fn told(method: Method, address: std::net::SocketAddr) -> usize {
    let mut request = request(method);
    request.body = Body::Source { length: 2 };
    let count = Arc::<Mutex<usize>>::default();
    let counted = Arc::clone(&count);
    let on_sent = move || *counted.lock().unwrap() += 1;
    let agent = agent(address);
    agent.open_watched(page(), request, "hi", on_sent).await;
    let count = count.lock().unwrap();
    *count
}

#[tokio::test]
async fn a_body_is_sent_once_after_its_preflight() {
    let address = taking("PUT", &["204 No Content", "200 OK"]);
    assert_eq!(told(Method::PUT, address).await, 1);
}

#[tokio::test]
async fn a_body_that_a_preflight_holds_back_is_not_sent() {
    let address = taking("PUT", &["403 Forbidden"]);
    assert_eq!(told(Method::PUT, address).await, 0);
}

#[tokio::test]
async fn a_redirect_sends_it_again_or_drops_it() {
    const AGAIN: &str = "307 Temporary Redirect\r\nLocation: /there";
    let address = taking("POST", &[AGAIN, "200 OK"]);
    assert_eq!(told(Method::POST, address).await, 2);
    let address = taking("POST", &["303 See Other\r\nLocation: /there", "200 OK"]);
    assert_eq!(told(Method::POST, address).await, 1);
}

#[tokio::test]
async fn a_body_is_gone_before_anybody_answers() {
    let (answer, may_answer) = mpsc::channel();
    let address = serve(move |listener| {
        let (mut stream, _) = listener.accept().unwrap();
        read_head(&mut stream);
        may_answer.recv_timeout(Duration::from_secs(10)).unwrap();
        let head = format!("HTTP/1.1 200 OK\r\n{GRANT}Content-Length: 0\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
    });
    let mut request = request(Method::POST);
    request.body = Body::Source { length: 2 };
    let on_sent = move || answer.send(()).unwrap();
    let agent = agent(address);
    let opened = agent.open_watched(page(), request, "hi", on_sent).await;
    assert_readable(&opened.collect().await, 200, b"");
}
