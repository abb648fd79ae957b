//! Passwords, tokens and cookies, so that a report can be shown to others.

use url::Url;

use super::report::{Pair, Report, ScriptReport, Step};

const MASKED: &str = "<masked>";

/// Masks whatever lets somebody in.
pub(super) fn mask(report: &mut Report) {
    mask_pairs(&mut report.request.headers);
    mask_url(&mut report.request.url);
    report.request.page_url.iter_mut().for_each(mask_url);
    let of_author = std::mem::take(&mut report.request.preflight_because);
    report.request.preflight_because = of_author
        .into_iter()
        .map(|because| match because.split_once(": ") {
            Some((name, value)) => format!("{name}: {}", masked(name, value)),
            None => because,
        })
        .collect();
    report.steps.iter_mut().for_each(mask_step);
    for wire in &mut report.wire {
        mask_url(&mut wire.url);
    }
    if let Some(not_sent) = &mut report.not_sent {
        mask_url(&mut not_sent.url);
    }
    report.script.iter_mut().for_each(mask_script);
}

pub(super) fn mask_step(step: &mut Step) {
    mask_url(&mut step.request.url);
    mask_pairs(&mut step.request.headers);
    step.request.line = mask_line(&step.request.line);
    if let Some(response) = &mut step.response {
        mask_pairs(&mut response.headers);
    }
    for check in &mut step.checks {
        if check.check == "redirect" {
            check.found.iter_mut().for_each(mask_url);
        }
    }
}

pub(super) fn mask_script(script: &mut ScriptReport) {
    mask_url(&mut script.url);
    mask_pairs(&mut script.headers);
}

fn mask_pairs(pairs: &mut [Pair]) {
    for (name, value) in pairs {
        *value = masked(name, value);
    }
}

/// A header's value, as far as others may see it.
pub(super) fn masked(name: &str, value: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        // The scheme is what a server may not have understood; the rest is the secret.
        "authorization" | "proxy-authorization" => match value.split_once(' ') {
            Some((scheme, _)) => format!("{scheme} {MASKED}"),
            None => MASKED.to_owned(),
        },
        "cookie" => {
            let names = value.split(';').map(|cookie| {
                let name = cookie.split('=').next().unwrap_or_default();
                format!("{}={MASKED}", name.trim())
            });
            names.collect::<Vec<_>>().join("; ")
        }
        "set-cookie" => match value.split_once('=') {
            Some((name, rest)) => match rest.split_once(';') {
                Some((_, attributes)) => format!("{name}={MASKED};{attributes}"),
                None => format!("{name}={MASKED}"),
            },
            None => MASKED.to_owned(),
        },
        "location" | "content-location" | "referer" | ":path" => {
            let mut value = value.to_owned();
            mask_url(&mut value);
            value
        }
        name if is_secret(name) => MASKED.to_owned(),
        _ => value.to_owned(),
    }
}

/// Whether a name says that its value is a secret: of a header, or of a parameter in a URL.
fn is_secret(name: &str) -> bool {
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|char| char.to_ascii_lowercase())
        .collect();
    // Names only: what a preflight asks for, or is granted, is no secret.
    if name.starts_with("accesscontrol") {
        return false;
    }
    [
        "apikey",
        "authtoken",
        "accesstoken",
        "csrftoken",
        "xsrftoken",
        "secret",
        "password",
    ]
    .iter()
    .any(|part| name.contains(part))
        || [
            "token",
            "key",
            "sig",
            "signature",
            "jwt",
            "pwd",
            "passwd",
            "auth",
        ]
        .contains(&name.as_str())
}

/// A URL without its password and without the values of parameters that sound like one. What is no
/// whole URL may be the path of one.
pub(crate) fn mask_url(text: &mut String) {
    if let Some((before, rest)) = text.split_once("://")
        && let Ok(url) = Url::parse(text)
        && (!url.username().is_empty() || url.password().is_some())
        && let Some((_, host)) = rest.split_once('@')
    {
        *text = format!("{before}://{MASKED}@{host}");
    }
    let Some((before, query)) = text.split_once('?') else {
        return;
    };
    let (query, fragment) = match query.split_once('#') {
        Some((query, fragment)) => (query, Some(fragment)),
        None => (query, None),
    };
    let parameters = query
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, _)) if is_secret(name) => format!("{name}={MASKED}"),
            _ => parameter.to_owned(),
        });
    let query = parameters.collect::<Vec<_>>().join("&");
    *text = match fragment {
        Some(fragment) => format!("{before}?{query}#{fragment}"),
        None => format!("{before}?{query}"),
    };
}

/// A request line: method, target, version.
fn mask_line(line: &str) -> String {
    let words = line.split(' ').map(|word| {
        let mut word = word.to_owned();
        mask_url(&mut word);
        word
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A command line without its secrets, whether a flag and its value are one word or two.
pub(super) fn command_line(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut flag = String::new();
    words
        .map(|word| {
            let (before, value) = match attached(&word) {
                Some((before, value)) => (before.to_owned(), value.to_owned()),
                None => (String::new(), word.clone()),
            };
            let of = match before.is_empty() {
                true => std::mem::replace(&mut flag, word),
                false => before.trim_end_matches('=').to_owned(),
            };
            before + &masked_argument(&of, &value)
        })
        .collect()
}

/// `-Hname: value`, `--header=name: value`: the flag, and what is attached to it.
fn attached(word: &str) -> Option<(&str, &str)> {
    if word.starts_with("--") {
        let at = word.find('=')?;
        return word.split_at_checked(at + 1);
    }
    let is_one = word.starts_with("-H") || word.starts_with("-b") || word.starts_with("-u");
    (is_one && word.len() > 2).then(|| word.split_at_checked(2))?
}

fn masked_argument(flag: &str, value: &str) -> String {
    match (flag, value.split_once(':')) {
        ("-H" | "--header", Some((name, value))) => {
            format!("{name}: {}", masked(name, value.trim()))
        }
        ("-b" | "--cookie", _) => masked("cookie", value),
        ("-u" | "--user", Some((user, _))) => format!("{user}:{MASKED}"),
        // A whole command line of its own: it can be pasted once more.
        ("--curl", _) => "-".to_owned(),
        _ => {
            let mut value = value.to_owned();
            mask_url(&mut value);
            value
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{command_line, mask_url, masked};

    #[test]
    fn secrets_are_masked_and_their_names_stay() {
        assert_eq!(masked("Authorization", "Bearer abc"), "Bearer <masked>");
        assert_eq!(masked("cookie", "a=1; b=2"), "a=<masked>; b=<masked>");
        assert_eq!(masked("Set-Cookie", "a=1; Path=/"), "a=<masked>; Path=/");
        assert_eq!(masked("x-api-key", "abc"), "<masked>");
        assert_eq!(
            masked("Access-Control-Request-Headers", "x-api-key"),
            "x-api-key"
        );
        assert_eq!(masked("X-Cart", "7"), "7");
    }

    #[test]
    fn urls_keep_their_shape() {
        let masked = |url: &str| {
            let mut url = url.to_owned();
            mask_url(&mut url);
            url
        };
        assert_eq!(
            masked("https://u:p@a.example/x"),
            "https://<masked>@a.example/x"
        );
        assert_eq!(
            masked("https://a.example/?a=1&access_token=x#y"),
            "https://a.example/?a=1&access_token=<masked>#y"
        );
        assert_eq!(masked("/x?token=1"), "/x?token=<masked>");
        assert_eq!(masked("https://a.example/b@c"), "https://a.example/b@c");
    }

    #[test]
    fn a_command_line_can_be_shown() {
        let words = [
            "check",
            "https://a.example/?token=x",
            "-H",
            "authorization: Bearer x",
            "-Hx-api-key: x",
            "--header=x-cart: 7",
            "-u",
            "me:x",
            "--cookie=a=x",
            "--curl",
            "curl -H 'cookie: a=x'",
        ];
        assert_eq!(
            command_line(words.map(str::to_owned).into_iter()).join(" "),
            "check https://a.example/?token=<masked> -H authorization: Bearer <masked> \
             -Hx-api-key: <masked> --header=x-cart: 7 -u me:<masked> --cookie=a=<masked> --curl -"
        );
    }
}
