//! See `corsac_fuzz::page`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| corsac_fuzz::page(data));
