//! What changes between two maps, against every path there is.

use std::collections::BTreeSet;

use corsac::policy::{Policy, PolicyConfig, PolicyDiff, PolicyMap};

fn policy(number: usize) -> Policy {
    let origin = format!("https://{number}.example");
    Policy::new(PolicyConfig {
        allow_origins: [origin].into(),
        ..PolicyConfig::default()
    })
    .unwrap()
}

fn map(patterns: &[(&str, usize)]) -> PolicyMap {
    let policies = patterns
        .iter()
        .map(|&(path, number)| (vec![path.to_owned()], policy(number)));
    PolicyMap::new(policies.collect()).unwrap()
}

fn written(diff: &PolicyDiff) -> Option<String> {
    let changes = (&diff.widens, &diff.narrows);
    (changes != (&Vec::new(), &Vec::new())).then(|| format!("{changes:?}"))
}

/// All paths of up to four segments, each of which a pattern may name but for `z`.
fn every_path() -> Vec<String> {
    let mut paths = vec![String::new()];
    let mut all = Vec::new();
    for _ in 0..4 {
        paths = paths
            .iter()
            .flat_map(|path| ["a", "b", "z"].map(|segment| format!("{path}/{segment}")))
            .collect();
        all.extend(paths.iter().cloned());
    }
    all
}

#[test]
fn a_pattern_that_hides_another_is_seen_where_they_overlap() {
    let old = map(&[("/**", 1), ("/*/b", 2)]);
    let new = map(&[("/**", 1), ("/a/*", 1), ("/*/b", 2)]);
    let diff = old.diff(&new);
    let paths: Vec<_> = diff.iter().map(|it| &*it.path).collect();
    assert_eq!(paths, ["/a/b"]);
    assert_eq!(diff[0].diff.widens[0].value, "https://1.example");
}

#[test]
fn the_patterns_tell_what_changes_for_some_path_and_nothing_else() {
    let patterns = [
        "/**", "/*", "/*/*", "/a", "/a/*", "/*/b", "/a/**", "/*/a/**", "/a/b", "/b/*/**",
    ];
    let mut seed = 7_usize;
    let mut below = |end: usize| {
        seed = seed
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        (seed >> 33) % end
    };
    let mut changes = 0;
    let paths = every_path();
    for _ in 0..500 {
        let maps = [(); 2].map(|()| {
            let chosen = patterns.iter().filter(|_| below(2) == 0);
            chosen.copied().collect::<Vec<_>>()
        });
        let [old, new] = maps.each_ref().map(|paths| {
            let numbered: Vec<_> = paths.iter().map(|&path| (path, below(3))).collect();
            map(&numbered)
        });
        let nothing = Policy::default();
        let of_paths: BTreeSet<_> = paths
            .iter()
            .filter_map(|path| {
                let old = old.policy(path.as_bytes()).unwrap_or(&nothing);
                let new = new.policy(path.as_bytes()).unwrap_or(&nothing);
                written(&old.diff(new))
            })
            .collect();
        let of_patterns: BTreeSet<_> = old
            .diff(&new)
            .iter()
            .filter_map(|it| written(&it.diff))
            .collect();
        assert_eq!(of_patterns, of_paths, "{maps:?}");
        changes += of_paths.len();
    }
    assert!(changes > 1000);
}

#[test]
fn one_policy_for_everything_is_compared_with_a_map() {
    let one = PolicyMap::from(policy(1));
    let diff = one.diff(&map(&[("/a", 1)]));
    let paths: Vec<_> = diff.iter().map(|it| &*it.path).collect();
    assert_eq!(paths, ["/**"]);
    assert!(diff[0].diff.widens.is_empty());
}
