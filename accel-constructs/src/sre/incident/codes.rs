//! What a model of incident management can have wrong.

use accel_core::Code;

/// All codes of this module.
pub const ALL: &[&Code] =
    &[&PARTICIPANTS, &PERSON, &NAME, &TIME, &ROTATION, &ESCALATION, &ROUTING, &UNSUPPORTED];

macro_rules! codes {
    ($($constant:ident = $name:literal, $explanation:literal;)+) => {$(
        /// See [`Code::explanation`].
        pub static $constant: Code = Code::new($name, $explanation);
    )+};
}

codes! {
    PARTICIPANTS = "schedule-participants",
        "A schedule without rotations, or a rotation without participants, calls nobody.";
    PERSON = "incident-person",
        "People are known by the e-mail address they sign in with.";
    NAME = "incident-name",
        "The name of a team is its handle too: small letters, digits, `-`, `_` and `.`, the first a letter.";
    TIME = "incident-time",
        "A time is not one: a clock has hours from 0 to 23 and minutes from 0 to 59, a rotation begins at a \
         time as RFC 3339 writes it, such as `2026-01-05T09:00:00Z`, and hours begin before they end.";
    ROTATION = "incident-rotation",
        "A rotation hands over after at least one hour, day or week, and at most after 400 days.";
    ESCALATION = "incident-escalation",
        "An escalation has steps in the order of time, each of which calls somebody.";
    ROUTING = "incident-routing",
        "The routes of a team are tried in order, so that nothing comes after one that takes everything, and \
         the last should take what no other does.";
    UNSUPPORTED = "incident-unsupported",
        "The product that calls people cannot do what the model says. Say it in another way, or choose \
         another product.";
}
