//! What a layer tells its owner.

use corsac::policy::Outcome;
use http::{HeaderName, HeaderValue, Method, Uri};

/// Something that a log or a counter may want to know.
///
/// A response never says why a request was refused; this does. Reports of one request are made
/// within the span of that request, if the caller has one.
///
/// ```
/// # use corsac_tower::{CorsLayer, Report, policy::{Outcome, Policy}};
/// let layer = CorsLayer::new(Policy::default()).report_to(|report| match report {
///     Report::Decided { uri, outcome: Outcome::Actual(Err(why)), .. } => eprintln!("{uri}: {why}"),
///     Report::Decided { uri, outcome: Outcome::Preflight(Err(why)), .. } => {
///         eprintln!("preflight of {uri}: {why}");
///     }
///     Report::Replaced { name, value } => eprintln!("{name}: {value:?} is not the handler's to set"),
///     _ => {}
/// });
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Report<'a> {
    /// The policy decided on a request.
    Decided {
        /// The request's method.
        method: &'a Method,
        /// The request's target.
        uri: &'a Uri,
        /// What the request is, and why it is refused, if it is.
        outcome: Outcome<'a>,
    },
    /// The service set a CORS header of its own, and the policy's word replaced it. One report for
    /// each line.
    Replaced {
        /// The header's name.
        name: &'static HeaderName,
        /// What the service had said.
        value: &'a HeaderValue,
    },
}

pub(crate) type Reporter = dyn Fn(&Report<'_>) + Send + Sync;
