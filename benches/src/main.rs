//! Times every subject with every kind of request, interleaved: `cargo xtask bench` runs it and
//! makes tables of the lines that it prints, each a JSON object.

mod kind;
mod list;
mod subject;
mod subjects;

use std::{
    env,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    kind::{Kind, kinds},
    list::List,
    subject::Subject,
    subjects::subjects,
};

/// How long a batch may take, and of how many requests it is at most.
const BATCH: Duration = Duration::from_micros(200);
const MOST: u32 = 32;

/// One subject with one kind of request.
struct Case {
    subject: usize,
    kind: usize,
    batch: u32,
    nanoseconds: Vec<f64>,
}

fn main() {
    let mut args = env::args().skip(1);
    let rounds = args
        .next()
        .map_or(100, |it| it.parse().expect("a number of rounds"));
    let all = kinds();
    let allowed: Vec<Kind> = kinds()
        .into_iter()
        .filter(|it| it.name == "allowed")
        .collect();
    measure(List::ONE, &all, rounds);
    for list in [
        List::exact(10),
        List::exact(10_000),
        List::exact(1_000_000),
        List::wildcards(1),
        List::wildcards(10),
        List::wildcards(10_000),
        List::wildcards(1_000_000),
    ] {
        measure(list, &allowed, rounds);
    }
}

/// All cases in turn, so that whatever else the machine does hits them all.
fn measure(list: List, kinds: &[Kind], rounds: u32) {
    let begin = Instant::now();
    let mut subjects = subjects(list);
    eprintln!(
        "{list:?}: {} subjects, built in {:?}",
        subjects.len(),
        begin.elapsed()
    );
    let mut cases = Vec::new();
    for (subject, it) in subjects.iter_mut().enumerate() {
        for (kind, request) in kinds.iter().enumerate() {
            cases.push(Case {
                subject,
                kind,
                batch: batch(it, request),
                nanoseconds: Vec::new(),
            });
        }
    }
    for round in 0..rounds {
        for case in &mut cases {
            // One that takes long is not asked in each round.
            if case.batch > 1 || round % 10 == 0 {
                let time = subjects[case.subject].time(&kinds[case.kind], case.batch);
                case.nanoseconds.push(time);
            }
        }
    }
    for mut case in cases {
        case.nanoseconds.sort_by(f64::total_cmp);
        let subject = &subjects[case.subject];
        let line = json!({
            "origins": list.origins,
            "wildcards": list.wildcards,
            "kind": kinds[case.kind].name,
            "subject": subject.name,
            "bare": subject.bare,
            "min": case.nanoseconds[0],
            "median": case.nanoseconds[case.nanoseconds.len() / 2],
        });
        println!("{line}");
    }
}

/// How many requests make a batch.
fn batch(subject: &mut Subject, kind: &Kind) -> u32 {
    let once = subject.time(kind, 1).min(subject.time(kind, 1));
    let fit = BATCH.as_nanos() as f64 / once.max(1.0);
    (fit as u32).clamp(1, MOST)
}
