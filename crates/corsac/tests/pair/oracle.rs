//! What should happen, said again from scratch: nothing here calls what is under test.

use corsac::{
    diagnosis::Code,
    header::HeaderList,
    policy::{AllowHeaders, Listing, MaxAge, PolicyConfig, Preflights},
};

use crate::case::AuthorHeader;

const SAFELISTED_METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

/// A request, as far as CORS asks after it.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) origin: String,
    pub(crate) method: &'static str,
    pub(crate) headers: Vec<AuthorHeader>,
    /// Whether the credentials mode is `include`.
    pub(crate) include: bool,
    pub(crate) use_cors_preflight: bool,
}

/// Something that a preflight has to grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Method(&'static str),
    /// In lower case.
    Header(String),
}

impl Question {
    pub(crate) fn is_simple_method(&self) -> bool {
        SAFELISTED_METHODS.contains(&self.method)
    }

    /// The names that a preflight names, sorted.
    pub(crate) fn unsafe_names(&self) -> Vec<String> {
        let named = self.headers.iter().filter(|(.., is_unsafe)| *is_unsafe);
        let mut names: Vec<_> = named.map(|(name, ..)| name.to_ascii_lowercase()).collect();
        names.sort();
        names
    }

    pub(crate) fn needs(&self) -> Vec<Need> {
        let method = !self.is_simple_method() || self.use_cors_preflight;
        let method = method.then_some(Need::Method(self.method));
        let headers = self.unsafe_names().into_iter().map(Need::Header);
        method.into_iter().chain(headers).collect()
    }
}

/// Whether a configuration contradicts itself.
pub(crate) fn is_contradiction(config: &PolicyConfig) -> bool {
    config.allow_credentials
        && (config.allow_origins == Listing::Any
            || config.allow_methods == Listing::Any
            || !matches!(config.allow_headers, AllowHeaders::List(_))
            || config.expose_headers == Listing::Any)
}

/// Why a policy says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum No {
    Origin,
    Method,
    Header,
}

pub(crate) fn allows_origin(config: &PolicyConfig, origin: &str) -> Result<(), No> {
    match &config.allow_origins {
        Listing::Any => Ok(()),
        Listing::List(origins) if origins.iter().any(|listed| covers(&listed.origin, origin)) => {
            Ok(())
        }
        Listing::List(_) => Err(No::Origin),
    }
}

/// Patterns as a person reads them. The pages are well-formed, and never end with a port's colon.
fn covers(pattern: &str, origin: &str) -> bool {
    if let Some(pattern) = pattern.strip_suffix(":*") {
        let origin = origin.trim_end_matches(|c: char| c.is_ascii_digit());
        return covers(pattern, origin.trim_end_matches(':'));
    }
    let Some((begin, end)) = pattern.split_once('*') else {
        return pattern == origin;
    };
    let middle = origin
        .strip_prefix(begin)
        .and_then(|rest| rest.strip_suffix(end));
    let many = begin.ends_with('/') && end.starts_with('.');
    middle.is_some_and(|middle| !middle.is_empty() && (many || !middle.contains('.')))
}

fn allows_method(config: &PolicyConfig, method: &str) -> bool {
    match &config.allow_methods {
        Listing::Any => true,
        Listing::List(methods) => {
            SAFELISTED_METHODS.contains(&method) || methods.iter().any(|listed| listed == method)
        }
    }
}

fn allows_header(config: &PolicyConfig, name: &str) -> bool {
    match &config.allow_headers {
        AllowHeaders::Any => !name.eq_ignore_ascii_case("authorization"),
        AllowHeaders::AnyAndAuthorization => true,
        AllowHeaders::List(names) => names.iter().any(|listed| listed.eq_ignore_ascii_case(name)),
    }
}

pub(crate) fn allows_preflight(config: &PolicyConfig, question: &Question) -> Result<(), No> {
    allows_origin(config, &question.origin)?;
    if !allows_method(config, question.method) {
        return Err(No::Method);
    }
    let mut names = question.unsafe_names().into_iter();
    match names.all(|name| allows_header(config, &name)) {
        true => Ok(()),
        false => Err(No::Header),
    }
}

/// How a browser ends if it gets exactly what the policy says.
pub(crate) fn ends(
    config: &PolicyConfig,
    said: Result<(), No>,
    question: &Question,
) -> Result<(), Code> {
    if said.is_err() {
        return Err(Code::AllowOriginMissing);
    }
    match (
        question.include && !config.allow_credentials,
        &config.allow_origins,
    ) {
        (false, _) => Ok(()),
        (true, Listing::Any) => Err(Code::WildcardWithCredentials),
        (true, Listing::List(_)) => Err(Code::AllowCredentialsNotTrue),
    }
}

/// What an answer to a preflight grants, and for how many seconds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grant {
    pub(crate) methods: Vec<String>,
    pub(crate) names: Vec<String>,
    pub(crate) seconds: u64,
}

impl Grant {
    /// A grant must not say more than the policy, nor for longer.
    pub(crate) fn is_within(&self, config: &PolicyConfig, question: &Question) -> bool {
        let star = |listed: &str, any: bool| listed == "*" && any;
        let any_headers = !matches!(config.allow_headers, AllowHeaders::List(_));
        let methods = self.methods.iter().all(|method| {
            star(method, config.allow_methods == Listing::Any) || allows_method(config, method)
        });
        let names = self
            .names
            .iter()
            .all(|name| star(name, any_headers) || allows_header(config, name));
        let only_asked = config.preflights == Preflights::TellLists || {
            let asked = question.unsafe_names();
            let any_methods = config.allow_methods == Listing::Any;
            (any_methods || self.methods.iter().all(|method| method == question.method))
                && (any_headers || self.names.iter().all(|name| asked.contains(name)))
        };
        let seconds = match config.max_age {
            MaxAge::Unset => 5,
            MaxAge::Disabled => 0,
            MaxAge::Seconds(seconds) => u64::from(seconds).min(7200),
        };
        methods && names && only_asked && self.seconds == seconds
    }

    /// `include` is that of the request that was granted: with credentials `*` is only a name.
    pub(crate) fn covers(&self, include: bool, need: &Need) -> bool {
        let star = |list: &[String]| !include && list.iter().any(|listed| listed == "*");
        match need {
            Need::Method(method) => {
                star(&self.methods) || self.methods.iter().any(|listed| listed == method)
            }
            Need::Header(name) => {
                (star(&self.names) && name != "authorization") || self.lists_header(name)
            }
        }
    }

    fn lists_header(&self, name: &str) -> bool {
        let mut names = self.names.iter();
        names.any(|listed| listed.eq_ignore_ascii_case(name))
    }
}

fn lines<'a>(list: &'a HeaderList, name: &str) -> Vec<&'a str> {
    list.iter()
        .filter(|header| header.is_named(name))
        .map(|header| std::str::from_utf8(header.value()).expect("the pair speaks ASCII"))
        .collect()
}

/// Reads a list of tokens: `None` if absent, an error if a line doesn't parse.
fn tokens(list: &HeaderList, name: &str) -> Option<Result<Vec<String>, ()>> {
    let lines = lines(list, name);
    if lines.is_empty() {
        return None;
    }
    let items = lines.iter().flat_map(|line| line.split(',')).map(str::trim);
    let items: Vec<_> = items.filter(|item| !item.is_empty()).collect();
    Some(match items.iter().any(|item| item.contains(' ')) {
        true => Err(()),
        false => Ok(items.into_iter().map(Into::into).collect()),
    })
}

/// How a browser judges the headers of any response to a page of another origin.
pub(crate) fn judge(question: &Question, response: &HeaderList) -> Result<(), Code> {
    let origin = question.origin.as_str();
    let allowed = lines(response, "access-control-allow-origin");
    match allowed[..] {
        [] => return Err(Code::AllowOriginMissing),
        ["*"] if !question.include => return Ok(()),
        ["*"] => return Err(Code::WildcardWithCredentials),
        [one] if one == origin => {}
        [one] if !one.contains(',') => {
            let bare = one.trim_end_matches('/');
            let is_origin =
                bare.eq_ignore_ascii_case(origin) || bare.starts_with("http") || bare == "null";
            return Err(match is_origin {
                _ if origin == "null" => Code::AllowOriginNull,
                true => Code::AllowOriginMismatch,
                false => Code::AllowOriginInvalid,
            });
        }
        _ => return Err(Code::AllowOriginMultiple),
    }
    if question.include && lines(response, "access-control-allow-credentials") != ["true"] {
        return Err(Code::AllowCredentialsNotTrue);
    }
    Ok(())
}

/// How a browser judges the answer to a preflight.
pub(crate) fn judge_preflight(
    question: &Question,
    status: u16,
    response: &HeaderList,
) -> Result<Grant, Code> {
    judge(question, response)?;
    match status {
        200..=299 => {}
        301 | 302 | 303 | 307 | 308 => return Err(Code::PreflightRedirected),
        _ => return Err(Code::PreflightStatusNotOk),
    }
    let methods = match tokens(response, "access-control-allow-methods") {
        None if question.use_cors_preflight => Ok(vec![question.method.to_owned()]),
        None => Ok(Vec::new()),
        Some(methods) => methods.map_err(|()| Code::AllowMethodsInvalid),
    };
    let names = match tokens(response, "access-control-allow-headers") {
        None => Ok(Vec::new()),
        Some(names) => names.map_err(|()| Code::AllowHeadersInvalid),
    };
    let seconds = match lines(response, "access-control-max-age")[..] {
        [digits] if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().unwrap_or(u64::MAX).min(7200)
        }
        _ => 5,
    };
    let grant = Grant {
        methods: methods?,
        names: names?,
        seconds,
    };
    let method = Need::Method(question.method);
    if !question.is_simple_method() && !grant.covers(question.include, &method) {
        return Err(Code::MethodNotAllowed);
    }
    let names = question.unsafe_names();
    let uncovered = |name: &String| !grant.covers(question.include, &Need::Header(name.clone()));
    match names.iter().any(uncovered) {
        false => Ok(grant),
        // `*` covered every other name, and was meant to cover this one.
        true if !question.include && grant.names.iter().any(|name| name == "*") => {
            Err(Code::AuthorizationNotCovered)
        }
        true => Err(Code::HeaderNotAllowed),
    }
}

/// Whether script may read a header of a response to a page of another origin.
pub(crate) fn is_exposed(name: &str, include: bool, response: &HeaderList) -> bool {
    let name = name.to_ascii_lowercase();
    let exposed = match tokens(response, "access-control-expose-headers") {
        Some(Ok(names)) => names,
        Some(Err(())) | None => Vec::new(),
    };
    match name.as_str() {
        "set-cookie" => false,
        "content-type" | "cache-control" => true,
        _ if !include && exposed.iter().any(|listed| listed == "*") => true,
        _ => exposed
            .iter()
            .any(|listed| listed.eq_ignore_ascii_case(&name)),
    }
}

/// The same, by what people wrote: the response said what the policy says.
pub(crate) fn policy_exposes(config: &PolicyConfig, name: &str) -> bool {
    match &config.expose_headers {
        _ if ["content-type", "cache-control"].contains(&&*name.to_ascii_lowercase()) => true,
        _ if name.eq_ignore_ascii_case("set-cookie") => false,
        Listing::Any => true,
        Listing::List(names) => names.iter().any(|listed| listed.eq_ignore_ascii_case(name)),
    }
}
