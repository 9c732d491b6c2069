//! Reads `data/actions.bin`, which `cargo xtask codegen` writes.
//!
//! Numbers are LEB128 variable-length integers, text is its length and its UTF-8 bytes, and a list is
//! its length and its items. Inside a block a string is an index into `strings`.
//!
//! ```text
//! file     = version: text, global keys: list of (key: text, type: byte),
//!            services: list of (prefix: text, name: text, resource control: byte,
//!                               deflated: number, inflated: number),
//!            one deflated block a service
//! block    = strings: list of text, condition keys: list of (key: string, type: byte),
//!            resource types: list of (name: string, ARN: string, condition keys: list of string),
//!            actions: list of (name: string, access level: byte, resources: list of resource,
//!                              condition keys: list of string, dependent actions: list of string)
//! resource = name: string, required: byte, condition keys: list of string,
//!            dependent actions: list of string
//! type     = the number of a ValueType, and 0x80 for keys of several values
//! ```

use std::sync::OnceLock;

use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::{AccessLevel, Action, ActionResource, ConditionKey, ResourceType, Service, ValueType};

static ACTIONS: &[u8] = include_bytes!("../../data/actions.bin");

/// All that is known, a service at a time.
pub(super) struct Table {
    pub(super) version: &'static str,
    pub(super) global_keys: Vec<ConditionKey>,
    /// By prefix, sorted.
    pub(super) services: Vec<Service>,
}

/// What a service has, read when it is first asked for.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) condition_keys: Vec<ConditionKey>,
    pub(super) resource_types: Vec<ResourceType>,
    /// By name in lower case, sorted.
    pub(super) actions: Vec<Action>,
}

impl Table {
    pub(super) fn get() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(|| {
            let mut reader = Reader { bytes: ACTIONS, strings: Vec::new() };
            let version = reader.text();
            let global_keys = reader.list(|reader| {
                let name = reader.text();
                reader.condition_key(name)
            });
            let index = reader.list(|reader| {
                let (prefix, name) = (reader.text(), reader.text());
                (prefix, name, reader.byte() != 0, reader.size(), reader.size())
            });
            let services = index.into_iter().map(|(prefix, name, rcp, deflated, inflated)| {
                let deflated = reader.take(deflated);
                Service { prefix, name, rcp, deflated, inflated, block: OnceLock::new() }
            });
            let services = services.collect();
            Self { version, global_keys, services }
        })
    }
}

impl Block {
    pub(super) fn read(service: &Service) -> Self {
        let bytes = decompress_to_vec_with_limit(service.deflated, service.inflated)
            .expect("the embedded actions inflate, as a test over all of them shows");
        // One allocation a service and process, so that names need no lifetime.
        let mut reader = Reader { bytes: bytes.leak(), strings: Vec::new() };
        reader.strings = reader.list(Reader::text);
        let condition_keys = reader.list(|reader| {
            let name = reader.string();
            reader.condition_key(name)
        });
        let resource_types = reader.list(|reader| ResourceType {
            name: reader.string(),
            arn: reader.string(),
            condition_keys: reader.strings(),
        });
        let actions = reader.list(|reader| Action {
            service: service.prefix,
            name: reader.string(),
            access_level: AccessLevel::ALL[usize::from(reader.byte())],
            resources: reader.list(|reader| ActionResource {
                name: reader.string(),
                required: reader.byte() != 0,
                condition_keys: reader.strings(),
                dependent_actions: reader.strings(),
            }),
            condition_keys: reader.strings(),
            dependent_actions: reader.strings(),
        });
        Self { condition_keys, resource_types, actions }
    }
}

/// Reads embedded bytes, which a test has read before: it indexes without asking.
struct Reader {
    bytes: &'static [u8],
    strings: Vec<&'static str>,
}

impl Reader {
    fn take(&mut self, length: usize) -> &'static [u8] {
        let (taken, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    fn size(&mut self) -> usize {
        let mut number = 0;
        for shift in (0..).step_by(7) {
            let byte = self.byte();
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        number
    }

    fn text(&mut self) -> &'static str {
        let length = self.size();
        str::from_utf8(self.take(length)).expect("the embedded actions are UTF-8")
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let length = self.size();
        (0..length).map(|_| item(self)).collect()
    }

    fn string(&mut self) -> &'static str {
        let index = self.size();
        self.strings[index]
    }

    fn strings(&mut self) -> Vec<&'static str> {
        self.list(Self::string)
    }

    fn condition_key(&mut self, name: &'static str) -> ConditionKey {
        let byte = self.byte();
        let value_type = ValueType::ALL[usize::from(byte & 0x7f)];
        ConditionKey { name, value_type, several: byte & 0x80 != 0 }
    }
}
