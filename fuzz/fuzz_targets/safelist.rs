//! See `corsac_fuzz::safelist`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| corsac_fuzz::safelist(data));
