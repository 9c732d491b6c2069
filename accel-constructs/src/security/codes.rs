//! What the constructs of the security pillar can find wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] = &[
    &TWO_ADMINISTRATORS,
    &SECURITY_REGIONS,
    &MEMBER_WITHOUT_EMAIL,
    &AUDIT_MANAGER_CLOSED,
    &GUARDRAIL_TARGETS,
    &GUARDRAIL_TOO_LARGE,
    &GUARDRAILS_OVER_LIMIT,
    &GUARDRAIL_ID,
    &GUARDRAIL_EXEMPTION,
    &GUARDRAIL_STATEMENT,
    &GUARDRAIL_CONFLICT,
    &GUARDRAIL_SETTING,
    &FINDINGS_WITHOUT_RECEIVER,
    &FINDINGS_ENDPOINT,
];

macro_rules! codes {
    ($($name:ident = $code:literal: $explanation:literal;)+) => {$(
        /// See [`Code::explanation`].
        pub static $name: Code = Code::new($code, $explanation);
    )+};
}

codes! {
    TWO_ADMINISTRATORS = "two-administrators":
        "A service has one delegated administrator in the whole organization: AWS refuses a second one, \
         in another region too. Give every construct of the service the same account, or leave one of \
         them out.";
    SECURITY_REGIONS = "security-regions":
        "A service that watches the organization is switched on region by region, so there must be at \
         least one, and all must be in the partition of the organization: an organization of `aws` has \
         no account in `aws-cn` or `aws-us-gov`.";
    MEMBER_WITHOUT_EMAIL = "member-without-email":
        "Amazon Macie takes an account of the organization as a member by its id and its address, and the \
         program does not say the address of this one.";
    AUDIT_MANAGER_CLOSED = "audit-manager-closed":
        "AWS Audit Manager takes no new customers since 2026-04-30: in an organization that did not use it \
         before, the step that registers the account fails. The evidence that synthesis itself collects \
         needs no service: add a `ComplianceReport`.";
    GUARDRAIL_TARGETS = "guardrail-targets":
        "Guardrails hold below what they are attached to: the root, units or accounts. These are attached \
         to nothing.";
    GUARDRAIL_TOO_LARGE = "guardrail-too-large":
        "The statements of one guardrail stand in one policy, for which AWS takes 5,120 characters without \
         white space, or 10,240 by the raised profile. Smaller guardrails are packed together, a larger one \
         is not cut in two.";
    GUARDRAILS_OVER_LIMIT = "guardrails-over-limit":
        "A target takes five policies of a type, of which AWS's own is one, or ten by the raised profile. The \
         guardrails are packed into those that are left, statements that can be one as one, and some found no \
         room. The sizes are those of each guardrail alone: in a policy together they can be smaller.";
    GUARDRAIL_ID = "guardrail-id":
        "A guardrail is found by its id, in the program and in the policy, where the `Sid` is made of it. \
         So it has letters, digits, `.` and `-` alone, and stands once among the guardrails of a target.";
    GUARDRAIL_EXEMPTION = "guardrail-exemption":
        "An exemption is a pattern of ARNs of roles or users. One that is like every role exempts \
         everybody, one that is like none does nothing, and some guardrails know no exemption because \
         nobody has a reason for one.";
    GUARDRAIL_STATEMENT = "guardrail-statement":
        "Resource control policies can only deny, and only actions of services that they name: no `Allow`, \
         no `NotAction` and no action `*`. In every guardrail, a list that is empty, such as an allow list \
         of no regions, would deny everything or nothing, and so would a statement without a resource.";
    GUARDRAIL_CONFLICT = "guardrail-conflict":
        "Guardrails of one type, other than those of statements, stand in one policy per target, and each \
         setting is in it once. Two of these say different things of one setting: leave one of them out, \
         or attach it to other units, where it can say something else than the policy above.";
    GUARDRAIL_SETTING = "guardrail-setting":
        "A policy of settings has the members that its type knows, each below an operator of inheritance \
         (`@@assign`), and takes the values of AWS's page. AWS refuses anything else when the policy is made.";
    FINDINGS_WITHOUT_RECEIVER = "findings-without-receiver":
        "Findings of this severity go to a topic that nobody is subscribed to by this program. Subscribe \
         the incident backend or an address, or leave the severity out.";
    FINDINGS_ENDPOINT = "findings-endpoint":
        "Findings are sent to a URL that begins with `https://`: whoever reads along learns what is open.";
}
