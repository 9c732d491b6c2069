//! The text of a document with placeholders, as `Fn::Sub` takes it.

use accel_core::{Intrinsic, Object, Prop};

use crate::read;

/// The document, as far as it stands in the text: a text with a placeholder in it is one that nobody knows yet, and so
/// is a placeholder that stands for more than a text.
pub(super) fn json(text: &str) -> Result<Prop, serde_json::Error> {
    read::json(&without_values(text)).map(unknown)
}

/// With a number for each placeholder that is in no text of the document, so that it is JSON.
fn without_values(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let (mut in_text, mut escaped) = (false, false);
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if !in_text
            && let Some((_, after)) = rest.strip_prefix("${").and_then(|it| it.split_once('}'))
        {
            whole.push('0');
            rest = after;
            continue;
        }
        if next == '"' && !escaped {
            in_text = !in_text;
        }
        escaped = next == '\\' && !escaped;
        whole.push(next);
        rest = &rest[next.len_utf8()..];
    }
    whole
}

/// Takes what a placeholder is in out of what is looked at. `${!name}` is what the policy calls `${name}`.
fn unknown(document: Prop) -> Prop {
    match document {
        Prop::String(text) if text.replace("${!", "").contains("${") => {
            Prop::Intrinsic(Box::new(Intrinsic::Sub(text, Vec::new())))
        }
        Prop::String(text) => Prop::String(text.replace("${!", "${").into()),
        Prop::List(items) => Prop::List(items.into_iter().map(unknown).collect()),
        Prop::Object(object) => {
            let mut known = Object::new();
            for (name, value) in object.iter() {
                known.insert(name.clone(), unknown(value.clone()));
            }
            Prop::Object(known)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_stand_for_what_nobody_knows() {
        let text = r#"{"Statement": [${More}, {"Action": "s3:${Verb}", "Sid": "a\"${b}",
            "Resource": "arn:aws:s3:::shop/${!aws:username}/*"}]}"#;
        let document = json(text).expect("it is JSON");
        let statements = document.as_object().and_then(|it| it.get("Statement")).expect("is there");
        let [more, statement] = statements.as_list().expect("is a list") else { panic!() };
        assert_eq!(*more, Prop::Integer(0));
        let statement = statement.as_object().expect("is one");
        assert_eq!(statement.get("Action").and_then(Prop::as_str), None);
        let resource = statement.get("Resource").and_then(Prop::as_str);
        assert_eq!(resource, Some("arn:aws:s3:::shop/${aws:username}/*"));
    }
}
