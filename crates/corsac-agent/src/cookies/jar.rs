use std::cmp::Reverse;

use cookie_store::{Cookie, CookieError, CookieStore, RawCookie};
use corsac::{
    fetch::{Profile, ResponseHead, SameSiteMode},
    origin::{Host, OpaqueId, Origin},
};
use url::Url;

use super::{CookieRefusal, SetCookie, WithheldCookie, WithheldReason};

/// The cookies of an agent. The store knows domains, paths and expiry; what SameSite, Secure and
/// the prefixes of names mean to browsers is here.
#[derive(Debug, Default)]
pub(crate) struct Jar(CookieStore);

/// What a request is to the site it goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    pub(crate) mode: SameSiteMode,
    pub(crate) profile: Profile,
}

/// What goes along and what does not.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// The value of Cookie; `None` without any.
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) sent: Vec<String>,
    pub(crate) withheld: Vec<WithheldCookie>,
}

impl Jar {
    /// Selects what goes along to a URL; nothing does without a site, which stands for credentials.
    pub(crate) fn select(&self, url: &Url, site: Option<Site>) -> Selection {
        let mut selection = Selection::default();
        let of_host = self.0.iter_unexpired();
        let mut of_host: Vec<_> = of_host.filter(|it| it.domain.matches(url)).collect();
        // Longer paths first; the store keeps the order within.
        of_host.sort_by_key(|cookie| Reverse(cookie.path.len()));
        let mut value = Vec::new();
        for cookie in of_host {
            let name = cookie.name().to_owned();
            match reason_to_withhold(cookie, url, site) {
                Some(reason) => selection.withheld.push(WithheldCookie { name, reason }),
                None => {
                    if !value.is_empty() {
                        value.extend_from_slice(b"; ");
                    }
                    value.extend_from_slice(name.as_bytes());
                    value.push(b'=');
                    value.extend_from_slice(cookie.value().as_bytes());
                    selection.sent.push(name);
                }
            }
        }
        selection.value = (!value.is_empty()).then_some(value);
        selection
    }

    /// Stores what a response sets; nothing is stored without a site, which stands for credentials.
    pub(crate) fn store(
        &mut self,
        url: &Url,
        site: Option<Site>,
        head: &ResponseHead,
    ) -> Vec<SetCookie> {
        let lines = head.header_list.lines("Set-Cookie");
        lines
            .map(|(line, value)| {
                let stored = match site {
                    Some(site) => self.set(url, Some(site), value),
                    None => Err(CookieRefusal::Credentials),
                };
                let refusal = stored.err();
                SetCookie { line, refusal }
            })
            .collect()
    }

    /// Stores one cookie; without a site it is one that the user put in.
    pub(crate) fn set(
        &mut self,
        url: &Url,
        site: Option<Site>,
        line: &[u8],
    ) -> Result<(), CookieRefusal> {
        let line = str::from_utf8(line).map_err(|_| CookieRefusal::Malformed)?;
        let raw = RawCookie::parse(line.to_owned()).map_err(|_| CookieRefusal::Malformed)?;
        if let Some(domain) = raw.domain() {
            check_public_suffix(domain, url)?;
        }
        if let Some(site) = site {
            check_attributes(&raw, url, site)?;
        }
        match self.0.insert_raw(&raw, url) {
            Ok(_) => Ok(()),
            Err(CookieError::DomainMismatch) => Err(CookieRefusal::Domain),
            Err(CookieError::Expired) => Err(CookieRefusal::Expired),
            Err(_) => Err(CookieRefusal::Malformed),
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

fn reason_to_withhold(
    cookie: &Cookie<'_>,
    url: &Url,
    site: Option<Site>,
) -> Option<WithheldReason> {
    let Some(site) = site else {
        return Some(WithheldReason::Credentials);
    };
    if !cookie.path.matches(url) {
        return Some(WithheldReason::Path);
    }
    if cookie.secure() == Some(true) && !is_trustworthy(url) {
        return Some(WithheldReason::Secure);
    }
    if site.mode == SameSiteMode::StrictOrLess {
        return None;
    }
    match SameSite::of(cookie) {
        Some(SameSite::Strict) => Some(WithheldReason::SameSiteStrict),
        Some(SameSite::Lax) => Some(WithheldReason::SameSiteLax),
        Some(SameSite::None) => None,
        None => defaults_to_lax(&site.profile).then_some(WithheldReason::SameSiteDefault),
    }
}

fn check_attributes(raw: &RawCookie<'_>, url: &Url, site: Site) -> Result<(), CookieRefusal> {
    let is_secure = raw.secure() == Some(true);
    if is_secure && !is_trustworthy(url) {
        return Err(CookieRefusal::Secure);
    }
    match SameSite::of(raw) {
        Some(SameSite::None) if !is_secure && defaults_to_lax(&site.profile) => {
            return Err(CookieRefusal::SameSiteNoneInsecure);
        }
        Some(SameSite::Strict | SameSite::Lax) if site.mode != SameSiteMode::StrictOrLess => {
            return Err(CookieRefusal::SameSite);
        }
        None if site.mode != SameSiteMode::StrictOrLess && defaults_to_lax(&site.profile) => {
            return Err(CookieRefusal::SameSite);
        }
        _ => {}
    }
    let has_prefix = |prefix: &str| {
        let start = raw.name().get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let is_bound = raw.domain().is_none() && raw.path() == Some("/");
    if (has_prefix("__Secure-") && !is_secure)
        || (has_prefix("__Host-") && !(is_secure && is_bound))
    {
        return Err(CookieRefusal::Prefix);
    }
    Ok(())
}

/// A cookie for everybody's names would be one for nobody's; only a host of that very name may keep
/// it, to itself.
fn check_public_suffix(domain: &str, url: &Url) -> Result<(), CookieRefusal> {
    let domain = domain.trim_start_matches('.').to_ascii_lowercase();
    let has_owner = Host::Domain((*domain).into())
        .registrable_domain()
        .is_some();
    let is_address = !matches!(url.host(), Some(url::Host::Domain(_)));
    match has_owner || is_address || url.host_str() == Some(&domain) {
        true => Ok(()),
        false => Err(CookieRefusal::PublicSuffix),
    }
}

/// `SameSite` as it was written: what is not one of the three words is as good as absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SameSite {
    Strict,
    Lax,
    None,
}

impl SameSite {
    fn of(cookie: &RawCookie<'_>) -> Option<Self> {
        let same_site = cookie.same_site()?;
        Some(match (same_site.is_strict(), same_site.is_lax()) {
            (true, _) => Self::Strict,
            (_, true) => Self::Lax,
            _ => Self::None,
        })
    }
}

/// Only Chromium takes a cookie without SameSite for one with `Lax`, and insists on Secure where it
/// is `None`.
fn defaults_to_lax(profile: &Profile) -> bool {
    profile.name == Profile::CHROMIUM.name
}

/// Browsers take this machine for as good as https.
fn is_trustworthy(url: &Url) -> bool {
    url.scheme() == "https" || Origin::of_url(url, OpaqueId(0)).is_potentially_trustworthy()
}
