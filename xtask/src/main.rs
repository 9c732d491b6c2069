//! Development tasks of accel: `cargo xtask codegen | test | bench`.

fn main() {}
