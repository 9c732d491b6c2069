//! The construct tree of accel.

mod account_id;
mod cidr;
mod invalid;
mod partition;
mod region;

pub use account_id::AccountId;
pub use cidr::Cidr;
pub use invalid::InvalidInput;
pub use partition::Partition;
pub use region::Region;
