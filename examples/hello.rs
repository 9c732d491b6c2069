//! The smallest program that deploys something, a bucket:
//! `cargo run --example hello -- synth --out hello.out`.

use std::process::ExitCode;

use accel::{constructs::platform::Bucket, prelude::*};

fn main() -> ExitCode {
    accel::run(hello())
}

pub(crate) fn hello() -> App {
    let mut app = App::new("hello");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let account =
        org.add("sandbox", Account::builder().email(email!("aws+sandbox@example.com")).build());

    let mut stack = app.open("storage", Stack::new(account.in_region(Region::EU_WEST_1)));
    stack.add("greetings", Bucket::builder().build());
    app
}
