//! A person who takes emergencies, as the commands show them.

use crate::{
    commands::{output::cell, prelude::*},
    domain::phone::Phone,
};

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
    /// Whether there is a way to page them.
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

    /// Refuses a contact who could not be paged.
    pub(super) fn be_reachable(&self) -> anyhow::Result<()> {
        ensure!(
            self.has_address() || !self.email_enabled,
            "e-mail is on for {}, who has no address; give --email, or --email-enabled false",
            self.name
        );
        ensure!(
            self.is_reachable() || !self.sms || self.extension.is_none(),
            "{} could not be paged: a number with an extension cannot be sent messages, and calls and e-mail are off; \
             allowed is with --call or --email-enabled on",
            self.name
        );
        ensure!(
            self.is_reachable(),
            "{} could not be paged: messages, calls and e-mail are all off; allowed is with one of --sms, --call \
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
        let channels = [
            (self.is_texted(), "sms"),
            (self.call, "call"),
            (self.email_enabled, "e-mail"),
        ];
        let channels: Vec<&str> = channels
            .into_iter()
            .filter_map(|(is_on, name)| is_on.then_some(name))
            .collect();
        let short = |days: &Vec<String>| {
            let days = days.iter().map(|day| day.chars().take(3).collect());
            days.collect::<Vec<String>>().join(",")
        };
        let days = self.days.as_ref().map(short);
        let timeout = self.escalation_timeout;
        [
            json!(self.id),
            json!(self.priority),
            json!(self.name),
            json!(self.written_phone()),
            json!(self.email),
            json!(self.role),
            json!(days.as_deref().unwrap_or("every day")),
            json!(self.hours.as_deref().unwrap_or("always")),
            json!(self.primary),
            json!(self.active),
            json!(self.on_call_now),
            json!(channels),
            json!(timeout.map(|seconds| format!("{seconds} s"))),
        ]
        .iter()
        .map(cell)
        .collect()
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
pub(super) fn table_of<'a>(contacts: impl IntoIterator<Item = &'a Contact>) -> String {
    let rows: Vec<_> = contacts.into_iter().map(Contact::cells).collect();
    table(
        &[
            "id", "turn", "name", "phone", "e-mail", "role", "days", "hours", "primary", "active",
            "on call", "channels", "timeout",
        ],
        &rows,
    )
}
