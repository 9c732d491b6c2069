//! Guardrails that are settings: what is refused, and what an account gets where units below say more.

use accel_constructs::{
    foundation::{OrganizationScope as _, PolicyType},
    security::{Guardrails, OrganizationGuardrail},
};
use accel_core::{App, Prop, Region};
use accel_policy::inheritance::effective;

use super::{codes, organization};

fn problems(guardrails: impl IntoIterator<Item = OrganizationGuardrail>) -> Vec<&'static str> {
    let mut app = App::new("acme");
    let mut org = organization(&mut app);
    let root = org.root();
    org.add("guardrails", Guardrails::builder().guardrails(guardrails).targets([root]).build());
    codes(app)
}

/// What an account gets where `guardrail` is attached to the root, and `child` to its unit.
fn together(guardrail: &OrganizationGuardrail, child: Prop) -> Prop {
    effective([&guardrail.document(), &child])
}

/// The value at a path of names.
fn at<'a>(content: &'a Prop, path: &str) -> Option<&'a Prop> {
    path.split('/').try_fold(content, |content, name| content.as_object()?.get(name))
}

fn nested(path: &str, value: Prop) -> Prop {
    path.rsplit('/').fold(value, |value, name| Prop::object([(name.to_owned(), value)]))
}

fn operator(name: &'static str, value: impl Into<Prop>) -> Prop {
    Prop::object([(name, value.into())])
}

#[test]
fn a_setting_that_its_type_does_not_have_is_refused() {
    let wrong = [
        ("ec2_attributes/serial_console_acess/status", "disabled"),
        ("ec2_attributes/serial_console_access/status", "off"),
        ("ec2_attributes/serial_console_access", "disabled"),
    ];
    for (path, value) in wrong {
        let content = nested(path, operator("@@assign", value));
        let guardrail =
            OrganizationGuardrail::declarative("acme.own", PolicyType::DeclarativeEc2, content);
        assert_eq!(problems([guardrail]), ["guardrail-setting"], "{path}");
    }
    let path = "s3_attributes/public_access_block_configuration";
    for value in [operator("@@set", "all"), Prop::from("all")] {
        let guardrail =
            OrganizationGuardrail::declarative("acme.own", PolicyType::S3, nested(path, value));
        assert_eq!(problems([guardrail]), ["guardrail-setting"]);
    }
}

#[test]
fn two_guardrails_say_one_thing_of_a_setting() {
    let path = "ec2_attributes/serial_console_access/status";
    let content = nested(path, operator("@@assign", "enabled"));
    let own = OrganizationGuardrail::declarative("acme.own", PolicyType::DeclarativeEc2, content);
    let both = [OrganizationGuardrail::ec2_declarative_serial(), own];
    assert_eq!(problems(both), ["guardrail-conflict"]);
}

#[test]
fn a_unit_says_otherwise_of_what_is_left_to_it() {
    let says = |guardrail: OrganizationGuardrail, path: &str, given: &str, other: &'static str| {
        let child = nested(path, operator("@@assign", other));
        let alone = effective([&guardrail.document()]);
        assert_eq!(at(&alone, path).and_then(Prop::as_str), Some(given), "{path}");
        let both = together(&guardrail, child);
        assert_eq!(at(&both, path).and_then(Prop::as_str), Some(other), "{path}");
    };
    let ec2 = |path: &str| format!("ec2_attributes/{path}");
    says(
        OrganizationGuardrail::ec2_declarative_imds(),
        &ec2("instance_metadata_defaults/http_tokens"),
        "required",
        "optional",
    );
    says(
        OrganizationGuardrail::ec2_declarative_ami_bpa(),
        &ec2("image_block_public_access/state"),
        "block_new_sharing",
        "unblocked",
    );
    says(
        OrganizationGuardrail::ec2_declarative_snapshot_bpa(),
        &ec2("snapshot_block_public_access/state"),
        "block_all_sharing",
        "unblocked",
    );
    says(
        OrganizationGuardrail::ec2_declarative_serial(),
        &ec2("serial_console_access/status"),
        "disabled",
        "enabled",
    );
    let path = "s3_attributes/public_access_block_configuration";
    says(OrganizationGuardrail::s3_org_bpa(), path, "all", "none");
}

#[test]
fn nobody_below_learns_from_content() {
    let guardrail = OrganizationGuardrail::ai_opt_out();
    let default = "services/default/opt_out_policy";
    for path in [default, "services/lex/opt_out_policy"] {
        let both = together(&guardrail, nested(path, operator("@@assign", "optIn")));
        assert_eq!(at(&both, default).and_then(Prop::as_str), Some("optOut"));
        assert_eq!(at(&both, "services/lex"), None);
    }
}

#[test]
fn services_are_on_in_more_regions_further_down() {
    let guardrail = OrganizationGuardrail::sec_inspector_policy([Region::EU_WEST_1]);
    let path = "inspector/enablement/ec2_scanning/enable_in_regions";
    let both = together(&guardrail, nested(path, operator("@@append", Prop::list(["us-east-1"]))));
    assert_eq!(at(&both, path), Some(&Prop::list(["eu-west-1", "us-east-1"])));
    let others = "inspector/enablement/ecr_scanning/enable_in_regions";
    assert_eq!(at(&both, others), Some(&Prop::list(["eu-west-1"])));

    let guardrail = OrganizationGuardrail::sec_securityhub_policy();
    let path = "securityhub/disable_in_regions";
    let both = together(&guardrail, nested(path, operator("@@append", Prop::list(["eu-west-3"]))));
    assert_eq!(at(&both, path), Some(&Prop::list(["eu-west-3"])));
    let everywhere = Prop::list(["ALL_SUPPORTED"]);
    assert_eq!(at(&both, "securityhub/enable_in_regions"), Some(&everywhere));
}

#[test]
fn a_unit_has_a_value_more_for_a_tag() {
    let values = ["public", "internal"];
    let guardrail = OrganizationGuardrail::tag_required("DataClass", values, ["s3:bucket"]);
    let path = "tags/dataclass/tag_value";
    let both = together(&guardrail, nested(path, operator("@@append", Prop::list(["secret"]))));
    assert_eq!(at(&both, path), Some(&Prop::list(["public", "internal", "secret"])));
    assert_eq!(at(&both, "tags/dataclass/tag_key").and_then(Prop::as_str), Some("DataClass"));
}
