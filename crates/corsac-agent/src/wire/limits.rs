/// How much of a response is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all heads together, those of status 1xx included.
    pub head_bytes: usize,
    /// Lines of one head.
    pub head_lines: usize,
    /// Heads of status 1xx.
    pub interim_heads: usize,
    /// Bytes after the head, as they stand on the wire.
    pub body_bytes: usize,
    /// The same for a body that nobody reads: of a preflight, a redirect, a blocked response.
    pub unread_body_bytes: usize,
}

impl Default for Limits {
    /// 256 KiB and 2,000 lines, as engines have it, 16 interim heads, a body of 16 MiB, and 64 KiB
    /// of one that nobody reads.
    fn default() -> Self {
        Self {
            head_bytes: 256 * 1024,
            head_lines: 2_000,
            interim_heads: 16,
            body_bytes: 16 * 1024 * 1024,
            unread_body_bytes: 64 * 1024,
        }
    }
}
