//! A person who takes emergencies, as the commands show them.

use anyhow::ensure;
use serde::{Deserialize, Serialize};
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::{
    ask::records,
    report::{table, yes},
};
use crate::{db::Sql, domain::phone::Phone, sql};

const ALL: Sql = sql!("org_contacts", [UUID]);

/// A contact as it is stored, under the names by which it is set.
#[derive(Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are switches of their own, each with a flag and a column"
)]
pub(in crate::commands) struct Contact {
    pub(super) id: Uuid,
    pub(in crate::commands) name: String,
    pub(super) phone: String,
    /// What is dialled once the number has answered.
    pub(super) extension: Option<String>,
    pub(super) email: Option<String>,
    pub(super) role: Option<String>,
    pub(super) priority: Option<i32>,
    /// None: every day.
    pub(super) days: Option<Vec<String>>,
    /// None: always.
    pub(super) hours: Option<String>,
    pub(super) primary: bool,
    pub(super) active: bool,
    pub(super) on_call_now: bool,
    pub(super) sms: bool,
    pub(super) call: bool,
    pub(super) email_enabled: bool,
    pub(super) escalation_timeout: Option<i32>,
}

impl Contact {
    /// Whether there is a way to tell them of an emergency.
    pub(super) fn is_reachable(&self) -> bool {
        self.is_texted() || self.call || (self.email_enabled && self.has_address())
    }

    /// Whether text messages reach them: none gets past a switchboard.
    pub(super) fn is_texted(&self) -> bool {
        self.sms && self.extension.is_none()
    }

    /// Their number with its extension, as it is written.
    pub(super) fn written_phone(&self) -> String {
        with_extension(&self.phone, self.extension.as_deref())
    }

    /// Whether they have an e-mail address.
    pub(super) fn has_address(&self) -> bool {
        self.email
            .as_deref()
            .is_some_and(|text| !text.trim().is_empty())
    }

    /// Refuses a contact who could not be told of an emergency.
    pub(super) fn be_reachable(&self) -> anyhow::Result<()> {
        ensure!(
            self.has_address() || !self.email_enabled,
            "e-mail is on for {}, who has no address; give --email, or --email-enabled false",
            self.name
        );
        ensure!(
            self.is_reachable() || !self.sms || self.extension.is_none(),
            "{} could not be told of an emergency: a number with an extension cannot be sent messages, and calls and e-mail are off; \
             allowed is with --call or --email-enabled on",
            self.name
        );
        ensure!(
            self.is_reachable(),
            "{} could not be told of an emergency: messages, calls and e-mail are all off; allowed is with one of --sms, --call \
             and --email-enabled on",
            self.name
        );
        Ok(())
    }

    /// Whether there is no day of the week on which they are on call.
    pub(super) fn has_no_day(&self) -> bool {
        self.days.as_ref().is_some_and(Vec::is_empty)
    }

    fn cells(&self) -> Vec<String> {
        let channels: Vec<&str> = [
            (self.is_texted(), "sms"),
            (self.call, "call"),
            (self.email_enabled, "e-mail"),
        ]
        .into_iter()
        .filter_map(|(is_on, name)| is_on.then_some(name))
        .collect();
        let days = self.days.as_ref().map_or_else(
            || "every day".to_owned(),
            |days| {
                let short: Vec<String> = days
                    .iter()
                    .map(|day| day.chars().take(3).collect())
                    .collect();
                short.join(",")
            },
        );
        vec![
            self.id.to_string(),
            self.priority
                .map_or_else(String::new, |turn| turn.to_string()),
            self.name.clone(),
            self.written_phone(),
            self.email.clone().unwrap_or_default(),
            self.role.clone().unwrap_or_default(),
            days,
            self.hours.clone().unwrap_or_else(|| "always".to_owned()),
            yes(self.primary),
            yes(self.active),
            yes(self.on_call_now),
            channels.join(","),
            self.escalation_timeout
                .map_or_else(String::new, |seconds| format!("{seconds} s")),
        ]
    }
}

/// A number and the extension behind it. A dashboard may have written both in one.
pub(super) fn with_extension(phone: &str, extension: Option<&str>) -> String {
    match (extension, Phone::parse(phone)) {
        (Some(extension), Ok(number)) => format!("{} x{extension}", number.as_str()),
        (Some(extension), Err(_)) => format!("{phone} x{extension}"),
        (None, _) => phone.to_owned(),
    }
}

/// Every contact of an organization, in the order in which they are asked.
pub(super) async fn all(
    client: &impl GenericClient,
    organization_id: Uuid,
) -> anyhow::Result<Vec<Contact>> {
    records(client, &ALL, &[&organization_id]).await
}

/// Contacts as a table.
pub(super) fn listed<'a>(contacts: impl IntoIterator<Item = &'a Contact>) -> String {
    let rows: Vec<_> = contacts.into_iter().map(Contact::cells).collect();
    table(
        &[
            "id", "turn", "name", "phone", "e-mail", "role", "days", "hours", "primary", "active",
            "on call", "channels", "timeout",
        ],
        &rows,
    )
}
