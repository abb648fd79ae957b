use super::{HeaderList, Unsafe, client_hint::client_hint, cors_safelisted_request_header};

/// One name that a preflight must ask for, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnsafeName {
    /// The name, lower-case.
    pub name: Vec<u8>,
    /// Why the first unsafe header of this name is not safelisted.
    pub reason: Unsafe,
}

/// What an engine counts as safelisted beyond or short of the Standard.
///
/// The default is the Standard's rule; engines' differences are set by
/// [`Profile`](crate::fetch::Profile).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Safelist {
    /// Whether more than 1024 bytes of safelisted values make all of them unsafe.
    pub limits_sum: bool,
    /// Whether bytes from 0x80 on are safe in Accept and Content-Type.
    pub allows_non_ascii: bool,
    /// Whether a Content-Type may have a comma, which the Standard lets stand in a parameter.
    pub allows_comma_in_content_type: bool,
    /// Whether client hints are safelisted, if their values are what hints say.
    pub client_hints: bool,
}

impl Safelist {
    /// The Standard's safelist.
    pub const FETCH: Self = Self {
        limits_sum: true,
        allows_non_ascii: true,
        allows_comma_in_content_type: true,
        client_hints: false,
    };

    fn judge(&self, name: &[u8], value: &[u8]) -> Result<(), Unsafe> {
        if self.client_hints
            && let Some(judged) = client_hint(name, value)
        {
            return judged;
        }
        cors_safelisted_request_header(name, value)?;
        let allows_comma =
            self.allows_comma_in_content_type || !name.eq_ignore_ascii_case(b"content-type");
        let is_unsafe = |&byte: &u8| {
            !byte.is_ascii() && !self.allows_non_ascii || byte == b',' && !allows_comma
        };
        match value.iter().position(is_unsafe) {
            Some(at) => Err(Unsafe::Byte { at }),
            None => Ok(()),
        }
    }
}

impl Default for Safelist {
    fn default() -> Self {
        Self::FETCH
    }
}

/// Collects the names of a request's headers that are not safelisted: sorted, lower-case, each
/// once. These are what a preflight asks for in Access-Control-Request-Headers.
///
/// Source: <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names>
///
/// ```
/// use corsac::header::{HeaderList, Safelist, cors_unsafe_request_header_names};
/// let headers = HeaderList::from([
///     ("X-Cart", "7"),
///     ("Accept", "*/*"),
///     ("Content-Type", "application/json"),
/// ]);
/// let unsafe_names = cors_unsafe_request_header_names(&headers, Safelist::FETCH);
/// let names: Vec<_> = unsafe_names.iter().map(|one| one.name.as_slice()).collect();
/// assert_eq!(names, [&b"content-type"[..], b"x-cart"]);
/// ```
pub fn cors_unsafe_request_header_names(
    headers: &HeaderList,
    safelist: Safelist,
) -> Vec<UnsafeName> {
    let mut unsafe_names = Vec::new();
    let mut potentially_unsafe_names = Vec::new();
    let mut safelist_value_size = 0usize;
    for header in headers {
        let name = header.name().to_ascii_lowercase();
        match safelist.judge(header.name(), header.value()) {
            Err(reason) => unsafe_names.push(UnsafeName { name, reason }),
            Ok(()) => {
                potentially_unsafe_names.push(UnsafeName {
                    name,
                    reason: Unsafe::Sum,
                });
                safelist_value_size += header.value().len();
            }
        }
    }
    if safelist.limits_sum && safelist_value_size > 1024 {
        unsafe_names.append(&mut potentially_unsafe_names);
    }
    // Convert to a sorted lower-case set; a stable sort keeps each name's first reason.
    unsafe_names.sort_by(|one, other| one.name.cmp(&other.name));
    unsafe_names.dedup_by(|later, first| later.name == first.name);
    unsafe_names
}
