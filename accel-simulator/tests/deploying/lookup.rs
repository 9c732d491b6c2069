//! What is there already, found by those who did not make it.

use std::sync::Arc;

use accel::{
    core::{AccountInfo, Email},
    prelude::*,
};
use accel_deploy::{Engine, Values};
use accel_simulator::SimulatedCloud;

use super::{deploy, graph, on_a_paused_clock};

/// Looks for an account of another program that is called `name` or has the address.
async fn look_for(cloud: &Arc<SimulatedCloud>, name: &str, email: Option<Email>) -> Values {
    let mut app = App::new("example");
    app.scope().declare_account_as(name, AccountInfo { email, ..AccountInfo::default() });
    let engine = Engine::new(Arc::clone(cloud), Arc::new(graph(app)));
    engine.lookup(&[]).await.expect("an answer")
}

#[test]
fn an_account_is_found_by_its_address_or_else_by_its_name() {
    on_a_paused_clock(async |cloud| {
        // Without an organization there are no accounts to find.
        assert_eq!(look_for(&cloud, "prod", None).await.account("prod"), None);
        let mut app = App::new("organization");
        let mut org = app.open("org", Organization::create(email!("aws@example.com")));
        org.add("prod", Account::builder().email(email!("aws+prod@example.com")).build());
        assert_eq!(deploy(&cloud, app).await.failed, []);
        let calls = cloud.mutating_calls();
        let by_name = look_for(&cloud, "prod", None).await;
        let id = by_name.account("prod").expect("the account of that name");
        let by_address = look_for(&cloud, "live", Some(email!("AWS+prod@example.com"))).await;
        assert_eq!(by_address.account("live"), Some(id));
        // An address that is another one is another account, whatever it is called.
        let other = look_for(&cloud, "prod", Some(email!("other@example.com"))).await;
        assert_eq!(other.account("prod"), None);
        assert_eq!(cloud.mutating_calls(), calls);
    });
}
