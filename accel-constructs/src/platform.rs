//! The platform: clusters, and what they are made of.

mod bucket;
mod eks;
mod security_group;

pub mod codes;

pub use bucket::{Bucket, BucketKey, BucketRef, Lifecycle};
pub use eks::{Compute, EksCluster, EksClusterRef, NodeGroup};
pub use security_group::{AllowFrom, Peer, Port, SecurityGroup, SecurityGroupRef};
