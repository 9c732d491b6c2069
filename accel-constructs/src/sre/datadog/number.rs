use std::fmt;

use accel_core::Prop;

/// A number of a query or of an option. Whole numbers stay whole however they were written, since
/// Datadog compares the text of a query with its thresholds.
#[derive(Clone, Copy, Debug)]
pub struct Number(Form);

#[derive(Clone, Copy, Debug)]
enum Form {
    Whole(i64),
    Decimal(f64),
}

impl Number {
    /// The value, as Datadog computes with it.
    #[must_use]
    pub const fn as_f64(self) -> f64 {
        match self.0 {
            Form::Whole(number) => number as f64,
            Form::Decimal(number) => number,
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.as_f64() == other.as_f64()
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Form::Whole(number) => number.fmt(f),
            Form::Decimal(number) => number.fmt(f),
        }
    }
}

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        // Up to here every whole f64 is that very integer.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let is_whole = number.fract() == 0.0 && number.abs() <= EXACT;
        Self(if is_whole { Form::Whole(number as i64) } else { Form::Decimal(number) })
    }
}

macro_rules! whole {
    ($($type:ty),+) => {$(
        impl From<$type> for Number {
            fn from(number: $type) -> Self {
                Self(Form::Whole(number.into()))
            }
        }
    )+};
}
whole!(i64, i32, u32, u16, u8);

impl From<Number> for Prop {
    fn from(number: Number) -> Self {
        match number.0 {
            Form::Whole(number) => Self::from(number),
            Form::Decimal(number) => Self::from(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_stays_whole() {
        assert_eq!(Prop::from(Number::from(90.0)), Prop::Integer(90));
        assert_eq!(Number::from(90.0).to_string(), "90");
        assert_eq!(Prop::from(Number::from(14.4)), Prop::Float(14.4));
        assert_eq!(Number::from(-0.0).to_string(), "0");
    }

    #[test]
    fn a_query_never_says_an_exponent() {
        assert_eq!(Number::from(1e20).to_string(), "100000000000000000000");
        assert_eq!(Number::from(1e-7).to_string(), "0.0000001");
    }
}
