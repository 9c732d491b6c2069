use accel::{core::Resource, prelude::*};

/// Needs the literal region, so it lives in a stack.
struct Endpoint;

impl Construct for Endpoint {
    type Level = Stack;
    type Output = ();
    fn build(self, stack: &mut Scope<'_, Stack>) {
        let service = format!("com.amazonaws.{}.s3", stack.region());
        let endpoint = stack.add("endpoint", Resource::new("AWS::EC2::VPCEndpoint"));
        stack[endpoint].set("ServiceName", service);
    }
}

fn baseline(set: &mut Scope<'_, StackSet>) {
    set.add("s3", Endpoint);
}

fn main() {}
