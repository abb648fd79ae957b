//! Where engines leave the core's profile of them: few clauses, each with its reason.

mod agent;
mod chromium;
mod events;
mod firefox;
mod rewrite;
mod shared;
mod types;
mod webkit;

use corsac::fetch::Profile;

use crate::judge::Expectations;

/// `corsac-agent`.
pub const AGENT: Expectations = Expectations {
    subject: "agent",
    profile: Profile::FETCH,
    clauses: agent::CLAUSES,
};

/// `corsac-js`, whose requests the agent makes.
pub const JS: Expectations = Expectations {
    subject: "js",
    profile: Profile::FETCH,
    clauses: agent::CLAUSES,
};

/// Chromium.
pub const CHROMIUM: Expectations = Expectations {
    subject: "chromium",
    profile: Profile::CHROMIUM,
    clauses: chromium::CLAUSES,
};

/// Firefox.
pub const FIREFOX: Expectations = Expectations {
    subject: "firefox",
    profile: Profile::FIREFOX,
    clauses: firefox::CLAUSES,
};

/// WebKitGTK.
pub const WEBKIT: Expectations = Expectations {
    subject: "webkit",
    profile: Profile::WEBKIT,
    clauses: webkit::CLAUSES,
};
