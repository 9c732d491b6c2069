//! The construct tree of accel: constructs are *values*, the tree is an *arena*, and adding a value to
//! a scope gives back a *typed handle*.
//!
//! | concept     | type                  | contract                                                    |
//! |-------------|-----------------------|-------------------------------------------------------------|
//! | construct   | [`Construct`]         | a plain value that knows how to build itself into a scope   |
//! | scope       | [`Scope`]             | a cursor into the tree; its *level* says what may be added  |
//! | level       | [`Level`], [`FitsIn`] | a stack, a stack set, a repository, ...                     |
//! | reference   | [`Attr`], [`Handle`]  | `Copy`, typed, `Send`: what `add` gives back                |
//! | property    | [`Value`]             | a literal, a reference or an intrinsic of one kind          |
//! | environment | [`Environment`]       | an account, whose id may be unknown, and a region           |
//! | diagnostic  | [`Diagnostic`]        | a problem, with the line of the user's program              |
//!
//! This crate knows no AWS service and no file format, and does no I/O. `accel-cfn` has the resource
//! types, `accel-synth` turns an [`App`] into an assembly.

mod account_id;
mod arn;
mod aspect;
mod cidr;
mod construct;
mod diagnostic;
mod document;
mod email;
mod environment;
mod intrinsic;
mod invalid;
mod level;
mod lock;
mod naming;
mod partition;
mod prop;
mod region;
mod resource;
mod role_name;
mod scope;
mod stack;
mod step;
mod text;
mod value;

pub mod codes;
pub mod compliance;
pub mod l1;
pub mod policy;
pub mod template;
pub mod tree;

pub use account_id::AccountId;
pub use arn::Arn;
pub use aspect::{Aspect, Guardrail, Site};
pub use cidr::Cidr;
pub use construct::Construct;
pub use diagnostic::{Code, Diagnostic, Diagnostics, Note, Severity};
pub use document::{Document, DocumentEntry, DocumentNode, DocumentRef, Format};
pub use email::Email;
pub use environment::{AccountInfo, AccountRef, Environment, OuId, OuRef};
pub use intrinsic::{Intrinsic, Pseudo, SecretSource, Table};
pub use invalid::{InvalidInput, nearest};
pub use level::{
    AnyLevel, FitsIn, Level, OneEnvironment, Placement, TakesTransforms, Template, Within,
};
pub use lock::Lock;
pub use naming::{Case, Charset, Label, NameRule, stable_hash};
pub use partition::Partition;
pub use policy::PolicyDocument;
pub use prop::{Object, Prop};
pub use region::Region;
pub use resource::{
    DeletionPolicy, Handle, Identifier, Import, L1, Policies, Reference, Resource, ResourceType,
    TagStyle,
};
pub use role_name::RoleName;
pub use scope::{App, Published, Scope, ScopeRef};
pub use stack::{
    AccountFilter, AccountLimit, ConcurrencyMode, OperationPreferences, RegionConcurrency, Stack,
    StackSet, Targets,
};
pub use step::{Call, Protocol, Read, Step, StepRef};
pub use text::Text;
pub use value::{
    Attr, AttrSource, Audience, Const, IntoValue, IsA, Json, List, Map, Secret, Shared, Value,
};

const _: () = {
    const fn send_sync<T: Send + Sync>() {}
    send_sync::<App>();
    send_sync::<Diagnostics>();
    send_sync::<Value<String>>();
    send_sync::<Attr<String>>();
    send_sync::<ScopeRef<Stack>>();
};
