use std::fmt;

use crate::{AccountId, InvalidInput, Partition, Region};

/// The Amazon Resource Name of one existing thing, taken apart:
/// `arn:partition:service:region:account:resource`.
///
/// A pattern for a policy (`arn:aws:example:::*`) is not an ARN; policies take it as a plain text. See
/// [ARNs](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html).
///
/// ```
/// use accel_core::{Arn, Region, account_id};
///
/// let table = Arn::parse("arn:aws:store:eu-west-1:111111111111:table/orders")?;
/// assert_eq!(table.service(), "store");
/// assert_eq!(table.region(), Some(Region::EU_WEST_1));
/// assert_eq!(table.account(), Some(account_id!("111111111111")));
/// assert_eq!(table.resource(), "table/orders");
/// # Ok::<(), accel_core::InvalidInput>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn {
    partition: Partition,
    service: String,
    region: Option<Region>,
    owner: Owner,
    resource: String,
}

impl Arn {
    /// Reads an ARN.
    ///
    /// # Errors
    /// When `text` has not six parts, starts with anything but `arn`, names a partition or a region
    /// that does not exist or do not belong together, has an account that is neither 12 digits nor
    /// a word (`aws`, for what AWS manages), or has no service or resource.
    #[track_caller]
    pub fn parse(text: &str) -> Result<Self, InvalidInput> {
        match read(text) {
            Ok(arn) => Ok(arn),
            Err((reason, help)) => {
                let allowed = "arn:partition:service:region:account:resource, region and account \
                               empty where the service has none";
                Err(InvalidInput::new(text, "an ARN", &reason, allowed, help))
            }
        }
    }

    /// The partition.
    #[must_use]
    pub fn partition(&self) -> Partition {
        self.partition
    }

    /// The prefix of the service's actions: `store`.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The region, if the service has the resource in one.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        self.region
    }

    /// The account that owns the resource; `None` for what AWS manages and for services that leave
    /// the account out.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self.owner {
            Owner::Account(id) => Some(id),
            Owner::None | Owner::Word(_) => None,
        }
    }

    /// Everything behind the account, in the form that the service chose: `table/orders`.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, owner, resource } = self;
        let region = region.map_or("", Region::name);
        write!(f, "arn:{partition}:{service}:{region}:{owner}:{resource}")
    }
}

impl fmt::Debug for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Arn({self})")
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Owner {
    None,
    Account(AccountId),
    /// `aws`, `amazon`, `cloudfront`: AWS itself.
    Word(String),
}

impl Owner {
    fn parse(text: &str) -> Result<Self, InvalidInput> {
        if text.is_empty() {
            Ok(Self::None)
        } else if text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
            Ok(Self::Word(text.to_owned()))
        } else {
            AccountId::parse(text).map(Self::Account)
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Account(id) => id.fmt(f),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// What is wrong, and the way out.
type Problem = (String, String);

fn read(text: &str) -> Result<Arn, Problem> {
    let problem = |reason: &str, help: &str| (reason.to_owned(), help.to_owned());
    let inner = |error: InvalidInput| problem(error.message(), error.help());
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let &["arn", partition, service, region, owner, resource] = parts.as_slice() else {
        let help = "copy the whole ARN, from `arn:` on";
        return Err(problem("it is not `arn` and five more parts between colons", help));
    };
    let partition = Partition::parse(partition).map_err(inner)?;
    let region = match region {
        "" => None,
        name => Some(Region::parse(name).map_err(inner)?),
    };
    if let Some(region) = region.filter(|region| region.partition() != partition) {
        let own = region.partition();
        let reason = format!("{region} is a region of the partition {own}, not of {partition}");
        return Err((reason, format!("write arn:{own}:…")));
    }
    if !is_service(service) {
        let help = "write the service as in the names of its actions, in lower case";
        return Err(problem("its service is not made of a-z, 0-9 and hyphens", help));
    }
    if resource.is_empty() || resource.contains(['*', '?']) {
        let help = "name one thing; a policy takes a pattern as a plain text";
        return Err(problem("its resource is empty or a pattern", help));
    }
    Ok(Arn {
        partition,
        service: service.to_owned(),
        region,
        owner: Owner::parse(owner).map_err(inner)?,
        resource: resource.to_owned(),
    })
}

fn is_service(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_survive_the_round_trip() {
        let good = [
            "arn:aws:directory::111111111111:role/path/name",
            "arn:aws:directory::aws:policy/Administrator",
            "arn:aws:store:::example",
            "arn:aws-cn:store:cn-north-1:111111111111:table/orders",
            "arn:aws:store:eu-west-1:111111111111:cluster:orders:1",
        ];
        for good in good {
            assert_eq!(Arn::parse(good).unwrap().to_string(), good);
        }
    }

    #[test]
    fn what_aws_manages_has_no_account() {
        let policy = Arn::parse("arn:aws:directory::aws:policy/Administrator").unwrap();
        assert_eq!((policy.account(), policy.region()), (None, None));
    }

    #[test]
    fn what_is_not_the_name_of_one_thing_is_refused() {
        let bad = [
            "",
            "arn:aws:store",
            "urn:aws:store:::example",
            "arn:azure:store:::example",
            "arn:aws:Store:::example",
            "arn:aws::::example",
            "arn:aws:store:nowhere:111111111111:table/1",
            "arn:aws:store:cn-north-1:111111111111:table/1",
            "arn:aws:store:eu-west-1:1111:table/1",
            "arn:aws:store:::",
            "arn:aws:store:::example/*",
            "arn:aws:store:*:111111111111:table/1",
        ];
        for bad in bad {
            assert!(Arn::parse(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn the_error_says_what_was_given_what_is_wrong_and_the_way_out() {
        let error = Arn::parse("arn:aws:store:eu-wets-1:111111111111:table/1").unwrap_err();
        assert_eq!(
            error.message(),
            "\"arn:aws:store:eu-wets-1:111111111111:table/1\" is not an ARN: \"eu-wets-1\" is not a \
             region: AWS has none of that name"
        );
        assert_eq!(error.help(), "did you mean eu-west-1?");
        let error = Arn::parse("arn:aws:store:cn-north-1:111111111111:table/1").unwrap_err();
        assert_eq!(error.help(), "write arn:aws-cn:…");
    }

    proptest! {
        #[test]
        fn reading_never_panics_and_keeps_the_text(text in "(arn:aws:)?\\PC{0,12}(:\\PC{0,8}){0,4}") {
            if let Ok(arn) = Arn::parse(&text) {
                prop_assert_eq!(arn.to_string(), text);
            }
        }
    }
}
