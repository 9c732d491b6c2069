//! How one value is written, so that YAML 1.1 and YAML 1.2 read it the same way.

/// `text` on one line: plain where every reader takes it for the same text, else in quotes.
pub(super) fn on_one_line(text: &str) -> String {
    if text.chars().any(|c| !is_printable(c) || c == '\n' || c == '\t') {
        double_quoted(text)
    } else if is_plain(text) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// The header of a literal block (`|`, `|-`, `|2+`, ...) that holds `text`; none if it is not made
/// of several lines or has something that a block cannot hold.
pub(super) fn block_header(text: &str) -> Option<String> {
    let is_block = text.contains('\n')
        && text.chars().all(is_printable)
        && text.chars().any(|c| !matches!(c, ' ' | '\t' | '\n'));
    if !is_block {
        return None;
    }
    // A reader takes the indentation from the first line, unless it is told.
    let told = if text.starts_with([' ', '\t', '\n']) { "2" } else { "" };
    let end = match text.len() - text.trim_end_matches('\n').len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    Some(format!("|{told}{end}"))
}

/// A number with a dot, which readers of YAML 1.1 want, and with a signed exponent if any.
pub(super) fn float(value: f64) -> String {
    let text = format!("{value:?}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return text };
    let dot = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    format!("{mantissa}{dot}e{sign}{exponent}")
}

/// A comment's text without what would end its line.
pub(super) fn comment(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if is_printable(c) && c != '\n' && c != '\t' { c } else { ' ' })
        .collect();
    clean.trim_end().to_owned()
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if is_printable(c) => quoted.push(c),
            c => {
                let code = u32::from(c);
                quoted.push_str(&match code {
                    0..=0xff => format!("\\x{code:02x}"),
                    0x100..=0xffff => format!("\\u{code:04x}"),
                    _ => format!("\\U{code:08x}"),
                });
            }
        }
    }
    quoted.push('"');
    quoted
}

/// Whether every reader takes the plain text for itself.
fn is_plain(text: &str) -> bool {
    const INDICATORS: [char; 20] = [
        '!', '&', '*', '@', '%', '|', '>', '{', '}', '[', ']', '"', '\'', '#', '-', '?', ':', ',',
        '`', '=',
    ];
    !(text.is_empty()
        || text.starts_with(INDICATORS)
        || text.starts_with(' ')
        || text.ends_with([' ', ':'])
        || text.starts_with("<<")
        || text.starts_with("...")
        || text.contains(": ")
        || text.contains(" #")
        || is_word(text)
        || is_like_a_number(text))
}

/// Null and truth values of either version.
fn is_word(text: &str) -> bool {
    let words = ["~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let words = words.iter().chain(&[".inf", "+.inf", "-.inf", ".nan"]);
    words.into_iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether the text may be a number, a date, a time or a sexagesimal number in either version:
/// it starts like one and has no letter that they have not. Quotes too many do no harm.
fn is_like_a_number(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let all = |c: char| c.is_ascii_hexdigit() || "xXoO_.,:+- tTzZ".contains(c);
    starts && text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(all)
}

/// Whether YAML 1.1 and 1.2 both let the character stand for itself; line ends other than `\n` do
/// not, as readers make it one.
const fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}'
        | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}
