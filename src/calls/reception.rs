//! What is known when a call comes in: who calls, whether their calls are taken, and whether anybody is in the office.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::{
    db::{Database, Params, Sql},
    directory::Organization,
    domain::{language::Language, name, phone::Phone, speech},
    error::{Error, Result},
    sql,
};

const QUERY: Sql = sql!("receive_caller", [UUID, TEXT]);

/// How long the look-up may take: a call that is taken without a greeting is better than one that rings on.
const TIMEOUT: Duration = Duration::from_millis(500);

/// The longest name that is spoken, in characters.
const MAX_NAME: usize = 60;

/// What is known of a call that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reception {
    /// The name of the customer with that number.
    pub name: Option<String>,
    /// The language that they are answered in.
    pub language: Language,
    /// Vapi's id of an assistant who speaks it, where the one that is assigned to the number does not.
    pub assistant_id: Option<String>,
    /// Whether the organization does not take their calls.
    pub is_blocked: bool,
    /// The office.
    pub office: Office,
}

/// Whether anybody is in the office, on the organization's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Office {
    /// Open until then.
    Open(NaiveDateTime),
    /// Closed until then; without a time for more than a month.
    Closed(Option<NaiveDateTime>),
    /// Not known.
    Unknown,
}

impl Reception {
    /// Looks up whoever calls from a number; it may be withheld.
    ///
    /// # Errors
    ///
    /// When the database fails, or takes longer than half a second.
    pub async fn of(
        database: &Database,
        organization: &Organization,
        caller: Option<&Phone>,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let number = caller.map(Phone::as_str);
        let binding = organization.binding(now);
        let params: Params<'_> = &[&organization.id, &number];
        let asked = database.read(&binding, &QUERY, params);
        let rows = tokio::time::timeout(TIMEOUT, asked)
            .await
            .map_err(|_elapsed| Error::Deadline)??;
        let row = QUERY.first(&rows)?;
        let name: Option<&str> = QUERY.get(row, "name")?;
        let language: Option<&str> = QUERY.get(row, "primary_language")?;
        let is_open: bool = QUERY.get(row, "is_open")?;
        let until: Option<NaiveDateTime> = QUERY.get(row, "until")?;
        let language = language.and_then(Language::parse);
        let language = organization.speaks(language.unwrap_or(organization.language));
        let assistant_id = QUERY.get(row, "vapi_assistant_id")?;
        Ok(Self {
            name: name
                .and_then(name::name)
                .map(|name| speech::quoted(&name, MAX_NAME)),
            assistant_id: Some(assistant_id)
                .filter(|_| language != organization.language)
                .flatten(),
            language,
            is_blocked: QUERY.get(row, "is_blocked")?,
            office: match until {
                Some(until) if is_open => Office::Open(until),
                until => Office::Closed(until),
            },
        })
    }

    /// What is known of anybody.
    #[must_use]
    pub fn unknown(organization: &Organization) -> Self {
        Self {
            name: None,
            language: organization.language,
            assistant_id: None,
            is_blocked: false,
            office: Office::Unknown,
        }
    }
}
