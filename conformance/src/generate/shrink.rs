use crate::{
    policies::Policies,
    scenario::{Answer, Body, Call, Credentials, Mode, Page, Redirect, Scenario},
    subject::core,
};

/// Takes away whatever can go while the scenario still fails, until nothing can.
///
/// # Errors
/// What judging said.
pub async fn shrink<E>(
    mut scenario: Scenario,
    mut fails: impl AsyncFnMut(&[Scenario]) -> Result<Vec<bool>, E>,
) -> Result<Scenario, E> {
    loop {
        let candidates = candidates(&scenario);
        let failed = fails(&candidates).await?;
        let smaller = candidates.into_iter().zip(failed).find(|(_, fails)| *fails);
        match smaller {
            Some((smaller, _)) => scenario = smaller,
            None => return Ok(scenario),
        }
    }
}

/// Scenarios with one thing less each. Every one is strictly smaller, so that this ends.
fn candidates(scenario: &Scenario) -> Vec<Scenario> {
    let mut candidates = Vec::new();
    let mut add = |change: &dyn Fn(&mut Scenario)| {
        let mut smaller = scenario.clone();
        change(&mut smaller);
        if smaller != *scenario {
            candidates.push(smaller);
        }
    };
    if scenario.calls.len() > 1 {
        for place in 0..scenario.calls.len() {
            add(&|it| drop(it.calls.remove(place)));
        }
    }
    let last = scenario.resources.len().saturating_sub(1);
    if last > 0 && scenario.calls.iter().all(|call| call.to < last) {
        add(&|it| drop(it.resources.pop()));
    }
    add(&|it| it.cookies.clear());
    let lines: Vec<_> = scenario.policies.lines().collect();
    for place in 0..lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(place);
        let fewer = fewer.join("\n");
        // Nobody is held to what cannot be read.
        let smaller = Scenario {
            policies: fewer.clone(),
            ..scenario.clone()
        };
        if matches!(
            Policies::of(&smaller, core::KEY, &core::addresses()),
            Ok(Some(_))
        ) {
            add(&|it| it.policies.clone_from(&fewer));
        }
    }
    add(&|it| it.page = Page::default());
    for place in 0..scenario.calls.len() {
        for change in CALL {
            add(&|it| it.calls.get_mut(place).map_or((), change));
        }
        let headers = scenario.calls.get(place).map_or(0, |it| it.headers.len());
        for header in 0..headers {
            add(&|it| {
                it.calls
                    .get_mut(place)
                    .map(|call| call.headers.remove(header));
            });
        }
    }
    for place in 0..scenario.resources.len() {
        for preflight in [true, false] {
            for number in 0..answers(&mut scenario.clone(), place, preflight).len() {
                add(&|it| drop(answers(it, place, preflight).remove(number)));
                let answer = |it: &Scenario| {
                    let mut it = it.clone();
                    answers(&mut it, place, preflight).get(number).cloned()
                };
                let lines = answer(scenario).map_or(0, |it| it.lines.len());
                for line in 0..lines {
                    add(&|it| {
                        let answer = answers(it, place, preflight).get_mut(number);
                        answer.map(|answer| answer.lines.remove(line));
                    });
                }
                for change in ANSWER {
                    add(&|it| {
                        let answer = answers(it, place, preflight).get_mut(number);
                        if let Some(answer) = answer {
                            change(answer);
                        }
                    });
                }
            }
        }
    }
    candidates
}

fn answers(scenario: &mut Scenario, place: usize, preflight: bool) -> &mut Vec<Answer> {
    if scenario.resources.len() <= place {
        scenario.resources.resize_with(place + 1, Default::default);
    }
    #[expect(clippy::indexing_slicing, reason = "there are as many now")]
    let resource = &mut scenario.resources[place];
    match preflight {
        true => &mut resource.preflight,
        false => &mut resource.actual,
    }
}

const CALL: [fn(&mut Call); 8] = [
    |call| call.headers.clear(),
    |call| call.body = Body::None,
    |call| call.credentials = Credentials::SameOrigin,
    |call| call.mode = Mode::Cors,
    |call| call.redirect = Redirect::Follow,
    |call| call.upload_listener = false,
    |call| call.wait = 0,
    |call| call.method = "GET".to_owned(),
];

const ANSWER: [fn(&mut Answer); 5] = [
    |answer| answer.body.clear(),
    |answer| answer.reason.clear(),
    |answer| answer.delay = 0,
    |answer| answer.reset = false,
    |answer| answer.status = 200,
];
