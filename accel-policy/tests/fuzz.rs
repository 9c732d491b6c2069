//! What fuzzing found worth keeping (`fuzz/corpus`), decided again without a fuzzer.

// A test fails by a panic.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

#[allow(unreachable_pub, reason = "it is a crate for the fuzzer")]
#[path = "../fuzz/src/lib.rs"]
mod targets;

/// Each input of a corpus; how many there are.
fn each(corpus: &str, target: fn(&[u8])) -> usize {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(corpus);
    let inputs = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    inputs.map(|input| target(&fs::read(input).unwrap())).count()
}

#[test]
fn texts_as_policies() {
    assert!(each("policy", targets::policy) > 50);
}

#[test]
fn operators_keys_and_values() {
    assert!(each("condition", targets::condition) > 50);
}
