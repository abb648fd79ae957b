//! Nothing grows by being used.

use std::sync::Mutex;

use crate::{
    client::while_asking,
    count, figure,
    serving::{ORIGIN, Serving},
    upstream::Upstream,
};

/// How many KiB it may grow from when it has warmed up until the end.
const MOST: usize = 2048;

#[test]
fn neither_memory_nor_descriptors_grow_with_requests() {
    let requests = count("GROWTH", 5_000);
    let upstream = Upstream::start();
    let url = upstream.url();
    let serving = Serving::start(&["--upstream", &url, "--allow-origin", ORIGIN]);
    let samples = Mutex::new(Vec::new());
    let outcome = while_asking(serving.port, requests, |outcome| {
        for tenth in 1..=10 {
            outcome.wait_for(requests / 10 * tenth);
            let sample = (serving.memory(), serving.descriptors());
            samples.lock().unwrap().push(sample);
        }
    });
    let asked = outcome.assert();
    let samples = samples.into_inner().unwrap();
    let (warm, descriptors) = samples[0];
    for (memory, open) in &samples {
        assert!(*memory <= warm + MOST, "{samples:?}");
        assert!(*open <= descriptors + 8, "{samples:?}");
    }
    let shown: Vec<_> = samples
        .iter()
        .map(|(memory, _)| memory.to_string())
        .collect();
    figure(
        "growth",
        &format!(
            "{asked} requests; KiB after each tenth {}; descriptors {} and {}",
            shown.join(" "),
            descriptors,
            samples[9].1
        ),
    );
}
