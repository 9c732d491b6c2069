use accel::prelude::*;

fn network(stack: &mut Scope<'_, Stack>) {
    stack.add("vpc", Vpc::builder().cidr(cidr!("10.0.0.0/16")));
}

fn main() {}
