//! A rule that is planted wrongly comes out of the shrinker as a scenario that a person can read.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::convert::Infallible;

use conformance::{generate, judge::differences, scenario::Scenario, subject::core};
use corsac::fetch::Profile;

/// A rule's name, how many header lines it takes to show, and how to get it wrong.
type Mistake = (&'static str, usize, fn(&mut Profile));

/// To be tainted, a request needs two redirects, each shared, with a Location.
const OF_REDIRECTS: usize = 4;

/// To be used again, a grant needs an origin, a method and an age, and an answer that does not undo it.
const OF_THE_CACHE: usize = 5;

const MISTAKES: [Mistake; 7] = [
    ("the wildcard covers Authorization", 3, |it| {
        it.wildcard_covers_authorization = true;
    }),
    ("a bad age is none", OF_THE_CACHE, |it| {
        it.max_age_if_invalid = std::time::Duration::ZERO;
    }),
    (
        "a grant with credentials serves nobody else",
        OF_THE_CACHE,
        |it| {
            it.credentialed_grants_serve_all = false;
        },
    ),
    ("preflights are not tainted", OF_REDIRECTS, |it| {
        it.taints_preflights = false;
    }),
    ("a listener's preflight grants nothing", 3, |it| {
        it.forced_preflights_grant_their_method = false;
    }),
    ("a listener needs a body", 3, |it| {
        it.forced_preflight_needs_body = true;
    }),
    ("bytes above ASCII are unsafe", 3, |it| {
        it.safelist.allows_non_ascii = false;
    }),
];

fn differs(scenario: &Scenario, wrong: Profile) -> bool {
    let right = core::run(scenario, Profile::FETCH).observation;
    let seen = core::run(scenario, wrong).observation;
    !differences(scenario, &right, &seen).is_empty()
}

fn lines(scenario: &Scenario) -> usize {
    let of_servers = scenario.resources.iter().flat_map(|it| {
        let answers = it.preflight.iter().chain(&it.actual);
        answers.map(|answer| answer.lines.len())
    });
    of_servers.sum()
}

#[tokio::test]
async fn a_planted_mistake_is_shrunk_to_a_few_lines() {
    for (name, most, plant) in MISTAKES {
        let mut wrong = Profile::FETCH;
        plant(&mut wrong);
        let scenarios = (1..20_000).map(|seed| generate::scenario(seed).1);
        let found = { scenarios }.find(|it| differs(it, wrong)).unwrap();
        let all = async |candidates: &[Scenario]| {
            let fails = candidates.iter().map(|it| differs(it, wrong));
            Ok::<_, Infallible>(fails.collect())
        };
        let small = generate::shrink(found.clone(), all).await.unwrap();
        assert!(lines(&small) <= most, "{name}: {small:#?}");
    }
}
