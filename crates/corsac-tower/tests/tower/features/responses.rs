//! What responses say, and what they vary on: features 23 to 28.

use super::*;

#[test]
fn a_stranger_is_told_vary_and_nothing_else() {
    let response = answer(policy().config(), "GET", &[STRANGER]);
    assert_eq!(head(&response), (200, vec![("vary", "Origin")]));
}

/// Where everybody is told the same, so is who says no Origin, and there is nothing to vary on.
#[test]
fn a_request_without_an_origin_is_told_vary_where_it_matters() {
    let response = answer(policy().config(), "GET", &[]);
    assert_eq!(head(&response), (200, vec![("vary", "Origin")]));
    let response = answer(&anybody(), "GET", &[]);
    assert_eq!(head(&response), (200, vec![(ALLOW_ORIGIN, "*")]));
    let response = answer(&PolicyConfig::default(), "GET", &[]);
    assert_eq!(head(&response), (200, vec![]));
}

#[test]
fn responses_that_are_errors_are_readable() {
    for status in [304, 401, 404, 405, 500, 504] {
        let service = CorsLayer::new(policy()).layer(answering(status, &[]));
        let response = call(service, request("GET", &[ORIGIN])).unwrap();
        assert_eq!(response.headers()[ALLOW_ORIGIN], ORIGIN.1);
    }
    let layer = CorsLayer::new(policy()).map_err_into_response(|_: &'static str| {
        let mut response = Response::new(String::new());
        *response.status_mut() = StatusCode::BAD_GATEWAY;
        response
    });
    let fails = service_fn(|_: Request<()>| async { Err::<Response<String>, _>("no upstream") });
    let response = call(layer.layer(fails), request("GET", &[ORIGIN])).unwrap();
    assert_eq!(response.status(), 502);
    assert_eq!(response.headers()[ALLOW_ORIGIN], ORIGIN.1);
}

#[test]
fn a_services_own_vary_is_kept_and_not_said_again() {
    let cases: [(Asked<'static>, &[&str]); 4] = [
        (&[("vary", "Accept")], &["Accept", "Origin"]),
        (&[("vary", "accept, ORIGIN")], &["accept, ORIGIN"]),
        (&[("vary", "*")], &["*"]),
        (
            &[("vary", "Accept"), ("vary", "origin")],
            &["Accept", "origin"],
        ),
    ];
    for (own, expected) in cases {
        let service = CorsLayer::new(policy()).layer(answering(200, own));
        let response = call(service, request("GET", &[ORIGIN])).unwrap();
        assert_eq!(vary(&response), expected);
    }
}

#[test]
fn responses_vary_where_origins_are_told_apart() {
    for asked in [&[][..], &[ORIGIN], &[STRANGER]] {
        for method in ["GET", "HEAD", "POST", "PUT"] {
            assert_eq!(vary(&answer(policy().config(), method, asked)), ["Origin"]);
            assert_eq!(vary(&answer(&anybody(), method, asked)), [""; 0]);
            assert_eq!(
                vary(&answer(&PolicyConfig::default(), method, asked)),
                [""; 0]
            );
        }
    }
}

/// RFC 9110 has no cache keep an answer to OPTIONS. Some do, and a policy can provide for them.
#[test]
fn answers_to_options_vary_if_it_is_asked_for() {
    let mut config = policy().to_config();
    let requests = [
        &[][..],
        &[ORIGIN],
        &[STRANGER],
        &[ORIGIN, PUT],
        &[STRANGER, PUT],
        &[ORIGIN, PUT, (ASKED_NAMES, "x-other")],
        &[ORIGIN, ORIGIN, PUT],
    ];
    for asked in requests {
        assert_eq!(
            vary(&answer(&config, "OPTIONS", asked)),
            [""; 0],
            "{asked:?}"
        );
    }
    config.cacheable_preflights = true;
    let all = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    for asked in requests {
        assert_eq!(vary(&answer(&config, "OPTIONS", asked)), [all], "{asked:?}");
    }
    config.allow_private_network = true;
    let response = answer(&config, "OPTIONS", &[ORIGIN, PUT]);
    let network = "Access-Control-Request-Private-Network";
    assert_eq!(vary(&response), [format!("{all}, {network}")]);
    assert_eq!(vary(&answer(&config, "GET", &[ORIGIN])), ["Origin"]);
}
