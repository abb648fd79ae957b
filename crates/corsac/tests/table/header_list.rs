use corsac::header::{Header, HeaderList, normalize};

fn list() -> HeaderList {
    HeaderList::from([("X-A", "1"), ("Vary", "b"), ("x-a", "2"), ("X-a", "")])
}

#[test]
fn order_case_and_duplicates_stay_as_they_came() {
    let lines: Vec<_> = (&list())
        .into_iter()
        .map(|header| (header.name().to_vec(), header.value().to_vec()))
        .collect();
    let came: [(&[u8], &[u8]); 4] = [
        (b"X-A", b"1"),
        (b"Vary", b"b"),
        (b"x-a", b"2"),
        (b"X-a", b""),
    ];
    assert_eq!(lines.len(), 4);
    for ((name, value), came) in lines.iter().zip(came) {
        assert_eq!((&name[..], &value[..]), came);
    }
    assert_ne!(list(), HeaderList::from([("X-A", "1"), ("Vary", "b")]));
}

#[test]
fn any_byte_survives_in_a_value() {
    let every_byte: Vec<u8> = (0..=u8::MAX).collect();
    let header = Header::new("X", &every_byte);
    assert_eq!(header.name(), b"X");
    assert_eq!(header.value(), every_byte);
    assert_eq!(Header::new("", "v").name(), b"");
    assert_eq!(Header::new("n", "").value(), b"");
}

#[test]
fn names_match_in_any_ascii_case_and_in_no_other() {
    let header = Header::new("X-K\u{e9}", "");
    assert!(header.is_named("x-k\u{e9}"));
    // The Kelvin sign lower-cases to k, but not in ASCII.
    assert!(!header.is_named("x-\u{212a}\u{e9}"));
    assert!(!header.is_named("x-k"));
}

#[test]
fn getting_joins_all_lines_with_comma_and_space() {
    assert_eq!(list().get("x-A").as_deref(), Some(&b"1, 2, "[..]));
    assert_eq!(list().get("VARY").as_deref(), Some(&b"b"[..]));
    assert_eq!(list().get("x"), None);
}

#[test]
fn an_empty_value_is_not_an_absent_header() {
    let list = HeaderList::from([("Origin", "")]);
    assert_eq!(list.get("origin").as_deref(), Some(&b""[..]));
    assert!(list.contains("ORIGIN"));
    assert!(!list.contains("Origi"));
}

#[test]
fn lines_keep_their_place_in_the_list() {
    let list = list();
    let lines: Vec<_> = list.lines("x-a").collect();
    assert_eq!(lines, [(0, &b"1"[..]), (2, b"2"), (3, b"")]);
    assert_eq!(list.lines("x-a").next_back(), Some((3, &b""[..])));
    assert_eq!(list.lines("absent").next(), None);
}

#[test]
fn append_reuses_the_case_of_the_first_line() {
    let mut list = list();
    list.append("x-A", "3");
    list.append("New", "4");
    assert_eq!(
        list,
        HeaderList::from([
            ("X-A", "1"),
            ("Vary", "b"),
            ("x-a", "2"),
            ("X-a", ""),
            ("X-A", "3"),
            ("New", "4"),
        ])
    );
}

#[test]
fn push_keeps_the_case_that_came() {
    let mut list = HeaderList::from([("X-A", "1")]);
    list.push("x-a", "2");
    assert_eq!(list, HeaderList::from([("X-A", "1"), ("x-a", "2")]));
}

#[test]
fn set_keeps_place_and_case_of_the_first_line_and_drops_the_others() {
    let mut list = list();
    list.set("x-A", "new");
    assert_eq!(list, HeaderList::from([("X-A", "new"), ("Vary", "b")]));
    list.set("vary", "*");
    assert_eq!(list, HeaderList::from([("X-A", "new"), ("Vary", "*")]));
    list.set("Absent", "");
    assert_eq!(
        list,
        HeaderList::from([("X-A", "new"), ("Vary", "*"), ("Absent", "")])
    );
}

#[test]
fn combine_joins_into_the_first_line_and_append_does_not() {
    let mut combined = HeaderList::from([("Accept", "a")]);
    combined.combine("ACCEPT", "b");
    assert_eq!(combined, HeaderList::from([("Accept", "a, b")]));

    let mut appended = HeaderList::from([("Accept", "a")]);
    appended.append("ACCEPT", "b");
    assert_eq!(
        appended,
        HeaderList::from([("Accept", "a"), ("Accept", "b")])
    );

    let mut several = list();
    several.combine("x-a", "z");
    assert_eq!(
        several,
        HeaderList::from([("X-A", "1, z"), ("Vary", "b"), ("x-a", "2"), ("X-a", "")])
    );

    let mut absent = HeaderList::new();
    absent.combine("X", "1");
    assert_eq!(absent, HeaderList::from([("X", "1")]));
}

#[test]
fn delete_takes_every_line_in_any_case() {
    let mut list = list();
    list.delete("X-A");
    assert_eq!(list, HeaderList::from([("Vary", "b")]));
    list.delete("absent");
    assert_eq!(list.len(), 1);
}

#[test]
fn a_list_knows_its_length() {
    assert!(HeaderList::new().is_empty());
    assert!(HeaderList::with_capacity(8).is_empty());
    assert!(!list().is_empty());
    assert_eq!(list().len(), 4);
    assert_eq!(list().iter().len(), 4);
}

#[test]
fn debugging_shows_every_byte_escaped() {
    let list = HeaderList::from([(&b"X"[..], &b"a\x0b\xff"[..])]);
    assert_eq!(format!("{list:?}"), r"[X: a\x0b\xff]");
}

#[test]
fn normalising_a_value_strips_tab_lf_cr_and_space_and_nothing_else() {
    for (potential, value) in [
        (&b"\r\n\t a \t\r\n"[..], &b"a"[..]),
        (b"a\r\nb", b"a\r\nb"),
        (b"\x0ba\x0c", b"\x0ba\x0c"),
        (b"\0", b"\0"),
        (b"\xa0a", b"\xa0a"),
        (b" \t\r\n", b""),
        (b"", b""),
        (b" a", b"a"),
        (b"a ", b"a"),
    ] {
        assert_eq!(normalize(potential), value);
    }
}
