//! `corsac serve`: the command around the gateway.
#![cfg(all(unix, feature = "serve"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, ChildStderr, Command, Stdio},
    thread,
    time::Duration,
};

/// The command, and what it says.
struct Serving {
    child: Child,
    err: BufReader<ChildStderr>,
    port: u16,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn corsac(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_corsac"));
    command.arg("serve").args(args);
    command
}

impl Serving {
    fn start(args: &[&str]) -> Self {
        let mut command = corsac(args);
        command.args(["--listen", "127.0.0.1:0", "--drain", "0.2"]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        let port = loop {
            line.clear();
            assert_ne!(err.read_line(&mut line).unwrap(), 0, "it ended");
            if let Some((_, port)) = line.trim().split_once("listening on http://127.0.0.1:") {
                break port.parse().unwrap();
            }
        };
        Self { child, err, port }
    }

    /// The next line of standard error that has these words.
    fn line(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(
                self.err.read_line(&mut line).unwrap(),
                0,
                "no line with {words:?}"
            );
            if line.contains(words) {
                return line;
            }
        }
    }

    fn get(&self, lines: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let request = format!(
            "GET /x?secret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        let _ = stream.read_to_string(&mut response);
        response
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status();
        assert!(sent.unwrap().success());
    }
}

fn upstream() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || {
                let mut stream = stream.unwrap();
                let mut bytes = [0; 4096];
                while let Ok(1..) = stream.read(&mut bytes) {
                    let answer = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\
                                  Content-Length: 2\r\n\r\nhi";
                    stream.write_all(answer.as_bytes()).unwrap();
                }
            });
        }
    });
    format!("http://{address}")
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

fn policy(origin: &str) -> String {
    format!("version = 1\n\n[[policy]]\npaths = [\"/**\"]\nallow-origins = [\"{origin}\"]\n")
}

#[test]
fn one_line_puts_a_policy_in_front_of_a_service() {
    let upstream = upstream();
    let mut serving = Serving::start(&[
        "--upstream",
        &upstream,
        "--allow-origin",
        "http://localhost:5173",
    ]);
    let response = serving.get("Origin: http://localhost:5173\r\n");
    assert!(response.contains("access-control-allow-origin: http://localhost:5173\r\n"));
    assert!(response.ends_with("hi"), "{response}");
    let line = serving.line("GET /x");
    assert!(line.contains("200") && line.contains("granted"), "{line}");
    assert!(!line.contains("secret"), "{line}");
    assert!(
        !serving
            .get("Origin: http://evil.example\r\n")
            .contains("access-control-allow-origin")
    );
    let line = serving.line("refused");
    assert!(
        line.contains("does not list \"http://evil.example\""),
        "{line}"
    );
}

#[test]
fn a_line_of_json_for_each_request() {
    let upstream = upstream();
    let args = ["--upstream", &upstream, "--log", "json"];
    let mut serving = Serving::start(&args);
    serving.get("Origin: http://evil.example\r\n");
    let line: serde_json::Value = serde_json::from_str(&serving.line("answered")).unwrap();
    assert_eq!(line["decision"], "origin-not-allowed");
    assert_eq!(line["status"], 200);
    assert_eq!(line["path"], "/x");
    assert_eq!(line["origin"], "http://evil.example");
}

#[test]
fn a_changed_file_is_read_again_and_a_wrong_one_changes_nothing() {
    let upstream = upstream();
    let path = file("reload.toml", &policy("https://one.example"));
    let mut serving =
        Serving::start(&["--upstream", &upstream, "--policy", path.to_str().unwrap()]);
    let granted = |serving: &Serving, origin: &str| {
        let response = serving.get(&format!("Origin: {origin}\r\n"));
        response.contains(&format!("access-control-allow-origin: {origin}\r\n"))
    };
    assert!(granted(&serving, "https://one.example"));
    file("reload.toml", &policy("https://another.example"));
    serving.line("the policy is the file's of now");
    assert!(granted(&serving, "https://another.example"));
    assert!(!granted(&serving, "https://one.example"));
    file("reload.toml", &policy("https://Wrong.example"));
    serving.signal("HUP");
    let line = serving.line("never matches");
    assert!(line.contains("https://wrong.example"), "{line}");
    serving.line("the policy stays as it was");
    assert!(granted(&serving, "https://another.example"));
}

#[test]
fn it_ends_when_it_is_told_to() {
    let upstream = upstream();
    for signal in ["TERM", "INT"] {
        let mut serving = Serving::start(&["--upstream", &upstream]);
        assert!(serving.get("").starts_with("HTTP/1.1 200"));
        serving.signal(signal);
        assert_eq!(serving.child.wait().unwrap().code(), Some(0));
        thread::sleep(Duration::from_millis(10));
        assert!(TcpStream::connect(("127.0.0.1", serving.port)).is_err());
    }
}

#[test]
fn what_cannot_be_meant_is_told() {
    let wrong = file("wrong.toml", &policy("https://Wrong.example"));
    let wrong = wrong.to_str().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let up = ["--upstream", "http://127.0.0.1:1"];
    for (args, code, words) in [
        (&[][..], 2, "--upstream"),
        (&["--upstream", "127.0.0.1:3000"], 2, "begins with http://"),
        (
            &[up[0], up[1], "--allow-origin", "http://siteA.com"],
            2,
            "http://sitea.com",
        ),
        (
            &[up[0], up[1], "--allow-origin", "*", "--allow-credentials"],
            2,
            "credentials",
        ),
        (&[up[0], up[1], "--policy", wrong], 2, "wrong.toml:5"),
        (
            &[up[0], up[1], "--policy", "no-such.toml"],
            2,
            "no-such.toml",
        ),
        (
            &[up[0], up[1], "--policy", wrong, "--allow-origin", "a"],
            2,
            "--allow-origin",
        ),
        (&[up[0], up[1], "--listen", &taken], 1, "cannot listen on"),
        (&[up[0], up[1], "--head-timeout", "soon"], 2, "5 or 0.5"),
    ] {
        let output = corsac(args).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
    }
}
