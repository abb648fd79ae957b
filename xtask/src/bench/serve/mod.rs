//! `cargo xtask bench serve`: what `corsac serve` takes of a processor for each request, beside nginx and
//! HAProxy with the configurations of `conformance/engines`.

mod answers;
mod engines;
mod report;
mod wrk;

use std::path::Path;

use anyhow::{Context as _, Result};

use self::{
    answers::assert_answers,
    engines::{Engine, Upstream},
    wrk::Run,
};
use crate::tool::{Tool, metadata};

/// A kind of request.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// Header lines.
    pub(super) lines: &'static [&'static str],
    /// What the response grants to.
    pub(super) granted: bool,
    pub(super) status: u16,
    pub(super) length: usize,
    /// How many hundredths of nginx's time it may take. None if nothing is promised.
    pub(super) gate: Option<u64>,
}

const ALLOWED: &str = "Origin: https://a.example";

/// An engine has to make its answer to a preflight itself; nginx returns from the rewrite phase, which is
/// less than the layer does, for it compares no method and no header.
pub(super) const CASES: &[Case] = &[
    Case {
        name: "no Origin",
        method: "GET",
        path: "/",
        lines: &[],
        granted: false,
        status: 200,
        length: 12,
        gate: Some(130),
    },
    Case {
        name: "allowed",
        method: "GET",
        path: "/",
        lines: &[ALLOWED],
        granted: true,
        status: 200,
        length: 12,
        gate: Some(130),
    },
    Case {
        name: "denied",
        method: "GET",
        path: "/",
        lines: &["Origin: https://evil.example"],
        granted: false,
        status: 200,
        length: 12,
        gate: Some(130),
    },
    Case {
        name: "allowed, 64 KiB",
        method: "GET",
        path: "/64k",
        lines: &[ALLOWED],
        granted: true,
        status: 200,
        length: 64 << 10,
        gate: Some(130),
    },
    Case {
        name: "preflight",
        method: "OPTIONS",
        path: "/",
        lines: &[
            ALLOWED,
            "Access-Control-Request-Method: PUT",
            "Access-Control-Request-Headers: content-type",
        ],
        granted: true,
        status: 204,
        length: 0,
        gate: None,
    },
];

/// All rounds of one engine at one case.
pub(super) struct Measured {
    pub(super) case: &'static Case,
    pub(super) engine: &'static str,
    runs: Vec<Run>,
}

/// Writes the tables; whether all ratios are within their gates.
pub(super) fn run(rounds: u32) -> Result<bool> {
    let built =
        "build --locked --release -p corsac-cli -p corsac-gateway --bin corsac --example upstream";
    anyhow::ensure!(Tool::cargo(built).run()?, "it does not build");
    let target = metadata()?;
    let target = target.get("target_directory").and_then(|it| it.as_str());
    let release = Path::new(target.context("cargo says where it builds")?).join("release");
    let upstream = Upstream::start(&release.join("examples/upstream"))?;
    let engines = [
        Engine::nginx(upstream.port)?,
        Engine::haproxy(upstream.port)?,
        Engine::corsac(&release.join("corsac"), upstream.port)?,
    ];
    for engine in &engines {
        for case in CASES {
            assert_answers(engine.port, case)
                .with_context(|| format!("{}, {}", engine.name, case.name))?;
        }
    }
    let mut measured: Vec<_> = CASES
        .iter()
        .flat_map(|case| engines.iter().map(move |it| (case, it.name)))
        .map(|(case, engine)| Measured {
            case,
            engine,
            runs: Vec::new(),
        })
        .collect();
    // One after the other and again, so that what else the machine does, it does to all.
    for round in 0..rounds {
        println!("round {} of {rounds}", round + 1);
        let mut all = measured.iter_mut();
        for case in CASES {
            for engine in &engines {
                let run = wrk::run(engine, case)
                    .with_context(|| format!("{}, {}", engine.name, case.name))?;
                if let Some(measured) = all.next() {
                    measured.runs.push(run);
                }
            }
        }
    }
    report::write(&measured, rounds)
}
