//! From what happened to the report of it.

use corsac::{
    diagnosis::{Reason, TransportError, Verdict},
    fetch::{CredentialsMode, Mode, ResponseBody, ResponseType},
    header::{Unsafe, cors_unsafe_request_header_names},
    method::is_cors_safelisted_method,
    origin::{OpaqueId, Origin},
};
use corsac_agent::{Failure, Fetched};

use super::{
    args::{self, CheckArgs},
    decide::Decided,
    plan::{Page, Plan},
    report::{
        CookieReport, EvidenceReport, Outcome, RequestReport, ScriptReport, Transport,
        VerdictReport,
    },
    steps::pairs,
};
use crate::json::{Spec, isomorphic_decode};

/// What the page asked for.
pub(super) fn request(args: &CheckArgs, plan: &Plan, page: &Page) -> RequestReport {
    let origin = &page.environment.origin;
    let of_url = Origin::of_url(&plan.url, OpaqueId(1));
    RequestReport {
        url: plan.url.to_string(),
        method: plan.method.clone(),
        origin: origin.to_string(),
        page_url: page.url.as_ref().map(ToString::to_string),
        api: args::name(args.api),
        mode: match plan.mode {
            Mode::Cors => "cors",
            Mode::NoCors => "no-cors",
            Mode::SameOrigin => "same-origin",
        }
        .to_owned(),
        credentials: match plan.credentials {
            CredentialsMode::Omit => "omit",
            CredentialsMode::SameOrigin => "same-origin",
            CredentialsMode::Include => "include",
        }
        .to_owned(),
        redirect: args::name(args.redirect),
        profile: args::name(args.profile),
        headers: plan.headers.clone(),
        body_length: (!plan.body.is_empty()).then_some(plan.body.len() as u64),
        upload_listener: args.upload_listener,
        cross_origin: !origin.is_same_origin(&of_url),
        same_site: origin.is_same_site(&of_url),
        page_address_space: args.page_address_space.map(args::name),
        preflight_because: Vec::new(),
        repeat: (args.repeat > 1).then_some(args.repeat),
    }
}

/// Why a preflight is due, in words of the request's.
pub(super) fn preflight_because(args: &CheckArgs, plan: &Plan) -> Vec<String> {
    let Ok(request) = &plan.request else {
        return Vec::new();
    };
    let mut because = Vec::new();
    let method = request.method.as_str();
    if !is_cors_safelisted_method(method) {
        because.push(method.to_owned());
    }
    let safelist = args.profile.sends_as().safelist;
    for header in cors_unsafe_request_header_names(&request.header_list, safelist) {
        let name = isomorphic_decode(&header.name);
        let value = request.header_list.get(&header.name).unwrap_or_default();
        because.push(match header.reason {
            Unsafe::Name => name,
            _ => format!("{name}: {}", isomorphic_decode(&value)),
        });
    }
    if request.use_cors_preflight {
        because.push("upload listener".to_owned());
    }
    because
}

/// How it ended. `last` is the number of the last step, if anything was sent.
pub(super) fn verdict(
    decided: &mut Decided,
    fetched: Option<&Fetched>,
    last: Option<usize>,
) -> VerdictReport {
    let engines = std::mem::take(&mut decided.engines);
    let Some(verdict) = decided.verdict.as_deref() else {
        return VerdictReport {
            outcome: decided.outcome,
            code: None,
            message: message(decided.outcome).to_owned(),
            phase: None,
            hop: None,
            step: last,
            evidence: None,
            spec: None,
            also: Vec::new(),
            engines,
            transport: None,
        };
    };
    let code = verdict.code();
    let mut also: Vec<String> = Vec::new();
    for reason in &verdict.also {
        let code = reason.code().to_string();
        if !also.contains(&code) {
            also.push(code);
        }
    }
    VerdictReport {
        outcome: decided.outcome,
        code: Some(code.to_string()),
        message: verdict.reason.to_string(),
        phase: Some(verdict.phase.to_string()),
        hop: Some(verdict.hop),
        step: last,
        evidence: verdict.reason.evidence().map(|evidence| EvidenceReport {
            hop: verdict.hop,
            header: evidence.header.to_owned(),
            line: evidence.line,
            byte: evidence.byte,
            length: evidence.length,
        }),
        spec: Some(Spec::of(code)),
        also,
        engines,
        transport: transport(verdict, fetched),
    }
}

const fn message(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Readable => "The page can read this response.",
        Outcome::Opaque => "The page gets the response, and no script can read it.",
        Outcome::OpaqueRedirect => "The script learns that there was a redirect, and nothing else.",
        Outcome::Blocked => "The script gets an error.",
        Outcome::Undecided => "The next request may change something, and was not sent.",
        Outcome::NotCors => "There was no response to judge.",
    }
}

/// Why there was no response, in the agent's words: it knows addresses and names.
fn transport(verdict: &Verdict, fetched: Option<&Fetched>) -> Option<Transport> {
    let (Reason::NetworkFailure { error } | Reason::PreflightNoResponse { error }) = verdict.reason
    else {
        return None;
    };
    let last = fetched.and_then(|fetched| fetched.exchanges.last());
    let failure = last.and_then(|exchange| exchange.failure.as_ref());
    let words = failure.map_or_else(|| error.to_string(), ToString::to_string);
    let hint = match failure {
        Some(Failure::Tls(failure)) if failure.is_about_certificate() => {
            "--cacert FILE trusts another authority, -k any certificate; a browser does neither \
             without being told."
        }
        _ => hint(error),
    };
    Some(Transport {
        error: name(error).to_owned(),
        message: match hint.is_empty() {
            true => words,
            false => format!("{words}. {hint}"),
        },
    })
}

const fn name(error: TransportError) -> &'static str {
    match error {
        TransportError::Dns => "dns",
        TransportError::Refused => "refused",
        TransportError::ConnectTimeout => "connect-timeout",
        TransportError::Tls => "tls",
        TransportError::Closed => "closed",
        TransportError::Timeout => "timeout",
        TransportError::Malformed => "malformed",
        TransportError::TooLarge => "too-large",
        TransportError::StreamNeedsHttp2 => "stream-needs-http2",
        _ => "other",
    }
}

/// What to look at next.
const fn hint(error: TransportError) -> &'static str {
    match error {
        TransportError::Dns => "Is the name spelled right, and known from this network?",
        TransportError::Refused => "Is the server running, and is this its port?",
        TransportError::ConnectTimeout => {
            "Is there a firewall in between, or a VPN that is switched off?"
        }
        TransportError::Timeout => "The server took the connection, and then said nothing in time.",
        _ => "",
    }
}

/// What the script sees of a response.
pub(super) fn script(decided: &Decided, fetched: &Fetched) -> Option<ScriptReport> {
    let response = decided.response.as_deref()?;
    let readable = pairs(&response.header_list);
    let mut hidden: Vec<String> = Vec::new();
    for header in &response.internal.header_list {
        let is_known = |name: &str| header.is_named(name);
        let is_readable = response.header_list.contains(header.name());
        if !is_readable && !hidden.iter().any(|name| is_known(name)) {
            hidden.push(isomorphic_decode(header.name()));
        }
    }
    let body = fetched.exchanges.last().map(|exchange| exchange.body.len());
    Some(ScriptReport {
        response_type: match response.response_type {
            ResponseType::Basic => "basic",
            ResponseType::Cors => "cors",
            ResponseType::Opaque => "opaque",
            ResponseType::OpaqueRedirect => "opaqueredirect",
        }
        .to_owned(),
        status: response.status,
        status_text: isomorphic_decode(&response.status_message),
        url: response
            .url
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        redirected: response.redirected,
        headers: readable,
        hidden,
        body_length: match response.body {
            ResponseBody::Exposed => body.map(|length| length as u64),
            ResponseBody::Null => Some(0),
            ResponseBody::Hidden => None,
        },
    })
}

/// What became of the jar's cookies, each told once for each way it fared.
pub(super) fn cookies(fetched: &Fetched) -> Vec<CookieReport> {
    let mut cookies: Vec<CookieReport> = Vec::new();
    for exchange in &fetched.exchanges {
        let sent = exchange.cookies.sent.iter().map(|name| CookieReport {
            name: name.clone(),
            sent: true,
            why: None,
        });
        let withheld = exchange.cookies.withheld.iter().map(|cookie| CookieReport {
            name: cookie.name.clone(),
            sent: false,
            why: Some(cookie.reason.to_string()),
        });
        for cookie in sent.chain(withheld) {
            if !cookies.contains(&cookie) {
                cookies.push(cookie);
            }
        }
    }
    cookies
}
