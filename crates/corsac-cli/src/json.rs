//! What the JSON of all commands has in common.

use std::io::{self, Write};

use corsac::diagnosis::Code;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a check stands in its Standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Spec {
    anchor: String,
}

impl Spec {
    pub(crate) fn of(code: Code) -> Self {
        Self {
            anchor: code.spec().to_owned(),
        }
    }

    pub(crate) fn anchor(&self) -> &str {
        &self.anchor
    }
}

/// Writes one document.
pub(crate) fn write(mut out: &mut impl Write, document: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, document)?;
    writeln!(out)
}

/// Each byte as the character of its number, so that none is lost.
///
/// Source: <https://infra.spec.whatwg.org/#isomorphic-decode>
pub(crate) fn isomorphic_decode(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}
