//! `corsac serve`: a policy in front of any service.

mod admin;
mod args;
mod descriptors;
mod listeners;
mod log;
mod policies;
mod signals;
mod tls;
mod upgrade;

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpListener},
    process::ExitCode,
    sync::Arc,
};

use corsac_gateway::{Gateway, GatewayConfig, Rewrites};

use admin::State;
pub(crate) use args::ServeArgs;
use listeners::Listeners;
use policies::Policies;
use signals::Signals;
use upgrade::Upgrade;

use crate::cli::fail;

pub(crate) fn run(args: &ServeArgs) -> io::Result<ExitCode> {
    let mut policies = match Policies::of(args) {
        Ok(policies) => policies,
        Err(mistakes) => {
            mistakes.say(&mut anstream::stderr().lock())?;
            return Ok(ExitCode::from(2));
        }
    };
    if let Some(mistake) = mistake_about_dir(args) {
        fail(&mistake);
        return Ok(ExitCode::from(2));
    }
    let listeners = match Listeners::of(args) {
        Ok(listeners) => listeners,
        Err((address, error)) => return cannot_listen(address, &error),
    };
    let signals = Signals::new()?;
    let upgrade = Upgrade::new(listeners.try_clone()?)?;
    let Listeners {
        serving: listeners,
        admin,
    } = listeners;
    let addresses: io::Result<Vec<_>> = listeners.iter().map(TcpListener::local_addr).collect();
    let addresses = addresses?;
    let tls = tls::certificates(args, &addresses).and_then(|it| Ok((it, tls::trust(args)?)));
    let (certificates, trust) = match tls {
        Ok(tls) => tls,
        Err(mistake) => {
            fail(&mistake);
            return Ok(ExitCode::from(2));
        }
    };
    let scheme = if certificates.is_some() {
        "https"
    } else {
        "http"
    };
    let mut config = GatewayConfig::new(policies.now(), args.upstream.clone());
    config.folder.clone_from(&args.dir);
    config.hosts.clone_from(&args.allow_host);
    config.keeps_host = args.keep_host;
    config.limits = args.limits();
    let connections = descriptors::connections(config.limits.connections);
    config.limits.connections = connections.count();
    if let Some(workers) = args.workers {
        config.workers = workers;
    }
    config.rewrites = Rewrites {
        location: args.rewrite_location,
        cookies: args.rewrite_cookies,
    };
    config.certificates = certificates;
    config.trust = trust;
    config.asks_http2 = args.http2_upstream;
    let state = Arc::new(State::default());
    config.observer = log::observer(args.log, admin.as_ref().map(|_| Arc::clone(&state)));
    let gateway = Gateway::new(config);
    let running = gateway.serve(listeners)?;
    let mut err = io::stderr().lock();
    policies.say_lints(&mut err)?;
    for address in addresses {
        writeln!(err, "listening on {scheme}://{address}")?;
    }
    if let Some(note) = connections.note() {
        writeln!(err, "{note}")?;
    }
    if let Some(admin) = admin {
        let address = admin.local_addr()?;
        state.serve(admin)?;
        writeln!(err, "admin on http://{address}")?;
    }
    drop(err);
    upgrade::say_that_it_listens()?;
    signals::wait(
        signals,
        &mut policies,
        &gateway.policies(),
        &state,
        &upgrade,
    )?;
    state.leave();
    // While anybody holds a listener, those who connect wait and are not refused.
    drop(upgrade);
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

fn mistake_about_dir(args: &ServeArgs) -> Option<String> {
    let dir = args.dir.as_deref()?;
    if !dir.is_dir() {
        return Some(format!("{} is no folder", dir.display()));
    }
    let takes_all = args.upstream.iter().any(|upstream| upstream.path() == "/");
    takes_all.then(|| {
        format!(
            "an --upstream without a path takes every path, and none is left for {}; write \
             --upstream /api=URL",
            dir.display()
        )
    })
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
