use super::{
    Shard,
    equivalent::Equivalent,
    mutant::{Mutant, Place, Span, marked},
    results::{FileResult, Results},
};

fn span(start: (usize, usize), end: (usize, usize)) -> Span {
    let place = |(line, column)| Place { line, column };
    Span {
        start: place(start),
        end: place(end),
    }
}

fn mutant(code: &str) -> Mutant {
    Mutant {
        file: "a.rs".to_owned(),
        mutant: "replace == with != in f".to_owned(),
        code: code.to_owned(),
    }
}

#[test]
fn the_code_of_a_mutant_is_marked() {
    let source = "fn f() {\n    é == b || c == d\n}\n";
    for (span, code) in [
        (span((2, 7), (2, 9)), "é «==» b || c == d"),
        (span((2, 17), (2, 19)), "é == b || c «==» d"),
        (span((2, 5), (2, 21)), "«é == b || c == d»"),
        (span((1, 8), (3, 2)), "fn f() «{»"),
    ] {
        assert_eq!(marked(source, span).unwrap(), code);
    }
    assert_eq!(marked(source, span((4, 1), (4, 2))), None);
}

#[test]
fn a_survivor_is_printed_as_an_entry_that_lacks_its_reason() {
    let survivor = mutant("\"\\\" «==» 'b'");
    let entry = survivor.as_entry();
    assert!(
        Equivalent::parse(&entry)
            .unwrap_err()
            .to_string()
            .contains("no reason")
    );
    let reasoned = entry.replace("reason = \"\"", "reason = \"because\"");
    let list = Equivalent::parse(&reasoned).unwrap();
    assert!(list.contains(&survivor));
    assert!(!list.contains(&mutant("«==»")));
    let twice = reasoned.repeat(2);
    assert!(
        Equivalent::parse(&twice)
            .unwrap_err()
            .to_string()
            .contains("twice")
    );
}

#[test]
fn an_entry_that_stands_for_no_mutant_or_for_several_is_gone() {
    let one = mutant("a «==» b");
    let entry = one
        .as_entry()
        .replace("reason = \"\"", "reason = \"because\"");
    let list = Equivalent::parse(&entry).unwrap();
    assert!(list.gone(&[mutant("c «==» d"), one.clone()]).is_empty());
    assert_eq!(list.gone(&[mutant("c «==» d")]), [&one]);
    assert_eq!(list.gone(&[one.clone(), one.clone()]), [&one]);
}

#[test]
fn a_shard_is_every_nth_file() {
    let files = || ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
    let shard = |text: &str| text.parse::<Shard>().unwrap().of(files());
    assert_eq!(shard("1/1"), files());
    assert_eq!(shard("1/2"), ["a", "c", "e"]);
    assert_eq!(shard("2/2"), ["b", "d"]);
    assert!(shard("6/6").is_empty());
    for text in ["", "1", "0/2", "3/2", "1/0", "a/b"] {
        assert!(text.parse::<Shard>().is_err(), "{text}");
    }
}

#[test]
fn a_result_replaces_the_one_before_and_adds_up() {
    let result = |file: &str, caught| FileResult {
        file: file.to_owned(),
        caught,
        missed: 1,
        ..FileResult::default()
    };
    let mut results = Results::default();
    results.record(result("b.rs", 1));
    results.record(result("a.rs", 2));
    results.record(result("b.rs", 3));
    results.record(result("c.rs", 4));
    results.keep_only(&["a.rs".to_owned(), "b.rs".to_owned()]);
    assert_eq!(results.of("b.rs"), Some(&result("b.rs", 3)));
    assert_eq!(results.of("c.rs"), None);
    let mut sum = FileResult::default();
    sum.add(results.of("a.rs").unwrap());
    sum.add(results.of("b.rs").unwrap());
    assert_eq!((sum.caught, sum.missed, sum.total()), (5, 2, 7));
}
