//! A call that pages somebody: what they hear, and what their keys do.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    acknowledge::{Responder, Standing, Way, look},
    answers,
    incident::Page,
    reply::{self, Intent},
    words,
};
use crate::{
    db::{Binding, Database, Priority, Sql},
    domain::{language::Language, phone::Phone},
    error::Result,
    sql,
};

const OF_ATTEMPT: Sql = sql!("page_of_attempt", [UUID, UUID]);

/// A call that pages somebody.
#[derive(Clone, Debug)]
pub struct PageCall {
    /// The page.
    pub page: Page,
    /// Whom it is for.
    pub phone: Phone,
    /// Their language.
    pub language: Language,
    others: i64,
}

/// What somebody who picks up hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Briefing {
    /// The emergency, and which keys there are.
    Keys {
        /// What happened.
        text: String,
        /// Which keys there are.
        keys: &'static str,
    },
    /// There is nothing to do any more.
    Over(String),
}

/// Finds the page that a call was placed for.
///
/// # Errors
///
/// When the database fails.
pub async fn find(
    database: &Database,
    organization_id: Uuid,
    attempt: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<PageCall>> {
    let binding = Binding {
        organization_id,
        now,
    };
    let rows = database
        .with_priority(Priority::Emergency)
        .read(&binding, &OF_ATTEMPT, &[&organization_id, &attempt])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let phone: &str = OF_ATTEMPT.get(row, "phone_number")?;
    let Ok(phone) = Phone::parse(phone) else {
        return Ok(None);
    };
    Ok(Some(PageCall {
        page: Page::of_row(&OF_ATTEMPT, row, organization_id)?,
        phone,
        language: Language::stored(OF_ATTEMPT.get(row, "language_code")?),
        others: OF_ATTEMPT.get(row, "others")?,
    }))
}

/// What somebody who picks up hears: what happened, if it still needs them.
///
/// # Errors
///
/// When the database fails.
pub async fn briefing(
    database: &Database,
    call: &PageCall,
    now: DateTime<Utc>,
) -> Result<Briefing> {
    let (language, responder) = (call.language, Responder::with_phone(&call.phone));
    let standing = look(database, &call.page, responder, now).await?;
    Ok(Briefing::Over(match standing {
        Standing::Open(incident) => {
            let others = usize::try_from(call.others).unwrap_or_default();
            return Ok(Briefing::Keys {
                text: words::briefing(&incident.facts(), others, language),
                keys: words::keys(language),
            });
        }
        Standing::Theirs(incident) => answers::yours_already(&incident, language),
        Standing::Others(incident) => answers::acknowledged_before(&incident, language),
        Standing::Closed(_) => answers::closed(call.page.code, language),
    }))
}

/// Does what a key means; `None` for a key that means nothing.
///
/// # Errors
///
/// When the database fails; nothing has happened then.
pub async fn press(
    database: &Database,
    call: &PageCall,
    key: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    let intent = match key {
        "1" => Intent::Acknowledge,
        "2" => Intent::Decline,
        _ => return Ok(None),
    };
    let responder = Responder::with_phone(&call.phone);
    reply::answer(database, &call.page, intent, responder, Way::Voice, now)
        .await
        .map(Some)
}
