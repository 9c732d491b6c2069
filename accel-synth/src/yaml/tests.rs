use accel_core::{Document, DocumentEntry, DocumentNode, Format, Prop};
use proptest::prelude::*;
use yaml_rust2::{Yaml, YamlLoader};

use super::print;

fn printed(root: impl Into<DocumentNode>) -> String {
    print(&Document::new("file.yml", Format::Yaml, root))
}

#[test]
fn texts_that_a_reader_would_take_for_something_else_are_quoted() {
    let traps = [
        "",
        "~",
        "null",
        "Null",
        "true",
        "no",
        "Yes",
        "on",
        "OFF",
        "y",
        "N",
        ".inf",
        "-.INF",
        ".nan",
        "1",
        "010",
        "0o17",
        "0x1F",
        "1_000",
        "1e3",
        "1.10",
        ".5",
        "+1",
        "12:30",
        "2024-01-01",
        "2001-12-14 21:59:43.10 -5",
        "- x",
        "-x",
        "?",
        ":",
        "!x",
        "&x",
        "*",
        "@x",
        "%x",
        "|",
        ">",
        "{}",
        "[a]",
        "\"x\"",
        "'x'",
        "#x",
        "`x`",
        ",",
        "=",
        "<<",
        "...",
        "a: b",
        "a #b",
        "a:",
        " a",
        "a ",
    ];
    let printed = printed(DocumentNode::list(traps));
    for line in printed.lines() {
        assert!(line.starts_with("- '") && line.ends_with('\''), "{line} is not quoted");
    }
}

#[test]
fn texts_that_every_reader_takes_for_themselves_stay_plain() {
    let plain =
        ["main", "v1.2.3", "a#b", "a:b", "it's", "${{ github.ref }}", "yes please", "1st", "a, b"];
    let printed = printed(DocumentNode::list(plain));
    for (line, text) in printed.lines().zip(plain) {
        assert_eq!(line, format!("- {text}"));
    }
}

#[test]
fn a_document_is_laid_out_as_people_would_write_it() {
    let step = |name: &str| DocumentEntry::new("name", name);
    let root = DocumentNode::Map(vec![
        DocumentEntry::new("on", DocumentNode::map([("push", DocumentNode::Null)])),
        DocumentEntry::new("yes", false).above("a key that YAML 1.1 reads as a truth value"),
        DocumentEntry::new("empty", DocumentNode::Map(Vec::new())).behind("nothing at all"),
        DocumentEntry::new("ratio", 1e21),
        DocumentEntry::new("list", Prop::list(["a", "b"])).behind("two items"),
        DocumentEntry::new(
            "steps",
            DocumentNode::List(vec![
                DocumentNode::Map(vec![
                    step("first").above("of several\n\nlines"),
                    DocumentEntry::new("uses", "example/action@0123").behind("v1.2.3"),
                    DocumentEntry::new("with", Prop::object([("depth", 0)])),
                ]),
                DocumentNode::Map(vec![
                    DocumentEntry::new("run", "set -e\n\n  make\n").behind("builds"),
                    step("second").above("a comment inside"),
                ]),
                DocumentNode::list([
                    DocumentNode::list(["nested"]),
                    DocumentNode::list::<Prop>([]),
                ]),
            ]),
        ),
    ]);
    let mut document = Document::new("file.yml", Format::Yaml, root);
    document.header = vec!["Made by a test.".to_owned(), String::new(), "Twice.".to_owned()];
    insta::assert_snapshot!(print(&document), @r"
    # Made by a test.
    #
    # Twice.

    on:
      push:
    # a key that YAML 1.1 reads as a truth value
    'yes': false
    empty: {} # nothing at all
    ratio: 1.0e+21
    list: # two items
      - a
      - b
    steps:
      # of several
      #
      # lines
      - name: first
        uses: example/action@0123 # v1.2.3
        with:
          depth: 0
      - run: | # builds
          set -e

            make
        # a comment inside
        name: second
      - - - nested
        - []
    ");
}

#[test]
fn texts_of_several_lines_are_blocks_that_keep_every_line_end() {
    let texts = [
        "a\nb\n",
        "a\nb",
        "a\n\n\n",
        "\n a\n",
        "  a\nb\n",
        "\ta\nb\n",
        "a \n\tb\n",
        "a\n   \nb\n",
        "# a\nb: c\n",
        "a\r\nb\n",
        "\n",
        " \n",
        "a\u{2028}b\nc",
    ];
    insta::assert_snapshot!(printed(DocumentNode::list(texts)), @r#"
    - |
      a
      b
    - |-
      a
      b
    - |+
      a


    - |2

       a
    - |2
        a
      b
    - |2
      	a
      b
    - |
      a 
      	b
    - |
      a
         
      b
    - |
      # a
      b: c
    - "a\r\nb\n"
    - "\n"
    - " \n"
    - "a\u2028b\nc"
    "#);
}

/// What a reader must give back.
fn expected(node: &DocumentNode) -> Yaml {
    match super::collection(node) {
        Some(super::Collection::List(items)) => Yaml::Array(items.iter().map(expected).collect()),
        Some(super::Collection::Map(entries)) => Yaml::Hash(
            entries
                .iter()
                .map(|entry| (Yaml::String(entry.key.to_string()), expected(&entry.value)))
                .collect(),
        ),
        None => match node {
            DocumentNode::Value(Prop::Bool(value)) => Yaml::Boolean(*value),
            DocumentNode::Value(Prop::Integer(value)) => Yaml::Integer(*value),
            DocumentNode::Value(Prop::Float(value)) => Yaml::Real(super::scalar::float(*value)),
            DocumentNode::Value(Prop::String(text)) => Yaml::String(text.to_string()),
            DocumentNode::List(_) => Yaml::Array(Vec::new()),
            DocumentNode::Map(_) => Yaml::Hash(Default::default()),
            _ => Yaml::Null,
        },
    }
}

/// The same for the other reader, whose numbers are numbers.
fn expected_by_libyaml(node: &DocumentNode) -> serde_norway::Value {
    use serde_norway::Value;
    match super::collection(node) {
        Some(super::Collection::List(items)) => items.iter().map(expected_by_libyaml).collect(),
        Some(super::Collection::Map(entries)) => Value::Mapping(
            entries
                .iter()
                .map(|entry| (Value::from(entry.key.as_str()), expected_by_libyaml(&entry.value)))
                .collect(),
        ),
        None => match node {
            DocumentNode::Value(Prop::Bool(value)) => (*value).into(),
            DocumentNode::Value(Prop::Integer(value)) => (*value).into(),
            DocumentNode::Value(Prop::Float(value)) => (*value).into(),
            DocumentNode::Value(Prop::String(text)) => text.as_str().into(),
            DocumentNode::List(_) => Value::Sequence(Vec::new()),
            DocumentNode::Map(_) => Value::Mapping(Default::default()),
            _ => Value::Null,
        },
    }
}

fn text() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        4 => "[ -~]{0,6}",
        2 => "[ \t\n#:'\"-]{1,3}",
        1 => "\\PC{0,4}",
        1 => any::<char>().prop_map(String::from),
        2 => prop::sample::select(vec![
            "true", "No", "~", "1e3", "0o7", "2024-01-01", "1:30", "---", "...", "${{ x }}", "\r\n",
            "\u{85}", "\u{2028}", "\u{feff}", "=", "<<", ".5", "0x",
        ]).prop_map(String::from),
    ];
    prop::collection::vec(parts, 0..4).prop_map(|parts| parts.concat())
}

fn comment() -> impl Strategy<Value = Option<String>> {
    prop_oneof![4 => Just(None), 1 => text().prop_map(Some)]
}

fn node() -> impl Strategy<Value = DocumentNode> {
    let leaf = prop_oneof![
        Just(DocumentNode::Null),
        any::<bool>().prop_map(DocumentNode::from),
        any::<i64>().prop_map(DocumentNode::from),
        any::<f64>()
            .prop_filter("JSON has no others", |value| value.is_finite())
            .prop_map(DocumentNode::from),
        text().prop_map(DocumentNode::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let entry = (text(), inner.clone(), comment(), comment()).prop_map(
            |(key, value, above, behind)| DocumentEntry {
                above: above.map(Into::into),
                behind: behind.map(Into::into),
                ..DocumentEntry::new(key, value)
            },
        );
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(DocumentNode::List),
            prop::collection::vec(entry, 0..5).prop_map(|mut entries| {
                entries.sort_by(|a, b| a.key.cmp(&b.key));
                entries.dedup_by(|a, b| a.key == b.key);
                DocumentNode::Map(entries)
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn two_independent_readers_give_the_same_data_back(root in node(), header in text()) {
        let mut document = Document::new("file.yml", Format::Yaml, root);
        document.header = vec![header];
        let text = print(&document);
        let read = YamlLoader::load_from_str(&text)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(read, vec![expected(&document.root)], "{}", text);
        let read: serde_norway::Value = serde_norway::from_str(&text)
            .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
        prop_assert_eq!(read, expected_by_libyaml(&document.root), "{}", text);
    }
}
