use crate::header::{
    HeaderList, is_forbidden_request_header, is_forbidden_response_header_name,
    is_no_cors_safelisted_request_header_name, is_privileged_no_cors_request_header_name, is_token,
    no_cors_safelisted_request_header, normalize,
};

/// What a Headers object lets a script do.
///
/// Source: <https://fetch.spec.whatwg.org/#headers-guard>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Guard {
    /// Anything.
    #[default]
    None,
    /// Nothing.
    Immutable,
    /// What a script may send.
    Request,
    /// What a script may send to a stranger without asking.
    RequestNoCors,
    /// What a script may put into a response of its own.
    Response,
}

/// Why a Headers object throws a TypeError.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HeadersError {
    /// The name is not a token.
    Name,
    /// The value holds a NUL, a CR or an LF.
    Value,
    /// The headers are immutable.
    Immutable,
}

/// A header list behind a guard: the rules of the Headers class, without its JavaScript.
///
/// What the guard forbids is ignored without a word, as in browsers.
///
/// Source: <https://fetch.spec.whatwg.org/#headers-class>
///
/// ```
/// use corsac::fetch::{Guard, Headers};
/// let mut headers = Headers::new(Guard::RequestNoCors);
/// headers.append(b"Content-Type", b" text/plain ").unwrap();
/// headers.append(b"X-Custom", b"1").unwrap();
/// assert_eq!(headers.header_list.len(), 1);
/// assert_eq!(headers.header_list.get("content-type").as_deref(), Some(&b"text/plain"[..]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// The list.
    pub header_list: HeaderList,
    guard: Guard,
}

impl Headers {
    /// Empty headers behind a guard.
    pub fn new(guard: Guard) -> Self {
        let header_list = HeaderList::new();
        Self { header_list, guard }
    }

    /// The guard.
    pub fn guard(&self) -> Guard {
        self.guard
    }

    /// Appends a header; trims its value first.
    ///
    /// # Errors
    /// [`HeadersError`], a TypeError to the script.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-headers-append>
    pub fn append(&mut self, name: &[u8], value: &[u8]) -> Result<(), HeadersError> {
        let value = normalize(value);
        if !self.validate(name, value)? {
            return Ok(());
        }
        if self.guard == Guard::RequestNoCors {
            // It is the value that would go out, all lines of it, that has to be safe.
            let temporary_value = match self.header_list.get(name) {
                None => value.to_vec(),
                Some(old) => [&*old, b", ", value].concat(),
            };
            if !no_cors_safelisted_request_header(name, &temporary_value) {
                return Ok(());
            }
        }
        self.header_list.append(name, value);
        self.remove_privileged_no_cors_request_headers();
        Ok(())
    }

    /// Sets a header; trims its value first.
    ///
    /// # Errors
    /// [`HeadersError`], a TypeError to the script.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#dom-headers-set>
    pub fn set(&mut self, name: &[u8], value: &[u8]) -> Result<(), HeadersError> {
        let value = normalize(value);
        if !self.validate(name, value)? {
            return Ok(());
        }
        if self.guard == Guard::RequestNoCors && !no_cors_safelisted_request_header(name, value) {
            return Ok(());
        }
        self.header_list.set(name, value);
        self.remove_privileged_no_cors_request_headers();
        Ok(())
    }

    /// Deletes a header.
    ///
    /// # Errors
    /// [`HeadersError`], a TypeError to the script.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#dom-headers-delete>
    pub fn delete(&mut self, name: &[u8]) -> Result<(), HeadersError> {
        // An empty value, since there is none to judge by.
        if !self.validate(name, b"")? {
            return Ok(());
        }
        if self.guard == Guard::RequestNoCors
            && !is_no_cors_safelisted_request_header_name(name)
            && !is_privileged_no_cors_request_header_name(name)
        {
            return Ok(());
        }
        if !self.header_list.contains(name) {
            return Ok(());
        }
        self.header_list.delete(name);
        self.remove_privileged_no_cors_request_headers();
        Ok(())
    }

    /// Appends every pair in turn.
    ///
    /// # Errors
    /// The first [`HeadersError`]; what stood before it stays appended.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-headers-fill>
    pub fn fill<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        &mut self,
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Result<(), HeadersError> {
        pairs
            .into_iter()
            .try_for_each(|(name, value)| self.append(name.as_ref(), value.as_ref()))
    }

    /// Says whether the guard lets a header through.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#headers-validate>
    fn validate(&self, name: &[u8], value: &[u8]) -> Result<bool, HeadersError> {
        if !is_token(name) {
            return Err(HeadersError::Name);
        }
        if value.iter().any(|byte| matches!(byte, 0 | b'\r' | b'\n')) {
            return Err(HeadersError::Value);
        }
        match self.guard {
            Guard::Immutable => Err(HeadersError::Immutable),
            Guard::Request => Ok(!is_forbidden_request_header(name, value)),
            Guard::Response => Ok(!is_forbidden_response_header_name(name)),
            Guard::None | Guard::RequestNoCors => Ok(true),
        }
    }

    /// Range survives in a no-cors request only as long as no script touched the headers.
    ///
    /// Source: <https://fetch.spec.whatwg.org/#concept-headers-remove-privileged-no-cors-request-headers>
    fn remove_privileged_no_cors_request_headers(&mut self) {
        if self.guard == Guard::RequestNoCors {
            self.header_list.delete("Range");
        }
    }
}
