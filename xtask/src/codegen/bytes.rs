//! How embedded tables are written: numbers as LEB128, text as its length and its UTF-8 bytes, a list
//! as its length and its items.

/// Bytes being written.
#[derive(Default)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Bytes {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    pub(crate) fn double(&mut self, number: f64) {
        self.0.extend(number.to_le_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend(text.bytes());
    }

    /// The index of a text that stands in a table of strings.
    pub(crate) fn string(&mut self, index: u32) {
        self.number(index.into());
    }

    pub(crate) fn list<T, I>(&mut self, items: I, mut item: impl FnMut(&mut Self, T))
    where
        I: IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
    {
        let items = items.into_iter();
        self.number(items.len() as u64);
        items.for_each(|value| item(self, value));
    }
}

/// Texts that are written once and named by their index.
#[derive(Default)]
pub(crate) struct Strings(std::collections::BTreeMap<String, u32>);

impl Strings {
    pub(crate) fn index(&mut self, text: &str) -> u32 {
        if let Some(index) = self.0.get(text) {
            return *index;
        }
        let next = u32::try_from(self.0.len()).expect("a block has far fewer strings");
        self.0.insert(text.to_owned(), next);
        next
    }

    /// Writes them in the order of their indices.
    pub(crate) fn write(&self, bytes: &mut Bytes) {
        let mut strings: Vec<(&String, &u32)> = self.0.iter().collect();
        strings.sort_by_key(|(_, index)| **index);
        bytes.list(strings, |bytes, (text, _)| bytes.text(text));
    }
}
