use std::{borrow::Cow, sync::Arc, time::Duration};

use crate::{
    diagnosis::{Evidence, Reason},
    header::{
        Extracted, GrammarError, HeaderList, UnsafeName, Values, cors_unsafe_request_header_names,
        extract_header_list_values, is_cors_non_wildcard_request_header_name,
    },
    method::is_cors_safelisted_method,
};

use super::{
    Fetch, FetchParams, HopKind, Mode, Profile, ResponseHead,
    cors_check::{also_fails, cors_check},
    cors_preflight_cache::{CachedGrant, PreflightCache},
    http_network_or_cache_fetch::append_what_every_request_carries,
    is_ok_status, is_redirect_status,
    name_set::NameSet,
    state::{HttpRequest, State},
};

/// For how long a grant is kept that does not say.
pub(super) const DEFAULT_MAX_AGE: Duration = Duration::from_secs(5);

impl Fetch {
    /// CORS-preflight fetch, as far as its request.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
    pub(super) fn cors_preflight_fetch(&mut self, is_new_connection_fetch: bool) -> State {
        let request = HttpRequest {
            header_list: preflight_header_list(&self.params),
            is_new_connection_fetch,
        };
        self.send(HopKind::Preflight, request)
    }
}

fn unsafe_names(params: &FetchParams) -> Vec<UnsafeName> {
    cors_unsafe_request_header_names(params.asked_header_list(), params.profile.safelist)
}

/// Writes the preflight: OPTIONS with the origin, the method and the unsafe header names; no body,
/// no credentials, nothing of the author's.
fn preflight_header_list(params: &FetchParams) -> HeaderList {
    let headers = unsafe_names(params);
    let mut header_list = HeaderList::with_capacity(10);
    header_list.append("Accept", "*/*");
    header_list.append(
        "Access-Control-Request-Method",
        params.request.method.as_str(),
    );
    if !headers.is_empty() {
        // A comma and no space: this is how it was first built, and servers compare bytes.
        let names: Vec<_> = headers.iter().map(|header| &*header.name).collect();
        header_list.append("Access-Control-Request-Headers", names.join(&b','));
    }
    append_what_every_request_carries(params, Mode::Cors, &mut header_list, |list| {
        list.append("Origin", params.preflight_origin());
    });
    header_list
}

/// Judges the answer, and stores what it grants.
///
/// # Errors
/// The first failing step, and what else would have failed.
pub(super) fn judge_preflight_response(
    params: &FetchParams,
    response: &ResponseHead,
    cache: &mut PreflightCache,
    now: Duration,
) -> Result<(), (Reason, Vec<Reason>)> {
    let mut reasons = failures(params, response);
    let is_refusal = |reason: &Reason| {
        matches!(
            reason,
            Reason::MethodNotAllowed { .. } | Reason::HeaderNotAllowed { .. }
        )
    };
    let is_kept = params.profile.keeps_refused_grants && reasons.iter().all(is_refusal);
    if reasons.is_empty() || is_kept {
        store(params, response, cache, now);
    }
    if reasons.is_empty() {
        return Ok(());
    }
    let first = reasons.remove(0);
    Err((first, reasons))
}

/// Stores what an answer grants.
fn store(params: &FetchParams, response: &ResponseHead, cache: &mut PreflightCache, now: Duration) {
    let methods = granted_methods(params, &response.header_list).list();
    let header_names = extract_header_list_values(ALLOW_HEADERS, &response.header_list).list();
    let max_age = max_age(&response.header_list, &params.profile);
    if max_age.is_zero() && !params.profile.no_age_ends_grants {
        return;
    }
    let methods = methods.into_iter().map(CachedGrant::method);
    let header_names = header_names.into_iter().map(CachedGrant::header_name);
    if params.may_cache_grants() {
        cache.store(params, now, max_age, methods.chain(header_names));
    }
}

const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";
const MAX_AGE: &str = "Access-Control-Max-Age";

/// Everything that is wrong with an answer, in the order of the steps. The first one ends the
/// fetch; people want to know the rest.
fn failures(params: &FetchParams, response: &ResponseHead) -> Vec<Reason> {
    let list = &response.header_list;
    let credentials_mode = params.request.credentials_mode;
    let profile = &params.profile;
    let mut reasons = Vec::new();
    // The check is made for the request: it is the request's credentials mode that counts, though
    // the preflight itself never carries credentials.
    let origin = params.preflight_origin();
    if let Err(reason) = cors_check(origin, credentials_mode, list, profile)
        && !is_home_again(params)
    {
        let more = also_fails(&reason, credentials_mode, list, profile);
        reasons.push(reason);
        reasons.extend(more);
    }
    if let Some(reason) = status_failure(response) {
        let is_redirect = matches!(reason, Reason::PreflightRedirected { .. });
        let first = profile.judges_preflight_status_first
            || (is_redirect && profile.judges_preflight_redirect_first);
        reasons.insert(if first { 0 } else { reasons.len() }, reason);
    }
    let methods = granted_methods(params, list);
    let header_names = extract_header_list_values(ALLOW_HEADERS, list);
    if let Some((value, error, evidence)) = grammar_failure(ALLOW_METHODS, &methods, list) {
        reasons.push(Reason::AllowMethodsInvalid {
            value,
            error,
            evidence,
        });
    }
    if let Some((value, error, evidence)) = grammar_failure(ALLOW_HEADERS, &header_names, list) {
        reasons.push(Reason::AllowHeadersInvalid {
            value,
            error,
            evidence,
        });
    }
    reasons.extend(method_failure(params, &methods));
    reasons.extend(header_failures(params, &header_names, list));
    reasons
}

fn status_failure(response: &ResponseHead) -> Option<Reason> {
    let status = response.status;
    if is_ok_status(status) {
        return None;
    }
    let location = response.header_list.get("Location");
    Some(match is_redirect_status(status) {
        true => Reason::PreflightRedirected {
            status,
            location: location.map(Cow::into_owned),
        },
        false => Reason::PreflightStatusNotOk { status },
    })
}

/// Whether the preflight says the page's origin to that very origin, which then need not say it back.
fn is_home_again(params: &FetchParams) -> bool {
    let origin = &params.environment.origin;
    !params.profile.taints_preflights && origin.is_same_origin_with_url(params.current_url())
}

/// What Access-Control-Allow-Methods grants. A preflight that only a flag asked for grants the
/// method by passing at all, so that there is something to cache.
fn granted_methods<'a>(params: &'a FetchParams, list: &'a HeaderList) -> Extracted<'a> {
    match extract_header_list_values(ALLOW_METHODS, list) {
        Extracted::Absent
            if params.request.use_cors_preflight
                && params.profile.forced_preflights_grant_their_method =>
        {
            Extracted::List(vec![params.request.method.as_str().as_bytes()])
        }
        extracted => extracted,
    }
}

fn grammar_failure(
    header: &'static str,
    extracted: &Extracted<'_>,
    list: &HeaderList,
) -> Option<(Vec<u8>, GrammarError, Evidence)> {
    let &Extracted::Failure { line, error } = extracted else {
        return None;
    };
    let (_, value) = list.lines(header).find(|&(place, _)| place == line)?;
    let byte = match error {
        GrammarError::SeveralLines => 0,
        GrammarError::Byte { at } => at,
    };
    let length = match error {
        GrammarError::SeveralLines => value.len(),
        GrammarError::Byte { .. } => 1,
    };
    let evidence = Evidence {
        header,
        line,
        byte,
        length,
    };
    Some((value.to_vec(), error, evidence))
}

fn method_failure(params: &FetchParams, methods: &Extracted<'_>) -> Option<Reason> {
    let methods = match methods {
        Extracted::Failure { .. } => return None,
        Extracted::Absent => &Values::new(),
        Extracted::List(methods) => methods,
    };
    let method = params.request.method.as_str();
    let wildcard = !params.is_credentials_mode_include() && methods.contains(&&b"*"[..]);
    // Byte for byte: a server that grants `PATCH` has not granted `patch`.
    let granted =
        methods.contains(&method.as_bytes()) || is_cors_safelisted_method(method) || wildcard;
    (!granted).then(|| Reason::MethodNotAllowed {
        method: method.to_owned(),
        granted: texts(methods),
    })
}

fn header_failures(
    params: &FetchParams,
    header_names: &Extracted<'_>,
    list: &HeaderList,
) -> Vec<Reason> {
    let header_names = match header_names {
        Extracted::Failure { .. } => return Vec::new(),
        Extracted::Absent => &Values::new(),
        Extracted::List(header_names) => header_names,
    };
    let listed = NameSet::new(header_names.clone());
    let is_listed = |name: &[u8]| listed.get(name).is_some();
    let wildcard = !params.is_credentials_mode_include() && header_names.contains(&&b"*"[..]);
    let needs_its_name = |name: &[u8]| {
        is_cors_non_wildcard_request_header_name(name)
            && !params.profile.wildcard_covers_authorization
    };
    let mut reasons = Vec::new();
    // Headers that `*` never covers come first, and wherever they stand in the request.
    let non_wildcard = params
        .request
        .header_list
        .iter()
        .map(|header| header.name());
    let mut uncovered = non_wildcard.filter(|&name| needs_its_name(name) && !is_listed(name));
    let authorization_missing = uncovered.next().is_some();
    if authorization_missing && wildcard {
        let line = list.lines(ALLOW_HEADERS).next();
        reasons.push(Reason::AuthorizationNotCovered {
            evidence: line.map(|(line, value)| Evidence {
                header: ALLOW_HEADERS,
                line,
                byte: 0,
                length: value.len(),
            }),
        });
    }
    let headers = unsafe_names(params);
    let mut refused: Vec<_> = headers
        .iter()
        .filter(|header| !is_listed(&header.name) && !wildcard)
        .collect();
    refused.sort_by_key(|header| !needs_its_name(&header.name));
    if !refused.is_empty() {
        let granted: Arc<[_]> = texts(header_names).into();
        reasons.extend(refused.into_iter().map(|header| Reason::HeaderNotAllowed {
            name: String::from_utf8_lossy(&header.name).into_owned(),
            because: header.reason,
            granted: Arc::clone(&granted),
        }));
    }
    reasons
}

fn texts(values: &Values<'_>) -> Vec<String> {
    let texts = values.iter().map(|value| String::from_utf8_lossy(value));
    texts.map(Cow::into_owned).collect()
}

/// How long the answer's grants are kept.
fn max_age(list: &HeaderList, profile: &Profile) -> Duration {
    let max_age = match extract_header_list_values(MAX_AGE, list) {
        Extracted::Absent => DEFAULT_MAX_AGE,
        Extracted::Failure { .. } if is_negative(list) => profile.max_age_if_negative,
        Extracted::Failure { .. } => profile.max_age_if_invalid,
        Extracted::List(values) => Duration::from_secs(parse_seconds(&values.concat())),
    };
    max_age.min(profile.max_age_limit)
}

fn is_negative(list: &HeaderList) -> bool {
    let value = list.get(MAX_AGE);
    let digits = value.as_deref().and_then(|value| value.strip_prefix(b"-"));
    digits.is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}

/// Digits as a number; more than fit count as the largest.
fn parse_seconds(digits: &[u8]) -> u64 {
    digits.iter().fold(0u64, |seconds, digit| {
        let digit = u64::from(digit.saturating_sub(b'0'));
        seconds.saturating_mul(10).saturating_add(digit)
    })
}
