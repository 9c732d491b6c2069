use std::fmt;

use crate::{InvalidInput, Text};

/// The longest name, in characters.
const NAME: usize = 64;

/// The longest path, with the `/` around it.
const PATH: usize = 512;

const ALLOWED: &str = "1 to 64 letters, digits and `_+=,.@-` of ASCII, after the role's path if it has one: \
     `team/Access`";

/// The name of an IAM role as it stands in its ARN behind `role/`: with the role's path before it, if it has one.
///
/// ```
/// use accel_core::RoleName;
///
/// assert_eq!(RoleName::parse("team/Access")?.path(), Some("team"));
/// let error = RoleName::parse("arn:aws:iam::111111111111:role/team/Access").unwrap_err();
/// assert_eq!(error.help(), "write team/Access");
/// # Ok::<(), accel_core::InvalidInput>(())
/// ```
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleName(Text);

impl RoleName {
    /// Reads the name of a role.
    ///
    /// # Errors
    /// When IAM has no role called `text`.
    #[track_caller]
    pub fn parse(text: &str) -> Result<Self, InvalidInput> {
        match problem(text) {
            None => Ok(Self(text.to_owned().into())),
            Some(reason) => {
                let within = text.split_once(":role/").map(|(_, name)| name);
                let name = within.or(text.strip_prefix('/'));
                let help = match name.filter(|name| problem(name).is_none()) {
                    Some(name) => format!("write {name}"),
                    None => "write the role's name as IAM shows it".to_owned(),
                };
                Err(InvalidInput::new(text, "a role name", &reason, ALLOWED, help))
            }
        }
    }

    /// What stands before the name itself.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(path, _)| path)
    }
}

fn problem(text: &str) -> Option<String> {
    let (path, name) = text.rsplit_once('/').unwrap_or(("", text));
    let is_odd = |c: &char| !c.is_ascii_alphanumeric() && !"_+=,.@-".contains(*c);
    let odd = name.chars().find(is_odd).or_else(|| path.chars().find(|c| !c.is_ascii_graphic()));
    if text.starts_with("arn:") {
        Some("it is an ARN".to_owned())
    } else if text.starts_with('/') {
        Some("it begins with `/`".to_owned())
    } else if let Some(odd) = odd {
        Some(format!("it has the character {odd:?}"))
    } else if name.is_empty() {
        Some("it is empty".to_owned())
    } else if name.len() > NAME {
        Some(format!("it has {} characters", name.len()))
    } else if path.len() + 2 > PATH {
        Some(format!("its path has {} characters", path.len()))
    } else {
        None
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_iam_calls_a_role_is_taken_and_nothing_else() {
        let (longest, path) = ("a".repeat(64), "p".repeat(510));
        for name in ["Access", "a_+=,.@-1", "team/Access", "a/b!/Access", &longest] {
            assert_eq!(RoleName::parse(name).unwrap().to_string(), name);
        }
        RoleName::parse(&format!("{path}/Access")).unwrap();
        for (name, reason, help) in [
            ("", "it is empty", "as IAM shows it"),
            ("team/", "it is empty", "as IAM shows it"),
            ("two words", "it has the character ' '", "as IAM shows it"),
            ("Zugriff-für-alle", "it has the character 'ü'", "as IAM shows it"),
            ("a b/Access", "it has the character ' '", "as IAM shows it"),
            ("role:Access", "it has the character ':'", "as IAM shows it"),
            ("/team/Access", "it begins with `/`", "write team/Access"),
            ("arn:aws:iam::111111111111:role/Access", "it is an ARN", "write Access"),
            (&format!("{longest}a"), "it has 65 characters", "as IAM shows it"),
            (&format!("{path}p/Access"), "its path has 511 characters", "as IAM shows it"),
        ] {
            let error = RoleName::parse(name).unwrap_err();
            assert_eq!(error.message(), format!("{name:?} is not a role name: {reason}"));
            assert!(error.help().ends_with(help), "{error}");
        }
    }
}
