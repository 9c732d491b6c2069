//! JSON, written straight into text: two spaces deep, keys in the order they come.

use std::fmt::Write as _;

use accel_core::{Object, Prop};

/// Writes JSON. Between `begin_*` and `end_*` come `key`s and values.
#[derive(Debug)]
pub(crate) struct JsonWriter {
    out: String,
    depth: usize,
    /// Whether something stands before at this depth, so that a comma is due.
    filled: bool,
    compact: bool,
}

impl JsonWriter {
    pub(crate) fn pretty(capacity: usize) -> Self {
        Self { out: String::with_capacity(capacity), depth: 0, filled: false, compact: false }
    }

    /// Without any white space: for sizes that AWS counts, and hashes.
    pub(crate) fn compact() -> Self {
        Self { out: String::new(), depth: 0, filled: false, compact: true }
    }

    pub(crate) fn finish(mut self) -> String {
        if !self.compact {
            self.out.push('\n');
        }
        self.out
    }

    pub(crate) fn begin_object(&mut self) {
        self.begin('{');
    }

    pub(crate) fn end_object(&mut self) {
        self.end('}');
    }

    pub(crate) fn begin_list(&mut self) {
        self.begin('[');
    }

    pub(crate) fn end_list(&mut self) {
        self.end(']');
    }

    fn begin(&mut self, bracket: char) {
        self.out.push(bracket);
        self.depth += 1;
        self.filled = false;
    }

    fn end(&mut self, bracket: char) {
        self.depth -= 1;
        if self.filled {
            self.new_line();
        }
        self.out.push(bracket);
        self.filled = true;
    }

    pub(crate) fn key(&mut self, key: &str) {
        self.separate();
        self.quote(key);
        self.out.push_str(if self.compact { ":" } else { ": " });
    }

    /// Before each item of a list.
    pub(crate) fn item(&mut self) {
        self.separate();
    }

    fn separate(&mut self) {
        if self.filled {
            self.out.push(',');
        }
        self.filled = true;
        self.new_line();
    }

    fn new_line(&mut self) {
        const SPACES: &str = "                                                                ";
        if self.compact {
            return;
        }
        self.out.push('\n');
        let mut missing = self.depth * 2;
        while missing > 0 {
            let now = missing.min(SPACES.len());
            self.out.push_str(&SPACES[..now]);
            missing -= now;
        }
    }

    pub(crate) fn string(&mut self, text: &str) {
        self.quote(text);
        self.filled = true;
    }

    pub(crate) fn integer(&mut self, value: i64) {
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{value}");
        self.filled = true;
    }

    pub(crate) fn float(&mut self, value: f64) {
        let _ = write!(self.out, "{value:?}");
        self.filled = true;
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.out.push_str(if value { "true" } else { "false" });
        self.filled = true;
    }

    pub(crate) fn null(&mut self) {
        self.out.push_str("null");
        self.filled = true;
    }

    fn quote(&mut self, text: &str) {
        self.out.push('"');
        // Most texts stand as they are. To see that without a branch for each byte takes a fraction of the time.
        if text.bytes().fold(true, |clean, byte| clean & is_clean(byte)) {
            self.out.push_str(text);
        } else {
            self.escape(text);
        }
        self.out.push('"');
    }

    fn escape(&mut self, text: &str) {
        let mut clean_from = 0;
        for (at, byte) in text.bytes().enumerate() {
            if is_clean(byte) {
                continue;
            }
            self.out.push_str(&text[clean_from..at]);
            clean_from = at + 1;
            match byte {
                b'"' => self.out.push_str("\\\""),
                b'\\' => self.out.push_str("\\\\"),
                b'\n' => self.out.push_str("\\n"),
                b'\t' => self.out.push_str("\\t"),
                b'\r' => self.out.push_str("\\r"),
                _ => {
                    let _ = write!(self.out, "\\u{byte:04x}");
                }
            }
        }
        self.out.push_str(&text[clean_from..]);
    }

    /// A whole property tree; `intrinsic` writes what is not literal.
    pub(crate) fn prop(
        &mut self,
        prop: &Prop,
        intrinsic: &mut impl FnMut(&mut Self, &accel_core::Intrinsic),
    ) {
        match prop {
            Prop::Bool(value) => self.bool(*value),
            Prop::Integer(value) => self.integer(*value),
            Prop::Float(value) => self.float(*value),
            Prop::String(text) => self.string(text),
            Prop::List(items) => {
                self.begin_list();
                for value in items {
                    self.item();
                    self.prop(value, intrinsic);
                }
                self.end_list();
            }
            Prop::Object(entries) => self.object(entries, intrinsic),
            Prop::Intrinsic(inner) => intrinsic(self, inner),
        }
    }

    pub(crate) fn object(
        &mut self,
        entries: &Object,
        intrinsic: &mut impl FnMut(&mut Self, &accel_core::Intrinsic),
    ) {
        self.begin_object();
        for (key, value) in entries.iter() {
            self.key(key);
            self.prop(value, intrinsic);
        }
        self.end_object();
    }
}

/// Whether a byte stands in a text as it is.
const fn is_clean(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(prop: &Prop, mut writer: JsonWriter) -> String {
        writer.prop(prop, &mut |_, _| {});
        writer.finish()
    }

    #[test]
    fn writes_what_serde_reads_back() {
        let prop = Prop::object([
            ("text", Prop::from("a \"quoted\" \\ line\nand \u{1} control, ünïcödé")),
            ("numbers", Prop::list([Prop::from(-3), Prop::from(0.5), Prop::from(1e300)])),
            ("empty", Prop::list([Prop::Object(Object::new()), Prop::List(Vec::new())])),
            ("flag", Prop::from(true)),
        ]);
        let expected = serde_json::json!({
            "text": "a \"quoted\" \\ line\nand \u{1} control, ünïcödé",
            "numbers": [-3, 0.5, 1e300],
            "empty": [{}, []],
            "flag": true,
        });
        for writer in [JsonWriter::pretty(0), JsonWriter::compact()] {
            let text = print(&prop, writer);
            assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), expected);
        }
    }

    #[test]
    fn pretty_is_two_spaces_deep() {
        let prop = Prop::object([("a", Prop::list([1, 2])), ("b", Prop::Object(Object::new()))]);
        let text = print(&prop, JsonWriter::pretty(0));
        assert_eq!(text, "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}\n");
    }
}
