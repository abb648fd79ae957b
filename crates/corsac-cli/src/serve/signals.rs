//! What a running gateway is told from outside.

use std::{
    io::{self, Write},
    time::Duration,
};

use corsac_gateway::PolicyHandle;
use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
    time::interval,
};

use super::{
    admin::State,
    policies::Policies,
    upgrade::{Outcome, Upgrade},
};

/// How often the file of policies is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// What it may be told from now on. Before, a signal would end it.
pub(super) struct Signals {
    runtime: Runtime,
    hang_up: Signal,
    terminate: Signal,
    interrupt: Signal,
    replace: Signal,
}

impl Signals {
    pub(super) fn new() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let entered = runtime.enter();
        let (hang_up, terminate) = (SignalKind::hangup(), SignalKind::terminate());
        let (interrupt, replace) = (SignalKind::interrupt(), SignalKind::user_defined2());
        let (hang_up, terminate) = (signal(hang_up)?, signal(terminate)?);
        let (interrupt, replace) = (signal(interrupt)?, signal(replace)?);
        drop(entered);
        Ok(Self {
            runtime,
            hang_up,
            terminate,
            interrupt,
            replace,
        })
    }
}

/// Obeys until it is told to end.
pub(super) fn wait(
    signals: Signals,
    policies: &mut Policies,
    handle: &PolicyHandle,
    state: &State,
    upgrade: &Upgrade,
) -> io::Result<()> {
    let Signals {
        runtime,
        mut hang_up,
        mut terminate,
        mut interrupt,
        mut replace,
    } = signals;
    runtime.block_on(async {
        // Whether a new binary listens, once there is one.
        let mut begun: Option<oneshot::Receiver<Outcome>> = None;
        let mut look = interval(LOOK);
        loop {
            tokio::select! {
                _ = terminate.recv() => return Ok(()),
                _ = interrupt.recv() => return Ok(()),
                _ = hang_up.recv() => reload(policies, handle, state)?,
                _ = replace.recv() => if begun.is_none() { begun = begin(upgrade)? },
                outcome = async { begun.as_mut()?.await.ok() }, if begun.is_some() => {
                    begun = None;
                    if replaced(outcome)? {
                        return Ok(());
                    }
                },
                _ = look.tick() => if policies.are_stale() { reload(policies, handle, state)? },
            }
        }
    })
}

fn begin(upgrade: &Upgrade) -> io::Result<Option<oneshot::Receiver<Outcome>>> {
    match upgrade.begin() {
        Ok(begun) => Ok(Some(begun)),
        Err(error) => {
            writeln!(
                io::stderr(),
                "the new binary can't be started, this one goes on: {error}"
            )?;
            Ok(None)
        }
    }
}

/// Whether the new binary has taken over.
fn replaced(outcome: Option<Outcome>) -> io::Result<bool> {
    let mut err = io::stderr().lock();
    match outcome {
        Some(Ok(process)) => {
            writeln!(
                err,
                "the new binary listens as process {process}, this one ends"
            )?;
            Ok(true)
        }
        Some(Err(why)) => {
            writeln!(
                err,
                "the new binary doesn't listen, this one goes on: {why}"
            )?;
            Ok(false)
        }
        None => Ok(false),
    }
}

fn reload(policies: &mut Policies, handle: &PolicyHandle, state: &State) -> io::Result<()> {
    let mut err = anstream::stderr().lock();
    match policies.reload() {
        None => writeln!(
            err,
            "there is no file to read again: the policy was given by flags"
        ),
        Some(Ok(now)) => {
            handle.set(now);
            state.reloaded(Ok(()));
            policies.say_lints(&mut err)?;
            writeln!(err, "the policy is the file's of now")
        }
        Some(Err(mistakes)) => {
            let mut why = Vec::new();
            mistakes.say(&mut why)?;
            let why = String::from_utf8_lossy(&why);
            state.reloaded(Err(anstream::adapter::strip_str(&why).to_string()));
            mistakes.say(&mut err)?;
            writeln!(err, "the policy stays as it was")
        }
    }
}
