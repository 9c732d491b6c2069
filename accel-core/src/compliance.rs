//! Frameworks that an app is held to, and where their evidence is looked for: data that constructs give
//! and a synthesizer reads after everything is rendered. Nothing is asserted here; a claim holds where
//! what was synthesized shows it.
//!
//! ```
//! use accel_core::compliance::{Control, Evidence, Framework};
//!
//! let store = || Evidence::resource("AWS::S3::Bucket");
//! let ours = Framework::new("acme-baseline")
//!     .control(Control::configured("A1", "Objects have versions", [
//!         store().is("/VersioningConfiguration/Status", "Enabled"),
//!     ]))
//!     .control(Control::manual("A2", "Somebody reads the report"));
//! assert_eq!(ours.controls().len(), 2);
//! ```

use crate::{Prop, Region, Text};

/// A set of controls, as a benchmark or a law lists them.
#[derive(Clone, Debug, PartialEq)]
pub struct Framework {
    id: Text,
    controls: Vec<Control>,
}

impl Framework {
    /// A framework without a control. `id` names it, with its version, in the report.
    pub fn new(id: impl Into<Text>) -> Self {
        Self { id: id.into(), controls: Vec::new() }
    }

    /// With one more control.
    #[must_use]
    pub fn control(mut self, control: Control) -> Self {
        self.controls.push(control);
        self
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The controls, in order.
    #[must_use]
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }
}

impl Extend<Control> for Framework {
    fn extend<I: IntoIterator<Item = Control>>(&mut self, controls: I) {
        self.controls.extend(controls);
    }
}

/// One thing that a [`Framework`] asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    id: Text,
    title: Text,
    claim: Claim,
    evidence: Vec<Evidence>,
}

/// What a [`Control`] is, where all its evidence is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// Nobody can do otherwise.
    Enforced,
    /// It is set up so.
    Configured,
    /// A service tells where it is otherwise.
    Detected,
    /// A person has to look; never met by what is synthesized.
    Manual,
}

impl Claim {
    /// As the report says it.
    #[must_use]
    pub const fn status(self) -> &'static str {
        match self {
            Self::Enforced => "enforced-preventive",
            Self::Configured => "configured",
            Self::Detected => "detected-at-runtime",
            Self::Manual => "manual",
        }
    }
}

impl Control {
    /// What nobody can do otherwise where all of `evidence` is found.
    pub fn enforced(
        id: impl Into<Text>,
        title: impl Into<Text>,
        evidence: impl IntoIterator<Item = Evidence>,
    ) -> Self {
        Self::new(id.into(), title.into(), Claim::Enforced, evidence.into_iter().collect())
    }

    /// What is set up where all of `evidence` is found.
    pub fn configured(
        id: impl Into<Text>,
        title: impl Into<Text>,
        evidence: impl IntoIterator<Item = Evidence>,
    ) -> Self {
        Self::new(id.into(), title.into(), Claim::Configured, evidence.into_iter().collect())
    }

    /// What a service watches where all of `evidence` is found.
    pub fn detected(
        id: impl Into<Text>,
        title: impl Into<Text>,
        evidence: impl IntoIterator<Item = Evidence>,
    ) -> Self {
        Self::new(id.into(), title.into(), Claim::Detected, evidence.into_iter().collect())
    }

    /// What only a person can see.
    pub fn manual(id: impl Into<Text>, title: impl Into<Text>) -> Self {
        Self::new(id.into(), title.into(), Claim::Manual, Vec::new())
    }

    const fn new(id: Text, title: Text, claim: Claim, evidence: Vec<Evidence>) -> Self {
        Self { id, title, claim, evidence }
    }

    /// As its framework numbers it: `1.3`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it asks for, in words.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it is where its evidence is found.
    #[must_use]
    pub const fn claim(&self) -> Claim {
        self.claim
    }

    /// What must be found, all of it.
    #[must_use]
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
}

/// What is looked for among the synthesized files.
///
/// Properties are named by JSON pointers, in which `*` is any item of a list or member of an object: in
/// a resource below its `Properties`, in a step below its row of `organization/steps.json`.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    subject: Subject,
    tests: Vec<(Text, Test)>,
    every: bool,
    regions: Vec<Region>,
    every_account: bool,
    or: Vec<Self>,
}

/// What an [`Evidence`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A resource of this type, in a template of a stack or a stack set.
    Resource(Text),
    /// A step of this kind.
    Step(Text),
    /// A file whose path begins with the first text and ends with the second.
    File(Text, Text),
}

/// What a property must be like.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// This literal.
    Is(Prop),
    /// A number that is not smaller.
    AtLeast(i64),
    /// Anything with this text somewhere in it, in the literal parts of a function too.
    Contains(Text),
    /// Anything.
    Present,
}

impl Evidence {
    /// A resource of a type, wherever it is.
    pub fn resource(type_name: impl Into<Text>) -> Self {
        Self::new(Subject::Resource(type_name.into()))
    }

    /// Every resource of a type, of which there is one at least.
    pub fn every_resource(type_name: impl Into<Text>) -> Self {
        Self { every: true, ..Self::resource(type_name) }
    }

    /// A step of a kind.
    pub fn step(kind: impl Into<Text>) -> Self {
        Self::new(Subject::Step(kind.into()))
    }

    /// A file of the assembly, by the beginning and the end of its path.
    pub fn file(prefix: impl Into<Text>, suffix: impl Into<Text>) -> Self {
        Self::new(Subject::File(prefix.into(), suffix.into()))
    }

    const fn new(subject: Subject) -> Self {
        Self {
            subject,
            tests: Vec::new(),
            every: false,
            regions: Vec::new(),
            every_account: false,
            or: Vec::new(),
        }
    }

    /// Whose property at `pointer` is `value`.
    #[must_use]
    pub fn is(self, pointer: impl Into<Text>, value: impl Into<Prop>) -> Self {
        self.test(pointer.into(), Test::Is(value.into()))
    }

    /// Whose property at `pointer` is a number that is not smaller than `least`.
    #[must_use]
    pub fn at_least(self, pointer: impl Into<Text>, least: i64) -> Self {
        self.test(pointer.into(), Test::AtLeast(least))
    }

    /// Whose property at `pointer` has `text` somewhere in it.
    #[must_use]
    pub fn contains(self, pointer: impl Into<Text>, text: impl Into<Text>) -> Self {
        self.test(pointer.into(), Test::Contains(text.into()))
    }

    /// Which has a property at `pointer`.
    #[must_use]
    pub fn present(self, pointer: impl Into<Text>) -> Self {
        self.test(pointer.into(), Test::Present)
    }

    fn test(mut self, pointer: Text, test: Test) -> Self {
        self.tests.push((pointer, test));
        self
    }

    /// In each of `regions`, not somewhere.
    #[must_use]
    pub fn in_regions(self, regions: impl IntoIterator<Item = Region>) -> Self {
        Self { regions: regions.into_iter().collect(), ..self }
    }

    /// In each account of the organization. What a stack set brings into accounts is not counted,
    /// because who they are is known to AWS alone.
    #[must_use]
    pub fn in_every_account(self) -> Self {
        Self { every_account: true, ..self }
    }

    /// Or, where this is not found, `other`.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        self.or.push(other);
        self
    }

    /// What it is about.
    #[must_use]
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What its properties must be like: pointers and tests.
    #[must_use]
    pub fn tests(&self) -> &[(Text, Test)] {
        &self.tests
    }

    /// Whether all of its subjects must pass.
    #[must_use]
    pub const fn is_about_every(&self) -> bool {
        self.every
    }

    /// Where it must be found; anywhere if there are none.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// Whether it must be found in every account.
    #[must_use]
    pub const fn is_in_every_account(&self) -> bool {
        self.every_account
    }

    /// What does as well, in order.
    #[must_use]
    pub fn alternatives(&self) -> &[Self] {
        &self.or
    }
}
