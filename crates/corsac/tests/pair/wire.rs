//! What goes over the wire, header by header.

use corsac::fetch::{Body, Hop, HopKind};

use crate::{
    case::TARGETS,
    world::{COOKIE, Expected, Run, World, count},
};

impl Run<'_> {
    /// What goes over the wire: the right request, and only if somebody allowed it.
    pub(crate) fn check_request(&self, hop: &Hop, world: &mut World<'_>) -> Result<(), String> {
        ensure!(
            hop.url.as_str() == TARGETS[self.target],
            "went to {}",
            hop.url
        );
        let missing = world.grants.missing(&self.key(), &self.question, world.now);
        match (&self.expected, hop.kind) {
            (Expected::Request, HopKind::Preflight) => {
                ensure!(self.cors, "asked its own origin");
                ensure!(!missing.is_empty(), "asked for what is granted already");
                self.check_preflight(hop)
            }
            (Expected::Request, HopKind::Actual) if self.cors => {
                ensure!(missing.is_empty(), "sent, and nobody granted {missing:?}");
                if !self.question.needs().is_empty() {
                    count(world.tally, "requests sent on a cached grant");
                }
                self.check_actual(hop)
            }
            (Expected::Request | Expected::Actual, HopKind::Actual) => self.check_actual(hop),
            (expected, kind) => Err(format!("expected {expected:?}, and sent {kind:?}")),
        }
    }

    fn check_preflight(&self, hop: &Hop) -> Result<(), String> {
        let list = &hop.header_list;
        ensure!(hop.method == "OPTIONS" && hop.body == Body::None, "{hop:?}");
        ensure!(!hop.include_credentials, "a preflight with credentials");
        let get = |name| list.get(name).map(|value| value.into_owned());
        let names = self.question.unsafe_names();
        let names = (!names.is_empty()).then(|| names.join(",").into_bytes());
        ensure!(get("access-control-request-headers") == names, "{list:?}");
        let method = Some(self.question.method.as_bytes().to_vec());
        ensure!(get("access-control-request-method") == method, "{list:?}");
        let origin = Some(self.question.origin.as_bytes().to_vec());
        ensure!(get("origin") == origin, "{list:?}");
        for header in list {
            let name = header.name().to_ascii_lowercase();
            let known: [&[u8]; 4] = [
                b"accept",
                b"origin",
                b"access-control-request-method",
                b"access-control-request-headers",
            ];
            let is_known = known.contains(&&*name) || name.starts_with(b"sec-fetch-");
            ensure!(is_known, "a preflight carried {header:?}");
        }
        Ok(())
    }

    fn check_actual(&self, hop: &Hop) -> Result<(), String> {
        let list = &hop.header_list;
        ensure!(hop.method == self.question.method, "method {}", hop.method);
        ensure!((hop.body != Body::None) == self.has_body, "{:?}", hop.body);
        ensure!(
            hop.include_credentials == self.has_credentials(),
            "credentials"
        );
        let get = |name| list.get(name).map(|value| value.into_owned());
        let cookie = self.has_credentials().then(|| COOKIE.into());
        ensure!(get("cookie") == cookie, "{list:?}");
        let says_origin = self.cors || !matches!(self.question.method, "GET" | "HEAD");
        let origin = says_origin.then(|| self.question.origin.clone().into_bytes());
        ensure!(get("origin") == origin, "{list:?}");
        ensure!(!list.contains("access-control-request-method"), "{list:?}");
        ensure!(!list.contains("access-control-request-headers"), "{list:?}");
        for (name, value, _) in &self.ask.headers {
            let kept = self.question.headers.iter().any(|(kept, ..)| kept == name);
            let sent = list.get(name).map(|value| value.into_owned());
            let expected = kept.then(|| value.as_bytes().to_vec());
            ensure!(sent == expected, "{name}: {sent:?}");
        }
        Ok(())
    }
}
