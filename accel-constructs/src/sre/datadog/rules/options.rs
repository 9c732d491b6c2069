use accel_core::Diagnostic;

use super::{
    super::{
        MissingData, MonitorType, Span, codes,
        grammar::{Reading, UNKNOWN},
        hours,
    },
    DAY, Facts, window,
};

/// The characters of tags beside letters and digits.
const TAG_CHARACTERS: &str = ":_./*@!#-";

impl Facts<'_> {
    pub(super) fn options(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        found.extend(self.name());
        found.extend(self.monitor.tags().filter_map(|tag| self.tag(&tag)));
        found.extend(self.tag(self.identity));
        found.extend(self.ranges());
        found.extend(self.conflicts());
        found.extend(self.no_data_timeframe());
        found
    }

    fn name(&self) -> Option<Diagnostic> {
        let name = self.monitor.name();
        if !name.is_empty() && name.trim() == name {
            return None;
        }
        let problem = format!("its name is {name:?}");
        let diagnostic = self.error(&codes::NAME, problem);
        Some(diagnostic.allowed("a name without space around it").help("take the space away"))
    }

    fn tag(&self, tag: &str) -> Option<Diagnostic> {
        let is_allowed =
            |c: char| c.is_ascii_alphanumeric() || TAG_CHARACTERS.contains(c) || c == UNKNOWN;
        let odd = tag.chars().find(|c| !is_allowed(*c));
        let problem = match odd {
            Some(odd) => format!("the tag `{tag}` has the character {odd:?}"),
            None if tag.is_empty() => "a tag is empty".to_owned(),
            None if tag.chars().count() > 200 => {
                format!("the tag `{tag}` has {} characters", tag.chars().count())
            }
            None => return None,
        };
        let help = match tag == self.identity {
            true => "it is the monitor's path: give it and what is above it shorter ids",
            false => "write `_` for what is not allowed",
        };
        let diagnostic = self.error(&codes::TAG, problem);
        Some(
            diagnostic
                .allowed(format!("1 to 200 letters, digits, and {TAG_CHARACTERS}"))
                .help(help),
        )
    }

    fn ranges(&self) -> Vec<Diagnostic> {
        let monitor = self.monitor;
        let mut found = Vec::new();
        let mut check =
            |option: &str, span: Option<Span>, is_right: fn(Span) -> bool, allowed: &str| {
                let Some(span) = span.filter(|span| !is_right(*span)) else { return };
                let diagnostic = self.error(&codes::OPTION_RANGE, format!("`{option}` is {span}"));
                found.push(diagnostic.allowed(allowed).help("give it a value that Datadog has"));
            };
        let whole_minutes = |span: Span| span.whole_minutes().is_some_and(|minutes| minutes > 0);
        let no_data = match monitor.missing_data {
            Some(MissingData::NotifyAfter(span)) => Some(span),
            _ => None,
        };
        let every = monitor.renotify.as_ref().map(|renotify| renotify.every);
        check("missing_data", no_data, whole_minutes, "whole minutes, at least 1");
        check("renotify", every, whole_minutes, "whole minutes, at least 1");
        check(
            "timeout",
            monitor.timeout,
            |span| span.whole_hours().is_some_and(|hours| hours <= 24),
            "whole hours, 0 to 24",
        );
        check(
            "group_retention",
            monitor.group_retention,
            |span| (hours(1)..=hours(72)).contains(&span),
            "1h to 72h",
        );
        found
    }

    fn conflicts(&self) -> Vec<Diagnostic> {
        let monitor = self.monitor;
        let option = monitor.missing_data.and_then(MissingData::option);
        let has_default_zero = match self.reading {
            Ok(Reading::Metric(query)) => query.functions.iter().any(|name| name == "default_zero"),
            _ => false,
        };
        let times_out = monitor.timeout.is_some_and(|timeout| timeout.as_seconds() > 0);
        let conflicts = [
            (
                monitor.new_group_delay.is_some() && monitor.new_host_delay.is_some(),
                "it has `new_group_delay` and `new_host_delay`",
                "one of the two",
                "keep `new_group_delay`, which serves hosts too",
            ),
            (
                option.is_some() && self.kind() == MonitorType::Composite,
                "a composite cannot say what its own missing data means",
                "`MissingData::Ignore`, `Notify`, `NotifyAfter(..)`",
                "say it on the monitors that it combines",
            ),
            (
                option.is_some_and(|option| option != "default") && has_default_zero,
                "`default_zero` fills in missing data, so that `missing_data` never happens",
                "`MissingData::Default`, or a query without `default_zero`",
                "decide on one of the two",
            ),
            (
                monitor.missing_data == Some(MissingData::Resolve) && times_out,
                "missing data ends an alert at once, so that `timeout` never happens",
                "a `timeout` of 0, or another `missing_data`",
                "leave `timeout` away",
            ),
            (
                matches!(monitor.missing_data, Some(MissingData::NotifyAfter(_)))
                    && self.kind() == MonitorType::Log,
                "a log monitor has no time after which data is missing",
                "`MissingData::Show`, `ShowAndNotify`, `Resolve`, `Default`",
                "its window is that time: use `MissingData::ShowAndNotify`",
            ),
        ];
        let conflicts = conflicts.into_iter().filter(|(holds, ..)| *holds);
        conflicts
            .map(|(_, problem, allowed, help)| {
                self.error(&codes::OPTION_CONFLICT, problem).allowed(allowed).help(help)
            })
            .collect()
    }

    fn no_data_timeframe(&self) -> Option<Diagnostic> {
        let Some(MissingData::NotifyAfter(given)) = self.monitor.missing_data else { return None };
        let window = window(self.reading.ok()?)?;
        // Twice a window of more than half a day is more than Datadog waits.
        let needed = (window.as_seconds() * 2).min(DAY.as_seconds());
        if given.as_seconds() >= needed || self.kind() != MonitorType::Query {
            return None;
        }
        let problem = format!("data counts as missing after {given}, and its window is {window}");
        Some(
            self.warning(&codes::NO_DATA_TIMEFRAME, problem)
                .allowed(format!("{} minutes or more", needed / 60))
                .help("wait for two windows, so that one late point is no outage"),
        )
    }

    pub(super) fn notify_by(&self, reading: &Reading) -> Vec<Diagnostic> {
        let keys: Vec<&str> = self.monitor.notify_by.iter().map(|key| key.as_str()).collect();
        // What a formula is grouped by is said by its variables.
        if keys.is_empty() || keys == ["*"] || !self.monitor.query().variables.is_empty() {
            return Vec::new();
        }
        let groups = reading.groups();
        let unknown = keys.into_iter().filter(|key| !groups.contains(key));
        let allowed = match groups.is_empty() {
            true => "`*`, as the query has no grouping".to_owned(),
            false => format!("`*` alone, or some of `{}`", groups.join("`, `")),
        };
        unknown
            .map(|key| {
                self.error(&codes::NOTIFY_BY, format!("it notifies by `{key}`"))
                    .allowed(&allowed)
                    .help(format!("group the query by `{key}` too"))
            })
            .collect()
    }
}
