//! What a monitor can have wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] = &[
    &ORGANIZATION,
    &QUERY,
    &WINDOW,
    &THRESHOLD,
    &SERVICE_CHECK,
    &BURN_RATE,
    &COMPOSITE,
    &NAME,
    &TAG,
    &OPTION_RANGE,
    &OPTION_CONFLICT,
    &NOTIFY_BY,
    &HANDLE,
    &MESSAGE_BLOCK,
    &MESSAGE_VARIABLE,
    &SINGLE_BRACE,
    &NO_DATA_TIMEFRAME,
    &EVALUATION_DELAY,
    &FRACTION,
    &SLO_TARGET,
    &SLO_INDICATOR,
    &SLO_TAG,
    &DASHBOARD,
    &SYNTHETIC_TEST,
    &PACK,
];

macro_rules! codes {
    ($($constant:ident = $name:literal, $explanation:literal;)+) => {$(
        /// See [`Code::explanation`].
        pub static $constant: Code = Code::new($name, $explanation);
    )+};
}

codes! {
    ORGANIZATION = "datadog-organization",
        "The name of a Datadog organization is a directory of the assembly: 1 to 128 letters, digits, \
         `-`, `_` and `.` of ASCII, the first a letter or a digit. It need not be the name that Datadog \
         shows.";
    QUERY = "monitor-query",
        "The query of a monitor cannot be read, or does not belong to the type of the monitor. Each type \
         has a form of its own: `avg(last_5m):avg:system.load.1{*} by {host} > 2` for metrics, \
         `\"check\".over(\"*\").by(\"host\").last(2).count_by_status()` for service checks, \
         `logs(\"...\").rollup(\"count\").last(\"5m\") > 3` for logs and their like. The builders \
         (`MetricQuery`, `ServiceCheck`, `EventQuery`, ...) write them.";
    WINDOW = "monitor-window",
        "The time a query looks at is out of Datadog's range. Metrics: 1 minute to 1 week; changes, logs, \
         events and their like: 1 minute to 2 days; burn rates: a long window of 1 to 48 hours and a \
         shorter one of whole minutes. A window that begins with the hour, day or month (`current_1d`) \
         needs an evaluation window that says when that is; anomalies need the times after which they \
         alert and recover.";
    THRESHOLD = "monitor-threshold",
        "The thresholds of a monitor contradict each other or its query. The critical threshold is the \
         number in the query. If higher is worse, a warning is lower than it and a recovery is lower \
         than what it recovers from; if lower is worse, they are higher.";
    SERVICE_CHECK = "monitor-service-check",
        "The query of a service check says which results (`.over(\"*\")` for all), grouped by what \
         (`.by(\"host\")`), and how many of the last: no fewer than the greatest threshold, and at most \
         100. Thresholds are counts from 1 on. `ServiceCheck` writes all of that.";
    BURN_RATE = "monitor-burn-rate",
        "A burn rate cannot be reached. If everything fails, the budget of an objective burns \
         1 / (1 - target) times as fast as it may: 10 times for 90 %, 1000 times for 99.9 %. Datadog \
         refuses a higher threshold. The target is between 0 and 100 percent, both excluded.";
    COMPOSITE = "monitor-composite",
        "A composite monitor combines at most ten monitors, none of which is a composite.";
    NAME = "monitor-name",
        "The name of a monitor is empty, or begins or ends with space. Datadog takes the space away, so \
         that the monitor would differ from the program for ever.";
    TAG = "monitor-tag",
        "A tag of a monitor has a character that Datadog does not keep, or more than 200 of them. The \
         path of a monitor is one of its tags, which limits the ids above it.";
    OPTION_RANGE = "monitor-option-range",
        "An option of a monitor is out of its range, or is no whole number of the unit that Datadog \
         counts it in.";
    OPTION_CONFLICT = "monitor-option-conflict",
        "Two options of a monitor exclude each other, or an option does not exist for monitors of this \
         type.";
    NOTIFY_BY = "monitor-notify-by",
        "A monitor can notify once for each value of some of the tags that its query is grouped by, or \
         once in all, which is `[\"*\"]`.";
    HANDLE = "monitor-handle",
        "Whom a message notifies is a handle: `@` and a name without space, such as `@slack-web`, \
         `@pagerduty-web` or `@web@example.com`.";
    MESSAGE_BLOCK = "monitor-message-block",
        "The conditional blocks of a message do not match: each `{{#is_alert}}` or `{{^is_alert}}` ends \
         with `{{/is_alert}}`, and blocks do not overlap. `Message::when` writes both ends.";
    MESSAGE_VARIABLE = "monitor-message-variable",
        "A message has the name of a tag, `{{host.name}}`, that the query neither groups by nor selects, \
         so that nothing stands there. Group the query by the tag.";
    SINGLE_BRACE = "monitor-single-brace",
        "A message has a word in single braces, which Datadog shows as it is. Variables have two: \
         `{{value}}`.";
    NO_DATA_TIMEFRAME = "monitor-no-data-timeframe",
        "A monitor takes missing data for an outage sooner than after two of its windows, so that one \
         late point is enough. Datadog advises to wait for at least twice the window.";
    EVALUATION_DELAY = "monitor-evaluation-delay",
        "A monitor looks at metrics of AWS sooner than they arrive. Datadog asks CloudWatch for them \
         every ten minutes, and CloudWatch is late itself: wait 15 minutes (`evaluation_delay`). With \
         metric streams, which `Datadog::metric_streams` declares, 5 minutes are enough.";
    FRACTION = "monitor-fraction",
        "A metric that goes from 0 to 1 is compared with more than 1, as if it were in percent. It never \
         alerts, or always. Compare it with a fraction, or multiply it by 100.";
    SLO_TARGET = "slo-target",
        "A service level objective has one target for each time frame of 7, 30 or 90 days, in percent: more \
         than 0 and less than 100. A warning is more than the target.";
    SLO_INDICATOR = "slo-indicator",
        "What an objective counts is not complete, or Datadog does not count that: at least one monitor, \
         groups of one monitor alone and at most 100 of them, time slices compared by `<`, `<=`, `>`, `>=`.";
    SLO_TAG = "slo-tag",
        "A tag of an objective is empty or not in lower case, which Datadog makes it: it would differ from \
         the program for ever.";
    DASHBOARD = "datadog-dashboard",
        "A dashboard shows nothing, has a group in a group, more than 5 teams, or two variables of one \
         name. Datadog would refuse it.";
    SYNTHETIC_TEST = "datadog-synthetic-test",
        "A synthetic test has a value that Datadog does not take: it runs every 30 seconds to once a week, \
         somewhere, is tried again 3 times at most, and fails for 2 hours at most before it is said.";
    PACK = "monitor-pack",
        "What is left out of the monitors of a construct is not one of them. Each has an id, which the \
         documentation of the construct's `monitors()` and its files show.";
}
