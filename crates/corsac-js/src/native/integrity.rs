//! Subresource Integrity: bytes held against the hashes that an author knows.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rquickjs::{Ctx, Function, Result};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::byte_string::ByteString;

/// `integrity(bytes, metadata)`: whether the bytes, a char for each, are what the metadata promises.
pub(crate) fn function<'js>(ctx: &Ctx<'js>) -> Result<Function<'js>> {
    Function::new(ctx.clone(), integrity)
}

// The engine hands over owned arguments.
#[allow(clippy::needless_pass_by_value)]
fn integrity(bytes: ByteString, metadata: String) -> bool {
    do_bytes_match_metadata_list(&bytes.0, &metadata)
}

/// In the order of their strength.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl Algorithm {
    fn named(token: &str) -> Option<Self> {
        match token.to_ascii_lowercase().as_str() {
            "sha256" => Some(Self::Sha256),
            "sha384" => Some(Self::Sha384),
            "sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

/// Metadata that names no known algorithm promises nothing. Of several algorithms only the strongest
/// counts, and one of its hashes is enough.
///
/// Source: <https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist>
fn do_bytes_match_metadata_list(bytes: &[u8], metadata: &str) -> bool {
    let parsed: Vec<(Algorithm, &str)> = metadata
        .split_ascii_whitespace()
        .filter_map(|item| {
            // Options come after a question mark; there are none yet.
            let expression = item.split('?').next()?;
            let (token, value) = expression.split_once('-').unwrap_or((expression, ""));
            Some((Algorithm::named(token)?, value))
        })
        .collect();
    let Some(strongest) = parsed.iter().map(|(algorithm, _)| *algorithm).max() else {
        return true;
    };
    let digest = STANDARD.encode(strongest.digest(bytes));
    parsed
        .iter()
        .filter(|(algorithm, _)| *algorithm == strongest)
        // Both alphabets of base64 are in use.
        .any(|(_, value)| value.replace('-', "+").replace('_', "/") == digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY_256: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    const EMPTY_384: &str =
        "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";
    const EMPTY_512: &str = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";

    #[test]
    fn empty_bytes_match() {
        let both = format!("{EMPTY_256} {EMPTY_512}");
        let weak_is_wrong = format!("sha256-x {EMPTY_384}");
        let strong_is_wrong = format!("{EMPTY_256} sha512-x");
        let one_of_two = format!("sha256-x\n{EMPTY_256}");
        let other_alphabet = EMPTY_256.replace('+', "-").replace('/', "_");
        let other_alphabet = other_alphabet.replacen("sha256_", "sha256-", 1);
        let with_options = format!("{EMPTY_256}?a=b");
        let upper = EMPTY_256.replace("sha256", "SHA256");
        let table: &[(&str, bool)] = &[
            ("", true),
            ("  ", true),
            ("md5-x", true),
            ("nonsense", true),
            (EMPTY_256, true),
            (EMPTY_384, true),
            (EMPTY_512, true),
            (&both, true),
            (&weak_is_wrong, true),
            (&strong_is_wrong, false),
            (&one_of_two, true),
            (&other_alphabet, true),
            (&with_options, true),
            (&upper, true),
            ("sha256", false),
            ("sha256-", false),
            ("sha256-x", false),
        ];
        for (metadata, expected) in table {
            let came = do_bytes_match_metadata_list(b"", metadata);
            assert_eq!(came, *expected, "{metadata:?}");
        }
        assert!(!do_bytes_match_metadata_list(b"x", EMPTY_256));
    }
}
