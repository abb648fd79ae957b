use crate::{header::HeaderList, method::is_cors_safelisted_method};

use super::{Evidence, Phase, Reason, Verdict, text::is_near};

/// What a response has to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Check {
    /// Access-Control-Allow-Origin grants the origin that was sent.
    AllowOrigin,
    /// Access-Control-Allow-Credentials grants credentials.
    AllowCredentials,
    /// The status of a preflight's answer is 200 to 299.
    Status,
    /// Access-Control-Allow-Methods grants the method.
    AllowMethods,
    /// Access-Control-Allow-Headers grants a header.
    AllowHeaders,
    /// Cross-Origin-Resource-Policy lets the page have it.
    ResourcePolicy,
    /// A redirect may be followed.
    Redirect,
}

impl Check {
    /// Its name, in kebab case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AllowOrigin => "allow-origin",
            Self::AllowCredentials => "allow-credentials",
            Self::Status => "status",
            Self::AllowMethods => "allow-methods",
            Self::AllowHeaders => "allow-headers",
            Self::ResourcePolicy => "resource-policy",
            Self::Redirect => "redirect",
        }
    }

    /// The response header that it reads.
    pub const fn header(self) -> Option<&'static str> {
        match self {
            Self::AllowOrigin => Some("Access-Control-Allow-Origin"),
            Self::AllowCredentials => Some("Access-Control-Allow-Credentials"),
            Self::Status => None,
            Self::AllowMethods => Some("Access-Control-Allow-Methods"),
            Self::AllowHeaders => Some("Access-Control-Allow-Headers"),
            Self::ResourcePolicy => Some("Cross-Origin-Resource-Policy"),
            Self::Redirect => Some("Location"),
        }
    }

    /// The check that a reason is the failure of; `None` for what is no check of a response.
    pub const fn of(reason: &Reason) -> Option<Self> {
        Some(match reason {
            Reason::AllowOriginMissing
            | Reason::AllowOriginMultiple { .. }
            | Reason::WildcardWithCredentials { .. }
            | Reason::AllowOriginInvalid { .. }
            | Reason::AllowOriginNull { .. }
            | Reason::AllowOriginMismatch { .. } => Self::AllowOrigin,
            Reason::AllowCredentialsNotTrue { .. } => Self::AllowCredentials,
            Reason::PreflightRedirected { .. } | Reason::PreflightStatusNotOk { .. } => {
                Self::Status
            }
            Reason::AllowMethodsInvalid { .. } | Reason::MethodNotAllowed { .. } => {
                Self::AllowMethods
            }
            Reason::AllowHeadersInvalid { .. }
            | Reason::AuthorizationNotCovered { .. }
            | Reason::HeaderNotAllowed { .. } => Self::AllowHeaders,
            Reason::ResourcePolicy { .. } => Self::ResourcePolicy,
            Reason::RedirectMode { .. }
            | Reason::RedirectLocation { .. }
            | Reason::RedirectScheme { .. }
            | Reason::RedirectLimit
            | Reason::RedirectUserinfo
            | Reason::RedirectBody { .. } => Self::Redirect,
            _ => return None,
        })
    }
}

/// One check that a response had to pass, and how it did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked<'a> {
    /// Which.
    pub check: Check,
    /// The method or header that has to be granted, where one response grants several.
    pub subject: Option<String>,
    /// The first line of the response that the check reads, by its place in the header list.
    pub line: Option<usize>,
    /// What the check reads, all lines joined; `None` if there is none.
    pub found: Option<Vec<u8>>,
    /// What would do.
    pub expected: String,
    /// How it came out.
    pub result: CheckResult<'a>,
    evidence: Option<Evidence>,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckResult<'a> {
    /// It passed.
    Passed,
    /// It failed.
    Failed(&'a Reason),
    /// An earlier failure ended it all.
    NotReached,
}

impl Checked<'_> {
    /// Where the failing bytes stand, if it failed on bytes that are there: of a header that is not
    /// granted, the name that it was probably meant by.
    pub const fn evidence(&self) -> Option<Evidence> {
        self.evidence
    }
}

/// One exchange, as far as checks go by it.
#[derive(Clone, Copy, Debug)]
pub struct Exam<'a> {
    /// Whether it was the preflight or the request itself.
    pub phase: Phase,
    /// The headers that were sent.
    pub sent: &'a HeaderList,
    /// Whether the response has to pass the CORS check, and not just the resource policy's.
    pub is_cors: bool,
    /// Whether the response belongs to the page's own origin, and nothing has to grant it.
    pub is_basic: bool,
    /// Whether the credentials mode is `include`.
    pub include_credentials: bool,
    /// The response's status.
    pub status: u16,
    /// The response's headers.
    pub received: &'a HeaderList,
    /// The verdict, if this exchange is the one that failed.
    pub verdict: Option<&'a Verdict>,
}

/// Lists what a response had to pass, in the order of the Standard's steps, and how it came out.
///
/// It judges nothing: a check that was due and that the verdict does not name has passed.
///
/// ```
/// use corsac::{diagnosis::{Check, CheckResult, Exam, Phase, checks}, header::HeaderList};
/// let sent = HeaderList::from([("Origin", "https://a.example")]);
/// let received = HeaderList::from([("Vary", "Origin"), ("Access-Control-Allow-Origin", "*")]);
/// let checks = checks(&Exam {
///     phase: Phase::Actual,
///     sent: &sent,
///     is_cors: true,
///     is_basic: false,
///     include_credentials: false,
///     status: 200,
///     received: &received,
///     verdict: None,
/// });
/// assert_eq!(checks[0].check, Check::AllowOrigin);
/// assert_eq!(checks[0].line, Some(1));
/// assert_eq!(checks[0].result, CheckResult::Passed);
/// assert_eq!(checks.len(), 1);
/// ```
pub fn checks<'a>(exam: &Exam<'a>) -> Vec<Checked<'a>> {
    let mut checks = Vec::new();
    if exam.phase == Phase::Preflight {
        exam.cors_check(&mut checks);
        checks.push(exam.checked(Check::Status, None, "200 to 299".to_owned()));
        exam.grants(&mut checks);
        return checks;
    }
    if exam.is_cors {
        exam.cors_check(&mut checks);
    } else if !exam.is_basic {
        let expected = "absent, or as wide as the page is far".to_owned();
        checks.push(exam.checked(Check::ResourcePolicy, None, expected));
    }
    let is_redirect = matches!(exam.status, 301 | 302 | 303 | 307 | 308);
    if is_redirect && exam.received.contains("Location") {
        let expected = "an http or https URL that may be followed".to_owned();
        checks.push(exam.checked(Check::Redirect, None, expected));
    }
    checks
}

impl<'a> Exam<'a> {
    fn cors_check(&self, checks: &mut Vec<Checked<'a>>) {
        let origin = text(self.sent, "Origin").unwrap_or_else(|| "null".to_owned());
        let expected = match self.include_credentials {
            true => origin,
            false => format!("{origin} or *"),
        };
        checks.push(self.checked(Check::AllowOrigin, None, expected));
        if self.include_credentials {
            checks.push(self.checked(Check::AllowCredentials, None, "true".to_owned()));
        }
    }

    /// What the preflight asked for, by its own words.
    fn grants(&self, checks: &mut Vec<Checked<'a>>) {
        if let Some(method) = text(self.sent, "Access-Control-Request-Method") {
            let is_due = !is_cors_safelisted_method(&method)
                || self.reason(Check::AllowMethods, None).is_some()
                || self.received.contains("Access-Control-Allow-Methods");
            if is_due {
                let expected = self.or_wildcard(&method);
                checks.push(self.checked(Check::AllowMethods, Some(method), expected));
            }
        }
        let names = text(self.sent, "Access-Control-Request-Headers").unwrap_or_default();
        for name in names.split(',').filter(|name| !name.is_empty()) {
            let expected = match name {
                // `*` covers it in engines, and not in the Standard.
                "authorization" => name.to_owned(),
                name => self.or_wildcard(name),
            };
            checks.push(self.checked(Check::AllowHeaders, Some(name.to_owned()), expected));
        }
    }

    fn or_wildcard(&self, subject: &str) -> String {
        match self.include_credentials {
            true => subject.to_owned(),
            false => format!("{subject} or *"),
        }
    }

    fn checked(&self, check: Check, subject: Option<String>, expected: String) -> Checked<'a> {
        let found = match check {
            Check::Status => Some(self.status.to_string().into_bytes()),
            _ => check
                .header()
                .and_then(|header| self.received.get(header))
                .map(std::borrow::Cow::into_owned),
        };
        let reason = self.reason(check, subject.as_deref());
        let evidence = reason.and_then(|reason| reason.evidence().or_else(|| self.near(reason)));
        let first = check
            .header()
            .and_then(|header| self.received.lines(header).next());
        Checked {
            check,
            line: evidence
                .map(|evidence| evidence.line)
                .or(first.map(|(line, _)| line)),
            found,
            expected,
            result: match reason {
                Some(reason) => CheckResult::Failed(reason),
                None if self.is_over_before(check) => CheckResult::NotReached,
                None => CheckResult::Passed,
            },
            subject,
            evidence,
        }
    }

    /// The misspelt name of a header that is not granted.
    fn near(&self, reason: &Reason) -> Option<Evidence> {
        let Reason::HeaderNotAllowed { name, .. } = reason else {
            return None;
        };
        let header = Check::AllowHeaders.header()?;
        self.received.lines(header).find_map(|(line, value)| {
            let mut start = 0;
            for item in value.split(|&byte| byte == b',') {
                let spaces = item.len() - item.trim_ascii_start().len();
                let item_text = item.trim_ascii();
                if is_near(std::str::from_utf8(item_text).ok()?, name) {
                    return Some(Evidence {
                        header,
                        line,
                        byte: start + spaces,
                        length: item_text.len(),
                    });
                }
                start += item.len() + 1;
            }
            None
        })
    }

    /// The failure of a check, of all that this response failed.
    fn reason(&self, check: Check, subject: Option<&str>) -> Option<&'a Reason> {
        let verdict = self.verdict?;
        let mut reasons = std::iter::once(&verdict.reason).chain(&verdict.also);
        reasons.find(|reason| Check::of(reason) == Some(check) && is_about(reason, subject))
    }

    /// A verdict tells what else of the same kind would fail; a redirect or a policy comes after.
    fn is_over_before(&self, check: Check) -> bool {
        let failed = self.verdict.map(|verdict| Check::of(&verdict.reason));
        match failed {
            None => false,
            // No check of a response: it never came to any.
            Some(None) => true,
            Some(Some(failed)) => {
                matches!(check, Check::Redirect | Check::ResourcePolicy) && failed != check
            }
        }
    }
}

fn is_about(reason: &Reason, subject: Option<&str>) -> bool {
    match (reason, subject) {
        (Reason::HeaderNotAllowed { name, .. }, Some(subject)) => name == subject,
        (Reason::AuthorizationNotCovered { .. }, Some(subject)) => subject == "authorization",
        _ => true,
    }
}

fn text(list: &HeaderList, name: &str) -> Option<String> {
    let value = list.get(name)?;
    Some(String::from_utf8_lossy(&value).into_owned())
}
