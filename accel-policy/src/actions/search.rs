//! Patterns of actions, and what was probably meant by a name that is none.

use super::{Action, Service, action, ignoring_case, service, services, table::Table, wildcard};

/// The actions that `pattern` is like: `s3:Get*`, `*`, or one name.
///
/// A service is read when the first of its actions is asked for, so whoever wants to know only
/// whether there is any pays for no more than that.
pub fn expand(pattern: &str) -> impl Iterator<Item = &'static Action> {
    let (prefix, name) = match pattern.split_once(':') {
        Some(parts) => parts,
        None if pattern == "*" => ("*", "*"),
        // An action without a service is none; no service is called like this.
        None => ("", ""),
    };
    let of: &'static [Service] = if wildcard::is_pattern(prefix) {
        services()
    } else {
        service(prefix).map_or(&[][..], std::slice::from_ref)
    };
    let (prefix, name) = (prefix.to_owned(), name.to_owned());
    let of = of.iter().filter(move |service| wildcard::matches(&prefix, service.prefix));
    of.flat_map(|service| service.actions())
        .filter(move |action| wildcard::matches(&name, action.name))
}

/// The name that was probably meant by `name`, which names no action: another spelling, the same action
/// of another service, what IAM calls the operation of that name. A pattern that is like nothing
/// becomes one that is like something.
///
/// ```
/// use accel_policy::actions::nearest;
///
/// assert_eq!(nearest("macie:DisableMacie").as_deref(), Some("macie2:DisableMacie"));
/// assert_eq!(nearest("macie:*").as_deref(), Some("macie2:*"));
/// assert_eq!(nearest("s3:ListObjects").as_deref(), Some("s3:ListBucket"));
/// assert_eq!(nearest("nowhere:Nothing"), None);
/// ```
#[must_use]
pub fn nearest(name: &str) -> Option<String> {
    let (prefix, short) = name.split_once(':')?;
    let operation = OPERATIONS.iter().find(|(operation, _)| operation.eq_ignore_ascii_case(name));
    if let Some((_, action)) = operation {
        return Some((*action).to_owned());
    }
    if let Some(service) = service(prefix) {
        return elsewhere(prefix, short).or_else(|| in_service(service, short));
    }
    // A prefix that a known one begins with is an older version of it, or cut short.
    let versions = services().iter().filter(|known| starts_with(known.prefix, prefix));
    let spelled = accel_core::nearest(prefix, services().iter().map(|service| service.prefix));
    let by_prefix = versions.chain(spelled.and_then(service));
    let mut found = by_prefix
        .filter_map(|service| exactly(service, short).or_else(|| in_service(service, short)));
    found.next().or_else(|| elsewhere(prefix, short))
}

/// The condition key that was probably meant by `name`, which is none.
///
/// ```
/// use accel_policy::actions::nearest_condition_key;
///
/// assert_eq!(nearest_condition_key("aws:SourceOrgId"), Some("aws:SourceOrgID"));
/// assert_eq!(nearest_condition_key("aws:PrincipleArn"), Some("aws:PrincipalArn"));
/// ```
#[must_use]
pub fn nearest_condition_key(name: &str) -> Option<&'static str> {
    let (prefix, _) = name.split_once(':')?;
    let of_service = service(prefix).map_or(&[][..], Service::condition_keys);
    let of_all = &Table::get().global_keys;
    accel_core::nearest(name, of_service.iter().chain(of_all).map(|key| key.name))
}

/// `short` in this service, if it is there as it is.
fn exactly(service: &'static Service, short: &str) -> Option<String> {
    let found = service.actions().iter().any(|action| wildcard::matches(short, action.name));
    match service.action(short) {
        Some(action) => Some(action.to_string()),
        None => found.then(|| format!("{}:{short}", service.prefix)),
    }
}

/// The nearest action of a service; of a pattern, the pattern whose beginning is the nearest.
fn in_service(service: &'static Service, short: &str) -> Option<String> {
    let begin = short.split(['*', '?']).next().unwrap_or_default();
    if begin.len() == short.len() {
        let name = accel_core::nearest(short, service.actions().iter().map(|action| action.name))?;
        return Some(format!("{}:{name}", service.prefix));
    }
    let begins = service.actions().iter().filter_map(|action| action.name.get(..begin.len()));
    let begin = accel_core::nearest(begin, begins.filter(|begin| !begin.is_empty()))?;
    Some(format!("{}:{begin}*", service.prefix))
}

/// The same name in another service; of several, in the one whose prefix is the nearest.
fn elsewhere(prefix: &str, short: &str) -> Option<String> {
    if wildcard::is_pattern(short) {
        return None;
    }
    let having: Vec<&str> = services()
        .iter()
        .filter(|service| {
            ignoring_case(service.prefix, prefix).is_ne() && service.action(short).is_some()
        })
        .map(|service| service.prefix)
        .collect();
    let service = match having[..] {
        [] => return None,
        [one] => one,
        _ => accel_core::nearest(prefix, having.iter().copied())?,
    };
    action(&format!("{service}:{short}")).map(Action::to_string)
}

fn starts_with(text: &str, begin: &str) -> bool {
    text.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
}

/// Operations that are allowed by an action of another name, and are written into policies by mistake.
///
/// Sources: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>,
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html>
const OPERATIONS: &[(&str, &str)] = &[
    ("lambda:Invoke", "lambda:InvokeFunction"),
    ("s3:CompleteMultipartUpload", "s3:PutObject"),
    ("s3:CopyObject", "s3:PutObject"),
    ("s3:CreateMultipartUpload", "s3:PutObject"),
    ("s3:DeleteBucketEncryption", "s3:PutEncryptionConfiguration"),
    ("s3:DeleteBucketLifecycle", "s3:PutLifecycleConfiguration"),
    ("s3:DeleteObjects", "s3:DeleteObject"),
    ("s3:DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("s3:GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    ("s3:GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
    ("s3:GetBucketNotificationConfiguration", "s3:GetBucketNotification"),
    ("s3:GetBucketReplication", "s3:GetReplicationConfiguration"),
    ("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    ("s3:HeadBucket", "s3:ListBucket"),
    ("s3:HeadObject", "s3:GetObject"),
    ("s3:ListBuckets", "s3:ListAllMyBuckets"),
    ("s3:ListMultipartUploads", "s3:ListBucketMultipartUploads"),
    ("s3:ListObjectVersions", "s3:ListBucketVersions"),
    ("s3:ListObjects", "s3:ListBucket"),
    ("s3:ListObjectsV2", "s3:ListBucket"),
    ("s3:ListParts", "s3:ListMultipartUploadParts"),
    ("s3:PutBucketEncryption", "s3:PutEncryptionConfiguration"),
    ("s3:PutBucketLifecycleConfiguration", "s3:PutLifecycleConfiguration"),
    ("s3:PutBucketNotificationConfiguration", "s3:PutBucketNotification"),
    ("s3:PutBucketReplication", "s3:PutReplicationConfiguration"),
    ("s3:PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("s3:UploadPart", "s3:PutObject"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_the_actions_they_are_like() {
        let names =
            |pattern: &str| -> Vec<String> { expand(pattern).map(Action::to_string).collect() };
        assert_eq!(names("sqs:Send*"), ["sqs:SendMessage"]);
        assert_eq!(names("SQS:sendmessage"), ["sqs:SendMessage"]);
        assert_eq!(names("sqs:SendNothing"), [""; 0]);
        assert_eq!(names("SendMessage"), [""; 0]);
        assert!(names("*").len() > 20_000);
        assert_eq!(names("*:*").len(), names("*").len());
    }

    #[test]
    fn what_operations_are_called_is_no_action_and_what_they_need_is_one() {
        for (operation, needed) in OPERATIONS {
            assert!(action(operation).is_none(), "{operation} is an action now");
            assert!(action(needed).is_some(), "{needed} is no action");
        }
        assert!(OPERATIONS.is_sorted());
    }

    #[test]
    fn a_name_that_is_none_has_a_nearest() {
        for (given, meant) in [
            ("s3:GetObjct", "s3:GetObject"),
            ("S3:getobjct", "s3:GetObject"),
            ("s3:Gett*", "s3:GetA*"),
            ("ec2:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetGroups"),
            ("secretmanager:GetSecretValue", "secretsmanager:GetSecretValue"),
            ("macie:UpdateMacieSession", "macie2:UpdateMacieSession"),
            ("inspector:BatchGetAccountStatus", "inspector2:BatchGetAccountStatus"),
        ] {
            assert_eq!(nearest(given).as_deref(), Some(meant), "{given}");
        }
        assert_eq!(nearest("GetObject"), None);
    }
}
