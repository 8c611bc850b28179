//! The language in which a caller is answered when the model does not say.
//!
//! What the call was heard in comes first, then what the customer prefers, then what the assistant speaks. It is kept in
//! memory for some minutes, so that only the first tool of a call asks the database.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Call;
use crate::{
    db::{Database, Params, Sql},
    directory::Organization,
    domain::{language::Language, phone::Phone},
    error::Result,
    sql,
};

const QUERY: Sql = sql!("caller_language", [UUID, TEXT, TEXT, TEXT]);

/// How long a call's language is remembered; another instance of the service may hear of a change meanwhile.
const REMEMBERED: TimeDelta = TimeDelta::minutes(2);

/// How many calls are remembered; beyond that all are forgotten, and asked for again.
const MAX_CALLS: usize = 4_000;

/// How long the look-up may take: an answer in the assistant's language is better than a late one.
const TIMEOUT: Duration = Duration::from_millis(300);

type Heard = HashMap<(Uuid, String), (Language, DateTime<Utc>)>;

/// The languages of the calls that are going on.
#[derive(Clone, Debug, Default)]
pub struct Languages {
    heard: Arc<Mutex<Heard>>,
}

impl Languages {
    /// The language of a call, among those that the organization offers.
    pub async fn of(
        &self,
        database: &Database,
        organization: &Organization,
        call: &Call,
        now: DateTime<Utc>,
    ) -> Language {
        if let Some(language) = self.known(organization, call, now) {
            return language;
        }
        let found = tokio::time::timeout(TIMEOUT, find(database, organization, call, now)).await;
        let language = match found {
            Ok(Ok(found)) => {
                let language = found.unwrap_or(organization.language);
                if let Some(call_id) = &call.vapi_call_id {
                    self.hear(organization.id, call_id.clone(), language, now);
                }
                language
            }
            // The tool itself meets the same trouble, and tells of it.
            Ok(Err(_)) | Err(_) => organization.language,
        };
        organization.speaks(language)
    }

    /// Remembers the language that a call is heard in, unless something later was heard: what was looked up before a change is known to
    /// be old when it arrives after it.
    pub fn hear(
        &self,
        organization_id: Uuid,
        vapi_call_id: String,
        language: Language,
        now: DateTime<Utc>,
    ) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() >= MAX_CALLS {
            heard.clear();
        }
        remember(&mut heard, (organization_id, vapi_call_id), language, now);
    }

    /// The language of a call as far as it is remembered, among those that the organization offers; where it offers one, that.
    #[must_use]
    pub fn known(
        &self,
        organization: &Organization,
        call: &Call,
        now: DateTime<Utc>,
    ) -> Option<Language> {
        if organization.languages == [organization.language] {
            return Some(organization.language);
        }
        let key = (organization.id, call.vapi_call_id.clone()?);
        Some(organization.speaks(self.remembered(&key, now)?))
    }

    fn remembered(&self, key: &(Uuid, String), now: DateTime<Utc>) -> Option<Language> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let (language, at) = heard.get(key)?;
        (now - *at < REMEMBERED).then_some(*language)
    }
}

/// What the database knows of a caller's language.
async fn find(
    database: &Database,
    organization: &Organization,
    call: &Call,
    now: DateTime<Utc>,
) -> Result<Option<Language>> {
    let number = call.caller.as_ref().map(Phone::as_str);
    let binding = organization.binding(now);
    let at = binding.at();
    let params: Params<'_> = &[&organization.id, &call.vapi_call_id, &number, &at];
    let rows = database.ask(&binding, &QUERY, params).await?;
    let found: Option<&str> = match rows.first() {
        Some(row) => QUERY.get(row, 0)?,
        None => None,
    };
    Ok(found.and_then(Language::parse))
}

/// Remembers a language, unless a later one is known.
fn remember(heard: &mut Heard, key: (Uuid, String), language: Language, at: DateTime<Utc>) {
    let known = heard.entry(key).or_insert((language, at));
    if known.1 <= at {
        *known = (language, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_up_before_a_change_does_not_undo_it() {
        let key = (Uuid::nil(), "call-1".to_owned());
        let at = DateTime::UNIX_EPOCH;
        let mut heard = Heard::new();
        for (language, seconds, then) in [
            (Language::English, 1, Language::English),
            (Language::Spanish, 3, Language::Spanish),
            (Language::English, 2, Language::Spanish),
            (Language::English, 4, Language::English),
        ] {
            remember(
                &mut heard,
                key.clone(),
                language,
                at + TimeDelta::seconds(seconds),
            );
            assert_eq!(heard.get(&key).map(|(language, _)| *language), Some(then));
        }
    }
}
