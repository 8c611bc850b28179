//! An emergency that could not be written to the database.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::origin::Origin;
use crate::{
    db::Database,
    directory::Directory,
    domain::{language::Language, speech, urgency::Urgency},
    error::Result,
    escalation::{channels::ChannelSettings, incident::Report, open},
};

/// The most characters of a caller's words in the operator's page.
const MAX_WORDS: usize = 200;

/// Why an emergency goes to the operator instead of an organization's contacts.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// It could not be written to the database.
    #[default]
    Outage,
    /// The call belongs to no organization, so that there is nobody else to page.
    NobodysCall,
    /// It came with more tool calls than are worked on at once.
    TooMany,
}

/// An emergency, as far as it is known from the call.
#[derive(Clone, Deserialize, Serialize)]
pub struct Emergency {
    /// The call.
    #[serde(flatten)]
    pub origin: Origin,
    /// Why the operator is paged.
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

impl Emergency {
    /// Opens it and pages the first contact; `None` when it is nobody's, or not that of whoever authenticated it.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn replay(
        &self,
        database: &Database,
        directory: &Directory,
        channels: ChannelSettings,
        now: DateTime<Utc>,
    ) -> Result<Option<Uuid>> {
        let Some(organization) = self.origin.organization(database, directory).await? else {
            return Ok(None);
        };
        let id = organization.id;
        let channels = channels.of(directory, id);
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
            language: Language::stored(Some(&self.language)),
            control_url: None,
        }
        .with_callback(self.callback.as_deref(), self.origin.call().caller.as_ref())
    }

    /// The page for the operator.
    pub(super) fn notice(&self) -> String {
        let what = speech::quoted(&self.words, MAX_WORDS);
        let quoted = |label: &str, text: Option<&str>, max| {
            text.map_or_else(String::new, |text| {
                format!(" {label} {}.", speech::quoted(text, max))
            })
        };
        let callback = self.callback.as_deref().or(self.origin.caller.as_deref());
        let place = quoted("Address:", self.address.as_deref(), 80);
        let back = quoted("Call back:", callback, 20);
        let called = quoted("They called", self.origin.called.as_deref(), 20);
        let why = match self.cause {
            Cause::Outage => "that the database did not take",
            Cause::NobodysCall => "on a number that is not set up",
            Cause::TooMany => "among too many tool calls at once",
        };
        speech::single_stops(&format!(
            "EMERGENCY {why}: {what}.{place}{back}{called} Nobody else has been told."
        ))
    }
}
