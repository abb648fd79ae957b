//! A process that ends, with all that it started, when its owner lets go of it.

use std::{
    io,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const KEEPER: &str = include_str!("keeper.sh");

/// How long the keeper may take to end a session.
const END: Duration = Duration::from_secs(10);

/// A command with its own session of processes; dropped, none of them is left, and none is left
/// either when this process dies without a word.
#[derive(Debug)]
pub(crate) struct Kept(Child);

impl Kept {
    /// Starts what `command` names; what it says goes into `log`.
    pub(crate) fn start(command: &Command, log: &Path) -> io::Result<Self> {
        let said = std::fs::File::create(log)?;
        let mut keeper = Command::new("setsid");
        keeper
            .args(["sh", "-c", KEEPER, "keeper"])
            .arg(command.get_program())
            .args(command.get_args())
            .stdin(Stdio::piped())
            .stdout(said.try_clone()?)
            .stderr(said);
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => keeper.env(name, value),
                None => keeper.env_remove(name),
            };
        }
        keeper.spawn().map(Self)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let until = Instant::now() + END;
        while Instant::now() < until {
            match self.0.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(5)),
                Ok(Some(_)) | Err(_) => return,
            }
        }
        // Only a keeper that is stuck comes here: better an orphan than a test that never ends.
        drop(self.0.kill());
    }
}
