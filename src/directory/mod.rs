//! Which organization a call belongs to, and which credentials open its webhook: kept in memory, refreshed when the
//! database says that something changed.
//!
//! The database announces every change of routing, settings and credentials on [`DIRECTORY_CHANNEL`]. While the
//! announcements do not arrive, or are not known to, nothing is remembered: each call is looked up afresh, and the credentials known
//! last stay in force, since forgetting them would silence every telephone.

mod accounts;
mod credentials;
mod known;
mod organization;
mod routes;
mod sealing;

use std::sync::Arc;

use tokio::sync::mpsc;

pub use accounts::{Accounts, OwnAccount};
pub use credentials::{Credentials, RefreshError, WEBHOOK_SECRET};
pub use known::{BodyLimits, Suspensions};
pub use organization::{Organization, TransferMode};
pub use routes::{FIND, Route, Routes};

use crate::{
    clock::Clock,
    db::{
        Database,
        listen::{DIRECTORY_CHANNEL, Heard},
    },
    error::{Kind, causes},
    keyring::Keyring,
};

/// The memory of organizations and credentials.
#[derive(Debug)]
pub struct Directory {
    /// Call to organization.
    pub routes: Routes,
    /// Organization to live webhook secrets.
    pub credentials: Credentials,
    /// The Twilio accounts that organizations brought.
    pub accounts: Accounts,
    /// Organization to the largest body of its webhook.
    pub body_limits: BodyLimits,
    /// The organizations whose calls are suspended.
    pub suspensions: Suspensions,
    database: Database,
    keyring: Keyring,
    clock: Clock,
}

impl Directory {
    /// An empty memory over `database`.
    #[must_use]
    pub fn new(database: Database, keyring: Keyring, clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            routes: Routes::new(clock.clone()),
            credentials: Credentials::default(),
            accounts: Accounts::default(),
            body_limits: BodyLimits::default(),
            suspensions: Suspensions::default(),
            database,
            keyring,
            clock,
        })
    }

    /// Follows the announcements of [`DIRECTORY_CHANNEL`] until the channel closes.
    pub async fn follow(&self, mut heard: mpsc::Receiver<Heard>) {
        tracing::debug!(channel = DIRECTORY_CHANNEL, "following the directory");
        let mut is_behind = false;
        while let Some(event) = heard.recv().await {
            match event {
                Heard::Connected | Heard::Changed => {
                    self.routes.forget(true);
                    is_behind = !self.follow_credentials().await;
                }
                Heard::Lost => self.routes.forget(false),
                Heard::Alive => {
                    self.routes.trust();
                    if is_behind {
                        is_behind = !self.follow_credentials().await;
                    }
                }
            }
        }
    }

    /// Seals what was written in plain text, and reads the live credentials again.
    ///
    /// # Errors
    ///
    /// When they cannot be read, or one of them cannot be opened; those known last then stay in force.
    pub async fn refresh_credentials(&self) -> Result<(), RefreshError> {
        self.seal().await?;
        self.read().await
    }

    /// Seals what was written in plain text; whether that may have changed what is to be read.
    ///
    /// # Errors
    ///
    /// When the database cannot be reached. Whatever else fails is logged: what is sealed already can be read all the same.
    pub async fn seal(&self) -> Result<bool, RefreshError> {
        match sealing::seal(&self.database, &self.keyring, self.clock.now()).await {
            Err(RefreshError::Database(error)) if error.kind() == Kind::Unreachable => {
                Err(error.into())
            }
            Err(error) => {
                tracing::error!(
                    error = causes(&error),
                    "credentials in plain text could not be sealed"
                );
                Ok(true)
            }
            sealed => sealed,
        }
    }

    /// Reads the live credentials, and writes nothing.
    ///
    /// # Errors
    ///
    /// As [`Directory::refresh_credentials`].
    pub async fn read(&self) -> Result<(), RefreshError> {
        let (database, keyring) = (&self.database, &self.keyring);
        self.accounts.refresh(database, keyring).await?;
        self.body_limits.refresh(database).await?;
        self.suspensions.refresh(database).await?;
        self.credentials.refresh(database, keyring).await
    }

    /// Seals and reads again; whether that was done. Those known last stay in force when it was not.
    pub async fn follow_credentials(&self) -> bool {
        let followed = self.refresh_credentials().await;
        if let Err(error) = &followed {
            tracing::error!(
                error = causes(error),
                "webhook credentials could not be read again; those known last stay in force"
            );
        }
        followed.is_ok()
    }
}
