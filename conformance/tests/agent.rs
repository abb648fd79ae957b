//! The agent on sockets does what the core without any predicts.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use conformance::{
    cases::Case,
    expectations::AGENT,
    generate,
    judge::{against_decisions, differences},
    policies::Policies,
    scenario::Scenario,
    servers::Servers,
    subject::{agent::Session, core},
};

async fn agrees(names: &[String], scenarios: &[Scenario]) {
    let servers = Servers::start().await.unwrap();
    let mut session = Session::new(AGENT.profile);
    let seen = session.run(&servers, scenarios).await.unwrap();
    assert_eq!(seen.len(), scenarios.len());
    for ((name, scenario), seen) in names.iter().zip(scenarios).zip(&seen) {
        let predicted = AGENT.predict(scenario).observation;
        assert_eq!(differences(scenario, &predicted, seen), [], "{name}");
    }
    // What the agent remembers of one run says nothing in another.
    session.forget();
    assert_eq!(session.run(&servers, scenarios).await.unwrap(), seen);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_named_cases() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let cases = Case::read(&folder).unwrap();
    let names: Vec<_> = cases.iter().map(|case| case.name.clone()).collect();
    let scenarios: Vec<_> = cases.iter().map(Case::scenario).collect();
    agrees(&names, &scenarios).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_generated_scenarios() {
    let seeds = 700_001..700_501;
    let names: Vec<_> = seeds.clone().map(|seed| format!("seed {seed}")).collect();
    let scenarios: Vec<_> = seeds.map(|seed| generate::scenario(seed).1).collect();
    agrees(&names, &scenarios).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_generated_policies() {
    let scenarios = (700_001..700_201).map(|seed| generate::policies(seed).1);
    let scenarios: Vec<_> = scenarios.collect();
    let servers = Servers::start_policed().await.unwrap();
    let mut session = Session::new(AGENT.profile);
    let seen = session.run(&servers, &scenarios).await.unwrap();
    for (scenario, seen) in scenarios.iter().zip(&seen) {
        assert!(
            Policies::of(scenario, core::KEY, servers.expander()).is_ok(),
            "{}",
            scenario.policies
        );
        let predicted = AGENT.predict(scenario).observation;
        assert_eq!(differences(scenario, &predicted, seen), []);
        assert_eq!(against_decisions(scenario, &predicted, seen), []);
    }
}
