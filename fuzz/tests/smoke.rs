//! Every property, with random bytes: no fuzzer, but nothing to install either.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

use corsac_fuzz::{TARGETS, Target};

/// What the targets' languages are made of, in libFuzzer's form.
const DICTIONARY: &str = include_str!("../words.dict");

#[test]
fn every_property_holds_for_random_bytes() {
    let cases = std::env::var("CORSAC_FUZZ_CASES");
    let cases: u64 = cases.map_or(2000, |cases| cases.parse().expect("a number"));
    let words: Vec<_> = DICTIONARY.lines().map(unquote).collect();
    for Target {
        name,
        property,
        cost,
    } in TARGETS
    {
        for seed in 0..cases.div_ceil(*cost) {
            let data = input(seed, &words);
            let held = std::panic::catch_unwind(|| property(&data));
            assert!(
                held.is_ok(),
                "{name}, case {seed}: b\"{}\"",
                data.escape_ascii()
            );
        }
    }
}

#[test]
fn every_target_is_run() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz_targets");
    let files = std::fs::read_dir(directory).expect("the targets").count();
    assert_eq!(files, TARGETS.len());
}

/// Bytes from a seed: at random, or a few words again and again, or both.
fn input(seed: u64, words: &[Vec<u8>]) -> Vec<u8> {
    let mut random = Random(seed);
    let longest = [20, 60, 300, 2000][random.below(4)];
    let length = random.below(longest);
    let few: Vec<_> = (0..=random.below(5))
        .map(|_| random.below(words.len()))
        .collect();
    let of_words = random.below(9);
    let mut data = vec![random.byte()];
    while data.len() < length {
        match random.below(8) < of_words {
            true => data.extend_from_slice(&words[few[random.below(few.len())]]),
            false => data.push(random.byte()),
        }
    }
    data
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 32).expect("32 bits") % end
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

/// Takes off the quotes and reads `\xNN`, `\"` and `\\`.
fn unquote(line: &str) -> Vec<u8> {
    let mut rest = line.strip_prefix('"').expect("quoted");
    rest = rest.strip_suffix('"').expect("quoted");
    let mut bytes = Vec::new();
    while let Some(escape) = rest.find('\\') {
        let (plain, escaped) = rest.split_at(escape);
        bytes.extend_from_slice(plain.as_bytes());
        let taken = match escaped.strip_prefix("\\x") {
            Some(hex) => {
                bytes.push(u8::from_str_radix(&hex[..2], 16).expect("hex digits"));
                4
            }
            None => {
                bytes.push(escaped.as_bytes()[1]);
                2
            }
        };
        rest = &escaped[taken..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
