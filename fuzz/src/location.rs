use corsac::fetch::{ResponseHead, is_redirect_status, location_url};
use corsac::header::HeaderList;
use url::Url;

const BASES: [&str; 4] = [
    "https://a.example/x/y?q#top",
    "http://[::1]:8080/",
    "https://user@b.example/",
    "http://c.example/%ff",
];
const STATUSES: [u16; 8] = [200, 300, 301, 302, 303, 304, 307, 308];

/// Any Location leads nowhere, to an error, or to a URL that is one.
pub fn location(data: &[u8]) {
    let Some((selector, data)) = data.split_first() else {
        return;
    };
    let selector = usize::from(*selector);
    let base = Url::parse(BASES[selector % 4]).expect("a URL");
    let status = STATUSES[selector / 4 % 8];
    let fragment = [None, Some("f")][selector / 32 % 2];
    let mut list = HeaderList::new();
    let lines: Vec<_> = super::lines(data).take(2).collect();
    lines.iter().for_each(|line| list.push("location", line));
    let response = ResponseHead::new(status, list);

    let found = location_url(&response, &base, fragment);
    if !is_redirect_status(status) || lines.is_empty() {
        assert_eq!(found, Ok(None));
        return;
    }
    if lines.len() > 1 {
        assert!(found.is_err());
        return;
    }
    let Ok(found) = found else {
        return;
    };
    let found = found.expect("there is a Location");
    // Another byte than ASCII would be another URL to another parser.
    assert!(found.as_str().is_ascii());
    assert_eq!(Url::parse(found.as_str()), Ok(found.clone()));
    let line = lines[0];
    if !line.contains(&b'#') {
        assert_eq!(found.fragment(), fragment);
    }
    if line.is_ascii() {
        let text = std::str::from_utf8(line).expect("ASCII");
        let mut joined = base.join(text).expect("it could be joined before");
        if joined.fragment().is_none() {
            joined.set_fragment(fragment);
        }
        assert_eq!(found, joined);
    }
}
