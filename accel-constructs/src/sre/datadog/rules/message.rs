use accel_core::Diagnostic;

use super::{
    super::{
        MonitorType, codes,
        grammar::{Reading, known},
    },
    Facts,
};

impl Facts<'_> {
    pub(super) fn message(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for message in self.monitor.messages() {
            found.extend(message.handles().iter().filter_map(|handle| self.handle(handle)));
            let text = known(&message.clone().into_text().into_prop());
            let tags = double_braced(&text);
            found.extend(self.blocks(&tags));
            found.extend(self.single_braces(&text));
            found.extend(self.message_variables(&tags));
        }
        found.extend(self.message_variables(&double_braced(&self.monitor.name())));
        found
    }

    fn handle(&self, handle: &str) -> Option<Diagnostic> {
        let is_handle = handle.len() > 1
            && handle.starts_with('@')
            && !handle.contains(|c: char| c.is_whitespace() || "{},".contains(c));
        if is_handle {
            return None;
        }
        let diagnostic = self.error(&codes::HANDLE, format!("it notifies {handle:?}"));
        let allowed = "`@` and a name without space: `@slack-web`, `@web@example.com`";
        Some(diagnostic.allowed(allowed).help("call `notify` once for each handle"))
    }

    fn blocks(&self, tags: &[&str]) -> Option<Diagnostic> {
        let mut open: Vec<&str> = Vec::new();
        let mut problem = None;
        for tag in tags {
            if let Some(condition) = tag.strip_prefix(['#', '^']) {
                open.extend(condition.split_whitespace().next());
            } else if let Some(name) = tag.strip_prefix('/') {
                match open.pop() {
                    Some(opened) if opened == name.trim() => {}
                    Some(opened) => {
                        problem = Some(format!("`{{{{/{name}}}}}` ends a block of `{opened}`"));
                        break;
                    }
                    None => {
                        problem = Some(format!("`{{{{/{name}}}}}` ends nothing"));
                        break;
                    }
                }
            }
        }
        let problem = problem
            .or_else(|| open.pop().map(|opened| format!("`{{{{#{opened}}}}}` never ends")))?;
        Some(
            self.error(&codes::MESSAGE_BLOCK, problem)
                .allowed("`{{#is_alert}}` and `{{/is_alert}}` around a part of the message")
                .help("write the part with `Message::when(When::Alert, ..)`"),
        )
    }

    fn single_braces(&self, text: &str) -> Vec<Diagnostic> {
        let words = single_braced(text).into_iter();
        words
            .map(|word| {
                let problem = format!("its message has `{{{word}}}`, which is shown as it is");
                self.warning(&codes::SINGLE_BRACE, problem)
                    .allowed("two braces around a variable")
                    .help(format!("write `{{{{{word}}}}}`, or `{{{{{word}.name}}}}` for a tag"))
            })
            .collect()
    }

    /// `{{host.name}}` and `{{#is_match "host.name" ..}}` need `host`.
    fn message_variables(&self, tags: &[&str]) -> Vec<Diagnostic> {
        let reading = match (self.kind(), self.reading) {
            (MonitorType::Query, Ok(reading @ Reading::Metric(_)))
            | (MonitorType::ServiceCheck, Ok(reading)) => reading,
            // Attributes and variables of events are more than their groups.
            _ => return Vec::new(),
        };
        let keys = keys(reading);
        let is_open =
            keys.iter().any(|key| key.contains(super::super::grammar::UNKNOWN) || key == "*");
        let mut unknown: Vec<&str> = Vec::new();
        for variable in tags.iter().filter_map(|tag| variable(tag)) {
            let Some(key) = variable.strip_suffix(".name") else { continue };
            let key = key.trim_start_matches('[').trim_end_matches(']');
            let is_known = |known: &String| known == key || known == variable;
            if !is_open && !keys.iter().any(is_known) && !unknown.contains(&key) {
                unknown.push(key);
            }
        }
        unknown
            .into_iter()
            .map(|key| {
                let problem = format!("it says `{{{{{key}.name}}}}`, which is always empty");
                let allowed = match keys.as_slice() {
                    [] => "no tag, as the query has neither grouping nor scope".to_owned(),
                    keys => format!("the tags `{}`", keys.join("`, `")),
                };
                self.warning(&codes::MESSAGE_VARIABLE, problem)
                    .allowed(allowed)
                    .help(format!("group the query by `{key}`"))
            })
            .collect()
    }
}

/// The keys whose values notifications know: those of the grouping and of the scope.
fn keys(reading: &Reading) -> Vec<String> {
    let scopes: Vec<&str> = match reading {
        Reading::Metric(query) => {
            query.metrics.iter().map(|metric| metric.scope.as_str()).collect()
        }
        Reading::Chain(chain) => chain.arguments("over"),
        Reading::Composite { .. } => Vec::new(),
    };
    let words = scopes.iter().flat_map(|scope| scope.split([',', ' ', '(', ')']));
    let of_scope = words.filter_map(|word| word.split_once(':')).map(|(key, _)| key);
    let groups = reading.groups();
    let mut keys: Vec<String> = Vec::new();
    for key in groups.into_iter().chain(of_scope) {
        let key = key.trim_start_matches(['!', '-', '"']);
        if !keys.iter().any(|known| known == key) {
            keys.push(key.to_owned());
        }
    }
    keys
}

/// The variable of `host.name` and of `#is_match "host.name" "web"`.
fn variable(tag: &str) -> Option<&str> {
    let Some(condition) = tag.strip_prefix(['#', '^']) else { return Some(tag.trim()) };
    let rest =
        ["is_match", "is_exact_match"].into_iter().find_map(|name| condition.strip_prefix(name));
    rest?.trim_start().trim_start_matches('"').split('"').next()
}

/// What stands in two braces.
fn double_braced(text: &str) -> Vec<&str> {
    let parts = text.split("{{").skip(1);
    parts.filter_map(|part| part.split_once("}}")).map(|(tag, _)| tag.trim()).collect()
}

/// Words in single braces. Braces around anything else are code or JSON.
fn single_braced(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let after = &rest[start + 1..];
        if after.starts_with('{') {
            rest = after.split_once("}}").map_or("", |(_, rest)| rest);
            continue;
        }
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && !"_.-@".contains(c));
        if let Some(end) = end.filter(|end| *end > 0 && after[*end..].starts_with('}')) {
            words.push(&after[..end]);
        }
        rest = after;
    }
    words
}
