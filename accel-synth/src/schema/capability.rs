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

/// The types that need a capability, and the property that names such a resource, if one does.
const TYPES: [(&str, Option<&str>); 11] = [
    ("AWS::IAM::AccessKey", None),
    ("AWS::IAM::Group", Some("GroupName")),
    ("AWS::IAM::GroupPolicy", None),
    ("AWS::IAM::InstanceProfile", Some("InstanceProfileName")),
    ("AWS::IAM::ManagedPolicy", Some("ManagedPolicyName")),
    ("AWS::IAM::Policy", None),
    ("AWS::IAM::Role", Some("RoleName")),
    ("AWS::IAM::RolePolicy", None),
    ("AWS::IAM::User", Some("UserName")),
    ("AWS::IAM::UserPolicy", None),
    ("AWS::IAM::UserToGroupAddition", None),
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
    let (_, name) = TYPES.iter().find(|(known, _)| *known == type_name)?;
    Some(if name.is_some_and(has) { Capability::NamedIam } else { Capability::Iam })
}
