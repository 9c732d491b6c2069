use accel::prelude::*;

fn name(set: &Scope<'_, StackSet>) -> String {
    format!("logs-{}", set.region())
}

fn main() {}
