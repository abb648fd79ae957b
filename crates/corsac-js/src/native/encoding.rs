//! Text for script, by `encoding_rs`.

use encoding_rs::{Decoder, DecoderResult, Encoding};
use rquickjs::{Ctx, Function, Object, Result, TypedArray, function::MutFn};

/// `name(label)`, `decoder(label, fatal, ignoreBOM)`, `utf8(text)`.
pub(crate) fn object<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    object.set("name", Function::new(ctx.clone(), name)?)?;
    object.set("decoder", Function::new(ctx.clone(), decoder)?)?;
    object.set("utf8", Function::new(ctx.clone(), utf8)?)?;
    Ok(object)
}

/// The encoding's name in lower case; the replacement encoding decodes nothing and has no name here.
#[allow(clippy::needless_pass_by_value)]
fn name(label: String) -> Option<String> {
    let encoding = Encoding::for_label_no_replacement(label.as_bytes())?;
    Some(encoding.name().to_ascii_lowercase())
}

#[allow(clippy::needless_pass_by_value)]
fn utf8<'js>(ctx: Ctx<'js>, text: String) -> Result<TypedArray<'js, u8>> {
    TypedArray::new(ctx, text.into_bytes())
}

/// Bytes that came as a string with a char for each. The engine lends a buffer's memory only to unsafe
/// code, as script may change it meanwhile; a string it hands over.
pub(crate) fn from_isomorphic(text: &str) -> Vec<u8> {
    let byte = |char| u8::try_from(u32::from(char)).unwrap_or(u8::MAX);
    text.chars().map(byte).collect()
}

/// A function `(isomorphic string, stream) -> text`, `undefined` where a fatal decoder met an error.
#[allow(clippy::needless_pass_by_value)]
fn decoder<'js>(
    ctx: Ctx<'js>,
    label: String,
    fatal: bool,
    ignore_bom: bool,
) -> Result<Option<Function<'js>>> {
    let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) else {
        return Ok(None);
    };
    let fresh = move || match ignore_bom {
        true => encoding.new_decoder_without_bom_handling(),
        false => encoding.new_decoder_with_bom_removal(),
    };
    let mut decoder = fresh();
    let decode = move |bytes: String, stream: bool| {
        let text = decode(&mut decoder, &from_isomorphic(&bytes), !stream, fatal);
        if !stream || text.is_none() {
            decoder = fresh();
        }
        text
    };
    Function::new(ctx, MutFn::from(decode)).map(Some)
}

fn decode(decoder: &mut Decoder, bytes: &[u8], last: bool, fatal: bool) -> Option<String> {
    let mut text = String::new();
    if !fatal {
        text.reserve(decoder.max_utf8_buffer_length(bytes.len())?);
        let _all = decoder.decode_to_string(bytes, &mut text, last);
        return Some(text);
    }
    text.reserve(decoder.max_utf8_buffer_length_without_replacement(bytes.len())?);
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, last);
    (result == DecoderResult::InputEmpty).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn once(label: &str, bytes: &[u8], fatal: bool) -> Option<String> {
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        decode(
            &mut encoding.new_decoder_with_bom_removal(),
            bytes,
            true,
            fatal,
        )
    }

    #[test]
    fn bytes_become_text() {
        let cases: &[(&str, &[u8], bool, Option<&str>)] = &[
            ("utf-8", b"abc", true, Some("abc")),
            ("utf-8", b"\xef\xbb\xbfabc", false, Some("abc")),
            ("utf-8", b"a\xff", false, Some("a\u{fffd}")),
            ("utf-8", b"a\xff", true, None),
            ("utf-8", b"a\xe2\x82", true, None),
            ("latin1", b"\x80", false, Some("\u{20ac}")),
            ("utf-16le", b"a\0b\0", true, Some("ab")),
        ];
        for (label, bytes, fatal, expected) in cases {
            let text = once(label, bytes, *fatal);
            assert_eq!(text.as_deref(), *expected, "{label} {bytes:?}");
        }
    }

    #[test]
    fn a_char_is_a_byte() {
        assert_eq!(from_isomorphic("a\u{0}\u{80}\u{ff}"), b"a\x00\x80\xff");
    }

    #[test]
    fn a_character_may_come_in_two_pieces() {
        let mut decoder = encoding_rs::UTF_8.new_decoder_with_bom_removal();
        assert_eq!(
            decode(&mut decoder, b"\xe2\x82", false, true).as_deref(),
            Some("")
        );
        assert_eq!(
            decode(&mut decoder, b"\xac", true, true).as_deref(),
            Some("\u{20ac}")
        );
    }

    #[test]
    fn labels_have_names() {
        let table = [
            ("UTF8", Some("utf-8")),
            (" ascii\n", Some("windows-1252")),
            ("replacement", None),
            ("x", None),
        ];
        for (label, expected) in table {
            assert_eq!(name(label.to_owned()).as_deref(), expected, "{label:?}");
        }
    }
}
