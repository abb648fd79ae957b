//! From a seed to a scenario, and from a scenario to a smaller one.

mod answers;
mod dice;
mod feature;
mod menu;
mod rng;
mod shrink;

pub use feature::Feature;
pub use shrink::shrink;

use crate::scenario::Scenario;

use self::{dice::Dice, rng::Rng};

/// The scenario of a seed. Of each seed there is one, for ever.
pub fn scenario(seed: u64) -> (Feature, Scenario) {
    let mut rng = Rng::new(seed);
    let feature = rng.pick(&[
        Feature::Plain,
        Feature::Plain,
        Feature::Plain,
        Feature::Plain,
        Feature::Bytes,
        Feature::Bytes,
        Feature::Bytes,
        Feature::Redirects,
        Feature::Redirects,
        Feature::Redirects,
        Feature::Cache,
        Feature::Cache,
        Feature::Cache,
        Feature::Sites,
        Feature::Sites,
        Feature::Tls,
        Feature::Opaque,
        Feature::Transport,
        Feature::Elements,
    ]);
    let calm = rng.one_in(2);
    let dice = Dice { rng, feature, calm };
    (feature, dice.scenario())
}
