use super::{Bound, Comparator, Comparison, Number, UNKNOWN};

/// A place in a text.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    pub(super) fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    pub(super) fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    pub(super) fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.eat(token) { Ok(()) } else { Err(format!("`{token}` is missing {}", self.place())) }
    }

    /// As many characters as are `allowed`.
    pub(super) fn take(&mut self, allowed: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !allowed(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// A name of a function, a method or a type.
    pub(super) fn name(&mut self) -> &'a str {
        self.take(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    }

    /// A text in quotes, without them; a backslash lets the next character be.
    pub(super) fn quoted(&mut self) -> Result<String, String> {
        let mut end = self.clone();
        let quote = end.next().unwrap_or_default();
        let mut text = String::new();
        loop {
            match end.next() {
                None => return Err(format!("the quote is not closed {}", self.place())),
                Some('\\') => text.extend(end.next()),
                Some(c) if c == quote => break,
                Some(c) => text.push(c),
            }
        }
        *self = end;
        Ok(text)
    }

    /// What stands up to `close`, which is taken too.
    pub(super) fn until(&mut self, close: char) -> Result<&'a str, String> {
        let end = self
            .rest
            .find(close)
            .ok_or_else(|| format!("`{close}` is missing {}", self.place()))?;
        let (taken, rest) = self.rest.split_at(end);
        self.rest = &rest[close.len_utf8()..];
        Ok(taken)
    }

    pub(super) fn comparator(&mut self) -> Option<Comparator> {
        Comparator::ALL.into_iter().find(|comparator| self.eat(comparator.symbol()))
    }

    /// A comparison that ends the text.
    pub(super) fn comparison(&mut self) -> Result<Comparison, String> {
        let place = self.place();
        let comparator =
            self.comparator().ok_or_else(|| format!("a comparison is missing {place}"))?;
        self.space();
        let bound = self.rest.trim_end();
        self.rest = "";
        let bound = match bound {
            "threshold" => Bound::Threshold,
            bound if bound.contains(UNKNOWN) => Bound::Unknown,
            bound => Bound::Number(number(bound)?),
        };
        Ok(Comparison { comparator, bound })
    }

    pub(super) fn place(&self) -> String {
        if self.rest.is_empty() {
            return "at the end".to_owned();
        }
        let shown: String = self.rest.chars().take(24).collect();
        format!("before `{shown}{}`", if shown.len() < self.rest.len() { "..." } else { "" })
    }
}

fn number(text: &str) -> Result<Number, String> {
    let whole = text.parse::<i64>().map(Number::from);
    let number = whole.or_else(|_| text.parse::<f64>().map(Number::from));
    match number {
        Ok(number) if number.as_f64().is_finite() => Ok(number),
        _ => Err(format!("`{text}` is no number")),
    }
}
