use accel_core::{App, Diagnostic, Document, Level, Scope, Text, Within};

use super::{EksClusterRef, codes::GITOPS_NAME};

mod application;
mod backing;

pub use application::{Application, ApplicationRef, Destination, Source, SyncPolicy};
pub use backing::{BackingApplications, BackingApplicationsRef, ClusterVpc};

/// What Argo CD keeps in a cluster: the level that [`Application`]s are added to. They become
/// `gitops/<cluster>/applications/<id>.yaml` in the assembly, and a repository that Argo CD reads.
///
/// Argo CD cannot look values up, so what a manifest says must be known at synth, from the program or from
/// the lock file.
///
/// ```
/// use accel_constructs::platform::{Application, EksClusterRef, Gitops, Source};
/// use accel_core::App;
///
/// fn root(app: &mut App, cluster: &EksClusterRef) {
///     let mut gitops = app.open("gitops", Gitops::new(cluster));
///     let source = Source::directory("https://github.com/example/gitops", "gitops/acme-cluster/applications");
///     gitops.add("root", Application::builder().source(source).namespace("argocd").build());
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Gitops {
    cluster: Text,
    namespace: Text,
    destination: Destination,
}

impl Gitops {
    /// What Argo CD keeps in `cluster`, in which it runs itself.
    pub fn new(cluster: &EksClusterRef) -> Self {
        Self::named(cluster.literal_name.clone())
    }

    /// What Argo CD keeps in the cluster of that name, which this program need not make.
    pub fn named(cluster: impl Into<Text>) -> Self {
        Self {
            cluster: cluster.into(),
            namespace: "argocd".into(),
            destination: Destination::InCluster,
        }
    }

    /// The namespace of Argo CD; `argocd` unless said otherwise.
    pub fn namespace(mut self, namespace: impl Into<Text>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// How Argo CD knows the cluster; as the one it runs in unless said otherwise.
    pub fn destination(mut self, destination: Destination) -> Self {
        self.destination = destination;
        self
    }
}

impl Level for Gitops {
    fn opened(scope: &mut Scope<'_, Self>) {
        let Some(cluster) = scope.level().map(|level| level.cluster.clone()) else { return };
        check_name(scope, &cluster, "name of a cluster");
    }

    fn render(&self, _place: &str, mut documents: Vec<Document>) -> Vec<Document> {
        for document in &mut documents {
            document.path = format!("gitops/{}/{}", self.cluster, document.path);
        }
        documents
    }
}

impl Within<App> for Gitops {}

/// Reports a name that Kubernetes does not take.
///
/// Source: <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>
fn check_name(scope: &mut Scope<'_, Gitops>, name: &str, what: &str) {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if (1..=63).contains(&name.len())
        && name.chars().all(plain)
        && name.starts_with(ends)
        && name.ends_with(ends)
    {
        return;
    }
    let message = format!("`{}` has {name:?} as {what}", scope.path());
    let location = scope.location();
    scope.report(
        Diagnostic::error(&GITOPS_NAME, message, location)
            .allowed("1 to 63 small letters, digits and `-`, the ends letters or digits")
            .help("the id of an application is its name unless `.name(..)` says another"),
    );
}
