//! See `corsac_fuzz::origin`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| corsac_fuzz::origin(data));
