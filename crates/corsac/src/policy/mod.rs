//! The server half: what people write about a resource, and what each request is answered.
//!
//! ```text
//! PolicyConfig --Policy::new--> Policy --decide(&RequestHead)--> Decision
//!   as written    all mistakes   valid                            outcome: a reason, if refused
//!                 at once                                         answer: the status of a preflight
//!                                                                 ops, vary: what the response says
//! ```
//!
//! A policy that contradicts itself is refused when it is built, and never repaired by widening.
//! Deciding reads the request in place: it allocates nothing, and its cost is bounded by what the
//! policy holds, not by what the request sends.
//!
//! ```
//! use corsac::header::HeaderList;
//! use corsac::policy::{Outcome, Policy, PolicyConfig, RequestHead};
//!
//! let policy = Policy::new(PolicyConfig {
//!     allow_origins: ["http://sitea.com"].into(),
//!     allow_methods: ["PUT"].into(),
//!     allow_headers: ["Content-Type"].into(),
//!     ..PolicyConfig::default()
//! })?;
//!
//! let request = HeaderList::from([
//!     ("Origin", "http://sitea.com"),
//!     ("Access-Control-Request-Method", "PUT"),
//!     ("Access-Control-Request-Headers", "content-type"),
//! ]);
//! let decision = policy.decide(&RequestHead::of_list(b"OPTIONS", &request));
//! assert_eq!(decision.outcome(), Outcome::Preflight(Ok(())));
//!
//! let mut response = HeaderList::new();
//! decision.apply(&request, &mut response);
//! assert_eq!(
//!     response.get("Access-Control-Allow-Origin").as_deref(),
//!     Some(&b"http://sitea.com"[..]),
//! );
//! # Ok::<(), corsac::policy::PolicyErrors>(())
//! ```

mod apply;
mod brief;
mod build;
mod config;
mod decision;
mod diff;
mod error;
mod explain;
mod grant_lines;
mod handshake;
mod header_op;
mod judge_origin;
mod lines;
mod lint;
mod map_diff;
mod origin_pattern;
mod origin_predicate;
mod origin_set;
mod path_error;
mod path_pattern;
#[expect(clippy::module_inception, reason = "the policy itself")]
mod policy;
mod policy_map;
mod private_network;
mod punycode;
mod refusal;
mod request_head;
mod request_headers;
mod vary;
mod wildcard;

pub use brief::Brief;
pub use config::{AllowHeaders, Listing, MaxAge, Mode, PolicyConfig, Preflights};
pub use decision::{Decision, Ops, Outcome};
pub use diff::{Change, PolicyDiff};
pub use error::{
    Field, Forbidden, Invalid, MethodFault, Mistake, MistakeKind, OriginFault, PolicyErrors,
    Prohibited,
};
pub use explain::Explanation;
pub use header_op::{CORS_RESPONSE_HEADERS, HeaderOp, Value};
pub use lint::{Lint, LintKind};
pub use map_diff::PathDiff;
pub use origin_pattern::{Depth, OriginPattern, Ports};
pub use origin_predicate::OriginPredicate;
pub use origin_set::OriginSet;
pub use path_error::{PathErrors, PathFault, PathMistake};
pub use policy::Policy;
pub use policy_map::PolicyMap;
pub use refusal::Refusal;
pub use request_head::{ListLines, RequestHead};
pub use vary::Vary;
