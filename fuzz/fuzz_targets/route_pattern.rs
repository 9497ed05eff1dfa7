#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| brevet_fuzz::checks::route_pattern(data));
