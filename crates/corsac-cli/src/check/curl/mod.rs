//! A pasted curl line, as browsers' "Copy as cURL (bash)" makes them, as arguments of ours.

mod words;

/// Turns a curl line into arguments; what a browser adds to every request is left to the browser.
pub(super) fn arguments(line: &str) -> Result<Vec<String>, String> {
    let words = words::split(line)?;
    let mut words = words.into_iter();
    match words.next() {
        Some(first) if first == "curl" => {}
        _ => return Err("--curl: the line does not begin with `curl`".to_owned()),
    }
    let mut arguments = Vec::new();
    let mut headers = Vec::new();
    while let Some(word) = words.next() {
        if word == "--" {
            return Err("--curl: what follows `--` is not read".to_owned());
        }
        if VALUELESS.contains(&word.as_str()) {
            continue;
        }
        if OUTPUT.contains(&word.as_str()) {
            words.next();
        } else if word == "-b" || word == "--cookie" {
            headers.extend(words.next().map(|cookies| format!("cookie: {cookies}")));
        } else if word == "-H" || word == "--header" {
            headers.extend(words.next());
        } else if word == "-e" || word == "--referer" {
            headers.extend(words.next().map(|url| format!("referer: {url}")));
        } else if let Some(header) = word.strip_prefix("-H") {
            headers.push(header.to_owned());
        } else {
            arguments.push(word);
        }
    }
    arguments.extend(of_headers(&headers));
    Ok(arguments)
}

/// Flags about what curl prints, which nobody means when they paste.
const VALUELESS: &[&str] = &[
    "-v",
    "--verbose",
    "-S",
    "--show-error",
    "-f",
    "--fail",
    "-O",
];
const OUTPUT: &[&str] = &["-o", "--output", "-w", "--write-out", "-D", "--dump-header"];

/// The author's headers stay; those of the browser become flags, or are what it sends anyway.
fn of_headers(headers: &[String]) -> Vec<String> {
    let mut arguments = Vec::new();
    let has = |name: &str| headers.iter().any(|header| name_of(header) == name);
    // With its cache switched off, a browser's developer tools send both.
    let cache_is_off = has("pragma") && has("cache-control");
    for header in headers {
        let name = name_of(header);
        let value = header.split_once(':').map_or("", |(_, value)| value.trim());
        let mut push = |flag: &str, value: &str| {
            arguments.extend([flag.to_owned(), value.to_owned()]);
        };
        match name.as_str() {
            "origin" => push("--origin", value),
            "cookie" => {
                push("-b", value);
                // They travelled, so the page had asked for it.
                push("--credentials", "include");
            }
            "user-agent" => push("-A", value),
            "referer" if !has("origin") => push("--page-url", value),
            name if name.starts_with("sec-") => {}
            "referer"
            | "host"
            | "connection"
            | "accept-encoding"
            | "content-length"
            | "priority"
            | "te"
            | "dnt"
            | "upgrade-insecure-requests" => {}
            "pragma" | "cache-control" if cache_is_off => {}
            _ => push("-H", header),
        }
    }
    arguments
}

fn name_of(header: &str) -> String {
    let name = header.split([':', ';']).next().unwrap_or(header);
    name.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

    use super::arguments;

    #[test]
    fn a_line_of_chromes() {
        let line = "curl 'https://api.example/orders?a=1' \\\n  -X 'PUT' \\\n  \
                    -H 'accept: */*' \\\n  -H 'content-type: application/json' \\\n  \
                    -b 'session=1' \\\n  -H 'origin: https://app.example' \\\n  \
                    -H 'priority: u=1, i' \\\n  -H 'referer: https://app.example/' \\\n  \
                    -H 'sec-fetch-mode: cors' \\\n  -H 'user-agent: Mozilla/5.0' \\\n  \
                    --data-raw $'{\"it\\'s\":\"\\u00e9\"}' --compressed";
        assert_eq!(
            arguments(line).unwrap(),
            [
                "https://api.example/orders?a=1",
                "-X",
                "PUT",
                "--data-raw",
                "{\"it's\":\"\u{e9}\"}",
                "--compressed",
                "-H",
                "accept: */*",
                "-H",
                "content-type: application/json",
                "-b",
                "session=1",
                "--credentials",
                "include",
                "--origin",
                "https://app.example",
                "-A",
                "Mozilla/5.0",
            ]
        );
    }

    #[test]
    fn what_is_no_curl_line_says_so() {
        assert!(arguments("wget https://a.example").is_err());
        assert!(arguments("curl 'https://a.example").is_err());
        assert!(arguments("curl https://a.example | sh").is_err());
        assert!(arguments("curl \"$URL\"").is_err());
    }
}
