//! From a seed to a scenario, and from a scenario to a smaller one.

mod answers;
mod dice;
mod feature;
mod menu;
mod policies;
mod rng;
mod shrink;

pub use feature::Feature;
pub use policies::policies;
pub use shrink::shrink;

use crate::scenario::Scenario;

use self::{dice::Dice, rng::Rng};

/// The scenario of a seed. Of each seed there is one, for ever.
pub fn scenario(seed: u64) -> (Feature, Scenario) {
    let mut rng = Rng::new(seed);
    let feature = feature(rng.below(100));
    let calm = rng.one_in(2);
    let dice = Dice { rng, feature, calm };
    (feature, dice.scenario())
}

/// Most scenarios are plain, which is quick; of every other kind there are enough.
fn feature(percent: usize) -> Feature {
    match percent {
        0..52 => Feature::Plain,
        52..66 => Feature::Bytes,
        66..74 => Feature::Redirects,
        74..80 => Feature::Cache,
        80..85 => Feature::Sites,
        85..89 => Feature::Tls,
        89..93 => Feature::Opaque,
        93..97 => Feature::Transport,
        _ => Feature::Elements,
    }
}
