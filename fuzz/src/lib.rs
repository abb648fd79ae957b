//! What must hold for any bytes whatever: one function a property, none of which may panic.
//!
//! libFuzzer calls them through `fuzz_targets`, `tests/smoke.rs` with random bytes. Where a rule can
//! be written down in another way than the core has it, the other way is here, and both must agree.
#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a property that does not hold panics: that is how a fuzzer learns of it"
)]

mod agent;
mod chance;
mod config;
mod fetch;
mod gateway;
mod grammar;
mod grants;
mod location;
mod origin;
mod page;
mod pair;
mod plan;
mod policy;
mod safelist;
mod split;

pub use agent::{agent_http1, agent_http2};
pub use config::config;
pub use fetch::fetch;
pub use gateway::gateway;
pub use grammar::grammar;
pub use location::location;
pub use origin::origin;
pub use page::page;
pub use pair::pair;
pub use policy::policy;
pub use safelist::safelist;
pub use split::split;

/// A property.
pub struct Target {
    /// What libFuzzer calls it.
    pub name: &'static str,
    /// Panics where the property does not hold.
    pub property: fn(&[u8]),
    /// How many cases of another property take the time of one of this.
    pub cost: u64,
}

const fn target(name: &'static str, property: fn(&[u8])) -> Target {
    Target {
        name,
        property,
        cost: 1,
    }
}

/// Every property.
pub const TARGETS: &[Target] = &[
    target("agent_http1", agent_http1),
    target("agent_http2", agent_http2),
    target("config", config),
    target("fetch", fetch),
    target("gateway", gateway),
    target("grammar", grammar),
    target("location", location),
    target("origin", origin),
    Target {
        name: "page",
        property: page,
        cost: 100,
    },
    target("pair", pair),
    target("policy", policy),
    target("safelist", safelist),
    target("split", split),
];

/// Header lines that a wire could carry: no NUL, CR or LF, and no white space at the ends.
fn lines(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = data.split(|byte| matches!(byte, 0 | b'\r' | b'\n'));
    lines.map(|line| line.trim_ascii())
}
