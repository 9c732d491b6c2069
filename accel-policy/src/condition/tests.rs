use super::*;

fn holds(operator: &str, wanted: &[&str], context: &Context) -> Truth {
    let operator = Operator::parse(operator).unwrap_or_else(|| panic!("{operator}"));
    let values = wanted.iter().map(|text| Pattern::new(text, true)).collect();
    Condition { operator, key: "k".to_owned(), values }.holds(context)
}

fn context(values: &[&str]) -> Context {
    let mut context = Context::complete();
    context.set("K", values.iter().copied());
    context
}

/// Operator, the policy's value, a value that satisfies it, and one that does not. Each pair tells the
/// operator from all that are near it: case, wildcards, equality at the border.
const TABLE: &[(&str, &str, &str, &str)] = &[
    ("StringEquals", "a*", "a*", "ab"),
    ("StringEquals", "a", "a", "A"),
    ("StringNotEquals", "a", "A", "a"),
    ("StringNotEquals", "a*", "ab", "a*"),
    ("StringEqualsIgnoreCase", "a", "A", "b"),
    ("StringEqualsIgnoreCase", "a*", "A*", "ab"),
    ("StringNotEqualsIgnoreCase", "a", "b", "A"),
    ("StringNotEqualsIgnoreCase", "a*", "ab", "A*"),
    ("StringLike", "a*", "ab", "Ab"),
    ("StringLike", "a?", "ab", "abc"),
    ("StringNotLike", "a*", "Ab", "ab"),
    ("NumericEquals", "5", "5.0", "6"),
    ("NumericNotEquals", "5", "6", "5.0"),
    ("NumericLessThan", "5", "4", "5"),
    ("NumericLessThanEquals", "5", "5", "6"),
    ("NumericGreaterThan", "5", "6", "5"),
    ("NumericGreaterThanEquals", "5", "5", "4"),
    ("NumericLessThan", "10", "9", "11"),
    ("NumericLessThanEquals", "5", "4", "6"),
    ("NumericGreaterThanEquals", "5", "6", "4"),
    ("DateLessThanEquals", "2024-01-02", "2024-01-01", "2024-01-03"),
    ("DateGreaterThanEquals", "2024-01-02", "2024-01-03", "2024-01-01"),
    ("NumericEquals", "5", "5", "4"),
    ("NumericNotEquals", "5", "4", "5"),
    ("DateEquals", "2024-01-02", "2024-01-02", "2024-01-01"),
    ("DateNotEquals", "2024-01-02", "2024-01-01", "2024-01-02"),
    ("NumericGreaterThan", "5", "6", "4"),
    ("DateLessThan", "2024-01-02", "2024-01-01", "2024-01-03"),
    ("DateGreaterThan", "2024-01-02", "2024-01-03", "2024-01-01"),
    // As a date, four digits are a year.
    ("NumericEquals", "2024", "2024.0", "2025"),
    ("NumericNotEquals", "2024", "2025", "2024.0"),
    ("NumericLessThan", "2024", "2023.5", "2024.5"),
    ("NumericLessThanEquals", "2024", "2024.0", "2024.5"),
    ("NumericGreaterThan", "2024", "2024.5", "2023.5"),
    ("NumericGreaterThanEquals", "2024", "2024.0", "2023.5"),
    ("DateEquals", "2024-01-01T00:00:00Z", "1704067200", "1704067201"),
    ("DateNotEquals", "2024-01-01T00:00:00Z", "1704067201", "1704067200"),
    ("DateLessThan", "2024-01-01T00:00:00Z", "2023-12-31T23:59:59Z", "2024-01-01"),
    ("DateLessThanEquals", "2024-01-01T00:00:00Z", "2024-01-01", "2024-01-02"),
    ("DateGreaterThan", "2024-01-01T00:00:00Z", "2024-01-02", "2024-01-01"),
    ("DateGreaterThanEquals", "2024-01-01T00:00:00Z", "2024-01-01", "2023-12-31"),
    ("Bool", "true", "TRUE", "false"),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", "qmluyxj5"),
    ("BinaryEquals", "Qm*", "Qm*", "QmlR"),
    ("IpAddress", "203.0.113.0/24", "203.0.113.9", "203.0.114.9"),
    ("IpAddress", "203.0.113.9", "203.0.113.9", "203.0.113.8"),
    ("IpAddress", "2001:db8::/32", "2001:db8::1", "203.0.113.9"),
    ("NotIpAddress", "203.0.113.0/24", "203.0.114.9", "203.0.113.9"),
    (
        "ArnEquals",
        "arn:aws:sns:*:111111111111:t*",
        "arn:aws:sns:eu-west-1:111111111111:t1",
        "arn:aws:sns:a:b:111111111111:t1",
    ),
    (
        "ArnLike",
        "arn:aws:sns:*:111111111111:t",
        "arn:aws:sns::111111111111:t",
        "arn:aws:sns::111111111111:T",
    ),
    ("ArnNotEquals", "arn:aws:s3:*:*:b", "arn:aws:s3:a:b:c:b", "arn:aws:s3:::b"),
    ("ArnNotEquals", "arn:aws:s3:::b", "arn:aws:s3:::c", "arn:aws:s3:::b"),
    ("ArnNotLike", "arn:aws:s3:::b*", "arn:aws:s3:::c", "arn:aws:s3:::b/k"),
];

#[test]
fn every_operator_tells_what_satisfies_it_from_what_does_not() {
    for (operator, wanted, good, bad) in TABLE {
        assert_eq!(holds(operator, &[wanted], &context(&[good])), Truth::Yes, "{operator} {good}");
        assert_eq!(holds(operator, &[wanted], &context(&[bad])), Truth::No, "{operator} {bad}");
    }
}

/// Each operator is told from each other by some row, but for those that AWS says are the same.
#[test]
fn no_operator_can_stand_in_for_another() {
    for (name, test) in OPERATORS {
        for (other, wrong) in OPERATORS {
            // Text in base64 has neither wildcards nor variables, and a truth is a text without case.
            let pair = [test, wrong];
            let alike = [
                [Comparison::Binary, Comparison::StringEquals],
                [Comparison::Bool, Comparison::StringEqualsIgnoreCase],
            ];
            let alike =
                alike.iter().any(|two| two.iter().all(|one| pair.contains(&Test::Is(*one))));
            if test == wrong || alike || pair.contains(&Test::Null) {
                continue;
            }
            let same = |row: &str| OPERATORS.iter().any(|(name, of)| *name == row && *of == test);
            let caught = TABLE.iter().filter(|row| same(row.0)).any(|(_, wanted, good, bad)| {
                let mutant = |value: &str| {
                    let operator = Operator { quantifier: None, test: wrong, if_exists: false };
                    let values = vec![Pattern::new(wanted, true)];
                    Condition { operator, key: "k".to_owned(), values }.holds(&context(&[value]))
                };
                mutant(good) != Truth::Yes || mutant(bad) != Truth::No
            });
            assert!(caught, "{other} does what {name} does, as far as the table can tell");
        }
    }
}

#[test]
fn a_key_that_is_absent() {
    let absent = Context::complete();
    assert_eq!(holds("StringEquals", &["a"], &absent), Truth::No);
    assert_eq!(holds("StringNotEquals", &["a"], &absent), Truth::Yes);
    assert_eq!(holds("StringEqualsIfExists", &["a"], &absent), Truth::Yes);
    assert_eq!(holds("ForAllValues:StringEquals", &["a"], &absent), Truth::Yes);
    assert_eq!(holds("ForAnyValue:StringEquals", &["a"], &absent), Truth::No);
    assert_eq!(holds("ForAnyValue:StringNotEquals", &["a"], &absent), Truth::No);
    assert_eq!(holds("Null", &["true"], &absent), Truth::Yes);
    assert_eq!(holds("Null", &["false"], &absent), Truth::No);
    assert_eq!(holds("Null", &["false"], &context(&["x"])), Truth::Yes);
    assert_eq!(holds("Null", &["true"], &context(&["x"])), Truth::No);
}

#[test]
fn a_key_of_which_nobody_said_anything() {
    let keys = BTreeSet::from(["k".to_owned()]);
    for operator in ["StringEquals", "StringEqualsIfExists", "Null", "ForAllValues:StringLike"] {
        assert_eq!(holds(operator, &["true"], &Context::open()), Truth::Unknown(keys.clone()));
    }
}

#[test]
fn lists_by_quantifier() {
    let some = context(&["a", "x"]);
    assert_eq!(holds("ForAllValues:StringEquals", &["a", "b"], &some), Truth::No);
    assert_eq!(holds("ForAllValues:StringEquals", &["a", "x"], &some), Truth::Yes);
    assert_eq!(holds("ForAnyValue:StringEquals", &["a", "b"], &some), Truth::Yes);
    assert_eq!(holds("ForAnyValue:StringEquals", &["b"], &some), Truth::No);
    assert_eq!(holds("ForAllValues:StringNotEquals", &["a"], &some), Truth::No);
    assert_eq!(holds("ForAllValues:StringNotEquals", &["b"], &some), Truth::Yes);
    assert_eq!(holds("ForAnyValue:StringNotEquals", &["a"], &some), Truth::Yes);
    for empty in [context(&[]), context(&["", ""])] {
        assert_eq!(holds("ForAllValues:StringEquals", &["a"], &empty), Truth::Yes);
        assert_eq!(holds("ForAnyValue:StringEquals", &["a"], &empty), Truth::No);
        assert_eq!(holds("ForAnyValue:StringNotEquals", &["a"], &empty), Truth::No);
    }
    assert_eq!(holds("Null", &["true"], &context(&[])), Truth::Yes);
    assert_eq!(holds("Null", &["true"], &context(&[""])), Truth::No);
}

#[test]
fn variables_take_their_value_from_the_request() {
    let mut with = context(&["home/ann"]);
    assert_eq!(holds("StringEquals", &["home/${aws:username}"], &with), Truth::No);
    with.set("aws:username", ["ann"]);
    assert_eq!(holds("StringEquals", &["home/${aws:username}"], &with), Truth::Yes);
    with.set("aws:username", ["*"]);
    assert_eq!(holds("StringLike", &["home/${aws:username}"], &with), Truth::No);
    let mut open = Context::open();
    open.set("k", ["home/ann"]);
    let keys = BTreeSet::from(["aws:username".to_owned()]);
    assert_eq!(holds("StringEquals", &["home/${aws:username}"], &open), Truth::Unknown(keys));
}

#[test]
fn what_is_no_operator() {
    for wrong in [
        "",
        "Equals",
        "NullIfExists",
        "ForAnyValue:Null",
        "ForSome:StringEquals",
        "StringEqualsIfExistsIfExists",
        "é",
    ] {
        assert_eq!(Operator::parse(wrong), None, "{wrong}");
    }
    assert!(Operator::parse("stringequalsifexists").is_some());
}
