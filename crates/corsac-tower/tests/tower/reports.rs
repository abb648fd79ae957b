//! What the owner of a layer is told.

use std::sync::{Arc, Mutex};

use corsac_tower::{
    CorsLayer, Report,
    policy::{Mode, Outcome, PolicyConfig},
};
use tower::Layer;

use crate::{ORIGIN, PUT, STRANGER, answering, built, call, head, policy, request};

/// A layer, and the lines that it reports.
fn reporting() -> (CorsLayer, Arc<Mutex<Vec<String>>>) {
    let said = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&said);
    let layer = CorsLayer::new(policy()).report_to(move |report| {
        let line = match report {
            Report::Decided {
                method,
                uri,
                outcome,
            } => match outcome {
                Outcome::Actual(Err(why)) | Outcome::Preflight(Err(why)) => {
                    format!("{method} {uri}: {why}")
                }
                granted => format!("{method} {uri}: {granted:?}"),
            },
            Report::Replaced { name, value } => format!("{name}: {value:?}"),
            _ => return,
        };
        sink.lock().unwrap().push(line);
    });
    (layer, said)
}

#[test]
fn decisions_are_reported_with_their_reasons() {
    let (layer, said) = reporting();
    let service = layer.layer(answering(200, &[]));
    for (method, headers) in [
        ("GET", &[][..]),
        ("GET", &[ORIGIN]),
        ("GET", &[STRANGER]),
        ("OPTIONS", &[ORIGIN, PUT]),
        (
            "OPTIONS",
            &[ORIGIN, ("access-control-request-method", "DELETE")],
        ),
    ] {
        call(service.clone(), request(method, headers)).unwrap();
    }
    assert_eq!(
        *said.lock().unwrap(),
        [
            "GET /: NotCors",
            "GET /: Actual(Ok(()))",
            r#"GET /: the policy does not list "https://evil.example""#,
            "OPTIONS /: Preflight(Ok(()))",
            r#"OPTIONS /: the policy does not list the method "DELETE""#,
        ]
    );
}

#[test]
fn replaced_headers_are_reported_line_by_line() {
    let (layer, said) = reporting();
    let own = &[
        ("access-control-allow-origin", "*"),
        ("access-control-allow-origin", "https://evil.example"),
        ("access-control-max-age", "1"),
        ("x-other", "1"),
    ];
    let service = layer.layer(answering(200, own));
    call(service, request("GET", &[])).unwrap();
    assert_eq!(
        said.lock().unwrap()[1..],
        [
            r#"access-control-allow-origin: "*""#,
            r#"access-control-allow-origin: "https://evil.example""#,
            r#"access-control-max-age: "1""#,
        ]
    );
}

#[test]
fn a_policy_on_trial_changes_nothing() {
    let own = &[("access-control-allow-origin", "*"), ("vary", "Accept")];
    let said = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&said);
    let trial = built(PolicyConfig {
        mode: Mode::ReportOnly,
        ..policy().to_config()
    });
    let layer = CorsLayer::new(trial).report_to(move |report| {
        if let Report::Decided { outcome, .. } = report {
            sink.lock().unwrap().push(format!("{outcome:?}"));
        }
    });
    let service = layer.layer(answering(207, own));
    for (method, headers) in [
        ("GET", &[][..]),
        ("GET", &[ORIGIN]),
        ("GET", &[STRANGER]),
        ("OPTIONS", &[ORIGIN, PUT]),
        ("OPTIONS", &[STRANGER, PUT]),
    ] {
        let response = call(service.clone(), request(method, headers)).unwrap();
        assert_eq!(head(&response), (207, own.to_vec()), "{method} {headers:?}");
        assert_eq!(response.body(), "from the service");
    }
    let said = said.lock().unwrap();
    let refused: Vec<_> = said.iter().map(|it| it.contains("Err")).collect();
    assert_eq!(refused, [false, false, true, false, true], "{said:?}");
}
