use accel::prelude::*;

fn zones(set: &Scope<'_, StackSet>, zones: Value<accel::core::List<String>>) -> Value<i64> {
    set.length(zones)
}

fn main() {}
