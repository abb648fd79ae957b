//! See `corsac_fuzz::split`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| corsac_fuzz::split(data));
