//! Which origins a list covers: against a model that reads patterns as a person does, and one by one.

use corsac::{
    origin::{Origin, default_port},
    policy::{Depth, OriginPattern, Policy, PolicyConfig, Ports},
};

fn set(entries: Vec<OriginPattern>) -> Policy {
    Policy::new(PolicyConfig {
        allow_origins: entries.into_iter().collect(),
        ..PolicyConfig::default()
    })
    .unwrap()
}

/// The model: split, then compare.
fn covers(pattern: &OriginPattern, origin: &str) -> bool {
    let own = |text: &str| Origin::parse(text.as_bytes()).is_ok_and(|own| own.to_string() == text);
    let split = |text: &str| {
        let (scheme, rest) = text.split_once("://").unwrap();
        let (host, port) = rest.split_once(':').unwrap_or((rest, ""));
        [scheme, host, port].map(str::to_owned)
    };
    if !own(origin) {
        return false;
    }
    let ([scheme, host, port], [of, like, written]) = (split(origin), split(&pattern.origin));
    let number = port.parse().ok().or_else(|| default_port(&scheme));
    let fits = match &pattern.ports {
        Ports::Written => written == "*" || written == port,
        Ports::Any => true,
        Ports::OneOf(ports) => number.is_some_and(|number| ports.contains(&number)),
    };
    let Some((begin, end)) = like.split_once('*') else {
        return fits && scheme == of && host == like;
    };
    let middle = host
        .strip_prefix(begin)
        .and_then(|rest| rest.strip_suffix(end));
    let many = begin.is_empty() && end.starts_with('.') && pattern.depth == Depth::Any;
    fits && scheme == of
        && middle.is_some_and(|middle| !middle.is_empty() && (many || !middle.contains('.')))
}

struct Rng(u64);

impl Rng {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn pick<T: Copy>(&mut self, menu: &[T]) -> T {
        menu[self.below(menu.len())]
    }

    fn pattern(&mut self) -> OriginPattern {
        let scheme = self.pick(&["https", "https", "http", "tauri"]);
        let front = self.pick(&["", "", "*.", "*.", "pr-*.", "*-team.", "app-*-team.", "a."]);
        let rest = self.pick(&[
            "foo.com",
            "bar.com",
            "barfoo.com",
            "oo.com",
            "a.foo.com",
            "localhost",
        ]);
        let (port, ports) = match self.below(6) {
            0 => (":*", Ports::Written),
            1 => (":8443", Ports::Written),
            2 => ("", Ports::Any),
            3 => ("", Ports::OneOf(vec![443, 3000])),
            _ => ("", Ports::Written),
        };
        let depth = match front.contains('*') && self.below(3) == 0 {
            true => Depth::One,
            false => Depth::Any,
        };
        let origin = format!("{scheme}://{front}{rest}{port}");
        OriginPattern {
            origin,
            depth,
            ports,
        }
    }

    /// Something that a pattern covers, or nearly.
    fn origin(&mut self, patterns: &[OriginPattern]) -> String {
        let pattern = &patterns[self.below(patterns.len())];
        let written = pattern.origin.trim_end_matches(":*");
        let star = self.pick(&[
            "x",
            "x.y",
            "7",
            "",
            ".",
            "x-",
            "-",
            "evil.com/",
            "x.foo.com",
            "pr-",
            "team",
        ]);
        let mut origin = written.replace('*', star);
        origin += self.pick(&[
            "", "", "", ":443", ":80", ":3000", ":8443", ":0", ":03000", ":", "/", ".",
        ]);
        let splice = self.pick(&[
            "x", "bar", "evil-", ".", "-", "/", ":", "@", "\0", "X", "foo.com", "\u{e9}",
        ]);
        let at = match self.below(8) {
            0 => origin.find("://").unwrap() + 3,
            1 => origin.len(),
            2 => self.below(origin.len() + 1),
            _ => return origin,
        };
        match self.below(4) {
            0 if at < origin.len() => {
                origin.remove(at);
            }
            _ => origin.insert_str(at, splice),
        }
        origin
    }
}

/// `GHSA-vhxv-fg4m-p2w8` is a matcher that nobody had compared with a simpler one.
#[test]
fn a_million_pairs_as_the_model_says() {
    let mut rng = Rng(0x9e37_79b9_7f4a_7c15);
    let mut covered = 0;
    for _ in 0..20_000 {
        let patterns: Vec<_> = (0..=rng.below(5)).map(|_| rng.pattern()).collect();
        let policy = set(patterns.clone());
        for _ in 0..50 {
            let origin = rng.origin(&patterns);
            let expected = patterns.iter().any(|pattern| covers(pattern, &origin));
            assert_eq!(
                policy.origins().allows(origin.as_bytes()),
                expected,
                "{origin:?} {patterns:?}"
            );
            covered += usize::from(expected);
        }
    }
    assert!((80_000..800_000).contains(&covered), "{covered}");
}

#[test]
fn one_by_one() {
    let long = "x".repeat(300);
    for (pattern, yes, no) in [
        (
            "https://a.example",
            vec!["https://a.example"],
            vec!["https://a.example:8443", "http://a.example"],
        ),
        (
            "https://*.b.example",
            vec!["https://x.b.example", "https://x.y.b.example"],
            vec![
                "https://b.example",
                "https://xb.example",
                "https://x.b.example:1",
                "https://.b.example",
            ],
        ),
        (
            "https://pr-*.c.example",
            vec!["https://pr-7.c.example"],
            vec!["https://pr-.c.example", "https://pr-7.x.c.example"],
        ),
        (
            "http://localhost:*",
            vec!["http://localhost", "http://localhost:5173"],
            vec!["http://localhost:80", "http://localhost:65536"],
        ),
        (
            "http://[::1]:*",
            vec!["http://[::1]", "http://[::1]:3000"],
            vec!["http://[::2]", "http://[0::1]:3000"],
        ),
        (
            "tauri://localhost",
            vec!["tauri://localhost"],
            vec!["tauri://localhos"],
        ),
        (
            "moz-extension://0a1b2c3d-1111",
            vec!["moz-extension://0a1b2c3d-1111"],
            vec!["moz-extension://0a1b2c3d"],
        ),
        (
            "chrome-extension://*.x.y",
            vec!["chrome-extension://9.x.y"],
            vec!["chrome-extension://x.y"],
        ),
    ] {
        let policy = set(vec![pattern.into()]);
        for origin in yes {
            assert!(
                policy.origins().allows(origin.as_bytes()),
                "{pattern} {origin}"
            );
        }
        for origin in no.into_iter().chain(["", "null", "*", &long]) {
            assert!(
                !policy.origins().allows(origin.as_bytes()),
                "{pattern} {origin}"
            );
        }
    }
}

#[test]
fn many() {
    let origin = |number: u32| format!("https://tenant-{number}.example");
    let policy = set((0..10_000).map(|number| origin(number).into()).collect());
    assert!((0..10_000).all(|number| policy.origins().allows(origin(number).as_bytes())));
    assert!((10_000..99_999).all(|number| !policy.origins().allows(origin(number).as_bytes())));
}
