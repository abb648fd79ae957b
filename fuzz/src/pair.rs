use corsac::{
    diagnosis::Code,
    fetch::{
        CredentialsMode, Fetch, Hop, HopKind, Output, PreflightCache, Profile, Questions,
        ResponseHead, ResponseTainting,
    },
    header::HeaderList,
    policy::{Listing, Outcome, Policy, RequestHead},
};

use crate::{
    chance::Chance,
    grants::Grants,
    plan::Asks,
    policy::{build, config},
};

/// A browser asks a server that does as its policy says: what is granted is readable, what is
/// refused is blocked by the check that should, and nothing goes out that the policy never granted.
///
/// The pair in `crates/corsac/tests/pair` also has faults, redirects and an oracle for every hop.
pub fn pair(data: &[u8]) {
    let mut chance = Chance::new(data);
    let profile = chance.pick(&Profile::ALL);
    let mut cache = PreflightCache::default();
    let mut grants = Grants::new(profile);
    let Some(mut policy) = build(&config(&mut chance)) else {
        return;
    };
    let mut asks = Asks::new();
    for number in 0..6 {
        if chance.is_over() {
            return;
        }
        let seconds = chance.pick(&[0, 1, 5, 600, 7200]);
        grants.now += std::time::Duration::from_secs(seconds);
        if chance.byte().is_multiple_of(4)
            && let Some(other) = build(&config(&mut chance))
        {
            policy = other;
        }
        let Some((mut environment, request)) = asks.next(&mut chance) else {
            continue;
        };
        environment.questions = Questions::default();
        let mut fetch = Fetch::new(environment, request, profile);
        while let Output::Send(hop) = fetch.poll(&mut cache, grants.now) {
            let hop = hop.clone();
            let (head, said) = serve(&policy, &hop);
            match hop.kind {
                HopKind::Preflight => grants.note(number, &fetch, &hop, &head),
                HopKind::Actual => grants.cover(number, &fetch, &hop),
                HopKind::Scheme => break,
            }
            let tainting = fetch.response_tainting();
            let include = fetch.request().credentials_mode == CredentialsMode::Include;
            fetch.handle_head(hop.id, head);
            let output = fetch.poll(&mut cache, grants.now);
            if tainting == ResponseTainting::Cors {
                check(&policy, &hop, said, include, &output);
            }
        }
    }
}

/// What a server says whose only care is its policy, and whether that is a grant.
fn serve(policy: &Policy, hop: &Hop) -> (ResponseHead, Option<bool>) {
    let method = hop.method.as_str().as_bytes();
    let decision = policy.decide(&RequestHead::of_list(method, &hop.header_list));
    let said = match decision.outcome() {
        Outcome::NotCors => None,
        Outcome::Actual(result) => {
            assert_ne!(hop.kind, HopKind::Preflight);
            Some(result.is_ok())
        }
        Outcome::Preflight(result) => {
            assert_eq!(hop.kind, HopKind::Preflight);
            Some(result.is_ok())
        }
    };
    let (status, mut headers) = match decision.answer() {
        Some(status) => (status.as_u16(), HeaderList::new()),
        None => (
            200,
            HeaderList::from([("X-Total", "3"), ("Set-Cookie", "sid=1")]),
        ),
    };
    decision.apply(&hop.header_list, &mut headers);
    (ResponseHead::new(status, headers), said)
}

fn check(policy: &Policy, hop: &Hop, said: Option<bool>, include: bool, output: &Output<'_>) {
    let config = policy.config();
    let said = said.expect("a request across origins names its own");
    let unwilling = include && !config.allow_credentials;
    match output {
        Output::Send(next) => {
            assert_eq!((hop.kind, next.kind), (HopKind::Preflight, HopKind::Actual));
            assert!(said && !unwilling, "{hop:?}");
        }
        Output::Deliver(response) => {
            assert_eq!(hop.kind, HopKind::Actual);
            assert!(said && !unwilling, "{hop:?}");
            assert!(!response.header_list.contains("Set-Cookie"));
            let exposed = match &config.expose_headers {
                Listing::Any => !include,
                Listing::List(names) => names
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case("x-total")),
            };
            assert_eq!(
                response.header_list.contains("X-Total"),
                exposed,
                "{response:?}"
            );
        }
        Output::Blocked(verdict) => {
            let code = verdict.code();
            let expected = match (said, &config.allow_origins) {
                (false, _) => {
                    code == Code::AllowOriginMissing || code == Code::PreflightStatusNotOk
                }
                (true, _) if !unwilling => false,
                (true, Listing::Any) => code == Code::WildcardWithCredentials,
                (true, Listing::List(_)) => code == Code::AllowCredentialsNotTrue,
            };
            assert!(expected, "{verdict:?} after {hop:?}");
        }
        Output::Ask(question) => panic!("nobody wants to be asked: {question:?}"),
    }
}
