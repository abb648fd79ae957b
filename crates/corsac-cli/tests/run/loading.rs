//! Which scripts run, in which order, and what is said where one cannot be read.

use std::{fs, os::unix::ffi::OsStrExt as _};

use crate::{
    command::{Folder, command, run, run_in, run_with_stdin},
    raw::{Raw, response},
};

#[test]
fn scripts_share_a_page_and_run_in_the_order_of_the_command_line() {
    let files = [
        ("a.js", "var count = 1; console.log('a')"),
        ("b.js", "console.log('b', count)"),
    ];
    run_in(
        &files,
        &[
            "-e",
            "console.log(typeof count)",
            "a.js",
            "-e",
            "count++",
            "b.js",
        ],
    )
    .is(0, "undefined\na\nb 2\n");
}

#[test]
fn standard_input_is_a_script() {
    run_with_stdin(&[], b"console.log('in')").is(0, "in\n");
    run_with_stdin(
        &["-e", "console.log(1)", "-", "-e", "console.log(3)"],
        b"console.log(2)",
    )
    .is(0, "1\n2\n3\n");
    run_with_stdin(&[], b"a\xff")
        .is(3, "")
        .says("standard input is not UTF-8: byte 1 is 0xff");
}

#[test]
fn a_module_imports_what_is_beside_it() {
    let files = [
        (
            "a.mjs",
            "import { b } from './lib/b.mjs'; console.log(b, await Promise.resolve('c'))",
        ),
        (
            "lib/b.mjs",
            "import { c } from '../c.js'; export const b = 'b' + c",
        ),
        (
            "c.js",
            "export const c = import.meta.url.startsWith('file:')",
        ),
    ];
    run_in(&files, &["a.mjs"]).is(0, "btrue c\n");
    let missing = [("a.mjs", "import './b.mjs'")];
    run_in(&missing, &["a.mjs"])
        .is(3, "")
        .says("b.mjs: there is no such file");
}

#[test]
fn a_module_imports_what_a_server_grants() {
    let js = "Content-Type: text/javascript";
    let granting = Raw::start(move |asked| match asked.path.as_str() {
        "/a.mjs" => module(
            &["Access-Control-Allow-Origin: *", js],
            "export { a } from './b.mjs'",
        ),
        _ => module(
            &["Access-Control-Allow-Origin: *", js],
            "export const a = 'a'",
        ),
    });
    let code = format!(
        "import {{ a }} from {:?}; console.log(a)",
        granting.url("/a.mjs")
    );
    run(&["--module", "-e", &code])
        .is(0, "a\n")
        .says("READABLE  GET");
    let denying = Raw::start(move |_| module(&[js], "console.log('ran')"));
    let code = format!("import {:?};", denying.url("/a.mjs"));
    run(&["--module", "-e", &code])
        .is(3, "")
        .says("allow-origin-missing");
}

fn module(lines: &[&str], text: &str) -> Vec<u8> {
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    let length = text.len();
    format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: {length}\r\nConnection: close\r\n\r\n{text}")
        .into_bytes()
}

/// A module of another machine has no business here.
#[test]
fn a_module_from_a_server_imports_no_file() {
    let folder = Folder::of(&[("secret.mjs", "export const secret = 1")]);
    let url = format!("file://{}", folder.path().join("secret.mjs").display());
    let text = format!("import {{ secret }} from {url:?}; console.log(secret)");
    let lines = [
        "Access-Control-Allow-Origin: *",
        "Content-Type: text/javascript",
    ];
    let server = Raw::start(move |_| module(&lines, &text));
    let ran = run(&[
        "--module",
        "-e",
        &format!("import {:?}", server.url("/a.mjs")),
    ]);
    assert_ne!((ran.exit, &*ran.stdout), (0, "1\n"));
    assert_eq!(ran.stdout, "", "{ran:?}");
    ran.says("file:");
}

#[test]
fn a_page_of_html_runs_its_scripts() {
    let server = Raw::start(|asked| match asked.path.as_str() {
        // A classic script needs no grant.
        "/far.js" => module(&[], "console.log('far', a)"),
        _ => response("404 Not Found", &[]),
    });
    let html = format!(
        "<!doctype html><title>Title</title>
        <script type=module>import {{ b }} from './js/b.mjs'; console.log('module', b)</script>
        <script>var a = 1; console.log('here')</script>
        <script src=js/a.js></script>
        <script src=\"{}\"></script>
        <script>addEventListener('load', () => console.log('load'))</script>",
        server.url("/far.js")
    );
    let files = [
        ("page.html", &*html),
        ("js/a.js", "console.log('beside', a)"),
        ("js/b.mjs", "export const b = 'b'"),
    ];
    run_in(&files, &["page.html"]).is(0, "here\nbeside 1\nfar 1\nmodule b\nload\n");
}

#[test]
fn a_page_of_html_goes_on_without_a_script_and_says_so() {
    let server = Raw::saying(response("404 Not Found", &[]));
    let html = format!(
        "<script src=no.js></script><script src='{}'></script><script>console.log('here')</script>",
        server.url("/no.js")
    );
    let ran = run_in(&[("page.html", &html)], &["page.html"]);
    ran.is(3, "here\n");
    ran.says("error: page.html: no.js: there is no such file")
        .says("its status is 404");
}

#[test]
fn a_script_that_cannot_be_read_keeps_all_from_running() {
    let ran = run_in(&[("a.js", "console.log('ran')")], &["a.js", "b.js", "."]);
    ran.is(3, "");
    ran.says("error: b.js: there is no such file\n")
        .says("error: . is a folder, not a script\n");
}

#[test]
fn a_script_that_is_not_utf_8_is_named_with_the_place() {
    let folder = Folder::of(&[("a.js", "")]);
    fs::write(folder.path().join("a.js"), b"let a;\n// caf\xe9\n").unwrap();
    let output = command(&["a.js"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let told = "error: a.js is not UTF-8: byte 13 is 0xe9, in line 2; save it as UTF-8\n";
    assert_eq!(stderr, told);
}

#[test]
fn a_script_that_has_no_end_is_too_large() {
    let ran = run(&["/dev/zero"]);
    ran.is(3, "").says("is larger than 64 MiB");
}

#[test]
fn names_are_bytes() {
    let folder = Folder::of(&[("a.js", "console.log(1)")]);
    let name = std::ffi::OsStr::from_bytes(b"\xff.js");
    fs::rename(folder.path().join("a.js"), folder.path().join(name)).unwrap();
    let output = command(&[])
        .arg(name)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"1\n");
}
