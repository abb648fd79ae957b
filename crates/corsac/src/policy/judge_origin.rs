//! One entry of `allow-origins`: is it what a browser writes, and if not, why.

use crate::origin::{Host, Origin, Parts, Tuple, default_port, is_bad_port};

use super::{
    Depth, Invalid, MistakeKind, OriginFault, OriginPattern, PolicyConfig, Ports, Prohibited,
    punycode::is_punycode,
    wildcard::{Front, PortSet, Wildcard},
};

/// What an entry means.
pub(super) enum Entry {
    /// These bytes.
    Exact,
    Wildcard(Wildcard),
}

/// Accepts exactly what browsers send: an entry is compared byte by byte, so that any other
/// spelling would sit in the list and never match.
pub(super) fn judge_origin(
    pattern: &OriginPattern,
    config: &PolicyConfig,
) -> Result<Entry, MistakeKind> {
    let entry = &*pattern.origin;
    if entry == "null" {
        return match (config.dangerously_allow_null, config.allow_credentials) {
            (true, false) => Ok(Entry::Exact),
            (_, with_credentials) => Err(MistakeKind::Prohibited(Prohibited::NullOrigin {
                with_credentials,
            })),
        };
    }
    let invalid = |fault, browsers_write| {
        let value = entry.to_owned();
        Err(MistakeKind::Invalid(Invalid::Origin {
            value,
            fault,
            browsers_write,
        }))
    };
    let (without_port, any_port) = match entry.strip_suffix(":*") {
        Some(origin) => (origin, true),
        None => (entry, false),
    };
    // A letter is as good as what a `*` stands for, wherever a `*` may stand.
    let example = without_port.replacen('*', "x", 1);
    let is_pattern = any_port || example != without_port;
    let fault = match fault_of(&example) {
        _ if entry == "*" => Some(OriginFault::WildcardInList),
        _ if example.contains('*') => Some(OriginFault::Pattern),
        fault => fault,
    };
    if let Some(fault) = fault {
        let has_an_origin = !matches!(
            fault,
            OriginFault::WildcardInList
                | OriginFault::Pattern
                | OriginFault::File
                | OriginFault::Punycode
                | OriginFault::TooLong
        );
        let hint = (has_an_origin && !is_pattern).then(|| browsers_write(entry));
        return invalid(fault, hint.flatten());
    }
    let Some(parts) = Parts::of(example.as_bytes()) else {
        return invalid(OriginFault::Spelling, None);
    };
    let ports = match &pattern.ports {
        Ports::Written if any_port && parts.port.is_none() => PortSet::Any,
        Ports::Written if !any_port => PortSet::One(parts.port),
        Ports::Any if !any_port && parts.port.is_none() => PortSet::Any,
        Ports::OneOf(ports) if !any_port && parts.port.is_none() && !ports.is_empty() => {
            PortSet::OneOf(ports.as_slice().into())
        }
        Ports::Written | Ports::Any | Ports::OneOf(_) => return invalid(OriginFault::Ports, None),
    };
    let is_bad = match &ports {
        PortSet::One(port) => port.is_some_and(is_bad_port),
        PortSet::OneOf(ports) => ports.iter().copied().any(is_bad_port),
        PortSet::Any => false,
    };
    if is_bad && matches!(parts.scheme, "http" | "https") {
        return invalid(OriginFault::BadPort, None);
    }
    let host_at = parts.scheme.len() + "://".len();
    let Some((front, rest)) = front_of(pattern, without_port.get(host_at..).unwrap_or(""), &parts)
    else {
        return invalid(OriginFault::Pattern, None);
    };
    if config.allow_credentials {
        if is_insecure(&parts) && !config.dangerously_allow_insecure_origins {
            let value = entry.to_owned();
            return Err(MistakeKind::Prohibited(
                Prohibited::InsecureWithCredentials { value },
            ));
        }
        if front != Front::Nothing
            && is_public_suffix(rest)
            && !config.dangerously_allow_public_suffixes
        {
            return Err(MistakeKind::Prohibited(
                Prohibited::PublicSuffixWithCredentials {
                    value: entry.to_owned(),
                    suffix: rest.to_owned(),
                },
            ));
        }
    }
    Ok(match (&front, &ports) {
        (Front::Nothing, PortSet::One(_)) => Entry::Exact,
        _ => Entry::Wildcard(Wildcard {
            scheme: parts.scheme.into(),
            rest: rest.into(),
            front,
            ports,
        }),
    })
}

/// What stands before the part of the host that is fixed, and that part. `None` if a `*` stands
/// elsewhere than in the first label, or before an address.
fn front_of<'a>(
    pattern: &OriginPattern,
    host_and_port: &str,
    example: &Parts<'a>,
) -> Option<(Front, &'a str)> {
    if !pattern
        .origin
        .strip_suffix(":*")
        .unwrap_or(&pattern.origin)
        .contains('*')
    {
        let has_depth = pattern.depth != Depth::Any;
        return (!has_depth).then_some((Front::Nothing, example.host));
    }
    let (label, _) = host_and_port.split_once('.')?;
    let (begin, end) = label.split_once('*')?;
    let (_, rest) = example.host.split_once('.')?;
    let last = rest.rsplit('.').next()?;
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let front = match (begin, end, pattern.depth) {
        ("", "", Depth::Any) => Front::Labels,
        _ => Front::Label(begin.into(), end.into()),
    };
    Some((front, rest))
}

/// Whether others on the wire can speak for the origin. Schemes that browsers don't fetch by are
/// those of apps, which are on this machine.
pub(super) fn is_insecure(parts: &Parts<'_>) -> bool {
    let origin = Origin::parse(format!("{}://{}", parts.scheme, parts.host).as_bytes());
    matches!(parts.scheme, "http" | "ws" | "ftp")
        && !origin.is_ok_and(|origin| origin.is_potentially_trustworthy())
}

/// Whether anybody can register a name below this one.
pub(super) fn is_public_suffix(host: &str) -> bool {
    !Host::Domain(host.into()).is_loopback()
        && psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.as_bytes() == host.as_bytes())
}

fn fault_of(entry: &str) -> Option<OriginFault> {
    if entry.to_ascii_lowercase().starts_with("file:") {
        return Some(OriginFault::File);
    }
    if !entry.is_ascii() {
        return Some(OriginFault::NotAscii);
    }
    let (origin, path) = entry.split_at(end_of_origin(entry));
    if origin.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(OriginFault::UpperCase);
    }
    if !entry.contains("://") {
        return Some(OriginFault::NoScheme);
    }
    if origin.contains('@') {
        return Some(OriginFault::Userinfo);
    }
    match Origin::parse(origin.as_bytes()) {
        Err(error) => Some(OriginFault::Syntax(error)),
        Ok(_) if !path.is_empty() => Some(OriginFault::Path),
        Ok(parsed) if is_too_long(&parsed) => Some(OriginFault::TooLong),
        Ok(parsed) if !has_names_of_something(&parsed) => Some(OriginFault::Punycode),
        Ok(parsed) if parsed.to_string() == origin => None,
        Ok(parsed) => match parsed.scheme().and_then(default_port) {
            Some(port) if origin.ends_with(&format!(":{port}")) => Some(OriginFault::DefaultPort),
            _ => Some(OriginFault::Spelling),
        },
    }
}

fn has_names_of_something(origin: &Origin) -> bool {
    let Origin::Tuple(Tuple {
        host: Host::Domain(name),
        ..
    }) = origin
    else {
        return true;
    };
    name.split('.')
        .filter_map(|label| label.strip_prefix("xn--"))
        .all(is_punycode)
}

fn is_too_long(origin: &Origin) -> bool {
    let Origin::Tuple(Tuple { scheme, host, .. }) = origin else {
        return false;
    };
    scheme.len() > Parts::LONGEST_SCHEME || host.to_string().len() > Parts::LONGEST_HOST
}

/// Where scheme, host and port end.
fn end_of_origin(entry: &str) -> usize {
    let after_scheme = entry.find("://").map_or(0, |scheme| scheme + "://".len());
    let path = entry
        .bytes()
        .skip(after_scheme)
        .position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    path.map_or(entry.len(), |path| after_scheme + path)
}

/// What the author may have meant, as a browser writes it.
fn browsers_write(entry: &str) -> Option<String> {
    let (origin, _path) = entry.split_at(end_of_origin(entry));
    let origin = origin.to_ascii_lowercase();
    if origin == "null" {
        return None;
    }
    let (scheme, host_and_port) = origin.split_once("://").unwrap_or(("https", &origin));
    let (_userinfo, host_and_port) = host_and_port
        .rsplit_once('@')
        .unwrap_or(("", host_and_port));
    let origin = Origin::parse(format!("{scheme}://{host_and_port}").as_bytes());
    origin.ok().map(|origin| origin.to_string())
}
