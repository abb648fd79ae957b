//! The named cases under the core's profiles. Browsers run them by `cargo xtask oracle --cases`.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::Path;

use conformance::cases::{Case, ends};
use corsac::fetch::Profile;

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    Case::read(&folder).unwrap()
}

#[test]
fn every_call_ends_as_the_case_says() {
    let mut wrong = Vec::new();
    for case in cases() {
        for profile in Profile::ALL {
            let ends = ends(&case.scenario(), profile);
            if ends != case.ends_under(profile) {
                wrong.push(format!("{} in {}: {ends:?}", case.name, profile.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_engine_is_named_only_where_it_differs() {
    for case in cases() {
        let standard = case.ends.get("fetch").unwrap();
        let mut engines = case.ends.iter().filter(|(name, _)| *name != "fetch");
        let idle = engines.find(|(_, ends)| *ends == standard);
        assert_eq!(idle, None, "{}", case.name);
        let known = |name: &String| Profile::ALL.iter().any(|it| it.name == name);
        assert!(case.ends.keys().all(known), "{}", case.name);
    }
}
