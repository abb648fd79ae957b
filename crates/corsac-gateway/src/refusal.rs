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
    /// It says several times how long it is.
    TwoLengths,
    /// It is coded for its way in another form than chunks.
    OtherCoding,
    /// Host is a name that this gateway does not go by.
    OtherHost,
    /// A WebSocket of a page that the policy does not list.
    OtherPage,
    /// The body is larger than it may be.
    TooLarge,
    /// No upstream has this path.
    NoUpstream,
    /// A file can't be read.
    Unreadable,
    /// The upstream can't be reached.
    Unreachable,
    /// The upstream broke off before it answered.
    Broken,
    /// The upstream's answer can be read in several ways.
    Unclear,
    /// The upstream took too long.
    TooSlow,
}

impl Refusal {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoPath | Self::NoHost | Self::TwoLengths => StatusCode::BAD_REQUEST,
            Self::OtherCoding => StatusCode::NOT_IMPLEMENTED,
            Self::OtherHost => StatusCode::MISDIRECTED_REQUEST,
            Self::OtherPage => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NoUpstream => StatusCode::NOT_FOUND,
            Self::Unreadable => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unreachable | Self::Broken | Self::Unclear => StatusCode::BAD_GATEWAY,
            Self::TooSlow => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// What people read. It tells nothing of what is behind the gateway.
    fn words(self) -> &'static str {
        match self {
            Self::NoPath => "the target of the request is no path\n",
            Self::NoHost => "the request needs one Host\n",
            Self::TwoLengths => "the request says more than once how long it is\n",
            Self::OtherCoding => "of transfer codings this server knows chunked alone\n",
            Self::OtherHost => {
                "this server does not go by the name in Host (corsac serve --allow-host lets it)\n"
            }
            Self::OtherPage => "the policy does not list the page's origin\n",
            Self::TooLarge => "the body of the request is too large\n",
            Self::NoUpstream => "nothing is served at this path\n",
            Self::Unreadable => "the file can't be read\n",
            Self::Unreachable => "the service behind this server can't be reached\n",
            Self::Broken => "the service behind this server broke off\n",
            Self::Unclear => "the service behind this server gave no clear answer\n",
            Self::TooSlow => "the service behind this server took too long\n",
        }
    }

    /// Whether the rest of the connection can't be trusted to be what it says.
    fn ends_connection(self) -> bool {
        matches!(self, Self::TooLarge | Self::TwoLengths | Self::OtherCoding)
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
