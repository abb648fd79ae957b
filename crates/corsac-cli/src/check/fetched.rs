//! What came of one request of a page that runs, in the words of a check.

use std::time::Duration;

use corsac_agent::{Fetched, JudgedOutcome, Outcome as Ended, PageAddressSpace, Replay};

use super::{
    args::ProfileArg,
    build,
    decide::decide,
    mask,
    report::{CookieReport, FixReport, ScriptReport, Step, VerdictReport},
    run, steps,
};

/// What a check says of a request, without what was typed to make it.
pub(crate) struct FetchedReport {
    pub(crate) steps: Vec<Step>,
    pub(crate) verdict: VerdictReport,
    pub(crate) fix: Option<FixReport>,
    pub(crate) script: Option<ScriptReport>,
    pub(crate) cookies: Vec<CookieReport>,
}

/// Reports on requests in the order in which they ended.
pub(crate) struct Reporter {
    profile: ProfileArg,
    replay: Replay,
}

impl Reporter {
    pub(crate) fn new(profile: ProfileArg) -> Self {
        let replay = Replay::new(PageAddressSpace::OfFirstPeer, profile.sends_as());
        Self { profile, replay }
    }

    /// `now` is when it began, since any moment that is the same for all.
    pub(crate) fn report(&mut self, fetched: &Fetched, now: Duration) -> FetchedReport {
        let mut own = self.replay.judge(fetched, now);
        if matches!(own.outcome, JudgedOutcome::Departed(_)) {
            // Of requests that overlap, the one that ended last may have asked first.
            let mut anew = Replay::new(PageAddressSpace::OfFirstPeer, *self.replay.profile());
            own = anew.judge(fetched, now);
        }
        let mut decided = decide(self.profile, fetched, own, &[]);
        if matches!(fetched.outcome, Ended::Blocked(_)) {
            decided.failed_at = Some(fetched.exchanges.len());
        }
        let credentials = fetched.request.credentials_mode;
        let mut steps = steps::steps(fetched, &decided, credentials, None, 0);
        let last = run::last(&decided, 0, steps.len());
        let mut script = build::script(&decided, fetched);
        // A body that script read is not kept, so its length is not known.
        if let Some(script) = script.as_mut().filter(|it| it.body_length.is_some()) {
            script.body_length = None;
            let response = steps.last_mut().and_then(|step| step.response.as_mut());
            response.into_iter().for_each(|it| it.body_length = None);
        }
        FetchedReport {
            fix: run::fix(&decided, &steps, last),
            script,
            cookies: build::cookies(fetched),
            verdict: build::verdict(&mut decided, Some(fetched), last),
            steps,
        }
    }
}

impl FetchedReport {
    /// Without what lets somebody in.
    pub(crate) fn masked(mut self) -> Self {
        self.steps.iter_mut().for_each(mask::mask_step);
        self.script.iter_mut().for_each(mask::mask_script);
        self
    }
}
