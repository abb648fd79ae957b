//! What a page asks for, and of whom.

use crate::scenario::{
    Api, Body, Call, Cookie, Credentials, Mode, Page, Redirect, Resource, Scenario, Site,
};

use super::{Feature, menu, rng::Rng};

pub(super) struct Dice {
    pub(super) rng: Rng,
    pub(super) feature: Feature,
    /// Whether servers grant nearly everything: then more is granted, and there is more to read.
    pub(super) calm: bool,
}

impl Dice {
    pub(super) fn scenario(mut self) -> Scenario {
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
        let sites: Vec<_> = (0..count).map(|_| self.site()).collect();
        let mut resources: Vec<_> = (0..count)
            .map(|place| self.resource(place, &sites))
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
            ..Scenario::default()
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

    fn resource(&mut self, place: usize, sites: &[Site]) -> Resource {
        let site_of = |place: usize| sites.get(place).copied().unwrap_or_default();
        let site = site_of(place);
        let (count, next) = (sites.len(), place + 1);
        let redirects = next < count || (self.feature == Feature::Redirects && self.rng.one_in(12));
        let actual = match redirects && !self.rng.one_in(12) {
            true => self.redirect(next % count, site_of(next % count)),
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
