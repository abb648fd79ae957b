//! One command line of bash, quotes and all, as words.

use std::{iter::Peekable, str::Chars};

/// Splits a line into words. What a shell would do beyond quoting (variables, pipes, substitution)
/// is refused: nothing is run here, and nothing is guessed.
pub(super) fn split(line: &str) -> Result<Vec<String>, String> {
    let mut chars = line.trim().chars().peekable();
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    while let Some(char) = chars.next() {
        match char {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take().map(text)),
            '\'' => single(&mut chars, word.get_or_insert_default())?,
            '"' => double(&mut chars, word.get_or_insert_default())?,
            '$' if chars.peek() == Some(&'\'') => {
                chars.next();
                ansi_c(&mut chars, word.get_or_insert_default())?;
            }
            '\\' => match chars.next() {
                // A line that goes on in the next.
                Some('\n') => {}
                Some('\r') if chars.peek() == Some(&'\n') => {
                    chars.next();
                }
                Some(char) => push(word.get_or_insert_default(), char),
                None => {}
            },
            '$' | '`' | '|' | '&' | ';' | '<' | '>' | '(' | ')' => return Err(not_read(char)),
            char => push(word.get_or_insert_default(), char),
        }
    }
    words.extend(word.take().map(text));
    Ok(words)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

fn push(word: &mut Vec<u8>, char: char) {
    word.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

fn not_read(char: char) -> String {
    format!("--curl: `{char}` outside of quotes means something to a shell; paste one plain line")
}

fn open(quote: &str) -> String {
    format!("--curl: a {quote} quote has no end; was the whole line pasted?")
}

fn single(chars: &mut Peekable<Chars<'_>>, word: &mut Vec<u8>) -> Result<(), String> {
    for char in chars {
        match char {
            '\'' => return Ok(()),
            char => push(word, char),
        }
    }
    Err(open("single"))
}

fn double(chars: &mut Peekable<Chars<'_>>, word: &mut Vec<u8>) -> Result<(), String> {
    while let Some(char) = chars.next() {
        match char {
            '"' => return Ok(()),
            '\\' => match chars.next() {
                Some(char @ ('"' | '\\' | '$' | '`')) => push(word, char),
                Some('\n') => {}
                Some(char) => {
                    push(word, '\\');
                    push(word, char);
                }
                None => break,
            },
            '$' | '`' => return Err(not_read(char)),
            char => push(word, char),
        }
    }
    Err(open("double"))
}

/// `$'…'`, which browsers use where there is a quote, a line end or a letter beyond ASCII.
fn ansi_c(chars: &mut Peekable<Chars<'_>>, word: &mut Vec<u8>) -> Result<(), String> {
    while let Some(char) = chars.next() {
        match char {
            '\'' => return Ok(()),
            '\\' => match chars.next() {
                Some('n') => word.push(b'\n'),
                Some('r') => word.push(b'\r'),
                Some('t') => word.push(b'\t'),
                Some('a') => word.push(7),
                Some('b') => word.push(8),
                Some('f') => word.push(12),
                Some('v') => word.push(11),
                Some('e' | 'E') => word.push(27),
                Some('x') => {
                    let byte = number(chars, 16, 2)?;
                    word.push(u8::try_from(byte).unwrap_or_default());
                }
                Some('u') => unicode(chars, 4, word)?,
                Some('U') => unicode(chars, 8, word)?,
                Some(first @ '0'..='7') => {
                    let mut byte = first.to_digit(8).unwrap_or_default();
                    for _ in 0..2 {
                        let Some(digit) = chars.peek().and_then(|char| char.to_digit(8)) else {
                            break;
                        };
                        chars.next();
                        byte = byte * 8 + digit;
                    }
                    word.push(u8::try_from(byte & 0xff).unwrap_or_default());
                }
                Some(char @ ('\\' | '\'' | '"' | '?')) => push(word, char),
                Some(char) => {
                    push(word, '\\');
                    push(word, char);
                }
                None => break,
            },
            char => push(word, char),
        }
    }
    Err(open("$'"))
}

fn unicode(
    chars: &mut Peekable<Chars<'_>>,
    digits: usize,
    word: &mut Vec<u8>,
) -> Result<(), String> {
    let mut number_ = number(chars, 16, digits)?;
    // Beyond the first plane, browsers write both halves of the pair.
    if (0xd800..0xdc00).contains(&number_) {
        let mut ahead = chars.clone();
        if ahead.next() == Some('\\') && ahead.next() == Some('u') {
            let low = number(&mut ahead, 16, 4)?;
            if (0xdc00..0xe000).contains(&low) {
                number_ = 0x10000 + ((number_ - 0xd800) << 10) + (low - 0xdc00);
                *chars = ahead;
            }
        }
    }
    push(
        word,
        char::from_u32(number_).unwrap_or(char::REPLACEMENT_CHARACTER),
    );
    Ok(())
}

fn number(chars: &mut Peekable<Chars<'_>>, radix: u32, most: usize) -> Result<u32, String> {
    let mut digits = String::new();
    while digits.len() < most
        && let Some(char) = chars.peek().filter(|char| char.is_digit(radix))
    {
        digits.push(*char);
        chars.next();
    }
    u32::from_str_radix(&digits, radix)
        .map_err(|_| "--curl: an escape in $'…' has no digits".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

    use super::split;

    #[test]
    fn quotes_are_those_of_bash() {
        assert_eq!(
            split(r#"a 'b c' "d\"e" f\ g"#).unwrap(),
            ["a", "b c", "d\"e", "f g"]
        );
        assert_eq!(split("a \\\n  b").unwrap(), ["a", "b"]);
        assert_eq!(split("a ''").unwrap(), ["a", ""]);
        assert_eq!(
            split(r"$'it\'s\n\x41\u00e9\101'").unwrap(),
            ["it's\nA\u{e9}A"]
        );
        assert_eq!(split(r"$'\ud83e\udd8a'").unwrap(), ["\u{1f98a}"]);
        assert_eq!(split(r#"'$HOME' "a b"c"#).unwrap(), ["$HOME", "a bc"]);
    }

    #[test]
    fn nothing_else_of_a_shell_is_read() {
        for line in [
            "a | b", "a $B", "a `b`", "a \"$B\"", "a; b", "a > b", "'a", "\"a", "$'a",
        ] {
            assert!(split(line).is_err(), "{line}");
        }
    }
}
