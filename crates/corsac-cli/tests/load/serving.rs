//! The command, and what the system says of it.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    os::fd::OwnedFd,
    path::PathBuf,
    process::{Child, ChildStderr, Command, Stdio},
};

use command_fds::{CommandFdExt, FdMapping};

pub(crate) const ORIGIN: &str = "https://a.example";

/// A gateway that runs, and ends with this.
pub(crate) struct Serving {
    child: Child,
    err: BufReader<ChildStderr>,
    pub(crate) port: u16,
    /// Who serves now, if a new binary took over.
    process: u32,
}

impl Drop for Serving {
    fn drop(&mut self) {
        if self.process != self.child.id() {
            self.signal("KILL");
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::of(command().args(["--listen", "127.0.0.1:0"]).args(args))
    }

    /// As a process that may have so many descriptors.
    pub(crate) fn with_descriptors(count: usize, args: &[&str]) -> Self {
        let ours = command();
        let limited = format!("ulimit -n {count}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &limited]).arg(ours.get_program());
        command.args(ours.get_args());
        Self::of(command.args(["--listen", "127.0.0.1:0"]).args(args))
    }

    /// With a listener that somebody else holds.
    pub(crate) fn at(listener: &TcpListener, args: &[&str]) -> Self {
        let parent_fd = OwnedFd::from(listener.try_clone().unwrap());
        let mapping = FdMapping {
            parent_fd,
            child_fd: 3,
        };
        let mut command = command();
        command.args(args).env("LISTEN_FDS", "1");
        Self::of(command.fd_mappings(vec![mapping]).unwrap())
    }

    fn of(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let err = BufReader::new(child.stderr.take().unwrap());
        let process = child.id();
        let mut this = Self {
            child,
            err,
            port: 0,
            process,
        };
        let line = this.line("listening on http://");
        let address: SocketAddr = line.trim().rsplit('/').next().unwrap().parse().unwrap();
        this.port = address.port();
        this
    }

    /// The next line of standard error that has these words.
    pub(crate) fn line(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            let read = self.err.read_line(&mut line).unwrap();
            assert_ne!(read, 0, "no line with {words:?}");
            if line.contains(words) {
                return line;
            }
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let process = self.process.to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &process])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Has the binary take over from itself, and waits until it has.
    pub(crate) fn replace(&mut self) {
        self.signal("USR2");
        let line = self.line("the new binary listens as process ");
        let number = line.split("process ").nth(1).unwrap();
        let new = number.split(',').next().unwrap().parse().unwrap();
        self.process = new;
    }

    /// Waits for its end, which has to be a good one.
    pub(crate) fn wait(&mut self) {
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }

    /// How many KiB of memory it has now.
    pub(crate) fn memory(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process)).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let number = line.unwrap().split_whitespace().nth(1);
        number.unwrap().parse().unwrap()
    }

    pub(crate) fn descriptors(&self) -> usize {
        let folder = fs::read_dir(format!("/proc/{}/fd", self.process));
        folder.unwrap().count()
    }
}

fn command() -> Command {
    let ours = || env!("CARGO_BIN_EXE_corsac").into();
    let binary = env::var_os("CORSAC_LOAD_BINARY").map_or_else(ours, PathBuf::from);
    let mut command = Command::new(binary);
    command.args(["serve", "--log", "off", "--workers", "1"]);
    command
}
