use std::{borrow::Cow, fmt};

use crate::InvalidInput;

/// An e-mail address that AWS Organizations accepts for an account.
///
/// Literals are checked at compile time by [`email!`](crate::email), texts known only at run time
/// by [`Email::parse`]. The rules are those of
/// [`CreateAccount`](https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html).
///
/// ```
/// use accel_core::email;
///
/// let audit = email!("aws@example.com").plus("audit")?;
/// assert_eq!(audit.as_str(), "aws+audit@example.com");
/// # Ok::<(), accel_core::InvalidInput>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(Cow<'static, str>);

impl Email {
    /// Reads an address.
    ///
    /// # Errors
    /// When `text` is not 6 to 64 ASCII characters with one `@`, or breaks a rule of the part
    /// before or behind it.
    #[track_caller]
    pub fn parse(text: &str) -> Result<Self, InvalidInput> {
        match check(text) {
            Ok(()) => Ok(Self(Cow::Owned(text.to_owned()))),
            Err((reason, help)) => {
                let allowed = "an address of 6 to 64 ASCII characters, like aws@example.com";
                Err(InvalidInput::new(
                    text,
                    "an e-mail address of an account",
                    reason,
                    allowed,
                    help,
                ))
            }
        }
    }

    /// The address that `text` spells: what [`email!`](crate::email) calls.
    ///
    /// # Panics
    /// Where [`Email::parse`] fails: at compile time, as the value of a `const`.
    #[must_use]
    #[track_caller]
    pub const fn from_literal(text: &'static str) -> Self {
        match check(text) {
            Ok(()) => Self(Cow::Borrowed(text)),
            Err((reason, _)) => panic!("{}", reason),
        }
    }

    /// The sub-address of this one for `tag`: one mailbox serves the many accounts of an
    /// organization, each of which needs an address of its own.
    ///
    /// # Errors
    /// When the result would not be an address: too long, or `tag` has a character that no address
    /// may have.
    #[track_caller]
    pub fn plus(&self, tag: &str) -> Result<Self, InvalidInput> {
        let (local, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        Self::parse(&format!("{local}+{tag}@{domain}"))
    }

    /// The address as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email({self})")
    }
}

/// An [`Email`](crate::Email), checked at compile time.
///
/// ```
/// let email = accel_core::email!("aws@example.com");
/// ```
///
/// ```compile_fail
/// let email = accel_core::email!("aws.example.com");
/// ```
// The const has a name because `cargo check` does not evaluate an inline `const {}` block.
#[macro_export]
macro_rules! email {
    ($text:literal) => {{
        const EMAIL: $crate::Email = $crate::Email::from_literal($text);
        EMAIL
    }};
}

/// What is wrong with `text`, and the way out.
const fn check(text: &str) -> Result<(), (&'static str, &'static str)> {
    let bytes = text.as_bytes();
    if bytes.len() < 6 {
        return Err(("it is shorter than 6 characters", "give a longer one"));
    }
    if bytes.len() > 64 {
        return Err(("it is longer than 64 characters", "shorten what stands before the @"));
    }
    let mut at = None;
    let mut dotted = false;
    let mut i = 0;
    while i < bytes.len() {
        let byte = bytes[i];
        match (byte, at) {
            (b'@', None) => at = Some(i),
            (b'@', Some(_)) => return Err(("it has more than one @", "keep one")),
            (_, None) if !is_local(byte) => {
                return Err((
                    "a character before its @ is not allowed",
                    "leave out spaces, controls, non-ASCII and any of \"'()<>[]:;,\\|%&",
                ));
            }
            (_, Some(_)) if !is_domain(byte) => {
                return Err((
                    "a character of its domain is not allowed",
                    "use letters, digits, hyphens and dots behind the @",
                ));
            }
            (b'.', Some(_)) => dotted = true,
            _ => {}
        }
        i += 1;
    }
    let Some(at) = at else {
        return Err(("it has no @", "write it like aws@example.com"));
    };
    if at == 0 || bytes[0] == b'.' {
        return Err(("nothing or a dot stands at its start", "start with the name of a mailbox"));
    }
    if at + 1 == bytes.len() || is_edge(bytes[at + 1]) || is_edge(bytes[bytes.len() - 1]) {
        return Err((
            "its domain is empty, or starts or ends with a dot or a hyphen",
            "write the domain like example.com",
        ));
    }
    if !dotted {
        return Err(("its domain has no dot", "write the domain like example.com"));
    }
    Ok(())
}

const fn is_local(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(
            byte,
            b'"' | b'\''
                | b'('
                | b')'
                | b'<'
                | b'>'
                | b'['
                | b']'
                | b':'
                | b';'
                | b','
                | b'\\'
                | b'|'
                | b'%'
                | b'&'
        )
}

const fn is_domain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || is_edge(byte)
}

const fn is_edge(byte: u8) -> bool {
    matches!(byte, b'.' | b'-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_organizations_refuses_is_refused() {
        let long = format!("{}@example.com", "a".repeat(53));
        let bad = [
            "",
            "a@b.c",
            &long,
            "aws.example.com",
            "a@b@example.com",
            "aws audit@example.com",
            "aws\t@example.com",
            "aws&co@example.com",
            "<aws@example.com>",
            ".aws@example.com",
            "@example.com",
            "aws@",
            "aws@localhost",
            "aws@-example.com",
            "aws@example.com.",
            "aws@exa_mple.com",
            "aws@exämple.com",
            "äws@example.com",
        ];
        for bad in bad {
            assert!(Email::parse(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn what_organizations_accepts_is_accepted() {
        let long = format!("{}@example.com", "a".repeat(52));
        for good in ["a@b.cd", &long, "aws+plat-prod@sub.example.com", "a.b_c/d=e@EXAMPLE.com"] {
            assert_eq!(Email::parse(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn the_error_says_what_was_given_what_is_allowed_and_the_way_out() {
        assert_eq!(
            Email::parse("aws@localhost").unwrap_err().to_string(),
            "\"aws@localhost\" is not an e-mail address of an account: its domain has no dot; \
             allowed: an address of 6 to 64 ASCII characters, like aws@example.com; \
             help: write the domain like example.com"
        );
    }

    #[test]
    fn a_tag_that_spoils_the_address_is_refused() {
        let root = email!("aws@example.com");
        assert!(root.plus("with space").is_err());
        assert!(root.plus(&"long".repeat(16)).is_err());
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_keeps_the_text(text in any::<String>()) {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(email.as_str(), text);
            }
        }
    }
}
