use std::collections::BTreeSet;

use super::{Action, Actions, PolicyDocument, Resources, Statement, canonical};
use crate::{Prop, Text};

impl PolicyDocument {
    /// The same policy in fewer statements. Two become one where that decides every request as before:
    ///
    /// - they differ in their actions alone: the actions of both;
    /// - they differ in their resources alone: the resources of both;
    /// - they are the same.
    ///
    /// Lists of exceptions (`NotAction`, `NotResource`) are never put together: a statement about all but
    /// `a`, with one about all but `b`, is about everything. What two statements were called is said one
    /// after the other, `ReadWrite`. The earlier of two keeps its place.
    ///
    /// ```
    /// use accel_core::{PolicyDocument, actions};
    /// use accel_core::policy::Statement;
    ///
    /// let policy = PolicyDocument::from([
    ///     Statement::deny(actions!["store:GetItem"]).resource("*").sid("Read"),
    ///     Statement::deny(actions!["store:PutItem"]).resource("*").sid("Write"),
    /// ]);
    /// let both = Statement::deny(actions!["store:GetItem", "store:PutItem"]).resource("*");
    /// assert_eq!(policy.merged(), PolicyDocument::from([both.sid("ReadWrite")]));
    /// ```
    #[must_use]
    pub fn merged(self) -> Self {
        let mut statements = Vec::new();
        for statement in self.statements {
            add(&mut statements, statement);
        }
        Self { statements, ..self }
    }
}

/// Adds a statement to those that are merged. What has grown can be like another one by now, so it is added anew.
fn add(statements: &mut Vec<Statement>, mut statement: Statement) {
    let mut place = statements.len();
    while let Some((index, both)) = statements
        .iter()
        .enumerate()
        .find_map(|(index, known)| Some((index, together(known, &statement)?)))
    {
        drop(statements.remove(index));
        statement = both;
        place = place.min(index);
    }
    statements.insert(place, statement);
}

/// Both statements as one, if one can say the same.
fn together(first: &Statement, second: &Statement) -> Option<Statement> {
    let alike = first.effect == second.effect
        && first.principals == second.principals
        && same_conditions(first, second);
    if !alike {
        return None;
    }
    let (actions, resources) = (
        same_actions(&first.actions, &second.actions),
        same_resources(&first.resources, &second.resources),
    );
    let mut both = first.clone();
    match (actions, resources) {
        (true, true) => {}
        (false, true) => match (&mut both.actions, &second.actions) {
            (Actions::Only(all), Actions::Only(more)) => all.extend(more.iter().cloned()),
            _ => return None,
        },
        (true, false) => match (&mut both.resources, &second.resources) {
            // A statement without resources is about whatever it is attached to.
            (Resources::Only(all), Resources::Only(more))
                if !all.is_empty() && !more.is_empty() =>
            {
                all.extend(more.iter().cloned());
            }
            _ => return None,
        },
        (false, false) => return None,
    }
    both.sid = match (&first.sid, &second.sid) {
        (Some(first), Some(second)) if first != second => {
            Some(Text::from(format!("{first}{second}")))
        }
        (first, second) => first.clone().or_else(|| second.clone()),
    };
    Some(both)
}

fn same_actions(first: &Actions, second: &Actions) -> bool {
    let same = |first: &[Action], second: &[Action]| {
        first == second || first.iter().collect::<BTreeSet<_>>() == second.iter().collect()
    };
    match (first, second) {
        (Actions::Only(first), Actions::Only(second))
        | (Actions::Except(first), Actions::Except(second)) => same(first, second),
        _ => false,
    }
}

fn same_resources(first: &Resources, second: &Resources) -> bool {
    match (first, second) {
        (Resources::Only(first), Resources::Only(second))
        | (Resources::Except(first), Resources::Except(second)) => same_values(first, second),
        _ => false,
    }
}

fn same_conditions(first: &Statement, second: &Statement) -> bool {
    let (first, second) = (&first.conditions, &second.conditions);
    first.len() == second.len()
        && first.iter().zip(second).all(|((test, keys), (other, others))| {
            test == other
                && keys.len() == others.len()
                && keys.iter().zip(others).all(|((key, values), (other, others))| {
                    key == other && same_values(values, others)
                })
        })
}

fn same_values(first: &[Prop], second: &[Prop]) -> bool {
    first == second || canonical(first.iter().cloned()) == canonical(second.iter().cloned())
}
