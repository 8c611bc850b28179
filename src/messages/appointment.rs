//! Replies of customers to a message about an appointment: they confirm or cancel it.

use chrono::{NaiveDate, NaiveTime};
use uuid::Uuid;

use crate::{
    db::{OrgTx, Params, Sql},
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
pub struct Mentioned {
    id: Uuid,
    date: NaiveDate,
    time: NaiveTime,
    language: Language,
    is_open: bool,
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
) -> Result<Option<Mentioned>> {
    let rows = transaction
        .query(&FIND, &[&organization_id, &phone.as_str()])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    Ok(Some(Mentioned {
        id: FIND.get(row, "id")?,
        date: FIND.get(row, "scheduled_date")?,
        time: FIND.get(row, "scheduled_time")?,
        language: Language::stored(FIND.get(row, "language_preference")?),
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
    mentioned: &Mentioned,
    intent: Intent,
    language: Option<Language>,
) -> Result<String> {
    let statement = match intent {
        Intent::Confirm => &CONFIRM,
        Intent::Cancel => &CANCEL,
    };
    let mut rows = Vec::new();
    if mentioned.is_open {
        let params: Params<'_> = &[&organization_id, &mentioned.id];
        rows = transaction.query(statement, params).await?;
    }
    let language = language.unwrap_or(mentioned.language);
    let when = written::moment(mentioned.date, mentioned.time, language);
    Ok(match (intent, rows.first()) {
        (Intent::Confirm, Some(row)) if CONFIRM.get(row, "is_confirmed")? => say!(
            language,
            "Thank you. Your visit on {when} is confirmed.",
            "Gracias. Su visita del {when} queda confirmada."
        ),
        (Intent::Confirm, Some(_)) => say!(
            language,
            "Thank you. We will confirm your visit on {when}.",
            "Gracias. Le avisaremos cuando quede confirmada su visita del {when}."
        ),
        (Intent::Cancel, Some(_)) => say!(
            language,
            "Your visit on {when} is cancelled. Call us for another time.",
            "Su visita del {when} queda cancelada. Llame para otra hora."
        ),
        (_, None) => say!(
            language,
            "Your visit on {when} can no longer be changed by text. Please call us.",
            "Su visita del {when} ya no se puede cambiar por mensaje. Por favor, llame."
        ),
    })
}
