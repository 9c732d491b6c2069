#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| accel_policy_fuzz::condition(input));
