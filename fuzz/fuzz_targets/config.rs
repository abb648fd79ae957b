//! See `corsac_fuzz::config`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| corsac_fuzz::config(data));
