//! Replies of contacts who were paged: which incident they mean, and what comes of it.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    acknowledge::{self, Responder, Standing, Way, standing},
    answers,
    incident::{self, Page, Status},
    steps::{self, Step},
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

const PAGES: Sql = sql!("answerable_pages", [TEXT, TEXT, TIMESTAMPTZ]);

/// For how long a page can be answered.
const ANSWERABLE: TimeDelta = TimeDelta::hours(24);

/// What a contact who was paged wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// To acknowledge the incident.
    Acknowledge,
    /// To pass it on to the next contact.
    Decline,
    /// To say that it is done.
    Done,
    /// To know something of it.
    Ask(Question),
    /// Their words do not say.
    Unclear,
}

/// What a contact who was paged wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Of what.
    pub asked: Asked,
    /// Whether they name the incident; else it is the one that they acknowledged.
    pub is_named: bool,
}

impl From<keyword::PageReply> for Intent {
    fn from(reply: keyword::PageReply) -> Self {
        match reply.page {
            keyword::Page::Take => Self::Acknowledge,
            keyword::Page::Pass => Self::Decline,
            keyword::Page::Done => Self::Done,
            keyword::Page::Ask(asked) => Self::Ask(Question {
                asked,
                is_named: reply.code.is_some(),
            }),
        }
    }
}

/// The incidents of the last day that a telephone was paged for, of whichever organization, the last one first.
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
    let page = |row| {
        let page = Page::of_row(&PAGES, row, PAGES.get(row, "organization_id")?)?;
        Ok(Page {
            is_theirs: PAGES.get(row, "is_theirs")?,
            is_asked: PAGES.get(row, "is_asked")?,
            ..page
        })
    };
    rows.iter().map(page).collect()
}

/// Which of the incidents is meant: the one that is named, else the last one that the intent makes sense for, else the last. Whoever has
/// one passes it or is done with it, and not with one that somebody else has.
#[must_use]
pub fn choose(pages: &[Page], intent: Intent, code: Option<i16>) -> Option<Page> {
    if let Some(code) = code {
        return pages.iter().find(|page| page.code == code).copied();
    }
    let fits: &[fn(&Page) -> bool] = match intent {
        Intent::Acknowledge | Intent::Unclear => &[Page::is_open],
        Intent::Decline => &[|page| page.is_asked, |page| page.is_theirs, Page::is_open],
        Intent::Done => &[
            |page| page.is_theirs,
            |page| page.status == Status::Acknowledged,
        ],
        Intent::Ask(_) => &[|page| page.status != Status::Closed],
    };
    fits.iter()
        .find_map(|fits| pages.iter().find(|page| fits(page)))
        .or(pages.first())
        .copied()
}

/// Does what a contact who was paged wants, and says what came of it. One transaction, so that the answer is true.
///
/// # Errors
///
/// When the database fails; nothing has happened then.
pub async fn answer(
    database: &Database,
    page: &Page,
    intent: Intent,
    responder: Responder<'_>,
    way: Way,
    now: DateTime<Utc>,
) -> Result<String> {
    let binding = Binding {
        organization_id: page.organization_id,
        now,
    };
    let speaker = Speaker {
        responder,
        way,
        language: None,
    };
    database
        .with_priority(Priority::Emergency)
        .transaction(&binding, async |transaction| {
            answer_in(transaction, page, &[], intent, speaker).await
        })
        .await
}

/// Who answers a page, and how.
#[derive(Clone, Copy, Debug)]
pub struct Speaker<'a> {
    /// Who.
    pub responder: Responder<'a>,
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
    let (responder, way, code) = (speaker.responder, speaker.way, page.code);
    let language = match speaker.language {
        Some(language) => language,
        None => language_of(transaction, page, responder).await?,
    };
    match intent {
        Intent::Acknowledge => acknowledge(transaction, page, all, speaker, language).await,
        Intent::Decline => {
            let was_theirs = match responder.phone {
                Some(phone) => acknowledge::decline(transaction, page, phone, way).await?,
                None => false,
            };
            let (organization, incident) = (page.organization_id, page.incident_id);
            let known = incident::read_with_paging(transaction, organization, incident).await?;
            let has_next = known.is_some_and(|(_, paging)| paging.has_next);
            Ok(answers::passed(code, was_theirs, has_next, language))
        }
        Intent::Done => {
            if acknowledge::close(transaction, page, responder).await? {
                return Ok(answers::done(code, language));
            }
            Ok(match standing(transaction, page, responder).await? {
                Standing::Open(_) => answers::help(code, language),
                Standing::Theirs(incident) | Standing::Others(incident) => {
                    answers::acknowledged_before(&incident, language)
                }
                Standing::Closed(_) => answers::closed(code, language),
            })
        }
        Intent::Ask(question) => ask(transaction, page, all, question, responder, language).await,
        Intent::Unclear => Ok(match standing(transaction, page, responder).await? {
            Standing::Open(_) => answers::help(code, language),
            Standing::Theirs(_) => answers::help_with_theirs(code, language),
            Standing::Others(incident) => answers::acknowledged_before(&incident, language),
            Standing::Closed(_) => answers::closed(code, language),
        }),
    }
}

async fn acknowledge(
    transaction: &OrgTx,
    page: &Page,
    all: &[Page],
    speaker: Speaker<'_>,
    language: Language,
) -> Result<String> {
    let (responder, way) = (speaker.responder, speaker.way);
    let others: Vec<i16> = all
        .iter()
        .filter(|other| other.incident_id != page.incident_id && other.is_open())
        .map(|other| other.code)
        .collect();
    let acknowledged = acknowledge::acknowledge(transaction, page, responder, way).await?;
    Ok(match acknowledged {
        (_, Standing::Closed(_)) => answers::closed(page.code, language),
        (false, Standing::Theirs(incident)) => answers::yours_already(&incident, language),
        (is_new, Standing::Open(it) | Standing::Theirs(it) | Standing::Others(it)) => {
            if is_new {
                answers::you_have_it(&it, &others, way, language)
            } else {
                answers::acknowledged_before(&it, language)
            }
        }
    })
}

/// Says what a contact who was paged asks for: nothing that the page did not say. Of an incident that somebody else acknowledged, only
/// who that is.
async fn ask(
    transaction: &OrgTx,
    page: &Page,
    all: &[Page],
    question: Question,
    responder: Responder<'_>,
    language: Language,
) -> Result<String> {
    let mut standing_now = standing(transaction, page, responder).await?;
    if !question.is_named {
        // The one that they acknowledged, the last of several.
        let acknowledged = all.iter().filter(|other| {
            other.organization_id == page.organization_id && other.status == Status::Acknowledged
        });
        for other in acknowledged {
            let other = standing(transaction, other, responder).await?;
            if matches!(other, Standing::Theirs(_)) {
                standing_now = other;
                break;
            }
        }
    }
    let asked = question.asked;
    Ok(match standing_now {
        Standing::Open(incident) => answers::details(&incident, asked, false, language),
        Standing::Theirs(incident) => answers::details(&incident, asked, true, language),
        Standing::Others(incident) => answers::acknowledged_before(&incident, language),
        Standing::Closed(Some(incident)) if responder.has(&incident) => {
            answers::details(&incident, asked, true, language)
        }
        Standing::Closed(_) => answers::closed(page.code, language),
    })
}

/// The language in which a contact is paged.
async fn language_of(
    transaction: &OrgTx,
    page: &Page,
    responder: Responder<'_>,
) -> Result<Language> {
    let steps = steps::read(transaction, page.organization_id, page.incident_id).await?;
    let is_theirs = |step: &&Step| {
        Some(step.number) == responder.step
            || (responder.phone.is_some() && step.phone.as_ref() == responder.phone)
    };
    let step = steps.iter().find(is_theirs);
    Ok(step.map_or(Language::English, |step| step.language))
}
