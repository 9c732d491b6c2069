//! Many guardrails in few policies.

use std::cmp::Reverse;

use accel_core::{PolicyDocument, Prop, policy::Statement, stable_hash};

/// What of a guardrail is packed.
pub(super) struct Item<'a> {
    /// The guardrail's id, which alone says where it belongs.
    pub(super) id: &'a str,
    pub(super) statements: Vec<Statement>,
}

/// A policy with the guardrails in it, each with its size.
#[derive(Default)]
pub(super) struct Packed<'a> {
    pub(super) document: PolicyDocument,
    pub(super) guardrails: Vec<(&'a str, usize)>,
}

/// `items` in `count` policies of at most `limit` characters, some of them empty, and those that fit in none.
///
/// Each guardrail has an order of the policies that follows from its id alone, and is put in the first of them
/// that has room for it after those before it. So who has room in its first policy stays there whatever else
/// is added, and what is added last moves nobody.
pub(super) fn pack<'a>(
    items: Vec<Item<'a>>,
    count: usize,
    limit: usize,
) -> (Vec<Packed<'a>>, Vec<Item<'a>>) {
    let mut policies: Vec<Packed<'_>> = (0..count).map(|_| Packed::default()).collect();
    let mut left = Vec::new();
    for item in items {
        let fitting = order(item.id, count).into_iter().find_map(|place| {
            let together = together(&policies[place].document, &item.statements);
            (size(&together) <= limit).then_some((place, together))
        });
        match fitting {
            Some((place, together)) => {
                let alone = item.size();
                policies[place].document = together;
                policies[place].guardrails.push((item.id, alone));
            }
            None => left.push(item),
        }
    }
    (policies, left)
}

impl Packed<'_> {
    pub(super) fn size(&self) -> usize {
        size(&self.document)
    }
}

impl Item<'_> {
    /// The characters of its own statements, with what a policy has around them.
    pub(super) fn size(&self) -> usize {
        size(&together(&PolicyDocument::new(), &self.statements))
    }
}

/// The places of `count` policies in the order in which `id` prefers them: each pair of an id and a place has
/// a rank of its own (rendezvous hashing).
fn order(id: &str, count: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by_key(|place| Reverse(stable_hash(&format!("{id}#{place}"))));
    places
}

fn together(document: &PolicyDocument, statements: &[Statement]) -> PolicyDocument {
    let mut document = document.clone();
    document.extend(statements.iter().cloned());
    document.merged()
}

/// Characters of an id that only the deployment knows: of an organization, at most.
const ID_SIZE: usize = 34;

/// The most characters that the document has once it is deployed.
fn size(document: &PolicyDocument) -> usize {
    let mut unknown = 0;
    Prop::from(document)
        .walk(&mut |prop| unknown += usize::from(matches!(prop, Prop::Intrinsic(_))));
    document.size() + unknown * ID_SIZE
}

#[cfg(test)]
mod tests;
