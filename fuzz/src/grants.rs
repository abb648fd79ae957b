//! Who granted what: a second, simpler memory of preflights, beside the cache.

use std::time::Duration;

use corsac::{
    fetch::{CredentialsMode, Fetch, Hop, Profile, ResponseHead, ResponseTainting, is_ok_status},
    header::{HeaderList, cors_unsafe_request_header_names},
};
use url::Url;

pub(crate) struct Grants {
    pub(crate) now: Duration,
    profile: Profile,
    answers: Vec<Granted>,
}

/// A preflight and its answer.
struct Granted {
    fetch: usize,
    hops: usize,
    at: Duration,
    url: Url,
    origin: Vec<u8>,
    method: String,
    forced: bool,
    include: bool,
    head: ResponseHead,
}

impl Grants {
    pub(crate) fn new(profile: Profile) -> Self {
        Self {
            now: Duration::ZERO,
            profile,
            answers: Vec::new(),
        }
    }

    /// Keeps an answer that could grant something.
    pub(crate) fn note(&mut self, number: usize, fetch: &Fetch, hop: &Hop, head: &ResponseHead) {
        let origin = hop
            .header_list
            .get("Origin")
            .unwrap_or_default()
            .into_owned();
        let include = fetch.request().credentials_mode == CredentialsMode::Include;
        let shared = items(&head.header_list, "Access-Control-Allow-Origin");
        let credentials = items(&head.header_list, "Access-Control-Allow-Credentials");
        let is_shared = match shared.as_slice() {
            [one] => *one == origin || (one == b"*" && !include),
            _ => false,
        };
        let is_trusted = !include || credentials == [b"true".to_vec()];
        if !is_ok_status(head.status) || !is_shared || !is_trusted {
            return;
        }
        self.answers.push(Granted {
            fetch: number,
            hops: fetch.url_list().len(),
            at: self.now,
            url: without_fragment(&hop.url),
            origin,
            method: fetch.request().method.to_string(),
            forced: fetch.request().use_cors_preflight,
            include,
            head: head.clone(),
        });
    }

    /// A request that forms could not always send was granted: its method and each header name, by
    /// some answer about this URL, to this origin, that still holds.
    pub(crate) fn cover(&self, number: usize, fetch: &Fetch, hop: &Hop) {
        if fetch.response_tainting() != ResponseTainting::Cors {
            return;
        }
        let request = fetch.request();
        let include = request.credentials_mode == CredentialsMode::Include;
        let origin = hop.header_list.get("Origin").unwrap_or_default();
        let url = without_fragment(&hop.url);
        // Where an engine does not taint preflights or what it caches of them, what was granted to
        // `null` counts for the page, and the other way round.
        let origins_differ = !self.profile.taints_preflights || !self.profile.taints_cache_entries;
        let holds = |answer: &&Granted| {
            let at_once = answer.fetch == number && answer.hops == fetch.url_list().len();
            let later = self.now <= answer.at + self.max_age(&answer.head.header_list);
            answer.url == url
                && (answer.origin == *origin || origins_differ)
                && (answer.include || !include)
                && (at_once || later)
        };
        let answers: Vec<_> = self.answers.iter().filter(holds).collect();
        let lists = |answer: &Granted, header: &'static str, item: &[u8]| {
            let items = items(&answer.head.header_list, header);
            items.iter().any(|one| one.eq_ignore_ascii_case(item))
                || (!answer.include && items.contains(&b"*".to_vec()))
        };
        let method = request.method.as_str();
        let method_is_granted = ["GET", "HEAD", "POST"].contains(&method)
            || answers.iter().any(|answer| {
                let header = "Access-Control-Allow-Methods";
                let silent = !answer.head.header_list.contains(header);
                lists(answer, header, method.as_bytes())
                    || (answer.forced && silent && answer.method == method)
            });
        assert!(method_is_granted, "nobody granted {hop:?}");
        let unsafe_names =
            cors_unsafe_request_header_names(&request.header_list, self.profile.safelist);
        for one in unsafe_names {
            let is_granted = answers
                .iter()
                .any(|answer| lists(answer, "Access-Control-Allow-Headers", &one.name));
            assert!(is_granted, "nobody granted {one:?} of {hop:?}");
        }
    }

    fn max_age(&self, list: &HeaderList) -> Duration {
        let lines: Vec<_> = list.lines("Access-Control-Max-Age").collect();
        let seconds = match lines.as_slice() {
            [] => return Duration::from_secs(5),
            [(_, value)] => std::str::from_utf8(value).ok(),
            _ => None,
        };
        let seconds = seconds.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let max_age = match seconds.filter(|text| !text.is_empty()) {
            Some(text) => Duration::from_secs(text.parse().unwrap_or(u64::MAX)),
            None => self.profile.max_age_if_invalid,
        };
        max_age.min(self.profile.max_age_limit)
    }
}

/// All items of a header's lines, trimmed, none of them empty.
fn items(list: &HeaderList, name: &'static str) -> Vec<Vec<u8>> {
    list.lines(name)
        .flat_map(|(_, line)| line.split(|&byte| byte == b','))
        .map(|item| item.trim_ascii().to_vec())
        .filter(|item| !item.is_empty())
        .collect()
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}
