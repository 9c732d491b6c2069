use std::fmt;

use crate::InvalidInput;

/// The id of an AWS account: twelve digits.
///
/// Literals are checked at compile time by [`account_id!`](crate::account_id), texts known only at
/// run time by [`AccountId::parse`]. See
/// [AWS account identifiers](https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html).
///
/// ```
/// use accel_core::{AccountId, account_id};
///
/// assert_eq!(account_id!("011111111111").to_string(), "011111111111");
/// assert_eq!(AccountId::parse("111111111111"), Ok(account_id!("111111111111")));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(u64);

impl AccountId {
    /// Reads an account id.
    ///
    /// # Errors
    /// When `text` is anything but twelve digits.
    #[track_caller]
    pub fn parse(text: &str) -> Result<Self, InvalidInput> {
        match read(text) {
            Ok(id) => Ok(id),
            Err(reason) => {
                let allowed = "exactly 12 digits";
                Err(InvalidInput::new(text, "an account id", reason, allowed, help(text)))
            }
        }
    }

    /// The account id that `digits` spells: what [`account_id!`](crate::account_id) calls.
    ///
    /// # Panics
    /// When `digits` is anything but twelve digits: at compile time, as the value of a `const`.
    #[must_use]
    #[track_caller]
    pub const fn from_literal(digits: &str) -> Self {
        match read(digits) {
            Ok(id) => id,
            Err(reason) => panic!("{}", reason),
        }
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountId({self})")
    }
}

/// An [`AccountId`](crate::AccountId), checked at compile time.
///
/// ```
/// let id = accel_core::account_id!("111111111111");
/// ```
///
/// ```compile_fail
/// let id = accel_core::account_id!("1234");
/// ```
// The const has a name because `cargo check` does not evaluate an inline `const {}` block.
#[macro_export]
macro_rules! account_id {
    ($digits:literal) => {{
        const ID: $crate::AccountId = $crate::AccountId::from_literal($digits);
        ID
    }};
}

const fn read(text: &str) -> Result<AccountId, &'static str> {
    let bytes = text.as_bytes();
    let mut id = 0;
    let mut i = 0;
    while i < bytes.len() {
        if !bytes[i].is_ascii_digit() {
            return Err("an AWS account id is made of digits only");
        }
        if i == 12 {
            return Err("an AWS account id has 12 digits, this has more");
        }
        id = id * 10 + (bytes[i] - b'0') as u64;
        i += 1;
    }
    if i < 12 {
        return Err("an AWS account id has 12 digits, this has fewer");
    }
    Ok(AccountId(id))
}

/// The two mistakes that have a sure way out are the console's hyphens and the leading zeros that
/// a spreadsheet ate.
fn help(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let separated = text.chars().all(|c| c.is_ascii_digit() || c == '-' || c == ' ');
    match digits.len() {
        12 if separated => format!("write {digits}"),
        9..12 if separated => format!("if leading zeros were lost, write {digits:0>12}"),
        _ => "copy the id from the account's page in the console".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn anything_but_twelve_digits_is_refused() {
        for bad in ["", "1234", "1111111111111", "11111111111a", "１１１１", " 111111111111"] {
            assert!(AccountId::parse(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn the_error_says_what_was_given_what_is_allowed_and_the_way_out() {
        assert_eq!(
            AccountId::parse("1111-2222-3333").unwrap_err().to_string(),
            "\"1111-2222-3333\" is not an account id: an AWS account id is made of digits only; \
             allowed: exactly 12 digits; help: write 111122223333"
        );
        assert_eq!(
            AccountId::parse("11111111111").unwrap_err().help(),
            "if leading zeros were lost, write 011111111111"
        );
    }

    proptest! {
        #[test]
        fn twelve_digits_survive_the_round_trip(text in "[0-9]{12}") {
            prop_assert_eq!(AccountId::parse(&text).unwrap().to_string(), text);
        }

        #[test]
        fn ids_sort_as_their_texts_do(left in "[0-9]{12}", right in "[0-9]{12}") {
            let ids = AccountId::parse(&left).unwrap().cmp(&AccountId::parse(&right).unwrap());
            prop_assert_eq!(ids, left.cmp(&right));
        }
    }
}
