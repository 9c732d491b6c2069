//! Comparing names with patterns, without regard to case.

/// Whether `text` is like `pattern`, in which `*` is any text and `?` any character.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    // On a mismatch the last `*` takes one more character: linear space, no recursion.
    let (mut p, mut t) = (0, 0);
    let mut retry = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                p += 1;
                retry = Some((p, t));
            }
            Some(&byte) if byte == b'?' || byte.eq_ignore_ascii_case(&text[t]) => {
                p += 1;
                t += 1;
            }
            _ => match &mut retry {
                Some((after_star, taken)) => {
                    *taken += 1;
                    (p, t) = (*after_star, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

/// Whether `text` is like `template`, in which `${Name}` is any text of at least one character.
pub(crate) fn matches_placeholders(template: &str, text: &str) -> bool {
    // There is no `$` that begins none, and to look for one byte is much faster than for two.
    let Some((literal, rest)) = template.split_once('$') else {
        return template.eq_ignore_ascii_case(text);
    };
    let Some((begin, mut text)) = text.split_at_checked(literal.len()) else { return false };
    let Some((_, rest)) = rest.split_once('}') else { return false };
    if !begin.eq_ignore_ascii_case(literal) {
        return false;
    }
    while let Some(first) = text.chars().next() {
        text = &text[first.len_utf8()..];
        if matches_placeholders(rest, text) {
            return true;
        }
    }
    false
}

/// Whether `text` has a wildcard.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_any_text_and_any_character() {
        for (pattern, text) in [
            ("*", ""),
            ("get*", "GetObject"),
            ("*Object", "getobject"),
            ("G?tObject", "GetObject"),
            ("*a*b*c", "xaxbxaxbxc"),
            ("a**", "a"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("get?", "get"), ("*a*b", "ba"), ("a*b", "abc")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn placeholders_stand_for_some_text() {
        for (template, text) in [
            ("aws:RequestTag/${TagKey}", "aws:requesttag/Team"),
            ("codebuild:e/${name}.value", "codebuild:e/a.b.value"),
            ("s3:prefix", "S3:Prefix"),
        ] {
            assert!(matches_placeholders(template, text), "{template} {text}");
        }
        for (template, text) in [
            ("aws:RequestTag/${TagKey}", "aws:RequestTag/"),
            ("aws:RequestTag/${TagKey}", "aws:RequestTag"),
            ("codebuild:e/${name}.value", "codebuild:e/.value"),
            ("s3:prefix", "s3:prefixes"),
        ] {
            assert!(!matches_placeholders(template, text), "{template} {text}");
        }
    }
}
