//! What the gateway itself answers.

use std::{error, fmt};

use http::{HeaderValue, Response, StatusCode, header};

use crate::body::Body;

/// Why a request went no further, or why nothing came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The target is no path: a whole URL, `*`, or an authority.
    NoPath,
    /// It has no Host, or several.
    NoHost,
    /// Host is a name that this gateway does not go by.
    OtherHost,
    /// A WebSocket of a page that the policy does not list.
    OtherPage,
    /// The body is larger than it may be.
    TooLarge,
    /// No upstream has this path.
    NoUpstream,
    /// The upstream can't be reached.
    Unreachable,
    /// The upstream broke off before it answered.
    Broken,
    /// The upstream took too long.
    TooSlow,
}

impl Refusal {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoPath | Self::NoHost => StatusCode::BAD_REQUEST,
            Self::OtherHost => StatusCode::MISDIRECTED_REQUEST,
            Self::OtherPage => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NoUpstream => StatusCode::NOT_FOUND,
            Self::Unreachable | Self::Broken => StatusCode::BAD_GATEWAY,
            Self::TooSlow => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// What people read. It tells nothing of what is behind the gateway.
    fn words(self) -> &'static str {
        match self {
            Self::NoPath => "the target of the request is no path\n",
            Self::NoHost => "the request needs one Host\n",
            Self::OtherHost => {
                "this server does not go by the name in Host (corsac serve --allow-host lets it)\n"
            }
            Self::OtherPage => "the policy does not list the page's origin\n",
            Self::TooLarge => "the body of the request is too large\n",
            Self::NoUpstream => "nothing is served at this path\n",
            Self::Unreachable => "the service behind this server can't be reached\n",
            Self::Broken => "the service behind this server broke off\n",
            Self::TooSlow => "the service behind this server took too long\n",
        }
    }

    /// Whether the rest of the connection can't be trusted to be what it says.
    fn ends_connection(self) -> bool {
        self == Self::TooLarge
    }

    pub(crate) fn response(self) -> Response<Body> {
        let mut response = Response::new(self.words().into());
        *response.status_mut() = self.status();
        let says = HeaderValue::from_static;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, says("text/plain; charset=utf-8"));
        if self.ends_connection() {
            headers.insert(header::CONNECTION, says("close"));
        }
        response
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words().trim_end())
    }
}

impl error::Error for Refusal {}
