use accel_core::{
    Construct, Diagnostic, Document, DocumentEntry, DocumentNode, Format, Prop, Scope, Text, Value,
    tree::NodeId,
};
use typed_builder::TypedBuilder;

use super::{Gitops, check_name};
use crate::platform::codes::{CHART_VERSION, GITOPS_REPOSITORY};

/// An Argo CD Application: what of which repository is kept in which namespace of the cluster.
///
/// ```
/// use accel_constructs::platform::{Application, Gitops, Source};
/// use accel_core::{DocumentNode, Scope};
///
/// fn keda(gitops: &mut Scope<'_, Gitops>) {
///     let values = DocumentNode::map([("logging", DocumentNode::map([("level", "info")]))]);
///     let keda = Source::chart("https://kedacore.github.io/charts", "keda", "2.18.0").values(values);
///     gitops.add("keda", Application::builder().source(keda).namespace("keda").build());
/// }
/// ```
///
/// Source: <https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/>
#[derive(Clone, Debug, TypedBuilder)]
pub struct Application {
    /// What is kept there.
    source: Source,
    /// Where: a namespace, which is made if it is not there.
    #[builder(setter(into))]
    namespace: Text,
    /// The name; the id if not said.
    #[builder(default, setter(into, strip_option))]
    name: Option<Text>,
    /// The project of Argo CD, which bounds what an application may do.
    #[builder(default = "default".into(), setter(into))]
    project: Text,
    /// When it is applied, and what happens to what is in the way.
    #[builder(default)]
    sync: SyncPolicy,
    /// In which order applications of one parent are applied: lower first.
    #[builder(default, setter(strip_option))]
    wave: Option<i32>,
}

/// What an [`Application`] keeps in a cluster.
#[derive(Clone, Debug)]
pub struct Source {
    repository: Text,
    revision: Text,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Chart { name: Text, values: Option<DocumentNode> },
    Directory { path: Text },
}

impl Source {
    /// Version `version` of the Helm chart `name` in a chart repository. A version is exact: a range
    /// would be something else tomorrow.
    pub fn chart(
        repository: impl Into<Text>,
        name: impl Into<Text>,
        version: impl Into<Text>,
    ) -> Self {
        let what = What::Chart { name: name.into(), values: None };
        Self { repository: repository.into(), revision: version.into(), what }
    }

    /// The manifests in a directory of a Git repository and in those below it, at `HEAD`.
    pub fn directory(repository: impl Into<Text>, path: impl Into<Text>) -> Self {
        let what = What::Directory { path: path.into() };
        Self { repository: repository.into(), revision: "HEAD".into(), what }
    }

    /// A branch, tag or commit instead of `HEAD`; another version of a chart.
    #[must_use]
    pub fn revision(mut self, revision: impl Into<Text>) -> Self {
        self.revision = revision.into();
        self
    }

    /// The values of the chart. Does nothing to a directory, which has none.
    #[must_use]
    pub fn values(mut self, given: impl Into<DocumentNode>) -> Self {
        if let What::Chart { values, .. } = &mut self.what {
            *values = Some(given.into());
        }
        self
    }
}

/// How Argo CD knows the cluster that an [`Application`] is kept in.
#[derive(Clone, Debug)]
pub enum Destination {
    /// The cluster that Argo CD runs in.
    InCluster,
    /// A cluster that Argo CD was told of, by the name it has there.
    Name(Text),
    /// A cluster that Argo CD was told of, by the address of its API; for the EKS capability by its ARN.
    Server(Value<String>),
}

/// When an [`Application`] is applied. By itself by default, and what somebody changed by hand is undone.
///
/// Source: <https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/>
#[derive(Clone, Copy, Debug, TypedBuilder)]
pub struct SyncPolicy {
    /// Whether it is applied by itself. Otherwise somebody has to press a button.
    #[builder(default = true)]
    automated: bool,
    /// Whether what the source has no longer is removed.
    #[builder(default = true)]
    prune: bool,
    /// Whether what somebody changed in the cluster is undone.
    #[builder(default = true)]
    self_heal: bool,
    /// Whether the API server merges, which large definitions of resources need.
    #[builder(default = true)]
    server_side_apply: bool,
}

impl Default for SyncPolicy {
    fn default() -> Self {
        Self::builder().build()
    }
}

/// Names an [`Application`].
#[derive(Clone, Debug)]
pub struct ApplicationRef {
    /// The name.
    pub name: Text,
    /// The node of the tree.
    pub node: NodeId,
}

impl Construct for Application {
    type Level = Gitops;
    type Output = ApplicationRef;
    fn build(self, scope: &mut Scope<'_, Gitops>) -> ApplicationRef {
        let name = self.name.clone().unwrap_or_else(|| scope.id().into());
        check_name(scope, &name, "name of an application");
        self.source.check(scope);
        let level = scope.level().cloned().unwrap_or_else(|| Gitops::named("none"));
        let document = self.document(&name, &level);
        scope.document(Document::new(format!("applications/{name}.yaml"), Format::Yaml, document));
        ApplicationRef { name, node: scope.node() }
    }
}

impl Application {
    fn document(self, name: &Text, level: &Gitops) -> DocumentNode {
        let mut metadata = vec![
            DocumentEntry::new("name", name.clone()),
            DocumentEntry::new("namespace", level.namespace.clone()),
        ];
        if let Some(wave) = self.wave {
            // Annotations are text.
            let wave = [("argocd.argoproj.io/sync-wave", wave.to_string())];
            metadata.push(DocumentEntry::new("annotations", DocumentNode::map(wave)));
        }
        // What the application made goes with it.
        let finalizers = ["resources-finalizer.argocd.argoproj.io"];
        metadata.push(DocumentEntry::new("finalizers", DocumentNode::list(finalizers)));
        let cluster = match &level.destination {
            Destination::InCluster => ("server", Prop::from("https://kubernetes.default.svc")),
            Destination::Name(name) => ("name", name.clone().into()),
            Destination::Server(server) => ("server", server.into()),
        };
        let spec = [
            ("project", self.project.into()),
            ("source", self.source.document()),
            ("destination", DocumentNode::map([cluster, ("namespace", self.namespace.into())])),
            ("syncPolicy", self.sync.document()),
        ];
        DocumentNode::map([
            ("apiVersion", "argoproj.io/v1alpha1".into()),
            ("kind", "Application".into()),
            ("metadata", DocumentNode::Map(metadata)),
            ("spec", DocumentNode::map(spec)),
        ])
    }
}

impl Source {
    fn document(self) -> DocumentNode {
        let mut entries = vec![
            ("repoURL", DocumentNode::from(self.repository)),
            ("targetRevision", self.revision.into()),
        ];
        match self.what {
            What::Chart { name, values } => {
                entries.insert(1, ("chart", name.into()));
                if let Some(values) = values {
                    entries.push(("helm", DocumentNode::map([("valuesObject", values)])));
                }
            }
            What::Directory { path } => {
                entries.insert(1, ("path", path.into()));
                entries.push(("directory", DocumentNode::map([("recurse", true)])));
            }
        }
        DocumentNode::map(entries)
    }

    fn check(&self, scope: &mut Scope<'_, Gitops>) {
        let (path, location) = (scope.path(), scope.location());
        let schemes = ["https://", "ssh://", "git@", "oci://"];
        if !schemes.iter().any(|scheme| self.repository.starts_with(scheme)) {
            let message = format!("`{path}` reads {:?}", self.repository);
            scope.report(
                Diagnostic::error(&GITOPS_REPOSITORY, message, location)
                    .allowed("an address that begins with https://, ssh://, git@ or oci://")
                    .help("what travels in the clear can be changed on its way into the cluster"),
            );
        }
        if matches!(self.what, What::Chart { .. }) && !is_exact(&self.revision) {
            let message = format!("`{path}` wants version {:?} of a chart", self.revision);
            scope.report(
                Diagnostic::error(&CHART_VERSION, message, location)
                    .allowed("one version: 1.2.3, v1.2.3 or 1.2.3-rc.1")
                    .help("a range is something else tomorrow; let a bot move the version"),
            );
        }
    }
}

impl SyncPolicy {
    fn document(self) -> DocumentNode {
        let mut options = vec!["CreateNamespace=true"];
        if self.server_side_apply {
            options.push("ServerSideApply=true");
        }
        let mut entries = Vec::new();
        if self.automated {
            let automated = [("prune", self.prune), ("selfHeal", self.self_heal)];
            entries.push(("automated", DocumentNode::map(automated)));
        }
        entries.push(("syncOptions", DocumentNode::list(options)));
        DocumentNode::map(entries)
    }
}

/// Whether a version of a chart is one version.
fn is_exact(version: &str) -> bool {
    let version = version.strip_prefix('v').unwrap_or(version);
    let (core, rest) = match version.find(['-', '+']) {
        Some(at) => version.split_at(at),
        None => (version, "+0"),
    };
    let numbers: Vec<_> = core.split('.').collect();
    let number = |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-+".contains(c);
    numbers.len() == 3 && numbers.iter().all(number) && rest.len() > 1 && rest.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::is_exact;

    #[test]
    fn a_version_is_one_version() {
        for good in ["1.2.3", "v1.21.1", "2.0.0-rc.1", "1.0.0+build.5"] {
            assert!(is_exact(good), "{good}");
        }
        for bad in
            ["", "latest", "*", "1", "1.2", "1.x.0", "^1.2.3", ">=1.2.3", "1.2.3 - 2.0.0", "1.2.3-"]
        {
            assert!(!is_exact(bad), "{bad}");
        }
    }
}
