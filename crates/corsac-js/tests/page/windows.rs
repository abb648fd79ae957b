//! What script finds in its window, without a network.

use super::*;

/// Each script, and what it prints.
const CASES: &[(&str, &[&str])] = &[
    (
        "console.log(1, 'a', [1, 'b'], { c: 1 })",
        &["log: 1 a [ 1, 'b' ] { c: 1 }"],
    ),
    (
        "console.log('%s is %d years and %i', 'Bob', 42.5, '7px')",
        &["log: Bob is 42 years and 7"],
    ),
    (
        "console.error(new TypeError('x').message); console.warn('w'); console.info('i'); console.debug('d')",
        &["error: x", "warn: w", "info: i", "debug: d"],
    ),
    (
        "console.group('g'); console.log('a\\nb'); console.groupEnd(); console.log('c')",
        &["log: g", "log:   a\n  b", "log: c"],
    ),
    (
        "console.table([{ a: 1, b: 'x' }, { a: 2 }])",
        &["log: (index)  a  b\n0        1  x\n1        2"],
    ),
    (
        "console.assert(true, 'no'); console.assert(false, 'yes %s', 1)",
        &["error: Assertion failed: yes 1"],
    ),
    (
        "console.count(); console.count(); console.count('x')",
        &["info: default: 1", "info: default: 2", "info: x: 1"],
    ),
    (
        "console.log(location.href, origin, self === window, window === globalThis)",
        &["log: http://sitea.localhost/dir/page http://sitea.localhost true true"],
    ),
    (
        "console.log(isSecureContext, location.pathname, new URL('x', location).href)",
        &["log: true /dir/page http://sitea.localhost/dir/x"],
    ),
    (
        "setTimeout(() => console.log('b'), 2); setTimeout((x) => console.log(x), 1, 'a')",
        &["log: a", "log: b"],
    ),
    (
        "const id = setTimeout(() => console.log('no')); clearTimeout(id)",
        &[],
    ),
    (
        "let n = 0; const id = setInterval(() => { console.log(++n); if (n === 3) clearInterval(id); }, 1)",
        &["log: 1", "log: 2", "log: 3"],
    ),
    ("setTimeout('console.log(this === window)')", &["log: true"]),
    (
        "setTimeout(() => console.log('task')); Promise.resolve().then(() => console.log('job')); queueMicrotask(() => console.log('job 2')); console.log('now')",
        &["log: now", "log: job", "log: job 2", "log: task"],
    ),
    (
        "addEventListener('error', (event) => { console.log(event.message, event.error.name); event.preventDefault(); }); throw new RangeError('far')",
        &["log: Uncaught RangeError: far RangeError"],
    ),
    (
        "onerror = (message, file, line) => { console.log(message, file, line); return true; };\nthrow new Error('x')",
        &["log: Uncaught Error: x page.js 2"],
    ),
    (
        "addEventListener('unhandledrejection', (event) => { console.log(event.reason); event.preventDefault(); }); Promise.reject('why')",
        &["log: why"],
    ),
    (
        "Promise.reject(1).catch(() => console.log('caught'))",
        &["log: caught"],
    ),
    (
        "onload = 1; console.log(onload, typeof addEventListener, Object.prototype.toString.call(window))",
        &["log: null function [object Window]"],
    ),
    (
        "console.log(btoa('\\xff'), atob('/w==') === '\\xff', atob(' Y Q '))",
        &["log: /w== true a"],
    ),
    (
        "try { atob('a'); } catch (error) { console.log(error.name); }",
        &["log: InvalidCharacterError"],
    ),
    (
        "location.hash = 'x'; console.log(location.href, location.hash)",
        &["log: http://sitea.localhost/dir/page#x #x"],
    ),
    (
        "location.href = 'http://siteb.example/'",
        &["warn: This page can't navigate, to http://siteb.example/ or elsewhere"],
    ),
    (
        "dispatchEvent(new Event('x')); addEventListener('x', () => console.log('heard')); dispatchEvent(new Event('x'))",
        &["log: heard"],
    ),
    (
        "console.log(structuredClone(new Map([[1, { a: 2 }]])))",
        &["log: Map(1) {1 => { a: 2 }}"],
    ),
    (
        "const a = {}; a.a = a; console.log(a)",
        &["log: { a: [Circular] }"],
    ),
    (
        "console.log({ get x() { throw 1; } }, new Proxy({}, { ownKeys() { throw 1; } }))",
        &["log: { x: [Getter] } [Object]"],
    ),
    (
        "console.log(new Headers({ a: 'b' }), new Uint8Array(3), function f() {}, class C {}, Symbol('s'), -0, 10n)",
        &[
            "log: Headers { a: 'b' } Uint8Array(3) [0, 0, 0] [Function: f] [class: C] Symbol(s) -0 10n",
        ],
    ),
];

#[test]
fn scripts_print() {
    for (script, expected) in CASES {
        assert_eq!(printed(config(), &[script]), *expected, "{script}");
    }
}

#[test]
fn an_uncaught_error_is_returned_printed_and_kept() {
    let (mut page, lines) = page(config());
    let error = page.evaluate(
        "page.js",
        "\nfunction f() { throw new TypeError('no'); }\nf()",
    );
    let error = error.unwrap_err();
    assert_eq!(error.to_string(), "Uncaught TypeError: no");
    assert!(error.stack.contains("page.js:2"), "{}", error.stack);
    assert_eq!(page.errors(), [error]);
    let lines = lines.borrow();
    assert!(
        lines[0].1.starts_with("Uncaught TypeError: no\n"),
        "{lines:?}"
    );
    assert_eq!(lines.len(), 1);
}

#[test]
fn what_is_thrown_need_not_be_an_error() {
    for (thrown, shown) in [
        ("1", "1"),
        ("'text'", "text"),
        ("null", "null"),
        ("undefined", "undefined"),
        ("{ a: 1 }", "{ a: 1 }"),
        ("Object.create(null)", "[Object: null prototype] {}"),
        ("new Proxy(new Error, {})", "Error"),
        ("new DOMException('m', 'AbortError')", "AbortError: m"),
    ] {
        let (mut page, _) = page(config());
        let error = page
            .evaluate("page.js", &format!("throw {thrown}"))
            .unwrap_err();
        assert_eq!(error.message, shown, "{thrown}");
    }
}

#[test]
fn a_syntax_error_says_where_it_is() {
    let (mut page, _) = page(config());
    let error = page.evaluate("page.js", "let a;\nlet 1").unwrap_err();
    assert!(error.message.starts_with("SyntaxError: "), "{error}");
    assert!(error.stack.contains("page.js:2"), "{}", error.stack);
}

#[test]
fn a_script_may_hold_any_character() {
    let (mut page, lines) = page(config());
    let _thrown = page.evaluate("a\0b.js", "console.log('\u{0}\u{2028}€'.length)\0");
    page.evaluate("b.js", "console.log('still here')").unwrap();
    assert_eq!(lines.borrow().last().unwrap().1, "still here");
}

#[test]
fn rejections_are_errors_of_the_page() {
    let (mut page, lines) = page(config());
    page.evaluate(
        "page.js",
        "setTimeout(() => Promise.reject(new Error('late')))",
    )
    .unwrap();
    page.run_to_idle().unwrap();
    assert_eq!(
        page.errors()[0].to_string(),
        "Uncaught (in promise) Error: late"
    );
    assert!(
        lines.borrow()[0]
            .1
            .starts_with("Uncaught (in promise) Error: late")
    );
}

#[test]
fn an_opaque_origin_is_null() {
    let mut config = config();
    config.environment = corsac::fetch::Environment::of_page("data:text/html,x".parse().unwrap());
    let script = "console.log(origin, URL.createObjectURL(new Blob([])).startsWith('blob:null/'))";
    assert_eq!(printed(config, &[script]), ["log: null true"]);
}

#[test]
fn modules_know_where_they_are() {
    let (mut page, lines) = page(config());
    let url = "http://sitea.localhost/dir/page.mjs".parse().unwrap();
    page.evaluate_module(
        &url,
        "console.log(import.meta.url, this); await 1; console.log('after'); export {}",
    )
    .unwrap();
    let error = page.evaluate_module(&url, "import 'bare'").unwrap_err();
    assert!(error.message.contains("bare"), "{error}");
    let data = "import a from 'data:text/javascript,export default 42'; console.log(a)";
    page.evaluate_module(&url, data).unwrap();
    let thrown = page.evaluate_module(&url, "await Promise.reject(new Error('top'))");
    assert_eq!(thrown.unwrap_err().message, "Error: top");
    let lines = lines.borrow();
    let texts: Vec<_> = lines
        .iter()
        .map(|(_, text)| text.lines().next().unwrap())
        .collect();
    assert_eq!(
        texts[..2],
        ["http://sitea.localhost/dir/page.mjs undefined", "after"]
    );
    assert!(texts.contains(&"42"), "{texts:?}");
}
