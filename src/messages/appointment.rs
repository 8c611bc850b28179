//! Replies of customers to a message about an appointment: they confirm or cancel it.

use chrono::{NaiveDate, NaiveTime};
use uuid::Uuid;

use crate::{
    db::{OrgTx, Sql},
    domain::{
        keyword::Appointment as Intent,
        language::{Language, say},
        phone::Phone,
        written,
    },
    error::Result,
    sql,
};

const FIND: Sql = sql!("appointment_of_message", [UUID, TEXT]);
const CONFIRM: Sql = sql!("confirm_by_text", [UUID, UUID]);
const CANCEL: Sql = sql!("cancel_by_text", [UUID, UUID]);

/// The appointment that the last message to a number was about.
#[derive(Clone, Debug)]
pub struct Told {
    id: Uuid,
    date: NaiveDate,
    time: NaiveTime,
    language: Language,
    is_open: bool,
}

/// What came of a customer's answer.
enum Done {
    Confirmed,
    /// The office has yet to confirm it.
    AwaitsOffice,
    Cancelled,
    Nothing,
}

/// Finds the appointment that the last message of an organization to a number was about, if it is that number's.
///
/// # Errors
///
/// When the database fails.
pub async fn find(
    transaction: &OrgTx,
    organization_id: Uuid,
    phone: &Phone,
) -> Result<Option<Told>> {
    let rows = transaction
        .query(&FIND, &[&organization_id, &phone.as_str()])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let language: Option<&str> = FIND.get(row, "language_preference")?;
    Ok(Some(Told {
        id: FIND.get(row, "id")?,
        date: FIND.get(row, "scheduled_date")?,
        time: FIND.get(row, "scheduled_time")?,
        language: language
            .and_then(Language::parse)
            .unwrap_or(Language::English),
        is_open: FIND.get(row, "is_open")?,
    }))
}

/// Does what the customer wants, and says what came of it, in the language of their words where those tell.
///
/// # Errors
///
/// When the database fails; nothing has changed then.
pub async fn answer(
    transaction: &OrgTx,
    organization_id: Uuid,
    told: &Told,
    intent: Intent,
    language: Option<Language>,
) -> Result<String> {
    let statement = match intent {
        Intent::Confirm => &CONFIRM,
        Intent::Cancel => &CANCEL,
    };
    let rows = if told.is_open {
        transaction
            .query(statement, &[&organization_id, &told.id])
            .await?
    } else {
        Vec::new()
    };
    let done = match (intent, rows.first()) {
        (_, None) => Done::Nothing,
        (Intent::Cancel, Some(_)) => Done::Cancelled,
        (Intent::Confirm, Some(row)) if CONFIRM.get(row, "is_confirmed")? => Done::Confirmed,
        (Intent::Confirm, Some(_)) => Done::AwaitsOffice,
    };
    let language = language.unwrap_or(told.language);
    let when = format!(
        "{} {}",
        written::date(told.date, language),
        written::at_time(told.time, language)
    );
    Ok(match done {
        Done::Confirmed => say!(
            language,
            "Thank you. Your visit on {when} is confirmed.",
            "Gracias. Su visita del {when} queda confirmada."
        ),
        Done::AwaitsOffice => say!(
            language,
            "Thank you. We will confirm your visit on {when}.",
            "Gracias. Le avisaremos cuando quede confirmada su visita del {when}."
        ),
        Done::Cancelled => say!(
            language,
            "Your visit on {when} is cancelled. Call us for another time.",
            "Su visita del {when} queda cancelada. Llame para otra hora."
        ),
        Done::Nothing => say!(
            language,
            "Your visit on {when} can no longer be changed by text. Please call us.",
            "Su visita del {when} ya no se puede cambiar por mensaje. Por favor, llame."
        ),
    })
}
