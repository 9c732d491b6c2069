use accel::prelude::*;

fn main() {
    App::new("example").open("org", Organization::adopt(account_id!("1234")));
}
