use corsac::{
    header::HeaderList,
    policy::{
        AllowHeaders, CORS_RESPONSE_HEADERS, Listing, MaxAge, OriginPattern, Outcome, Policy,
        PolicyConfig, Preflights, RequestHead,
    },
};

use crate::{chance::Chance, plan::METHODS};

const ORIGINS: [&str; 9] = [
    "http://sitea.com",
    "https://a.example",
    "http://localhost:3000",
    "https://[::1]:8443",
    "https://b.example",
    "null",
    "https://A.example",
    "https://x.y.a.example",
    "https://pr-7.b.example:8443",
];
const PATTERNS: [&str; 7] = [
    "http://sitea.com",
    "https://a.example",
    "http://localhost:*",
    "https://[::1]:8443",
    "https://b.example",
    "https://*.a.example",
    "https://pr-*.b.example:8443",
];
const NAMES: [&str; 8] = [
    "X-Custom",
    "x-other",
    "Authorization",
    "Content-Type",
    "Accept",
    "Range",
    "*",
    "a b",
];

/// Whatever is asked, and however: a policy says nothing that nobody wrote.
pub fn policy(data: &[u8]) {
    let mut chance = Chance::new(data);
    let config = config(&mut chance);
    let Some(policy) = build(&config) else { return };

    let mut request = HeaderList::new();
    for (name, menu) in [
        ("Origin", &ORIGINS[..]),
        ("Access-Control-Request-Method", &METHODS),
        ("Access-Control-Request-Headers", &NAMES),
    ] {
        for _ in 0..chance.pick(&[1, 1, 1, 0, 2]) {
            let value = match chance.byte() % 4 {
                0 => chance.value(),
                1 => [chance.pick(menu), ",", chance.pick(menu)].concat().into(),
                _ => chance.pick(menu).as_bytes().to_ascii_lowercase(),
            };
            request.push(name, value);
        }
    }
    let method = chance.pick(&["OPTIONS", "OPTIONS", "GET", "PUT"]);
    let decision = policy.decide(&RequestHead::of_list(method.as_bytes(), &request));
    let mut response = HeaderList::from([("Access-Control-Allow-Origin", "https://stale.example")]);
    decision.apply(&request, &mut response);

    let said =
        |name: &'static str| -> Vec<_> { response.lines(name).map(|(_, value)| value).collect() };
    let asked =
        |name: &'static str| -> Vec<_> { request.lines(name).map(|(_, value)| value).collect() };
    let granted = match decision.outcome() {
        Outcome::NotCors => None,
        Outcome::Actual(result) | Outcome::Preflight(result) => Some(result.is_ok()),
    };
    assert_eq!(granted.is_none(), asked("Origin").is_empty());
    let is_any = config.allow_origins == Listing::Any;
    match granted {
        Some(true) => {
            let [origin] = asked("Origin")[..] else {
                panic!("granted to {request:?}");
            };
            let expected = if is_any { &b"*"[..] } else { origin };
            assert_eq!(said("Access-Control-Allow-Origin"), [expected]);
            assert!(is_any || lists_origin(&config.allow_origins, origin));
        }
        None if is_any => assert_eq!(said("Access-Control-Allow-Origin"), [b"*"]),
        Some(false) | None => {
            for name in CORS_RESPONSE_HEADERS.iter().map(|name| name.as_str()) {
                assert!(!response.contains(name), "{name} in {response:?}");
            }
        }
    }
    let may_name_credentials = config.allow_credentials && granted == Some(true);
    assert_eq!(
        said("Access-Control-Allow-Credentials").len(),
        usize::from(may_name_credentials)
    );
    if let Outcome::Preflight(Ok(())) = decision.outcome() {
        let [method] = asked("Access-Control-Request-Method")[..] else {
            panic!("granted {request:?}");
        };
        let is_simple = [&b"GET"[..], b"HEAD", b"POST"].contains(&method);
        assert!(
            is_simple || lists(&config.allow_methods, method),
            "{request:?}"
        );
        let names = asked("Access-Control-Request-Headers").join(&b',');
        for name in names.split(|&byte| byte == b',').map(<[u8]>::trim_ascii) {
            assert!(
                name.is_empty() || covers(&config.allow_headers, name),
                "{request:?}"
            );
        }
        // What comes back of the request's own bytes is what was judged.
        let echoed = said("Access-Control-Allow-Headers");
        let tells_lists = config.preflights == Preflights::TellLists;
        let is_list = matches!(config.allow_headers, AllowHeaders::List(_));
        if is_list && !tells_lists && !echoed.is_empty() {
            assert_eq!(echoed, asked("Access-Control-Request-Headers"));
        }
    }
    // Two origins are told different things: a cache has to know.
    let is_kept = method != "OPTIONS" || config.cacheable_preflights;
    if is_kept && !is_any && config.allow_origins != Listing::List(Vec::new()) {
        let vary = said("Vary").join(&b',').to_ascii_lowercase();
        assert!(vary.starts_with(b"origin"), "{response:?}");
    }
}

/// Builds a policy that says of itself what was written; `None` if that is no policy.
pub(crate) fn build(config: &PolicyConfig) -> Option<Policy> {
    match Policy::new(config.clone()) {
        Ok(policy) => {
            let again = policy.config().clone();
            assert!(Policy::new(again.clone()).is_ok_and(|policy| *policy.config() == again));
            Some(policy)
        }
        Err(errors) => {
            assert!(!errors.to_string().is_empty());
            None
        }
    }
}

pub(crate) fn config(chance: &mut Chance<'_>) -> PolicyConfig {
    let is_credentialed = chance.flag();
    PolicyConfig {
        allow_origins: match listing(chance, &PATTERNS, is_credentialed) {
            Listing::Any => Listing::Any,
            Listing::List(entries) => entries.into_iter().collect(),
        },
        allow_methods: listing(chance, &METHODS[4..8], is_credentialed),
        allow_headers: match chance.byte() % 8 {
            0 if !is_credentialed => AllowHeaders::Any,
            1 if !is_credentialed => AllowHeaders::AnyAndAuthorization,
            _ => AllowHeaders::List(strings(chance, &NAMES[..6])),
        },
        allow_credentials: is_credentialed,
        expose_headers: listing(chance, &["X-Total", "x-rate"], is_credentialed),
        max_age: chance.pick(&[
            MaxAge::Unset,
            MaxAge::Seconds(600),
            MaxAge::Disabled,
            MaxAge::Seconds(86400),
        ]),
        preflights: chance.pick(&[Preflights::TellAsked, Preflights::TellLists]),
        cacheable_preflights: chance.flag(),
        dangerously_allow_insecure_origins: true,
        ..PolicyConfig::default()
    }
}

fn listing(chance: &mut Chance<'_>, menu: &[&str], is_credentialed: bool) -> Listing {
    match chance.byte() % 8 {
        0 if !is_credentialed => Listing::Any,
        _ => Listing::List(strings(chance, menu)),
    }
}

/// Most of a menu; rarely, anything.
fn strings(chance: &mut Chance<'_>, menu: &[&str]) -> Vec<String> {
    let bits = chance.byte();
    let chosen = menu
        .iter()
        .enumerate()
        .filter(|(place, _)| bits >> place & 1 == 0);
    let mut strings: Vec<_> = chosen.map(|(_, one)| (*one).to_owned()).collect();
    if bits >= 0xf0 {
        strings.push(String::from_utf8_lossy(&chance.bytes()).into_owned());
    }
    strings
}

fn lists(listing: &Listing, item: &[u8]) -> bool {
    match listing {
        Listing::Any => true,
        Listing::List(items) => items.iter().any(|one| one.as_bytes() == item),
    }
}

/// Patterns as a person reads them: `*.` is one label or more, another `*` within one, `:*` a port.
fn lists_origin(listing: &Listing<OriginPattern>, origin: &[u8]) -> bool {
    let Listing::List(entries) = listing else {
        return true;
    };
    let Ok(origin) = std::str::from_utf8(origin) else {
        return false;
    };
    let is_like = |pattern: &str, origin: &str| match pattern.split_once('*') {
        None => pattern == origin,
        Some((begin, end)) => {
            let middle = origin
                .strip_prefix(begin)
                .and_then(|rest| rest.strip_suffix(end));
            let many = begin.ends_with('/') && end.starts_with('.');
            middle.is_some_and(|middle| {
                middle.split('.').all(|label| !label.is_empty()) && (many || !middle.contains('.'))
            })
        }
    };
    entries.iter().any(|entry| {
        let origins = [
            Some(origin),
            origin.rsplit_once(':').map(|(origin, _)| origin),
        ];
        match entry.origin.strip_suffix(":*") {
            Some(pattern) => origins
                .into_iter()
                .flatten()
                .any(|origin| is_like(pattern, origin)),
            None => is_like(&entry.origin, origin),
        }
    })
}

fn covers(listing: &AllowHeaders, name: &[u8]) -> bool {
    match listing {
        AllowHeaders::Any => !name.eq_ignore_ascii_case(b"authorization"),
        AllowHeaders::AnyAndAuthorization => true,
        AllowHeaders::List(names) => names
            .iter()
            .any(|one| one.as_bytes().eq_ignore_ascii_case(name)),
    }
}
