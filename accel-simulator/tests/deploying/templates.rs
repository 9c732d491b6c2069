//! Templates that are too large to be sent.

use accel::{cfn::ssm, prelude::*};
use serde_json::Value;

use super::{HERE, cloud_of, deploy, on_a_paused_clock};

/// A stack in an account of an organization, of more than 51,200 bytes.
fn large() -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let prod = org.add("prod", Account::builder().email(email!("aws+prod@example.com")).build());
    drop(org);
    let mut stack = app.open("large", Stack::new(prod.in_region(HERE)));
    for n in 0..20 {
        let text = "x".repeat(3_000);
        let setting = ssm::Parameter::new(ssm::parameter::Type::STRING, text.as_str());
        stack.add(&format!("setting-{n}"), setting);
    }
    drop(stack);
    app
}

#[test]
fn what_is_too_large_is_sent_by_a_bucket_that_members_can_read() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let cloud = cloud_of(directory.path(), large());
        assert_eq!(deploy(&cloud, large()).await.failed, []);
        let calls = cloud.calls();
        let of = |action: &str| {
            let mut of = calls.iter().filter(|(_, call)| call.action == action);
            let request = of.next().map(|(_, call)| &call.request).expect(action);
            assert!(of.next().is_none(), "{action}");
            request
        };
        let bucket = "accel-example-999999999999-eu-west-1";
        let sent = of("CreateChangeSet");
        assert!(sent["TemplateBody"].is_null(), "{sent}");
        let url = sent["TemplateURL"].as_str().expect("a URL");
        let at = format!("https://{bucket}.s3.eu-west-1.amazonaws.com/templates/");
        assert!(url.starts_with(&at), "{url}");
        let put = of("PutBucketPolicy");
        assert_eq!(put["Bucket"], bucket);
        let policy: Value =
            serde_json::from_str(put["Policy"].as_str().expect("a policy")).expect("JSON");
        let condition = &policy["Statement"][0]["Condition"]["StringEquals"];
        assert_eq!(condition["aws:PrincipalOrgID"], "o-simulation");
        // The template is of that size, or it would have been sent.
        let puts = calls.iter().filter(|(_, call)| call.action == "PutObject");
        let mut bodies = puts.filter_map(|(_, call)| call.request["Body"].as_str());
        assert!(bodies.any(|body| body.contains("\"Resources\"") && body.len() > 51_200));
        let before = cloud.mutating_calls();
        let again = deploy(&cloud, large()).await;
        assert_eq!((again.failed.len(), again.changed.len()), (0, 0));
        assert_eq!(cloud.mutating_calls(), before);
    });
}
