//! The tables of an organization, for its export and import: which are in the files, and what is left out of them, and why.

use crate::commands::{files::FileEntry, prelude::*};

const TABLES: Sql = sql!("org_tables", []);

/// The version of the files' form.
pub(super) const FORMAT: u32 = 1;

/// The tables that are exported. A table that belongs to organizations and is named neither here nor in [`LEFT_OUT`] stops an export.
const EXPORTED: &[&str] = &[
    "private.daily_usage",
    "private.disconnected_copies",
    "private.incident_calls",
    "private.incident_steps",
    "private.outbox",
    "private.outbox_attempts",
    "private.suspensions",
    "private.tool_calls",
    "private.transfer_lines",
    "public.appointments",
    "public.audit_log",
    "public.billing_invoices",
    "public.billing_subscriptions",
    "public.blocked_numbers",
    "public.call_logs",
    "public.call_transfers",
    "public.crews",
    "public.customers",
    "public.emergency_contacts",
    "public.emergency_incidents",
    "public.emergency_notifications",
    "public.organization_invitations",
    "public.organization_members",
    "public.organizations",
    "public.phone_number_assignments",
    "public.services",
    "public.sms_communications",
    "public.sms_consents",
    "public.special_days",
    "public.staff_tasks",
    USER_PROFILES,
    "public.vapi_assistants",
];

/// The tables that are not exported, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("private.organization_secrets", "credentials"),
    ("private.webhook_credentials", "credentials"),
    ("private.calendar_feeds", "credentials"),
    ("private.busy_days", "worked out of the visits"),
    (
        "private.calendar_accounts",
        "connected anew, with credentials",
    ),
    ("private.calendar_conflicts", "found anew"),
    ("private.calendar_consents", "over after ten minutes"),
    ("private.calendar_copies", "of linked calendars"),
    ("private.calendar_links", "linked anew"),
    ("private.calendars", "worked out of the settings"),
    ("private.external_events", "read anew from linked calendars"),
    ("private.reminder_schedule", "worked out of the settings"),
    ("private.slot_holds", "over after some minutes"),
    ("private.tool_log", "added to the calls first"),
    ("private.unconfirmed_appointments", "of linked calendars"),
    ("private.weekday_slots", "worked out of the settings"),
    (
        "private.assistant_disputes",
        "about another organization of this database",
    ),
];

/// The columns that are not exported, and why.
const HIDDEN: &[(&str, &str, &str)] = &[
    ("public.organizations", "twilio_auth_token", "credential"),
    ("public.organizations", "byo_sip_credentials", "credential"),
    ("public.organizations", "google_refresh_token", "credential"),
    (
        "public.organizations",
        "outlook_refresh_token",
        "credential",
    ),
    ("public.organizations", "calendly_api_key", "credential"),
    ("public.organization_invitations", "token", "credential"),
    (
        "private.incident_calls",
        "control_url",
        "commands a live call",
    ),
    (
        "private.transfer_lines",
        "control_url",
        "commands a live call",
    ),
    ("public.audit_log", "id", "numbered anew by an import"),
    ("public.sms_consents", "id", "numbered anew by an import"),
];

/// The profiles of the members. They belong to the users, so that an import does not write them.
pub(super) const USER_PROFILES: &str = "public.user_profiles";

/// What `manifest.json` says.
#[derive(Deserialize, Serialize)]
pub(super) struct Manifest {
    /// See [`FORMAT`].
    pub(super) format: u32,
    /// The program that wrote it.
    pub(super) release: String,
    /// Whose rows they are.
    pub(super) organization_id: Uuid,
    /// Its name.
    pub(super) organization_name: String,
    /// When the rows were read, all at one moment.
    pub(super) exported_at: String,
    /// The tables, in the order in which they can be written.
    pub(super) tables: Vec<TableEntry>,
    /// What is not in the files.
    pub(super) left_out: Vec<LeftOut>,
}

/// What the manifest says of one table.
#[derive(Deserialize, Serialize)]
pub(super) struct TableEntry {
    /// The table with its schema.
    pub(super) table: String,
    /// How many rows.
    pub(super) rows: u64,
    /// The columns, in their order.
    pub(super) columns: Vec<String>,
    /// A JSON object a line, if it was asked for.
    pub(super) json: Option<FileEntry>,
    /// Comma-separated values with a heading, if they were asked for.
    pub(super) csv: Option<FileEntry>,
}

/// What is not in the files.
#[derive(Deserialize, Serialize)]
pub(super) struct LeftOut {
    /// A table, or a column with its table.
    pub(super) name: String,
    /// Why.
    pub(super) reason: String,
}

/// A table whose rows are exported.
pub(super) struct Table {
    pub(super) schema: String,
    pub(super) name: String,
    /// The columns that are exported.
    pub(super) columns: Vec<String>,
    key: Vec<String>,
}

/// The tables whose rows are exported, in the order in which they can be written.
pub(super) async fn exported(client: &impl GenericClient) -> anyhow::Result<Vec<Table>> {
    let mut tables = Vec::new();
    for row in query(client, &TABLES, &[]).await? {
        let mut table = Table {
            schema: row.try_get("schema_name")?,
            name: row.try_get("table_name")?,
            columns: row.try_get("columns")?,
            key: row.try_get("key_columns")?,
        };
        let full = table.full_name();
        if LEFT_OUT.iter().any(|(name, _)| *name == full) {
            continue;
        }
        ensure!(
            EXPORTED.contains(&full.as_str()),
            "this program does not know the table {full}; use the release that the database was last migrated with"
        );
        table.columns.retain(|column| {
            !HIDDEN
                .iter()
                .any(|(name, hidden, _)| *name == full && hidden == column)
        });
        tables.push(table);
    }
    ensure!(!tables.is_empty(), "the database names no table");
    Ok(tables)
}

/// What is not exported, for the manifest.
pub(super) fn left_out() -> Vec<LeftOut> {
    let tables = LEFT_OUT
        .iter()
        .map(|(table, reason)| ((*table).to_owned(), *reason));
    let columns = HIDDEN
        .iter()
        .map(|(table, column, reason)| (format!("{table}.{column}"), *reason));
    let control = (
        "private.outbox.payload.control_url".to_owned(),
        "commands a live call",
    );
    tables
        .chain(columns)
        .chain([control])
        .map(|(name, reason)| LeftOut {
            name,
            reason: reason.to_owned(),
        })
        .collect()
}

impl Table {
    /// The table with its schema.
    pub(super) fn full_name(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    /// The column that says whose a row is; none for the profiles, which belong to the users.
    pub(super) fn owner(&self) -> Option<&'static str> {
        match self.full_name().as_str() {
            "public.organizations" => Some("id"),
            USER_PROFILES => None,
            _ => Some("organization_id"),
        }
    }

    /// The table as a statement names it.
    pub(super) fn quoted(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.name))
    }

    /// Its rows of one organization, as a statement reads them.
    pub(super) fn select(&self, organization_id: Uuid) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|column| match (self.name.as_str(), column.as_str()) {
                ("outbox", "payload") => "t.payload - 'control_url' as payload".to_owned(),
                _ => format!("t.{}", quoted(column)),
            })
            .collect();
        let filter = match self.owner() {
            Some(owner) => format!("t.{owner} = '{organization_id}'"),
            None => format!(
                "exists (select from public.organization_members as m
                     where m.user_id = t.id and m.organization_id = '{organization_id}')"
            ),
        };
        // A number that an import gives anew orders what is of one moment.
        let time = match self.name.as_str() {
            "audit_log" => Some("changed_at"),
            "sms_consents" => Some("created_at"),
            _ => None,
        };
        let order: Vec<String> = time
            .into_iter()
            .chain(self.key.iter().map(String::as_str))
            .map(|column| format!("t.{}", quoted(column)))
            .collect();
        format!(
            "select {} from {} as t where {filter} order by {}",
            columns.join(", "),
            self.quoted(),
            order.join(", ")
        )
    }
}

impl Manifest {
    /// Refuses files of another form, and files without the rows that an import reads.
    pub(super) fn require_readable(&self) -> anyhow::Result<()> {
        ensure!(
            self.format == FORMAT,
            "the files have the form {}, and this program reads the form {FORMAT}; use release {} or a newer one",
            self.format,
            self.release
        );
        for table in &self.tables {
            table.json.as_ref().with_context(|| {
                format!(
                    "{} was exported as CSV only; an import reads the JSON files",
                    table.table
                )
            })?;
        }
        Ok(())
    }

    /// Refuses files without the organization itself: what belongs to it has no place without it.
    pub(super) fn require_organization(&self) -> anyhow::Result<()> {
        let rows: Vec<u64> = self
            .tables
            .iter()
            .filter(|table| table.table == "public.organizations")
            .map(|table| table.rows)
            .collect();
        ensure!(
            rows == [1],
            "the manifest does not name public.organizations with exactly one row: it is incomplete, or was changed. Nothing was written."
        );
        Ok(())
    }
}

/// A name as a statement has it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
