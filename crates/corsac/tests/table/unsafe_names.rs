use corsac::header::{HeaderList, Safelist, Unsafe, cors_unsafe_request_header_names};

type Found = Vec<(String, Unsafe)>;

fn found(headers: &HeaderList, safelist: Safelist) -> Found {
    cors_unsafe_request_header_names(headers, safelist)
        .into_iter()
        .map(|one| (String::from_utf8(one.name).unwrap(), one.reason))
        .collect()
}

fn names<const LINES: usize>(lines: [(&str, &str); LINES]) -> Vec<String> {
    let found = found(&HeaderList::from(lines), Safelist::FETCH);
    found.into_iter().map(|(name, _)| name).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn names_come_lower_case_sorted_by_bytes_and_once() {
    assert_eq!(
        names([
            ("X-b", "1"),
            ("X_A", "1"),
            ("x-B", "2"),
            ("X-A", "1"),
            ("Authorization", "a"),
            ("X-a", "2"),
        ]),
        ["authorization", "x-a", "x-b", "x_a"]
    );
}

#[test]
fn what_the_browser_itself_adds_early_is_judged_and_safe() {
    assert_eq!(
        names([
            ("Accept", "*/*"),
            ("Accept-Language", "en-GB,en;q=0.5"),
            ("Content-Type", "text/plain;charset=UTF-8"),
        ]),
        NONE
    );
}

#[test]
fn conditional_cache_and_user_agent_headers_of_the_author_are_unsafe() {
    assert_eq!(
        names([
            ("User-Agent", "mine"),
            ("If-None-Match", "\"a\""),
            ("Cache-Control", "no-cache"),
        ]),
        ["cache-control", "if-none-match", "user-agent"]
    );
}

#[test]
fn lines_of_one_name_are_judged_apart() {
    // Joined, these two would be no MIME type; apart, both are safe.
    assert_eq!(
        names([
            ("Content-Type", "text/plain"),
            ("Content-Type", "text/plain")
        ]),
        NONE
    );
    assert_eq!(
        names([
            ("Content-Type", "text/plain"),
            ("Content-Type", "application/json")
        ]),
        ["content-type"]
    );
    // Apart, each of these is within 128 bytes.
    let long = "a".repeat(100);
    assert_eq!(names([("Accept", &long), ("Accept", &long)]), NONE);
}

fn safelisted_lines(lines: usize, last: usize) -> HeaderList {
    let mut list: HeaderList = (0..lines)
        .map(|line| (["Accept", "Accept-Language"][line % 2], "a".repeat(128)))
        .collect();
    list.push("Content-Language", "a".repeat(last));
    list
}

#[test]
fn sum_of_1024_bytes_is_safe() {
    assert_eq!(found(&safelisted_lines(7, 128), Safelist::FETCH), []);
    assert_eq!(found(&safelisted_lines(8, 0), Safelist::FETCH), []);
}

#[test]
fn sum_of_1025_bytes_makes_every_safelisted_header_unsafe() {
    assert_eq!(
        found(&safelisted_lines(8, 1), Safelist::FETCH),
        [
            ("accept".to_owned(), Unsafe::Sum),
            ("accept-language".to_owned(), Unsafe::Sum),
            ("content-language".to_owned(), Unsafe::Sum),
        ]
    );
}

#[test]
fn unsafe_values_do_not_count_for_the_sum() {
    let mut list = safelisted_lines(8, 0);
    list.push("X-Long", "a".repeat(5000));
    list.push("Accept", "a".repeat(129));
    assert_eq!(
        found(&list, Safelist::FETCH),
        [
            ("accept".to_owned(), Unsafe::TooLong),
            ("x-long".to_owned(), Unsafe::Name),
        ]
    );
}

#[test]
fn names_do_not_count_for_the_sum() {
    let list: HeaderList = (0..1025).map(|_| ("Accept", "a")).take(1024).collect();
    assert_eq!(found(&list, Safelist::FETCH), []);
}

#[test]
fn the_first_unsafe_line_gives_the_reason() {
    let list = HeaderList::from([
        ("Accept", "fine"),
        ("Accept", "a("),
        ("accept", &"a".repeat(129)),
    ]);
    let reason = Unsafe::Byte { at: 1 };
    assert_eq!(
        found(&list, Safelist::default()),
        [("accept".to_owned(), reason)]
    );
    // What is unsafe by itself is not put down to the sum.
    let mut list = safelisted_lines(9, 0);
    list.push("ACCEPT", "(");
    let reason = Unsafe::Byte { at: 0 };
    assert_eq!(
        found(&list, Safelist::FETCH)[0],
        ("accept".to_owned(), reason)
    );
}

#[test]
fn an_engine_may_take_client_hints_for_safe_if_they_say_what_hints_say() {
    let mut safelist = Safelist::FETCH;
    safelist.client_hints = true;
    let judge = |name: &str, value: &str| {
        let list = HeaderList::from([(name, value)]);
        found(&list, safelist).pop().map(|(_, reason)| reason)
    };
    let odd = Some(Unsafe::Byte { at: 0 });
    for name in ["DPR", "Downlink", "device-memory"] {
        assert_eq!(judge(name, "1"), None);
        assert_eq!(judge(name, "1.5"), None);
        for value in [
            "", "-1", "+1", ".5", "1.", "1.5.5", "1e3", "0x1", "inf", "(2",
        ] {
            assert_eq!(judge(name, value), odd, "{name}: {value}");
        }
    }
    for name in ["RTT", "Width", "Viewport-Width"] {
        assert_eq!(judge(name, &"1".repeat(128)), None);
        assert_eq!(judge(name, &"1".repeat(129)), Some(Unsafe::TooLong));
        for value in ["", "-1", "1.5", "1e3", "a"] {
            assert_eq!(judge(name, value), odd, "{name}: {value}");
        }
    }
    for (name, value, reason) in [
        ("ECT", "slow-2g", None),
        ("ECT", "4G", odd),
        ("ECT", "5g", odd),
        ("Save-Data", "ON", None),
        ("Save-Data", "off", odd),
        ("Sec-CH-DPR", "2", Some(Unsafe::Name)),
    ] {
        assert_eq!(judge(name, value), reason, "{name}: {value}");
    }
}

#[test]
fn an_engine_may_refuse_bytes_beyond_ascii() {
    let mut safelist = Safelist::FETCH;
    let list = HeaderList::from([
        ("Accept", &b"ab\x80\xff"[..]),
        ("Content-Type", b"text/plain"),
        ("Range", b"bytes=0-"),
    ]);
    assert_eq!(found(&list, safelist), []);
    safelist.allows_non_ascii = false;
    assert_eq!(
        found(&list, safelist),
        [("accept".to_owned(), Unsafe::Byte { at: 2 })]
    );
}

#[test]
fn an_engine_may_not_count_the_sum() {
    let mut safelist = Safelist::FETCH;
    safelist.limits_sum = false;
    assert_eq!(found(&safelisted_lines(16, 128), safelist), []);
}
