//! From a seed to a scenario, and from a scenario to a smaller one.

mod menu;
mod rng;
mod shrink;

pub use shrink::shrink;

use serde::{Deserialize, Serialize};

use crate::scenario::{
    Answer, Api, Body, Call, Cookie, Credentials, Mode, Page, Redirect, Resource, Scenario, Site,
};

use self::{menu::Values, rng::Rng};

/// What a scenario is about.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// One call, one answer.
    #[default]
    Plain,
    /// Header lines twice, at limits, with odd bytes and odd spacing.
    Bytes,
    /// Redirects among origins.
    Redirects,
    /// Several calls, so that the preflight cache shows.
    Cache,
    /// Cookies and other sites.
    Sites,
    /// https, and HTTP/2.
    Tls,
    /// A page whose origin is opaque.
    Opaque,
    /// Answers that are late or never come.
    Transport,
    /// Images, module scripts and fonts.
    Elements,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Plain,
        Self::Bytes,
        Self::Redirects,
        Self::Cache,
        Self::Sites,
        Self::Tls,
        Self::Opaque,
        Self::Transport,
        Self::Elements,
    ];

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Bytes => "bytes",
            Self::Redirects => "redirects",
            Self::Cache => "cache",
            Self::Sites => "sites",
            Self::Tls => "tls",
            Self::Opaque => "opaque",
            Self::Transport => "transport",
            Self::Elements => "elements",
        }
    }
}

/// The scenario of a seed. Of each seed there is one, for ever.
pub fn scenario(seed: u64) -> (Feature, Scenario) {
    let mut rng = Rng::new(seed);
    let feature = rng.pick(&[
        Feature::Plain,
        Feature::Plain,
        Feature::Plain,
        Feature::Plain,
        Feature::Bytes,
        Feature::Bytes,
        Feature::Bytes,
        Feature::Redirects,
        Feature::Redirects,
        Feature::Redirects,
        Feature::Cache,
        Feature::Cache,
        Feature::Cache,
        Feature::Sites,
        Feature::Sites,
        Feature::Tls,
        Feature::Opaque,
        Feature::Transport,
        Feature::Elements,
    ]);
    let calm = rng.one_in(2);
    let dice = Dice { rng, feature, calm };
    (feature, dice.scenario())
}

struct Dice {
    rng: Rng,
    feature: Feature,
    /// Whether servers grant nearly everything: then more is granted, and there is more to read.
    calm: bool,
}

impl Dice {
    fn scenario(mut self) -> Scenario {
        let page = Page {
            site: match self.feature {
                Feature::Tls if self.rng.one_in(2) => Site::TlsHome,
                _ => Site::Home,
            },
            opaque: self.feature == Feature::Opaque,
        };
        let count = match self.feature {
            Feature::Redirects => 2 + self.rng.below(3),
            Feature::Sites | Feature::Tls | Feature::Opaque => 1 + self.rng.below(2),
            _ => 1,
        };
        let mut resources: Vec<_> = (0..count)
            .map(|place| self.resource(place, count))
            .collect();
        let calls = self.calls();
        if calls.iter().any(|call| call.api == Api::ModuleScript) {
            resources.iter_mut().for_each(hand_out_a_script);
        }
        if self.feature == Feature::Cache {
            self.vary_answers(&mut resources);
        }
        let cookies = match self.feature {
            Feature::Sites | Feature::Redirects if self.rng.one_in(2) => {
                self.cookies(&resources, page)
            }
            _ => Vec::new(),
        };
        Scenario {
            page,
            cookies,
            calls,
            resources,
        }
    }

    fn site(&mut self) -> Site {
        match self.feature {
            Feature::Plain | Feature::Bytes | Feature::Cache | Feature::Transport => self
                .rng
                .pick(&[Site::Port, Site::Port, Site::Port, Site::Home]),
            Feature::Redirects | Feature::Opaque | Feature::Elements => self.rng.pick(&[
                Site::Home,
                Site::Port,
                Site::Port,
                Site::A,
                Site::SubA,
                Site::B,
                Site::Ip,
            ]),
            Feature::Sites => self.rng.pick(&[
                Site::Home,
                Site::Port,
                Site::Ip,
                Site::A,
                Site::SubA,
                Site::B,
                Site::TlsHome,
            ]),
            Feature::Tls => self.rng.pick(&[
                Site::TlsHome,
                Site::TlsPort,
                Site::TlsA,
                Site::H2Home,
                Site::H2B,
                Site::H2B,
            ]),
        }
    }

    fn resource(&mut self, place: usize, count: usize) -> Resource {
        let site = self.site();
        let next = place + 1;
        let redirects = next < count || (self.feature == Feature::Redirects && self.rng.one_in(12));
        let actual = match redirects && !self.rng.one_in(12) {
            true => self.redirect(next % count),
            false => self.actual(site),
        };
        let preflight = self.preflight(site);
        Resource {
            site,
            preflight: vec![preflight],
            actual: vec![actual],
        }
    }

    fn calls(&mut self) -> Vec<Call> {
        let first = self.call();
        if self.feature != Feature::Cache {
            return vec![first];
        }
        let mut calls = vec![first];
        for _ in 0..1 + self.rng.below(3) {
            let mut call = calls.last().cloned().unwrap_or_default();
            match self.rng.below(8) {
                0 => call.method = self.rng.pick(menu::METHODS).to_owned(),
                1 => call.headers = self.headers(),
                2 => call.credentials = self.credentials(),
                3 => call = self.call(),
                _ => {}
            }
            if call.api == Api::Fetch {
                limit_fetch(&mut call);
            }
            calls.push(call);
        }
        calls
    }

    fn call(&mut self) -> Call {
        let api = match self.feature {
            Feature::Elements => self.rng.pick(&[Api::Image, Api::Image, Api::ModuleScript]),
            _ => self.rng.pick(&[Api::Fetch, Api::Fetch, Api::Xhr]),
        };
        let mut call = Call {
            api,
            credentials: self.credentials(),
            ..Call::default()
        };
        if self.feature == Feature::Elements {
            if api == Api::Image && self.rng.one_in(2) {
                call.mode = Mode::NoCors;
            }
            if call.credentials == Credentials::Omit {
                call.credentials = Credentials::SameOrigin;
            }
            return call;
        }
        call.method = self.rng.pick(menu::METHODS).to_owned();
        call.headers = self.headers();
        call.body = self.body();
        match api {
            Api::Xhr => {
                call.upload_listener = self.rng.one_in(4);
                if call.credentials == Credentials::Omit {
                    call.credentials = Credentials::SameOrigin;
                }
            }
            _ => {
                call.mode = match self.rng.below(12) {
                    0 => Mode::NoCors,
                    1 => Mode::SameOrigin,
                    _ => Mode::Cors,
                };
                call.redirect = match self.rng.below(12) {
                    0 => Redirect::Error,
                    1 => Redirect::Manual,
                    _ => Redirect::Follow,
                };
                limit_fetch(&mut call);
            }
        }
        call
    }

    fn credentials(&mut self) -> Credentials {
        self.rng.pick(&[
            Credentials::SameOrigin,
            Credentials::SameOrigin,
            Credentials::Include,
            Credentials::Include,
            Credentials::Omit,
        ])
    }

    fn headers(&mut self) -> Vec<(String, String)> {
        let mut headers: Vec<(String, String)> = Vec::new();
        while self.rng.one_in(2) {
            let (name, value) = self.rng.pick(menu::HEADERS);
            let repeats = headers.iter().any(|(it, _)| it.eq_ignore_ascii_case(name));
            if !repeats || (self.feature == Feature::Bytes && self.rng.one_in(3)) {
                headers.push((name.to_owned(), value.to_owned()));
            }
        }
        if self.feature == Feature::Bytes && self.rng.one_in(3) {
            headers.push(self.edge_header());
        }
        headers
    }

    /// A header whose length or bytes decide whether it is safe.
    fn edge_header(&mut self) -> (String, String) {
        let name = self
            .rng
            .pick(&["Accept", "Accept-Language", "Content-Language", "X-Custom"]);
        let value = match self.rng.below(4) {
            0 => "a".repeat(self.rng.pick(&[127, 128, 129])),
            1 => {
                let byte = u8::try_from(0x21 + self.rng.below(0xdf)).unwrap_or(b'a');
                format!("a{}b", char::from(byte))
            }
            2 => "a\tb".to_owned(),
            _ => {
                // Together with others, the sum of 1024.
                "a".repeat(self.rng.pick(&[100, 128, 1024, 1025]))
            }
        };
        (name.to_owned(), value)
    }

    fn body(&mut self) -> Body {
        let text = || "hi".to_owned();
        match self.rng.below(10) {
            0..4 => Body::None,
            4 | 5 => Body::Text { text: text() },
            6 => Body::UrlEncoded { text: text() },
            7 => Body::FormData { text: text() },
            8 => Body::Blob {
                text: text(),
                mime: self
                    .rng
                    .pick(&["", "text/plain", "application/json"])
                    .to_owned(),
            },
            _ => Body::Buffer { length: 3 },
        }
    }

    fn preflight(&mut self, site: Site) -> Answer {
        let mut answer = Answer {
            status: match self.calm || !self.rng.one_in(4) {
                true => 204,
                false => self.rng.pick(menu::PREFLIGHT_STATUSES),
            },
            ..Answer::default()
        };
        self.share(&mut answer, site);
        self.lines(
            &mut answer,
            menu::ALLOW_METHODS,
            "*, GET, POST, PUT, DELETE, PATCH, patch, OPTIONS, put, X-METHOD",
            site,
        );
        self.lines(&mut answer, menu::ALLOW_HEADERS, ALL_HEADERS, site);
        match self.feature {
            Feature::Cache => {
                let age = self
                    .rng
                    .pick(&["600", "600", "600", "0", "abc", "-1", "86400", ""]);
                answer.lines.push(format!("Access-Control-Max-Age: {age}"));
            }
            _ if self.rng.one_in(3) => self.lines(&mut answer, menu::MAX_AGE, "600", site),
            _ => {}
        }
        self.spoil(&mut answer);
        answer
    }

    fn actual(&mut self, site: Site) -> Answer {
        let mut answer = Answer {
            status: self.rng.pick(menu::STATUSES),
            body: "hello".to_owned(),
            ..Answer::default()
        };
        self.share(&mut answer, site);
        if self.rng.one_in(2) {
            self.lines(&mut answer, menu::EXPOSE_HEADERS, "*", site);
        }
        while self.rng.one_in(2) {
            answer.lines.push(self.rng.pick(menu::OTHER).to_owned());
        }
        if self.feature == Feature::Elements {
            answer.status = 200;
            answer.body = menu::GIF.to_owned();
            answer
                .lines
                .retain(|line| !line.starts_with("Content-Type"));
            answer.lines.push("Content-Type: image/gif".to_owned());
        }
        if matches!(answer.status, 204 | 205 | 304) {
            answer.body.clear();
        }
        if self.feature != Feature::Elements && self.rng.one_in(2) {
            answer.reason = "OK then".to_owned();
        }
        self.spoil(&mut answer);
        answer
    }

    fn redirect(&mut self, to: usize) -> Answer {
        let mut answer = Answer {
            status: self.rng.pick(menu::REDIRECTS),
            ..Answer::default()
        };
        self.share(&mut answer, Site::Home);
        let location = match self.rng.below(16) {
            0 => "{scheme}://user:pw@{h}{p}",
            1 => "{scheme}://user@{h}{p}",
            2 => "",
            3 => "data:text/plain,hi",
            4 => "about:blank",
            5 => "http://[",
            _ => "{r}",
        };
        let location = location
            .replace("{scheme}", "http")
            .replace("{h}", &format!("{{h{to}}}"))
            .replace("{p}", &format!("{{p{to}}}"))
            .replace("{r}", &format!("{{r{to}}}"));
        answer.lines.push(format!("Location: {location}"));
        answer
    }

    /// Lines that open the response, mostly.
    fn share(&mut self, answer: &mut Answer, site: Site) {
        let usual = match self.rng.below(6) {
            0 | 1 => "*",
            _ => "{origin}",
        };
        self.lines(answer, menu::ALLOW_ORIGIN, usual, site);
        if self.rng.one_in(2) {
            self.lines(answer, menu::ALLOW_CREDENTIALS, "true", site);
        }
    }

    /// One header's lines: the usual value, another one, none, or two.
    fn lines(&mut self, answer: &mut Answer, (name, values): Values, usual: &str, site: Site) {
        let odd = self.feature == Feature::Bytes && !matches!(site, Site::H2B | Site::H2Home);
        let often = match (self.calm, odd) {
            (true, _) => 12,
            (false, true) => 2,
            (false, false) => 4,
        };
        if !self.rng.one_in(often) {
            answer.lines.push(format!("{name}: {usual}"));
            return;
        }
        let mut count = self.rng.pick(&[0, 1, 1, 1, 1, 2]);
        while count > 0 {
            count -= 1;
            let value = self.rng.pick(values);
            let control = value
                .chars()
                .any(|char| u32::from(char) < 0x20 && char != '\t');
            if control && !odd {
                continue;
            }
            let line = match odd {
                true => self.odd_line(name, value),
                false => format!("{name}: {value}"),
            };
            answer.lines.push(line);
        }
    }

    fn odd_line(&mut self, name: &str, value: &str) -> String {
        match self.rng.below(12) {
            0 => format!("{}:{value}", name.to_ascii_lowercase()),
            1 => format!("{}:   {value}  ", name.to_ascii_uppercase()),
            2 => format!("{name}:\t{value}\t"),
            3 => format!("{name} : {value}"),
            _ => format!("{name}: {value}"),
        }
    }

    fn spoil(&mut self, answer: &mut Answer) {
        if self.feature == Feature::Transport {
            match self.rng.below(6) {
                0 | 1 => answer.reset = true,
                2 | 3 => answer.delay = self.rng.pick(&[20, 50, 100]),
                _ => {}
            }
        }
    }

    /// The servers change their minds between two calls.
    fn vary_answers(&mut self, resources: &mut [Resource]) {
        for resource in resources {
            if self.rng.one_in(2) {
                let answer = self.preflight(resource.site);
                resource.preflight.push(answer);
            }
            if self.rng.one_in(3) {
                let answer = self.actual(resource.site);
                resource.actual.push(answer);
            }
        }
    }

    fn cookies(&mut self, resources: &[Resource], page: Page) -> Vec<Cookie> {
        let mut cookies = Vec::new();
        for (place, resource) in resources.iter().enumerate() {
            let home = page.site.host() == resource.site.host();
            if home && cookies.is_empty() {
                let attributes = self.rng.pick(&["; SameSite=Lax", "; SameSite=Strict"]);
                cookies.push(Cookie {
                    resource: place,
                    name: "sid".to_owned(),
                    attributes: attributes.to_owned(),
                });
            }
        }
        cookies
    }
}

const ALL_HEADERS: &str = "authorization, content-type, x-custom, x-other, accept, accept-language, content-language, range, dpr, save-data, width, viewport-width, downlink, cache-control, pragma, x-requested-with, x-http-method-override, x-method-override";

/// A module is nothing without its type.
fn hand_out_a_script(resource: &mut Resource) {
    for answer in &mut resource.actual {
        if answer.body == menu::GIF {
            answer.body = "export {};".to_owned();
            answer
                .lines
                .retain(|line| !line.starts_with("Content-Type"));
            answer
                .lines
                .push("Content-Type: text/javascript".to_owned());
        }
    }
}

/// Keeps a fetch() from being one that its API refuses, mostly.
fn limit_fetch(call: &mut Call) {
    let bare = matches!(call.method.to_ascii_uppercase().as_str(), "GET" | "HEAD");
    if bare {
        call.body = Body::None;
    }
    let simple = matches!(
        call.method.to_ascii_uppercase().as_str(),
        "GET" | "HEAD" | "POST"
    );
    if call.mode == Mode::NoCors && !simple {
        call.mode = Mode::Cors;
    }
}
