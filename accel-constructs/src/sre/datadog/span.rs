use std::fmt;

/// A length of time in the unit it was written in: queries say `60m` and `1h` as their author does.
///
/// ```
/// use accel_constructs::sre::datadog::{hours, minutes};
///
/// assert_eq!(hours(1), minutes(60));
/// assert_eq!(minutes(60).to_string(), "60m");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Span {
    count: u32,
    unit: Unit,
}

/// A unit of [`Span`], in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Second = 1,
    Minute = 60,
    Hour = 3_600,
    Day = 86_400,
    Week = 604_800,
}

/// `count` seconds.
#[must_use]
pub const fn seconds(count: u32) -> Span {
    Span { count, unit: Unit::Second }
}

/// `count` minutes.
#[must_use]
pub const fn minutes(count: u32) -> Span {
    Span { count, unit: Unit::Minute }
}

/// `count` hours.
#[must_use]
pub const fn hours(count: u32) -> Span {
    Span { count, unit: Unit::Hour }
}

/// `count` days.
#[must_use]
pub const fn days(count: u32) -> Span {
    Span { count, unit: Unit::Day }
}

/// `count` weeks.
#[must_use]
pub const fn weeks(count: u32) -> Span {
    Span { count, unit: Unit::Week }
}

impl Span {
    /// The same length in seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u64 {
        self.count as u64 * self.unit as u64
    }

    /// In whole minutes, if it is that.
    pub(crate) const fn whole_minutes(self) -> Option<u64> {
        whole(self.as_seconds(), 60)
    }

    /// In whole hours, if it is that.
    pub(crate) const fn whole_hours(self) -> Option<u64> {
        whole(self.as_seconds(), 3_600)
    }

    /// Reads what [`fmt::Display`] writes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let unit = match text.chars().next_back()? {
            's' => Unit::Second,
            'm' => Unit::Minute,
            'h' => Unit::Hour,
            'd' => Unit::Day,
            'w' => Unit::Week,
            _ => return None,
        };
        let count = text[..text.len() - 1].parse().ok()?;
        Some(Self { count, unit })
    }
}

const fn whole(seconds: u64, unit: u64) -> Option<u64> {
    if seconds.is_multiple_of(unit) { Some(seconds / unit) } else { None }
}

impl PartialEq for Span {
    fn eq(&self, other: &Self) -> bool {
        self.as_seconds() == other.as_seconds()
    }
}
impl Eq for Span {}
impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Span {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_seconds().cmp(&other.as_seconds())
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Second => 's',
            Unit::Minute => 'm',
            Unit::Hour => 'h',
            Unit::Day => 'd',
            Unit::Week => 'w',
        };
        write!(f, "{}{unit}", self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_as_it_is_written() {
        for span in [seconds(30), minutes(5), hours(4), days(1), weeks(1)] {
            let read = Span::parse(&span.to_string()).unwrap();
            assert_eq!((read, read.to_string()), (span, span.to_string()));
        }
        for wrong in ["", "5", "m", "5y", "-5m", "5 m", "5µ"] {
            assert_eq!(Span::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_whole_units_convert() {
        assert_eq!(hours(1).whole_minutes(), Some(60));
        assert_eq!(seconds(90).whole_minutes(), None);
        assert_eq!(days(1).whole_hours(), Some(24));
        assert_eq!(minutes(90).whole_hours(), None);
    }
}
