//! `cargo xtask bench js`: a page without a browser beside jsdom and happy-dom on Node: how long until it
//! says its first word, how fast it asks, how much memory it takes.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};

use super::tables::{fill, when_and_where};
use crate::tool::{Tool, root};

const PEERS: [&str; 2] = ["jsdom@29.1.1", "happy-dom@21.0.4"];
const PAGE: &str = "docs/run.md";

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

struct Subject {
    name: &'static str,
    command: Vec<String>,
}

/// What one run came to.
struct Ran {
    start: Duration,
    requests: Duration,
    /// The most memory that was resident, in KiB.
    memory: u64,
}

/// Runs each subject in turn, `rounds` times, and writes the table; false if a ratio is missed.
pub(super) fn run(rounds: u32) -> Result<bool> {
    let folder = root().join(".cache/js-peers");
    let subjects = subjects(&folder)?;
    let site = site()?;
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
    fill(PAGE, "js", &format!("{table}\n{}", when_and_where()?))?;
    let [ours, peers @ ..] = rows.as_slice() else {
        bail!("nobody ran");
    };
    let mut passed = true;
    for (subject, peer) in subjects.iter().skip(1).zip(peers) {
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
    let node = || "node".to_owned();
    Ok(vec![
        Subject {
            name: "corsac run",
            command: vec![path(target.join("release/corsac")), "run".to_owned()],
        },
        Subject {
            name: "jsdom",
            command: vec![node(), path(jsdom)],
        },
        Subject {
            name: "happy-dom",
            command: vec![node(), path(happy_dom)],
        },
    ])
}

fn one(subject: &Subject, folder: &std::path::Path, site: SocketAddr, count: u32) -> Result<Ran> {
    let script = folder.join("page.js");
    let text = SCRIPT.replace("COUNT", &count.to_string());
    fs::write(&script, text.replace("ADDRESS", &site.to_string()))?;
    let (program, arguments) = subject.command.split_first().context("a command")?;
    let begin = Instant::now();
    let mut process = Command::new(program)
        .args(arguments)
        .arg(&script)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| program.clone())?;
    let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
    let first = lines.next().context("it says nothing")??;
    let start = begin.elapsed();
    ensure!(first == "begin", "{}: {first}", subject.name);
    let last = lines
        .next()
        .with_context(|| format!("{} ended early", subject.name))??;
    let requests = begin.elapsed() - start;
    ensure!(last == "done", "{}: {last}", subject.name);
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let memory = peak.and_then(|value| value.trim().trim_end_matches(" kB").parse().ok());
    let _ended = process.kill();
    process.wait()?;
    Ok(Ran {
        start,
        requests,
        memory: memory.context("the process was gone before it could be measured")?,
    })
}

/// A server that keeps connections and grants everybody.
fn site() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    Ok(address)
}

fn serve(mut stream: TcpStream) -> Option<()> {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\
        Access-Control-Allow-Origin: *\r\n\r\nok";
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        if line == b"\r\n" {
            stream.write_all(ANSWER).ok()?;
        }
    }
}
