//! The steps of an escalation: who is paged for an incident, in order, as recorded when it was opened.

use futures_util::future::try_join_all;
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    channels::{Channel, Channels},
    claim::Claimed,
};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::{dial_policy, language::Language, name, phone::Phone},
    error::Result,
    sql,
};

const STEPS: Sql = sql!("incident_steps", [UUID, UUID]);
const SET_PHONE: Sql = sql!("set_step_phone", [UUID, UUID, INT2, TEXT]);

/// One contact of the escalation.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a column of its own, and any of them may hold"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its step of the escalation.
    pub number: i16,
    /// The contact's name; `None` for the organization's emergency number.
    pub name: Option<String>,
    /// Where they are called and texted.
    pub phone: Option<Phone>,
    /// What is dialled once the number has answered.
    pub extension: Option<String>,
    /// In which language they are paged.
    pub language: Language,
    /// How long they have to answer, in seconds.
    pub timeout_seconds: i32,
    /// Whether they come once, after the last round.
    pub is_last_resort: bool,
    /// Whether they were sent a text message that did not fail.
    pub was_texted: bool,
    by_sms: bool,
    by_voice: bool,
    by_email: bool,
    has_email: bool,
    is_opted_out: bool,
    is_own: bool,
    may_be_dialled: bool,
    is_written_otherwise: bool,
}

impl Step {
    /// The number in the form in which it is to be kept, if it is kept in another one.
    fn phone_to_write(&self) -> Option<&Phone> {
        self.phone.as_ref().filter(|_| self.is_written_otherwise)
    }

    /// The ways in which this contact can be reached, of those that are set up.
    ///
    /// The caller's own number and those of the organization are never rung: the emergency would answer itself. Nor is a number that costs more than a call, or that is
    /// abroad, unless the organization says so.
    #[must_use]
    pub fn channels(&self, set_up: Channels) -> Vec<Channel> {
        let is_telephone = self.phone.is_some() && !self.is_own && self.may_be_dialled;
        Channel::ALL
            .into_iter()
            .filter(|channel| match channel {
                Channel::Sms => {
                    set_up.sms
                        && self.by_sms
                        && is_telephone
                        && !self.is_opted_out
                        // A text message does not get past a switchboard.
                        && self.extension.is_none()
                }
                Channel::Voice => set_up.voice && self.by_voice && is_telephone,
                Channel::Email => set_up.email && self.by_email && self.has_email,
            })
            .collect()
    }

    /// Whether they can be paged in some way, set up or not.
    pub(super) fn may_be_paged(&self, claimed: &Claimed) -> bool {
        let is_callers = self
            .phone
            .as_ref()
            .is_some_and(|phone| claimed.is_callers(phone.as_str()));
        (self.by_sms || self.by_voice || self.by_email) && !is_callers
    }

    /// Why there is no way, for the record.
    #[must_use]
    pub fn obstacle(&self) -> &'static str {
        if self.is_own {
            "own_number"
        } else if self.phone.is_none() {
            "bad_number"
        } else if !self.may_be_dialled {
            "not_dialled"
        } else if self.is_opted_out && !self.by_voice {
            "opted_out"
        } else {
            "no_channel"
        }
    }
}

/// Reads the steps of an incident.
///
/// # Errors
///
/// When the database fails.
pub async fn read(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
) -> Result<Vec<Step>> {
    let rows = transaction
        .query(&STEPS, &[&organization_id, &incident_id])
        .await?;
    rows.iter().map(step).collect()
}

/// The steps of an incident from the rows of the report that opened it, as [`read`] gives them.
///
/// # Errors
///
/// When the rows are of another shape.
pub(super) fn of_report(rows: &[Row]) -> Result<Vec<Step>> {
    let mut steps = Vec::with_capacity(rows.len());
    for row in rows {
        // Where nobody is to be paged there is one row without a step.
        let number: Option<i16> = STEPS.get(row, "step")?;
        if number.is_some() {
            steps.push(step(row)?);
        }
    }
    Ok(steps)
}

/// Whether the number of a step is to be kept in another form first.
pub(super) fn are_written_otherwise(steps: &[Step]) -> bool {
    steps.iter().any(|step| step.phone_to_write().is_some())
}

/// Reads the steps of an incident that is to be escalated. Contacts are entered with brackets and dashes, and a reply names its sender in E.164:
/// their numbers are kept in that form first, in which the database compares them with the caller's and with those who opted out.
///
/// # Errors
///
/// When the database fails.
pub async fn read_normalized(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
) -> Result<Vec<Step>> {
    let steps = read(transaction, organization_id, incident_id).await?;
    let written = steps.iter().filter_map(|step| {
        let phone = step.phone_to_write()?;
        Some(async move {
            let params: Params<'_> = &[
                &organization_id,
                &incident_id,
                &step.number,
                &phone.as_str(),
            ];
            transaction.query(&SET_PHONE, params).await
        })
    });
    if try_join_all(written).await?.is_empty() {
        return Ok(steps);
    }
    read(transaction, organization_id, incident_id).await
}

fn step(row: &Row) -> Result<Step> {
    let phone: Option<&str> = STEPS.get(row, "phone")?;
    let email: Option<&str> = STEPS.get(row, "email")?;
    let name: Option<&str> = STEPS.get(row, "name")?;
    // A number that cannot be dialled is no number; the coverage report is where the operator learns of it.
    let dialled = phone.and_then(|text| Phone::parse(text).ok());
    let countries: Option<Value> = STEPS.get(row, "dial_countries")?;
    let countries = dial_policy::allowed_by(countries.as_ref());
    Ok(Step {
        may_be_dialled: dialled
            .as_ref()
            .is_none_or(|phone| dial_policy::check(phone, &countries).is_ok()),
        is_written_otherwise: dialled.as_ref().map(Phone::as_str) != phone,
        phone: dialled,
        extension: STEPS.get(row, "extension")?,
        number: STEPS.get(row, "step")?,
        name: name.and_then(name::name),
        language: Language::stored(STEPS.get(row, "language_code")?),
        timeout_seconds: STEPS.get(row, "timeout_seconds")?,
        is_last_resort: STEPS.get(row, "is_last_resort")?,
        was_texted: STEPS.get(row, "was_texted")?,
        by_sms: STEPS.get(row, "by_sms")?,
        by_voice: STEPS.get(row, "by_voice")?,
        by_email: STEPS.get(row, "by_email")?,
        has_email: email.is_some(),
        is_opted_out: STEPS.get(row, "is_opted_out")?,
        is_own: STEPS.get(row, "is_own")?,
    })
}
