//! What the constructs of this crate can find wrong while they are built. Each pillar's module lists
//! its own; this is all of them.

use accel_core::Code;

use crate::{blueprints, foundation, grants, platform, release, security, sre};

/// All codes of this crate, pillar by pillar.
pub const ALL: &[&[&Code]] = &[
    blueprints::codes::ALL,
    foundation::codes::ALL,
    grants::codes::ALL,
    platform::codes::ALL,
    release::codes::ALL,
    security::codes::ALL,
    sre::datadog::codes::ALL,
    sre::incident::codes::ALL,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;

    #[test]
    fn names_are_kebab_case_and_stand_for_one_thing() {
        let mut names = BTreeSet::new();
        let core = std::iter::once(accel_core::codes::ALL);
        for code in ALL.iter().copied().chain(core).flatten() {
            let is_kebab = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(code.name().chars().all(is_kebab), "{}", code.name());
            assert!(names.insert(code.name()), "{} twice", code.name());
        }
    }
}
