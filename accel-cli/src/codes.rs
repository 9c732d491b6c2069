//! What the commands can find wrong.

use accel_core::Code;

/// All codes of this crate.
pub const ALL: &[&Code] = &[&INVALID_LOCK, &FOREIGN_FILE, &CANNOT_WRITE];

/// See [`Code::explanation`].
pub static INVALID_LOCK: Code = Code::new(
    "invalid-lock",
    "The lock file cannot be read, or does not hold what a deployment writes: a version, the ids of \
     accounts by name, and values by the stack or step that made them known. Take the committed one \
     back, or deploy to write it anew. Without `--lock` a missing `accel.lock` counts as an empty one; \
     a file that was named must exist.",
);

/// See [`Code::explanation`].
pub static FOREIGN_FILE: Code = Code::new(
    "foreign-file",
    "A file stands where generated ones are written, and is not one of them: `synth` writes only to a \
     directory that is empty or holds an assembly, and `write` only over files whose first line says \
     that this app generated them. Nothing was changed. Name another directory, or move the file away.",
);

/// See [`Code::explanation`].
pub static CANNOT_WRITE: Code = Code::new(
    "cannot-write",
    "The operating system did not let a file or directory be read or written; the message says which, \
     and why. An assembly's manifest is written last, so one that was interrupted is noticed.",
);
