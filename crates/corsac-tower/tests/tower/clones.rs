//! What a clone costs. axum clones its services for every request.

use corsac_tower::{CorsLayer, policy::PolicyConfig};
use tower::Layer;

use crate::{answering, built};

#[test]
fn a_clone_allocates_nothing_however_large_the_policy() {
    let origins = (0..10_000).map(|number| format!("https://tenant-{number}.example"));
    let policy = built(PolicyConfig {
        allow_origins: origins.collect(),
        ..PolicyConfig::default()
    });
    let (reloadable, _handle) = CorsLayer::reloadable(policy.clone());
    for layer in [
        CorsLayer::new(policy.clone()),
        CorsLayer::new(policy.clone()).report_to(|_| {}),
        reloadable,
    ] {
        let service = layer.layer(answering(200, &[]));
        let count = allocation_counter::measure(|| drop((layer.clone(), service.clone())));
        assert_eq!(count.count_total, 0);
    }
    // Of a service without fields, all there is to copy is one pointer.
    let layer = CorsLayer::new(policy);
    assert_eq!(size_of_val(&layer), size_of::<usize>());
}
