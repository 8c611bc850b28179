//! A call that pages somebody: what they hear, and what their keys do.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    acknowledge::{Taker, Way},
    answers,
    incident::{self, Status},
    reply::{self, Intent, Page},
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

/// Finds the page that a call was made for.
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
    let status: &str = OF_ATTEMPT.get(row, "status")?;
    let language: &str = OF_ATTEMPT.get(row, "language_code")?;
    let Ok(phone) = Phone::parse(phone) else {
        return Ok(None);
    };
    Ok(Some(PageCall {
        page: Page {
            organization_id,
            incident_id: OF_ATTEMPT.get(row, "incident_id")?,
            code: OF_ATTEMPT.get(row, "code")?,
            status: Status::parse(status),
        },
        phone,
        language: Language::parse(language).unwrap_or(Language::English),
        others: OF_ATTEMPT.get(row, "others")?,
    }))
}

/// What somebody who picks up hears: the emergency if it still needs them.
///
/// # Errors
///
/// When the database fails.
pub async fn briefing(
    database: &Database,
    call: &PageCall,
    now: DateTime<Utc>,
) -> Result<Briefing> {
    let (organization_id, language) = (call.page.organization_id, call.language);
    let binding = Binding {
        organization_id,
        now,
    };
    let incident = database
        .with_priority(Priority::Emergency)
        .transaction(&binding, async |transaction| {
            incident::read(transaction, organization_id, call.page.incident_id).await
        })
        .await?;
    Ok(match incident {
        Some(incident) if matches!(incident.status, Status::Open | Status::Exhausted) => {
            let others = usize::try_from(call.others).unwrap_or_default();
            Briefing::Keys {
                text: words::briefing(&incident.facts(), others, language),
                keys: words::keys(language),
            }
        }
        Some(incident) if incident.status == Status::Acknowledged => {
            Briefing::Over(if Taker::with_phone(&call.phone).has(&incident) {
                answers::yours_already(&incident, language)
            } else {
                answers::taken_before(&incident, language)
            })
        }
        _ => Briefing::Over(answers::closed(call.page.code, language)),
    })
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
        "1" => Intent::Take,
        "2" => Intent::Pass,
        _ => return Ok(None),
    };
    let taker = Taker::with_phone(&call.phone);
    reply::answer(database, &call.page, intent, taker, Way::Voice, now)
        .await
        .map(Some)
}
