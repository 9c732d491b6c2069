//! What building a tree can find wrong.

use crate::Code;

/// All codes of this crate.
pub const ALL: &[&Code] =
    &[&DUPLICATE_ID, &INVALID_ID, &INVALID_INPUT, &FOREIGN_HANDLE, &INVALID_MOVE];

/// See [`Code::explanation`].
pub static DUPLICATE_ID: Code = Code::new(
    "duplicate-id",
    "Two constructs have the same id in the same scope. The path of a construct names it to AWS and \
     to people, so it is unique. Accounts share one scope, whatever their unit is: two accounts, or an \
     account and something else that is opened in the app, cannot have one name. Give one of the two \
     another id.",
);

/// See [`Code::explanation`].
pub static INVALID_ID: Code = Code::new(
    "invalid-id",
    "An id is one segment of a path: 1 to 128 ASCII letters, digits, `-`, `_` and `.`, the first a \
     letter or a digit. Ids end up in the names of files and resources, which is why nothing else is \
     allowed. For a deeper path, nest scopes.",
);

/// See [`Code::explanation`].
pub static INVALID_INPUT: Code = Code::new(
    "invalid-input",
    "A text is not the account id, region, CIDR block, e-mail address, ARN, role name or action that it \
     was read as. A text that stands in the program is better written with the macro of its type \
     (`cidr!(\"10.0.0.0/16\")`), which makes the mistake a compile error.",
);

/// See [`Code::explanation`].
pub static FOREIGN_HANDLE: Code = Code::new(
    "foreign-handle",
    "A handle, an account or a scope was used with an app that did not make it. Each app has a tree of \
     its own, and what `add` and `open` give back names a place in that tree only. Build both parts in \
     one app, or pass the value on as a literal: `Value::imported(\"...\")`.",
);

/// See [`Code::explanation`].
pub static INVALID_MOVE: Code = Code::new(
    "invalid-move",
    "`moved(old, new)` says that a construct was renamed. Both are paths as diagnostics show them, they \
     differ, `new` exists in the tree and `old` does not, and both are in the same stack or stack set: \
     what moves to another stack is another resource.",
);
