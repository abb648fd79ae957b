//! One origin's check, from the first request to the report.

use std::time::{Duration, Instant};

use corsac::{
    diagnosis::{Phase, Verdict},
    fetch::{AddressSpace, Profile, Request},
    origin::Origin,
};
use corsac_agent::{
    Agent, AgentConfig, Fetched, Judged, Outcome as Ended, PageAddressSpace, Replay,
};

use super::{
    args::{CheckArgs, ProfileArg},
    build,
    decide::{Decided, ENGINES, decide, goes_on, standard_alone},
    hints, mask,
    plan::{Page, Plan, note, warning},
    report::{
        CacheReport, Change, ChangeKind, FixReport, NotSent, Note, Outcome, Report, Schema, Step,
        StepKind, Tool, WireReport, Withheld,
    },
    steps,
};

/// An agent, and the engines that look over its shoulder.
struct Run {
    agent: Agent,
    own: Replay,
    engines: Vec<Replay>,
    began: Instant,
}

impl Run {
    fn new(config: &AgentConfig, profile: ProfileArg) -> Self {
        let engines = match profile {
            ProfileArg::Browsers => &ENGINES[..],
            _ => &[],
        };
        let replay = |profile| Replay::new(config.page_address_space, profile);
        Self {
            agent: Agent::new(config.clone()),
            own: replay(config.profile),
            engines: engines.iter().map(|(engine, _)| replay(*engine)).collect(),
            began: Instant::now(),
        }
    }

    async fn fetch(&mut self, plan: &Plan, page: &Page, request: &Request) -> Fetching {
        let (environment, request) = (page.environment.clone(), request.clone());
        let fetched = self
            .agent
            .fetch(environment, request, plan.body.clone())
            .await;
        let now = self.now();
        let judge = |replay: &mut Replay| replay.judge(&fetched, now);
        let own = judge(&mut self.own);
        let judged = self.engines.iter_mut().map(judge).collect();
        Fetching {
            fetched,
            own,
            judged,
        }
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// How long each engine remembers what it was granted.
    fn cache(&self) -> Vec<CacheReport> {
        let engines = match self.engines.as_slice() {
            [] => std::slice::from_ref(&self.own),
            engines => engines,
        };
        engines
            .iter()
            .map(|engine| CacheReport {
                engine: engine.profile().name.to_owned(),
                max_age: engine.remembers(self.now()).as_secs(),
            })
            .collect()
    }
}

struct Fetching {
    fetched: Fetched,
    own: Judged,
    judged: Vec<Judged>,
}

/// Checks what one page gets.
pub(super) async fn check(args: &CheckArgs, plan: &Plan, page: &Page) -> Report {
    let began = Instant::now();
    let mut report = blank(args, plan, page);
    let request = match &plan.request {
        Ok(request) => request,
        Err(reason) => {
            let origin = page.environment.origin.to_string();
            let verdict = Verdict::new(reason.clone(), plan.url.as_str(), origin);
            refused(&mut report, verdict);
            return finish(report, args, began);
        }
    };
    let mut run = Run::new(&plan.config, args.profile);
    set_cookies(&run.agent, plan, &mut report.notes);
    for round in 1..=args.repeat {
        let round_shown = (args.repeat > 1).then_some(round);
        let mut fetching = run.fetch(plan, page, request).await;
        if let Ended::Blocked(verdict) = &fetching.fetched.outcome
            && let Some(engine) = goes_on(&fetching.judged)
        {
            report.notes.push(standard_alone(verdict));
            wire(&fetching.fetched, &mut report.wire);
            run = as_engine(plan, engine, args.profile);
            set_cookies(&run.agent, plan, &mut Vec::new());
            fetching = run.fetch(plan, page, request).await;
        }
        let Fetching {
            fetched,
            own,
            judged,
        } = fetching;
        let mut decided = decide(args.profile, &fetched, own, &judged);
        wire(&fetched, &mut report.wire);
        let before = report.steps.len();
        let more = steps::steps(&fetched, &decided, plan.credentials, round_shown, before);
        report.steps.extend(more);
        settle(&mut report, &mut decided, &fetched, before);
        near(plan, page, &fetched, &mut report.notes);
        let over = !matches!(
            decided.outcome,
            Outcome::Readable | Outcome::Opaque | Outcome::OpaqueRedirect
        );
        if over {
            break;
        }
    }
    if has_preflight(&report.steps) {
        report.request.preflight_because = build::preflight_because(args, plan);
        if report
            .not_sent
            .as_ref()
            .is_none_or(|it| it.why != Withheld::Blocked)
        {
            report.cache = run.cache();
        }
    }
    finish(report, args, began)
}

/// As an engine does it for real, where it goes on and the Standard does not.
fn as_engine(plan: &Plan, engine: Profile, profile: ProfileArg) -> Run {
    let mut config = plan.config.clone();
    config.profile = engine;
    Run::new(&config, profile)
}

fn has_preflight(steps: &[Step]) -> bool {
    steps.iter().any(|step| step.kind == StepKind::Preflight)
}

fn blank(args: &CheckArgs, plan: &Plan, page: &Page) -> Report {
    Report {
        schema: Schema::Check1,
        tool: Tool {
            name: "corsac".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        request: build::request(args, plan, page),
        steps: Vec::new(),
        not_sent: None,
        wire: Vec::new(),
        verdict: build::verdict(&mut Decided::undecided(), None, None),
        fix: None,
        script: None,
        cookies: Vec::new(),
        cache: Vec::new(),
        notes: plan.notes.clone(),
        ms: 0.0,
        exit: 0,
    }
}

/// The API itself refused: nothing was sent.
fn refused(report: &mut Report, verdict: Verdict) {
    let mut decided = Decided::undecided();
    decided.outcome = Outcome::of_verdict(&verdict);
    decided.engines = Decided::of_all(decided.outcome, &verdict);
    decided.verdict = Some(Box::new(verdict));
    report.fix = fix(&decided, &report.steps, None);
    report.verdict = build::verdict(&mut decided, None, None);
}

/// Puts what the last round came to into the report.
fn settle(report: &mut Report, decided: &mut Decided, fetched: &Fetched, before: usize) {
    let last = last(decided, before, report.steps.len());
    report.fix = fix(decided, &report.steps, last);
    report.script = build::script(decided, fetched);
    report.cookies = build::cookies(fetched);
    report.not_sent = not_sent(decided, fetched);
    for note in std::mem::take(&mut decided.notes) {
        if !report.notes.contains(&note) {
            report.notes.push(note);
        }
    }
    report.verdict = build::verdict(decided, Some(fetched), last);
}

/// The number of the step that decided, if anything was sent after those `before`.
pub(super) fn last(decided: &Decided, before: usize, steps: usize) -> Option<usize> {
    let last = match (decided.failed_at, decided.outcome) {
        (Some(exchanges), Outcome::Blocked | Outcome::NotCors) => before + exchanges,
        _ => steps,
    };
    (last > before && last <= steps).then_some(last)
}

fn wire(fetched: &Fetched, wire: &mut Vec<WireReport>) {
    let left = fetched.exchanges.iter().filter(|it| steps::left(it));
    wire.extend(left.map(|exchange| WireReport {
        method: exchange.hop.method.to_string(),
        url: exchange.hop.url.to_string(),
    }));
}

fn set_cookies(agent: &Agent, plan: &Plan, notes: &mut Vec<Note>) {
    for line in &plan.cookies {
        if let Err(refusal) = agent.set_cookie(&plan.url, line) {
            let name = line.split(['=', ';']).next().unwrap_or_default();
            notes.push(warning(format!(
                "cookie {name} is not in the jar: {refusal}"
            )));
        }
    }
}

/// A page that is as near as the server is asked nothing; one from further away may be.
fn near(plan: &Plan, page: &Page, fetched: &Fetched, notes: &mut Vec<Note>) {
    let first = fetched
        .exchanges
        .iter()
        .find_map(|it| it.connection.as_ref());
    let is_near = first.is_some_and(|it| it.address_space != AddressSpace::Public);
    let is_here = match &page.environment.origin {
        Origin::Tuple(tuple) => tuple.host.is_loopback(),
        Origin::Opaque(_) => false,
    };
    let is_near_page = is_here || page.environment.address_space != AddressSpace::Public;
    if plan.config.page_address_space == PageAddressSpace::OfFirstPeer && is_near && !is_near_page {
        let text = note(
            "Chrome asks its user before a page of the Internet may reach this server, which is \
             near: --page-address-space public",
        );
        if !notes.contains(&text) {
            notes.push(text);
        }
    }
}

fn not_sent(decided: &Decided, fetched: &Fetched) -> Option<NotSent> {
    if let Ended::Withheld(withheld) = &fetched.outcome {
        return (decided.outcome == Outcome::Undecided).then(|| NotSent {
            method: withheld.hop.method.to_string(),
            url: withheld.hop.url.to_string(),
            why: Withheld::Withheld,
            repeat_with: None,
        });
    }
    let verdict = decided.verdict.as_deref()?;
    if verdict.phase != Phase::Preflight {
        return None;
    }
    let failed = fetched.exchanges.get(decided.failed_at?.checked_sub(1)?)?;
    let method = failed
        .hop
        .header_list
        .get("Access-Control-Request-Method")?;
    Some(NotSent {
        method: String::from_utf8_lossy(&method).into_owned(),
        url: failed.hop.url.to_string(),
        why: Withheld::Blocked,
        repeat_with: None,
    })
}

/// The command line once more, with `--send`; without what others should not see.
fn repeat_with(shows_secrets: bool) -> Option<String> {
    let typed = std::env::args().skip(1);
    let mut words = vec!["corsac".to_owned()];
    match shows_secrets {
        true => words.extend(typed),
        false => words.extend(mask::command_line(typed)),
    }
    words.push("--send".to_owned());
    shlex::try_join(words.iter().map(String::as_str)).ok()
}

/// What to change, as the lines that go and the lines that come.
pub(super) fn fix(decided: &Decided, steps: &[Step], last: Option<usize>) -> Option<FixReport> {
    let verdict = decided.verdict.as_deref()?;
    let fix = verdict.fix();
    let step = last.and_then(|last| steps.get(last.checked_sub(1)?));
    let there = step.and_then(|step| step.response.as_ref());
    let there = there.map(|response| response.headers.as_slice());
    let mut changes = Vec::new();
    for line in &fix.header_lines {
        let there = there.unwrap_or_default().iter();
        let old: Vec<_> = there
            .filter(|(name, _)| name.eq_ignore_ascii_case(line.name))
            .collect();
        let is_there = |(_, value): &&(String, String)| *value == line.value;
        // `Vary` is a list that others have a part in: a line is added, and none taken away.
        let replaces = line.name != "Vary";
        if old.iter().any(is_there) && (old.len() == 1 || !replaces) {
            continue;
        }
        let removed = old.iter().filter(|_| replaces).map(|(name, value)| Change {
            kind: ChangeKind::Remove,
            name: name.clone(),
            value: value.clone(),
        });
        changes.extend(removed);
        changes.push(Change {
            kind: ChangeKind::Add,
            name: line.name.to_owned(),
            value: line.value.clone(),
        });
    }
    Some(FixReport {
        side: fix.side.to_string(),
        text: fix.text,
        step: (!changes.is_empty()).then_some(last).flatten(),
        changes,
    })
}

fn finish(mut report: Report, args: &CheckArgs, began: Instant) -> Report {
    let verdict = &report.verdict;
    report.exit = match &args.expect {
        None => verdict.outcome.exit(),
        Some(expected) => {
            let code = expected.code.map(|code| code.to_string());
            let is_met =
                expected.outcome == verdict.outcome && (code.is_none() || code == verdict.code);
            u8::from(!is_met)
        }
    };
    if let Some(hint) = hints::hint(&report) {
        report.notes.insert(0, hint);
    }
    report.ms = steps::ms(began.elapsed());
    if let Some(not_sent) = &mut report.not_sent
        && not_sent.why == Withheld::Withheld
    {
        not_sent.repeat_with = repeat_with(args.show_secrets);
    }
    if !args.show_secrets {
        mask::mask(&mut report);
    }
    report
}
