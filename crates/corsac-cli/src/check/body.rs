//! The body, as curl's flags put it together.

use std::fs;

use super::args::{CheckArgs, Part, PartKind};

/// What the flags for data come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Data {
    pub(super) bytes: Vec<u8>,
    /// Content-Type and Accept, where the flags imply them and the author does not say.
    pub(super) content_type: Option<String>,
    pub(super) accept: Option<&'static str>,
}

/// Puts the body together; `None` if there is none.
pub(super) fn data(args: &CheckArgs) -> Result<Option<Data>, String> {
    match (args.parts.as_slice(), args.form.as_slice()) {
        ([], []) => Ok(None),
        (parts, []) => parts_of_data(parts).map(Some),
        ([], fields) => form(fields).map(Some),
        _ => Err("-F and -d do not go together: a body is a form or it is not".to_owned()),
    }
}

fn parts_of_data(parts: &[Part]) -> Result<Data, String> {
    let mut bytes = Vec::new();
    for (count, part) in parts.iter().enumerate() {
        // JSON is joined as it is, so that an array can come in pieces.
        if count > 0 && part.kind != PartKind::Json {
            bytes.push(b'&');
        }
        bytes.extend(value(part)?);
    }
    let is_json = parts.iter().any(|part| part.kind == PartKind::Json);
    let content_type = match is_json {
        true => "application/json",
        false => "application/x-www-form-urlencoded",
    };
    Ok(Data {
        bytes,
        content_type: Some(content_type.to_owned()),
        accept: is_json.then_some("application/json"),
    })
}

fn value(part: &Part) -> Result<Vec<u8>, String> {
    let file = part.value.strip_prefix('@');
    Ok(match (part.kind, file) {
        (PartKind::Raw, _) | (PartKind::Data | PartKind::Binary | PartKind::Json, None) => {
            part.value.clone().into_bytes()
        }
        (PartKind::Data, Some(path)) => {
            let mut bytes = read(path)?;
            bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
            bytes
        }
        (PartKind::Binary | PartKind::Json, Some(path)) => read(path)?,
        (PartKind::UrlEncode, _) => url_encoded(&part.value)?,
    })
}

/// `TEXT`, `=TEXT`, `NAME=TEXT`, `@FILE`, `NAME@FILE`: only what is not the name is encoded.
fn url_encoded(value: &str) -> Result<Vec<u8>, String> {
    let (name, content) = match value.find(['=', '@']) {
        None => ("", value.as_bytes().to_vec()),
        Some(at) => {
            let (name, rest) = value.split_at(at);
            match rest.strip_prefix('=') {
                Some(text) => (name, text.as_bytes().to_vec()),
                None => (name, read(rest.trim_start_matches('@'))?),
            }
        }
    };
    let encoded = percent_encoded(&content);
    Ok(match name.is_empty() {
        true => encoded.into_bytes(),
        false => format!("{name}={encoded}").into_bytes(),
    })
}

/// As curl escapes: everything but unreserved characters.
fn percent_encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(byte.into());
            }
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// Source: <https://html.spec.whatwg.org/#multipart-form-data>
fn form(fields: &[String]) -> Result<Data, String> {
    let mut parts = Vec::new();
    for field in fields {
        parts.push(part_of_form(field)?);
    }
    let mut boundary = "----corsac".to_owned();
    let holds = |boundary: &str| {
        parts.iter().any(|part| {
            part.windows(boundary.len())
                .any(|part| part == boundary.as_bytes())
        })
    };
    while holds(&boundary) {
        boundary.push('-');
    }
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        bytes.extend(part);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok(Data {
        bytes,
        content_type: Some(format!("multipart/form-data; boundary={boundary}")),
        accept: None,
    })
}

fn part_of_form(field: &str) -> Result<Vec<u8>, String> {
    let Some((name, value)) = field.split_once('=') else {
        return Err(format!("-F {field}: a field is NAME=TEXT or NAME=@FILE"));
    };
    let name = name.replace('"', "%22");
    let is_file = value.starts_with(['@', '<']);
    let (value, content_type) = match value.split_once(";type=") {
        Some((value, content_type)) => (value, Some(content_type)),
        None => (value, None),
    };
    let mut head = format!("Content-Disposition: form-data; name=\"{name}\"");
    let mut content_type = content_type.map(str::to_owned);
    let content = match (value.strip_prefix('@'), value.strip_prefix('<')) {
        (Some(path), _) => {
            let filename = path.rsplit('/').next().unwrap_or(path).replace('"', "%22");
            head.push_str(&format!("; filename=\"{filename}\""));
            content_type.get_or_insert_with(|| "application/octet-stream".to_owned());
            read(path)?
        }
        (None, Some(path)) if is_file => read(path)?,
        _ => value.as_bytes().to_vec(),
    };
    if let Some(content_type) = content_type {
        head.push_str(&format!("\r\nContent-Type: {content_type}"));
    }
    let mut part = head.into_bytes();
    part.extend_from_slice(b"\r\n\r\n");
    part.extend(content);
    Ok(part)
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

    use super::*;

    fn joined(parts: &[(PartKind, &str)]) -> String {
        let parts = parts.iter().map(|&(kind, value)| Part {
            kind,
            value: value.to_owned(),
        });
        let data = parts_of_data(&parts.collect::<Vec<_>>()).unwrap();
        String::from_utf8(data.bytes).unwrap()
    }

    #[test]
    fn pieces_are_joined_as_curl_joins_them() {
        let encoded = [
            (PartKind::Data, "a=1"),
            (PartKind::UrlEncode, "b=x y&z"),
            (PartKind::Raw, "@c"),
        ];
        assert_eq!(joined(&encoded), "a=1&b=x%20y%26z&@c");
        assert_eq!(
            joined(&[(PartKind::Json, "[1,"), (PartKind::Json, "2]")]),
            "[1,2]"
        );
        assert_eq!(joined(&[(PartKind::UrlEncode, "é")]), "%C3%A9");
    }

    #[test]
    fn a_form_has_a_boundary_that_is_not_in_it() {
        let data = form(&["a=----corsac".to_owned()]).unwrap();
        let body = String::from_utf8(data.bytes).unwrap();
        assert_eq!(
            body,
            "------corsac-\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\
             ----corsac\r\n------corsac---\r\n"
        );
        assert!(form(&["a".to_owned()]).is_err());
    }
}
