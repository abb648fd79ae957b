//! Console lines back into codes.

mod pattern;
mod rules;

use crate::{header::is_token, method::is_forbidden_method, origin::Origin};

use super::{Browser, Code, Phase};

use pattern::{Fact, Match, Text};
use rules::{Family, RULES, Rule};

/// What a console line says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recognised {
    /// Whose console it is.
    pub browser: Browser,
    /// What it can mean, the likeliest first. Never empty; several, where one text stands for
    /// several causes.
    pub codes: Vec<Code>,
    /// Whether a preflight failed, if the line tells.
    pub phase: Option<Phase>,
    /// The page's origin.
    pub origin: Option<String>,
    /// The URL that was asked for.
    pub url: Option<String>,
    /// The request header that was refused.
    pub header: Option<String>,
    /// The method.
    pub method: Option<String>,
    /// The value of the response header that did not fit.
    pub value: Option<String>,
    /// The response's status.
    pub status: Option<u16>,
}

/// Finds out what a pasted console line means, in the words of Chrome, Firefox and Safari.
///
/// It goes by fragments that stay from version to version, and does not mind wrapped lines, kinds
/// of quotes, upper or lower case, or what stands around them. Several lines give several answers,
/// in their order; text that holds nothing known gives none. Only the beginning of a long text is
/// looked at.
///
/// ```
/// use corsac::diagnosis::{Browser, Code, recognise};
/// let line = "(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 500.";
/// let found = recognise(line);
/// assert_eq!(found[0].browser, Browser::Firefox);
/// assert_eq!(found[0].codes, [Code::AllowOriginMissing]);
/// assert_eq!(found[0].status, Some(500));
/// assert!(recognise("Uncaught TypeError: x is undefined").is_empty());
/// ```
pub fn recognise(console_line: &str) -> Vec<Recognised> {
    let text = Text::new(console_line);
    let mut matches: Vec<(&Rule, Match<'_>)> = Vec::new();
    for rule in RULES {
        let Some(found) = text.find(rule.pattern, 0) else {
            continue;
        };
        let is_taken = matches.iter().any(|(_, other)| other.overlaps(&found));
        if !is_taken && !rule.unless.is_some_and(|unless| text.contains(unless)) {
            matches.push((rule, found));
        }
    }
    // "Due to access control checks" follows every line of Safari's, and says nothing beyond it.
    if matches.len() > 1 {
        matches.retain(|(rule, _)| rule.family != Family::Anything);
    }
    matches.sort_by_key(|(_, found)| found.start());
    let all_around = all_around(&text);
    matches
        .into_iter()
        .map(|(rule, found)| recognised(&text, &all_around, rule, &found))
        .collect()
}

fn recognised(
    text: &Text,
    all_around: &[Around<'_>],
    rule: &Rule,
    found: &Match<'_>,
) -> Recognised {
    let around = |fact| {
        let own = found.fact(fact).map(str::to_owned);
        own.or_else(|| nearest(all_around, fact, found.start()))
    };
    let status = |pattern| {
        let after = text.find(pattern, found.start())?;
        after.fact(Fact::Status)?.parse().ok()
    };
    let mut recognised = Recognised {
        browser: rule.browser.unwrap_or(match is_chromium(text) {
            true => Browser::Chromium,
            false => Browser::Safari,
        }),
        codes: rule.codes.to_vec(),
        phase: None,
        origin: around(Fact::Origin),
        url: around(Fact::Url),
        header: around(Fact::Header),
        method: around(Fact::Method),
        value: found.fact(Fact::Value).map(str::to_owned),
        status: status("status code: {status}").or_else(|| status("status code {status}")),
    };
    let is_preflight =
        text.contains("preflight") || rule.codes.iter().all(|&code| is_of_preflights(code));
    recognised.phase = is_preflight.then_some(Phase::Preflight);
    put_likeliest_first(rule.family, &mut recognised);
    recognised
}

const fn is_of_preflights(code: Code) -> bool {
    matches!(
        code,
        Code::PreflightNoResponse
            | Code::PreflightRedirected
            | Code::PreflightStatusNotOk
            | Code::AllowMethodsInvalid
            | Code::AllowHeadersInvalid
            | Code::MethodNotAllowed
            | Code::AuthorizationNotCovered
            | Code::HeaderNotAllowed
    )
}

/// Chrome and Safari share two lines; only Chrome says what blocked the request, or which response.
fn is_chromium(text: &Text) -> bool {
    text.contains("blocked by cors policy") || text.contains("in preflight response")
}

/// A fact that stands around the lines rather than in them, and where.
struct Around<'a> {
    place: usize,
    fact: Fact,
    value: &'a str,
}

/// How often one pattern is looked for around the lines: a console has not more on one screen.
const AROUND_LIMIT: usize = 32;

fn all_around(text: &Text) -> Vec<Around<'_>> {
    let mut all = Vec::new();
    for pattern in rules::AROUND {
        let mut from = 0;
        for _ in 0..AROUND_LIMIT {
            let Some(found) = text.find(pattern, from) else {
                break;
            };
            from = found.end();
            let place = found.start();
            let facts = found.facts().iter();
            all.extend(facts.map(|&(fact, value)| Around { place, fact, value }));
        }
    }
    all
}

/// The last one before a place, else the first one after it.
fn nearest(all: &[Around<'_>], fact: Fact, place: usize) -> Option<String> {
    let facts = || all.iter().filter(|around| around.fact == fact);
    let before = facts().filter(|around| around.place <= place);
    let after = facts().filter(|around| around.place > place);
    let nearest = before
        .max_by_key(|around| around.place)
        .or_else(|| after.min_by_key(|around| around.place))?;
    Some(nearest.value.to_owned())
}

/// One line of a browser's stands for several codes; what was captured often tells which.
fn put_likeliest_first(family: Family, recognised: &mut Recognised) {
    let value = recognised.value.as_deref().unwrap_or_default();
    let method = recognised.method.as_deref().unwrap_or_default();
    let likeliest = match family {
        Family::AllowOrigin if value.contains(',') => Code::AllowOriginMultiple,
        Family::AllowOrigin if recognised.origin.as_deref() == Some("null") => {
            Code::AllowOriginNull
        }
        Family::AllowOrigin if could_be_an_origin(value) => Code::AllowOriginMismatch,
        Family::AllowOrigin => Code::AllowOriginInvalid,
        Family::Method if is_forbidden_method(method) => Code::MethodForbidden,
        Family::Method if is_token(method.as_bytes()) => Code::NoCorsMethod,
        Family::Method => Code::MethodInvalid,
        Family::Plain | Family::Anything => return,
    };
    recognised.codes.sort_by_key(|&code| code != likeliest);
}

/// Whether a value differs from an origin at most by what the verdict calls a mismatch, too.
fn could_be_an_origin(value: &str) -> bool {
    let bare = value.trim_end_matches('/').to_ascii_lowercase();
    bare == "null" || Origin::parse(bare.as_bytes()).is_ok()
}
