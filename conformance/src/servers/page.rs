//! What a page is told, in JSON.

use serde::{Deserialize, Serialize};

use crate::scenario::{Call, Expander, Scenario};

/// A scenario, as a page needs it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    /// Its name.
    pub key: String,
    /// Whether it runs in the sandboxed frame.
    pub opaque: bool,
    /// The URLs that set cookies.
    pub cookies: Vec<String>,
    /// What to call.
    pub calls: Vec<PageCall>,
}

/// A call with its URL. In JSON it is the [`Call`]'s fields (those that have their default value are
/// missing: no `api` is `fetch`, no `method` is `GET`, no `body` none, no `credentials`
/// `same-origin`, no `mode` `cors`, no `redirect` `follow`, no `wait` 0), and `url`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PageCall {
    /// The URL.
    pub url: String,
    /// The rest.
    #[serde(flatten)]
    pub call: Call,
}

impl Item {
    /// A scenario under the name that it is registered by.
    pub fn of(scenario: &Scenario, key: &str, expander: &Expander) -> Self {
        let cookies = scenario.cookies.iter().enumerate();
        Self {
            key: key.to_owned(),
            opaque: scenario.page.opaque,
            cookies: cookies
                .map(|(place, cookie)| {
                    let resource = scenario.resources.get(cookie.resource);
                    let site = resource.map(|it| it.site).unwrap_or_default();
                    format!("{}/s/{key}/cookie/{place}", expander.origin(site))
                })
                .collect(),
            calls: scenario
                .calls
                .iter()
                .map(|call| PageCall {
                    url: call_url(scenario, key, call, expander),
                    call: call.clone(),
                })
                .collect(),
        }
    }
}

/// The URL that a script calls, user and password included.
pub fn call_url(scenario: &Scenario, key: &str, call: &Call, expander: &Expander) -> String {
    let url = expander.url(scenario, key, call.to);
    match (&call.userinfo, url.split_once("://")) {
        (Some(userinfo), Some((scheme, rest))) => format!("{scheme}://{userinfo}@{rest}"),
        _ => url,
    }
}
