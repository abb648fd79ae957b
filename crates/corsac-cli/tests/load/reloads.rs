//! The policy is read again while clients ask.

use std::{fs, path::PathBuf};

use crate::{
    client::while_asking,
    count, figure,
    serving::{ORIGIN, Serving},
    upstream::Upstream,
};

/// The clients' origin, and one that changes.
fn policy(number: usize) -> String {
    format!(
        "version = 1\n\n[[policy]]\npaths = [\"/**\"]\nallow-origins = [\"{ORIGIN}\", \
         \"https://b{number}.example\"]\n"
    )
}

#[test]
fn no_request_fails_while_policies_come_and_wrong_ones_are_refused() {
    let (valid, invalid) = (count("VALID", 6), count("INVALID", 3));
    let upstream = Upstream::start();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("load-reloads.toml");
    // Put in place whole, as an editor does.
    let write = |text: &str| {
        let beside = path.with_extension("new");
        fs::write(&beside, text).unwrap();
        fs::rename(&beside, &path).unwrap();
    };
    write(&policy(0));
    let args = ["--upstream", &upstream.url(), "--policy"];
    let mut serving = Serving::start(&[&args[..], &[path.to_str().unwrap()]].concat());
    let outcome = while_asking(serving.port, count("REQUESTS", 2_000), |outcome| {
        let mut reload = |text: &str, said: &str| {
            write(text);
            serving.signal("HUP");
            serving.line(said);
            // Some requests under each.
            let asked = outcome.granted.load(std::sync::atomic::Ordering::Relaxed);
            outcome.wait_for(asked + 50);
        };
        for number in 1..=valid.max(invalid) {
            if number <= valid {
                reload(&policy(number), "the policy is the file's of now");
            }
            if number <= invalid {
                reload("version = 1\n[[policy]]\npaths = 3\n", "stays as it was");
            }
        }
    });
    let asked = outcome.assert();
    figure(
        "reloads",
        &format!("{valid} valid, {invalid} invalid; {asked} requests, 0 failed"),
    );
}
