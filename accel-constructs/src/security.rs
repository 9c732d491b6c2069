//! Security: roles and keys, and the services that watch the whole organization.

mod access_analyzer;
mod audit_manager;
mod compliance;
mod delegation;
mod findings;
mod guardduty;
mod guardrails;
mod inspector;
mod key;
mod macie;
mod role;
mod securityhub;

pub mod codes;

pub use access_analyzer::{AccessAnalyzer, AccessAnalyzerRef};
pub use audit_manager::{AuditAssessment, AuditManager, AuditManagerRef};
pub use compliance::{ComplianceReport, cis_aws_foundations_5};
pub use findings::{FindingSeverity, FindingsReceiver, FindingsRouting, FindingsRoutingRef};
pub use guardduty::{GuardDuty, GuardDutyFeature, GuardDutyRef, RegionalDetector};
pub use guardrails::{GuardrailCatalogue, Guardrails, GuardrailsRef, OrganizationGuardrail};
pub use inspector::{Inspector, InspectorRef, InspectorScan};
pub use key::{ExistingKey, KmsKey, KmsKeyRef};
pub use macie::{Macie, MacieRef, RegionalSession};
pub use role::{ExistingRole, IamRole, IamRoleRef, aws_managed_policy};
pub use securityhub::{SecurityHub, SecurityHubRef, SecurityStandard};
