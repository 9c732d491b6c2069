use accel_core::{IntoValue, Value, text};

use super::Priority;

/// What a monitor tells people: text, parts that only some notifications have, and who hears of it.
///
/// ```
/// use accel_constructs::sre::datadog::{Message, When};
///
/// let message = Message::new("Queue {{queuename.name}} holds {{value}} messages.")
///     .when(When::Alert, Message::new("Orders are late by now.").notify("@pagerduty-shop"))
///     .when(When::Recovery, "Orders flow again.")
///     .notify("@slack-shop");
/// ```
///
/// Text may have Datadog's [variables](https://docs.datadoghq.com/monitors/notify/variables/), and values
/// of the tree by [`text!`](accel_core::text).
#[derive(Clone, Debug)]
#[must_use]
pub struct Message {
    lines: Vec<Value<String>>,
    handles: Vec<String>,
}

impl Message {
    /// A message of this text.
    pub fn new(text: impl IntoValue<String>) -> Self {
        Self { lines: Vec::new(), handles: Vec::new() }.text(text)
    }

    /// More text, on a line of its own.
    pub fn text(mut self, text: impl IntoValue<String>) -> Self {
        self.lines.push(text.into_value());
        self
    }

    /// A part that stands in these notifications alone; whom it notifies hears of no others.
    pub fn when(self, when: When, part: impl Into<Self>) -> Self {
        self.block('#', &when, part.into())
    }

    /// A part that stands in all but these notifications.
    pub fn unless(self, when: When, part: impl Into<Self>) -> Self {
        self.block('^', &when, part.into())
    }

    /// Notifies a handle: `@pagerduty-shop`, `@slack-shop`, `@web@example.com`.
    pub fn notify(mut self, handle: &str) -> Self {
        self.handles.push(handle.to_owned());
        self.text(handle)
    }

    fn block(mut self, sign: char, when: &When, part: Self) -> Self {
        let condition = when.condition();
        let name = condition.split(' ').next().unwrap_or_default();
        self.lines.push(format!("{{{{{sign}{condition}}}}}").into_value());
        self.lines.extend(part.lines);
        self.lines.push(format!("{{{{/{name}}}}}").into_value());
        self.handles.extend(part.handles);
        self
    }

    /// Whom it notifies, as given.
    pub(super) fn handles(&self) -> &[String] {
        &self.handles
    }

    /// As Datadog takes it; empty lines stay out.
    pub(in super::super) fn into_text(self) -> Value<String> {
        let is_empty = |line: &Value<String>| matches!(accel_core::Prop::from(line), accel_core::Prop::String(text) if text.is_empty());
        let lines = self.lines.into_iter().filter(|line| !is_empty(line));
        Value::concat(lines.enumerate().map(|(index, line)| match index {
            0 => line,
            _ => text!["\n", line],
        }))
    }
}

impl<T: IntoValue<String>> From<T> for Message {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

/// In which notifications a part of a [`Message`] stands.
///
/// Source: <https://docs.datadoghq.com/monitors/notify/variables/#conditional-variables>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// The monitor becomes critical.
    Alert,
    /// A critical monitor becomes good.
    AlertRecovery,
    /// A critical monitor becomes a warning.
    AlertToWarning,
    /// The monitor becomes a warning.
    Warning,
    /// A warning becomes good.
    WarningRecovery,
    /// Data is missing.
    NoData,
    /// Data is back.
    NoDataRecovery,
    /// The state becomes unknown.
    Unknown,
    /// The monitor becomes good, whatever it was.
    Recovery,
    /// It is a repetition.
    Renotify,
    /// The monitor has this priority.
    Priority(Priority),
    /// A variable, `host.name`, contains a text.
    Match(&'static str, &'static str),
    /// A variable, `host.name`, is a text.
    ExactMatch(&'static str, &'static str),
}

impl When {
    fn condition(&self) -> String {
        match self {
            Self::Alert => "is_alert".to_owned(),
            Self::AlertRecovery => "is_alert_recovery".to_owned(),
            Self::AlertToWarning => "is_alert_to_warning".to_owned(),
            Self::Warning => "is_warning".to_owned(),
            Self::WarningRecovery => "is_warning_recovery".to_owned(),
            Self::NoData => "is_no_data".to_owned(),
            Self::NoDataRecovery => "is_no_data_recovery".to_owned(),
            Self::Unknown => "is_unknown".to_owned(),
            Self::Recovery => "is_recovery".to_owned(),
            Self::Renotify => "is_renotify".to_owned(),
            Self::Priority(priority) => format!("is_priority 'P{}'", *priority as u8),
            Self::Match(variable, text) => format!("is_match \"{variable}\" \"{text}\""),
            Self::ExactMatch(variable, text) => {
                format!("is_exact_match \"{variable}\" \"{text}\"")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::grammar::known, *};

    #[test]
    fn blocks_are_balanced_however_they_nest() {
        let inner = Message::new("Runbook").unless(When::Renotify, Message::new("").notify("@a"));
        let message =
            Message::new("Disk").when(When::Match("env.name", "prod"), inner).notify("@b");
        assert_eq!(message.handles(), ["@a", "@b"]);
        assert_eq!(
            known(&message.into_text().into_prop()),
            "Disk\n{{#is_match \"env.name\" \"prod\"}}\nRunbook\n{{^is_renotify}}\n@a\n\
             {{/is_renotify}}\n{{/is_match}}\n@b"
        );
    }
}
