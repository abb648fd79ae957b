//! How a run ends, and by which exit code.

use std::{
    io::{BufRead as _, BufReader},
    process::Stdio,
    time::{Duration, Instant},
};

use crate::{
    command::{command, eval, run, run_in},
    raw::Raw,
};

#[test]
fn levels_go_where_they_are_looked_for() {
    let ran = eval(
        "for (const level of ['debug', 'log', 'info', 'warn', 'error']) console[level](level)",
    );
    ran.is(0, "debug\nlog\ninfo\n");
    assert_eq!(ran.stderr, "warn\nerror\n");
}

#[test]
fn an_error_that_nobody_catches_is_1_and_other_scripts_run() {
    let files = [
        ("a.js", "\nthrow new TypeError('no')"),
        ("b.js", "console.log('b')"),
    ];
    let ran = run_in(&files, &["a.js", "b.js"]);
    ran.is(1, "b\n")
        .says("Uncaught TypeError: no")
        .says("a.js:2");
    eval("setTimeout(() => { throw new Error('late') })")
        .is(1, "")
        .says("late");
    eval("(").is(1, "").says("SyntaxError");
}

#[test]
fn a_rejection_that_nobody_handles_is_1() {
    eval("Promise.reject(new Error('no'))")
        .is(1, "")
        .says("Uncaught (in promise) Error: no");
    eval("Promise.reject(new Error('no')).catch(() => console.log('yes'))").is(0, "yes\n");
    run(&["--module", "-e", "await Promise.reject(new Error('no'))"])
        .is(1, "")
        .says("no");
}

#[test]
fn a_deep_recursion_is_an_error_and_no_crash() {
    eval("(function f() { f() })()").is(1, "").says("Uncaught");
    eval("try { (function f() { f() })() } catch (error) { console.log('caught') }")
        .is(0, "caught\n");
}

#[test]
fn more_memory_than_there_is_is_an_error_and_no_crash() {
    let ran = eval("const all = []; for (;;) all.push(new Uint8Array(1e7))");
    assert!([1, 3].contains(&ran.exit), "{ran:?}");
    assert_ne!(ran.stderr, "");
}

#[test]
fn a_timeout_ends_what_does_not_end() {
    let server = Raw::start(|_| {
        std::thread::sleep(Duration::from_secs(5));
        Vec::new()
    });
    let request = format!("fetch({:?})", server.url("/"));
    for code in [
        "for (;;);",
        "setInterval(() => {}, 1)",
        "(async () => { for (;;) await 0 })()",
        &request,
    ] {
        let began = Instant::now();
        let ran = run(&["--timeout", "0.5", "-e", code]);
        assert!(began.elapsed() < Duration::from_secs(4), "{code}");
        ran.is(3, "").says("time");
    }
}

#[test]
fn what_ran_before_the_end_is_told() {
    let ran = run(&[
        "--timeout",
        "0.5",
        "-e",
        "console.log('a'); for (;;);",
        "-e",
        "console.log('b')",
    ]);
    ran.is(3, "a\n");
}

#[test]
fn usage_is_2() {
    run(&["--orign", "null", "-e", "1"])
        .is(2, "")
        .says("'--origin'");
    run(&["-o", "http://siteA.com/", "-e", "1"])
        .is(2, "")
        .says("an origin has no path");
    run(&["--timeout", "soon", "-e", "1"])
        .is(2, "")
        .says("seconds, such as 10");
    run(&["--resolve", "a.example", "-e", "1"])
        .is(2, "")
        .says("HOST:PORT:ADDRESS");
    run(&["--cacert", "no.pem", "-e", "1"])
        .is(2, "")
        .says("no.pem");
    run(&["--page-url", "x", "-e", "1"])
        .is(2, "")
        .says("--page-url x");
    run(&[
        "-o",
        "http://b.example",
        "--page-url",
        "http://a.example/",
        "-e",
        "1",
    ])
    .is(2, "")
    .says("is of the origin http://a.example");
}

#[test]
fn lines_come_as_they_are_logged() {
    let mut child = command(&["-e", "console.log('first'); setInterval(() => {}, 1000)"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "first");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_reader_that_has_seen_enough_ends_it() {
    for format in ["text", "json"] {
        let code = match format {
            "text" => "setInterval(() => console.log('more'), 1)",
            _ => "console.log('more')",
        };
        let mut child = command(&["--timeout", "20", "--format", format, "-e", code])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Gone before the first line.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn what_is_logged_reaches_a_program_as_it_is() {
    eval(r"console.log('\u001b[1mä\u0007')").is(0, "\u{1b}[1mä\u{7}\n");
}
