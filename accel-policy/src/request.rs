//! What is decided: who asks for which action of what, and under which circumstances.

use std::collections::{BTreeMap, BTreeSet};

/// A request to AWS, as policies see it.
///
/// ```
/// use accel_policy::{Principal, Request};
///
/// let role = Principal::role_session("arn:aws:iam::111111111111:role/app", "session");
/// let request = Request::new(role, "s3:GetObject", "arn:aws:s3:::orders/1")
///     .resource_account("111111111111")
///     .with("aws:RequestedRegion", ["eu-west-1"]);
/// assert_eq!(request.action(), "s3:GetObject");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    principal: Principal,
    action: String,
    resource: String,
    resource_account: Option<String>,
    context: Context,
}

impl Request {
    /// A request whose context is open: what nobody says of it is not known. `resource` is an ARN, or `*`
    /// for an action that has no resource.
    #[must_use]
    pub fn new(
        principal: Principal,
        action: impl Into<String>,
        resource: impl Into<String>,
    ) -> Self {
        let (action, resource) = (action.into(), resource.into());
        let named = arn_account(&resource).map(str::to_owned);
        let mut request = Self {
            context: Context::open(),
            resource_account: named.or_else(|| principal.account().map(str::to_owned)),
            principal,
            action,
            resource,
        };
        request.derive();
        request
    }

    /// The account that owns the resource, where its ARN does not say: that of a bucket. Without it, it is
    /// the principal's.
    #[must_use]
    pub fn resource_account(mut self, account: impl Into<String>) -> Self {
        self.resource_account = Some(account.into());
        self.derive();
        self
    }

    /// With a key of the context and its values.
    #[must_use]
    pub fn with<V: Into<String>>(mut self, key: &str, values: impl IntoIterator<Item = V>) -> Self {
        self.context.set(key, values);
        self
    }

    /// With a key that the request certainly has not.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.context.remove(key);
        self
    }

    /// The same request, of which all is said: a key that was not given is absent.
    #[must_use]
    pub fn complete(mut self) -> Self {
        self.context.complete = true;
        self
    }

    /// Who asks.
    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// For what: `s3:GetObject`.
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// Of which resource.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The circumstances.
    #[must_use]
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// The service's prefix: `s3`.
    #[must_use]
    pub fn service(&self) -> &str {
        self.action.split_once(':').map_or("", |(service, _)| service)
    }

    /// Whether principal and resource are in one account. What has no account, a service or nobody, is in
    /// none.
    #[must_use]
    pub fn is_same_account(&self) -> bool {
        match (self.principal.account(), &self.resource_account) {
            (Some(principal), Some(resource)) => principal == resource,
            _ => false,
        }
    }

    /// Keys that follow from the principal and the resource.
    ///
    /// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>.
    fn derive(&mut self) {
        let principal = &self.principal;
        let context = &mut self.context;
        let service = principal.service();
        context.set("aws:PrincipalIsAWSService", [service.is_some().to_string()]);
        match service {
            Some(service) => context.set("aws:PrincipalServiceName", [service]),
            None => context.remove("aws:PrincipalServiceName"),
        }
        match principal.account() {
            Some(account) => context.set("aws:PrincipalAccount", [account]),
            None => {
                for key in ["aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID"] {
                    context.remove(key);
                }
                context.remove("aws:PrincipalOrgPaths");
            }
        }
        if let Some(arn) = principal.iam_arn() {
            context.set("aws:PrincipalArn", [arn]);
        }
        if let Principal::User { arn, .. } = principal {
            context.set("aws:username", [arn.rsplit('/').next().unwrap_or(arn).to_owned()]);
        } else {
            context.remove("aws:username");
        }
        let kind = match principal {
            Principal::User { .. } => "User",
            Principal::Role { .. } => "AssumedRole",
            Principal::Root { .. } => "Account",
            Principal::Anonymous => "Anonymous",
            Principal::Service(_) | Principal::Federated(_) => "",
        };
        if !kind.is_empty() {
            context.set("aws:PrincipalType", [kind]);
        }
        if let Some(account) = &self.resource_account {
            context.set("aws:ResourceAccount", [account.clone()]);
        }
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// A user of IAM.
    User {
        /// `arn:aws:iam::111111111111:user/name`.
        arn: String,
    },
    /// A session of a role.
    Role {
        /// `arn:aws:iam::111111111111:role/path/name`.
        arn: String,
        /// `arn:aws:sts::111111111111:assumed-role/name/session`.
        session: String,
    },
    /// The root user of an account.
    Root {
        /// Twelve digits.
        account: String,
    },
    /// A service for itself: `cloudtrail.amazonaws.com`.
    Service(String),
    /// Whom an identity provider vouches for, before a role is assumed: the ARN of the provider, or the
    /// domain of a public one.
    Federated(String),
    /// Nobody that AWS knows.
    Anonymous,
}

impl Principal {
    /// A user by its ARN.
    #[must_use]
    pub fn user(arn: impl Into<String>) -> Self {
        Self::User { arn: arn.into() }
    }

    /// A session of the role with this ARN.
    #[must_use]
    pub fn role_session(arn: impl Into<String>, session: &str) -> Self {
        let arn = arn.into();
        let name = arn.rsplit('/').next().unwrap_or(&arn);
        let account = arn_account(&arn).unwrap_or_default();
        let partition = arn.split(':').nth(1).unwrap_or("aws");
        let session = format!("arn:{partition}:sts::{account}:assumed-role/{name}/{session}");
        Self::Role { arn, session }
    }

    /// The root user of an account.
    #[must_use]
    pub fn root(account: impl Into<String>) -> Self {
        Self::Root { account: account.into() }
    }

    /// Who a text means: the ARN of a user, a role, a session or an account's `root`, or the name of a
    /// service; none if it is none of them.
    ///
    /// ```
    /// use accel_policy::Principal;
    ///
    /// let role = Principal::parse("arn:aws:iam::111111111111:role/app");
    /// assert_eq!(role.as_ref().and_then(Principal::account), Some("111111111111"));
    /// assert_eq!(Principal::parse("app"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.ends_with(".amazonaws.com") && !text.contains(':') {
            return Some(Self::Service(text.to_owned()));
        }
        let account = arn_account(text)?;
        let partition = text.split(':').nth(1)?;
        let (kind, name) = match text.splitn(6, ':').nth(5)? {
            "root" => return Some(Self::root(account)),
            named => named.split_once('/')?,
        };
        match (kind, name.split_once('/')) {
            ("user", _) => Some(Self::user(text)),
            ("role", _) => Some(Self::role_session(text, "session")),
            ("assumed-role", Some((role, session))) => Some(Self::role_session(
                format!("arn:{partition}:iam::{account}:role/{role}"),
                session,
            )),
            _ => None,
        }
    }

    /// The account it belongs to.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::User { arn } | Self::Role { arn, .. } => arn_account(arn),
            Self::Root { account } => Some(account),
            Self::Service(_) | Self::Federated(_) | Self::Anonymous => None,
        }
    }

    /// Whether it is a role that belongs to a service and that no policy of an organization limits.
    ///
    /// See <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>.
    #[must_use]
    pub fn is_service_linked(&self) -> bool {
        matches!(self, Self::Role { arn, .. } if arn.contains(":role/aws-service-role/"))
    }

    pub(crate) fn service(&self) -> Option<&str> {
        match self {
            Self::Service(service) => Some(service),
            _ => None,
        }
    }

    /// What `aws:PrincipalArn` holds: the role's ARN for its sessions.
    fn iam_arn(&self) -> Option<String> {
        match self {
            Self::User { arn } | Self::Role { arn, .. } => Some(arn.clone()),
            Self::Root { account } => Some(format!("arn:aws:iam::{account}:root")),
            Self::Service(_) | Self::Federated(_) | Self::Anonymous => None,
        }
    }
}

/// The account in an ARN, if it has one.
fn arn_account(arn: &str) -> Option<&str> {
    let account = arn.strip_prefix("arn:")?.split(':').nth(3)?;
    (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())).then_some(account)
}

/// The circumstances of a request: keys, case counts for nothing, and their values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    values: BTreeMap<String, Vec<String>>,
    absent: BTreeSet<String>,
    complete: bool,
}

/// What is known of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<'a> {
    /// The request has it, with these values; of a list there may be none.
    Values(&'a [String]),
    /// The request has it not.
    Absent,
    /// Nobody said.
    Unknown,
}

impl Context {
    /// A context of which nothing is said yet.
    #[must_use]
    pub fn open() -> Self {
        Self::default()
    }

    /// A context of which all is said: it has no keys.
    #[must_use]
    pub fn complete() -> Self {
        Self { complete: true, ..Self::default() }
    }

    /// Gives a key its values.
    pub fn set<V: Into<String>>(&mut self, key: &str, values: impl IntoIterator<Item = V>) {
        let key = key.to_ascii_lowercase();
        self.absent.remove(&key);
        self.values.insert(key, values.into_iter().map(Into::into).collect());
    }

    /// Says that a key is absent.
    pub fn remove(&mut self, key: &str) {
        let key = key.to_ascii_lowercase();
        self.values.remove(&key);
        self.absent.insert(key);
    }

    /// What is known of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Known<'_> {
        let lower = key.to_ascii_lowercase();
        match self.values.get(&lower) {
            Some(values) => Known::Values(values),
            None if self.complete || self.absent.contains(&lower) => Known::Absent,
            None => Known::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_said_is_not_absent() {
        let request = Request::new(Principal::root("111111111111"), "s3:ListBucket", "*");
        assert_eq!(request.context().get("aws:SourceIp"), Known::Unknown);
        assert_eq!(
            request.clone().without("AWS:sourceip").context().get("aws:SourceIp"),
            Known::Absent
        );
        assert_eq!(request.complete().context().get("aws:SourceIp"), Known::Absent);
    }

    #[test]
    fn who_a_text_means() {
        let session = "arn:aws:sts::111111111111:assumed-role/app/s";
        let app = Principal::role_session("arn:aws:iam::111111111111:role/app", "s");
        assert_eq!(Principal::parse(session), Some(app));
        let root = Principal::parse("arn:aws:iam::111111111111:root");
        assert_eq!(root, Some(Principal::root("111111111111")));
        let service = Principal::parse("ec2.amazonaws.com");
        assert_eq!(service, Some(Principal::Service("ec2.amazonaws.com".to_owned())));
        for none in ["", "app", "arn:aws:s3:::shop", "arn:aws:iam::111111111111:group/a"] {
            assert_eq!(Principal::parse(none), None, "{none}");
        }
    }

    #[test]
    fn keys_of_the_principal_follow_from_it() {
        let role = Principal::role_session("arn:aws:iam::111111111111:role/team/app", "s");
        let request = Request::new(role, "s3:GetObject", "arn:aws:s3:::b/k");
        let arn = ["arn:aws:iam::111111111111:role/team/app".to_owned()];
        assert_eq!(request.context().get("aws:principalarn"), Known::Values(&arn));
        assert!(request.is_same_account());
        assert!(!request.resource_account("222222222222").is_same_account());
    }
}
