//! From a run, and what each engine makes of it, to one verdict.

use corsac::{
    diagnosis::{Browser, Reason, Verdict},
    fetch::{Profile, Response, ResponseTainting, ResponseType},
};
use corsac_agent::{Departure, Fetched, Judged, JudgedOutcome, Outcome as Ended};

use super::{
    args::ProfileArg,
    plan::{note, warning},
    report::{Engine, Note, Outcome},
};

/// The engines, each with its profile and the browser that people know it by.
pub(super) const ENGINES: [(Profile, Browser); 3] = [
    (Profile::CHROMIUM, Browser::Chromium),
    (Profile::FIREFOX, Browser::Firefox),
    (Profile::WEBKIT, Browser::Safari),
];

/// How it ended.
#[derive(Debug)]
pub(super) struct Decided {
    pub(super) outcome: Outcome,
    pub(super) verdict: Option<Box<Verdict>>,
    pub(super) response: Option<Box<Response>>,
    pub(super) engines: Vec<Engine>,
    /// How much of each step's response the page may see.
    pub(super) taintings: Vec<ResponseTainting>,
    /// How many exchanges the verdict needed: the last of them is the one that failed.
    pub(super) failed_at: Option<usize>,
    pub(super) notes: Vec<Note>,
}

impl Outcome {
    /// What a response is to a script.
    pub(super) const fn of_response(response: &Response) -> Self {
        match response.response_type {
            ResponseType::Basic | ResponseType::Cors => Self::Readable,
            ResponseType::Opaque => Self::Opaque,
            ResponseType::OpaqueRedirect => Self::OpaqueRedirect,
        }
    }

    /// What a verdict comes to: where nothing was there to judge, no server's headers can help.
    pub(super) const fn of_verdict(verdict: &Verdict) -> Self {
        match &verdict.reason {
            Reason::NetworkFailure { .. } | Reason::MixedContent | Reason::BadPort { .. } => {
                Self::NotCors
            }
            _ => Self::Blocked,
        }
    }
}

/// Decides by the run alone, and by what the engines make of it if all three are asked.
///
/// Blocked is what one of the three blocks. Where only the Standard does, that is a warning: a page
/// gets the response in every browser there is.
pub(super) fn decide(
    profile: ProfileArg,
    fetched: &Fetched,
    own: Judged,
    judged: &[Judged],
) -> Decided {
    let mut decided = Decided {
        outcome: Outcome::Undecided,
        verdict: None,
        response: None,
        engines: Vec::new(),
        failed_at: Some(own.taintings.len()),
        taintings: own.taintings,
        notes: Vec::new(),
    };
    match &fetched.outcome {
        Ended::Response { response, .. } => {
            decided.outcome = Outcome::of_response(response);
            decided.response = Some(response.clone());
        }
        Ended::Blocked(verdict) => {
            decided.outcome = Outcome::of_verdict(verdict);
            decided.verdict = Some(verdict.clone());
        }
        Ended::Withheld(_) => {}
    }
    if profile != ProfileArg::Browsers {
        let of_profile = ENGINES
            .iter()
            .find(|(engine, _)| *engine == profile.sends_as());
        if let Some((engine, browser)) = of_profile {
            decided
                .engines
                .push(engine_of_run(engine, *browser, &decided));
        }
        asks_local_network(&[&own.asks_local_network], &mut decided.notes);
        return decided;
    }
    let all = || ENGINES.iter().zip(judged);
    decided.engines = all()
        .map(|((engine, browser), judged)| engine_of(engine, *browser, judged, &decided))
        .collect();
    let blocking = all().find_map(|((_, browser), judged)| match &judged.outcome {
        JudgedOutcome::Blocked(verdict) => Some((*browser, verdict, judged.taintings.len())),
        _ => None,
    });
    if let Some((browser, verdict, exchanges)) = blocking
        && decided.verdict.is_none()
    {
        decided.notes.push(note(format!(
            "by the Fetch Standard alone this passes; {browser} blocks it"
        )));
        decided.outcome = Outcome::of_verdict(verdict);
        decided.verdict = Some(verdict.clone());
        decided.response = None;
        decided.failed_at = Some(exchanges);
    }
    let asks: Vec<_> = judged.iter().map(|it| &it.asks_local_network).collect();
    asks_local_network(&asks, &mut decided.notes);
    decided
}

/// The first engine that would have gone on where the Standard stops, if no engine stops there.
pub(super) fn goes_on(judged: &[Judged]) -> Option<Profile> {
    let blocks = |it: &Judged| matches!(it.outcome, JudgedOutcome::Blocked(_));
    if judged.iter().any(blocks) {
        return None;
    }
    let mut all = ENGINES.iter().zip(judged);
    all.find_map(|((engine, _), judged)| match &judged.outcome {
        JudgedOutcome::Departed(Departure::More { .. }) => Some(*engine),
        _ => None,
    })
}

/// What to say where the Standard alone blocks.
pub(super) fn standard_alone(verdict: &Verdict) -> Note {
    warning(format!(
        "by the Fetch Standard alone this is blocked ({}): {}",
        verdict.code(),
        verdict.reason
    ))
}

fn asks_local_network(asks: &[&bool], notes: &mut Vec<Note>) {
    if asks.iter().any(|asks| **asks) {
        notes.push(note(
            "Chrome asks its user before a page may reach into the nearer network; here the answer \
             is taken to be yes",
        ));
    }
}

fn engine_of_run(engine: &Profile, browser: Browser, decided: &Decided) -> Engine {
    let verdict = decided.verdict.as_deref();
    Engine {
        engine: engine.name.to_owned(),
        outcome: Some(decided.outcome),
        code: verdict.map(|verdict| verdict.code().to_string()),
        wording: verdict.and_then(|verdict| verdict.wording(browser)),
        not_judged: None,
    }
}

fn engine_of(engine: &Profile, browser: Browser, judged: &Judged, decided: &Decided) -> Engine {
    let mut report = Engine {
        engine: engine.name.to_owned(),
        outcome: None,
        code: None,
        wording: None,
        not_judged: None,
    };
    match &judged.outcome {
        JudgedOutcome::Response(response) => {
            report.outcome = Some(Outcome::of_response(response));
        }
        JudgedOutcome::Blocked(verdict) => {
            report.outcome = Some(Outcome::of_verdict(verdict));
            report.code = Some(verdict.code().to_string());
            report.wording = verdict.wording(browser);
        }
        JudgedOutcome::Withheld => report.outcome = Some(decided.outcome),
        JudgedOutcome::Departed(departure) => report.not_judged = Some(departure.to_string()),
    }
    report
}

impl Decided {
    /// Before anything is known.
    pub(super) const fn undecided() -> Self {
        Self {
            outcome: Outcome::Undecided,
            verdict: None,
            response: None,
            engines: Vec::new(),
            taintings: Vec::new(),
            failed_at: None,
            notes: Vec::new(),
        }
    }

    /// What no engine does otherwise.
    pub(super) fn of_all(outcome: Outcome, verdict: &Verdict) -> Vec<Engine> {
        ENGINES
            .iter()
            .map(|(engine, browser)| Engine {
                engine: engine.name.to_owned(),
                outcome: Some(outcome),
                code: Some(verdict.code().to_string()),
                wording: verdict.wording(*browser),
                not_judged: None,
            })
            .collect()
    }
}
