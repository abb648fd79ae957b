use corsac::fetch::Profile;

use crate::{observation::Observation, scenario::Scenario, subject::events::Manner};

/// Where a subject does something else than its profile says, for reasons that are not CORS.
///
/// It does not say "may differ": it says what the subject does instead, so that the core can still
/// predict every field. Either the subject behaves as if the scenario were another one, or what is
/// seen is changed in a field, or told in another manner.
#[derive(Clone, Copy, Debug)]
pub struct Clause {
    /// Its name in tables.
    pub name: &'static str,
    /// What the subject does, and whether the Standard has it otherwise.
    pub reason: &'static str,
    /// Where that is known from.
    pub source: &'static str,
    /// Of which scenarios it speaks.
    pub condition: fn(&Scenario) -> bool,
    /// By which rules of its profile the subject does not go here.
    pub profile: Option<fn(&mut Profile)>,
    /// As which scenario the subject takes this one.
    pub rewrite: Option<fn(&mut Scenario)>,
    /// What is seen instead. Gets the scenario as it was rewritten.
    pub adjust: Option<fn(&Scenario, &mut Observation)>,
    /// How XMLHttpRequest tells what happens there.
    pub events: Option<fn(&mut Manner)>,
}

impl Clause {
    /// A clause that says nothing, to begin with.
    pub const NOTHING: Self = Self {
        name: "",
        reason: "",
        source: "",
        condition: |_| false,
        profile: None,
        rewrite: None,
        adjust: None,
        events: None,
    };

    pub(super) fn holds(&self, scenario: &Scenario) -> bool {
        (self.condition)(scenario)
    }

    pub(super) fn change(&self, profile: &mut Profile) {
        if let Some(change) = self.profile {
            change(profile);
        }
    }

    pub(super) fn rewrite(&self, scenario: &mut Scenario) {
        if let Some(rewrite) = self.rewrite {
            rewrite(scenario);
        }
    }

    pub(super) fn adjust(&self, scenario: &Scenario, observation: &mut Observation) {
        if let Some(adjust) = self.adjust {
            adjust(scenario, observation);
        }
    }

    pub(super) fn tell(&self, manner: &mut Manner) {
        if let Some(events) = self.events {
            events(manner);
        }
    }
}
