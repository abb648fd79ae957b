//! A set of bytes, drawn: sixteen rows of sixteen, `x` for a byte that is out.
//!
//! Row 2 is SP and !"#$%&'()*+,-./ and row 3 the digits and :;<=>?, as in any chart of ASCII.

pub(crate) struct ByteMap(pub(crate) [&'static str; 16]);

impl ByteMap {
    pub(crate) fn allows(&self, byte: u8) -> bool {
        let row = self.0[usize::from(byte >> 4)].as_bytes();
        assert_eq!(row.len(), 16, "a row has sixteen bytes");
        row[usize::from(byte & 15)] == b'.'
    }

    /// Compares the map with a judge, byte by byte.
    pub(crate) fn agrees(&self, judge: impl Fn(u8) -> bool) {
        for byte in 0..=u8::MAX {
            assert_eq!(judge(byte), self.allows(byte), "byte {byte:#04x}");
        }
    }
}

/// Everything is out.
pub(crate) const NONE: &str = "xxxxxxxxxxxxxxxx";

/// Everything is in.
pub(crate) const ALL: &str = "................";

/// What a method, a header name or a part of a MIME type may be made of.
pub(crate) const TOKEN: ByteMap = ByteMap([
    NONE,
    NONE,
    "x.x.....xx..x..x",
    "..........xxxxxx",
    "x...............",
    "...........xxx..",
    ALL,
    "...........x.x.x",
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
]);
