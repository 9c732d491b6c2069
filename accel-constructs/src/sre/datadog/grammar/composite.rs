use super::cursor::Cursor;

/// Reads `A && !B || C`; says how many monitors are in it.
pub(super) fn read(query: &str) -> Result<usize, String> {
    let mut cursor = Cursor::new(query.trim());
    let monitors = any(&mut cursor, 0)?;
    if !cursor.is_at_end() {
        return Err(format!("`&&` or `||` is missing {}", cursor.place()));
    }
    Ok(monitors)
}

/// Deeper than any ten monitors need.
const MAX_DEPTH: usize = 64;

fn any(cursor: &mut Cursor<'_>, depth: usize) -> Result<usize, String> {
    let mut monitors = operand(cursor, depth)?;
    while cursor.eat("&&") || cursor.eat("||") {
        monitors += operand(cursor, depth)?;
    }
    Ok(monitors)
}

fn operand(cursor: &mut Cursor<'_>, depth: usize) -> Result<usize, String> {
    cursor.space();
    if depth > MAX_DEPTH {
        return Err("it is nested too deeply".to_owned());
    }
    let monitors = if cursor.eat("!") {
        operand(cursor, depth + 1)?
    } else if cursor.eat("(") {
        let monitors = any(cursor, depth + 1)?;
        cursor.expect(")")?;
        monitors
    } else if cursor.eat("%{") {
        cursor.until('}')?;
        1
    } else {
        let place = cursor.place();
        let id = cursor.take(|c| c.is_ascii_digit() || c == super::UNKNOWN);
        if id.is_empty() {
            return Err(format!("the id of a monitor is missing {place}"));
        }
        1
    };
    cursor.space();
    Ok(monitors)
}
