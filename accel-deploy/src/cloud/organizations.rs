//! The operations of Organizations that the engine sends of its own; all others are steps. Shapes of the
//! [API reference](https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html).
#![expect(missing_docs, reason = "members mean what the API reference says of them")]

use std::borrow::Cow;

use super::{Protocol, operations, shapes};

const JSON: Protocol = Protocol::Json { target: Cow::Borrowed("AWSOrganizationsV20161128") };

operations! { "organizations", JSON;
    DescribeOrganization {} -> DescribedOrganization;
    ListRoots { next_token: Option<String> } -> Roots;
    ListAccounts { next_token: Option<String> } -> Accounts;
    ListAccountsForParent { parent_id: String, next_token: Option<String> } -> Accounts;
    ListOrganizationalUnitsForParent { parent_id: String, next_token: Option<String> } -> OrganizationalUnits;
    DescribeCreateAccountStatus { create_account_request_id: String } -> CreatedAccount;
    ListCreateAccountStatus { states: Option<Vec<String>>, next_token: Option<String> } -> CreatedAccounts;
}

shapes! {
    DescribedOrganization { organization: Organization }
    Organization { id: String, arn: String }
    Roots { roots: Vec<Root>, next_token: Option<String> }
    Root { id: String, arn: String, name: String, policy_types: Vec<PolicyType> }
    PolicyType { r#type: String, status: String }
    Accounts { accounts: Vec<Account>, next_token: Option<String> }
    /// `Status` is the older name of `State`.
    Account {
        id: String, arn: String, name: String, email: String, state: Option<String>,
        status: Option<String>,
    }
    OrganizationalUnits { organizational_units: Vec<OrganizationalUnit>, next_token: Option<String> }
    OrganizationalUnit { id: String, arn: String, name: String }
    CreatedAccount { create_account_status: CreateAccountStatus }
    CreatedAccounts { create_account_statuses: Vec<CreateAccountStatus>, next_token: Option<String> }
    CreateAccountStatus {
        id: String, account_name: Option<String>, state: String, account_id: Option<String>,
        failure_reason: Option<String>,
    }
}
