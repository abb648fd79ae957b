//! Requests of pages, over sockets: what script is told, what the console is told, what was sent.

use std::time::{Duration, Instant};

use corsac_agent::Outcome;
use corsac_js::Initiator;

use super::{
    site::{Site, site_b},
    *,
};

/// Prints every event of a request: `type readyState status`, with what was loaded.
const TELL: &str = "function tell(xhr) {
    const show = (who) => (event) => {
        const loaded = event instanceof ProgressEvent ? ` ${event.loaded}/${event.total}` : '';
        console.log(`${who}${event.type}${loaded}${who ? '' : ` ${xhr.readyState}`}`);
    };
    xhr.onreadystatechange = show('');
    for (const type of ['loadstart', 'progress', 'load', 'loadend', 'error', 'abort', 'timeout']) {
        xhr.addEventListener(type, show(''));
        if (xhr.watched) xhr.upload.addEventListener(type, show('upload '));
    }
    return xhr;
}
const xhr = tell(new XMLHttpRequest());
xhr.watch = () => tell(Object.assign(xhr, { watched: true }));";

fn told(script: &str) -> Vec<String> {
    let site = Site::new(site_b);
    let lines = printed(site.config(), &[TELL, script]);
    lines
        .into_iter()
        .map(|line| line.trim_start_matches("log: ").to_owned())
        .collect()
}

/// Each script, and all that it prints.
const EVENTS: &[(&str, &[&str])] = &[
    (
        "xhr.open('GET', 'http://siteb.localhost/open'); xhr.send()",
        &[
            "readystatechange 1",
            "loadstart 0/0 1",
            "readystatechange 2",
            "readystatechange 3",
            "progress 4/4 3",
            "readystatechange 4",
            "load 4/4 4",
            "loadend 4/4 4",
        ],
    ),
    (
        "xhr.open('GET', 'http://siteb.localhost/slow'); xhr.send(); let seen = ''; xhr.addEventListener('progress', () => console.log(xhr.responseText))",
        &[
            "readystatechange 1",
            "loadstart 0/0 1",
            "readystatechange 2",
            "readystatechange 3",
            "progress 3/6 3",
            "abc",
            "readystatechange 3",
            "progress 6/6 3",
            "abcdef",
            "readystatechange 4",
            "load 6/6 4",
            "loadend 6/6 4",
        ],
    ),
    (
        "xhr.open('GET', 'http://siteb.localhost/secret'); xhr.send(); xhr.onerror = () => console.log(xhr.status, xhr.responseText === '', xhr.getAllResponseHeaders() === '', xhr.responseURL === '')",
        &[
            "readystatechange 1",
            "loadstart 0/0 1",
            "error: Access to XMLHttpRequest at 'http://siteb.localhost/secret' from origin 'http://sitea.localhost' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource. [allow-origin-missing]",
            "readystatechange 4",
            "error 0/0 4",
            "0 true true true",
            "loadend 0/0 4",
        ],
    ),
    (
        "xhr.open('GET', 'http://siteb.localhost/cut'); xhr.send(); xhr.addEventListener('loadend', () => console.log(xhr.status, xhr.responseText === ''))",
        &[
            "readystatechange 1",
            "loadstart 0/0 1",
            "readystatechange 2",
            "readystatechange 3",
            "progress 3/6 3",
            "error: GET http://siteb.localhost/cut: the body is not whole: the connection closed before the end",
            "readystatechange 4",
            "error 0/0 4",
            "loadend 0/0 4",
            "0 true",
        ],
    ),
    (
        "xhr.open('GET', 'http://siteb.localhost/empty'); xhr.send()",
        &[
            "readystatechange 1",
            "loadstart 0/0 1",
            "readystatechange 2",
            "progress 0/0 2",
            "readystatechange 4",
            "load 0/0 4",
            "loadend 0/0 4",
        ],
    ),
    (
        "xhr.open('PUT', 'http://siteb.localhost/put'); xhr.setRequestHeader('Content-Type', 'application/json'); xhr.watch(); xhr.send('{}')",
        &[
            "readystatechange 1",
            "loadstart 0/0 1",
            "loadstart 0/0 1",
            "upload loadstart 0/2",
            "upload progress 2/2",
            "upload load 2/2",
            "upload loadend 2/2",
            "readystatechange 2",
            "readystatechange 3",
            "progress 3/3 3",
            "progress 3/3 3",
            "readystatechange 4",
            "load 3/3 4",
            "load 3/3 4",
            "loadend 3/3 4",
            "loadend 3/3 4",
        ],
    ),
    (
        "xhr.open('GET', 'http://siteb.localhost/hang'); xhr.timeout = 20; xhr.send()",
        &[
            "readystatechange 1",
            "loadstart 0/0 1",
            "readystatechange 4",
            "timeout 0/0 4",
            "loadend 0/0 4",
        ],
    ),
    (
        "xhr.open('GET', 'http://siteb.localhost/hang'); xhr.send(); setTimeout(() => { xhr.abort(); console.log(xhr.readyState); }, 20)",
        &[
            "readystatechange 1",
            "loadstart 0/0 1",
            "readystatechange 4",
            "abort 0/0 4",
            "loadend 0/0 4",
            "0",
        ],
    ),
    (
        "xhr.open('GET', '/open'); xhr.abort(); console.log(xhr.readyState)",
        &["readystatechange 1", "1"],
    ),
    (
        "xhr.open('GET', '/a', false); xhr.send(); console.log(xhr.status, xhr.responseText)",
        &[
            "readystatechange 1",
            "readystatechange 4",
            "load 1/1 4",
            "loadend 1/1 4",
            "200 a",
        ],
    ),
    (
        "xhr.open('GET', 'http://siteb.localhost/no', false); try { xhr.send(); } catch (error) { console.log(error.name, xhr.readyState, xhr.status); }",
        &[
            "readystatechange 1",
            "error: Access to XMLHttpRequest at 'http://siteb.localhost/no' from origin 'http://sitea.localhost' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource. [allow-origin-missing]",
            "NetworkError 4 0",
        ],
    ),
    (
        "xhr.open('GET', 'data:text/plain,x'); xhr.send(); xhr.addEventListener('load', () => console.log(xhr.responseText, xhr.getResponseHeader('content-type')))",
        &[
            "readystatechange 1",
            "loadstart 0/0 1",
            "readystatechange 2",
            "readystatechange 3",
            "progress 1/0 3",
            "readystatechange 4",
            "load 1/0 4",
            "x text/plain",
            "loadend 1/0 4",
        ],
    ),
];

#[test]
fn events_come_in_their_order() {
    for (script, expected) in EVENTS {
        assert_eq!(told(script), *expected, "{script}");
    }
}

/// What `upload` hears of a POST at home, from its path on.
fn told_of_an_upload(script: &str) -> Vec<String> {
    let lines = told(&format!(
        "xhr.open('POST', '/{script}; xhr.watch(); xhr.send('hi')"
    ));
    let of_upload = lines.into_iter().filter(|line| line.starts_with("upload"));
    of_upload.collect()
}

const LOADED: [&str; 4] = [
    "upload loadstart 0/2",
    "upload progress 2/2",
    "upload load 2/2",
    "upload loadend 2/2",
];

#[test]
fn an_upload_ran_out_of_time_though_its_body_was_sent() {
    assert_eq!(told_of_an_upload("hang'); xhr.timeout = 300"), LOADED);
}

#[test]
fn an_upload_was_aborted_though_its_body_was_sent() {
    let abort = "hang'); setTimeout(() => xhr.abort(), 300)";
    assert_eq!(told_of_an_upload(abort), LOADED);
}

#[test]
fn an_upload_had_an_error_though_its_body_was_sent() {
    assert_eq!(told_of_an_upload("dropped')"), LOADED);
}

#[test]
fn an_upload_that_a_redirect_repeats_loads_once() {
    assert_eq!(told_of_an_upload("again')"), LOADED);
}

/// Scripts that ask, each with what it must come to.
const CASES: &[(&str, &str)] = &[
    (
        "const r = await fetch('http://siteb.localhost/open'); return [r.type, r.status, r.statusText, r.url, await r.text(), r.headers.get('x-shown'), r.headers.get('x-hidden'), r.headers.get('set-cookie')]",
        "cors,200,Fine,http://siteb.localhost/open,open,yes,,",
    ),
    (
        "const r = await fetch('/open'); return [r.type, r.headers.get('x-hidden'), r.headers.get('set-cookie')]",
        "basic,no,",
    ),
    (
        "return fetch('http://siteb.localhost/no').then(() => 'read', (e) => [e instanceof TypeError, e.message])",
        "true,Failed to fetch",
    ),
    (
        "const r = await fetch('http://siteb.localhost/no', { mode: 'no-cors' }); return [r.type, r.status, r.url, await r.text(), r.body]",
        "opaque,0,,,",
    ),
    (
        "const x = new XMLHttpRequest(); x.open('GET', 'data:,a'); x.responseType = 'blob'; x.overrideMimeType('x/x;test=\u{100};x=x'); \
            return new Promise((done) => { x.onload = () => done(x.response.type); x.send(); })",
        "x/x;x=x",
    ),
    (
        "return fetch('http://siteb.localhost/open', { mode: 'same-origin' }).catch((e) => e.name)",
        "TypeError",
    ),
    (
        "return fetch('http://siteb.localhost/open', { credentials: 'include' }).catch((e) => e.name)",
        "TypeError",
    ),
    (
        "const r = await fetch('http://siteb.localhost/a', { credentials: 'include' }); return r.text()",
        "a",
    ),
    (
        "const r = await fetch('http://siteb.localhost/moved'); return [r.url, r.redirected, r.type]",
        "http://siteb.localhost/open,true,cors",
    ),
    (
        "const r = await fetch('http://siteb.localhost/moved', { redirect: 'manual' }); return [r.type, r.status, r.url]",
        "opaqueredirect,0,http://siteb.localhost/moved",
    ),
    (
        "return fetch('http://siteb.localhost/moved', { redirect: 'error' }).catch((e) => e.name)",
        "TypeError",
    ),
    (
        "const r = await fetch('http://siteb.localhost/put', { method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } }); return r.text()",
        "put",
    ),
    (
        "return fetch('http://siteb.localhost/open', { method: 'DELETE' }).catch((e) => e.name)",
        "TypeError",
    ),
    (
        "const c = new AbortController; setTimeout(() => c.abort(), 20); return fetch('http://siteb.localhost/hang', { signal: c.signal }).catch((e) => e.name)",
        "AbortError",
    ),
    (
        "return fetch('http://siteb.localhost/hang', { signal: AbortSignal.timeout(20) }).catch((e) => e.name)",
        "TimeoutError",
    ),
    (
        "const r = await fetch('http://siteb.localhost/cut'); return r.text().catch((e) => e.name)",
        "TypeError",
    ),
    (
        "const r = await fetch('http://siteb.localhost/slow'); const parts = []; for await (const chunk of r.body) parts.push(chunk.length); return parts",
        "3,3",
    ),
    (
        "const r = await fetch('data:text/plain;base64,YQ=='); return [r.type, r.url, await r.text()]",
        "basic,data:text/plain;base64,YQ==,a",
    ),
    (
        "const url = URL.createObjectURL(new Blob(['b'], { type: 'x/y' })); const r = await fetch(url); return [await r.text(), r.headers.get('content-type')]",
        "b,x/y",
    ),
    (
        "return fetch('about:blank').catch((e) => e.name)",
        "TypeError",
    ),
    (
        "return fetch('data:nothing').catch((e) => e.name)",
        "TypeError",
    ),
    (
        "const x = new XMLHttpRequest; x.open('GET', 'http://siteb.localhost/json'); x.responseType = 'json'; x.send(); await new Promise((done) => x.onload = done); return [x.response.a[0], x.response === x.response]",
        "1,true",
    ),
    (
        "const x = new XMLHttpRequest; x.open('GET', 'http://siteb.localhost/open'); x.responseType = 'arraybuffer'; x.send(); await new Promise((done) => x.onload = done); return [x.response.byteLength, x.response === x.response]",
        "4,true",
    ),
    (
        "const x = new XMLHttpRequest; x.open('GET', 'http://siteb.localhost/open'); x.responseType = 'blob'; x.send(); await new Promise((done) => x.onload = done); return [x.response.type, await x.response.text()]",
        "text/plain;charset=windows-1252,open",
    ),
    (
        "const x = new XMLHttpRequest; x.open('GET', 'http://siteb.localhost/open'); x.send(); await new Promise((done) => x.onload = done); return x.getAllResponseHeaders().replaceAll('\\r\\n', '|')",
        "content-length: 4|content-type: text/plain; charset=windows-1252|x-shown: yes|",
    ),
    (
        "const x = new XMLHttpRequest; try { x.open('TRACE', '/'); } catch (e) { return e.name; }",
        "SecurityError",
    ),
    (
        "const x = new XMLHttpRequest; try { x.open('a b', '/'); } catch (e) { return e.name; }",
        "SyntaxError",
    ),
    (
        "const x = new XMLHttpRequest; try { x.open('GET', 'http://['); } catch (e) { return e.name; }",
        "SyntaxError",
    ),
    (
        "const x = new XMLHttpRequest; try { x.setRequestHeader('a', 'b'); } catch (e) { return e.name; }",
        "InvalidStateError",
    ),
    (
        "const x = new XMLHttpRequest; x.timeout = 1; try { x.open('GET', '/', false); } catch (e) { return e.name; }",
        "InvalidAccessError",
    ),
    (
        "const x = new XMLHttpRequest; x.open('GET', '/'); try { x.setRequestHeader('a b', 'c'); } catch (e) { return e.name; }",
        "SyntaxError",
    ),
    (
        "try { new XMLHttpRequestUpload; } catch (e) { return e.name; }",
        "TypeError",
    ),
    (
        "return [XMLHttpRequest.DONE, new XMLHttpRequest().LOADING, Object.prototype.toString.call(new XMLHttpRequest().upload)]",
        "4,3,[object XMLHttpRequestUpload]",
    ),
    (
        "const x = new XMLHttpRequest; x.open('get', '/open'); x.onreadystatechange = () => { if (x.readyState === 2) x.open('GET', '/a'); }; x.send(); await new Promise((done) => setTimeout(done, 50)); return x.readyState",
        "1",
    ),
    (
        "const x = new XMLHttpRequest; x.open('GET', '/open'); let n = 0; x.onload = () => n++; x.onloadstart = () => { x.onloadstart = null; x.abort(); x.open('GET', '/a'); x.send(); }; x.send(); await new Promise((done) => setTimeout(done, 80)); return [n, x.readyState]",
        "1,4",
    ),
];

#[test]
fn scripts_come_to() {
    let site = Site::new(site_b);
    for (script, expected) in CASES {
        let script =
            format!("(async () => {{ {script} }})().then((it) => console.log('came: ' + it))");
        let lines = printed(site.config(), &[&script]);
        let came = lines.iter().find(|line| line.starts_with("log: came: "));
        assert_eq!(
            came,
            Some(&format!("log: came: {expected}")),
            "{script}\n{lines:?}"
        );
    }
}

#[test]
fn what_is_sent() {
    let site = Site::new(site_b);
    let script = "
        const send = async (method, url, body, type) => {
            const x = new XMLHttpRequest; x.open(method, url); if (type) x.setRequestHeader('Content-Type', type);
            x.setRequestHeader('X-A', '1'); x.setRequestHeader('x-a', '2'); x.setRequestHeader('Cookie', 'no');
            x.send(body); await new Promise((done) => x.onloadend = done);
        };
        (async () => {
            await send('POST', '/a1', 'text', 'text/html; charset=iso-8859-1');
            await send('POST', '/a2', new URLSearchParams('a=b'));
            await send('POST', '/a3', new Blob(['b'], { type: 'x/y' }));
            await send('GET', '/a4', 'none');
            await send('post', '/a5', new Uint8Array([1, 2]));
        })()";
    assert_eq!(printed(site.config(), &[script]), [""; 0]);
    let asked = site.asked();
    let sent: Vec<_> = asked
        .iter()
        .map(|it| (it.line(), it.header("content-type"), it.body.as_slice()))
        .collect();
    assert_eq!(
        sent,
        [
            ("POST /a1", Some("text/html;charset=UTF-8"), &b"text"[..]),
            (
                "POST /a2",
                Some("application/x-www-form-urlencoded;charset=UTF-8"),
                b"a=b"
            ),
            ("POST /a3", Some("x/y"), b"b"),
            ("GET /a4", None, b""),
            ("POST /a5", None, &[1, 2]),
        ]
    );
    assert!(
        asked
            .iter()
            .all(|it| it.header("x-a") == Some("1, 2") && it.header("cookie").is_none())
    );
}

#[test]
fn an_upload_listener_asks_first() {
    for (listener, expected) in [
        ("x.upload.onload = () => {};", &["OPTIONS /open"][..]),
        ("", &["POST /open"]),
    ] {
        let site = Site::new(site_b);
        let script = format!(
            "const x = new XMLHttpRequest; x.open('POST', 'http://siteb.localhost/open'); {listener} x.send('a')"
        );
        printed(site.config(), &[&script]);
        assert_eq!(site.lines(), expected);
    }
}

#[test]
fn people_are_told_why() {
    let site = Site::new(site_b);
    let (mut page, lines) = page(site.config());
    page.evaluate("page.js", "fetch('http://siteb.localhost/no').catch(() => {}); const x = new XMLHttpRequest; x.open('GET', '/a'); x.send()").unwrap();
    assert!(page.pending() > 0);
    page.run_to_idle().unwrap();
    assert_eq!(page.pending(), 0);
    let mut fetches = page.take_fetches();
    fetches.sort_by_key(|fetch| fetch.initiator == Initiator::Xhr);
    let [denied, granted] = &fetches[..] else {
        panic!("{fetches:?}")
    };
    let Outcome::Blocked(verdict) = &denied.fetched.as_ref().unwrap().outcome else {
        panic!()
    };
    assert_eq!(verdict.code().to_string(), "allow-origin-missing");
    assert!(matches!(
        granted.fetched.as_ref().unwrap().outcome,
        Outcome::Response { .. }
    ));
    let lines = lines.borrow();
    assert!(lines[0].1.ends_with("[allow-origin-missing]"), "{lines:?}");
    assert_eq!(lines.len(), 1);
}

#[test]
fn cookies_travel_as_in_browsers() {
    let site = Site::new(site_b);
    let script = "(async () => { await fetch('/open'); await fetch('/a'); await fetch('http://siteb.localhost/a'); await fetch('/a', { credentials: 'omit' }); })()";
    printed(site.config(), &[script]);
    let cookies: Vec<_> = site
        .asked()
        .iter()
        .map(|it| it.header("cookie").map(str::to_owned))
        .collect();
    assert_eq!(cookies, [None, Some("a=b".to_owned()), None, None]);
}

#[test]
fn a_synchronous_request_has_no_time_but_the_pages() {
    let site = Site::new(site_b);
    let mut config = site.config();
    config.limits.total_time = Some(Duration::from_millis(300));
    let begin = Instant::now();
    let lines = printed(
        config,
        &[
            "const x = new XMLHttpRequest; x.open('GET', '/hang', false); try { x.send(); } finally { console.log('not reached'); }",
        ],
    );
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert!(
        lines
            .iter()
            .any(|line| line.contains("The time for this page is over")),
        "{lines:?}"
    );
}

#[test]
fn more_requests_than_there_may_be_wait_or_fail() {
    let site = Site::new(site_b);
    let mut config = site.config();
    // A machine that does much else takes its time.
    config.limits.run_time = None;
    config.limits.open_requests = 4;
    config.limits.requests = 1000;
    let script = "let failed = 0, read = 0; for (let i = 0; i < 10_000; i++) fetch('/a').then((r) => r.text()).then(() => read++, () => failed++); \
        setTimeout(function f() { if (read + failed < 10_000) setTimeout(f, 10); else console.log(read, failed); })";
    let lines = printed(config, &[script]);
    assert_eq!(lines.last().unwrap(), "log: 1000 9000");
}

#[test]
fn a_page_that_is_dropped_hangs_up() {
    let site = Site::new(site_b);
    let (mut page, _) = page(site.config());
    page.evaluate(
        "page.js",
        "fetch('/hang'); fetch('/slow').then((r) => r.text())",
    )
    .unwrap();
    drop(page);
}

#[test]
fn modules_are_fetched_by_cors() {
    let site = Site::new(|asked| {
        let grants: &[&str] = match asked.line() {
            "GET /granted.mjs" => &[
                "Access-Control-Allow-Origin: *",
                "Content-Type: text/javascript",
            ],
            "GET /text.mjs" => &["Access-Control-Allow-Origin: *", "Content-Type: text/plain"],
            "GET /a.json" => &["Content-Type: application/json"],
            _ => &["Content-Type: text/javascript"],
        };
        let body = match asked.line() {
            "GET /a.json" => r#"{ "a": 1 }"#,
            "GET /outer.mjs" => "import { v } from './inner.mjs'; export const w = v + 1;",
            "GET /inner.mjs" => "export const v = 41;",
            _ => "export default new URL(import.meta.url).pathname",
        };
        site::whole("200 OK", grants, body)
    });
    let (mut page, lines) = page(site.config());
    let url = "http://sitea.localhost/dir/page.mjs".parse().unwrap();
    for (script, expected) in [
        (
            "import a from 'http://siteb.localhost/granted.mjs'; console.log(a)",
            "/granted.mjs",
        ),
        ("import { w } from '../outer.mjs'; console.log(w)", "42"),
        (
            "import a from '/a.json' with { type: 'json' }; console.log(a.a)",
            "1",
        ),
        (
            "import('/other.mjs').then((it) => console.log(it.default))",
            "/other.mjs",
        ),
        (
            "import('http://siteb.localhost/denied.mjs').catch((error) => console.log(error.name))",
            "TypeError",
        ),
        (
            "import('http://siteb.localhost/text.mjs').catch((error) => console.log(error.message))",
            "http://siteb.localhost/text.mjs: \"text/plain\" is no type of a module",
        ),
    ] {
        page.evaluate_module(&url, script).unwrap();
        page.run_to_idle().unwrap();
        assert_eq!(lines.borrow().last().unwrap().1, expected, "{script}");
    }
    assert!(
        page.evaluate_module(&url, "import 'http://siteb.localhost/denied2.mjs'")
            .is_err()
    );
}

#[test]
fn scripts_of_elsewhere_are_loaded_without_asking() {
    let site = Site::new(|asked| match asked.line() {
        "GET /lib.js" => site::whole(
            "200 OK",
            &[],
            &format!("globalThis.lib = '{}';", "x".repeat(200_000)),
        ),
        _ => site::whole("404 Not Found", &[], ""),
    });
    let (mut page, _) = page(site.config());
    let text = page
        .load_script(&"http://siteb.localhost/lib.js".parse().unwrap())
        .unwrap();
    assert_eq!(text.len(), 200_020);
    let error = page
        .load_script(&"http://siteb.localhost/no.js".parse().unwrap())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "http://siteb.localhost/no.js: its status is 404"
    );
}
