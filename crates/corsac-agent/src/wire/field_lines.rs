use corsac::header::{HeaderList, is_token, normalize};

use super::WireError;

/// Splits a head at its LFs, and takes the CR before each away. Stops before the empty line that
/// ends the head.
///
/// # Errors
/// [`WireError::Nul`] and [`WireError::BareCr`]. Some engines read over a bare CR and some do not:
/// whoever hides a header behind one must not be believed.
pub fn lines(head: &[u8]) -> impl Iterator<Item = Result<&[u8], WireError>> {
    head.split_inclusive(|&byte| byte == b'\n')
        .map(|line| {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            match line.iter().find(|byte| matches!(byte, 0 | b'\r')) {
                Some(0) => Err(WireError::Nul),
                Some(_) => Err(WireError::BareCr),
                None => Ok(line),
            }
        })
        .take_while(|line| !matches!(line, Ok([])))
}

/// Parses the lines after the first one of a head.
///
/// A line without a colon, or whose name is not a token, is left out, as in browsers; so is
/// `Name :`, which only some of them take. A line that begins with white space goes on with the
/// value of the line before.
///
/// # Errors
/// What [`lines`] says, and [`WireError::HeadTooLarge`] for more than `limit` lines.
///
/// ```
/// use corsac_agent::wire::parse_field_lines;
/// let list = parse_field_lines(b"Vary: Origin\r\nno colon\nvary:\tAccept \r\n\r\n", 100).unwrap();
/// assert_eq!(list.len(), 2);
/// assert_eq!(list.get("Vary").as_deref(), Some(&b"Origin, Accept"[..]));
/// ```
pub fn parse_field_lines(head: &[u8], limit: usize) -> Result<HeaderList, WireError> {
    let mut list = HeaderList::new();
    let mut field: Option<(&[u8], Vec<u8>)> = None;
    for (count, line) in lines(head).enumerate() {
        let line = line?;
        if count == limit {
            return Err(WireError::HeadTooLarge);
        }
        if let [b' ' | b'\t', ..] = line {
            if let Some((_, value)) = &mut field {
                value.push(b' ');
                value.extend_from_slice(normalize(line));
            }
            continue;
        }
        push(&mut list, field.take());
        let mut parts = line.splitn(2, |&byte| byte == b':');
        field = match (parts.next(), parts.next()) {
            (Some(name), Some(value)) if is_token(name) => Some((name, normalize(value).to_vec())),
            _ => None,
        };
    }
    push(&mut list, field);
    Ok(list)
}

fn push(list: &mut HeaderList, field: Option<(&[u8], Vec<u8>)>) {
    if let Some((name, value)) = field {
        list.push(name, normalize(&value));
    }
}
