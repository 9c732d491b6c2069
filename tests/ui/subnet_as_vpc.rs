use accel::{cfn::ec2, prelude::*};

fn network(stack: &mut Scope<'_, Stack>) {
    let vpc = stack.add("vpc", Vpc::builder().cidr(cidr!("10.0.0.0/16")).build());
    stack.add("group", ec2::SecurityGroup::new("Apps.").vpc_id(vpc.private_subnets[0]));
}

fn main() {}
