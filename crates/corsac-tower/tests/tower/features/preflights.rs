//! What preflights are granted: features 13 to 22.

use super::*;

#[test]
fn methods_are_checked_in_preflights_and_nowhere_else() {
    let config = policy().to_config();
    assert!(is_granted(&config, "PUT", ""));
    for method in ["DELETE", "put", "PUT, DELETE", ""] {
        assert!(!is_granted(&config, method, ""), "{method}");
    }
    let response = answer(&config, "DELETE", &[ORIGIN]);
    assert_eq!(response.headers()[ALLOW_ORIGIN], ORIGIN.1);
}

#[test]
fn methods_are_told_one_by_one_or_all_together() {
    let mut config = PolicyConfig {
        allow_methods: ["PUT", "DELETE"].into(),
        ..policy().to_config()
    };
    let told = |config: &PolicyConfig| {
        let response = answer(config, "OPTIONS", &[ORIGIN, PUT]);
        response.headers()["access-control-allow-methods"].clone()
    };
    assert_eq!(told(&config), "PUT");
    config.preflights = Preflights::TellLists;
    assert_eq!(told(&config), "PUT, DELETE");
}

#[test]
fn headers_are_checked_in_preflights() {
    let config = policy().to_config();
    assert!(is_granted(&config, "PUT", "content-type,x-custom"));
    for names in ["x-other", "content-type,x-other", "x-custom;q", "x custom"] {
        assert!(!is_granted(&config, "PUT", names), "{names}");
    }
}

#[test]
fn every_line_of_names_is_read() {
    let config = policy().to_config();
    let (one, two) = ((ASKED_NAMES, "content-type"), (ASKED_NAMES, "x-custom"));
    assert_eq!(preflight(&config, &[ORIGIN, PUT, one, two]).0, 204);
    let other = (ASKED_NAMES, "x-other");
    assert_eq!(preflight(&config, &[ORIGIN, PUT, one, other]).0, 403);
}

/// Beyond what the policy could grant nothing is read: of a mebibyte as little as of a few bytes more
/// than that.
#[test]
fn names_are_read_as_far_as_the_policy_is_long() {
    let policy = policy();
    for flood in [",", " ", "a,", "content-type,", "x"] {
        let flood = flood.repeat((1 << 20) / flood.len());
        let asked = request("OPTIONS", &[ORIGIN, PUT, (ASKED_NAMES, &flood)]);
        let values = |name: &HeaderName| asked.headers().get_all(name).iter();
        let head = RequestHead::new(b"OPTIONS", |name| values(name).map(HeaderValue::as_bytes));
        let mut outcome = Outcome::NotCors;
        let count = allocation_counter::measure(|| outcome = policy.decide(&head).outcome());
        assert_eq!(count.count_total, 0);
        let Outcome::Preflight(Err(refusal)) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(refusal.code(), "headers-too-long");
    }
}

#[test]
fn names_in_any_case_and_order() {
    let config = policy().to_config();
    for names in [
        "X-CUSTOM,Content-Type",
        "x-custom, content-type",
        ",x-custom,,x-custom",
    ] {
        assert!(is_granted(&config, "PUT", names), "{names}");
    }
    // As many as there are, the bound still holds them.
    let names: Vec<_> = (0..200).map(|number| format!("X-Name-{number}")).collect();
    let config = PolicyConfig {
        allow_headers: AllowHeaders::List(names.clone()),
        ..config
    };
    assert!(is_granted(&config, "PUT", &names.join(", ").to_uppercase()));
}

/// XMLHttpRequest with a listener for its upload asks so, and so does a body that is a stream.
#[test]
fn a_policy_without_methods_and_headers_grants_safelisted_ones() {
    let config = listing([ORIGIN.1]);
    for method in ["GET", "HEAD", "POST"] {
        assert!(is_granted(&config, method, ""), "{method}");
    }
    assert!(!is_granted(&config, "PUT", ""));
    assert!(!is_granted(&config, "POST", "x-custom"));
}

#[test]
fn a_granted_preflight_is_a_204_or_any_other_success() {
    for status in [204, 200, 299] {
        let config = PolicyConfig {
            preflight_status: status,
            ..policy().to_config()
        };
        assert_eq!(preflight(&config, &[ORIGIN, PUT]).0, status);
    }
    for status in [199, 300, 403] {
        let config = PolicyConfig {
            preflight_status: status,
            ..policy().to_config()
        };
        let (least, most) = (200, 299);
        let invalid = Invalid::Status {
            value: status,
            least,
            most,
        };
        assert_eq!(
            mistakes(config),
            [(Field::PreflightStatus, MistakeKind::Invalid(invalid))]
        );
    }
}

/// A success is for logs that are to be quiet: without a grant the browser refuses it as well.
#[test]
fn a_refused_preflight_is_a_403_or_what_the_log_likes() {
    for status in [403, 400, 404, 200, 204] {
        let config = PolicyConfig {
            refusal_status: status,
            ..policy().to_config()
        };
        assert_eq!(preflight(&config, &[STRANGER, PUT]), (status, vec![]));
    }
    assert_eq!(PolicyConfig::default().refusal_status, 403);
}

#[test]
fn a_refused_preflight_has_no_header() {
    let config = PolicyConfig {
        preflights: Preflights::TellLists,
        allow_private_network: true,
        ..policy().to_config()
    };
    for asked in [
        &[STRANGER, PUT][..],
        &[ORIGIN, ("access-control-request-method", "DELETE")],
        &[ORIGIN, PUT, (ASKED_NAMES, "x-other")],
    ] {
        assert_eq!(preflight(&config, asked), (403, vec![]), "{asked:?}");
    }
}
