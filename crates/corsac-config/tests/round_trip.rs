//! What is written is read as the same.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use corsac::policy::{
    AllowHeaders, Depth, Listing, MaxAge, Mode, OriginPattern, OriginPredicate, Policy,
    PolicyConfig, Ports, Preflights,
};
use corsac_config::{Format, WriteError, parse_as, to_json, to_toml};

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap() % end
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 0
    }

    fn pick<T: Clone>(&mut self, menu: &[T]) -> T {
        menu[self.below(menu.len())].clone()
    }

    /// Some of a menu, in its order.
    fn some(&mut self, menu: &[&str]) -> Vec<String> {
        let chosen = menu.iter().filter(|_| self.flag());
        chosen.map(|&one| one.to_owned()).collect()
    }

    fn listing(&mut self, menu: &[&str]) -> Listing {
        match self.below(6) {
            0 => Listing::Any,
            _ => Listing::List(self.some(menu)),
        }
    }

    fn origins(&mut self) -> Listing<OriginPattern> {
        if self.below(8) == 0 {
            return Listing::Any;
        }
        let number = self.below(10);
        let origins = [
            format!("https://a{number}.example"),
            format!("https://*.b{number}.example"),
            format!("https://pr-*.c{number}.example"),
            format!("http://localhost:{}", 3000 + number),
            "http://[::1]:8080".to_owned(),
            "https://d.example:*".to_owned(),
            "tauri://localhost".to_owned(),
            "null".to_owned(),
            "https://*.github.io".to_owned(),
        ];
        let mut patterns = Vec::new();
        for origin in origins {
            if self.below(3) != 0 {
                continue;
            }
            let mut pattern = OriginPattern::from(origin);
            if pattern.origin.starts_with("https://*.") && self.flag() {
                pattern.depth = Depth::One;
            }
            if pattern.origin.matches(':').count() == 1 && self.below(3) == 0 {
                let ports = Ports::OneOf(vec![443, 8443]);
                pattern.ports = self.pick(&[Ports::Any, ports]);
            }
            patterns.push(pattern);
        }
        Listing::List(patterns)
    }

    fn config(&mut self) -> PolicyConfig {
        let headers = [
            "Content-Type",
            "Authorization",
            "X-Requested-With",
            "x'\u{60}|~",
        ];
        PolicyConfig {
            allow_origins: self.origins(),
            origin_predicate: None,
            allow_methods: self.listing(&["GET", "PUT", "PATCH", "DELETE", "Some'thing"]),
            allow_headers: match self.below(6) {
                0 => AllowHeaders::Any,
                1 => AllowHeaders::AnyAndAuthorization,
                _ => AllowHeaders::List(self.some(&headers)),
            },
            allow_credentials: self.below(3) == 0,
            expose_headers: self.listing(&["X-Total-Count", "ETag", "Link"]),
            max_age: self.pick(&[
                MaxAge::Unset,
                MaxAge::Disabled,
                MaxAge::Seconds(0),
                MaxAge::Seconds(600),
                MaxAge::Seconds(86_400),
            ]),
            preflights: self.pick(&[Preflights::TellAsked, Preflights::TellLists]),
            cacheable_preflights: self.flag(),
            preflight_status: self.pick(&[204, 200, 299]),
            refusal_status: self.pick(&[403, 400, 404]),
            block_disallowed: self.flag(),
            allow_private_network: self.flag(),
            mode: self.pick(&[Mode::Enforce, Mode::Debug, Mode::ReportOnly]),
            dangerously_allow_null: self.flag(),
            dangerously_allow_insecure_origins: self.flag(),
            dangerously_allow_public_suffixes: self.flag(),
        }
    }
}

/// Twenty policies a file.
#[test]
fn a_hundred_thousand_policies_survive_being_written_and_read() {
    let mut random = Random(1);
    let (mut count, mut listed) = (0, 0);
    while count < 100_000 {
        let mut policies = Vec::new();
        while policies.len() < 20 {
            let config = random.config();
            if Policy::new(config.clone()).is_ok() {
                let path = format!("/{}/{}", policies.len(), random.pick(&["a", "*", "**", ""]));
                policies.push((vec![path], config));
            }
        }
        let written = || policies.iter().map(|(paths, config)| (&**paths, config));
        let (format, text) = match count % 40 {
            0 => (Format::Toml, to_toml(written()).unwrap()),
            _ => (Format::Json, to_json(written()).unwrap()),
        };
        let checked = match parse_as(format, "x", &text) {
            Ok(checked) => checked,
            Err(report) => unreachable!("{report}\n{text}"),
        };
        assert!(checked.written().eq(written()), "{text}");
        for (paths, config) in written() {
            let path = paths[0].replace("**", "x/y").replace('*', "x");
            let policy = checked.policies.policy(path.as_bytes()).unwrap();
            assert_eq!(policy.config(), config);
            let nobody = Listing::List(Vec::new());
            listed += usize::from(policy.config().allow_origins != nobody);
        }
        count += policies.len();
    }
    assert!(listed > count / 2, "{listed} of {count} grant anything");
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
