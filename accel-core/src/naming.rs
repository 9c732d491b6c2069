use std::{collections::BTreeMap, fmt};

use crate::Region;

/// What a thing is called: who it belongs to, where it is, and its own name. From one label come
/// the physical names and the tags of everything that it stands for.
///
/// The six elements and their order are those of Cloud Posse's
/// [`null-label`](https://github.com/cloudposse/terraform-null-label); all are optional. An element
/// is made of words: letters and digits, joined by hyphens. Other characters are dropped, so that
/// any service accepts the result.
///
/// ```
/// use accel_core::{Case, Charset, Label, NameRule, Region};
///
/// let platform = Label::new().namespace("acme").tenant("plat").region(Region::US_EAST_1);
/// let logs = platform.stage("prod").named("orders").attribute("logs");
/// assert_eq!(logs.id(), "acme-plat-use1-prod-orders-logs");
///
/// const SHORT: NameRule =
///     NameRule { max_len: 20, charset: Charset::Hyphen, case: Case::Lower };
/// assert_eq!(logs.name(&SHORT), "acme-plat-use1-djshn");
///
/// assert_eq!(logs.tags()["Environment"], "use1");
/// assert_eq!(logs.tags()["Name"], "acme-plat-use1-prod-orders-logs");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub struct Label {
    namespace: String,
    tenant: String,
    environment: String,
    stage: String,
    name: String,
    attributes: Vec<String>,
}

impl Label {
    /// A label with no element yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The organization: `acme`.
    pub fn namespace(self, namespace: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), ..self }
    }

    /// The group of accounts, often an organizational unit: `core`, `plat`.
    pub fn tenant(self, tenant: impl Into<String>) -> Self {
        Self { tenant: tenant.into(), ..self }
    }

    /// The place: the code of a region, or `gbl` for what is in none.
    pub fn environment(self, environment: impl Into<String>) -> Self {
        Self { environment: environment.into(), ..self }
    }

    /// The place, by the [short code](Region::short) of a region: `use1`.
    pub fn region(self, region: Region) -> Self {
        self.environment(region.short())
    }

    /// The role of the account: `dev`, `prod`.
    pub fn stage(self, stage: impl Into<String>) -> Self {
        Self { stage: stage.into(), ..self }
    }

    /// The thing's own name: `orders`. (What comes out in the end is [`name`](Self::name).)
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// One more attribute, which tells apart the parts of a thing: `logs`. One that the label has
    /// already changes nothing.
    pub fn attribute(mut self, attribute: impl Into<String>) -> Self {
        let attribute = attribute.into();
        if !self.attributes.contains(&attribute) {
            self.attributes.push(attribute);
        }
        self
    }

    /// All elements in lower case, joined by hyphens, of any length.
    #[must_use]
    pub fn id(&self) -> String {
        join(self.words(), "-", Case::Lower)
    }

    /// The physical name under `rule`.
    ///
    /// A name over the limit is cut to make room for a delimiter and five characters of a digest of
    /// the whole [`id`](Self::id). So it stays within the limit, starts as a reader expects,
    /// differs from those of other labels, and is always the same.
    #[must_use]
    pub fn name(&self, rule: &NameRule) -> String {
        let delimiter = rule.charset.delimiter();
        let whole = join(self.words(), delimiter, rule.case);
        if whole.len() <= rule.max_len {
            return whole;
        }
        let kept = rule.max_len.saturating_sub(DIGEST_LEN + delimiter.len());
        let start = whole[..kept].trim_end_matches(['-', '_']);
        let digest = rule.case.apply(&digest(&self.id()));
        let mut name = match start {
            "" => digest,
            start => format!("{start}{delimiter}{digest}"),
        };
        name.truncate(rule.max_len);
        name
    }

    /// The tags, by key: the elements that are not empty, and as `Name` the whole
    /// [`id`](Self::id).
    #[must_use]
    pub fn tags(&self) -> BTreeMap<&'static str, String> {
        let element = |text: &str| join(words(text), "-", Case::Lower);
        let attributes = join(self.attributes.iter().flat_map(|a| words(a)), "-", Case::Lower);
        let tags = [
            ("Namespace", element(&self.namespace)),
            ("Tenant", element(&self.tenant)),
            ("Environment", element(&self.environment)),
            ("Stage", element(&self.stage)),
            ("Name", self.id()),
            ("Attributes", attributes),
        ];
        tags.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn words(&self) -> impl Iterator<Item = String> {
        [&self.namespace, &self.tenant, &self.environment, &self.stage, &self.name]
            .into_iter()
            .chain(&self.attributes)
            .flat_map(|element| words(element))
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id())
    }
}

/// What a service demands of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameRule {
    /// The most characters that a name may have.
    pub max_len: usize,
    /// The characters that it may be made of.
    pub charset: Charset,
    /// The case of its letters.
    pub case: Case,
}

/// The characters of a name: letters and digits always, and what may stand between two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// `acme-prod-orders`, the common form.
    Hyphen,
    /// `acme_prod_orders`, for services that take a hyphen for a minus.
    Underscore,
    /// `acmeprodorders`.
    Alphanumeric,
}

impl Charset {
    const fn delimiter(self) -> &'static str {
        match self {
            Self::Hyphen => "-",
            Self::Underscore => "_",
            Self::Alphanumeric => "",
        }
    }
}

/// The case of a name's letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `acme-prod`, the convention, and the one that every service takes.
    Lower,
    /// `ACME-PROD`.
    Upper,
    /// `Acme-Prod`; with [`Charset::Alphanumeric`] it is `AcmeProd`.
    Title,
    /// As given.
    Keep,
}

impl Case {
    fn apply(self, word: &str) -> String {
        match self {
            Self::Lower => word.to_ascii_lowercase(),
            Self::Upper => word.to_ascii_uppercase(),
            Self::Title => {
                let mut word = word.to_ascii_lowercase();
                if let Some(first) = word.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                word
            }
            Self::Keep => word.to_owned(),
        }
    }
}

/// The words of an element: what hyphens part, without the characters that are not allowed.
fn words(element: &str) -> impl Iterator<Item = String> {
    element
        .split('-')
        .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
        .filter(|word| !word.is_empty())
}

fn join(words: impl Iterator<Item = String>, delimiter: &str, case: Case) -> String {
    words.map(|word| case.apply(&word)).collect::<Vec<_>>().join(delimiter)
}

/// A number that stands for `text`, the same on every machine: for choices that follow a name alone.
///
/// It is FNV-1a with the finalizer of SplitMix64 behind it, which spreads the last characters over
/// all bits. Nobody gains from forging a collision with a name of their own, so nothing stronger,
/// and no dependency, is called for.
#[must_use]
pub fn stable_hash(text: &str) -> u64 {
    let mut hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

const DIGEST_LEN: usize = 5;

/// Five letters and digits that stand for `text`: 60 million of them, where the five hexadecimal
/// digits of the reference are one million.
///
/// Two names that do collide in one account are refused there.
fn digest(text: &str) -> String {
    let mut hash = stable_hash(text);
    let mut digest = String::with_capacity(DIGEST_LEN);
    for _ in 0..DIGEST_LEN {
        let digit = b"0123456789abcdefghijklmnopqrstuvwxyz"[(hash % 36) as usize];
        digest.push(char::from(digit));
        hash /= 36;
    }
    digest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn rule(max_len: usize, charset: Charset, case: Case) -> NameRule {
        NameRule { max_len, charset, case }
    }

    fn orders() -> Label {
        Label::new().namespace("acme").environment("gbl").stage("dev").named("Orders-API")
    }

    #[test]
    fn elements_stand_in_the_order_of_the_reference() {
        let label = Label::new()
            .attribute("test")
            .named("my-cluster")
            .stage("dev")
            .environment("gbl")
            .tenant("vkng")
            .namespace("acme");
        assert_eq!(label.id(), "acme-vkng-gbl-dev-my-cluster-test");
    }

    #[test]
    fn foreign_characters_empty_elements_and_repeated_attributes_are_dropped() {
        let label = Label::new()
            .namespace("Ac.me!")
            .tenant("")
            .stage("--")
            .named("-my--app_")
            .attribute("logs")
            .attribute("ü")
            .attribute("logs");
        assert_eq!(label.id(), "acme-my-app-logs");
        assert_eq!(
            label.tags().into_iter().collect::<Vec<_>>(),
            [
                ("Attributes", "logs".to_owned()),
                ("Name", "acme-my-app-logs".to_owned()),
                ("Namespace", "acme".to_owned()),
            ]
        );
    }

    #[test]
    fn the_rule_decides_on_delimiter_and_case() {
        let name = |charset, case| orders().name(&rule(99, charset, case));
        assert_eq!(name(Charset::Hyphen, Case::Lower), "acme-gbl-dev-orders-api");
        assert_eq!(name(Charset::Underscore, Case::Upper), "ACME_GBL_DEV_ORDERS_API");
        assert_eq!(name(Charset::Alphanumeric, Case::Title), "AcmeGblDevOrdersApi");
        assert_eq!(name(Charset::Hyphen, Case::Keep), "acme-gbl-dev-Orders-API");
    }

    #[test]
    fn a_name_of_just_the_limit_is_left_alone() {
        let len = orders().id().len();
        assert_eq!(orders().name(&rule(len, Charset::Hyphen, Case::Lower)), orders().id());
        assert_ne!(orders().name(&rule(len - 1, Charset::Hyphen, Case::Lower)), orders().id());
    }

    #[test]
    fn a_longer_name_keeps_its_start_and_gets_a_digest() {
        // Pinned: a change renames resources.
        let name = |max_len| orders().name(&rule(max_len, Charset::Hyphen, Case::Lower));
        assert_eq!(
            [name(22), name(18), name(6), name(3), name(0)],
            ["acme-gbl-dev-ord-dx34l", "acme-gbl-dev-dx34l", "dx34l", "dx3", ""]
        );
    }

    fn any_label() -> impl Strategy<Value = Label> {
        let element = || "[a-zA-Z0-9ä._-]{0,12}";
        (
            element(),
            element(),
            element(),
            element(),
            element(),
            prop::collection::vec(element(), 0..3),
        )
            .prop_map(|(namespace, tenant, environment, stage, name, attributes)| {
                let label = Label::new()
                    .namespace(namespace)
                    .tenant(tenant)
                    .environment(environment)
                    .stage(stage)
                    .named(name);
                attributes.into_iter().fold(label, Label::attribute)
            })
    }

    fn any_rule() -> impl Strategy<Value = NameRule> {
        let charset =
            prop::sample::select(vec![Charset::Hyphen, Charset::Underscore, Charset::Alphanumeric]);
        let case = prop::sample::select(vec![Case::Lower, Case::Upper, Case::Title, Case::Keep]);
        (0..80_usize, charset, case)
            .prop_map(|(max_len, charset, case)| rule(max_len, charset, case))
    }

    proptest! {
        #[test]
        fn names_obey_their_rule(label in any_label(), rule in any_rule()) {
            let name = label.name(&rule);
            prop_assert!(name.len() <= rule.max_len);
            let delimiter = rule.charset.delimiter();
            let allowed = |c: char| c.is_ascii_alphanumeric() || delimiter.contains(c);
            prop_assert!(name.chars().all(allowed));
            prop_assert!(delimiter.is_empty() || !name.starts_with(delimiter));
            prop_assert!(delimiter.is_empty() || !name.ends_with(delimiter));
            prop_assert_eq!(label.clone().name(&rule), name);
        }

        #[test]
        fn labels_that_share_a_start_keep_apart(label in any_label(), tail in "[a-z]{1,8}") {
            let longer = label.clone().attribute(format!("x{tail}"));
            prop_assume!(label.id() != longer.id());
            let rule = rule(32, Charset::Hyphen, Case::Lower);
            prop_assert_ne!(label.name(&rule), longer.name(&rule));
        }
    }
}
