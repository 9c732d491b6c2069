use std::cell::Cell;

use super::syntax::Expression;

/// What no pattern of the schemas comes near on a value of any sensible length.
const STEPS: u32 = 200_000;

/// How deep expressions may call each other, so that a hostile value cannot overflow the stack.
const DEPTH: u32 = 1_000;

/// Matches expressions against one text.
pub(super) struct Matcher<'a> {
    text: &'a str,
    steps: Cell<u32>,
    depth: Cell<u32>,
    gave_up: Cell<bool>,
}

/// What has to match after an expression: whether it does from this position on.
type Next<'n> = dyn FnMut(usize) -> bool + 'n;

impl<'a> Matcher<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, steps: Cell::new(STEPS), depth: Cell::new(0), gave_up: Cell::new(false) }
    }

    /// Whether `expression` matches at `start`.
    pub(super) fn run(&self, expression: &Expression, start: usize) -> bool {
        self.matches(expression, start, &mut |_| true)
    }

    /// Whether the answer may be wrong, since finding it took too many steps.
    pub(super) const fn gave_up(&self) -> bool {
        self.gave_up.get()
    }

    fn matches(&self, expression: &Expression, at: usize, next: &mut Next<'_>) -> bool {
        if self.steps.get() == 0 || self.depth.get() > DEPTH {
            self.gave_up.set(true);
            self.steps.set(0);
            return false;
        }
        self.steps.set(self.steps.get() - 1);
        self.depth.set(self.depth.get() + 1);
        let matched = self.step(expression, at, next);
        self.depth.set(self.depth.get() - 1);
        matched
    }

    fn step(&self, expression: &Expression, at: usize, next: &mut Next<'_>) -> bool {
        match expression {
            Expression::Class(class) => match self.text[at..].chars().next() {
                Some(character) if class.contains(character) => next(at + character.len_utf8()),
                _ => false,
            },
            Expression::Start => at == 0 && next(at),
            Expression::End => matches!(&self.text[at..], "" | "\n") && next(at),
            Expression::VeryEnd => at == self.text.len() && next(at),
            Expression::WordBoundary { negated } => {
                let before = self.text[..at].chars().next_back().is_some_and(is_word);
                let after = self.text[at..].chars().next().is_some_and(is_word);
                (before != after) != *negated && next(at)
            }
            Expression::Sequence(parts) => self.sequence(parts, at, next),
            Expression::Alternatives(parts) => {
                parts.iter().any(|part| self.matches(part, at, next))
            }
            Expression::Repeat { what, min, max, greedy } => match &**what {
                Expression::Class(_) if *greedy => self.run_of(what, *min, *max, at, next),
                _ => self.repeat(what, (*min, *max, *greedy), at, next),
            },
            Expression::Look { what, behind, negated } => {
                let found = if *behind {
                    let mut starts =
                        self.text[..at].char_indices().map(|(start, _)| start).chain([at]);
                    starts.any(|start| self.matches(what, start, &mut |end| end == at))
                } else {
                    self.matches(what, at, &mut |_| true)
                };
                found != *negated && next(at)
            }
        }
    }

    fn sequence(&self, parts: &[Expression], at: usize, next: &mut Next<'_>) -> bool {
        match parts {
            [] => next(at),
            [last] => self.matches(last, at, next),
            [first, rest @ ..] => self.matches(first, at, &mut |at| self.sequence(rest, at, next)),
        }
    }

    /// A repeated set of characters, by far the most common repetition, without recursion.
    fn run_of(
        &self,
        what: &Expression,
        min: u32,
        max: u32,
        at: usize,
        next: &mut Next<'_>,
    ) -> bool {
        let Expression::Class(class) = what else { return false };
        let mut end = at;
        let mut count = 0;
        for character in self.text[at..].chars() {
            if count == max || !class.contains(character) {
                break;
            }
            end += character.len_utf8();
            count += 1;
        }
        while count >= min {
            if next(end) {
                return true;
            }
            if count == 0 || self.steps.get() == 0 {
                return false;
            }
            self.steps.set(self.steps.get() - 1);
            end -= self.text[..end].chars().next_back().map_or(0, char::len_utf8);
            count -= 1;
        }
        false
    }

    fn repeat(
        &self,
        what: &Expression,
        (min, max, greedy): (u32, u32, bool),
        at: usize,
        next: &mut Next<'_>,
    ) -> bool {
        if !greedy && min == 0 && next(at) {
            return true;
        }
        let more = max > 0
            && self.matches(what, at, &mut |end| {
                // An empty round changes nothing, so no further one would.
                if end == at && min == 0 {
                    return false;
                }
                let left = if max == u32::MAX { max } else { max - 1 };
                self.repeat(what, (min.saturating_sub(1), left, greedy), end, next)
            });
        more || (greedy && min == 0 && next(at))
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}
