//! See `corsac_fuzz::location`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| corsac_fuzz::location(data));
