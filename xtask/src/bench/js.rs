//! `cargo xtask bench js`: a page without a browser beside jsdom and happy-dom on Node, and beside Chromium:
//! how long until it says its first word, how fast it asks, how much memory it takes.

use std::{
    collections::HashMap,
    fs,
    io::{BufRead as _, BufReader, Read, Write as _},
    iter,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};

use super::tables::{fill, when_and_where};
use crate::tool::{Tool, root};

const PEERS: [&str; 2] = ["jsdom@29.1.1", "happy-dom@21.0.4"];
const PAGES: [&str; 2] = ["docs/run.md", "README.md"];

/// What each page runs: so many requests one after the other, each answer looked at.
const SCRIPT: &str = "console.log('begin');
let left = COUNT;
const next = () => {
  // It stays, to be measured.
  if (left === 0) { console.log('done'); setTimeout(() => {}, 1000); return; }
  const xhr = new XMLHttpRequest();
  xhr.open('GET', 'http://ADDRESS/');
  xhr.onload = () => {
    if (xhr.status !== 200 || xhr.responseText !== 'ok') throw new Error(xhr.responseText);
    left -= 1;
    next();
  };
  xhr.onerror = () => console.log('failed');
  xhr.send();
};
next();";

const JSDOM: &str = "const { JSDOM, VirtualConsole } = require('jsdom');
const virtualConsole = new VirtualConsole();
virtualConsole.on('log', (text) => console.log(text));
const dom = new JSDOM('', { url: 'http://sitea.localhost/', runScripts: 'outside-only', virtualConsole });
dom.window.eval(require('fs').readFileSync(process.argv[2], 'utf8'));";

const HAPPY_DOM: &str = "import { Window } from 'happy-dom';
import { readFileSync } from 'node:fs';
const settings = { enableJavaScriptEvaluation: true, suppressInsecureJavaScriptEnvironmentWarning: true };
const window = new Window({ url: 'http://sitea.localhost/', console, settings });
window.eval(readFileSync(process.argv[2], 'utf8'));";

const CHROMIUM: &str = "chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage \
    --enable-logging=stderr";

struct Subject {
    name: &'static str,
    command: Vec<String>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One process that is given a script, and whose output is the console.
    Process,
    /// Many processes that open a page, and tell of its console in their log.
    Browser,
}

/// What one run came to.
struct Ran {
    start: Duration,
    requests: Duration,
    /// The most memory that was resident, in KiB; of a browser, what is resident in the end, what its
    /// processes share counted once.
    memory: u64,
}

/// Runs each subject in turn, `rounds` times, and writes the table; false if a ratio is missed.
pub(super) fn run(rounds: u32) -> Result<bool> {
    let folder = root().join(".cache/js-peers");
    let subjects = subjects(&folder)?;
    let site = site(folder.join("page.js"))?;
    let count = 10_000;
    let mut all: Vec<Vec<Ran>> = subjects.iter().map(|_| Vec::new()).collect();
    let mut idle: Vec<Vec<Ran>> = subjects.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds {
        println!("round {} of {rounds}", round + 1);
        for (subject, (all, idle)) in subjects.iter().zip(all.iter_mut().zip(&mut idle)) {
            idle.push(one(subject, &folder, site, 0)?);
            all.push(one(subject, &folder, site, count)?);
        }
    }
    let _there = fs::remove_dir_all(folder.join("chromium"));
    let median = |runs: &[Ran], of: &dyn Fn(&Ran) -> f64| {
        let mut values: Vec<_> = runs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    };
    let mut table = String::from(
        "| | first word | requests a second | memory of a page |\n|---|--:|--:|--:|\n",
    );
    let mut rows = Vec::new();
    for (subject, (all, idle)) in subjects.iter().zip(all.iter().zip(&idle)) {
        let start = median(idle, &|run| run.start.as_secs_f64() * 1e3);
        let rate = f64::from(count) / median(all, &|run| run.requests.as_secs_f64());
        let memory = median(idle, &|run| run.memory as f64 / 1024.0);
        table.push_str(&format!(
            "| {} | {start:.0} ms | {rate:.0} | {memory:.1} MiB |\n",
            subject.name
        ));
        rows.push((start, rate, memory));
    }
    println!("{table}");
    for page in PAGES {
        fill(page, "js", &format!("{table}\n{}", when_and_where()?))?;
    }
    let [ours, peers @ ..] = rows.as_slice() else {
        bail!("nobody ran");
    };
    let mut passed = true;
    for (subject, peer) in subjects.iter().skip(1).zip(peers) {
        if subject.kind == Kind::Browser {
            continue;
        }
        let ratios = [
            ("start", peer.0 / ours.0, 10.0),
            ("rate", ours.1 / peer.1, 5.0),
            ("memory", peer.2 / ours.2, 10.0),
        ];
        for (what, ratio, gate) in ratios {
            let is_missed = ratio < gate;
            let missed = if is_missed {
                ", which is too little"
            } else {
                ""
            };
            println!(
                "{} {what}: {ratio:.1} times, at least {gate}{missed}",
                subject.name
            );
            // The rate is held against both, the rest against jsdom.
            passed &= !is_missed || (what != "rate" && subject.name != "jsdom");
        }
    }
    Ok(passed)
}

fn subjects(folder: &PathBuf) -> Result<Vec<Subject>> {
    Tool::cargo("build --locked --release --quiet -p corsac-cli").run()?;
    fs::create_dir_all(folder)?;
    if !folder.join("node_modules/happy-dom").is_dir() {
        Tool::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .args([folder])
            .args(PEERS)
            .run()?;
    }
    let jsdom = folder.join("jsdom.cjs");
    let happy_dom = folder.join("happy-dom.mjs");
    fs::write(&jsdom, JSDOM)?;
    fs::write(&happy_dom, HAPPY_DOM)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root().join("target"), PathBuf::from);
    let path = |path: PathBuf| path.to_string_lossy().into_owned();
    let process = |name, command: &[&str]| Subject {
        name,
        command: command.iter().map(|&word| word.to_owned()).collect(),
        kind: Kind::Process,
    };
    Ok(vec![
        process("corsac run", &[&path(target.join("release/corsac")), "run"]),
        process("jsdom", &["node", &path(jsdom)]),
        process("happy-dom", &["node", &path(happy_dom)]),
        Subject {
            name: "Chromium",
            command: CHROMIUM
                .split(' ')
                .map(str::to_owned)
                .chain([format!("--user-data-dir={}", path(folder.join("chromium")))])
                .collect(),
            kind: Kind::Browser,
        },
    ])
}

fn one(subject: &Subject, folder: &Path, site: SocketAddr, count: u32) -> Result<Ran> {
    let script = folder.join("page.js");
    let text = SCRIPT.replace("COUNT", &count.to_string());
    fs::write(&script, text.replace("ADDRESS", &site.to_string()))?;
    let (program, arguments) = subject.command.split_first().context("a command")?;
    let page = match subject.kind {
        Kind::Process => script.to_string_lossy().into_owned(),
        // Another origin than what it asks.
        Kind::Browser => format!("http://localhost:{}/page", site.port()),
    };
    let begin = Instant::now();
    let mut process = Command::new(program)
        .args(arguments)
        .arg(&page)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(match subject.kind {
            Kind::Process => Stdio::null(),
            Kind::Browser => Stdio::piped(),
        })
        .spawn()
        .with_context(|| program.clone())?;
    let ran = watch(subject, begin, &mut process);
    let _ended = process.kill();
    process.wait()?;
    ran
}

fn watch(subject: &Subject, begin: Instant, process: &mut Child) -> Result<Ran> {
    let output: Box<dyn Read> = match subject.kind {
        Kind::Process => Box::new(process.stdout.take().context("no output")?),
        Kind::Browser => Box::new(process.stderr.take().context("no output")?),
    };
    let mut lines = BufReader::new(output).lines().map_while(|line| line.ok());
    let mut next = || {
        let said = lines.find_map(|line| match subject.kind {
            Kind::Process => Some(line),
            Kind::Browser => of_console(&line).map(str::to_owned),
        });
        said.with_context(|| format!("{} ended early", subject.name))
    };
    let first = next()?;
    let start = begin.elapsed();
    ensure!(first == "begin", "{}: {first}", subject.name);
    let last = next()?;
    let requests = begin.elapsed() - start;
    ensure!(last == "done", "{}: {last}", subject.name);
    let memory = match subject.kind {
        Kind::Process => field(Path::new("/proc"), process.id(), "status", "VmHWM:"),
        Kind::Browser => of_family(process.id()),
    };
    Ok(Ran {
        start,
        requests,
        memory: memory.context("the process was gone before it could be measured")?,
    })
}

/// `[…:INFO:CONSOLE:1] "begin", source: http://… (1)`
fn of_console(line: &str) -> Option<&str> {
    let (_, said) = line.split_once(":CONSOLE")?;
    let (_, text) = said.split_once("] \"")?;
    Some(text.split_once("\", source:")?.0)
}

/// A field of a file of `/proc` that counts in kB.
fn field(proc: &Path, process: u32, file: &str, name: &str) -> Option<u64> {
    let text = fs::read_to_string(proc.join(process.to_string()).join(file)).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    value.trim().trim_end_matches(" kB").parse().ok()
}

/// What a process and all those under it have, each its share of what it has with others.
fn of_family(ancestor: u32) -> Option<u64> {
    let proc = Path::new("/proc");
    let processes = fs::read_dir(proc).ok()?.flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let parents: HashMap<u32, u32> = numbers
        .filter_map(|process| Some((process, parent(proc, process)?)))
        .collect();
    let is_of_it = |&process: &u32| {
        let mut line = iter::successors(Some(process), |process| parents.get(process).copied());
        line.any(|process| process == ancestor)
    };
    let family = parents.keys().copied().filter(is_of_it);
    let shares = family.filter_map(|process| field(proc, process, "smaps_rollup", "Pss:"));
    Some(shares.sum())
}

fn parent(proc: &Path, process: u32) -> Option<u32> {
    let stat = fs::read_to_string(proc.join(process.to_string()).join("stat")).ok()?;
    // The name before it may have anything in it.
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split(' ').nth(1)?.parse().ok()
}

/// A server that keeps connections and grants everybody; for browsers it has a page of the script.
fn site(script: PathBuf) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let script = script.clone();
            thread::spawn(move || serve(stream, &script));
        }
    });
    Ok(address)
}

fn serve(mut stream: TcpStream, script: &Path) -> Option<()> {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\
        Access-Control-Allow-Origin: *\r\n\r\nok";
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = Vec::new();
    let mut is_page = false;
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        is_page |= line.starts_with(b"GET /page ");
        if line == b"\r\n" && is_page {
            is_page = false;
            let script = fs::read_to_string(script).ok()?;
            let page = format!("<!doctype html><script>{script}</script>");
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length";
            write!(stream, "{head}: {}\r\n\r\n{page}", page.len()).ok()?;
        } else if line == b"\r\n" {
            stream.write_all(ANSWER).ok()?;
        }
    }
}
