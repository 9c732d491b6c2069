use std::collections::BTreeMap;

use super::canonical;
use crate::{AccountId, IntoValue, Prop, Text};

/// Who a statement is about: the `Principal` element. See
/// [principals](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
#[derive(Clone, Debug, PartialEq)]
pub struct Principal {
    kind: &'static str,
    value: Prop,
}

impl Principal {
    /// Everybody, also who has not signed in. Narrow it down with
    /// [`when`](super::Statement::when).
    #[must_use]
    pub fn any() -> Self {
        Self { kind: AWS, value: Prop::String(Text::Static("*")) }
    }

    /// An account: whoever its own policies allow. It is written as the id, which means the same as
    /// the ARN of the account's root and holds in every partition.
    pub fn account(id: impl IntoValue<AccountId>) -> Self {
        Self { kind: AWS, value: id.into_value().into_prop() }
    }

    /// A role, a user or a session, by its ARN.
    pub fn aws(arn: impl IntoValue<String>) -> Self {
        Self { kind: AWS, value: arn.into_value().into_prop() }
    }

    /// A service of AWS, by its domain.
    pub fn service(domain: impl IntoValue<String>) -> Self {
        Self { kind: "Service", value: domain.into_value().into_prop() }
    }

    /// An identity provider: the ARN of an OpenID Connect or SAML provider, or the domain of a
    /// public one.
    pub fn federated(provider: impl IntoValue<String>) -> Self {
        Self { kind: "Federated", value: provider.into_value().into_prop() }
    }

    /// An account by its canonical user id, or an origin access identity.
    pub fn canonical_user(id: impl IntoValue<String>) -> Self {
        Self { kind: "CanonicalUser", value: id.into_value().into_prop() }
    }
}

const AWS: &str = "AWS";

/// The `Principal` element: by kind, and everybody alone as `*`, which every service takes.
pub(super) fn element(principals: &[Principal]) -> Prop {
    let everybody = Principal::any();
    if principals.iter().all(|principal| *principal == everybody) {
        return everybody.value;
    }
    let mut kinds = BTreeMap::<&'static str, Vec<Prop>>::new();
    for Principal { kind, value } in principals {
        kinds.entry(kind).or_default().push(value.clone());
    }
    Prop::object(
        kinds.into_iter().map(|(kind, values)| (Text::Static(kind), canonical(values.into_iter()))),
    )
}
