use std::fmt::{self, Display, Formatter, Write as _};

/// A place in a property tree, as a list from the inside out: nothing is allocated on the way.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Root,
    Name(&'a Self, &'a str),
    Index(&'a Self, usize),
}

impl<'a> Path<'a> {
    pub(super) const fn name(&'a self, name: &'a str) -> Self {
        Self::Name(self, name)
    }

    pub(super) const fn index(&'a self, index: usize) -> Self {
        Self::Index(self, index)
    }
}

impl Display for Path<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let parent = match self {
            Self::Root => return Ok(()),
            Self::Name(parent, _) | Self::Index(parent, _) => parent,
        };
        if !matches!(parent, Self::Root) {
            parent.fmt(f)?;
            f.write_char('/')?;
        }
        match self {
            Self::Name(_, name) => f.write_str(name),
            Self::Index(_, index) => index.fmt(f),
            Self::Root => Ok(()),
        }
    }
}
