//! How the addresses of a VPC are split.

use accel_core::Cidr;

/// The parts of the block that the tiers have.
pub(super) const PRIVATE: u32 = 0;
pub(super) const PUBLIC: u32 = 1;
pub(super) const ISOLATED: u32 = 2;

/// Zones that have a place even while fewer are used, so that they can be added later.
const ZONES: u8 = 3;

#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    cidr: Cidr,
    /// Pieces a tier has: a power of two.
    zones: u32,
    /// Of a piece, which is a subnet.
    pub(super) prefix: u8,
}

impl Layout {
    pub(super) fn new(cidr: Cidr, azs: u8, isolated: bool) -> Self {
        let zones = u32::from(azs.max(ZONES)).next_power_of_two();
        let tiers: u32 = if isolated { 4 } else { 2 };
        let bits = (zones * tiers).trailing_zeros();
        // At most 256 zones and 4 tiers: 10 bits more than the VPC's 32.
        let prefix = cidr.prefix().saturating_add(u8::try_from(bits).unwrap_or(u8::MAX));
        Self { cidr, zones, prefix }
    }

    /// The subnet of zone `az` in part `part`; none if the block is too small for it.
    pub(super) fn subnet(self, part: u32, az: u8) -> Option<Cidr> {
        self.cidr.subnet(self.prefix, part * self.zones + u32::from(az))
    }
}

#[cfg(test)]
mod tests {
    use accel_core::cidr;

    use super::*;

    fn subnets(layout: Layout, part: u32, azs: u8) -> Vec<String> {
        (0..azs).map(|az| layout.subnet(part, az).unwrap().to_string()).collect()
    }

    #[test]
    fn the_first_half_is_private_the_second_public() {
        let layout = Layout::new(cidr!("10.111.0.0/18"), 3, false);
        assert_eq!(
            subnets(layout, PRIVATE, 3),
            ["10.111.0.0/21", "10.111.8.0/21", "10.111.16.0/21"]
        );
        assert_eq!(
            subnets(layout, PUBLIC, 3),
            ["10.111.32.0/21", "10.111.40.0/21", "10.111.48.0/21"]
        );
    }

    #[test]
    fn a_third_tier_has_the_third_quarter() {
        let layout = Layout::new(cidr!("10.0.0.0/16"), 3, true);
        assert_eq!(subnets(layout, PUBLIC, 1), ["10.0.64.0/20"]);
        assert_eq!(subnets(layout, ISOLATED, 2), ["10.0.128.0/20", "10.0.144.0/20"]);
    }

    #[test]
    fn zones_up_to_four_are_added_without_moving_any() {
        let subnet = |azs| Layout::new(cidr!("10.0.0.0/16"), azs, false).subnet(PUBLIC, 0);
        assert_eq!(subnet(1), subnet(4));
        assert_ne!(subnet(4), subnet(5));
    }

    #[test]
    fn a_block_that_is_too_small_has_none() {
        assert_eq!(Layout::new(cidr!("10.0.0.0/31"), 6, true).subnet(PRIVATE, 0), None);
    }
}
