//! What the blueprints can find wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] = &[&ACCELERATOR_STAGES];

/// See [`Code::explanation`].
pub static ACCELERATOR_STAGES: Code = Code::new(
    "accelerator-stages",
    "A service is built once, tried in development, released to staging and then to production. The \
     blueprint takes the first tenant's first stage, the last but one and the last for these, so there \
     have to be three.",
);
