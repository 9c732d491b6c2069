use std::{fmt, net::Ipv4Addr};

use ipnet::Ipv4Net;

use crate::InvalidInput;

/// A block of IPv4 addresses: a network address and the length of its prefix.
///
/// Literals are checked at compile time by [`cidr!`](crate::cidr), texts known only at run time by
/// [`Cidr::parse`]. Either refuses what AWS would refuse or silently correct: host bits that are
/// set, leading zeros, a prefix over 32.
///
/// ```
/// use accel_core::cidr;
///
/// let vpc = cidr!("10.111.0.0/18");
/// let subnets: Vec<String> = vpc.split(21)?.map(|subnet| subnet.to_string()).collect();
/// assert_eq!(subnets[..3], ["10.111.0.0/21", "10.111.8.0/21", "10.111.16.0/21"]);
/// assert!(vpc.contains(cidr!("10.111.8.0/21")));
/// # Ok::<(), accel_core::InvalidInput>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(Ipv4Net);

impl Cidr {
    /// All addresses: `0.0.0.0/0`.
    pub const ANY: Self = Self::from_literal("0.0.0.0/0");

    /// Reads a block.
    ///
    /// # Errors
    /// When `text` is not four numbers of at most 255 and a prefix of at most 32, or when an
    /// address bit behind the prefix is set; then the help names the network address.
    #[track_caller]
    pub fn parse(text: &str) -> Result<Self, InvalidInput> {
        let (reason, help) = match read(text) {
            Ok(net) if has_no_host_bits(net) => return Ok(Self(net)),
            Ok(net) => (HOST_BITS, format!("write {}", net.trunc())),
            Err(reason) => match text.parse::<Ipv4Addr>() {
                Ok(address) => (reason, format!("for this one address write {address}/32")),
                Err(_) => (reason, "write it like 10.0.0.0/16".to_owned()),
            },
        };
        let allowed = "a network address and its prefix, like 10.0.0.0/16";
        Err(InvalidInput::new(text, "a CIDR block", reason, allowed, help))
    }

    /// The block that `text` spells: what [`cidr!`](crate::cidr) calls.
    ///
    /// # Panics
    /// Where [`Cidr::parse`] fails: at compile time, as the value of a `const`.
    #[must_use]
    #[track_caller]
    pub const fn from_literal(text: &str) -> Self {
        match read(text) {
            Ok(net) => {
                assert!(has_no_host_bits(net), "{}", HOST_BITS);
                Self(net)
            }
            Err(reason) => panic!("{}", reason),
        }
    }

    /// The first address.
    #[must_use]
    pub const fn network(self) -> Ipv4Addr {
        self.0.addr()
    }

    /// The length of the prefix in bits, 0 to 32.
    #[must_use]
    pub const fn prefix(self) -> u8 {
        self.0.prefix_len()
    }

    /// The number of addresses, 1 to 2^32.
    #[must_use]
    pub const fn addresses(self) -> u64 {
        1 << (32 - self.prefix())
    }

    /// The blocks of `prefix` bits that this one is made of, in order.
    ///
    /// # Errors
    /// When `prefix` is shorter than the block's own or longer than 32.
    #[track_caller]
    pub fn split(self, prefix: u8) -> Result<impl Iterator<Item = Self>, InvalidInput> {
        match self.0.subnets(prefix) {
            Ok(subnets) => Ok(subnets.map(Self)),
            Err(_) => Err(InvalidInput::new(
                &format!("/{prefix}"),
                &format!("a prefix to split {self} into"),
                "it must be at least the block's own and at most 32",
                "a prefix from the block's own to 32",
                format!("give one from {} to 32", self.prefix()),
            )),
        }
    }

    /// The block number `index` (from 0) of those that [`split`](Self::split) gives, or `None`
    /// where there is none.
    ///
    /// ```
    /// use accel_core::cidr;
    ///
    /// assert_eq!(cidr!("10.0.0.0/16").subnet(24, 255), Some(cidr!("10.0.255.0/24")));
    /// assert_eq!(cidr!("10.0.0.0/16").subnet(24, 256), None);
    /// ```
    #[must_use]
    pub fn subnet(self, prefix: u8, index: u32) -> Option<Self> {
        let size = 1 << 32_u8.checked_sub(prefix)?;
        let offset = u64::from(index) * size;
        if prefix < self.prefix() || offset >= self.addresses() {
            return None;
        }
        let network = self.network().to_bits() + u32::try_from(offset).ok()?;
        Ipv4Net::new(Ipv4Addr::from_bits(network), prefix).ok().map(Self)
    }

    /// Whether every address of `other` is in this block.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether any address is in both blocks.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other) || other.contains(self)
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cidr({self})")
    }
}

/// A [`Cidr`](crate::Cidr), checked at compile time.
///
/// ```
/// let vpc = accel_core::cidr!("10.0.0.0/16");
/// ```
///
/// ```compile_fail
/// let vpc = accel_core::cidr!("10.0.0.1/16");
/// ```
// The const has a name because `cargo check` does not evaluate an inline `const {}` block.
#[macro_export]
macro_rules! cidr {
    ($text:literal) => {{
        const CIDR: $crate::Cidr = $crate::Cidr::from_literal($text);
        CIDR
    }};
}

const HOST_BITS: &str = "address bits behind the prefix of a block must be 0";

/// Reads `text` as far as its form goes. `FromStr` of `ipnet` is not const.
const fn read(text: &str) -> Result<Ipv4Net, &'static str> {
    let bytes = text.as_bytes();
    let mut octets = [0; 4];
    let mut at = 0;
    let mut i = 0;
    while i < 4 {
        let (octet, end) = match number(bytes, at) {
            Ok(number) => number,
            Err(reason) => return Err(reason),
        };
        if octet > 255 {
            return Err("a part of an address is at most 255");
        }
        octets[i] = octet as u8;
        let separator = if i < 3 { b'.' } else { b'/' };
        if end == bytes.len() || bytes[end] != separator {
            return Err("it is not four numbers joined by dots, then a slash and the prefix");
        }
        at = end + 1;
        i += 1;
    }
    let (prefix, end) = match number(bytes, at) {
        Ok(number) => number,
        Err(reason) => return Err(reason),
    };
    if end < bytes.len() {
        return Err("something follows the prefix");
    }
    let [a, b, c, d] = octets;
    if prefix > 32 {
        return Err("the prefix is at most 32");
    }
    Ok(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix as u8))
}

/// The number of at most three digits that starts at `start`, and where it ends.
const fn number(bytes: &[u8], start: usize) -> Result<(u16, usize), &'static str> {
    let mut value = 0;
    let mut end = start;
    while end < bytes.len() && bytes[end].is_ascii_digit() {
        if end == start + 3 {
            return Err("a number has more than three digits");
        }
        value = value * 10 + (bytes[end] - b'0') as u16;
        end += 1;
    }
    if end == start {
        return Err("a number is missing");
    }
    if end > start + 1 && bytes[start] == b'0' {
        return Err("a number has leading zeros, which some readers take for octal");
    }
    Ok((value, end))
}

const fn has_no_host_bits(net: Ipv4Net) -> bool {
    // In 64 bits, since a shift by 32 would overflow.
    net.addr().to_bits() as u64 & (u32::MAX as u64 >> net.prefix_len()) == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn anything_but_a_block_is_refused() {
        let bad = [
            "",
            "10.0.0.0",
            "10.0.0/16",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/016",
            "10.0.0.256/32",
            "10.00.0.0/16",
            "10.0.0.0/16 ",
            " 10.0.0.0/16",
            "10.0.0.0.0/16",
            "10.0.0.0/16/16",
            "10,0.0.0/16",
            "+1.0.0.0/16",
            "10.0.0.1/16",
            "99999999999999999999.0.0.0/8",
            "::/0",
        ];
        for bad in bad {
            assert!(Cidr::parse(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn the_error_says_what_was_given_what_is_allowed_and_the_way_out() {
        assert_eq!(
            Cidr::parse("10.0.3.7/16").unwrap_err().to_string(),
            "\"10.0.3.7/16\" is not a CIDR block: address bits behind the prefix of a block must \
             be 0; allowed: a network address and its prefix, like 10.0.0.0/16; help: write \
             10.0.0.0/16"
        );
        assert_eq!(
            Cidr::parse("10.0.3.7").unwrap_err().help(),
            "for this one address write 10.0.3.7/32"
        );
        assert_eq!(
            cidr!("10.0.0.0/16").split(8).err().unwrap().to_string(),
            "\"/8\" is not a prefix to split 10.0.0.0/16 into: it must be at least the block's own \
             and at most 32; allowed: a prefix from the block's own to 32; help: give one from 16 \
             to 32"
        );
    }

    #[test]
    fn the_largest_and_the_smallest_block_can_be_split() {
        assert_eq!(Cidr::ANY.addresses(), 1 << 32);
        assert_eq!(Cidr::ANY.subnet(32, u32::MAX), Some(cidr!("255.255.255.255/32")));
        assert_eq!(Cidr::ANY.subnet(0, 0), Some(Cidr::ANY));
        assert_eq!(Cidr::ANY.subnet(0, 1), None);
        assert_eq!(Cidr::ANY.subnet(33, 0), None);
        let one = cidr!("10.0.0.1/32");
        assert_eq!(one.split(32).unwrap().collect::<Vec<_>>(), [one]);
    }

    #[test]
    fn blocks_overlap_when_one_holds_the_other() {
        let (vpc, subnet) = (cidr!("10.0.0.0/16"), cidr!("10.0.8.0/21"));
        assert!(vpc.overlaps(subnet) && subnet.overlaps(vpc));
        assert!(!subnet.contains(vpc));
        assert!(!subnet.overlaps(cidr!("10.0.0.0/21")));
    }

    fn any_cidr() -> impl Strategy<Value = Cidr> {
        (any::<u32>(), 0..=32_u8).prop_map(|(address, prefix)| {
            Cidr(Ipv4Net::new(Ipv4Addr::from_bits(address), prefix).unwrap().trunc())
        })
    }

    proptest! {
        #[test]
        fn texts_survive_the_round_trip(cidr in any_cidr()) {
            prop_assert_eq!(Cidr::parse(&cidr.to_string()), Ok(cidr));
        }

        #[test]
        fn what_is_accepted_is_what_ipnet_accepts_without_host_bits(
            text in r"[0-9]{1,3}(\.(0|1|25[0-9])){3}/[0-9]{1,2}",
        ) {
            let theirs = text.parse::<Ipv4Net>().ok().filter(|net| *net == net.trunc());
            let leading_zero = text.split(['.', '/']).any(|n| n.len() > 1 && n.starts_with('0'));
            let theirs = theirs.filter(|_| !leading_zero);
            prop_assert_eq!(Cidr::parse(&text).ok().map(|cidr| cidr.0), theirs);
        }

        #[test]
        fn a_split_covers_the_block_without_overlap(cidr in any_cidr(), more in 0..=8_u8) {
            let prefix = (cidr.prefix() + more).min(32);
            let parts: Vec<Cidr> = cidr.split(prefix).unwrap().collect();
            prop_assert_eq!(parts.iter().map(|part| part.addresses()).sum::<u64>(), cidr.addresses());
            for (index, part) in (0..).zip(&parts) {
                prop_assert!(cidr.contains(*part));
                prop_assert_eq!(cidr.subnet(prefix, index), Some(*part));
            }
            prop_assert!(parts.windows(2).all(|pair| !pair[0].overlaps(pair[1])));
        }
    }
}
