use corsac::fetch::{Profile, SameSiteMode};
use url::Url;

use crate::scenario::Scenario;

/// The cookies of a scenario: hosts share them between ports, as browsers do.
pub(super) struct Jar(Vec<Entry>);

struct Entry {
    host: &'static str,
    name: String,
    /// Whether it says SameSite=None.
    travels: bool,
}

impl Jar {
    /// The jar once the page has fetched all that sets them.
    pub(super) fn of(scenario: &Scenario, profile: Profile) -> Self {
        let entries = scenario.cookies.iter().filter_map(|cookie| {
            let site = scenario.resources.get(cookie.resource)?.site;
            let travels = cookie.attributes.contains("SameSite=None");
            // What stays within a site is not taken from another one either.
            let other_scheme = site.scheme() != scenario.page.site.scheme();
            let is_taken = travels || !(profile.same_site_regards_scheme && other_scheme);
            is_taken.then(|| Entry {
                host: site.host(),
                name: cookie.name.clone(),
                travels,
            })
        });
        Self(entries.collect())
    }

    /// The Cookie header's value for a request.
    pub(super) fn cookies(&self, url: &Url, mode: SameSiteMode) -> Option<String> {
        let host = url.host_str()?;
        let travel = |entry: &&Entry| {
            entry.host == host && (entry.travels || mode == SameSiteMode::StrictOrLess)
        };
        let cookies = self.0.iter().filter(travel);
        let cookies: Vec<_> = cookies.map(|entry| format!("{}=1", entry.name)).collect();
        (!cookies.is_empty()).then(|| cookies.join("; "))
    }
}
