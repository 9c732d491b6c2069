use super::{
    expr::{AvailableIn, Expr, IntoScalar, Uses, place},
    keys::Keys,
};

/// The environment of the repository that a job deploys to. Its rules hold the job back until
/// somebody approved it, and its secrets and variables are the job's.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments>
#[derive(Clone, Debug)]
pub struct DeploymentEnvironment {
    pub(super) keys: Keys,
    pub(super) uses: Uses,
}

impl DeploymentEnvironment {
    /// The environment `name`.
    pub fn new(name: impl IntoScalar<place::JobSetting>) -> Self {
        let mut environment = Self { keys: Keys::default(), uses: Uses::default() };
        let name = environment.uses.take(name.into_scalar());
        environment.keys.set("name", name);
        environment
    }

    /// Where to look at what was deployed.
    #[must_use]
    pub fn url(mut self, url: impl IntoScalar<place::EnvironmentUrl>) -> Self {
        let url = self.uses.take(url.into_scalar());
        self.keys.set("url", url);
        self
    }

    /// Whether GitHub notes a deployment; `false` is for jobs that only need what the environment
    /// keeps.
    #[must_use]
    pub fn deployment(mut self, deployment: bool) -> Self {
        self.keys.set("deployment", deployment);
        self
    }
}

impl From<&str> for DeploymentEnvironment {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}
impl<C: AvailableIn<place::JobSetting>> From<Expr<C>> for DeploymentEnvironment {
    fn from(name: Expr<C>) -> Self {
        Self::new(name)
    }
}
