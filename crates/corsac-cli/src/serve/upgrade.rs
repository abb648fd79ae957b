//! A new binary takes the listeners over, and no connection is refused meanwhile.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    net::TcpListener,
    os::fd::OwnedFd,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
};

use command_fds::{CommandFdExt, FdMapping};
use tokio::sync::oneshot;

/// By this a binary knows that somebody waits for it to listen.
const AWAITED: &str = "CORSAC_AWAITED";
/// What it says then.
const LISTENS: &str = "listens";
/// The first descriptor that is inherited, by convention.
const FIRST: i32 = 3;

/// The process that listens now, or what happened instead.
pub(super) type Outcome = Result<u32, String>;

/// What the new binary is started with.
pub(super) struct Upgrade {
    /// Where this one was started from: what is there now is the new one.
    path: PathBuf,
    listeners: Vec<TcpListener>,
}

impl Upgrade {
    pub(super) fn new(listeners: Vec<TcpListener>) -> io::Result<Self> {
        let path = env::current_exe()?;
        Ok(Self { path, listeners })
    }

    /// Starts it with the same arguments. Says later what became of it.
    pub(super) fn begin(&self) -> io::Result<oneshot::Receiver<Outcome>> {
        let listeners = self
            .listeners
            .iter()
            .zip(FIRST..)
            .map(|(listener, number)| {
                let parent_fd = OwnedFd::from(listener.try_clone()?);
                let child_fd = number;
                Ok(FdMapping {
                    parent_fd,
                    child_fd,
                })
            });
        let mut command = Command::new(&self.path);
        command
            .args(env::args_os().skip(1))
            .env("LISTEN_FDS", self.listeners.len().to_string())
            .env(AWAITED, "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .fd_mappings(listeners.collect::<io::Result<_>>()?)
            .map_err(io::Error::other)?;
        let mut child = command.spawn()?;
        let (say, hear) = oneshot::channel();
        // It may take as long as it likes: this one serves on.
        thread::spawn(move || {
            let mut line = String::new();
            let read = child
                .stdout
                .take()
                .map(|out| BufReader::new(out).read_line(&mut line));
            let outcome = match read {
                Some(Ok(_)) if line.trim_end() == LISTENS => Ok(child.id()),
                _ => Err(match child.wait() {
                    Ok(status) => format!("it ended with {status}"),
                    Err(error) => error.to_string(),
                }),
            };
            // If nobody hears it any more, this process is about to end.
            let _ = say.send(outcome);
        });
        Ok(hear)
    }
}

/// Tells the binary that started this one, if one did, that this one listens.
pub(super) fn say_that_it_listens() -> io::Result<()> {
    match env::var_os(AWAITED) {
        Some(_) => writeln!(io::stdout(), "{LISTENS}"),
        None => Ok(()),
    }
}
