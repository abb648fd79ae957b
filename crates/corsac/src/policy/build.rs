//! From what people write to a policy, or to all that is wrong with it.

use std::sync::Arc;

use http::{HeaderValue, StatusCode};

use crate::{
    header::{is_forbidden_request_header, is_forbidden_response_header_name, is_token},
    method,
};

use super::{
    AllowHeaders, CORS_RESPONSE_HEADERS, Field, Forbidden, Invalid, Listing, MaxAge, MethodFault,
    Mistake, MistakeKind, Policy, PolicyConfig, PolicyErrors, Prohibited, Vary,
    grant_lines::GrantLines,
    judge_origin::{Entry, judge_origin},
    origin_set::OriginSet,
    policy::{Methods, Rules},
    request_headers::RequestHeaders,
};

/// No browser remembers longer.
const LONGEST_MAX_AGE: u32 = 86_400;

impl Policy {
    /// Checks a configuration, and makes it a policy.
    ///
    /// # Errors
    /// All mistakes at once. None is repaired: what a wider policy would have to be guessed from is
    /// a mistake.
    pub fn new(config: PolicyConfig) -> Result<Self, PolicyErrors> {
        let mut mistakes = Mistakes(Vec::new());
        let origins = mistakes.origins(&config);
        let methods = mistakes.methods(&config);
        let headers = mistakes.headers(&config);
        let expose_headers = mistakes.expose_headers(&config);
        let max_age = mistakes.max_age(&config);
        let granted = mistakes.status(Field::PreflightStatus, config.preflight_status, 200, 299);
        let refused = mistakes.status(Field::RefusalStatus, config.refusal_status, 200, 599);
        if !mistakes.0.is_empty() {
            return Err(PolicyErrors(mistakes.0));
        }
        Ok(Self(Arc::new(Rules {
            options_vary: match (config.cacheable_preflights, config.allow_private_network) {
                (false, _) => Vary::NOTHING,
                (true, false) => Vary::PREFLIGHT,
                (true, true) => Vary::PREFLIGHT_OF_NETWORK,
            },
            takes_long: config.block_disallowed || config.mode == super::Mode::ReportOnly,
            tells_origins_apart: !origins.is_any() && !origins.is_empty(),
            grant_lines: GrantLines::new(
                origins.is_any(),
                config.allow_credentials,
                expose_headers,
            ),
            origins,
            methods,
            headers,
            max_age,
            granted,
            refused,
            config,
        })))
    }
}

struct Mistakes(Vec<Mistake>);

impl Mistakes {
    fn add(&mut self, field: Field, entry: Option<usize>, kind: MistakeKind) {
        self.0.push(Mistake { field, entry, kind });
    }

    fn prohibit(&mut self, field: Field, prohibited: Prohibited) {
        self.add(field, None, MistakeKind::Prohibited(prohibited));
    }

    /// Judges each entry of a list by itself.
    fn judge(
        &mut self,
        field: Field,
        entries: &[String],
        judge: impl Fn(&str) -> Result<(), MistakeKind>,
    ) {
        for (place, entry) in entries.iter().enumerate() {
            if let Err(kind) = judge(entry) {
                self.add(field, Some(place), kind);
            }
        }
    }

    fn origins(&mut self, config: &PolicyConfig) -> OriginSet {
        let entries = match &config.allow_origins {
            Listing::Any => {
                // The browser would refuse the pair `*` and `true`; echoing every origin instead
                // would make it work, and is the hole that several libraries had.
                if config.allow_credentials {
                    self.prohibit(Field::AllowOrigins, Prohibited::AnyOriginWithCredentials);
                }
                return OriginSet::any();
            }
            Listing::List(entries) => entries,
        };
        let mut set = OriginSet::default();
        for (place, entry) in entries.iter().enumerate() {
            match judge_origin(entry, config) {
                Ok(Entry::Exact) => set.insert_exact(&entry.origin),
                Ok(Entry::Wildcard(wildcard)) => set.insert_wildcard(wildcard),
                Err(kind) => self.add(Field::AllowOrigins, Some(place), kind),
            }
        }
        set.set_predicate(config.origin_predicate.clone());
        set
    }

    fn status(&mut self, field: Field, value: u16, least: u16, most: u16) -> StatusCode {
        if !(least..=most).contains(&value) {
            let invalid = Invalid::Status { value, least, most };
            self.add(field, None, MistakeKind::Invalid(invalid));
        }
        StatusCode::from_u16(value).unwrap_or_default()
    }

    fn methods(&mut self, config: &PolicyConfig) -> Methods {
        match &config.allow_methods {
            Listing::Any => {
                self.no_wildcard_with_credentials(Field::AllowMethods, config);
                Methods::Any
            }
            Listing::List(entries) => {
                self.judge(Field::AllowMethods, entries, judge_method);
                let unique = unique(entries, |one, other| one == other);
                Methods::Listed {
                    list: joined(&unique),
                    each: unique.into_iter().filter_map(header_value).collect(),
                }
            }
        }
    }

    fn headers(&mut self, config: &PolicyConfig) -> RequestHeaders {
        let entries = match &config.allow_headers {
            AllowHeaders::List(entries) => entries,
            any @ (AllowHeaders::Any | AllowHeaders::AnyAndAuthorization) => {
                self.no_wildcard_with_credentials(Field::AllowHeaders, config);
                let authorization = *any == AllowHeaders::AnyAndAuthorization;
                return RequestHeaders::Any { authorization };
            }
        };
        self.judge(Field::AllowHeaders, entries, judge_request_header);
        let unique = unique(entries, str::eq_ignore_ascii_case);
        RequestHeaders::listed(&unique, joined(&unique))
    }

    fn expose_headers(&mut self, config: &PolicyConfig) -> Option<HeaderValue> {
        match &config.expose_headers {
            Listing::Any => {
                self.no_wildcard_with_credentials(Field::ExposeHeaders, config);
                Some(HeaderValue::from_static("*"))
            }
            Listing::List(entries) => {
                self.judge(Field::ExposeHeaders, entries, judge_response_header);
                joined(&unique(entries, str::eq_ignore_ascii_case))
            }
        }
    }

    fn max_age(&mut self, config: &PolicyConfig) -> Option<HeaderValue> {
        match config.max_age {
            MaxAge::Unset => None,
            MaxAge::Disabled => Some(0.into()),
            MaxAge::Seconds(seconds) => {
                if seconds > LONGEST_MAX_AGE {
                    self.prohibit(Field::MaxAge, Prohibited::MaxAge { seconds });
                }
                Some(seconds.into())
            }
        }
    }

    fn no_wildcard_with_credentials(&mut self, field: Field, config: &PolicyConfig) {
        if config.allow_credentials {
            self.prohibit(field, Prohibited::WildcardWithCredentials);
        }
    }
}

fn judge_method(entry: &str) -> Result<(), MistakeKind> {
    let value = || entry.to_owned();
    let invalid = |fault| {
        let value = value();
        Err(MistakeKind::Invalid(Invalid::Method { value, fault }))
    };
    if entry == "*" {
        return invalid(MethodFault::WildcardInList);
    }
    if !is_token(entry.as_bytes()) {
        return invalid(MethodFault::Syntax);
    }
    if method::is_forbidden_method(entry) {
        let value = value();
        return Err(MistakeKind::Forbidden(Forbidden::Method { value }));
    }
    if method::normalize(entry) != entry {
        return invalid(MethodFault::NotNormalized);
    }
    Ok(())
}

fn judge_request_header(entry: &str) -> Result<(), MistakeKind> {
    judge_header_name(entry)?;
    let value = || entry.to_owned();
    if is_forbidden_request_header(entry.as_bytes(), b"") {
        let value = value();
        return Err(MistakeKind::Forbidden(Forbidden::RequestHeader { value }));
    }
    if is_cors_response_header(entry) {
        let value = value();
        return Err(MistakeKind::Prohibited(
            Prohibited::ResponseHeaderInRequest { value },
        ));
    }
    Ok(())
}

fn judge_response_header(entry: &str) -> Result<(), MistakeKind> {
    const OF_REQUESTS: [&str; 3] = [
        "origin",
        "access-control-request-method",
        "access-control-request-headers",
    ];
    // Scripts never see a preflight's answer.
    const OF_PREFLIGHTS: [&str; 3] = [
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-max-age",
    ];
    judge_header_name(entry)?;
    let value = || entry.to_owned();
    if is_forbidden_response_header_name(entry.as_bytes()) {
        let value = value();
        return Err(MistakeKind::Forbidden(Forbidden::ResponseHeader { value }));
    }
    let mut pointless = OF_REQUESTS.iter().chain(&OF_PREFLIGHTS);
    if pointless.any(|name| entry.eq_ignore_ascii_case(name)) {
        let value = value();
        return Err(MistakeKind::Prohibited(
            Prohibited::RequestHeaderInResponse { value },
        ));
    }
    Ok(())
}

fn judge_header_name(entry: &str) -> Result<(), MistakeKind> {
    if entry == "*" {
        return Err(MistakeKind::Prohibited(Prohibited::WildcardInList));
    }
    if !is_token(entry.as_bytes()) {
        let value = entry.to_owned();
        return Err(MistakeKind::Invalid(Invalid::HeaderName { value }));
    }
    Ok(())
}

fn is_cors_response_header(entry: &str) -> bool {
    CORS_RESPONSE_HEADERS
        .iter()
        .any(|name| entry.eq_ignore_ascii_case(name.as_str()))
}

/// The entries in their order, each as it was first written.
fn unique(entries: &[String], same: impl Fn(&str, &str) -> bool) -> Vec<&str> {
    let mut unique: Vec<&str> = Vec::with_capacity(entries.len());
    for entry in entries {
        if !unique.iter().any(|seen| same(seen, entry)) {
            unique.push(entry);
        }
    }
    unique
}

/// The entries as one header's value; `None` if there are none, because an empty header says what
/// no header says.
fn joined(entries: &[&str]) -> Option<HeaderValue> {
    match entries {
        [] => None,
        _ => header_value(&entries.join(", ")),
    }
}

/// `None` only for bytes that no token holds, and then the entry has already been judged a mistake.
fn header_value(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(text).ok()
}
