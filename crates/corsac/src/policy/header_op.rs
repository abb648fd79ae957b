//! What a response has to say, in symbols: whoever holds the response copies the bytes.

use http::{HeaderName, HeaderValue, header};

/// The headers of responses that a policy is the only one to set.
///
/// A handler or an upstream that sets them too would widen the policy, or break it: two lines of
/// Access-Control-Allow-Origin never pass.
pub static CORS_RESPONSE_HEADERS: [HeaderName; 6] = [
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
    header::ACCESS_CONTROL_ALLOW_METHODS,
    header::ACCESS_CONTROL_ALLOW_HEADERS,
    header::ACCESS_CONTROL_MAX_AGE,
    header::ACCESS_CONTROL_EXPOSE_HEADERS,
];

pub(super) static ALLOW_ORIGIN: HeaderName = header::ACCESS_CONTROL_ALLOW_ORIGIN;
pub(super) static ALLOW_CREDENTIALS: HeaderName = header::ACCESS_CONTROL_ALLOW_CREDENTIALS;
pub(super) static ALLOW_METHODS: HeaderName = header::ACCESS_CONTROL_ALLOW_METHODS;
pub(super) static ALLOW_HEADERS: HeaderName = header::ACCESS_CONTROL_ALLOW_HEADERS;
pub(super) static MAX_AGE: HeaderName = header::ACCESS_CONTROL_MAX_AGE;
pub(super) static ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");
pub(super) static EXPOSE_HEADERS: HeaderName = header::ACCESS_CONTROL_EXPOSE_HEADERS;

/// One header to set in the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderOp<'p> {
    /// The header's name.
    pub name: &'static HeaderName,
    /// Its value.
    pub value: Value<'p>,
}

/// Where the bytes of a value are to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'p> {
    /// The value of the request's Origin, which is one line.
    EchoOrigin,
    /// The values of the request's Access-Control-Request-Headers: for each line, one line.
    EchoRequestHeaders,
    /// This one, made beforehand: to clone it costs a reference count at most.
    Prebuilt(&'p HeaderValue),
}

pub(super) static ANY: HeaderValue = HeaderValue::from_static("*");
pub(super) static ANY_AND_AUTHORIZATION: HeaderValue = HeaderValue::from_static("*, Authorization");
pub(super) static TRUE: HeaderValue = HeaderValue::from_static("true");
