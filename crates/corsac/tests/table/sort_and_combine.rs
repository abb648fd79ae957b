use corsac::header::{
    HeaderList, convert_header_names_to_a_sorted_lowercase_set as convert, sort_and_combine,
};

#[test]
fn names_sort_by_bytes_after_lower_casing() {
    let names = ["b", "X_a", "A", "x-z", "~", "a", "B-", "x1"];
    assert_eq!(
        convert(names.iter().map(|name| name.as_bytes())),
        [&b"a"[..], b"b", b"b-", b"x-z", b"x1", b"x_a", b"~"]
    );
    assert!(convert([]).is_empty());
}

#[test]
fn set_cookie_is_never_combined() {
    let list = HeaderList::from([
        ("Set-Cookie", "b=1"),
        ("X-A", "1"),
        ("SET-COOKIE", "a=2"),
        ("Set-Cookie2", "x"),
        ("set-cookie2", "y"),
        ("x-a", ""),
    ]);
    assert_eq!(
        sort_and_combine(&list),
        HeaderList::from([
            ("set-cookie", "b=1"),
            ("set-cookie", "a=2"),
            ("set-cookie2", "x, y"),
            ("x-a", "1, "),
        ])
    );
    assert_eq!(sort_and_combine(&HeaderList::new()), HeaderList::new());
}
