//! A text message from outside, within one organization: recorded once, and answered once.
//!
//! The provider may bring a message twice; what was answered then is answered again, and nothing is done twice.

use uuid::Uuid;

use super::{
    appointment,
    consent::{self, Source},
};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::{
        keyword,
        language::{Language, say},
        phone::Phone,
        speech,
    },
    error::Result,
    sql,
};

const RECORD: Sql = sql!("record_inbound_message", [UUID, TEXT, TEXT, TEXT, TEXT]);
const ANSWERED: Sql = sql!("answer_message", [UUID, TEXT, TEXT, TEXT]);
const ASK: Sql = sql!("ask_staff", [UUID, TEXT, TEXT]);
const ABOUT: Sql = sql!("about_sender", [UUID, TEXT]);

/// How often a day a number gets the answer that the office has its message, or help with its words.
const MAX_ANSWERS: i64 = 3;

/// How often a day a contact who was paged gets help: more than a person needs, and an end for a machine.
const MAX_ANSWERS_TO_PAGED: i64 = 30;

/// The longest message that the staff is shown.
const MAX_SHOWN: usize = 500;

/// A text message from outside.
#[derive(Clone)]
pub struct Inbound {
    /// Who sent it.
    pub from: Phone,
    /// To which of our numbers.
    pub to: Phone,
    /// What it says.
    pub body: String,
    /// Whether the provider has handled it as a word of consent already: `STOP`, `START`, `HELP`.
    pub opt_out_type: Option<String>,
    /// The provider's id.
    pub sid: String,
}

/// Whether a message came before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is new.
    Fresh,
    /// It came before, and this was answered.
    Replayed(Option<String>),
}

/// What an answer is, for the count of those that only say that a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Something was done.
    Done,
    /// Nothing was: it only helps on.
    Help,
}

/// What is known of who sent a message.
#[derive(Clone, Debug)]
pub struct About {
    /// The organization's name.
    pub organization: String,
    /// Where the office is reached.
    pub office: Option<String>,
    /// The language they are answered in.
    pub language: Language,
    /// Whether they are a customer.
    pub is_customer: bool,
    /// How often they were helped on today.
    pub helped: i64,
}

/// Records a message.
///
/// # Errors
///
/// When the database fails.
pub async fn record(
    transaction: &OrgTx,
    organization_id: Uuid,
    inbound: &Inbound,
) -> Result<Recorded> {
    let (from, to) = (inbound.from.as_str(), inbound.to.as_str());
    let params: Params<'_> = &[&organization_id, &from, &to, &inbound.body, &inbound.sid];
    let rows = transaction.query(&RECORD, params).await?;
    let row = RECORD.first(&rows)?;
    if RECORD.get(row, "is_new")? {
        return Ok(Recorded::Fresh);
    }
    RECORD.get(row, "reply").map(Recorded::Replayed)
}

/// Records what was answered.
///
/// # Errors
///
/// When the database fails.
pub async fn answered(
    transaction: &OrgTx,
    organization_id: Uuid,
    inbound: &Inbound,
    words: &str,
    answer: Answer,
) -> Result<()> {
    let kind = match answer {
        Answer::Done => "done",
        Answer::Help => "help",
    };
    let params: Params<'_> = &[&organization_id, &inbound.sid, &words, &kind];
    transaction.query(&ANSWERED, params).await.map(drop)
}

/// What is known of who sent a message.
///
/// # Errors
///
/// When the database fails.
pub async fn about(
    transaction: &OrgTx,
    organization_id: Uuid,
    from: &Phone,
) -> Result<Option<About>> {
    let rows = transaction
        .query(&ABOUT, &[&organization_id, &from.as_str()])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    Ok(Some(About {
        organization: ABOUT.get(row, "organization_name")?,
        office: ABOUT.get(row, "office")?,
        language: Language::stored(ABOUT.get(row, "language")?),
        is_customer: ABOUT.get(row, "is_customer")?,
        helped: ABOUT.get(row, "helped")?,
    }))
}

/// What is known of who sent a message; their language is that of their words, where those tell.
///
/// # Errors
///
/// When the database fails.
pub async fn about_speaker(
    transaction: &OrgTx,
    organization_id: Uuid,
    inbound: &Inbound,
) -> Result<Option<About>> {
    let known = about(transaction, organization_id, &inbound.from).await?;
    Ok(known.map(|about| About {
        language: keyword::language(&inbound.body).unwrap_or(about.language),
        ..about
    }))
}

impl About {
    /// Whether somebody who was paged may be helped on once more today. An emergency is never met with silence, so the bound is
    /// there for a machine that answers each answer.
    #[must_use]
    pub fn may_be_helped_with_page(&self) -> bool {
        self.helped < MAX_ANSWERS_TO_PAGED
    }

    /// Whether they may be helped on once more today: two programs that answer each other would never end.
    #[must_use]
    pub fn may_be_helped(&self) -> bool {
        self.helped < MAX_ANSWERS
    }
}

/// Does what a word of consent says, and confirms it if Twilio does not and `may_confirm`.
///
/// # Errors
///
/// When the database fails.
pub async fn consents(
    transaction: &OrgTx,
    organization_id: Uuid,
    inbound: &Inbound,
    word: keyword::Consent,
    may_confirm: bool,
) -> Result<Option<String>> {
    let wants = match word {
        keyword::Consent::Stop | keyword::Consent::StopOrCancel => false,
        keyword::Consent::Start | keyword::Consent::StartIfStopped => true,
        keyword::Consent::Help => return Ok(None),
    };
    let (from, source) = (&inbound.from, Source::Keyword);
    let written: String = inbound.body.trim().chars().take(20).collect();
    let written = Some(written.as_str());
    consent::record(transaction, organization_id, from, wants, source, written).await?;
    if word == keyword::Consent::StopOrCancel {
        let summary = "A customer texted \"cancel\", which ends text messages; they may want to cancel a visit. Call them back.";
        transaction
            .query(&ASK, &[&organization_id, &summary, &from.as_str()])
            .await?;
    }
    let is_confirmed =
        inbound.opt_out_type.is_some() || keyword::is_answered_by_twilio(&inbound.body);
    if is_confirmed || !may_confirm {
        return Ok(None);
    }
    let Some(about) = about_speaker(transaction, organization_id, inbound).await? else {
        return Ok(None);
    };
    let words = confirmation(&about, wants);
    answered(transaction, organization_id, inbound, &words, Answer::Done).await?;
    Ok(Some(words))
}

/// Answers a message that is no word of consent and no answer to a page: it is about an appointment, or for the staff.
///
/// # Errors
///
/// When the database fails; nothing has happened then.
pub async fn converse(
    transaction: &OrgTx,
    organization_id: Uuid,
    inbound: &Inbound,
) -> Result<Option<(String, Answer)>> {
    let from = &inbound.from;
    // What a telephone sends by itself, and a picture without words, are nothing for the staff to answer.
    if keyword::is_echo(&inbound.body) || keyword::is_wordless(&inbound.body) {
        return Ok(None);
    }
    if let Some(intent) = keyword::appointment(&inbound.body)
        && let Some(found) = appointment::find(transaction, organization_id, from).await?
    {
        let language = keyword::language(&inbound.body);
        let words = appointment::answer(transaction, organization_id, &found, intent, language);
        return Ok(Some((words.await?, Answer::Done)));
    }
    let shown = speech::quoted(&inbound.body, MAX_SHOWN);
    let summary = format!("A text message: {shown}");
    transaction
        .query(&ASK, &[&organization_id, &summary, &from.as_str()])
        .await?;
    let about = about_speaker(transaction, organization_id, inbound).await?;
    Ok(about
        .filter(|about| about.is_customer && about.may_be_helped())
        .map(|about| (office_has_it(&about), Answer::Help)))
}

/// Says who this is and how the office is reached.
#[must_use]
pub fn help(about: &About) -> String {
    let name = speech::quoted(&about.organization, 60);
    match &about.office {
        Some(number) => say!(
            about.language,
            "This is {name}. Call {number} for help. Reply STOP to get no more messages.",
            "Somos {name}. Llame al {number}. Responda BAJA para no recibir mensajes."
        ),
        None => say!(
            about.language,
            "This is {name}. Reply STOP to get no more messages.",
            "Somos {name}. Responda BAJA para no recibir mensajes."
        ),
    }
}

fn confirmation(about: &About, wants: bool) -> String {
    let name = speech::quoted(&about.organization, 60);
    if wants {
        say!(
            about.language,
            "{name}: you will get messages again. Reply STOP to end them.",
            "{name}: recibirá mensajes de nuevo. Responda BAJA para no recibirlos."
        )
    } else {
        say!(
            about.language,
            "{name}: you will get no more messages. Reply START to get them again.",
            "{name}: no recibirá más mensajes. Responda ALTA para recibirlos de nuevo."
        )
    }
}

fn office_has_it(about: &About) -> String {
    let name = speech::quoted(&about.organization, 60);
    say!(
        about.language,
        "{name}: thank you, the office has your message and will get back to you.",
        "{name}: gracias, la oficina tiene su mensaje y le responderá."
    )
}
