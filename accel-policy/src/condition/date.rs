//! Dates as policies write them.

/// Seconds since the epoch of a date in the
/// [ISO 8601 profile of the W3C](https://www.w3.org/TR/NOTE-datetime), or of a number, which is that
/// already.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        // Four digits alone are a year.
        return Some(if text.len() == 4 {
            days(seconds as i64, 1, 1)? as f64 * 86_400.0
        } else {
            seconds
        });
    }
    let (date, time) = text.split_once(['T', 't']).unwrap_or((text, ""));
    let mut parts = date.splitn(3, '-').map(number);
    let (year, month) = (parts.next()??, parts.next()??);
    let day = parts.next().unwrap_or(Some(1))?;
    let mut seconds = days(year, month, day)? as f64 * 86_400.0;
    if time.is_empty() {
        return Some(seconds);
    }
    let (clock, offset) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => (&time[..at], zone(&time[at..])?),
        None => (time, 0),
    };
    let mut parts = clock.splitn(3, ':');
    let (hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
    let second: f64 = parts.next().map_or(Some(0.0), |second| second.parse().ok())?;
    if hour > 23 || minute > 59 || !(0.0..61.0).contains(&second) {
        return None;
    }
    seconds += (hour * 3_600 + minute * 60) as f64 + second - (offset * 60) as f64;
    Some(seconds)
}

fn number(text: &str) -> Option<i64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

/// Minutes east of Greenwich.
fn zone(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = text.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let minutes = number(hours)? * 60 + number(minutes)?;
    Some(if sign == "-" { -minutes } else { minutes })
}

/// Days since the epoch, by the civil calendar.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(0..=9999).contains(&year) {
        return None;
    }
    // The year begins in March, so that the day that is inserted is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn every_form_of_a_date() {
        assert_eq!(seconds("1970-01-01"), Some(0.0));
        assert_eq!(seconds("2024-02-29T12:30:15Z"), Some(1_709_209_815.0));
        assert_eq!(seconds("2024-02-29T12:30:15.5Z"), Some(1_709_209_815.5));
        assert_eq!(seconds("2024-02-29T14:30:15+02:00"), Some(1_709_209_815.0));
        assert_eq!(seconds("1709209815"), Some(1_709_209_815.0));
        assert_eq!(seconds("2024"), seconds("2024-01-01"));
        assert_eq!(seconds("2024-02"), seconds("2024-02-01"));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for wrong in [
            "",
            "soon",
            "2024-13-01",
            "2024-01-01T25:00Z",
            "2024-01-01T10",
            "T",
            "--",
            "2024-01-01T10:00+é",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
