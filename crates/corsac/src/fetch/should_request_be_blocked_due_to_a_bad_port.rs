use url::Url;

/// Names the port of an http(s) URL if browsers never connect to it: mail, shells, databases and
/// other services that might take a request for their own protocol.
///
/// Source: <https://fetch.spec.whatwg.org/#block-bad-port>
///
/// ```
/// use corsac::fetch::should_request_be_blocked_due_to_a_bad_port as bad_port;
/// assert_eq!(bad_port(&"http://a.example:25/".parse().unwrap()), Some(25));
/// assert_eq!(bad_port(&"http://a.example:8080/".parse().unwrap()), None);
/// ```
pub fn should_request_be_blocked_due_to_a_bad_port(url: &Url) -> Option<u16> {
    let port = url.port()?;
    let is_http = matches!(url.scheme(), "http" | "https");
    (is_http && BAD_PORTS.binary_search(&port).is_ok()).then_some(port)
}

/// Source: <https://fetch.spec.whatwg.org/#bad-port>
#[rustfmt::skip]
const BAD_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
    102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427,
    465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990,
    993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080,
];
