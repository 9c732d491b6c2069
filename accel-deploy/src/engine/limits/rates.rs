//! How often each API may be called, in one account and region.

/// Calls that share a rate.
#[derive(Debug)]
pub(super) struct Rate {
    service: &'static str,
    of: Of,
    pub(super) per_second: f64,
    pub(super) burst: f64,
    /// How much faster it may become while nothing is refused.
    pub(super) growth: f64,
}

#[derive(Debug)]
enum Of {
    Actions(&'static [&'static str]),
    Reads,
    /// All others.
    All,
}

/// A rate that is published is kept; where none is, a run begins with a modest one and finds out.
const PUBLISHED: f64 = 1.0;
const FOUND_OUT: f64 = 4.0;

#[rustfmt::skip]
const RATES: &[Rate] = &[
    // https://docs.aws.amazon.com/accounts/latest/reference/quotas.html
    published("account", Of::Actions(&["EnableRegion", "DisableRegion"]), 1.0, 1.0),
    published("account", Of::Actions(&["GetAlternateContact", "GetContactInformation"]), 10.0, 15.0),
    published("account", Of::Actions(&["GetRegionOptStatus", "ListRegions"]), 5.0, 5.0),
    published("account", Of::Actions(&["DeleteAlternateContact"]), 1.0, 6.0),
    // https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html: 20 for all APIs together
    published("sso", Of::All, 20.0, 20.0),
    // https://docs.aws.amazon.com/general/latest/gr/ssm.html: the throughput that a store has by default
    published("ssm", Of::Reads, 40.0, 40.0),
    // None of these is published: https://github.com/awsdocs/aws-organizations-docs/issues/39 asked for the
    // first, and AWS's support calls the second internal.
    found_out("organizations", Of::Reads, 5.0, 10.0),
    found_out("organizations", Of::All, 1.0, 2.0),
    found_out("cloudformation", Of::Reads, 15.0, 30.0),
    found_out("cloudformation", Of::All, 5.0, 10.0),
    found_out("ssm", Of::All, 5.0, 10.0),
];

const fn published(service: &'static str, of: Of, per_second: f64, burst: f64) -> Rate {
    Rate { service, of, per_second, burst, growth: PUBLISHED }
}

const fn found_out(service: &'static str, of: Of, per_second: f64, burst: f64) -> Rate {
    Rate { service, of, per_second, burst, growth: FOUND_OUT }
}

/// The first row that a call is of, and its number; services that are called seldom have none.
pub(super) fn rate(service: &str, action: &str) -> Option<(usize, &'static Rate)> {
    let is_of = |rate: &&Rate| {
        rate.service == service
            && match rate.of {
                Of::Actions(actions) => actions.contains(&action),
                Of::Reads => crate::cloud::is_read(action),
                Of::All => true,
            }
    };
    RATES.iter().enumerate().find(|(_, rate)| is_of(rate))
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn reads_and_changes_are_counted_apart() {
        let row = |action| rate("cloudformation", action).expect("a rate").0;
        assert_eq!(row("DescribeStacks"), row("ListStackInstances"));
        assert_ne!(row("DescribeStacks"), row("CreateChangeSet"));
        assert!(rate("s3", "GetObject").is_none());
    }
}
