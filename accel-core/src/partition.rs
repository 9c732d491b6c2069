use std::fmt;

use crate::{InvalidInput, Region, invalid::nearest};

/// A group of regions with accounts, IAM and ARNs of its own. Nothing crosses it: neither a role
/// nor a replication.
///
/// The facts are those of `partitions.json` in the AWS SDKs; see
/// [AWS Partitions](https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partition {
    /// `aws`: the commercial regions.
    Aws,
    /// `aws-cn`: China.
    AwsCn,
    /// `aws-eusc`: the European Sovereign Cloud.
    AwsEusc,
    /// `aws-iso`: the isolated regions of the United States for top secret workloads.
    AwsIso,
    /// `aws-iso-b`: the isolated regions of the United States for secret workloads.
    AwsIsoB,
    /// `aws-iso-e`: the isolated region in Europe.
    AwsIsoE,
    /// `aws-iso-f`: further isolated regions of the United States.
    AwsIsoF,
    /// `aws-us-gov`: GovCloud.
    AwsUsGov,
}

impl Partition {
    /// Every partition, ordered by name.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        &[
            Self::Aws,
            Self::AwsCn,
            Self::AwsEusc,
            Self::AwsIso,
            Self::AwsIsoB,
            Self::AwsIsoE,
            Self::AwsIsoF,
            Self::AwsUsGov,
        ]
    }

    /// The partition of that name.
    ///
    /// # Errors
    /// When no partition has it; the help names the nearest one.
    #[track_caller]
    pub fn parse(name: &str) -> Result<Self, InvalidInput> {
        if let Some(partition) = Self::all().iter().find(|partition| partition.name() == name) {
            return Ok(*partition);
        }
        let near = nearest(name, Self::all().iter().map(|partition| partition.name()));
        let help = format!("did you mean {}?", near.unwrap_or("aws"));
        let allowed = "aws, aws-cn, aws-eusc, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f, aws-us-gov";
        Err(InvalidInput::new(name, "a partition", "AWS has none of that name", allowed, help))
    }

    /// The name, as it stands in ARNs: `aws-cn`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsEusc => "aws-eusc",
            Self::AwsIso => "aws-iso",
            Self::AwsIsoB => "aws-iso-b",
            Self::AwsIsoE => "aws-iso-e",
            Self::AwsIsoF => "aws-iso-f",
            Self::AwsUsGov => "aws-us-gov",
        }
    }

    /// The domain of the endpoints: `amazonaws.com`. It is the value of `AWS::URLSuffix`.
    #[must_use]
    pub const fn dns_suffix(self) -> &'static str {
        match self {
            Self::Aws | Self::AwsUsGov => "amazonaws.com",
            Self::AwsCn => "amazonaws.com.cn",
            Self::AwsEusc => "amazonaws.eu",
            Self::AwsIso => "c2s.ic.gov",
            Self::AwsIsoB => "sc2s.sgov.gov",
            Self::AwsIsoE => "cloud.adc-e.uk",
            Self::AwsIsoF => "csp.hci.ic.gov",
        }
    }

    /// The region in which the partition's global services are run and configured.
    #[must_use]
    pub const fn global_region(self) -> Region {
        match self {
            Self::Aws => Region::US_EAST_1,
            Self::AwsCn => Region::CN_NORTHWEST_1,
            Self::AwsEusc => Region::EUSC_DE_EAST_1,
            Self::AwsIso => Region::US_ISO_EAST_1,
            Self::AwsIsoB => Region::US_ISOB_EAST_1,
            Self::AwsIsoE => Region::EU_ISOE_WEST_1,
            Self::AwsIsoF => Region::US_ISOF_SOUTH_1,
            Self::AwsUsGov => Region::US_GOV_WEST_1,
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_round_trip_and_are_in_order() {
        for partition in Partition::all() {
            assert_eq!(Partition::parse(partition.name()), Ok(*partition));
        }
        assert!(
            Partition::all()
                .is_sorted_by(|left, right| { left < right && left.name() < right.name() })
        );
    }

    #[test]
    fn the_global_region_is_one_of_its_own() {
        for partition in Partition::all() {
            assert_eq!(partition.global_region().partition(), *partition);
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest_one() {
        let error = Partition::parse("aws-usgov").unwrap_err();
        assert_eq!(error.message(), "\"aws-usgov\" is not a partition: AWS has none of that name");
        assert_eq!(error.help(), "did you mean aws-us-gov?");
    }
}
