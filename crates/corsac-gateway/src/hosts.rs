//! The names that a gateway goes by.

use std::net::IpAddr;

use http::{Request, header, uri::Authority};

use crate::refusal::Refusal;

/// The names that a gateway goes by, besides localhost, what is below it, and literal addresses.
///
/// Nobody can make a literal address point elsewhere, nor localhost, so that no page of somebody
/// else is reached by them.
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    pub(crate) fn new(names: &[String]) -> Self {
        Self(names.iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    /// The Host of a request, or of HTTP/2 its authority, if it is one of them.
    pub(crate) fn check<B>(&self, request: &Request<B>) -> Result<(), Refusal> {
        let mut lines = request.headers().get_all(header::HOST).iter();
        let asked = match (lines.next(), lines.next(), request.uri().authority()) {
            (Some(line), None, None) => match line.to_str().ok().map(str::parse::<Authority>) {
                Some(Ok(authority)) => return self.judge_authority(&authority),
                _ => return Err(Refusal::NoHost),
            },
            // HTTP/2: a Host beside it must not say anything else.
            (None, None, Some(authority)) => authority,
            (Some(line), None, Some(authority)) if line == authority.as_str() => authority,
            _ => return Err(Refusal::NoHost),
        };
        self.judge_authority(asked)
    }

    fn judge_authority(&self, authority: &Authority) -> Result<(), Refusal> {
        // A user in it is for nobody, and reads like another name.
        match authority.as_str().contains('@') {
            true => Err(Refusal::NoHost),
            false => self.judge(authority.host()),
        }
    }

    fn judge(&self, host: &str) -> Result<(), Refusal> {
        match self.holds(host) {
            true => Ok(()),
            false => Err(Refusal::OtherHost),
        }
    }

    fn holds(&self, host: &str) -> bool {
        let bare = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        if bare.unwrap_or(host).parse::<IpAddr>().is_ok() {
            return true;
        }
        let host = host.strip_suffix('.').unwrap_or(host);
        let is_localhost = |name: &str| name.eq_ignore_ascii_case("localhost");
        is_localhost(host)
            || host
                .rsplit_once('.')
                .is_some_and(|(_, last)| is_localhost(last))
            || self.0.iter().any(|name| name.eq_ignore_ascii_case(host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_was_made_to_point_here_is_another_host() {
        let hosts = Hosts::new(&["Api.Example".to_owned()]);
        for (host, holds) in [
            ("localhost", true),
            ("LOCALHOST", true),
            ("app.localhost", true),
            ("localhost.", true),
            ("127.0.0.1", true),
            ("192.168.1.7", true),
            ("[::1]", true),
            ("api.example", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("notlocalhost", false),
            ("127.0.0.1.evil.example", false),
            ("", false),
        ] {
            assert_eq!(hosts.holds(host), holds, "{host}");
        }
    }

    #[test]
    fn there_is_one_host_and_it_is_one() {
        let hosts = Hosts::new(&[]);
        for (lines, verdict) in [
            (&["localhost:8080"][..], Ok(())),
            (&[], Err(Refusal::NoHost)),
            (&["localhost", "localhost"], Err(Refusal::NoHost)),
            (&["local host"], Err(Refusal::NoHost)),
            (&["evil.example:8080"], Err(Refusal::OtherHost)),
        ] {
            let mut request = Request::new(());
            for line in lines {
                request
                    .headers_mut()
                    .append(header::HOST, line.parse().unwrap());
            }
            assert_eq!(hosts.check(&request), verdict, "{lines:?}");
        }
    }
}
