//! The construct tree of accel.
