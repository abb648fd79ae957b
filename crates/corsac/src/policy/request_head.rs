//! What a policy has to know of a request.

use http::HeaderName;

use crate::header::HeaderList;

use super::policy::{ORIGIN, REQUEST_METHOD};

/// A request's method, and access to the lines of its headers: nothing is copied or collected.
///
/// `lines` finds the values of all lines of one name, each without surrounding white space. It is
/// called for Origin, and for an OPTIONS request with an Origin also for
/// Access-Control-Request-Method and Access-Control-Request-Headers. A policy that blocks asks for
/// Sec-Fetch-Site and Host, too; over HTTP/2 and later the latter is the authority of the target. One
/// that grants private networks asks for Access-Control-Request-Private-Network.
///
/// ```
/// use corsac::policy::RequestHead;
/// let headers = http::HeaderMap::new();
/// let head = RequestHead::new(b"GET", |name| {
///     headers.get_all(name).iter().map(http::HeaderValue::as_bytes)
/// });
/// # let _ = corsac::policy::Policy::default().decide(&head);
/// ```
#[derive(Clone, Copy)]
pub struct RequestHead<'r, F> {
    method: &'r [u8],
    path: &'r [u8],
    lines: F,
}

impl<'r, F, L> RequestHead<'r, F>
where
    F: Fn(&'static HeaderName) -> L,
    L: Iterator<Item = &'r [u8]>,
{
    /// Takes a method, and the function that finds lines by name.
    pub fn new(method: &'r [u8], lines: F) -> Self {
        Self {
            method,
            path: b"",
            lines,
        }
    }

    /// Adds the path of the request's target: raw, as it came, without the query. A
    /// [`PolicyMap`](super::PolicyMap) needs it, a single policy doesn't.
    ///
    /// ```
    /// # use corsac::{header::HeaderList, policy::{Policy, PolicyMap, RequestHead}};
    /// # let headers = HeaderList::new();
    /// # let map = PolicyMap::from(Policy::default());
    /// let head = RequestHead::of_list(b"GET", &headers).with_path(b"/api/users");
    /// # let _ = map.decide(&head);
    /// ```
    #[must_use]
    pub fn with_path(self, path: &'r [u8]) -> Self {
        Self { path, ..self }
    }

    /// Whether it is a CORS-preflight request: OPTIONS with an Origin and an
    /// Access-Control-Request-Method. No other request is, and an OPTIONS request without these is
    /// the handler's.
    ///
    /// ```
    /// use corsac::{header::HeaderList, policy::RequestHead};
    /// let mut headers = HeaderList::from([("Origin", "https://app.example")]);
    /// assert!(!RequestHead::of_list(b"OPTIONS", &headers).is_preflight());
    /// headers.push("Access-Control-Request-Method", "PUT");
    /// assert!(RequestHead::of_list(b"OPTIONS", &headers).is_preflight());
    /// assert!(!RequestHead::of_list(b"PUT", &headers).is_preflight());
    /// ```
    pub fn is_preflight(&self) -> bool {
        let has = |name| self.lines(name).next().is_some();
        self.method == b"OPTIONS" && has(&ORIGIN) && has(&REQUEST_METHOD)
    }

    pub(super) fn path(&self) -> &'r [u8] {
        self.path
    }

    pub(super) fn method(&self) -> &'r [u8] {
        self.method
    }

    pub(super) fn lines(&self, name: &'static HeaderName) -> L {
        (self.lines)(name)
    }
}

impl<'r> RequestHead<'r, ()> {
    /// Takes a method and a header list.
    pub fn of_list(
        method: &'r [u8],
        headers: &'r HeaderList,
    ) -> RequestHead<'r, impl Fn(&'static HeaderName) -> ListLines<'r>> {
        let lines = |name: &'static HeaderName| ListLines {
            name: name.as_str(),
            headers: headers.iter(),
        };
        RequestHead::new(method, lines)
    }
}

/// The values of one name's lines in a [`HeaderList`].
#[derive(Clone, Debug)]
pub struct ListLines<'r> {
    name: &'static str,
    headers: std::slice::Iter<'r, crate::header::Header>,
}

impl<'r> Iterator for ListLines<'r> {
    type Item = &'r [u8];
    fn next(&mut self) -> Option<&'r [u8]> {
        self.headers
            .find(|header| header.is_named(self.name))
            .map(crate::header::Header::value)
    }
}
