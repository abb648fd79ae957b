//! How the agent finds and trusts servers, by curl's flags.

use std::{
    fs,
    net::{IpAddr, SocketAddr},
    path::Path,
    time::Duration,
};

use corsac_agent::{AgentConfig, HttpVersion, PageAddressSpace, Resolver, Trust, UnsafeMethods};

use super::args::CheckArgs;

/// Configures an agent.
pub(super) fn config(args: &CheckArgs) -> Result<AgentConfig, String> {
    let mut config = AgentConfig::new(args.profile.sends_as());
    for entry in &args.resolve {
        map(&mut config.resolver, entry)?;
    }
    for entry in &args.connect_to {
        let (host, port, to_host, to_port) = connect_to(entry).ok_or_else(|| {
            format!(
                "--connect-to {entry}: HOST:PORT:TO_HOST:TO_PORT is due, the first two may be empty"
            )
        })?;
        config.resolver.connect_to(host, port, to_host, to_port);
    }
    if let Some(path) = &args.cacert {
        believe(&mut config.trust, path)?;
    }
    config.trust.takes_any = args.insecure;
    if let Some(seconds) = args.max_time {
        config.deadlines.total = Some(Duration::from_secs_f64(seconds));
    }
    if args.http1 {
        config.http_version = HttpVersion::Http1;
    }
    config.user_agent = args.user_agent.as_ref().map(|name| name.as_bytes().into());
    config.unsafe_methods = match args.send {
        true => UnsafeMethods::ToAnyone,
        false => UnsafeMethods::ToLoopback,
    };
    config.page_address_space = match args.page_address_space {
        Some(_) => PageAddressSpace::AsStated,
        None => PageAddressSpace::OfFirstPeer,
    };
    // Nobody can be asked: what follows from a yes is shown, with a note that there is a question.
    config.allows_local_network = true;
    Ok(config)
}

/// Tells a resolver what `--resolve` says.
pub(crate) fn map(resolver: &mut Resolver, entry: &str) -> Result<(), String> {
    let (host, port, addresses) = resolve(entry)
        .ok_or_else(|| format!("--resolve {entry}: HOST:PORT:ADDRESS[,ADDRESS] is due"))?;
    resolver.map_all(host, port, addresses);
    Ok(())
}

/// Has whoever signs in a file of `--cacert` believed.
pub(crate) fn believe(trust: &mut Trust, path: &Path) -> Result<(), String> {
    let pem = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let added = trust.add_pem(&pem);
    added.map_err(|error| format!("{}: {error}", path.display()))
}

fn resolve(entry: &str) -> Option<(&str, u16, Vec<SocketAddr>)> {
    let (host, rest) = split_host(entry.trim_start_matches('+'))?;
    let (port, addresses) = rest.split_once(':')?;
    let port: u16 = port.parse().ok()?;
    let addresses = addresses
        .split(',')
        .map(|address| Some((ip(address)?, port).into()))
        .collect::<Option<_>>()?;
    Some((host, port, addresses))
}

type ConnectTo<'a> = (Option<&'a str>, Option<u16>, &'a str, u16);

fn connect_to(entry: &str) -> Option<ConnectTo<'_>> {
    let (host, rest) = split_host(entry)?;
    let (port, rest) = rest.split_once(':')?;
    let (to_host, to_port) = split_host(rest)?;
    let port = match port.is_empty() {
        true => None,
        false => Some(port.parse().ok()?),
    };
    let host = (!host.is_empty()).then_some(host);
    (!to_host.is_empty()).then_some(())?;
    Some((host, port, to_host, to_port.parse().ok()?))
}

/// A host up to its colon; an IPv6 address stands in brackets.
fn split_host(text: &str) -> Option<(&str, &str)> {
    if text.starts_with('[') {
        let end = text.find(']')?;
        let (host, rest) = text.split_at_checked(end + 1)?;
        return Some((host, rest.strip_prefix(':')?));
    }
    text.split_once(':')
}

fn ip(text: &str) -> Option<IpAddr> {
    let inner = text
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'));
    inner.unwrap_or(text).parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

    use super::*;

    #[test]
    fn entries_are_read_as_curl_reads_them() {
        let (host, port, addresses) = resolve("a.example:443:127.0.0.1,[::1]").unwrap();
        assert_eq!((host, port), ("a.example", 443));
        assert_eq!(addresses.len(), 2);
        assert_eq!(resolve("a.example:443"), None);
        assert_eq!(
            connect_to("::[::1]:8443"),
            Some((None, None, "[::1]", 8443))
        );
        assert_eq!(
            connect_to("a.example:443:b.example:8443"),
            Some((Some("a.example"), Some(443), "b.example", 8443))
        );
        assert_eq!(connect_to("a.example:443::1"), None);
    }
}
