use std::collections::BTreeMap;

use super::{Listener, Page, Scenario, Site};

/// Puts real addresses in the place of placeholders, and back.
///
/// In an [`Answer`](super::Answer): `{page}` is the origin of the page as it says itself (`null` if
/// it is opaque), `{origin}` is what the request said in Origin, `{r2}` the URL of resource 2, `{o2}`
/// its origin, `{h2}` its host and port, `{p2}` its path. In an
/// [`Observation`](crate::observation::Observation): `{r2}`, `{o:b}` for the origin of a [`Site`], and
/// the page's own addresses as what they are.
#[derive(Clone, Debug)]
pub struct Expander {
    ports: BTreeMap<Listener, u16>,
}

impl Expander {
    /// Where each listener is.
    pub fn new(ports: BTreeMap<Listener, u16>) -> Self {
        Self { ports }
    }

    /// A site's host and port.
    pub fn host(&self, site: Site) -> String {
        let port = self.ports.get(&site.listener()).copied();
        format!("{}:{}", site.host(), port.unwrap_or_default())
    }

    /// A site's origin.
    pub fn origin(&self, site: Site) -> String {
        format!("{}://{}", site.scheme(), self.host(site))
    }

    /// A resource's path, in the run of its scenario that the key names.
    pub fn path(&self, key: &str, resource: usize) -> String {
        format!("/s/{key}/{resource}")
    }

    /// A resource's URL.
    pub fn url(&self, scenario: &Scenario, key: &str, resource: usize) -> String {
        let site = scenario.resources.get(resource).map(|it| it.site);
        let origin = self.origin(site.unwrap_or_default());
        origin + &self.path(key, resource)
    }

    /// The origin that a page says it has.
    pub fn page_origin(&self, page: Page) -> String {
        match page.opaque {
            true => "null".to_owned(),
            false => self.origin(page.site),
        }
    }

    /// Which site a request's Host names, behind a listener.
    pub fn site_of(&self, listener: Listener, host: &str) -> Option<Site> {
        let mut sites = Site::ALL.into_iter();
        sites.find(|site| site.listener() == listener && self.host(*site) == host)
    }

    /// Puts in what placeholders stand for.
    pub fn expand(&self, text: &str, scenario: &Scenario, key: &str, origin: &str) -> String {
        if !text.contains('{') {
            return text.to_owned();
        }
        let mut text = text
            .replace("{page}", &self.page_origin(scenario.page))
            .replace("{origin}", origin);
        for (place, resource) in scenario.resources.iter().enumerate() {
            text = text
                .replace(&format!("{{r{place}}}"), &self.url(scenario, key, place))
                .replace(&format!("{{o{place}}}"), &self.origin(resource.site))
                .replace(&format!("{{h{place}}}"), &self.host(resource.site))
                .replace(&format!("{{p{place}}}"), &self.path(key, place));
        }
        text
    }

    /// Puts in what placeholders of policies stand for: those of answers, `{o:b}` for the origin of
    /// a [`Site`], `{h:b}` for its host and port.
    pub fn expand_policies(&self, scenario: &Scenario, key: &str) -> String {
        let mut text = self.expand(&scenario.policies, scenario, key, "");
        for site in Site::ALL {
            let name = serde_json::to_string(&site).unwrap_or_default();
            let name = name.trim_matches('"');
            text = text
                .replace(&format!("{{o:{name}}}"), &self.origin(site))
                .replace(&format!("{{h:{name}}}"), &self.host(site));
        }
        text
    }

    /// Takes real addresses out of what was seen, so that runs can be compared.
    pub fn contract(&self, text: &str, scenario: &Scenario, key: &str) -> String {
        if !text.contains(':') && !text.contains("/s/") {
            return text.to_owned();
        }
        let mut text = text.to_owned();
        for place in 0..scenario.resources.len() {
            let url = self.url(scenario, key, place);
            text = text.replace(&url, &format!("{{r{place}}}"));
        }
        for site in Site::ALL {
            let name = serde_json::to_string(&site).unwrap_or_default();
            let name = format!("{{o:{}}}", name.trim_matches('"'));
            text = text.replace(&self.origin(site), &name);
        }
        // Where user and password stand between the scheme and the host.
        for site in Site::ALL {
            let name = serde_json::to_string(&site).unwrap_or_default();
            let name = format!("{{h:{}}}", name.trim_matches('"'));
            text = text.replace(&self.host(site), &name);
        }
        text.replace(&format!("/s/{key}/"), "{key}/")
    }
}
