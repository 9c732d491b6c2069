//! A simulated AWS for `--simulate` and for tests: organization, stacks and stack sets.
