use accel_cfn::kms::{self, KeyArn, KeyId};
use accel_core::{
    Attr, Construct, Level, PolicyDocument, Reference as _, Scope, Template, Text, Value, actions,
    policy::{Action, Principal, Statement},
    text,
};
use typed_builder::TypedBuilder;

use crate::{
    grants::{Grant, Grantee},
    retention::keep,
};

/// A KMS key whose account decides, through IAM policies, who may use it.
///
/// It is rotated every year, and stays when it leaves the template: what it encrypted cannot be read
/// without it.
///
/// Source: <https://docs.aws.amazon.com/kms/latest/developerguide/overview.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct KmsKey {
    /// A word on what it is for.
    #[builder(default, setter(into, strip_option))]
    description: Option<Text>,
    /// A name, without `alias/`: unique in its account and region.
    #[builder(default, setter(into, strip_option))]
    alias: Option<Text>,
    /// What others may do, services above all. That the account's own policies count is said already.
    #[builder(default, setter(transform = |statements: impl IntoIterator<Item = Statement>| {
        statements.into_iter().collect()
    }))]
    statements: Vec<Statement>,
    /// Whether AWS changes the key material every year; old material still decrypts.
    #[builder(default = true)]
    rotation: bool,
    /// How many days a deletion can be taken back: 7 to 30, by default the longest.
    #[builder(default = 30)]
    deletion_window_days: u8,
    /// Whether the key stays when it is taken out of the program.
    #[builder(default = true)]
    retain: bool,
}

/// What a [`KmsKey`] gives back.
#[derive(Clone, Copy, Debug)]
pub struct KmsKeyRef {
    /// The ARN.
    pub arn: Attr<KeyArn>,
    /// The id.
    pub id: Attr<KeyId>,
    /// The L1 resource.
    pub resource: kms::KeyRef,
}

/// A key that this program does not own.
#[derive(Clone, Debug)]
pub struct ExistingKey {
    /// The ARN.
    pub arn: Value<KeyArn>,
}

impl KmsKey {
    /// The key with that ARN, which exists already.
    pub fn existing(arn: impl Into<Text>) -> ExistingKey {
        ExistingKey { arn: Value::imported(arn) }
    }
}

impl Construct for KmsKey {
    type Level = Template;
    type Output = KmsKeyRef;
    fn build(self, template: &mut Scope<'_>) -> KmsKeyRef {
        let owner = Principal::account(Value::own_account());
        let administer = Statement::allow(actions!["kms:*"]).principal(owner).resource("*");
        let mut policy = PolicyDocument::from([administer.sid("AccountDecides")]);
        policy.extend(self.statements);
        let mut key = kms::Key::new()
            .key_policy(policy)
            .enable_key_rotation(self.rotation)
            .pending_window_in_days(self.deletion_window_days);
        if let Some(description) = self.description {
            key = key.description(description);
        }
        let key = template.add("key", key);
        if self.retain {
            keep(&mut template[key]);
        }
        if let Some(alias) = self.alias {
            template.add("alias", kms::Alias::new(text!["alias/", alias], key.id()));
        }
        KmsKeyRef { arn: key.arn(), id: key.id(), resource: key }
    }
}

impl KmsKeyRef {
    /// Lets `grantee` decrypt.
    #[track_caller]
    pub fn grant_decrypt<L: Level>(self, scope: &mut Scope<'_, L>, grantee: impl Into<Grantee>) {
        self.grant(scope, grantee.into(), actions!["kms:Decrypt"]);
    }

    /// Lets `grantee` encrypt, and decrypt.
    #[track_caller]
    pub fn grant_encrypt_decrypt<L: Level>(
        self,
        scope: &mut Scope<'_, L>,
        grantee: impl Into<Grantee>,
    ) {
        let actions = actions![
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey*",
            "kms:ReEncrypt*"
        ];
        self.grant(scope, grantee.into(), actions);
    }

    #[track_caller]
    fn grant<L: Level>(
        self,
        scope: &mut Scope<'_, L>,
        grantee: Grantee,
        actions: impl IntoIterator<Item = Action>,
    ) {
        let grant = Grant {
            policy: (self.resource.handle(), "KeyPolicy"),
            actions: actions.into_iter().collect(),
            on: vec![(self.arn.cast(), "")],
            itself_is_star: true,
        };
        grant.give(scope, grantee);
    }
}
