//! What grants can find wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] = &[&GRANT_INTO_STACK_SET, &GRANT_TO_UNNAMED_ROLE];

/// See [`Code::explanation`].
pub static GRANT_TO_UNNAMED_ROLE: Code = Code::new(
    "grant-to-unnamed-role",
    "A role gets a grant from a resource of another account. The policy of the resource has to say \
     which role that is, and the role's policy refers to the resource, so one of the two must be known \
     before the other exists: the role's ARN, by a name of its own. Give the role a name.",
);

/// See [`Code::explanation`].
pub static GRANT_INTO_STACK_SET: Code = Code::new(
    "grant-into-stack-set",
    "A grant between a resource and a role of which one is in a stack set and the other is not. What is \
     in a stack set is in many accounts, so there is neither one ARN nor one account to write into the \
     policies. Put both into the stack set, or write the two statements yourself.",
);
