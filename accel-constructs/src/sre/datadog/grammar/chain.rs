use super::{ChainReading, cursor::Cursor};

/// `name(argument, ...)`
#[derive(Clone, Debug)]
pub(in super::super) struct Call {
    /// Empty for the quoted name that a service check begins with.
    pub(in super::super) name: String,
    pub(in super::super) arguments: Vec<Argument>,
}

/// An argument of a [`Call`].
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Argument {
    Quoted(String),
    Bare(String),
    /// `direction="above"`
    Named(String, String),
}

impl Argument {
    /// The argument itself, without its quotes and its name.
    pub(in super::super) fn text(&self) -> &str {
        match self {
            Self::Quoted(text) | Self::Bare(text) | Self::Named(_, text) => text,
        }
    }
}

pub(super) fn read(query: &str) -> Result<ChainReading, String> {
    let mut cursor = Cursor::new(query.trim());
    let head = match cursor.peek() {
        Some('"' | '\'') => {
            Call { name: String::new(), arguments: vec![Argument::Quoted(cursor.quoted()?)] }
        }
        _ => call(&mut cursor)?,
    };
    let mut calls = Vec::new();
    while cursor.eat(".") {
        calls.push(call(&mut cursor)?);
    }
    cursor.space();
    let comparison = if cursor.is_at_end() { None } else { Some(cursor.comparison()?) };
    Ok(ChainReading { head, calls, comparison })
}

fn call(cursor: &mut Cursor<'_>) -> Result<Call, String> {
    let name = cursor.name().to_owned();
    if name.is_empty() {
        return Err(format!("a name is missing {}", cursor.place()));
    }
    cursor.expect("(")?;
    let mut arguments = Vec::new();
    loop {
        cursor.space();
        if cursor.eat(")") {
            return Ok(Call { name, arguments });
        }
        if !arguments.is_empty() {
            cursor.expect(",")?;
            cursor.space();
        }
        arguments.push(argument(cursor)?);
    }
}

fn argument(cursor: &mut Cursor<'_>) -> Result<Argument, String> {
    if let Some('"' | '\'') = cursor.peek() {
        return cursor.quoted().map(Argument::Quoted);
    }
    let bare = cursor.take(|c| !",()=\"'".contains(c)).trim().to_owned();
    if !cursor.eat("=") {
        return match bare.as_str() {
            "" => Err(format!("an argument is missing {}", cursor.place())),
            _ => Ok(Argument::Bare(bare)),
        };
    }
    let value = match cursor.peek() {
        Some('"' | '\'') => cursor.quoted()?,
        _ => cursor.take(|c| !",()".contains(c)).trim().to_owned(),
    };
    Ok(Argument::Named(bare, value))
}
