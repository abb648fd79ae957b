//! The command, as a process.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStderr, Command, Stdio},
    sync::OnceLock,
};

/// `corsac serve`, for as long as this lives.
pub(crate) struct Serving {
    child: Child,
    pub(crate) port: u16,
    // What it says goes nowhere, but it must not find its standard error closed.
    _err: BufReader<ChildStderr>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Only one that has ended can't be ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut child = Command::new(corsac())
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "off"])
            .args(args)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut err = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let port = loop {
            let before = said.len();
            assert_ne!(err.read_line(&mut said).unwrap(), 0, "it ended: {said}");
            let port = said[before..].trim().rsplit_once(":").map(|(_, port)| port);
            if let (true, Some(Ok(port))) = (
                said[before..].contains("listening on "),
                port.map(str::parse),
            ) {
                break port;
            }
        };
        Self {
            child,
            port,
            _err: err,
        }
    }
}

/// The command, as it is now.
fn corsac() -> &'static PathBuf {
    static CORSAC: OnceLock<PathBuf> = OnceLock::new();
    CORSAC.get_or_init(|| {
        let built = Command::new(env!("CARGO"))
            .args(["build", "--locked", "--quiet", "--package", "corsac-cli"])
            .args(["--bin", "corsac", "--message-format", "json"])
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let said = String::from_utf8(built.stdout).unwrap();
        let messages = said
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        let mut programs = messages.filter_map(|message: serde_json::Value| {
            message["executable"].as_str().map(PathBuf::from)
        });
        programs.next().unwrap()
    })
}
