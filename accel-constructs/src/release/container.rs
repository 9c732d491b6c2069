use accel_core::{DocumentNode, Prop, Text};

use super::{
    expr::{IntoScalar, Uses, place},
    keys::Keys,
};

/// A container: the one a job runs in, or a service beside it. Pin its image by digest:
/// `ghcr.io/example/tools@sha256:...`.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontainer>
#[derive(Clone, Debug)]
pub struct Container {
    pub(super) keys: Keys,
    env: Keys,
    pub(super) uses: Uses,
}

impl Container {
    /// A container of the image.
    pub fn new(image: impl IntoScalar<place::JobSetting>) -> Self {
        let mut container =
            Self { keys: Keys::default(), env: Keys::default(), uses: Uses::default() };
        let image = container.uses.take(image.into_scalar());
        container.keys.set("image", image);
        container
    }

    /// Who pulls the image.
    #[must_use]
    pub fn credentials(
        mut self,
        username: impl IntoScalar<place::Credentials>,
        password: impl IntoScalar<place::Credentials>,
    ) -> Self {
        let username = self.uses.take(username.into_scalar());
        let password = self.uses.take(password.into_scalar());
        let credentials = [("username", username), ("password", password)];
        self.keys.set("credentials", DocumentNode::map(credentials));
        self
    }

    /// Sets an environment variable in it.
    #[must_use]
    pub fn env(mut self, name: impl Into<Text>, value: impl IntoScalar<place::JobOutput>) -> Self {
        let value = self.uses.take(value.into_scalar());
        self.env.set(name, value);
        self
    }

    /// Ports that the job reaches: `5432:5432`, or `5432` for any port on the host.
    #[must_use]
    pub fn ports<T: Into<Text>>(self, ports: impl IntoIterator<Item = T>) -> Self {
        self.texts("ports", ports)
    }

    /// Volumes: `source:target`.
    #[must_use]
    pub fn volumes<T: Into<Text>>(self, volumes: impl IntoIterator<Item = T>) -> Self {
        self.texts("volumes", volumes)
    }

    /// Further options of `docker create`.
    #[must_use]
    pub fn options(mut self, options: impl IntoScalar<place::JobSetting>) -> Self {
        let options = self.uses.take(options.into_scalar());
        self.keys.set("options", options);
        self
    }

    /// What a service runs instead of its image's command.
    #[must_use]
    pub fn command(mut self, command: impl IntoScalar<place::JobSetting>) -> Self {
        let command = self.uses.take(command.into_scalar());
        self.keys.set("command", command);
        self
    }

    /// What a service starts instead of its image's entry point.
    #[must_use]
    pub fn entrypoint(mut self, entrypoint: impl IntoScalar<place::JobSetting>) -> Self {
        let entrypoint = self.uses.take(entrypoint.into_scalar());
        self.keys.set("entrypoint", entrypoint);
        self
    }

    fn texts<T: Into<Text>>(
        mut self,
        key: &'static str,
        texts: impl IntoIterator<Item = T>,
    ) -> Self {
        self.keys
            .set(key, DocumentNode::list(texts.into_iter().map(|text| Prop::String(text.into()))));
        self
    }

    pub(super) fn into_node(mut self) -> DocumentNode {
        if !self.env.is_empty() {
            self.keys.set("env", self.env);
        }
        self.keys.in_order(&["image", "credentials", "env", "ports", "volumes", "options"])
    }
}

impl From<&str> for Container {
    fn from(image: &str) -> Self {
        Self::new(image)
    }
}
