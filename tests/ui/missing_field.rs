use accel::prelude::*;

fn network(stack: &mut Scope<'_, Stack>) {
    stack.add("vpc", Vpc::builder().azs(3).build());
}

fn main() {}
