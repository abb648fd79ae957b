//! What a running gateway is told from outside.

use std::{
    io::{self, Write},
    time::Duration,
};

use corsac_gateway::PolicyHandle;
use tokio::{
    runtime::Builder,
    signal::unix::{SignalKind, signal},
    time::interval,
};

use super::policies::Policies;

/// How often the file of policies is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Obeys until it is told to end.
pub(super) fn wait(policies: &mut Policies, handle: &PolicyHandle) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut hang_up = signal(SignalKind::hangup())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut look = interval(LOOK);
        loop {
            tokio::select! {
                _ = terminate.recv() => return Ok(()),
                _ = interrupt.recv() => return Ok(()),
                _ = hang_up.recv() => reload(policies, handle)?,
                _ = look.tick() => if policies.are_stale() { reload(policies, handle)? },
            }
        }
    })
}

fn reload(policies: &mut Policies, handle: &PolicyHandle) -> io::Result<()> {
    let mut err = anstream::stderr().lock();
    match policies.reload() {
        None => writeln!(
            err,
            "there is no file to read again: the policy was given by flags"
        ),
        Some(Ok(now)) => {
            handle.set(now);
            policies.say_lints(&mut err)?;
            writeln!(err, "the policy is the file's of now")
        }
        Some(Err(mistakes)) => {
            mistakes.say(&mut err)?;
            writeln!(err, "the policy stays as it was")
        }
    }
}
