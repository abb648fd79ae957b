//! See `corsac_fuzz::agent_http2`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| corsac_fuzz::agent_http2(data));
