//! What is there already, for whoever synthesizes next.

use std::sync::Arc;

use super::{Engine, Shared, Trouble, outcome::Failure};
use crate::{
    cloud::{Cloud, CloudError},
    values::Values,
};

impl<C: Cloud + 'static> Engine<C> {
    /// Looks for what nobody has said: ids of accounts, by their address or else their name, what the steps of `paths`
    /// [look up](crate::Graph::lookups), and what the nodes that are there have made. It changes nothing; what is not there
    /// stays unknown.
    ///
    /// # Errors
    /// The first that cannot be looked at.
    pub async fn lookup(&self, paths: &[String]) -> Result<Values, Failure> {
        let shared = &self.shared;
        let whole = |trouble: Trouble| shared.failure("", &trouble);
        shared.who_calls().await.map_err(whole)?;
        shared.look_for_accounts().await.map_err(|error| whole(error.into()))?;
        let look = |shared: Arc<Shared<C>>, path: String| async move {
            match shared.graph.get(&path) {
                Some(node) => shared.look(node).await.map(|_| ()),
                None => Err(Trouble::Refused(format!("there is no `{path}`"))),
            }
        };
        let mut failed = None;
        self.each(paths, look, |path, result| {
            if let Err(trouble) = result
                && !matches!(trouble, Trouble::Unknown(_) | Trouble::NotThere(_))
            {
                failed.get_or_insert_with(|| shared.failure(path, &trouble));
            }
            true
        })
        .await;
        failed.map_or_else(|| Ok(shared.values().clone()), Err)
    }
}

impl<C: Cloud> Shared<C> {
    /// Those of the organization, if there is one.
    async fn look_for_accounts(&self) -> Result<(), CloudError> {
        let accounts = match self.accounts().await {
            Err(error) if error.code.starts_with("AWSOrganizationsNotInUse") => return Ok(()),
            accounts => accounts?,
        };
        for there in accounts {
            let known = self.graph.manifest.accounts.iter();
            let mut unknown = known.filter(|(_, account)| account.id.is_none());
            let ours = unknown.find(|(name, account)| match &account.email {
                Some(email) => email.eq_ignore_ascii_case(&there.email),
                None => **name == there.name,
            });
            if let Some((name, _)) = ours {
                self.values().learn_account(name, there.id);
            }
        }
        Ok(())
    }
}
