//! What does not compile, and what is said about it.

#[test]
fn mistakes_are_explained_in_our_words() {
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}
