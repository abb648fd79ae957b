//! `corsac serve`: a policy in front of any service.

mod args;
mod log;
mod policies;
mod signals;

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpListener},
    process::ExitCode,
};

use corsac_gateway::{Gateway, GatewayConfig};

pub(crate) use args::ServeArgs;
use policies::Policies;

use crate::cli::fail;

pub(crate) fn run(args: &ServeArgs) -> io::Result<ExitCode> {
    let mut policies = match Policies::of(args) {
        Ok(policies) => policies,
        Err(mistakes) => {
            mistakes.say(&mut anstream::stderr().lock())?;
            return Ok(ExitCode::from(2));
        }
    };
    let mut listeners = Vec::new();
    for &address in &args.listen {
        match TcpListener::bind(address) {
            Ok(listener) => listeners.push(listener),
            Err(error) => return cannot_listen(address, &error),
        }
    }
    let addresses: io::Result<Vec<_>> = listeners.iter().map(TcpListener::local_addr).collect();
    let mut config = GatewayConfig::new(policies.now(), args.upstream.clone());
    config.hosts.clone_from(&args.allow_host);
    config.keeps_host = args.keep_host;
    config.limits = args.limits();
    if let Some(workers) = args.workers {
        config.workers = workers;
    }
    config.observer = log::observer(args.log);
    let gateway = Gateway::new(config);
    let running = gateway.serve(listeners)?;
    let mut err = io::stderr().lock();
    policies.say_lints(&mut err)?;
    for address in addresses? {
        writeln!(err, "listening on http://{address}")?;
    }
    drop(err);
    signals::wait(&mut policies, &gateway.policies())?;
    let (notice, limit) = args.drain();
    match running.drain(notice, limit) {
        true => Ok(ExitCode::SUCCESS),
        false => {
            writeln!(
                io::stderr(),
                "what is still under way after {limit:?} is cut off"
            )?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> io::Result<ExitCode> {
    let hint = match error.kind() {
        io::ErrorKind::AddrInUse => "; somebody else listens there, --listen takes another address",
        io::ErrorKind::PermissionDenied => "; ports below 1024 need a privilege",
        _ => "",
    };
    fail(&format!("cannot listen on {address}: {error}{hint}"));
    Ok(ExitCode::FAILURE)
}
