use super::Unsupported;

/// A set of characters.
#[derive(Debug)]
pub(super) struct Class {
    /// Bit i is set if ASCII character i is in the set: nearly all values are ASCII.
    ascii: u128,
    items: Vec<Item>,
    negated: bool,
    ignore_case: bool,
}

/// A part of a bracketed class.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    /// Both ends included.
    Range(char, char),
    /// The characters of a category, or all others.
    Category(Category, bool),
}

/// A kind of character. Beyond ASCII the rarer kinds are as wide as the standard library's
/// predicates let them be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    Any,
    AnyButNewline,
    Digit,
    Word,
    Space,
    Letter,
    Lowercase,
    Uppercase,
    Alphanumeric,
    Separator,
    Punctuation,
    Symbol,
    Mark,
    Control,
    Graph,
    Print,
    Ascii,
}

impl Class {
    pub(super) fn new(items: Vec<Item>, negated: bool, ignore_case: bool) -> Self {
        let mut class = Self { ascii: 0, items, negated, ignore_case };
        for code in 0..128u8 {
            if class.contains_slowly(code.into()) {
                class.ascii |= 1 << code;
            }
        }
        class
    }

    pub(super) fn contains(&self, character: char) -> bool {
        if character.is_ascii() {
            return self.ascii >> (character as u32) & 1 == 1;
        }
        self.contains_slowly(character)
    }

    fn contains_slowly(&self, character: char) -> bool {
        let found = |character| self.items.iter().any(|item| item.contains(character));
        let mut inside = found(character);
        if self.ignore_case {
            inside |= character.to_lowercase().any(found) || character.to_uppercase().any(found);
        }
        inside != self.negated
    }
}

impl Item {
    fn contains(self, character: char) -> bool {
        match self {
            Self::Range(first, last) => (first..=last).contains(&character),
            Self::Category(category, negated) => category.contains(character) != negated,
        }
    }
}

impl Category {
    /// The category that `\p{name}` and `[:name:]` name.
    pub(super) fn named(name: &str) -> Result<Self, Unsupported> {
        Ok(match name {
            "L" | "Letter" | "Alpha" | "alpha" => Self::Letter,
            "Ll" | "Lower" | "lower" => Self::Lowercase,
            "Lu" | "Upper" | "upper" => Self::Uppercase,
            "N" | "Nd" | "Digit" | "digit" => Self::Digit,
            "Alnum" | "alnum" => Self::Alphanumeric,
            "Z" | "Zs" => Self::Separator,
            "Space" | "space" => Self::Space,
            "P" | "Punct" | "punct" => Self::Punctuation,
            "S" => Self::Symbol,
            "M" => Self::Mark,
            "C" | "Cc" | "Cntrl" | "cntrl" => Self::Control,
            "Graph" | "graph" => Self::Graph,
            "Print" | "print" => Self::Print,
            "ASCII" | "ascii" => Self::Ascii,
            "word" => Self::Word,
            _ => return Err(Unsupported("an unknown character category")),
        })
    }

    fn contains(self, character: char) -> bool {
        match self {
            Self::Any => true,
            Self::AnyButNewline => character != '\n',
            Self::Digit => character.is_numeric(),
            Self::Word => character.is_alphanumeric() || character == '_' || is_other(character),
            Self::Space => character.is_whitespace(),
            Self::Letter => character.is_alphabetic(),
            Self::Lowercase => character.is_lowercase(),
            Self::Uppercase => character.is_uppercase(),
            Self::Alphanumeric => character.is_alphanumeric(),
            Self::Separator => character.is_whitespace() && !character.is_control(),
            Self::Punctuation => {
                character.is_ascii_punctuation() && !is_ascii_symbol(character)
                    || is_other(character)
            }
            Self::Symbol => is_ascii_symbol(character) || is_other(character),
            Self::Mark => is_other(character),
            Self::Control => character.is_control(),
            Self::Graph => !character.is_control() && !character.is_whitespace(),
            Self::Print => !character.is_control(),
            Self::Ascii => character.is_ascii(),
        }
    }
}

const fn is_ascii_symbol(character: char) -> bool {
    matches!(character, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~')
}

/// Beyond ASCII, and neither letter nor number nor space: a mark, a symbol or punctuation.
fn is_other(character: char) -> bool {
    !character.is_ascii()
        && !character.is_alphanumeric()
        && !character.is_whitespace()
        && !character.is_control()
}
