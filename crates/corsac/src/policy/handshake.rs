//! Handshakes of WebSockets, which CORS does not guard.

use http::{HeaderName, header};

use super::{
    PolicyMap, Refusal, RequestHead,
    lines::{Lines, one_line},
    policy::is_of_the_server_itself,
};

static ORIGIN: HeaderName = header::ORIGIN;

impl PolicyMap {
    /// Says whether a WebSocket may be opened: to anybody's page a browser hands it, so that the server
    /// is the only one who can refuse.
    ///
    /// Pages whose origin the policy lists may, and the server's own. Who says no Origin is no
    /// browser, and no page's tool.
    ///
    /// ```
    /// use corsac::header::HeaderList;
    /// use corsac::policy::{Policy, PolicyConfig, PolicyMap, RequestHead};
    /// let policies = PolicyMap::from(Policy::new(PolicyConfig {
    ///     allow_origins: ["https://app.example"].into(),
    ///     ..PolicyConfig::default()
    /// })?);
    /// let judge = |origin: &str| {
    ///     let lines = HeaderList::from([("Host", "api.example"), ("Origin", origin)]);
    ///     let head = RequestHead::of_list(b"GET", &lines).with_path(b"/socket");
    ///     policies.judge_handshake(&head).is_ok()
    /// };
    /// assert!(judge("https://app.example") && judge("https://api.example"));
    /// assert!(!judge("https://evil.example"));
    /// # Ok::<(), corsac::policy::PolicyErrors>(())
    /// ```
    ///
    /// # Errors
    /// Why not.
    pub fn judge_handshake<'r, F, L>(&self, head: &RequestHead<'r, F>) -> Result<(), Refusal<'r>>
    where
        F: Fn(&'static HeaderName) -> L,
        L: Iterator<Item = &'r [u8]>,
    {
        let lines = one_line(head.lines(&ORIGIN));
        let origin = match lines {
            Lines::None => return Ok(()),
            Lines::Several => return Err(Refusal::SeveralOrigins),
            Lines::One(origin) => origin,
        };
        if is_of_the_server_itself(lines, head) {
            return Ok(());
        }
        let path = head.path();
        let policy = self.policy(path).ok_or(Refusal::NoPolicy(path))?;
        match policy.origins().allows(origin) {
            true => Ok(()),
            false => Err(Refusal::OriginNotAllowed(origin)),
        }
    }
}
