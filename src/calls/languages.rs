//! The language in which a caller is answered when the model does not say.
//!
//! What the call was heard in, or a tool call named, comes first; then the words in which the caller reports a danger, then what the
//! customer prefers, then what the assistant speaks. It is kept in memory for some minutes, so that only the first tool of a call asks the
//! database. The journal brings there what a tool call named, for the other instances and for later.

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
    domain::language::Language,
    error::{Error, Result},
    sql,
};

const QUERY: Sql = sql!("caller_language", [UUID, TEXT, TEXT, TEXT]);

/// How long a call's language is remembered; another instance of the service may hear of a change meanwhile.
const REMEMBERED: TimeDelta = TimeDelta::minutes(2);

/// How many calls are remembered; beyond that all are forgotten, and asked for again.
const MAX_CALLS: usize = 4_000;

/// How long the look-up may take: an answer in the assistant's language is better than a late one.
const TIMEOUT: Duration = Duration::from_millis(300);

type Heard = HashMap<(Uuid, String), Known>;

/// What is known of a call's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The language.
    pub language: Language,
    /// Whether the caller was heard to speak it; otherwise it may be what the customer prefers or the assistant speaks.
    pub is_heard: bool,
    /// Since when.
    at: DateTime<Utc>,
}

/// The languages of the calls that are going on.
#[derive(Clone, Debug, Default)]
pub struct Languages {
    heard: Arc<Mutex<Heard>>,
}

impl Languages {
    /// Remembers the language of a call, unless something later was heard: what was looked up before a change is known to be old when it
    /// arrives after it.
    pub fn hear(
        &self,
        organization_id: Uuid,
        vapi_call_id: String,
        language: Language,
        is_heard: bool,
        now: DateTime<Utc>,
    ) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if heard.len() >= MAX_CALLS {
            heard.clear();
        }
        let known = Known {
            language,
            is_heard,
            at: now,
        };
        remember(&mut heard, (organization_id, vapi_call_id), known);
    }

    /// The language of a call as far as it is remembered, among those that the organization offers; where it offers one, that.
    #[must_use]
    pub fn known(
        &self,
        organization: &Organization,
        call: &Call,
        now: DateTime<Utc>,
    ) -> Option<Known> {
        if organization.languages == [organization.language] {
            return Some(Known {
                language: organization.language,
                is_heard: true,
                at: now,
            });
        }
        let key = (organization.id, call.vapi_call_id.clone()?);
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let known = heard.get(&key).filter(|known| !known.is_old(now))?;
        Some(Known {
            language: organization.speaks(known.language),
            ..*known
        })
    }

    /// The language that a call was heard in, as far as it is remembered, while it cannot be known whose call it is.
    #[must_use]
    pub fn heard(&self, vapi_call_id: &str, now: DateTime<Utc>) -> Option<Language> {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of_call = heard.iter().filter(|((_, id), _)| id == vapi_call_id);
        let is_heard = |known: &Known| known.is_heard && !known.is_old(now);
        of_call.find_map(|(_, known)| is_heard(known).then_some(known.language))
    }
}

impl Known {
    fn is_old(self, now: DateTime<Utc>) -> bool {
        now - self.at >= REMEMBERED
    }
}

/// The language of a call as far as the database knows it, or of the customer with a number.
///
/// # Errors
///
/// When the database fails or takes too long.
pub async fn find(
    database: &Database,
    organization: &Organization,
    call: &Call,
    number: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<Language>> {
    let binding = organization.binding(now);
    let at = binding.at();
    let params: Params<'_> = &[&organization.id, &call.vapi_call_id, &number, &at];
    let asked = database.ask(&binding, &QUERY, params);
    let rows = tokio::time::timeout(TIMEOUT, asked)
        .await
        .map_err(|_elapsed| Error::Deadline)??;
    let found: Option<&str> = match rows.first() {
        Some(row) => QUERY.get(row, 0)?,
        None => None,
    };
    Ok(found.and_then(Language::parse))
}

/// Remembers a language, unless a later one is known, or one that was heard where this one was not.
fn remember(heard: &mut Heard, key: (Uuid, String), new: Known) {
    let known = heard.entry(key).or_insert(new);
    let outweighs = new.is_heard || !known.is_heard || known.is_old(new.at);
    if known.at <= new.at && outweighs {
        *known = new;
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
        for (language, is_heard, seconds, then) in [
            (Language::English, false, 1, Language::English),
            (Language::Spanish, false, 3, Language::Spanish),
            (Language::English, false, 2, Language::Spanish),
            (Language::English, true, 4, Language::English),
            // What the customer prefers does not undo what was heard.
            (Language::Spanish, false, 5, Language::English),
            (Language::Spanish, false, 4 + 120, Language::Spanish),
        ] {
            let known = Known {
                language,
                is_heard,
                at: at + TimeDelta::seconds(seconds),
            };
            remember(&mut heard, key.clone(), known);
            assert_eq!(heard.get(&key).map(|known| known.language), Some(then));
        }
    }
}
