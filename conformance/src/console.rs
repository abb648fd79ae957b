//! What the three consoles say of each code, by the cases of `console/cases.toml`.

use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::{
    browsers::{Aloud, Browser, Engine},
    scenario::{Call, Page, Resource, Scenario, Site},
    servers::{Servers, page::Item},
};

/// How long a line may take from the network's process to the console.
const LATE: Duration = Duration::from_millis(200);

/// Lines that follow every refusal and tell none from another.
const NOISE: [&str; 9] = [
    "Not allowed to request resource",
    "FTP URLs are disabled",
    // Of the browser's own parts.
    "PathUtils",
    "net::ERR_FAILED",
    "TypeError: Failed to fetch",
    "TypeError: NetworkError when attempting",
    "TypeError: Load failed",
    "due to access control checks",
    "the server responded with a status of",
];

/// What a case puts into a URL; without it the line is as good.
const USERINFO: &str = "user:pw@";

/// One case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The code that it comes to.
    pub code: String,
    /// What the page runs instead of calls, where these cannot say it.
    #[serde(default)]
    pub script: Option<String>,
    #[serde(default)]
    page: Page,
    #[serde(default, rename = "call")]
    calls: Vec<Call>,
    #[serde(default, rename = "resource")]
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

/// A case as a page needs it.
#[derive(Serialize)]
struct Said<'a> {
    #[serde(flatten)]
    item: Item,
    script: Option<&'a str>,
    urls: Vec<String>,
}

impl Case {
    /// All of them.
    ///
    /// # Errors
    /// The file is not well formed.
    pub fn all() -> Result<Vec<Self>> {
        let cases: Cases = toml::from_str(include_str!("../console/cases.toml"))?;
        Ok(cases.case)
    }

    /// What happens in it, as far as calls say it.
    pub fn scenario(&self) -> Scenario {
        Scenario {
            page: self.page,
            calls: self.calls.clone(),
            resources: self.resources.clone(),
            ..Scenario::default()
        }
    }
}

/// Addresses as an example has them: the page's origin, and the URL that it asks for.
pub fn as_example(text: &str) -> String {
    text.replace("{o:home}", "https://app.example")
        .replace("{o:tls-home}", "https://app.example")
        .replace("{r0}", "https://api.example/orders")
        .replace("{r1}", "https://cdn.example/orders")
}

/// Has an engine go through the cases, and gives what its console said of each, addresses as an
/// example has them.
///
/// # Errors
/// No browser, or one that does not answer.
pub async fn listen(engine: Engine, servers: &Servers, cases: &[Case]) -> Result<Vec<Vec<String>>> {
    let scenarios: Vec<_> = cases.iter().map(Case::scenario).collect();
    let keys: Vec<_> = scenarios.iter().map(|it| servers.register(it)).collect();
    let expander = servers.expander();
    let mut items = Vec::new();
    for ((case, scenario), key) in cases.iter().zip(&scenarios).zip(&keys) {
        let urls = 0..scenario.resources.len();
        items.push(Said {
            item: Item::of(scenario, key, expander),
            script: case.script.as_deref(),
            urls: urls.map(|it| expander.url(scenario, key, it)).collect(),
        });
    }
    let said = match engine {
        Engine::Webkit => aloud(servers, cases, &items).await?,
        Engine::Chromium | Engine::Firefox => one_by_one(engine, servers, cases, &items).await?,
    };
    let said = said.into_iter().zip(scenarios.iter().zip(&keys));
    Ok(said
        .map(|(lines, (scenario, key))| {
            let mut lines: Vec<_> = lines
                .into_iter()
                .filter(|line| !NOISE.iter().any(|noise| line.contains(noise)))
                .map(|line| {
                    let line = without_fragment(&line).replace(USERINFO, "");
                    as_example(&expander.contract(&line, scenario, key))
                })
                .collect();
            lines.dedup();
            // Firefox says of most failed preflights that there was no response, too.
            let mut place = 0;
            lines.retain(|line| {
                place += 1;
                place == 1 || !line.contains("CORS request did not succeed")
            });
            lines
        })
        .collect())
}

/// Each case in a page of its own, and the console read after it.
async fn one_by_one(
    engine: Engine,
    servers: &Servers,
    cases: &[Case],
    items: &[Said<'_>],
) -> Result<Vec<Vec<String>>> {
    let mut browser = Browser::start(engine, servers.key_hash()).await?;
    let mut all = Vec::new();
    for (case, item) in cases.iter().zip(items) {
        browser.open(&servers.page_url(case.page.site)).await?;
        browser.console().await?;
        let url = servers.page_url(case.page.site);
        browser.play(&url, std::slice::from_ref(item), 1).await?;
        sleep(LATE).await;
        let lines = browser.console().await?.into_iter();
        all.push(lines.map(|line| line.text).collect());
    }
    Ok(all)
}

/// All cases of one kind of page in one page, which says itself where each begins.
async fn aloud(servers: &Servers, cases: &[Case], items: &[Said<'_>]) -> Result<Vec<Vec<String>>> {
    let mut all = vec![Vec::new(); cases.len()];
    for site in [Site::Home, Site::TlsHome] {
        let of_site = cases
            .iter()
            .zip(items)
            .filter(|(case, _)| case.page.site == site);
        let of_site: Vec<_> = of_site.map(|(_, item)| item).collect();
        let fragment = serde_json::to_string(&of_site)?;
        let url = format!("{}#{}", servers.page_url(site), percent(&fragment));
        for (key, lines) in Aloud::listen(&url).await? {
            let mut keys = items.iter().map(|it| &it.item.key);
            let place = keys.position(|it| *it == key);
            let slot = place.and_then(|place| all.get_mut(place));
            *slot.context("only cases are begun")? = lines;
        }
    }
    Ok(all)
}

/// A page that runs aloud has its whole task in its URL.
fn without_fragment(line: &str) -> String {
    let Some((before, rest)) = line.split_once("#%") else {
        return line.to_owned();
    };
    let after = rest.find(' ').and_then(|end| rest.get(end..));
    format!("{before}{}", after.unwrap_or_default())
}

/// As decodeURIComponent() undoes it.
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(byte.into()),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
