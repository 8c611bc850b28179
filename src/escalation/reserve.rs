//! What can be done for a caller while the database is away: what they say is written down in a folder (`calls/spool.rs`), and an
//! emergency is told to the operator's own number; as soon as the database is back it is opened.
//!
//! It is the last line and knows little: not whose call it is, only which number was called. An emergency that is taken up twice is
//! found again by its call.

use std::{future::Future, pin::Pin};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{channels::Channels, incident::Report, open};
use crate::{
    calls::{message::LeftMessage, spool::Origin},
    db::Database,
    directory::Directory,
    domain::{language::Language, urgency::Urgency},
    error::Result,
};

/// Why an emergency goes to the operator instead of an organization's contacts.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// It could not be written to the database.
    #[default]
    Outage,
    /// The call belongs to no organization, so that there is nobody else to tell.
    NobodysCall,
    /// It came with more tool calls than are worked on at once.
    TooMany,
}

/// An emergency, as much as a message tells of it.
#[derive(Clone, Deserialize, Serialize)]
pub struct Reported {
    /// The call.
    #[serde(flatten)]
    pub origin: Origin,
    /// Why the operator is told.
    #[serde(default)]
    pub cause: Cause,
    /// What happened.
    pub words: String,
    /// How bad it is.
    pub urgency: String,
    /// Where.
    pub address: Option<String>,
    /// Where to call back.
    pub callback: Option<String>,
    /// The caller's language.
    pub language: String,
    /// When it was reported.
    pub at: DateTime<Utc>,
}

/// What could be done for an emergency without the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alarmed {
    /// It is written down, and will be opened.
    pub is_kept: bool,
    /// The operator's number was told.
    pub is_told: bool,
    /// The operator's number is being told, and goes on being told until it was or ten minutes have passed.
    pub is_being_told: bool,
}

/// What can be done without the database.
pub trait Reserve: Send + Sync {
    /// Writes an emergency down and tells whoever can be told; what takes longer goes on in the background.
    fn alarm<'a>(
        &'a self,
        reported: &'a Reported,
    ) -> Pin<Box<dyn Future<Output = Alarmed> + Send + 'a>>;

    /// Tells whoever can be told of an emergency that would never be opened, so that it is not written down.
    fn tell<'a>(
        &'a self,
        reported: &'a Reported,
    ) -> Pin<Box<dyn Future<Output = Alarmed> + Send + 'a>>;

    /// Writes a message down; whether that was done.
    fn keep_message<'a>(
        &'a self,
        message: &'a LeftMessage,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
}

impl Reported {
    /// Opens the emergency and pages the first contact; `None` when it is nobody's, or not that of whoever proved it.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn take_up(
        &self,
        database: &Database,
        directory: &Directory,
        reach: impl Fn(Uuid) -> Channels,
        now: DateTime<Utc>,
    ) -> Result<Option<Uuid>> {
        let Some(organization) = self.origin.organization(database, directory).await? else {
            return Ok(None);
        };
        let id = organization.id;
        let channels = reach(id);
        let (call, report) = (self.origin.call(), self.report());
        database
            .transaction(&organization.binding(now), async |transaction| {
                open::report(transaction, id, &call, &report, channels, now).await
            })
            .await?;
        Ok(Some(id))
    }

    fn report(&self) -> Report {
        Report {
            words: self.words.clone(),
            urgency: Urgency::parse(&self.urgency).unwrap_or(Urgency::High),
            address: self.address.clone(),
            callback: None,
            language: Language::parse(&self.language).unwrap_or(Language::English),
            control_url: None,
        }
        .with_callback(self.callback.as_deref(), self.origin.call().caller.as_ref())
    }
}
