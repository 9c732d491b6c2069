use accel_core::{Diagnostic, Environment, Scope, Text};

use crate::release::{
    ConfigureAwsCredentials, DeploymentEnvironment, GithubRoleRef, GithubSubject, Repository, codes,
};

/// Where jobs deploy: an environment of the repository, whose rules say who approves, and the role that
/// they assume in an account.
///
/// ```
/// use accel_core::{AccountRef, Region};
/// use accel_constructs::release::{GithubRoleRef, archetypes::Stage};
///
/// fn production(prod: AccountRef, deployer: &GithubRoleRef) -> Stage {
///     Stage::new("prod", deployer, prod.in_region(Region::EU_WEST_1)).url("https://shop.example.com")
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Stage {
    environment: Text,
    role: GithubRoleRef,
    target: Environment,
    url: Option<Text>,
}

impl Stage {
    /// The environment `name` of the repository, which `role` trusts, and the account and region that
    /// the role works in.
    pub fn new(name: impl Into<Text>, role: &GithubRoleRef, target: Environment) -> Self {
        Self { environment: name.into(), role: role.clone(), target, url: None }
    }

    /// Where to look at what was deployed.
    #[must_use]
    pub fn url(mut self, url: impl Into<Text>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The name of the environment.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.environment
    }

    /// For a job that deploys: GitHub notes a deployment.
    pub(super) fn environment(&self) -> DeploymentEnvironment {
        let environment = DeploymentEnvironment::new(&*self.environment);
        match &self.url {
            Some(url) => environment.url(url.clone()),
            None => environment,
        }
    }

    /// For a job that only needs the role.
    pub(super) fn without_deployment(&self) -> DeploymentEnvironment {
        DeploymentEnvironment::new(&*self.environment).deployment(false)
    }

    pub(super) fn credentials(&self) -> ConfigureAwsCredentials {
        self.role.credentials(self.target.account, self.target.region)
    }

    /// Whether AWS will hand out the role there.
    pub(super) fn check(&self, scope: &mut Scope<'_, Repository>) {
        let Some(slug) = scope.level().map(|repository| repository.slug().to_owned()) else {
            return;
        };
        let (role, name) = (&self.role, &*self.environment);
        let wanted = GithubSubject::environment(name);
        let (message, allowed) = if !role.repository().eq_ignore_ascii_case(&slug) {
            let message = format!("the role {:?} does not trust {slug}", role.name());
            (message, role.repository().to_owned())
        } else if !role.trusts().contains(&wanted) {
            let message =
                format!("the role {:?} does not trust the environment {name:?}", role.name());
            (message, environments(role.trusts()))
        } else {
            return;
        };
        scope.report(
            Diagnostic::error(&codes::UNTRUSTED_ENVIRONMENT, message, scope.location())
                .allowed(allowed)
                .help(format!(".trusts([GithubSubject::environment({name:?})]), for {slug}")),
        );
    }
}

fn environments(trusts: &[GithubSubject]) -> String {
    let names: Vec<&str> = trusts
        .iter()
        .filter_map(|subject| match subject {
            GithubSubject::Environment(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    if names.is_empty() { "no environment".to_owned() } else { names.join(", ") }
}
