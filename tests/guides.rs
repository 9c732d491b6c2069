//! Tests of accel as a whole, each a program of its own beside this file. They are a package so that the examples are built
//! without what only tests need; this part of it has the programs of the guides.

/// The program in the guide to release engineering compiles.
#[cfg(doctest)]
#[doc = include_str!("../docs/release.md")]
struct ReleaseGuide;

/// The program in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// The program in the guide to the platform compiles.
#[cfg(doctest)]
#[doc = include_str!("../docs/platform.md")]
struct PlatformGuide;

/// The program of the foundation's page compiles.
#[cfg(doctest)]
#[doc = include_str!("../docs/foundation.md")]
struct FoundationGuide;

/// The program in the guide to policies compiles, and what it asserts holds.
#[cfg(doctest)]
#[doc = include_str!("../docs/policy.md")]
struct PolicyGuide;

/// The program in the guide to security compiles.
#[cfg(doctest)]
#[doc = include_str!("../docs/security.md")]
struct SecurityGuide;

/// The program of the guide to site reliability compiles.
#[cfg(doctest)]
#[doc = include_str!("../docs/sre.md")]
struct SreGuide;

/// The programs of the first steps compile.
#[cfg(doctest)]
#[doc = include_str!("../docs/getting-started.md")]
struct GettingStartedGuide;

/// The program of the blueprint's page compiles.
#[cfg(doctest)]
#[doc = include_str!("../docs/accelerator.md")]
struct AcceleratorGuide;
