use std::fmt;

use crate::{InvalidInput, Partition, invalid::nearest};

/// An AWS region: one of the 46 that CloudFormation's published schemas know.
///
/// ```
/// use accel_core::{Partition, Region};
///
/// assert_eq!(Region::EU_WEST_1.name(), "eu-west-1");
/// assert_eq!(Region::EU_WEST_1.short(), "euw1");
/// assert_eq!(Region::EU_WEST_1.fixed(), "ew1");
/// assert_eq!(Region::CN_NORTH_1.partition(), Partition::AwsCn);
/// assert_eq!(Region::parse("eu-wets-1").unwrap_err().help(), "did you mean eu-west-1?");
/// ```
///
/// # Codes
/// Names of resources carry an abbreviated region. The codes are those of Cloud Posse's
/// [`terraform-aws-utils`](https://github.com/cloudposse/terraform-aws-utils). It has none for 13
/// regions; theirs are derived here by its rule:
///
/// - *short* is the first word whole, the initials of the others (`southeast` has two) and the
///   number. The isolated partitions `isob`, `isoe` and `isof` keep the letter that tells them from
///   `iso`.
/// - *fixed* is one letter for the first word (for the second, where there are four, as in
///   `us-gov-east-1`), one for the direction, and the number. Where that is taken, the second
///   letter of the first word is used (as in `cn-north-1`), or the number is lowered to 0 (as in
///   `ap-south-1`).
///
/// | region | short | fixed |
/// |-|-|-|
/// | `ap-east-2` | `ape2` | `ae2` |
/// | `ap-southeast-5` | `apse5` | `as5` |
/// | `ap-southeast-6` | `apse6` | `as6` |
/// | `ap-southeast-7` | `apse7` | `as7` |
/// | `eu-isoe-west-1` | `euiew1` | `ew0` |
/// | `eusc-de-east-1` | `euscde1` | `de1` |
/// | `mx-central-1` | `mxc1` | `xc1` |
/// | `us-iso-east-1` | `usie1` | `ie1` |
/// | `us-iso-west-1` | `usiw1` | `iw1` |
/// | `us-isob-east-1` | `usibe1` | `be1` |
/// | `us-isob-west-1` | `usibw1` | `bw1` |
/// | `us-isof-east-1` | `usife1` | `fe1` |
/// | `us-isof-south-1` | `usifs1` | `fs0` |
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(&'static Facts);

impl Region {
    /// Every region, ordered by name.
    #[must_use]
    pub const fn all() -> &'static [Self] {
        ALL
    }

    /// The region of that name.
    ///
    /// # Errors
    /// When no region has it; the help names the nearest one.
    #[track_caller]
    pub fn parse(name: &str) -> Result<Self, InvalidInput> {
        if let Some(region) = ALL.iter().find(|region| region.name() == name) {
            return Ok(*region);
        }
        // Of the same partition and continent rather than of another one, however similar.
        let shared = |region: &Self| {
            let segments = region.name().split('-').zip(name.split('-'));
            segments.take_while(|(left, right)| left == right).count()
        };
        let most = ALL.iter().map(shared).max();
        let related = ALL.iter().filter(|region| Some(shared(region)) == most);
        let help = match nearest(name, related.map(|region| region.name())) {
            Some(near) => format!("did you mean {near}?"),
            None => "`Region::all()` lists the regions".to_owned(),
        };
        let allowed = "the name of a region, like eu-west-1";
        Err(InvalidInput::new(name, "a region", "AWS has none of that name", allowed, help))
    }

    /// The name: `eu-west-1`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The partition that the region belongs to.
    #[must_use]
    pub const fn partition(self) -> Partition {
        self.0.partition
    }

    /// The code of four to seven characters: `euw1`. No two regions share one.
    #[must_use]
    pub const fn short(self) -> &'static str {
        self.0.short
    }

    /// The code of exactly three characters: `ew1`. No two regions share one.
    #[must_use]
    pub const fn fixed(self) -> &'static str {
        self.0.fixed
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({self})")
    }
}

/// The name comes first: it is what regions are ordered by.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Facts {
    name: &'static str,
    partition: Partition,
    short: &'static str,
    fixed: &'static str,
}

macro_rules! regions {
    ($($constant:ident $name:literal $partition:ident $short:literal $fixed:literal $place:literal;)*) => {
        impl Region {$(
            #[doc = concat!("`", $name, "`: ", $place, ".")]
            pub const $constant: Self = Self(&Facts {
                name: $name,
                partition: Partition::$partition,
                short: $short,
                fixed: $fixed,
            });
        )*}

        const ALL: &[Region] = &[$(Region::$constant),*];
    };
}

regions! {
    AF_SOUTH_1       "af-south-1"      Aws       "afs1"    "fs1" "Africa (Cape Town)";
    AP_EAST_1        "ap-east-1"       Aws       "ape1"    "ae1" "Asia Pacific (Hong Kong)";
    AP_EAST_2        "ap-east-2"       Aws       "ape2"    "ae2" "Asia Pacific (Taipei)";
    AP_NORTHEAST_1   "ap-northeast-1"  Aws       "apne1"   "an1" "Asia Pacific (Tokyo)";
    AP_NORTHEAST_2   "ap-northeast-2"  Aws       "apne2"   "an2" "Asia Pacific (Seoul)";
    AP_NORTHEAST_3   "ap-northeast-3"  Aws       "apne3"   "an3" "Asia Pacific (Osaka)";
    AP_SOUTH_1       "ap-south-1"      Aws       "aps1"    "as0" "Asia Pacific (Mumbai)";
    AP_SOUTH_2       "ap-south-2"      Aws       "aps2"    "ar2" "Asia Pacific (Hyderabad)";
    AP_SOUTHEAST_1   "ap-southeast-1"  Aws       "apse1"   "as1" "Asia Pacific (Singapore)";
    AP_SOUTHEAST_2   "ap-southeast-2"  Aws       "apse2"   "as2" "Asia Pacific (Sydney)";
    AP_SOUTHEAST_3   "ap-southeast-3"  Aws       "apse3"   "as3" "Asia Pacific (Jakarta)";
    AP_SOUTHEAST_4   "ap-southeast-4"  Aws       "apse4"   "as4" "Asia Pacific (Melbourne)";
    AP_SOUTHEAST_5   "ap-southeast-5"  Aws       "apse5"   "as5" "Asia Pacific (Malaysia)";
    AP_SOUTHEAST_6   "ap-southeast-6"  Aws       "apse6"   "as6" "Asia Pacific (New Zealand)";
    AP_SOUTHEAST_7   "ap-southeast-7"  Aws       "apse7"   "as7" "Asia Pacific (Thailand)";
    CA_CENTRAL_1     "ca-central-1"    Aws       "cac1"    "cc1" "Canada (Central)";
    CA_WEST_1        "ca-west-1"       Aws       "caw1"    "cw1" "Canada West (Calgary)";
    CN_NORTH_1       "cn-north-1"      AwsCn     "cnn1"    "nn0" "China (Beijing)";
    CN_NORTHWEST_1   "cn-northwest-1"  AwsCn     "cnnw1"   "nn1" "China (Ningxia)";
    EU_CENTRAL_1     "eu-central-1"    Aws       "euc1"    "ec1" "Europe (Frankfurt)";
    EU_CENTRAL_2     "eu-central-2"    Aws       "euc2"    "ec2" "Europe (Zurich)";
    EU_ISOE_WEST_1   "eu-isoe-west-1"  AwsIsoE   "euiew1"  "ew0" "EU ISOE West";
    EU_NORTH_1       "eu-north-1"      Aws       "eun1"    "en1" "Europe (Stockholm)";
    EU_SOUTH_1       "eu-south-1"      Aws       "eus1"    "es1" "Europe (Milan)";
    EU_SOUTH_2       "eu-south-2"      Aws       "eus2"    "es2" "Europe (Spain)";
    EU_WEST_1        "eu-west-1"       Aws       "euw1"    "ew1" "Europe (Ireland)";
    EU_WEST_2        "eu-west-2"       Aws       "euw2"    "ew2" "Europe (London)";
    EU_WEST_3        "eu-west-3"       Aws       "euw3"    "ew3" "Europe (Paris)";
    EUSC_DE_EAST_1   "eusc-de-east-1"  AwsEusc   "euscde1" "de1" "AWS European Sovereign Cloud (Germany)";
    IL_CENTRAL_1     "il-central-1"    Aws       "ilc1"    "ic1" "Israel (Tel Aviv)";
    ME_CENTRAL_1     "me-central-1"    Aws       "mec1"    "mc1" "Middle East (UAE)";
    ME_SOUTH_1       "me-south-1"      Aws       "mes1"    "ms1" "Middle East (Bahrain)";
    MX_CENTRAL_1     "mx-central-1"    Aws       "mxc1"    "xc1" "Mexico (Central)";
    SA_EAST_1        "sa-east-1"       Aws       "sae1"    "se1" "South America (Sao Paulo)";
    US_EAST_1        "us-east-1"       Aws       "use1"    "ue1" "US East (N. Virginia)";
    US_EAST_2        "us-east-2"       Aws       "use2"    "ue2" "US East (Ohio)";
    US_GOV_EAST_1    "us-gov-east-1"   AwsUsGov  "usge1"   "ge1" "AWS GovCloud (US-East)";
    US_GOV_WEST_1    "us-gov-west-1"   AwsUsGov  "usgw1"   "gw1" "AWS GovCloud (US-West)";
    US_ISO_EAST_1    "us-iso-east-1"   AwsIso    "usie1"   "ie1" "US ISO East";
    US_ISO_WEST_1    "us-iso-west-1"   AwsIso    "usiw1"   "iw1" "US ISO West";
    US_ISOB_EAST_1   "us-isob-east-1"  AwsIsoB   "usibe1"  "be1" "US ISOB East (Ohio)";
    US_ISOB_WEST_1   "us-isob-west-1"  AwsIsoB   "usibw1"  "bw1" "US ISOB West";
    US_ISOF_EAST_1   "us-isof-east-1"  AwsIsoF   "usife1"  "fe1" "US ISOF East";
    US_ISOF_SOUTH_1  "us-isof-south-1" AwsIsoF   "usifs1"  "fs0" "US ISOF South";
    US_WEST_1        "us-west-1"       Aws       "usw1"    "uw1" "US West (N. California)";
    US_WEST_2        "us-west-2"       Aws       "usw2"    "uw2" "US West (Oregon)";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_46_regions_in_order() {
        assert_eq!(ALL.len(), 46);
        assert!(ALL.is_sorted_by(|left, right| left < right && left.name() < right.name()));
    }

    #[test]
    fn names_survive_the_round_trip() {
        for region in ALL {
            assert_eq!(Region::parse(region.name()), Ok(*region));
        }
    }

    #[test]
    fn codes_are_unique_and_of_their_lengths() {
        let codes: BTreeSet<&str> =
            ALL.iter().flat_map(|region| [region.short(), region.fixed()]).collect();
        assert_eq!(codes.len(), 2 * ALL.len());
        assert!(ALL.iter().all(|region| region.fixed().len() == 3 && region.short().len() >= 4));
    }

    #[test]
    fn codes_end_in_the_number_of_the_region_or_in_0() {
        for region in ALL {
            let number = region.name().chars().last();
            assert_eq!(region.short().chars().last(), number, "{region}");
            assert!(region.fixed().ends_with('0') || region.fixed().chars().last() == number);
        }
    }

    #[test]
    fn names_show_their_partition() {
        let starts = [
            ("cn-", Partition::AwsCn),
            ("us-gov-", Partition::AwsUsGov),
            ("us-iso-", Partition::AwsIso),
            ("us-isob-", Partition::AwsIsoB),
            ("eu-isoe-", Partition::AwsIsoE),
            ("us-isof-", Partition::AwsIsoF),
            ("eusc-", Partition::AwsEusc),
        ];
        for region in ALL {
            let start = starts.iter().find(|(start, _)| region.name().starts_with(start));
            assert_eq!(region.partition(), start.map_or(Partition::Aws, |(_, p)| *p), "{region}");
        }
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest_one() {
        assert_eq!(
            Region::parse("eu-west-9").unwrap_err().to_string(),
            "\"eu-west-9\" is not a region: AWS has none of that name; allowed: the name of a \
             region, like eu-west-1; help: did you mean eu-west-1?"
        );
        assert_eq!(Region::parse("moon").unwrap_err().help(), "`Region::all()` lists the regions");
    }
}
