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
    ("BinaryEquals", "QQ==", "QQ==", "QUE="),
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

/// Operator, the policy's value, and a value that is the same text and does not satisfy it: what is compared
/// is a truth and bytes, and these texts are neither.
const NEVER: &[(&str, &str, &str)] = &[("Bool", "yes", "yes"), ("BinaryEquals", "Qm*", "Qm*")];

#[test]
fn every_operator_tells_what_satisfies_it_from_what_does_not() {
    for (operator, wanted, good, bad) in TABLE {
        assert_eq!(holds(operator, &[wanted], &context(&[good])), Truth::Yes, "{operator} {good}");
        assert_eq!(holds(operator, &[wanted], &context(&[bad])), Truth::No, "{operator} {bad}");
    }
}

#[test]
fn what_is_no_truth_and_no_bytes_equals_nothing() {
    for (operator, wanted, value) in NEVER {
        assert_eq!(holds(operator, &[wanted], &context(&[value])), Truth::No, "{operator} {value}");
    }
    // Two texts in base64 for the same byte.
    assert_eq!(holds("BinaryEquals", &["QQ=="], &context(&["QR=="])), Truth::Yes);
    for wrong in ["Q", "QQ", "QQ=", "Q===", "Q=Q=", "QQ==="] {
        assert_eq!(base64(wrong), None, "{wrong}");
    }
    assert_eq!(base64("QmluYXJ5VmFsdWVJbkJhc2U2NA==").unwrap(), b"BinaryValueInBase64");
}

/// Each operator is told from each other by some row, but for those that AWS says are the same.
#[test]
fn no_operator_can_stand_in_for_another() {
    for (name, test) in OPERATORS {
        for (other, wrong) in OPERATORS {
            if test == wrong || [test, wrong].contains(&Test::Null) {
                continue;
            }
            let same = |row: &str| OPERATORS.iter().any(|(name, of)| *name == row && *of == test);
            let mutant = |wanted: &str, value: &str| {
                let operator = Operator { quantifier: None, test: wrong, if_exists: false };
                let values = vec![Pattern::new(wanted, true)];
                Condition { operator, key: "k".to_owned(), values }.holds(&context(&[value]))
            };
            let caught = TABLE.iter().filter(|row| same(row.0)).any(|(_, wanted, good, bad)| {
                mutant(wanted, good) != Truth::Yes || mutant(wanted, bad) != Truth::No
            });
            let mut never = NEVER.iter().filter(|row| same(row.0));
            let caught =
                caught || never.any(|(_, wanted, value)| mutant(wanted, value) != Truth::No);
            assert!(caught, "{other} does what {name} does, as far as the tables can tell");
        }
    }
}

/// The six forms of an operator, and what each says of a key that is absent, an empty list, a value that satisfies
/// the operator, one that does not, and both: for an operator, and for a negated one. By the pages on
/// [`IfExists`](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists)
/// and on
/// [sets](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html).
const FORMS: [(&str, &str, [bool; 5], [bool; 5]); 6] = {
    const Y: bool = true;
    const N: bool = false;
    [
        ("", "", [N, N, Y, N, Y], [Y, Y, Y, N, N]),
        ("", "IfExists", [Y, N, Y, N, Y], [Y, Y, Y, N, N]),
        ("ForAllValues:", "", [Y, Y, Y, N, N], [Y, Y, Y, N, N]),
        ("ForAllValues:", "IfExists", [Y, Y, Y, N, N], [Y, Y, Y, N, N]),
        ("ForAnyValue:", "", [N, N, Y, N, Y], [N, N, Y, N, Y]),
        ("ForAnyValue:", "IfExists", [Y, N, Y, N, Y], [Y, N, Y, N, Y]),
    ]
};

/// Every form of every operator says what the table says, so a form that is put in another's place is caught wherever
/// their rows differ.
#[test]
fn every_form_of_every_operator_is_held_by_the_table() {
    for (name, wanted, good, bad) in TABLE {
        let test = OPERATORS.iter().find(|(known, _)| known == name).expect("is one").1;
        let contexts = [
            Context::complete(),
            context(&[]),
            context(&[good]),
            context(&[bad]),
            context(&[good, bad]),
        ];
        for (quantifier, suffix, positive, negated) in FORMS {
            let row = if matches!(test, Test::Not(_)) { negated } else { positive };
            for (context, expected) in contexts.iter().zip(row) {
                let form = format!("{quantifier}{name}{suffix}");
                let truth = holds(&form, &[wanted], context);
                assert_eq!(truth, Truth::of(expected), "{form} {wanted}: {context:?}");
            }
        }
    }
}

/// Which forms say the same, whatever is asked: where an operator holds without a key anyway, `IfExists` adds nothing;
/// without a quantifier one value of a list is enough, as for `ForAnyValue`, and none of it may be equal for a negation,
/// as for `ForAllValues`.
#[test]
fn no_form_can_stand_in_for_another_but_those_that_mean_the_same() {
    let same = |negated: bool| -> Vec<(String, String)> {
        let mut same = Vec::new();
        for (index, (quantifier, suffix, positive, of_negated)) in FORMS.iter().enumerate() {
            for (other, other_suffix, other_positive, other_negated) in &FORMS[index + 1..] {
                let (row, other_row) =
                    if negated { (of_negated, other_negated) } else { (positive, other_positive) };
                if row == other_row {
                    same.push((format!("{quantifier}{suffix}"), format!("{other}{other_suffix}")));
                }
            }
        }
        same
    };
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    let any = [pair("", "ForAnyValue:"), pair("IfExists", "ForAnyValue:IfExists")];
    let all = pair("ForAllValues:", "ForAllValues:IfExists");
    assert_eq!(same(false), [&any[..], &[all]].concat());
    let whole = ["", "IfExists", "ForAllValues:", "ForAllValues:IfExists"];
    let mut all = Vec::new();
    for (index, one) in whole.iter().enumerate() {
        all.extend(whole[index + 1..].iter().map(|other| pair(one, other)));
    }
    assert_eq!(same(true), all);
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
