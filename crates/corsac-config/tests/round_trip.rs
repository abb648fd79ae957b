//! What is written is read as the same, and so is what a policy says that it was made of.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use corsac::policy::{
    AllowHeaders, Depth, Listing, MaxAge, Mode, OriginPattern, OriginPredicate, Policy,
    PolicyConfig, Ports, Preflights,
};
use corsac_config::{Format, WriteError, parse_as, to_json, to_toml};
use proptest::{collection::vec, prelude::*, sample::select};

/// Any method, or any name of a header: quotes, backslashes and dots are among its letters.
fn token() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z]{3,8}",
        "X-[A-Za-z0-9-]{1,12}",
        "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,6}",
    ]
}

fn listing() -> impl Strategy<Value = Listing> {
    prop_oneof![
        1 => Just(Listing::Any),
        5 => vec(token(), 0..5).prop_map(Listing::List),
    ]
}

fn allow_headers() -> impl Strategy<Value = AllowHeaders> {
    prop_oneof![
        1 => Just(AllowHeaders::Any),
        1 => Just(AllowHeaders::AnyAndAuthorization),
        4 => vec(token(), 0..5).prop_map(AllowHeaders::List),
    ]
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9]{0,6}(\\.[a-z][a-z0-9]{0,6}){0,3}",
        select(&["[::1]", "127.0.0.1", "xn--bcher-kva.example", "github.io"][..])
            .prop_map(str::to_owned),
    ]
}

fn pattern() -> impl Strategy<Value = OriginPattern> {
    let scheme = select(&["https", "http", "tauri", "moz-extension"][..]);
    let front = select(&["", "", "*.", "pr-*.", "*-x."][..]);
    let end = prop_oneof![
        3 => Just(String::new()),
        1 => Just(":*".to_owned()),
        1 => any::<u16>().prop_map(|port| format!(":{port}")),
    ];
    let ports = prop_oneof![
        4 => Just(Ports::Written),
        1 => Just(Ports::Any),
        1 => vec(any::<u16>(), 1..4).prop_map(Ports::OneOf),
    ];
    let depth = select(&[Depth::Any, Depth::Any, Depth::One][..]);
    let parts = (scheme, front, host(), end, depth, ports);
    let pattern = parts.prop_map(|(scheme, front, host, end, depth, ports)| OriginPattern {
        origin: format!("{scheme}://{front}{host}{end}"),
        depth,
        ports,
    });
    prop_oneof![1 => Just(OriginPattern::from("null")), 20 => pattern]
}

/// Whether it is an entry of any valid list at all: with lists of these, most policies are valid.
fn is_of_a_policy(pattern: &OriginPattern) -> bool {
    let config = PolicyConfig {
        allow_origins: Listing::List(vec![pattern.clone()]),
        dangerously_allow_null: true,
        ..PolicyConfig::default()
    };
    Policy::new(config).is_ok()
}

fn allow_origins() -> impl Strategy<Value = Listing<OriginPattern>> {
    let pattern = pattern().prop_filter("an origin", is_of_a_policy);
    prop_oneof![
        1 => Just(Listing::Any),
        6 => vec(pattern, 0..5).prop_map(Listing::List),
    ]
}

fn max_age() -> impl Strategy<Value = MaxAge> {
    prop_oneof![
        Just(MaxAge::Unset),
        Just(MaxAge::Disabled),
        (0..=86_400_u32).prop_map(MaxAge::Seconds),
    ]
}

/// A policy, each of whose fields has every value that it may have.
fn config() -> impl Strategy<Value = PolicyConfig> {
    let lists = (allow_origins(), listing(), allow_headers(), listing());
    let answers = (
        max_age(),
        select(&[Preflights::TellAsked, Preflights::TellLists][..]),
        200..=299_u16,
        200..=599_u16,
        select(&[Mode::Enforce, Mode::Debug, Mode::ReportOnly][..]),
    );
    // A field that is new doesn't compile until it is made here.
    let config = (lists, answers, any::<[bool; 7]>()).prop_map(|(lists, answers, flags)| {
        let (allow_origins, allow_methods, allow_headers, expose_headers) = lists;
        let (max_age, preflights, preflight_status, refusal_status, mode) = answers;
        PolicyConfig {
            allow_origins,
            origin_predicate: None,
            allow_methods,
            allow_headers,
            allow_credentials: flags[0],
            expose_headers,
            max_age,
            preflights,
            cacheable_preflights: flags[1],
            preflight_status,
            refusal_status,
            block_disallowed: flags[2],
            allow_private_network: flags[3],
            mode,
            dangerously_allow_null: flags[4],
            dangerously_allow_insecure_origins: flags[5],
            dangerously_allow_public_suffixes: flags[6],
        }
    });
    config.prop_filter("a policy", |config| Policy::new(config.clone()).is_ok())
}

/// Policies, each with paths of its own.
fn file() -> impl Strategy<Value = Vec<(Vec<String>, PolicyConfig)>> {
    let end = select(&["", "a", "*", "**", "a%20b/*", "~.-_!$&'()+,;=:@/**"][..]);
    let policy = (vec(end, 1..3), config());
    vec(policy, 1..5).prop_map(|policies| {
        let policies = policies.into_iter().enumerate();
        policies
            .map(|(number, (ends, config))| {
                let ends = ends.into_iter().enumerate();
                let paths = ends.map(|(place, end)| format!("/{number}/{place}/{end}"));
                (paths.collect(), config)
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1024,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn policies_survive_being_written_and_read(policies in file()) {
        let written = || policies.iter().map(|(paths, config)| (&**paths, config));
        for (format, text) in [
            (Format::Toml, to_toml(written()).unwrap()),
            (Format::Json, to_json(written()).unwrap()),
        ] {
            let checked = match parse_as(format, "x", &text) {
                Ok(checked) => checked,
                Err(report) => return Err(TestCaseError::fail(format!("{report}\n{text}"))),
            };
            let read = checked.written();
            let read: Vec<_> = read.map(|(paths, config)| (paths.to_vec(), config.clone())).collect();
            prop_assert!(read == policies, "{text}");
            for (paths, config) in written() {
                let path = paths.last().unwrap().replace("**", "x/y").replace('*', "x");
                let policy = checked.policies.policy(path.as_bytes());
                prop_assert_eq!(policy.map(Policy::config), Some(config), "{}", path);
            }
        }
    }

    #[test]
    fn a_policy_of_what_a_policy_was_made_of_is_the_same(config in config()) {
        let policy = Policy::new(config.clone()).unwrap();
        prop_assert_eq!(&policy.to_config(), &config);
        let again = Policy::new(policy.to_config()).unwrap();
        prop_assert!(policy.diff(&again).widens.is_empty());
        prop_assert!(policy.diff(&again).narrows.is_empty());
        prop_assert_eq!(policy, again);
    }
}

/// What is generated is not the same policy again and again, nor policies that grant nothing.
#[test]
fn what_is_generated_has_every_value_of_every_field() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let configs: Vec<_> = (0..2000)
        .map(|_| config().new_tree(&mut runner).unwrap().current())
        .collect();
    let default = PolicyConfig::default();
    let any = |has: &dyn Fn(&PolicyConfig) -> bool| {
        let count = configs.iter().filter(|config| has(config)).count();
        (50..1950).contains(&count)
    };
    let patterns = |config: &PolicyConfig| match &config.allow_origins {
        Listing::Any => Vec::new(),
        Listing::List(patterns) => patterns.clone(),
    };
    assert!(any(&|it| it.allow_origins == Listing::Any));
    assert!(any(&|it| patterns(it).len() > 2));
    assert!(any(&|it| patterns(it)
        .iter()
        .any(|it| it.depth == Depth::One)));
    assert!(any(&|it| patterns(it)
        .iter()
        .any(|it| it.ports != Ports::Written)));
    assert!(any(&|it| it.allow_methods == Listing::Any));
    assert!(any(&|it| it.allow_methods != default.allow_methods));
    assert!(any(&|it| it.allow_headers == AllowHeaders::Any));
    assert!(any(
        &|it| it.allow_headers == AllowHeaders::AnyAndAuthorization
    ));
    assert!(any(&|it| it.allow_headers != default.allow_headers));
    assert!(any(&|it| it.allow_credentials));
    assert!(any(&|it| it.allow_credentials && patterns(it).len() > 1));
    assert!(any(&|it| it.expose_headers == Listing::Any));
    assert!(any(&|it| it.expose_headers != default.expose_headers));
    assert!(any(&|it| it.max_age == MaxAge::Unset));
    assert!(any(&|it| it.max_age == MaxAge::Disabled));
    assert!(any(&|it| it.preflights != default.preflights));
    assert!(any(&|it| it.cacheable_preflights));
    assert!(any(&|it| it.preflight_status > 250));
    assert!(any(&|it| it.refusal_status > 400));
    assert!(any(&|it| it.block_disallowed));
    assert!(any(&|it| it.allow_private_network));
    assert!(any(&|it| it.mode == Mode::Debug));
    assert!(any(&|it| it.mode == Mode::ReportOnly));
    assert!(any(&|it| it.dangerously_allow_null));
    assert!(any(&|it| it.dangerously_allow_insecure_origins));
    assert!(any(&|it| it.dangerously_allow_public_suffixes));
}

#[test]
fn a_predicate_cannot_be_written() {
    let config = PolicyConfig {
        origin_predicate: Some(OriginPredicate::new(|_| true)),
        ..PolicyConfig::default()
    };
    let paths = ["/**".to_owned()];
    let error = to_toml([(&paths[..], &config)]).unwrap_err();
    assert_eq!(error, WriteError::Predicate { policy: 0 });
    assert_eq!(
        error.to_string(),
        "policy 1 has an origin predicate, and no file can hold code: list the origins"
    );
    assert_eq!(to_json([(&paths[..], &config)]), Err(error));
}
