//! Composes a message about an appointment when it is due: whether it is still true and wanted, and its text.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    quiet::QuietHours,
    template::{AppointmentFacts, Template},
};
use crate::{
    db::{OrgTx, Sql},
    domain::{dial_policy, language::Language, phone::Phone},
    error::Result,
    sql,
};

const READ: Sql = sql!("appointment_message", [UUID, UUID]);
const COUNT: Sql = sql!("count_use", [UUID, TEXT]);
const WRITE: Sql = sql!(
    "write_message",
    [UUID, UUID, UUID, TEXT, TEXT, TEXT, TEXT, JSONB]
);
const OVER_LIMIT: Sql = sql!("note_message_limit", [UUID, TEXT]);

/// What is to be done with a message.
#[derive(Debug)]
pub enum Composed {
    /// It is written in `sms_communications`, and to be sent.
    Send {
        /// The message there.
        sms_id: Uuid,
        /// To whom.
        to: Phone,
        /// What it says.
        body: String,
    },
    /// It is not the hour for it.
    Later(DateTime<Utc>),
    /// It is not to be sent, for this reason.
    Drop(&'static str),
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a rule of its own, and any of them may hold"
)]
struct Appointment {
    customer_id: Option<Uuid>,
    phone: Option<Phone>,
    address: Option<String>,
    date: NaiveDate,
    time: NaiveTime,
    is_live: bool,
    is_unconfirmed: bool,
    language: Language,
    organization: String,
    zone: Tz,
    wants_confirmations: bool,
    wants_reminders: bool,
    quiet: QuietHours,
    is_opted_out: bool,
    countries: Vec<dial_policy::Country>,
}

/// Composes the message of a job about an appointment.
///
/// # Errors
///
/// When the database fails.
pub async fn compose(
    transaction: &OrgTx,
    organization_id: Uuid,
    appointment_id: Option<Uuid>,
    payload: &Value,
    now: DateTime<Utc>,
) -> Result<Composed> {
    let text = |name: &str| payload.get(name).and_then(Value::as_str);
    let (Some(template), Some(appointment_id)) =
        (text("template").and_then(Template::parse), appointment_id)
    else {
        return Ok(Composed::Drop("unknown_template"));
    };
    let rows = transaction
        .query(&READ, &[&organization_id, &appointment_id])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(Composed::Drop("gone"));
    };
    let appointment = Appointment::from_row(row)?;
    let queued_for = (text("date"), text("time"));
    let (to, at) = match appointment.recipient(template, queued_for, now) {
        Ok(recipient) => recipient,
        Err(why) => return Ok(Composed::Drop(why)),
    };
    if at > now {
        return Ok(Composed::Later(at));
    }
    let counted = transaction
        .query(&COUNT, &[&organization_id, &"message"])
        .await?;
    let is_within = match counted.first() {
        Some(row) => COUNT.get(row, 0)?,
        None => false,
    };
    if !is_within {
        let summary = "The limit of text messages for today is reached; customers are not told of their visits any more.";
        transaction
            .query(&OVER_LIMIT, &[&organization_id, &summary])
            .await?;
        return Ok(Composed::Drop("limit"));
    }
    let template = template.true_of(appointment.is_unconfirmed);
    let body = template.text(&appointment.facts(), appointment.language);
    let variables = json!({
        "date": appointment.date,
        "time": appointment.time.format("%H:%M").to_string(),
        "address": appointment.address,
    });
    let rows = transaction
        .query(
            &WRITE,
            &[
                &organization_id,
                &appointment_id,
                &appointment.customer_id,
                &to.as_str(),
                &body,
                &appointment.language.code(),
                &template.code(),
                &variables,
            ],
        )
        .await?;
    let row = WRITE.first(&rows)?;
    Ok(Composed::Send {
        sms_id: WRITE.get(row, 0)?,
        to,
        body,
    })
}

impl Appointment {
    fn from_row(row: &Row) -> Result<Self> {
        let phone: &str = READ.get(row, "customer_phone")?;
        let zone: &str = READ.get(row, "timezone")?;
        let countries: Option<Value> = READ.get(row, "dial_countries")?;
        Ok(Self {
            customer_id: READ.get(row, "customer_id")?,
            phone: Phone::parse(phone).ok(),
            address: READ.get(row, "service_address")?,
            date: READ.get(row, "scheduled_date")?,
            time: READ.get(row, "scheduled_time")?,
            is_live: READ.get(row, "is_live")?,
            is_unconfirmed: READ.get(row, "is_unconfirmed")?,
            language: Language::stored(READ.get(row, "language_preference")?),
            organization: READ.get(row, "organization_name")?,
            zone: zone.parse().unwrap_or(Tz::UTC),
            wants_confirmations: READ.get(row, "confirmations")?,
            wants_reminders: READ.get(row, "reminders")?,
            quiet: QuietHours {
                from: READ.get(row, "quiet_from")?,
                until: READ.get(row, "quiet_until")?,
            },
            is_opted_out: READ.get(row, "is_opted_out")?,
            countries: dial_policy::allowed_by(countries.as_ref()),
        })
    }

    /// To whom and when the message goes, or why it does not.
    fn recipient(
        &self,
        template: Template,
        queued_for: (Option<&str>, Option<&str>),
        now: DateTime<Utc>,
    ) -> Result<(Phone, DateTime<Utc>), &'static str> {
        let is_reminder = template == Template::Reminder;
        let is_wanted = if is_reminder {
            self.wants_reminders
        } else {
            self.wants_confirmations
        };
        let date = self.date.to_string();
        let time = self.time.format("%H:%M").to_string();
        let is_same = queued_for == (Some(&date), Some(&time));
        let starts = self.date.and_time(self.time);
        let local = |at: DateTime<Utc>| at.with_timezone(&self.zone).naive_local();
        let at = self.quiet.first_allowed(now, self.zone);
        let to = self.phone.clone().ok_or("bad_number")?;
        if self.is_live == (template == Template::Cancellation) || !is_same {
            Err("changed")
        } else if !is_wanted {
            Err("switched_off")
        } else if self.is_opted_out {
            Err("opted_out")
        } else if dial_policy::check(&to, &self.countries).is_err() {
            Err("not_dialled")
        } else if local(at) >= starts {
            Err("too_late")
        } else if is_reminder && local(at).date() >= self.date {
            // "Tomorrow" would not be true any more.
            Err("too_late")
        } else {
            Ok((to, at))
        }
    }

    fn facts(&self) -> AppointmentFacts<'_> {
        AppointmentFacts {
            organization: &self.organization,
            date: self.date,
            time: self.time,
            address: self.address.as_deref(),
        }
    }
}
