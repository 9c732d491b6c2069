//! Times as AWS writes them.

use std::time::Duration;

/// A time since the epoch of Unix in UTC, as ISO 8601 has it: `2026-01-01T00:00:00Z`. By the civil calendar of Howard
/// Hinnant's algorithms.
#[must_use]
pub fn date_time(time: Duration) -> String {
    let seconds = time.as_secs();
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    // Years begin in March, so that the leap day is the last of its year.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let (hours, minutes, seconds) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let date_time = |milliseconds| date_time(Duration::from_millis(milliseconds));
        assert_eq!(date_time(0), "1970-01-01T00:00:00Z");
        assert_eq!(date_time(1_767_225_600_000), "2026-01-01T00:00:00Z");
        assert_eq!(date_time(1_709_164_799_999), "2024-02-28T23:59:59Z");
        assert_eq!(date_time(1_709_208_000_000), "2024-02-29T12:00:00Z");
        assert_eq!(date_time(4_107_542_400_000), "2100-03-01T00:00:00Z");
    }
}
