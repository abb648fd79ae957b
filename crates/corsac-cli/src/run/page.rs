//! From what was typed to a page.

use std::path::Path;

use corsac::{
    fetch::Environment,
    origin::{OpaqueId, Origin},
};
use corsac_agent::PageAddressSpace;
use corsac_js::PageConfig;
use url::Url;

use crate::check::{args::ProfileArg, network, origin};

use super::{args::RunArgs, scripts::Script};

/// The page of those who do not care which: of this machine, so that nobody else's it is, and secure.
const ORIGIN: &str = "http://sitea.localhost";

/// Configures a page, or says what is wrong with what was typed.
pub(super) fn config(args: &RunArgs) -> Result<PageConfig, String> {
    let (origin, url) = page(args)?;
    let mut config = PageConfig::new(url.clone(), ProfileArg::from(args.profile).sends_as());
    config.environment = Environment::new(origin);
    config.environment.creation_url = Some(url);
    for entry in &args.resolve {
        network::map(&mut config.agent.resolver, entry)?;
    }
    if let Some(path) = &args.cacert {
        network::believe(&mut config.agent.trust, path)?;
    }
    config.imports_files = true;
    config.agent.page_address_space = PageAddressSpace::OfFirstPeer;
    // Nobody can be asked.
    config.agent.allows_local_network = true;
    if let Some(timeout) = args.timeout {
        config.limits.total_time = Some(timeout);
        config.limits.run_time = Some(timeout);
    }
    Ok(config)
}

/// The page's origin and URL.
fn page(args: &RunArgs) -> Result<(Origin, Url), String> {
    let url = args.page_url.as_deref();
    let url =
        url.map(|text| Url::parse(text).map_err(|error| format!("--page-url {text}: {error}")));
    let url = url.transpose()?;
    let origin = match (&args.origin, &url) {
        (Some(text), _) => origin::parse(text)?,
        (None, Some(url)) => Origin::of_url(url, OpaqueId(0)),
        (None, None) => origin::parse(ORIGIN)?,
    };
    let url = match (url, &origin) {
        // A sandboxed frame has a URL, and the origin `null` all the same.
        (Some(url), Origin::Opaque(_)) => url,
        (Some(url), _) => {
            let of = Origin::of_url(&url, OpaqueId(0));
            if of != origin {
                return Err(format!(
                    "--page-url {url} is of the origin {of}, not {origin}"
                ));
            }
            url
        }
        (None, Origin::Opaque(_)) => "about:blank".parse().map_err(unlikely)?,
        (None, origin) => format!("{origin}/").parse().map_err(unlikely)?,
    };
    Ok((origin, url))
}

/// What a module's imports are relative to: the file that it stands in, or else the page.
pub(super) fn module_url(script: &Script, page: &Url) -> Url {
    let file = script.file.as_deref().and_then(file_url);
    file.unwrap_or_else(|| page.clone())
}

fn file_url(path: &Path) -> Option<Url> {
    Url::from_file_path(std::path::absolute(path).ok()?).ok()
}

fn unlikely(error: url::ParseError) -> String {
    format!("the page has no URL: {error}")
}
