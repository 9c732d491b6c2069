//! Where the published schemas refuse what AWS accepts.

use std::collections::BTreeMap;

use anyhow::Context as _;

use super::vendored::Schema;

/// A keyword of a schema to call by another name, and why.
struct Correction {
    type_name: &'static str,
    /// The object that has the keyword.
    pointer: &'static str,
    keyword: &'static str,
    instead: &'static str,
}

const CORRECTIONS: [Correction; 1] = [
    // The API ignores case, and the CDK has always written protocols in lower case.
    Correction {
        type_name: "AWS::ElasticLoadBalancing::LoadBalancer",
        pointer: "/definitions/Listeners/properties/Protocol",
        keyword: "enum",
        instead: "enumCaseInsensitive",
    },
];

/// Corrects the schemas; fails if one no longer has what it corrects.
pub(crate) fn apply(types: &mut BTreeMap<String, Schema>) -> anyhow::Result<()> {
    for Correction { type_name, pointer, keyword, instead } in CORRECTIONS {
        let keywords = types
            .get_mut(type_name)
            .and_then(|known| known.schema.pointer_mut(pointer)?.as_object_mut());
        let (value, keywords) = keywords
            .and_then(|keywords| Some((keywords.remove(keyword)?, keywords)))
            .with_context(|| format!("{type_name} has no {keyword} at {pointer} to correct"))?;
        keywords.insert(instead.to_owned(), value);
    }
    Ok(())
}
