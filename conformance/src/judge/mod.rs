//! Whether a subject did what was predicted of it.

mod clause;
mod compare;
mod decided;
mod tally;
mod transcript;

pub use clause::Clause;
pub use compare::{Difference, differences};
pub use decided::against_decisions;
pub use tally::{Row, Tally};
pub use transcript::transcript;

use corsac::fetch::Profile;

use crate::{
    observation::Observation,
    scenario::Scenario,
    subject::{
        core,
        events::{self, Manner},
    },
};

/// What one subject is held against: a profile of the core, and where the subject leaves it.
#[derive(Clone, Copy, Debug)]
pub struct Expectations {
    /// The subject's name.
    pub subject: &'static str,
    /// Its profile.
    pub profile: Profile,
    /// Where it is known to do something else, first things first.
    pub clauses: &'static [Clause],
}

/// What the expectations say of a scenario.
#[derive(Clone, Debug)]
pub struct Prediction {
    /// What must be seen.
    pub observation: Observation,
    /// The clauses that had a say, by their places: without each of them the prediction is another.
    pub clauses: Vec<usize>,
}

impl Expectations {
    /// Predicts what the subject does.
    pub fn predict(&self, scenario: &Scenario) -> Prediction {
        let holding: Vec<_> = (0..self.clauses.len())
            .filter(|&place| self.clauses.get(place).is_some_and(|it| it.holds(scenario)))
            .collect();
        let observation = self.with(scenario, &holding);
        let has_a_say = |place: &usize| {
            let others: Vec<_> = holding.iter().copied().filter(|it| it != place).collect();
            !differences(scenario, &self.with(scenario, &others), &observation).is_empty()
        };
        Prediction {
            clauses: holding.iter().copied().filter(has_a_say).collect(),
            observation,
        }
    }

    /// What the core does once clauses have had their say.
    fn with(&self, scenario: &Scenario, clauses: &[usize]) -> Observation {
        let mut scenario = scenario.clone();
        let clauses: Vec<_> = clauses
            .iter()
            .filter_map(|&it| self.clauses.get(it))
            .collect();
        let mut profile = self.profile;
        for clause in &clauses {
            clause.rewrite(&mut scenario);
            clause.change(&mut profile);
        }
        let mut observation = core::run(&scenario, profile).observation;
        for clause in &clauses {
            clause.adjust(&scenario, &mut observation);
        }
        // Last, since they follow from all the rest.
        let mut manner = Manner::STANDARD;
        clauses.iter().for_each(|clause| clause.tell(&mut manner));
        events::tell(&scenario, &mut observation, manner);
        observation
    }
}

/// The rules of a profile that the Standard does not have and that this scenario shows: setting each
/// back alone changes what is seen. If two hide each other, those that alone change what the Standard
/// has.
pub fn profile_rules(scenario: &Scenario, profile: Profile) -> Vec<&'static str> {
    let all = changing(scenario, profile, Profile::FETCH);
    match all.is_empty() {
        true => changing(scenario, Profile::FETCH, profile),
        false => all,
    }
}

/// The rules that change what is seen under a profile if they are taken from another.
fn changing(scenario: &Scenario, profile: Profile, other: Profile) -> Vec<&'static str> {
    let whole = core::run(scenario, profile).observation;
    let changes = |(name, take): &Rule| {
        let mut changed = profile;
        take(&mut changed, &other);
        if changed == profile {
            return None;
        }
        let seen = core::run(scenario, changed).observation;
        let differs = !differences(scenario, &seen, &whole).is_empty();
        differs.then_some(*name)
    };
    RULES.iter().filter_map(changes).collect()
}

macro_rules! rules {
    ($($rule:ident)*) => {
        &[$((stringify!($rule), |profile, other| profile.$rule = other.$rule)),*]
    };
}

/// A rule's name, and how to take it from another profile.
type Rule = (&'static str, fn(&mut Profile, &Profile));

/// Every rule of a profile.
const RULES: &[Rule] = rules! {
    safelist
    max_age_limit
    max_age_if_invalid
    max_age_if_negative
    wildcard_covers_authorization
    caches_wildcards
    credentialed_grants_serve_all
    caches_one_answer
    clears_cache_on_network_error
    taints_preflights
    taints_cache_entries
    caches_tainted_grants
    looks_up_head
    any_grant_covers_safelisted_methods
    skips_empty_lines_of_allow_credentials
    refuses_all_redirect_userinfo
    forced_preflight_needs_body
    asks_again_after_redirects
    asks_for_first_headers
    no_age_ends_grants
    keeps_refused_grants
    redirects_restore_headers
    forced_preflights_grant_their_method
    same_site_regards_scheme
    same_site_regards_redirects
    needs_location_to_redirect
    delivers_407
};
