//! What the small examples become, a snapshot a file.

use accel_testing::assert_blueprint;

macro_rules! examples {
    ($($module:ident = $path:literal;)+) => {$(
        #[allow(dead_code, reason = "the example's main is not called here")]
        #[path = $path]
        mod $module;

        #[test]
        fn $module() {
            assert_blueprint!($module::$module());
        }
    )+};
}

examples! {
    datadog_only = "../examples/datadog-only.rs";
    github_only = "../examples/github-only.rs";
    hello = "../examples/hello.rs";
    platform = "../examples/platform.rs";
    sharing = "../examples/sharing.rs";
    startup = "../examples/startup.rs";
    third_party = "../examples/third-party.rs";
}
