//! Replies of those who were paged: which incident they mean, and what comes of it.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    acknowledge::{self, Taker, Taking, Way},
    answers,
    incident::{self, Status},
    steps,
};
use crate::{
    db::{Binding, Database, OrgTx, Priority, Sql},
    domain::{
        keyword::{self, Asked},
        language::Language,
        phone::Phone,
    },
    error::Result,
    sql,
};

const PAGES: Sql = sql!("pages_of", [TEXT, TEXT, TIMESTAMPTZ]);

/// For how long a page can be answered.
const ANSWERABLE: TimeDelta = TimeDelta::hours(24);

/// What somebody who was paged wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// To take the emergency.
    Take,
    /// To pass it on.
    Pass,
    /// To say that it is done.
    Done,
    /// To know something of it.
    Ask(Question),
    /// It cannot be told.
    Unclear,
}

/// What somebody who was paged wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Of what.
    pub asked: Asked,
    /// Whether they name the emergency; else it is the one that they have taken.
    pub is_named: bool,
}

impl From<keyword::PageReply> for Intent {
    fn from(reply: keyword::PageReply) -> Self {
        match reply.page {
            keyword::Page::Take => Self::Take,
            keyword::Page::Pass => Self::Pass,
            keyword::Page::Done => Self::Done,
            keyword::Page::Ask(asked) => Self::Ask(Question {
                asked,
                is_named: reply.code.is_some(),
            }),
        }
    }
}

/// An emergency that a telephone was paged for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Whose it is.
    pub organization_id: Uuid,
    /// The emergency.
    pub incident_id: Uuid,
    /// By what it is named.
    pub code: i16,
    /// How far it has come.
    pub status: Status,
}

/// The emergencies of the last day that a telephone was paged for, by whichever organization, the last one first.
///
/// # Errors
///
/// When the database fails.
pub async fn pages(
    database: &Database,
    phone: &Phone,
    our_number: Option<&Phone>,
    now: DateTime<Utc>,
) -> Result<Vec<Page>> {
    let rows = database
        .read_unbound(
            &PAGES,
            &[
                &phone.as_str(),
                &our_number.map(Phone::as_str),
                &(now - ANSWERABLE),
            ],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let status: &str = PAGES.get(row, "status")?;
            Ok(Page {
                organization_id: PAGES.get(row, "organization_id")?,
                incident_id: PAGES.get(row, "incident_id")?,
                code: PAGES.get(row, "code")?,
                status: Status::parse(status),
            })
        })
        .collect()
}

/// Which of the emergencies is meant: the one that is named, else the last one that the intent makes sense for, else the last.
#[must_use]
pub fn choose(pages: &[Page], intent: Intent, code: Option<i16>) -> Option<Page> {
    if let Some(code) = code {
        return pages.iter().find(|page| page.code == code).copied();
    }
    let fits = |page: &&Page| match intent {
        Intent::Take | Intent::Pass | Intent::Unclear => {
            matches!(page.status, Status::Open | Status::Exhausted)
        }
        Intent::Done => page.status == Status::Acknowledged,
        Intent::Ask(_) => page.status != Status::Closed,
    };
    pages.iter().find(fits).or(pages.first()).copied()
}

/// Does what somebody who was paged wants, and says what came of it. One transaction, so that the answer is true.
///
/// # Errors
///
/// When the database fails; nothing has happened then.
pub async fn answer(
    database: &Database,
    page: &Page,
    intent: Intent,
    taker: Taker<'_>,
    way: Way,
    now: DateTime<Utc>,
) -> Result<String> {
    let binding = Binding {
        organization_id: page.organization_id,
        now,
    };
    database
        .with_priority(Priority::Emergency)
        .transaction(&binding, async |transaction| {
            answer_in(
                transaction,
                page,
                &[],
                intent,
                Speaker {
                    taker,
                    way,
                    language: None,
                },
            )
            .await
        })
        .await
}

/// Who answers a page, and how.
#[derive(Clone, Copy, Debug)]
pub struct Speaker<'a> {
    /// Who.
    pub taker: Taker<'a>,
    /// By what.
    pub way: Way,
    /// The language of their words, where those tell.
    pub language: Option<Language>,
}

/// The same within a transaction that also stores the answer; `all` are the sender's emergencies.
///
/// # Errors
///
/// When the database fails.
pub async fn answer_in(
    transaction: &OrgTx,
    page: &Page,
    all: &[Page],
    intent: Intent,
    speaker: Speaker<'_>,
) -> Result<String> {
    let (taker, way) = (speaker.taker, speaker.way);
    let others: Vec<i16> = all
        .iter()
        .filter(|other| other.incident_id != page.incident_id)
        .filter(|other| matches!(other.status, Status::Open | Status::Exhausted))
        .map(|other| other.code)
        .collect();
    let language = match speaker.language {
        Some(language) => language,
        None => language_of(transaction, page, taker).await?,
    };
    match intent {
        Intent::Take => take(transaction, page, &others, taker, way, language).await,
        Intent::Pass => {
            let (organization, incident) = (page.organization_id, page.incident_id);
            let was_theirs = match taker.phone {
                Some(phone) => {
                    acknowledge::decline(transaction, organization, incident, phone, way).await?
                }
                None => false,
            };
            let known = incident::read_with_paging(transaction, organization, incident).await?;
            let has_next = known.is_some_and(|(_, paging)| paging.has_next);
            Ok(answers::passed(page.code, was_theirs, has_next, language))
        }
        Intent::Done => done(transaction, page, taker, language).await,
        Intent::Ask(question) => {
            let held = if question.is_named {
                None
            } else {
                held(transaction, all, page, taker).await?
            };
            tell(
                transaction,
                &held.unwrap_or(*page),
                question.asked,
                taker,
                language,
            )
            .await
        }
        Intent::Unclear => help(transaction, page, taker, language).await,
    }
}

/// The emergency that somebody has taken, the last one of several.
async fn held(
    transaction: &OrgTx,
    all: &[Page],
    page: &Page,
    taker: Taker<'_>,
) -> Result<Option<Page>> {
    let theirs = all.iter().filter(|other| {
        other.organization_id == page.organization_id && other.status == Status::Acknowledged
    });
    for other in theirs {
        let (organization, id) = (other.organization_id, other.incident_id);
        let incident = incident::read(transaction, organization, id).await?;
        if incident.is_some_and(|incident| taker.has(&incident)) {
            return Ok(Some(*other));
        }
    }
    Ok(None)
}

/// Tells what somebody asks for who was paged: nothing that the page did not hold. Of what another has taken, only who has it.
async fn tell(
    transaction: &OrgTx,
    page: &Page,
    asked: Asked,
    taker: Taker<'_>,
    language: Language,
) -> Result<String> {
    let (organization, id) = (page.organization_id, page.incident_id);
    let Some(incident) = incident::read(transaction, organization, id).await? else {
        return Ok(answers::closed(page.code, language));
    };
    let is_theirs = taker.has(&incident);
    Ok(match incident.status {
        Status::Open | Status::Exhausted => answers::told(&incident, asked, false, language),
        Status::Acknowledged | Status::Closed if is_theirs => {
            answers::told(&incident, asked, true, language)
        }
        Status::Acknowledged => answers::taken_before(&incident, language),
        Status::Closed => answers::closed(page.code, language),
    })
}

/// Says what can be answered to a page as it stands.
async fn help(
    transaction: &OrgTx,
    page: &Page,
    taker: Taker<'_>,
    language: Language,
) -> Result<String> {
    let (organization, id) = (page.organization_id, page.incident_id);
    let incident = incident::read(transaction, organization, id).await?;
    Ok(match incident {
        Some(incident) => match incident.status {
            Status::Open | Status::Exhausted => answers::help(page.code, language),
            Status::Acknowledged if taker.has(&incident) => {
                answers::help_with_theirs(page.code, language)
            }
            Status::Acknowledged => answers::taken_before(&incident, language),
            Status::Closed => answers::closed(page.code, language),
        },
        None => answers::closed(page.code, language),
    })
}

async fn take(
    transaction: &OrgTx,
    page: &Page,
    others: &[i16],
    taker: Taker<'_>,
    way: Way,
    language: Language,
) -> Result<String> {
    let (organization, incident) = (page.organization_id, page.incident_id);
    let taking = acknowledge::take(transaction, organization, incident, taker, way).await?;
    Ok(match taking {
        Taking::Taken(incident) => answers::you_have_it(&incident, others, way, language),
        Taking::TheirsAlready(incident) => answers::yours_already(&incident, language),
        Taking::TakenBefore(incident) => answers::taken_before(&incident, language),
        Taking::Closed(_) | Taking::Unknown => answers::closed(page.code, language),
    })
}

async fn done(
    transaction: &OrgTx,
    page: &Page,
    taker: Taker<'_>,
    language: Language,
) -> Result<String> {
    let (organization, id) = (page.organization_id, page.incident_id);
    if acknowledge::close(transaction, organization, id, taker).await? {
        return Ok(answers::done(page.code, language));
    }
    let incident = incident::read(transaction, organization, id).await?;
    Ok(match incident {
        Some(incident) if incident.status == Status::Acknowledged => {
            answers::taken_before(&incident, language)
        }
        Some(incident) if incident.status != Status::Closed => answers::help(page.code, language),
        _ => answers::closed(page.code, language),
    })
}

/// The language in which somebody is told of an emergency.
async fn language_of(transaction: &OrgTx, page: &Page, taker: Taker<'_>) -> Result<Language> {
    let steps = steps::read(transaction, page.organization_id, page.incident_id).await?;
    Ok(steps
        .iter()
        .find(|step| {
            Some(step.number) == taker.step
                || (taker.phone.is_some() && step.phone.as_ref() == taker.phone)
        })
        .map_or(Language::English, |step| step.language))
}
