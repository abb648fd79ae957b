//! Vary: what others wrote stays as it is, and nothing is said twice.

use corsac_tower::CorsLayer;
use tower::Layer;

use crate::{ORIGIN, answering, call, policy, request};

type Own = &'static [(&'static str, &'static str)];

#[test]
fn a_line_is_added_only_if_it_is_due() {
    let cases: [(Own, &[&str]); 8] = [
        (&[], &["Origin"]),
        (
            &[("vary", "Accept-Encoding")],
            &["Accept-Encoding", "Origin"],
        ),
        (&[("vary", "origin")], &["origin"]),
        (&[("vary", "Accept, ORIGIN")], &["Accept, ORIGIN"]),
        (&[("vary", "*")], &["*"]),
        (
            &[("vary", "Accept"), ("vary", "Origin")],
            &["Accept", "Origin"],
        ),
        // The name as a part of another.
        (&[("vary", "X-Origin")], &["X-Origin", "Origin"]),
        (&[("vary", "")], &["", "Origin"]),
    ];
    for (own, expected) in cases {
        let service = CorsLayer::new(policy()).layer(answering(200, own));
        for headers in [&[ORIGIN][..], &[]] {
            let response = call(service.clone(), request("GET", headers)).unwrap();
            let lines: Vec<_> = response.headers().get_all("vary").iter().collect();
            assert_eq!(lines, expected, "{own:?}");
        }
    }
}

#[test]
fn two_layers_say_it_once() {
    let layer = CorsLayer::new(policy());
    let service = layer.layer(layer.layer(answering(200, &[])));
    let response = call(service, request("GET", &[ORIGIN])).unwrap();
    assert_eq!(response.headers().len(), 4, "{response:?}");
}
