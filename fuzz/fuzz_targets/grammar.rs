//! See `corsac_fuzz::grammar`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| corsac_fuzz::grammar(data));
