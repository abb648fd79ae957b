use std::borrow::Cow;

use crate::{
    diagnosis::{Difference, Evidence, Reason},
    header::HeaderList,
    origin::Origin,
};

use super::{CredentialsMode, Profile};

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";

/// Decides whether a response is shared with the origin that asked: the heart of it all.
///
/// `origin` is the request's origin [as it was sent](super::serializing_a_request_origin). The
/// comparison is of bytes: no case folding, no default port, no trailing slash. It is the
/// credentials *mode* that counts, not whether a cookie travelled. The status does not matter.
///
/// # Errors
/// The [`Reason`] of the first step that fails.
///
/// Source: <https://fetch.spec.whatwg.org/#concept-cors-check>
///
/// ```
/// use corsac::fetch::{CredentialsMode, Profile, cors_check};
/// use corsac::{diagnosis::Code, header::HeaderList};
/// let page = "https://a.example";
/// let check = |value: &str, mode| {
///     let list = HeaderList::from([("Access-Control-Allow-Origin", value)]);
///     cors_check(page, mode, &list, &Profile::FETCH).map_err(|reason| reason.code())
/// };
/// assert_eq!(check("https://a.example", CredentialsMode::Omit), Ok(()));
/// assert_eq!(check("https://A.example", CredentialsMode::Omit), Err(Code::AllowOriginMismatch));
/// assert_eq!(check("*", CredentialsMode::SameOrigin), Ok(()));
/// assert_eq!(check("*", CredentialsMode::Include), Err(Code::WildcardWithCredentials));
/// ```
pub fn cors_check(
    origin: &str,
    credentials_mode: CredentialsMode,
    list: &HeaderList,
    profile: &Profile,
) -> Result<(), Reason> {
    let include = credentials_mode == CredentialsMode::Include;
    let Some(allowed) = list.get(ALLOW_ORIGIN) else {
        return Err(Reason::AllowOriginMissing);
    };
    if !include && *allowed == *b"*" {
        return Ok(());
    }
    if origin.as_bytes() != &*allowed {
        return Err(why_not(origin, &allowed, list));
    }
    if !include {
        return Ok(());
    }
    allow_credentials(list, profile)
}

/// The last steps of the CORS check: credentials need exactly `true`.
fn allow_credentials(list: &HeaderList, profile: &Profile) -> Result<(), Reason> {
    match get_allow_credentials(list, profile) {
        Some(credentials) if *credentials == *b"true" => Ok(()),
        credentials => Err(Reason::AllowCredentialsNotTrue {
            value: credentials.map(Cow::into_owned),
            evidence: whole_line(list, ALLOW_CREDENTIALS),
        }),
    }
}

/// What the rest of a CORS check would say after its first failure.
pub(super) fn also_fails(
    first: &Reason,
    credentials_mode: CredentialsMode,
    list: &HeaderList,
    profile: &Profile,
) -> Option<Reason> {
    let already = matches!(first, Reason::AllowCredentialsNotTrue { .. });
    if already || credentials_mode != CredentialsMode::Include {
        return None;
    }
    allow_credentials(list, profile).err()
}

/// All lines, joined; in one engine those that say something.
fn get_allow_credentials<'a>(list: &'a HeaderList, profile: &Profile) -> Option<Cow<'a, [u8]>> {
    if !profile.skips_empty_lines_of_allow_credentials {
        return list.get(ALLOW_CREDENTIALS);
    }
    let lines = list.lines(ALLOW_CREDENTIALS).map(|(_, value)| value);
    let filled: Vec<_> = lines.filter(|value| !value.is_empty()).collect();
    match (&*filled, list.contains(ALLOW_CREDENTIALS)) {
        ([], false) => None,
        ([], true) => Some(Cow::Borrowed(b"")),
        ([value], _) => Some(Cow::Borrowed(value)),
        (values, _) => Some(Cow::Owned(values.join(&b", "[..]))),
    }
}

fn whole_line(list: &HeaderList, header: &'static str) -> Option<Evidence> {
    let (line, value) = list.lines(header).next()?;
    Some(Evidence {
        header,
        line,
        byte: 0,
        length: value.len(),
    })
}

/// Tells apart the ways in which Access-Control-Allow-Origin can fail to be the origin.
fn why_not(origin: &str, allowed: &[u8], list: &HeaderList) -> Reason {
    let value = allowed.to_vec();
    let mut evidence = whole_line(list, ALLOW_ORIGIN).unwrap_or(Evidence {
        header: ALLOW_ORIGIN,
        line: 0,
        byte: 0,
        length: 0,
    });
    if allowed == b"*" {
        return Reason::WildcardWithCredentials { evidence };
    }
    if let Some(second) = second_value(list) {
        return Reason::AllowOriginMultiple {
            value,
            evidence: second,
        };
    }
    if origin == "null" {
        return Reason::AllowOriginNull { value, evidence };
    }
    match difference(origin, allowed) {
        Ok(difference) => Reason::AllowOriginMismatch {
            value,
            difference,
            evidence,
        },
        Err(at) => {
            evidence.byte = at;
            evidence.length = value.len() - at;
            Reason::AllowOriginInvalid { value, evidence }
        }
    }
}

/// Where a second value begins: on a line of its own, or behind a comma.
fn second_value(list: &HeaderList) -> Option<Evidence> {
    let mut lines = list.lines(ALLOW_ORIGIN);
    let (line, value) = lines.next()?;
    let place = |line, byte, value: &[u8]| Evidence {
        header: ALLOW_ORIGIN,
        line,
        byte,
        length: value.len() - byte,
    };
    if let Some(comma) = value.iter().position(|&byte| byte == b',') {
        return Some(place(line, comma, value));
    }
    let (line, value) = lines.next()?;
    Some(place(line, 0, value))
}

/// How a granted value differs from the origin, or the first byte that keeps it from being one.
fn difference(origin: &str, allowed: &[u8]) -> Result<Difference, usize> {
    if allowed == b"null" {
        return Ok(Difference::Host);
    }
    let lower = allowed.to_ascii_lowercase();
    let end = lower.iter().rposition(|&byte| byte != b'/');
    let (bare, _slashes) = lower.split_at(end.map_or(0, |last| last + 1));
    if bare == origin.as_bytes() {
        return Ok(match bare.len() == lower.len() {
            true => Difference::Case,
            false => Difference::TrailingSlash,
        });
    }
    // Judge what was meant, but point at the bytes that are there.
    let granted = match Origin::parse(bare) {
        Ok(granted) => granted,
        Err(error) => return Err(error.at().min(allowed.len())),
    };
    let (Ok(Origin::Tuple(one)), Origin::Tuple(other)) =
        (Origin::parse(origin.as_bytes()), granted)
    else {
        return Ok(Difference::Host);
    };
    Ok(if one.host != other.host {
        Difference::Host
    } else if one.scheme != other.scheme {
        Difference::Scheme
    } else {
        Difference::Port
    })
}
