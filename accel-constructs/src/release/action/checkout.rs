use crate::release::{Checkout, permission};

impl Checkout {
    /// Leaves the token in the checkout, so that later steps can push with `git push`, and asks for
    /// the permission to. Without it no step behind this one can use the token by accident.
    pub fn with_push(self) -> Self {
        self.persist_credentials(true).permission(permission::CONTENTS.write(), "to push")
    }
}
