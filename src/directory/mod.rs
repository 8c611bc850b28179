//! Which organization a call belongs to, and which credentials open its webhook: kept in memory, refreshed when the
//! database says that something changed.
//!
//! The database announces every change of routing, settings and credentials on [`DIRECTORY_CHANNEL`]. While the
//! announcements cannot be heard nothing is remembered: each call is looked up afresh, and the credentials known last
//! stay in force, since forgetting them would silence every telephone.

mod credentials;
mod organization;
mod routes;

use std::sync::Arc;

use tokio::sync::mpsc;

pub use credentials::Credentials;
pub use organization::{Organization, TransferMode};
pub use routes::{Route, Routes};

use crate::db::{
    Database,
    listen::{DIRECTORY_CHANNEL, Heard},
};

/// The memory of organizations and credentials.
#[derive(Debug)]
pub struct Directory {
    /// Call to organization.
    pub routes: Routes,
    /// Organization to live webhook secrets.
    pub credentials: Credentials,
}

impl Directory {
    /// An empty memory over `database`.
    #[must_use]
    pub fn new(database: Database) -> Arc<Self> {
        Arc::new(Self {
            routes: Routes::new(database.clone()),
            credentials: Credentials::new(database),
        })
    }

    /// Follows the announcements of [`DIRECTORY_CHANNEL`] until the channel closes.
    pub async fn follow(&self, mut heard: mpsc::Receiver<Heard>) {
        tracing::debug!(channel = DIRECTORY_CHANNEL, "following the directory");
        while let Some(event) = heard.recv().await {
            self.routes.forget(event != Heard::Lost);
            if event != Heard::Lost {
                self.refresh_credentials().await;
            }
        }
    }

    /// Reads the live credentials again; those known last stay in force when they cannot be read.
    pub async fn refresh_credentials(&self) {
        if let Err(error) = self.credentials.refresh().await {
            tracing::error!(
                error = error.chain(),
                "webhook credentials could not be read again; those known last stay in force"
            );
        }
    }
}
