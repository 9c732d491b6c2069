//! `oneOf` and `anyOf`: values that can have one of several forms.

use super::{Check, Kind, Literal, NodeId, Path, Rule, Violation, describe};

/// Longer lists of forms are cut.
const MOST_FORMS: usize = 4;

/// What came of trying a form on.
pub(super) enum Attempt {
    /// It fits.
    Fits,
    /// It does not.
    Fails,
    /// The deployment decides.
    Unknown,
}

impl Check<'_> {
    /// Tries a form on, without saying anything.
    pub(super) fn attempt(
        &mut self,
        form: NodeId,
        value: Literal<'_>,
        path: &Path<'_>,
        strict: bool,
    ) -> Attempt {
        let mut trial = Check { quiet: true, strict, ..Check::new(self.block) };
        trial.literal(form, value, path);
        match (trial.errors, trial.unknown) {
            (0, false) => Attempt::Fits,
            (0, true) => Attempt::Unknown,
            _ => Attempt::Fails,
        }
    }

    pub(super) fn any_of(&mut self, forms: &[NodeId], value: Literal<'_>, path: &Path<'_>) {
        let mut unknown = false;
        for form in forms {
            match self.attempt(*form, value, path, self.strict) {
                Attempt::Fits => return,
                Attempt::Unknown => unknown = true,
                Attempt::Fails => {}
            }
        }
        if unknown {
            self.unknown = true;
        } else {
            self.no_form(forms, value, path);
        }
    }

    pub(super) fn one_of(&mut self, forms: &[NodeId], value: Literal<'_>, path: &Path<'_>) {
        let (mut fitting, mut unknown) = (0, false);
        for form in forms {
            match self.attempt(*form, value, path, self.strict) {
                Attempt::Fits => fitting += 1,
                Attempt::Unknown => unknown = true,
                Attempt::Fails => {}
            }
        }
        match fitting {
            0 if unknown => self.unknown = true,
            0 => self.no_form(forms, value, path),
            1 => self.unknown |= unknown,
            // `"1"` fits text, and a number by coercion: that is one form, not two.
            _ => {
                let exactly = |form: &&NodeId| {
                    matches!(self.attempt(**form, value, path, true), Attempt::Fits)
                };
                if forms.iter().filter(exactly).count() > 1 {
                    self.several_forms(forms, value, path);
                }
            }
        }
    }

    fn no_form(&mut self, forms: &[NodeId], value: Literal<'_>, path: &Path<'_>) {
        let block = self.block;
        self.report(|| {
            // What is wrong with each form says best what it asks for.
            let wrong = |form: &NodeId| {
                let mut trial = Check::new(block);
                trial.literal(*form, value, path);
                trial.violations
            };
            let mut attempts: Vec<Vec<Violation>> = forms.iter().map(wrong).collect();
            attempts.sort_by_key(|violations| violations.len());
            let mut ways: Vec<String> = Vec::new();
            for violations in &attempts {
                let way = violations.iter().map(way_out).collect::<Vec<_>>().join(" and ");
                if !way.is_empty() && !ways.contains(&way) {
                    ways.push(way);
                }
            }
            ways.truncate(MOST_FORMS);
            Violation {
                kind: Kind::NoFormMatches,
                path: path.to_string(),
                given: value.describe(),
                allowed: ways.join(", or "),
                help: None,
            }
        });
    }

    fn several_forms(&mut self, forms: &[NodeId], value: Literal<'_>, path: &Path<'_>) {
        let block = self.block;
        self.report(|| {
            let required = |form: &NodeId| {
                block.rules(*form).iter().find_map(|rule| match rule {
                    Rule::Required(names) => Some(names.as_slice()),
                    _ => None,
                })
            };
            let asked: Option<Vec<&[&str]>> = forms.iter().map(required).collect();
            let allowed = asked.map_or_else(
                || format!("exactly one of its {} forms", forms.len()),
                |asked| {
                    let all: Vec<String> = asked.into_iter().map(describe::and).collect();
                    format!("exactly one of: {}", all.join("; "))
                },
            );
            Violation {
                kind: Kind::NoFormMatches,
                path: path.to_string(),
                given: value.describe(),
                allowed,
                help: None,
            }
        });
    }
}

fn way_out(violation: &Violation) -> String {
    match violation.kind {
        Kind::MissingProperty => format!("`{}`", violation.path),
        Kind::UnknownProperty => format!("no `{}`", violation.path),
        _ if violation.path.is_empty() => violation.allowed.clone(),
        _ => format!("`{}`: {}", violation.path, violation.allowed),
    }
}
