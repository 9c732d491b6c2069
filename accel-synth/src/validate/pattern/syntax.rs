use std::{iter::Peekable, str::Chars};

use super::{
    Unsupported,
    class::{Category, Class, Item},
};

/// A parsed regular expression.
#[derive(Debug)]
pub(super) enum Expression {
    /// One character of a set.
    Class(Class),
    /// The start of the text.
    Start,
    /// The end of the text, before a last line break too.
    End,
    /// The very end of the text.
    VeryEnd,
    /// Between a word character and another, or, negated, not.
    WordBoundary { negated: bool },
    /// One after the other.
    Sequence(Vec<Self>),
    /// One of several, the first first.
    Alternatives(Vec<Self>),
    /// Between `min` and `max` times.
    Repeat { what: Box<Self>, min: u32, max: u32, greedy: bool },
    /// What follows (or, behind, comes before) matches or does not.
    Look { what: Box<Self>, behind: bool, negated: bool },
}

impl Expression {
    /// Whether every match starts where the text does.
    pub(super) fn starts_anchored(&self) -> bool {
        match self {
            Self::Start => true,
            Self::Sequence(parts) => parts.first().is_some_and(Self::starts_anchored),
            Self::Alternatives(parts) => parts.iter().all(Self::starts_anchored),
            _ => false,
        }
    }
}

pub(super) fn parse(source: &str) -> Result<Expression, Unsupported> {
    let mut parser = Parser {
        rest: source.chars().peekable(),
        ignore_case: false,
        dot: Category::AnyButNewline,
    };
    let expression = parser.alternatives()?;
    if parser.rest.peek().is_some() {
        return Err(Unsupported("an unopened group"));
    }
    Ok(expression)
}

struct Parser<'a> {
    rest: Peekable<Chars<'a>>,
    ignore_case: bool,
    dot: Category,
}

impl Parser<'_> {
    fn alternatives(&mut self) -> Result<Expression, Unsupported> {
        let flags = (self.ignore_case, self.dot);
        let mut alternatives = vec![self.sequence()?];
        while self.rest.next_if_eq(&'|').is_some() {
            alternatives.push(self.sequence()?);
        }
        (self.ignore_case, self.dot) = flags;
        Ok(match alternatives.len() {
            1 => alternatives.remove(0),
            _ => Expression::Alternatives(alternatives),
        })
    }

    fn sequence(&mut self) -> Result<Expression, Unsupported> {
        let mut parts = Vec::new();
        while let Some(next) = self.rest.next_if(|next| !matches!(next, '|' | ')')) {
            let atom = match next {
                '^' => Expression::Start,
                '$' => Expression::End,
                '.' => self.one(Item::Category(self.dot, false)),
                '(' => match self.group()? {
                    Some(group) => group,
                    None => continue,
                },
                '[' => self.class()?,
                '\\' => self.escape()?,
                '*' | '+' | '?' => return Err(Unsupported("a quantifier of nothing")),
                literal => self.one(Item::Range(literal, literal)),
            };
            parts.push(self.quantified(atom)?);
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Expression::Sequence(parts),
        })
    }

    fn one(&self, item: Item) -> Expression {
        Expression::Class(Class::new(vec![item], false, self.ignore_case))
    }

    /// After `(`. Nothing for a group that only sets flags.
    fn group(&mut self) -> Result<Option<Expression>, Unsupported> {
        let flags = (self.ignore_case, self.dot);
        let mut look = None;
        if self.rest.next_if_eq(&'?').is_some() {
            match self.rest.next() {
                Some(':') => {}
                Some('=') => look = Some((false, false)),
                Some('!') => look = Some((false, true)),
                Some('<') => match self.rest.next() {
                    Some('=') => look = Some((true, false)),
                    Some('!') => look = Some((true, true)),
                    _ => self
                        .rest
                        .by_ref()
                        .find(|next| *next == '>')
                        .map_or_else(|| Err(Unsupported("an unclosed group")), |_| Ok(()))?,
                },
                Some('i') => self.ignore_case = true,
                Some('s') => self.dot = Category::Any,
                _ => return Err(Unsupported("a kind of group")),
            }
            if look.is_none() && self.rest.next_if_eq(&')').is_some() {
                return Ok(None);
            }
        }
        let what = self.alternatives()?;
        if self.rest.next() != Some(')') {
            return Err(Unsupported("an unclosed group"));
        }
        (self.ignore_case, self.dot) = flags;
        Ok(Some(match look {
            Some((behind, negated)) => Expression::Look { what: Box::new(what), behind, negated },
            None => what,
        }))
    }

    fn quantified(&mut self, what: Expression) -> Result<Expression, Unsupported> {
        let (min, max) = match self.rest.peek() {
            Some('*') => (0, u32::MAX),
            Some('+') => (1, u32::MAX),
            Some('?') => (0, 1),
            // A brace that is no quantifier is a brace.
            Some('{') => match braces(self.rest.clone()) {
                Some((bounds, rest)) => {
                    self.rest = rest;
                    return self.repeated(what, bounds);
                }
                None => return Ok(what),
            },
            _ => return Ok(what),
        };
        self.rest.next();
        self.repeated(what, (min, max))
    }

    fn repeated(
        &mut self,
        what: Expression,
        (min, max): (u32, u32),
    ) -> Result<Expression, Unsupported> {
        let greedy = self.rest.next_if_eq(&'?').is_none();
        // Possessive: matches at most what the greedy form does, so the greedy form accepts more.
        self.rest.next_if_eq(&'+');
        let repeat = Expression::Repeat { what: Box::new(what), min, max, greedy };
        self.quantified(repeat)
    }

    /// After `\`, outside a class.
    fn escape(&mut self) -> Result<Expression, Unsupported> {
        Ok(match self.rest.peek() {
            Some('A') => self.after(Expression::Start),
            Some('Z') => self.after(Expression::End),
            Some('z') => self.after(Expression::VeryEnd),
            Some('b') => self.after(Expression::WordBoundary { negated: false }),
            Some('B') => self.after(Expression::WordBoundary { negated: true }),
            Some('1'..='9') => return Err(Unsupported("a back-reference")),
            _ => {
                let item = self.escaped_item()?;
                self.one(item)
            }
        })
    }

    fn after(&mut self, expression: Expression) -> Expression {
        self.rest.next();
        expression
    }

    /// After `\`, in a class or out of it.
    fn escaped_item(&mut self) -> Result<Item, Unsupported> {
        let escaped = self.rest.next().ok_or(Unsupported("a backslash at the end"))?;
        let literal = match escaped {
            'd' | 'D' => return Ok(Item::Category(Category::Digit, escaped == 'D')),
            'w' | 'W' => return Ok(Item::Category(Category::Word, escaped == 'W')),
            's' | 'S' => return Ok(Item::Category(Category::Space, escaped == 'S')),
            'p' | 'P' => {
                if self.rest.next() != Some('{') {
                    return Err(Unsupported("a character category without braces"));
                }
                let name: String = self.rest.by_ref().take_while(|next| *next != '}').collect();
                return Ok(Item::Category(Category::named(&name)?, escaped == 'P'));
            }
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\u{c}',
            'v' => '\u{b}',
            '0' => '\0',
            'x' => self.code(2)?,
            'u' => self.code(4)?,
            other => other,
        };
        Ok(Item::Range(literal, literal))
    }

    fn code(&mut self, digits: usize) -> Result<char, Unsupported> {
        let mut code = 0;
        for _ in 0..digits {
            let digit = self.rest.next().and_then(|digit| digit.to_digit(16));
            code = code * 16 + digit.ok_or(Unsupported("a malformed code point"))?;
        }
        // Half of a surrogate pair, as Java writes characters beyond 16 bits: the whole plane.
        Ok(match code {
            0xd800..0xdc00 => '\u{10000}',
            0xdc00..0xe000 => char::MAX,
            code => char::from_u32(code).ok_or(Unsupported("a malformed code point"))?,
        })
    }

    /// After `[`.
    fn class(&mut self) -> Result<Expression, Unsupported> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut items = Vec::new();
        loop {
            let first = match self.rest.next().ok_or(Unsupported("an unclosed class"))? {
                ']' if !items.is_empty() => break,
                '[' if self.rest.peek() == Some(&':') => match self.posix() {
                    Some(category) => category?,
                    None => Item::Range('[', '['),
                },
                '\\' => self.escaped_item()?,
                literal => Item::Range(literal, literal),
            };
            items.push(self.range(first)?);
        }
        Ok(Expression::Class(Class::new(items, negated, self.ignore_case)))
    }

    /// After the first item of what may be a range of a class.
    fn range(&mut self, first: Item) -> Result<Item, Unsupported> {
        let Item::Range(low, _) = first else { return Ok(first) };
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('-') || matches!(ahead.peek(), Some(']') | None) {
            return Ok(first);
        }
        self.rest.next();
        let last = match self.rest.next() {
            Some('\\') => self.escaped_item()?,
            Some(literal) => Item::Range(literal, literal),
            None => return Err(Unsupported("an unclosed class")),
        };
        match last {
            Item::Range(high, _) if low <= high => Ok(Item::Range(low, high)),
            Item::Range(..) => Err(Unsupported("a range that ends before it begins")),
            // `[a-\d]`: the hyphen is one; both sides and it are in the class.
            Item::Category(..) => Err(Unsupported("a range up to a category")),
        }
    }

    /// After `[` before `:`; nothing if this is no POSIX class.
    fn posix(&mut self) -> Option<Result<Item, Unsupported>> {
        let mut ahead = self.rest.clone();
        ahead.next();
        let name: String = ahead.by_ref().take_while(|next| next.is_ascii_lowercase()).collect();
        // `take_while` took the colon.
        if name.is_empty() || ahead.next() != Some(']') {
            return None;
        }
        self.rest = ahead;
        Some(Category::named(&name).map(|category| Item::Category(category, false)))
    }
}

/// `{2}`, `{2,}`, `{,3}` or `{2,3}`, and what follows it.
fn braces(mut rest: Peekable<Chars<'_>>) -> Option<((u32, u32), Peekable<Chars<'_>>)> {
    rest.next();
    let inside: String = rest.by_ref().take_while(|next| *next != '}').collect();
    let bounds = match inside.split_once(',') {
        None => inside.trim().parse().ok().map(|count| (count, count)),
        Some(("", "")) => None,
        Some((min, "")) => min.trim().parse().ok().map(|min| (min, u32::MAX)),
        Some(("", max)) => max.trim().parse().ok().map(|max| (0, max)),
        Some((min, max)) => min.trim().parse().ok().zip(max.trim().parse().ok()),
    }?;
    Some((bounds, rest))
}
