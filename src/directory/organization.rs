//! What the service needs to know of an organization to answer for it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    db::{Binding, Sql},
    domain::{catalogue::Service, language::Language, plain_day::Calendar},
    error::{Error, Result},
};

/// How a caller is handed to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferMode {
    /// The person hears a summary first.
    Warm,
    /// The line is put through at once.
    Blind,
}

/// An organization as a call sees it.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Its id; every statement of the call is bound to it.
    pub id: Uuid,
    /// Its name, as it may be spoken.
    pub name: String,
    /// The zone whose calendar decides what "tomorrow" is.
    pub zone: Tz,
    /// The language of the assistant that answers, until the caller asks for another.
    pub language: Language,
    /// The languages that callers are answered in; the first is for those who ask for another one.
    pub languages: Vec<Language>,
    /// The Vapi id of the assistant that answers this number, if one is assigned.
    pub vapi_assistant_id: Option<String>,
    /// How calls are handed over.
    pub transfer_mode: TransferMode,
    /// Its services, by name; empty where there is no catalogue.
    pub services: Vec<Service>,
    /// Its calendar, where the answer for a plain day can come from it.
    pub calendar: Option<Calendar>,
}

impl Organization {
    /// The binding of this organization's transactions.
    #[must_use]
    pub fn binding(&self, now: DateTime<Utc>) -> Binding {
        Binding {
            organization_id: self.id,
            now,
        }
    }

    /// The language that a caller who asks for `wanted` is answered in.
    #[must_use]
    pub fn speaks(&self, wanted: Language) -> Language {
        if self.languages.is_empty() || self.languages.contains(&wanted) {
            wanted
        } else {
            self.language
        }
    }

    /// Reads a row of `organization.sql`.
    ///
    /// # Errors
    ///
    /// [`Error::Organization`] when its time zone is not known to this program, [`Error::Shape`] for any other row.
    pub(super) fn from_row(statement: &'static Sql, row: &Row) -> Result<Self> {
        let zone: String = statement.get(row, "timezone")?;
        let mode: Option<String> = statement.get(row, "transfer_mode")?;
        let services: Value = statement.get(row, "services")?;
        let calendar: Option<Value> = statement.get(row, "calendar")?;
        let languages: Option<Value> = statement.get(row, "languages")?;
        let languages = languages_of(languages.as_ref());
        let language = Language::stored(statement.get(row, "language")?);
        Ok(Self {
            language: match languages.first() {
                Some(first) if !languages.contains(&language) => *first,
                _ => language,
            },
            languages,
            services: serde_json::from_value(services).map_err(statement.shape())?,
            calendar: calendar.and_then(calendar_of),
            id: statement.get(row, "organization_id")?,
            name: statement.get(row, "name")?,
            zone: zone.parse().map_err(|_unknown| Error::Organization {
                setting: "time zone",
            })?,
            vapi_assistant_id: statement.get(row, "vapi_assistant_id")?,
            transfer_mode: match mode.as_deref() {
                Some("blind") => TransferMode::Blind,
                _ => TransferMode::Warm,
            },
        })
    }
}

/// The calendar, unless it cannot be read: then the database is asked about every day.
fn calendar_of(calendar: Value) -> Option<Calendar> {
    serde_json::from_value(calendar)
        .inspect_err(|error| {
            tracing::error!(%error, "the calendar of an organization cannot be read");
        })
        .ok()
}

/// The languages in `settings.languages`; none when nothing is said there, which means all.
fn languages_of(setting: Option<&Value>) -> Vec<Language> {
    setting
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_str)
        .filter_map(Language::parse)
        .collect()
}
