/// What a caller of CloudFormation acknowledges before a template may do it.
/// See <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Capability {
    /// `CAPABILITY_IAM`: the template makes identities or permissions.
    Iam,
    /// `CAPABILITY_NAMED_IAM`: it gives some of them names of its own. Includes [`Capability::Iam`].
    NamedIam,
    /// `CAPABILITY_AUTO_EXPAND`: it has macros or nested stacks that may have.
    AutoExpand,
}

impl Capability {
    /// As the API writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Iam => "CAPABILITY_IAM",
            Self::NamedIam => "CAPABILITY_NAMED_IAM",
            Self::AutoExpand => "CAPABILITY_AUTO_EXPAND",
        }
    }
}

/// The types that can have a name of their own, with the property that gives it.
const NAMED: [(&str, &str); 5] = [
    ("AWS::IAM::Group", "GroupName"),
    ("AWS::IAM::InstanceProfile", "InstanceProfileName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::User", "UserName"),
];

/// The capability that a resource of this type needs; `has` says whether it sets a property.
///
/// ```
/// use accel_synth::schema::{Capability, capability};
///
/// let named = |property: &str| property == "RoleName";
/// assert_eq!(capability("AWS::IAM::Role", named), Some(Capability::NamedIam));
/// assert_eq!(capability("AWS::IAM::Role", |_| false), Some(Capability::Iam));
/// assert_eq!(capability("AWS::S3::Bucket", |_| true), None);
/// ```
pub fn capability(type_name: &str, has: impl Fn(&str) -> bool) -> Option<Capability> {
    if type_name == "AWS::CloudFormation::Stack" {
        return Some(Capability::AutoExpand);
    }
    // All of the namespace: what does not need it is not harmed, and types are added to it.
    if !type_name.starts_with("AWS::IAM::") {
        return None;
    }
    let named = NAMED.iter().any(|(known, name)| *known == type_name && has(name));
    Some(if named { Capability::NamedIam } else { Capability::Iam })
}
