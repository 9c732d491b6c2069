use accel_core::{DocumentNode, Prop, Text};

use super::expr::{AvailableIn, Expr, IntoScalar, Uses, place};

/// What a job runs on.
///
/// Source: <https://docs.github.com/en/actions/reference/runners/github-hosted-runners>
#[derive(Clone, Debug)]
pub struct Runner {
    node: DocumentNode,
    pub(super) uses: Uses,
}

macro_rules! hosted {
    ($($name:ident = $label:literal;)+) => {$(
        #[doc = concat!("GitHub's own `", $label, "`.")]
        pub const $name: HostedRunner = HostedRunner($label);
    )+};
}

/// A kind of machine of GitHub's; see the constants of [`Runner`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostedRunner(&'static str);

impl Runner {
    hosted! {
        UBUNTU_LATEST = "ubuntu-latest";
        UBUNTU_24_04 = "ubuntu-24.04";
        UBUNTU_24_04_ARM = "ubuntu-24.04-arm";
        UBUNTU_22_04 = "ubuntu-22.04";
        WINDOWS_LATEST = "windows-latest";
        WINDOWS_2025 = "windows-2025";
        WINDOWS_2022 = "windows-2022";
        WINDOWS_11_ARM = "windows-11-arm";
        MACOS_LATEST = "macos-latest";
        MACOS_15 = "macos-15";
        MACOS_15_INTEL = "macos-15-intel";
        MACOS_14 = "macos-14";
    }

    /// A runner that has all the labels.
    pub fn labels<T: Into<Text>>(labels: impl IntoIterator<Item = T>) -> Self {
        let labels = labels.into_iter().map(|label| Prop::String(label.into()));
        Self::of(DocumentNode::list(labels))
    }

    /// A runner of the group.
    pub fn group(group: impl Into<Text>) -> Self {
        Self::of(DocumentNode::map([("group", Prop::String(group.into()))]))
    }

    fn of(node: DocumentNode) -> Self {
        Self { node, uses: Uses::default() }
    }

    pub(super) fn into_node(self) -> DocumentNode {
        self.node
    }
}

impl From<HostedRunner> for Runner {
    fn from(hosted: HostedRunner) -> Self {
        Self::from(hosted.0)
    }
}
impl HostedRunner {
    /// The label.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.0
    }
}
impl From<&str> for Runner {
    fn from(label: &str) -> Self {
        Self::of(label.into())
    }
}
impl<C: AvailableIn<place::JobSetting>> From<Expr<C>> for Runner {
    fn from(label: Expr<C>) -> Self {
        let mut uses = Uses::default();
        let scalar = IntoScalar::<place::JobSetting>::into_scalar(label);
        let node = uses.take(scalar).into();
        Self { node, uses }
    }
}
