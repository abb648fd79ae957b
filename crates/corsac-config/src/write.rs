//! Policies as a file.

use std::fmt;

use corsac::policy::{self, AllowHeaders, Listing, OriginPattern, PolicyConfig, Ports};

use crate::document::{
    Depth, Disable, File, Listed, MaxAge, Mode, Origin, OriginParts, Policy, Preflights, Star,
};

/// Why policies cannot be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteError {
    /// This policy, 0-based, has a predicate, which is code and exists in code only.
    Predicate {
        /// Which of the policies.
        policy: usize,
    },
    /// Something that neither format can say.
    Format(String),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Predicate { policy } => write!(
                f,
                "policy {} has an origin predicate, and no file can hold code: list the origins",
                policy + 1
            ),
            Self::Format(error) => f.write_str(error),
        }
    }
}

impl std::error::Error for WriteError {}

/// Writes policies, each with its paths, as a `corsac.toml` that [`parse`](crate::parse) reads as
/// the same. What has its default is left out.
///
/// ```
/// use corsac::policy::{MaxAge, PolicyConfig};
/// let config = PolicyConfig {
///     allow_origins: ["https://app.example"].into(),
///     max_age: MaxAge::Seconds(600),
///     ..PolicyConfig::default()
/// };
/// let text = corsac_config::to_toml([(&["/api/**".to_owned()][..], &config)])?;
/// assert_eq!(
///     text,
///     r#"version = 1
///
/// [[policy]]
/// paths = ["/api/**"]
/// allow-origins = ["https://app.example"]
/// max-age = 600
/// "#,
/// );
/// let checked = corsac_config::parse("corsac.toml", &text)?;
/// assert!(checked.written().next().is_some_and(|(_, read)| *read == config));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// A policy has a predicate. That a policy is valid is not asked: what is wrong, the file says.
pub fn to_toml<'p>(
    policies: impl IntoIterator<Item = (&'p [String], &'p PolicyConfig)>,
) -> Result<String, WriteError> {
    toml::to_string(&file(policies)?).map_err(|error| WriteError::Format(error.to_string()))
}

/// [`to_toml`], in JSON.
///
/// # Errors
/// As there.
pub fn to_json<'p>(
    policies: impl IntoIterator<Item = (&'p [String], &'p PolicyConfig)>,
) -> Result<String, WriteError> {
    let mut text = serde_json::to_string_pretty(&file(policies)?)
        .map_err(|error| WriteError::Format(error.to_string()))?;
    text.push('\n');
    Ok(text)
}

fn file<'p>(
    policies: impl IntoIterator<Item = (&'p [String], &'p PolicyConfig)>,
) -> Result<File, WriteError> {
    let policies = policies.into_iter().enumerate();
    let policy = policies.map(|(number, (paths, config))| policy(number, paths, config));
    Ok(File {
        version: 1,
        policy: policy.collect::<Result<_, _>>()?,
    })
}

fn policy(number: usize, paths: &[String], config: &PolicyConfig) -> Result<Policy, WriteError> {
    // A field that is new doesn't compile until it is written here.
    let PolicyConfig {
        allow_origins,
        origin_predicate,
        allow_methods,
        allow_headers,
        allow_credentials,
        expose_headers,
        max_age,
        preflights,
        cacheable_preflights,
        preflight_status,
        refusal_status,
        block_disallowed,
        allow_private_network,
        mode,
        dangerously_allow_null,
        dangerously_allow_insecure_origins,
        dangerously_allow_public_suffixes,
    } = config;
    if origin_predicate.is_some() {
        return Err(WriteError::Predicate { policy: number });
    }
    let default = PolicyConfig::default();
    let flag = |flag: &bool| flag.then_some(true);
    Ok(Policy {
        paths: paths.to_vec(),
        allow_origins: listed(allow_origins, origin),
        allow_methods: listed(allow_methods, String::clone),
        allow_headers: match allow_headers {
            AllowHeaders::Any => Listed::Any(Star::Star),
            AllowHeaders::AnyAndAuthorization => {
                Listed::List(["*", "Authorization"].map(str::to_owned).into())
            }
            AllowHeaders::List(names) => Listed::List(names.clone()),
        },
        allow_credentials: flag(allow_credentials),
        expose_headers: listed(expose_headers, String::clone),
        max_age: match max_age {
            policy::MaxAge::Unset => None,
            policy::MaxAge::Seconds(seconds) => Some(MaxAge::Seconds(*seconds)),
            policy::MaxAge::Disabled => Some(MaxAge::Disabled(Disable::Disable)),
        },
        preflights: match preflights {
            policy::Preflights::TellAsked => None,
            policy::Preflights::TellLists => Some(Preflights::TellLists),
        },
        cacheable_preflights: flag(cacheable_preflights),
        preflight_status: (*preflight_status != default.preflight_status)
            .then_some(*preflight_status),
        refusal_status: (*refusal_status != default.refusal_status).then_some(*refusal_status),
        block_disallowed: flag(block_disallowed),
        allow_private_network: flag(allow_private_network),
        mode: match mode {
            policy::Mode::Enforce => None,
            policy::Mode::Debug => Some(Mode::Debug),
            policy::Mode::ReportOnly => Some(Mode::ReportOnly),
        },
        dangerously_allow_null: flag(dangerously_allow_null),
        dangerously_allow_insecure_origins: flag(dangerously_allow_insecure_origins),
        dangerously_allow_public_suffixes: flag(dangerously_allow_public_suffixes),
    })
}

fn listed<T, W>(listing: &Listing<T>, write: impl Fn(&T) -> W) -> Listed<W> {
    match listing {
        Listing::Any => Listed::Any(Star::Star),
        Listing::List(entries) => Listed::List(entries.iter().map(write).collect()),
    }
}

fn origin(pattern: &OriginPattern) -> Origin {
    let depth = match pattern.depth {
        policy::Depth::Any => None,
        policy::Depth::One => Some(Depth::One),
    };
    let ports = match &pattern.ports {
        Ports::Written => None,
        Ports::Any => Some(Listed::Any(Star::Star)),
        Ports::OneOf(ports) => Some(Listed::List(ports.clone())),
    };
    let origin = pattern.origin.clone();
    match (depth, ports) {
        (None, None) => Origin::Written(origin),
        (depth, ports) => Origin::Parts(OriginParts {
            origin,
            depth,
            ports,
        }),
    }
}
