//! `corsac-agent`, which follows the Standard.

use crate::{
    judge::Clause,
    scenario::{Call, Mode, Scenario},
};

/// First things first.
pub(super) const CLAUSES: &[Clause] = &[SAYS_A_LANGUAGE];

const SAYS_A_LANGUAGE: Clause = Clause {
    name: "what is safe is counted with a language",
    reason: "It says Accept-Language before anybody counts how much the safe headers are together, as \
        the Standard wants; the pages of scenarios have no language.",
    source: "https://fetch.spec.whatwg.org/#concept-fetch",
    condition: |scenario| scenario.calls.iter().any(is_long_together),
    rewrite: Some(|scenario: &mut Scenario| {
        let long = scenario
            .calls
            .iter_mut()
            .filter(|call| is_long_together(call));
        long.for_each(|call| {
            call.headers
                .push(("Accept-Language".to_owned(), "en".to_owned()))
        });
    }),
    ..Clause::NOTHING
};

/// More than 1024 bytes are not safe, and `en` may be what makes it more.
fn is_long_together(call: &Call) -> bool {
    let says_its_own = |(name, _): &(String, String)| name.eq_ignore_ascii_case("accept-language");
    let length: usize = call.headers.iter().map(|(_, value)| value.len()).sum();
    call.mode == Mode::Cors && !call.headers.iter().any(says_its_own) && length > 1022
}
