use accel_core::{Prop, Text};

use super::{Kind, Violation, describe};

/// The most tags of one resource.
const MOST: usize = 50;

/// What AWS would not accept about the tags of a resource, `property` being the one they are written
/// as. It is the same for all types; what a type asks of its tags besides is in its schema.
///
/// See <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>.
#[must_use]
pub fn validate_tags(property: &str, tags: &[(Text, Prop)]) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut add = |kind, path: String, given: String, allowed: &str| {
        violations.push(Violation { kind, path, given, allowed: allowed.to_owned(), help: None });
    };
    for (key, value) in tags {
        let path = || format!("{property}/{key}");
        if key.starts_with("aws:") {
            add(
                Kind::PatternMismatch,
                path(),
                format!("{key:?}"),
                "a key without the prefix `aws:`",
            );
        }
        if key.is_empty() || key.chars().count() > 128 {
            let given = describe::value(&Prop::String(key.clone()));
            add(Kind::WrongLength, path(), given, "a key of 1 to 128 characters");
        }
        if value.as_str().is_some_and(|value| value.chars().count() > 256) {
            add(
                Kind::WrongLength,
                path(),
                describe::value(value),
                "a value of at most 256 characters",
            );
        }
    }
    if tags.len() > MOST {
        let given = describe::counted(tags.len() as u64, "tag");
        add(Kind::WrongItemCount, property.to_owned(), given, "at most 50 tags");
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_checked_by_key_value_and_count() {
        let tag = |key: &str, value: &str| (Text::from(key), Prop::from(value));
        assert_eq!(validate_tags("Tags", &[tag("team", ""), tag("Büro", "ü")]), []);
        let wrong = [tag("", "v"), tag("aws:a", "v"), tag("k", &"v".repeat(257))];
        let said: Vec<String> =
            validate_tags("Tags", &wrong).iter().map(|wrong| wrong.allowed.clone()).collect();
        assert_eq!(
            said,
            [
                "a key of 1 to 128 characters",
                "a key without the prefix `aws:`",
                "a value of at most 256 characters",
            ]
        );
        let many: Vec<_> = (0..51).map(|number| tag(&number.to_string(), "")).collect();
        assert_eq!(validate_tags("Tags", &many)[0].path, "Tags");
    }
}
