//! One entry of `allow-origins`: is it what a browser writes, and if not, why.

use crate::origin::{Origin, default_port};

use super::{Invalid, MistakeKind, OriginFault, Prohibited};

/// Accepts exactly what browsers send: an entry is compared byte by byte, so that any other
/// spelling would sit in the list and never match.
pub(super) fn judge_origin(entry: &str) -> Result<(), MistakeKind> {
    if entry == "null" {
        return Err(MistakeKind::Prohibited(Prohibited::NullOrigin));
    }
    let Some(fault) = fault_of(entry) else {
        return Ok(());
    };
    let has_an_origin = !matches!(
        fault,
        OriginFault::WildcardInList | OriginFault::Pattern | OriginFault::File
    );
    Err(MistakeKind::Invalid(Invalid::Origin {
        value: entry.to_owned(),
        fault,
        browsers_write: has_an_origin.then(|| browsers_write(entry)).flatten(),
    }))
}

fn fault_of(entry: &str) -> Option<OriginFault> {
    if entry == "*" {
        return Some(OriginFault::WildcardInList);
    }
    if entry.contains('*') {
        return Some(OriginFault::Pattern);
    }
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
        Ok(parsed) if parsed.to_string() == origin => None,
        Ok(parsed) => match parsed.scheme().and_then(default_port) {
            Some(port) if origin.ends_with(&format!(":{port}")) => Some(OriginFault::DefaultPort),
            _ => Some(OriginFault::Spelling),
        },
    }
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
    let (scheme, host_and_port) = origin.split_once("://").unwrap_or(("https", &origin));
    let (_userinfo, host_and_port) = host_and_port
        .rsplit_once('@')
        .unwrap_or(("", host_and_port));
    let origin = Origin::parse(format!("{scheme}://{host_and_port}").as_bytes());
    origin.ok().map(|origin| origin.to_string())
}
