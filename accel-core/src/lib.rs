//! The construct tree of accel.

mod account_id;
mod arn;
mod cidr;
mod email;
mod invalid;
mod naming;
mod partition;
mod region;

pub use account_id::AccountId;
pub use arn::Arn;
pub use cidr::Cidr;
pub use email::Email;
pub use invalid::InvalidInput;
pub use naming::{Case, Charset, Label, NameRule};
pub use partition::Partition;
pub use region::Region;
