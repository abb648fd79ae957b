use super::*;

/// A grammar with a mistake in it tries less than it says.
#[test]
fn every_phrase_is_one_of_the_language() {
    let config = PageConfig::new(site::PAGE.parse().unwrap(), Profile::FETCH);
    let mut page = Page::new(config, Box::new(|_, _| {})).unwrap();
    for phrase in script::every_phrase() {
        let text = format!("(() => {{ {phrase} }})");
        let read = page.evaluate("phrase.js", &text);
        assert!(read.is_ok(), "{phrase}: {read:?}");
    }
}

/// What one act tells, where both servers say the same to everything.
fn told(script: &str, answer: &str) -> Vec<String> {
    let plan = Plan {
        scope: Scope {
            endless: false,
            polluted: false,
        },
        is_tight: false,
        watches: true,
        watches_uploads: false,
    };
    let site = Site::of(answer);
    let prelude = text(&mut Chance::new(&[]), plan)[0].clone();
    let text = [prelude, format!("acts.push(() => {{ {script} }}); poke()")];
    let config = PageConfig::new(site::PAGE.parse().unwrap(), Profile::FETCH);
    let run = run(site, config, &text);
    assert_eq!(run.errors, []);
    run.told
}

const ASKS: [&str; 3] = [
    "ask('http://siteb.com/')",
    "const x = keep(new XMLHttpRequest); x.onload = () => look(x); x.open('GET', 'http://siteb.com/'); x.send()",
    "const x = keep(new XMLHttpRequest); x.open('GET', 'http://siteb.com/', false); try { x.send(); } catch {} look(x)",
];

/// Whole exchanges have to be within reach, or nothing is shown by all of this.
#[test]
fn what_is_granted_is_seen_and_nothing_else() {
    let body = "Content-Length: 6\r\n\r\n{WORD}";
    let granted = format!("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n{body}");
    let denied = format!("HTTP/1.1 200 OK\r\n{body}");
    for script in ASKS {
        for (answer, is_seen) in [(&granted, true), (&denied, false)] {
            let told = told(script, answer);
            let saw = told.iter().any(|line| line.contains(site::SECRET));
            assert_eq!(saw, is_seen, "{script}: {told:?}");
            let broken = told.iter().find(|line| line.starts_with("broken: "));
            assert_eq!(broken, None, "{script}");
        }
    }
}

/// Events that no request may fire are told of.
#[test]
fn what_is_out_of_order_is_noticed() {
    let cases = [
        (
            "settles('this', new Promise(() => {}))",
            "broken: this is not settled",
        ),
        (
            "const x = keep(new XMLHttpRequest); Object.defineProperty(x, 'readyState', { value: 3 })",
            "broken: request 0: idle in state 3",
        ),
        (
            "const x = keep(new XMLHttpRequest); Object.defineProperty(x, 'readyState', { value: 9 }); x.open('GET', '/')",
            "broken: request 0: readystatechange in state 9",
        ),
        (
            "const x = keep(new XMLHttpRequest); Object.defineProperty(x, 'readyState', { get: () => 4 }); x.open('GET', '/'); x.send()",
            "broken: request 0: states 44",
        ),
    ];
    for (script, line) in cases {
        let told = told(script, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
        assert!(told.iter().any(|it| it == line), "{script}: {told:?}");
    }
}
