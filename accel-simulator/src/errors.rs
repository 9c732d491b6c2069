//! Which errors each operation answers with. The check compares them with the models of the services.

/// All codes that the simulation answers to an operation with, but for those of [`COMMON_ERRORS`].
pub const ERRORS: &[(&str, &[&str])] = &[
    ("organizations:CreateOrganization", &["AlreadyInOrganizationException"]),
    ("organizations:EnableAllFeatures", &["HandshakeConstraintViolationException"]),
    (
        "organizations:EnablePolicyType",
        &["RootNotFoundException", "PolicyTypeAlreadyEnabledException"],
    ),
    (
        "organizations:CreateOrganizationalUnit",
        &["ParentNotFoundException", "DuplicateOrganizationalUnitException"],
    ),
    ("organizations:ListOrganizationalUnitsForParent", &["ParentNotFoundException"]),
    ("organizations:ListParents", &["ChildNotFoundException"]),
    ("organizations:InviteAccountToOrganization", &["HandshakeConstraintViolationException"]),
    ("organizations:DescribeAccount", &["AccountNotFoundException"]),
    ("organizations:DescribeCreateAccountStatus", &["CreateAccountStatusNotFoundException"]),
    ("organizations:ListAccountsForParent", &["ParentNotFoundException"]),
    (
        "organizations:MoveAccount",
        &[
            "AccountNotFoundException",
            "SourceParentNotFoundException",
            "DestinationParentNotFoundException",
            "DuplicateAccountException",
        ],
    ),
    (
        "organizations:RegisterDelegatedAdministrator",
        &["AccountNotFoundException", "AccountAlreadyRegisteredException"],
    ),
    (
        "organizations:CreatePolicy",
        &["MalformedPolicyDocumentException", "DuplicatePolicyException"],
    ),
    ("organizations:DescribePolicy", &["PolicyNotFoundException"]),
    (
        "organizations:AttachPolicy",
        &[
            "TargetNotFoundException",
            "PolicyNotFoundException",
            "PolicyTypeNotEnabledException",
            "DuplicatePolicyAttachmentException",
        ],
    ),
    (
        "cloudformation:CreateChangeSet",
        &["AlreadyExistsException", "InsufficientCapabilitiesException", "LimitExceededException"],
    ),
    ("cloudformation:DescribeChangeSet", &["ChangeSetNotFound"]),
    ("cloudformation:ExecuteChangeSet", &["ChangeSetNotFound", "InvalidChangeSetStatus"]),
    (
        "cloudformation:CreateStackSet",
        &[
            "NameAlreadyExistsException",
            "LimitExceededException",
            "InsufficientCapabilitiesException",
        ],
    ),
    ("cloudformation:UpdateStackSet", STARTING),
    ("cloudformation:UpdateStackSet", &["InsufficientCapabilitiesException"]),
    ("cloudformation:CreateStackInstances", STARTING),
    ("cloudformation:CreateStackInstances", &["LimitExceededException"]),
    ("cloudformation:UpdateStackInstances", STARTING),
    ("cloudformation:DeleteStackInstances", STARTING),
    (
        "cloudformation:DeleteStackSet",
        &["StackSetNotEmptyException", "OperationInProgressException"],
    ),
    (
        "cloudformation:StopStackSetOperation",
        &["StackSetNotFoundException", "OperationNotFoundException", "InvalidOperationException"],
    ),
    ("cloudformation:DescribeStackSet", &["StackSetNotFoundException"]),
    (
        "cloudformation:DescribeStackSetOperation",
        &["StackSetNotFoundException", "OperationNotFoundException"],
    ),
    ("cloudformation:ListStackSetOperations", &["StackSetNotFoundException"]),
    (
        "cloudformation:ListStackSetOperationResults",
        &["StackSetNotFoundException", "OperationNotFoundException"],
    ),
    ("cloudformation:ListStackInstances", &["StackSetNotFoundException"]),
    (
        "cloudformation:DescribeStackInstance",
        &["StackSetNotFoundException", "StackInstanceNotFoundException"],
    ),
    (
        "cloudformation:DetectStackSetDrift",
        &["StackSetNotFoundException", "OperationInProgressException", "InvalidOperationException"],
    ),
    (
        "cloudcontrolapi:GetResource",
        &["ResourceNotFoundException", "TypeNotFoundException", "UnsupportedActionException"],
    ),
    (
        "cloudcontrolapi:DeleteResource",
        &[
            "ClientTokenConflictException",
            "ConcurrentOperationException",
            "TypeNotFoundException",
            "UnsupportedActionException",
        ],
    ),
    ("cloudcontrolapi:GetResourceRequestStatus", &["RequestTokenNotFoundException"]),
    ("ssm:PutParameter", &["ParameterAlreadyExists"]),
    ("ssm:DeleteParameter", &["ParameterNotFound"]),
    ("servicequotas:GetServiceQuota", &["NoSuchResourceException"]),
    ("s3:CreateBucket", &["BucketAlreadyExists", "BucketAlreadyOwnedByYou"]),
    ("s3:HeadBucket", &["NotFound"]),
    ("s3:HeadObject", &["NotFound"]),
    ("s3:GetBucketVersioning", &["NoSuchBucket"]),
    ("s3:PutBucketVersioning", &["NoSuchBucket"]),
    ("s3:GetBucketEncryption", &["NoSuchBucket", "ServerSideEncryptionConfigurationNotFoundError"]),
    ("s3:PutBucketEncryption", &["NoSuchBucket"]),
    ("s3:GetPublicAccessBlock", &["NoSuchBucket", "NoSuchPublicAccessBlockConfiguration"]),
    ("s3:PutPublicAccessBlock", &["NoSuchBucket"]),
    ("s3:GetBucketPolicy", &["NoSuchBucket", "NoSuchBucketPolicy"]),
    ("s3:PutBucketPolicy", &["NoSuchBucket"]),
    ("s3:GetObject", &["NoSuchBucket", "NoSuchKey"]),
    ("s3:PutObject", &["NoSuchBucket", "NoSuchKey", "PreconditionFailed"]),
    ("s3:DeleteObject", &["NoSuchBucket", "NoSuchKey", "PreconditionFailed"]),
];

/// Of what starts an operation of a stack set.
const STARTING: &[&str] = &[
    "StackSetNotFoundException",
    "OperationIdAlreadyExistsException",
    "OperationInProgressException",
    "StaleRequestException",
    "InvalidOperationException",
];

/// What all operations of a service answer with; models leave most of it out.
pub const COMMON_ERRORS: &[(&str, &[&str])] = &[
    ("organizations", &["AWSOrganizationsNotInUseException", "AccessDeniedException"]),
    ("cloudformation", &["ValidationError"]),
    ("*", &["AccessDenied", "UnknownOperationException", "ValidationException"]),
];

/// Whether an operation of a service that the simulation knows by itself may answer with this code. What others
/// answer with is in the rows of steps.
pub(crate) fn is_known(service: &str, action: &str, code: &str) -> bool {
    let of = |(name, codes): &(&str, &[&str])| {
        (*name == "*" || *name == service) && codes.contains(&code)
    };
    let own = |(name, codes): &(&str, &[&str])| {
        name.split_once(':') == Some((service, action)) && codes.contains(&code)
    };
    !["cloudcontrolapi", "organizations", "cloudformation", "s3", "servicequotas", "ssm", "sts"]
        .contains(&service)
        || COMMON_ERRORS.iter().any(of)
        || ERRORS.iter().any(own)
}
