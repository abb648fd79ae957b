//! Hostile scripts are contained.

use std::time::{Duration, Instant};

use corsac_js::ErrorKind;

use super::*;

fn quick() -> PageConfig {
    let mut config = config();
    config.limits.run_time = Some(Duration::from_millis(300));
    config.limits.memory_bytes = 32 << 20;
    config
}

#[test]
fn what_never_ends_is_ended() {
    for script in [
        "for (;;);",
        "try { for (;;); } finally { for (;;); }",
        "(function f() { Promise.resolve().then(f); })()",
        "addEventListener('x', () => { for (;;); }); dispatchEvent(new Event('x'))",
        "/(a+)+$/.test('a'.repeat(100) + 'b')",
    ] {
        let begin = Instant::now();
        let (mut page, _) = page(quick());
        let error = page.evaluate("page.js", script).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Timeout, "{script}");
        assert!(begin.elapsed() < Duration::from_secs(5), "{script}");
        // And nothing runs any more.
        let error = page.evaluate("page.js", "console.log(1)").unwrap_err();
        assert_eq!(error.kind, ErrorKind::Timeout, "{script}");
        assert_eq!(page.errors().len(), 1, "{script}");
    }
}

#[test]
fn loops_that_make_promises_never_ended() {
    for script in [
        "new Promise(() => { for (;;); })",
        "try { new Promise(() => { for (;;); }) } catch {}",
        "new Promise((resolve) => resolve({ get then() { for (;;); } }))",
        "Promise.resolve({ get then() { for (;;); } })",
        "Promise.all({ [Symbol.iterator]() { for (;;); } })",
        "Promise.all([{ then() { for (;;); } }])",
        "Promise.reject(1), 0, 1, 2",
        "(async function* () { for (;;); })().next()",
        "(async () => { await { get then() { for (;;); } } })()",
        "fetch({ toString() { for (;;); } })",
        "import({ toString() { for (;;); } })",
    ] {
        let (mut page, _) = page(quick());
        let script = format!("for (;;) {script}");
        let error = page.evaluate("page.js", &script).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Timeout, "{script}");
    }
}

#[test]
fn a_page_has_its_time() {
    let mut config = config();
    config.limits.total_time = Some(Duration::from_millis(200));
    let (mut page, lines) = page(config);
    page.evaluate("page.js", "setInterval(() => {}, 10)")
        .unwrap();
    let error = page.run_to_idle().unwrap_err();
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert_eq!(lines.borrow()[0].1, "The time for this page is over");
}

#[test]
fn a_page_with_no_time_could_not_be_made() {
    let mut config = config();
    config.limits.total_time = Some(Duration::ZERO);
    let (mut page, _) = page(config);
    let error = page.evaluate("page.js", "1").unwrap_err();
    assert_eq!(error.kind, ErrorKind::Timeout);
}

#[test]
fn more_memory_than_there_is_is_an_error() {
    for script in [
        "'x'.repeat(10 * 2 ** 30)",
        "let text = 'x'; for (;;) text += text + text",
        "const all = []; for (;;) all.push(new Uint8Array(2 ** 20))",
        "const all = []; for (;;) all.push({})",
        "const all = new Map(); for (let n = 0;; n++) all.set(n, 'x'.repeat(1000) + n)",
        "new Blob(Array(100).fill('x'.repeat(2 ** 20)))",
        "new TextDecoder().decode(new Uint8Array(2 ** 25))",
    ] {
        let mut config = quick();
        config.limits.run_time = Some(Duration::from_secs(20));
        let (mut page, _) = page(config);
        // In a function, so that nothing of it stays.
        let script = &format!("(() => {{ {script} }})()");
        let error = page.evaluate("page.js", script).unwrap_err();
        assert_ne!(error.kind, ErrorKind::Timeout, "{script}");
        // What went wrong is over, and the page goes on.
        page.evaluate("page.js", "globalThis.after = 1").unwrap();
    }
}

#[test]
fn deep_recursion_is_an_error() {
    for script in [
        "(function f() { f(); })()",
        "const a = {}; a.toString = () => `${a}`; `${a}`",
        "let a = []; for (let n = 0; n < 1e5; n++) a = [a]; JSON.stringify(a)",
        "let a = []; for (let n = 0; n < 1e5; n++) a = [a]; structuredClone(a)",
        "eval('['.repeat(1e5))",
        "class A extends EventTarget {} const a = new A; a.addEventListener('x', () => a.dispatchEvent(new Event('x'))); a.dispatchEvent(new Event('x'))",
    ] {
        let (mut page, _) = page(config());
        let _thrown = page.evaluate("page.js", script);
        assert!(!page.errors().is_empty(), "{script}");
        assert!(
            page.errors()
                .iter()
                .all(|error| error.kind != ErrorKind::Timeout),
            "{script}"
        );
        page.evaluate("page.js", "globalThis.after = 1").unwrap();
    }
}

#[test]
fn timers_and_lines_are_counted() {
    let mut config = config();
    config.limits.timers = 10;
    config.limits.console_bytes = 1000;
    let script = "let n = 0; for (let i = 0; i < 100; i++) setTimeout(() => n++); setTimeout(() => {}); \
        for (let i = 0; i < 1000; i++) console.log('a line'); globalThis.n = () => n";
    let lines = printed(config, &[script]);
    assert_eq!(
        lines[0],
        "warn: Too many timers or tasks wait; those beyond are dropped"
    );
    assert_eq!(lines.last().unwrap(), "warn: The console holds no more");
    assert!(lines.len() < 150, "{}", lines.len());
}

#[test]
fn throwing_for_ever_fills_nothing() {
    let mut config = quick();
    config.limits.console_bytes = 10_000;
    let (mut page, _) = page(config);
    let _thrown = page.evaluate("page.js", "addEventListener('x', () => { throw new Error('x'.repeat(1000)); }); for (;;) dispatchEvent(new Event('x'))");
    assert!(page.errors().len() < 20);
}

#[test]
fn what_script_put_in_the_place_of_stack_traces_ended_the_process() {
    for script in [
        "Error.prepareStackTrace = {}; try { null.x } catch {}",
        "Error.stackTraceLimit = {}; Error.stackTraceLimit = {}",
        "Error.stackTraceLimit = { valueOf() { null.x } }; try { null.x } catch {}",
    ] {
        let (mut page, _) = page(config());
        page.evaluate("page.js", script).unwrap();
    }
}
