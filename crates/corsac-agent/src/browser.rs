//! What browsers add to every request, by whose manners an agent has.

use corsac::fetch::{Destination, Environment, Profile, Request};

use crate::AgentConfig;

/// What one browser says of itself.
struct Manners {
    user_agent: &'static str,
    accept_language: &'static str,
    /// Accept for images and styles, where it is not the Standard's.
    accept_image: Option<&'static str>,
}

const CORSAC: Manners = Manners {
    user_agent: concat!("corsac/", env!("CARGO_PKG_VERSION")),
    accept_language: "en",
    accept_image: None,
};

const CHROMIUM: Manners = Manners {
    user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
        Chrome/142.0.0.0 Safari/537.36",
    accept_language: "en-US,en;q=0.9",
    accept_image: Some("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"),
};

const FIREFOX: Manners = Manners {
    user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    accept_language: "en-US,en;q=0.5",
    accept_image: Some("image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"),
};

const WEBKIT: Manners = Manners {
    user_agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 \
        (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    accept_language: "en-US,en;q=0.9",
    accept_image: None,
};

fn manners(profile: &Profile) -> &'static Manners {
    [
        (Profile::CHROMIUM, &CHROMIUM),
        (Profile::FIREFOX, &FIREFOX),
        (Profile::WEBKIT, &WEBKIT),
    ]
    .into_iter()
    .find(|(of, _)| of.name == profile.name)
    .map_or(&CORSAC, |(_, manners)| manners)
}

impl AgentConfig {
    /// The User-Agent that goes out where the page brings none.
    pub fn sent_user_agent(&self) -> &[u8] {
        let own = manners(&self.profile).user_agent.as_bytes();
        self.user_agent.as_deref().unwrap_or(own)
    }
}

/// Fills in what the page and its author left open.
pub(crate) fn fill_in(config: &AgentConfig, page: &mut Environment, request: &mut Request) {
    let manners = manners(&config.profile);
    let fill = |value: &mut Option<Box<[u8]>>, chosen: &Option<Box<[u8]>>, own: &str| {
        if value.is_none() {
            *value = Some(chosen.clone().unwrap_or_else(|| own.as_bytes().into()));
        }
    };
    fill(&mut page.user_agent, &config.user_agent, manners.user_agent);
    fill(
        &mut page.accept_language,
        &config.accept_language,
        manners.accept_language,
    );
    if let (Destination::Image, Some(accept)) = (request.destination, manners.accept_image)
        && !request.header_list.contains("Accept")
    {
        request.header_list.append("Accept", accept);
    }
    page.questions.cookies |= config.keeps_cookies;
    page.questions.local_network = true;
}
