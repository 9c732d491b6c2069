use super::*;

#[test]
fn every_block_reads_to_its_end_in_order() {
    let mut counts = [0; 3];
    assert!(services().is_sorted_by_key(|service| service.prefix));
    for service in services() {
        let prefix = service.prefix;
        assert!(
            service.actions().is_sorted_by(|l, r| ignoring_case(l.name, r.name).is_le()),
            "{prefix}"
        );
        let numbers = [
            service.actions().len(),
            service.resource_types().len(),
            service.condition_keys().len(),
        ];
        // By which a placeholder is found.
        for key in service.condition_keys() {
            assert_eq!(key.name.matches('$').count(), key.name.matches("${").count(), "{key:?}");
        }
        counts = [0, 1, 2].map(|index| counts[index] + numbers[index]);
        for action in service.actions() {
            assert!(service.action(action.name()).is_some(), "{action}");
            for resource in action.resources() {
                assert!(service.resource_type(resource.name()).is_some(), "{action} {resource:?}");
            }
        }
    }
    assert!(services().len() >= 456, "{}", services().len());
    assert!(counts[0] >= 22_000 && counts[1] >= 2_300 && counts[2] >= 2_500, "{counts:?}");
}

#[test]
fn an_action_says_what_it_is_about() {
    let pass_role = action("iam:PassRole").unwrap();
    assert_eq!(pass_role.access_level(), AccessLevel::Write);
    assert_eq!(pass_role.resources()[0].name(), "role");
    assert!(pass_role.resources()[0].is_required());
    assert!(pass_role.condition_keys().contains(&"iam:PassedToService"));
    let role = service("iam").unwrap().resource_type("role").unwrap();
    assert_eq!(role.arn(), "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}");
    assert_eq!(
        action("s3:PutBucketPolicy").unwrap().access_level(),
        AccessLevel::PermissionsManagement
    );
    assert_eq!(action("ec2:CreateTags").unwrap().access_level(), AccessLevel::Tagging);
    assert!(action("s3:ListAllMyBuckets").unwrap().resources().is_empty());
    assert!(action("s3:getobject").is_some() && action("S3:GetObject").is_some());
    assert!(action("macie:DisableMacie").is_none() && action("GetObject").is_none());
}

#[test]
fn condition_keys_of_services_of_all_and_of_providers_are_known() {
    for known in [
        "aws:PrincipalArn",
        "aws:principalARN",
        "aws:RequestTag/team",
        "aws:PrincipalTag/team",
        "aws:ResourceTag/accel:app",
        "s3:prefix",
        "s3:ExistingObjectTag/a",
        "kms:EncryptionContext:aws:s3:arn",
        "iam:PassedToService",
        "saml:aud",
        "token.actions.githubusercontent.com:repository",
        "accounts.google.com:aud",
        "lambda:SourceFunctionArn",
    ] {
        assert!(condition_key(known).is_some(), "{known}");
    }
    for unknown in ["aws:PrincipleArn", "aws:RequestTag", "s3:nothing", "prefix", "s4:prefix"] {
        assert!(condition_key(unknown).is_none(), "{unknown}");
    }
    let tag_keys = condition_key("aws:TagKeys").unwrap();
    assert!(tag_keys.has_several_values());
    assert_eq!(condition_key("aws:SourceIp").unwrap().value_type(), ValueType::IpAddress);
}
