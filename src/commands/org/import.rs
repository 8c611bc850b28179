//! `frontdesk org import`: reads back what `frontdesk org export` wrote, into a database that does not have the organization.

use std::{
    io::{Cursor, Read},
    path::PathBuf,
};

use futures_util::{SinkExt, pin_mut};

use super::tables::{Manifest, Table, TableEntry, exported, quoted};
use crate::commands::{
    database::transaction,
    files::{CHUNK_BYTES, Folder, JSON_LINES},
    prelude::*,
    refusals,
};

/// What stays one organization's alone, wherever its rows come from.
const CONFLICTS: &str = "
    select format('assistant %s', a.vapi_assistant_id), a.organization_id
    from pg_temp.import_vapi_assistants as s
    join public.vapi_assistants as a on a.vapi_assistant_id = s.line ->> 'vapi_assistant_id'
    union all
    select format('number %s', p.phone_number), p.organization_id
    from pg_temp.import_phone_number_assignments as s
    join public.phone_number_assignments as p on p.phone_number = s.line ->> 'phone_number'
    where p.is_active and (s.line ->> 'is_active')::boolean
    union all
    select format('Vapi phone number %s', p.vapi_phone_number_id), p.organization_id
    from pg_temp.import_phone_number_assignments as s
    join public.phone_number_assignments as p on p.vapi_phone_number_id = s.line ->> 'vapi_phone_number_id'
    union all
    select format('call %s', c.vapi_call_id), c.organization_id
    from pg_temp.import_call_logs as s
    join public.call_logs as c on c.vapi_call_id = s.line ->> 'vapi_call_id'
    union all
    select format('subscription %s', b.stripe_subscription_id), b.organization_id
    from pg_temp.import_billing_subscriptions as s
    join public.billing_subscriptions as b on b.stripe_subscription_id = s.line ->> 'stripe_subscription_id'
    union all
    select format('invoice %s', b.stripe_invoice_id), b.organization_id
    from pg_temp.import_billing_invoices as s
    join public.billing_invoices as b on b.stripe_invoice_id = s.line ->> 'stripe_invoice_id'
    limit 10";

/// Whoever was a member and has not signed up here.
const MISSING_USERS: &str = "
    select coalesce(max(p.line ->> 'email'), s.line ->> 'user_id')
    from pg_temp.import_organization_members as s
    left join pg_temp.import_user_profiles as p on p.line ->> 'id' = s.line ->> 'user_id'
    where not exists (select from auth.users as u where u.id = (s.line ->> 'user_id')::uuid)
    group by s.line ->> 'user_id'
    order by 1";

/// Everything that an organization owns, from files.
#[derive(Args)]
pub struct Import {
    /// The folder that `frontdesk org export` wrote.
    folder: PathBuf,
}

impl Action for Import {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let folder = Folder::open(&self.folder)?;
        let manifest: Manifest = folder.manifest()?;
        manifest.require_readable()?;
        manifest.require_organization()?;
        for file in manifest
            .tables
            .iter()
            .flat_map(|table| table.json.iter().chain(&table.csv))
        {
            folder.check(file)?;
        }
        let transaction = transaction(client).await?;
        // Triggers plan their statements while the tables are empty, and would read them from end to end once they are not.
        transaction
            .batch_execute(
                "set local timezone = 'UTC'; set local datestyle = 'ISO'; set local statement_timeout = 0;
                 set local idle_in_transaction_session_timeout = 0; set local lock_timeout = '30s';
                 set local frontdesk.importing = 'on'; set local frontdesk.quiet = 'on';
                 set local enable_seqscan = off",
            )
            .await?;
        let tables = exported(&transaction).await?;
        refuse_unknown(&manifest, &tables)?;
        refuse_existing(&transaction, &manifest, &tables).await?;
        for table in &tables {
            stage(&transaction, &folder, table, &manifest).await?;
        }
        refuse_conflicts(&transaction).await?;
        let missing: Vec<String> = transaction
            .query(MISSING_USERS, &[])
            .await?
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<_, _>>()?;
        let mut written = 0;
        for table in &tables {
            let entry = entry_of(&manifest, table);
            if let (Some(entry), Some(_)) = (entry, table.owner()) {
                written += write(&transaction, table, entry).await?;
            }
        }
        record(&transaction, &manifest, written).await?;
        transaction.commit().await?;
        Ok(report(&manifest, written, &missing))
    }
}

fn entry_of<'a>(manifest: &'a Manifest, table: &Table) -> Option<&'a TableEntry> {
    let name = table.full_name();
    manifest.tables.iter().find(|entry| entry.table == name)
}

/// Where the lines of a table's file wait until all of them are known to be good.
fn stage_of(table: &Table) -> String {
    format!("pg_temp.{}", quoted(&format!("import_{}", table.name)))
}

/// Refuses files with a table or a column that the database does not have.
fn refuse_unknown(manifest: &Manifest, tables: &[Table]) -> anyhow::Result<()> {
    for entry in &manifest.tables {
        let known = tables.iter().find(|table| table.full_name() == entry.table);
        let unknown = match known {
            None => Some(entry.table.clone()),
            Some(table) => entry
                .columns
                .iter()
                .find(|column| !table.columns.contains(column))
                .map(|column| format!("{}.{column}", entry.table)),
        };
        if let Some(unknown) = unknown {
            bail!(
                "the files have {unknown}, which this database does not have; migrate it with release {} or a newer one",
                manifest.release
            );
        }
    }
    Ok(())
}

/// Refuses an organization of which anything is there. The entries of the audit log outlive a deleted one.
async fn refuse_existing(
    transaction: &Transaction<'_>,
    manifest: &Manifest,
    tables: &[Table],
) -> anyhow::Result<()> {
    for table in tables {
        let Some(key) = table.owner().filter(|_| table.name != "audit_log") else {
            continue;
        };
        let statement = format!(
            "select exists (select from {} as t where t.{key} = $1)",
            table.quoted()
        );
        let row = transaction
            .query_one(&statement, &[&manifest.organization_id])
            .await?;
        ensure!(
            !row.try_get::<_, bool>(0)?,
            "organization {} is in this database already ({}); delete it with `frontdesk org delete`, or import into another \
             database. Nothing was written.",
            manifest.organization_id,
            table.full_name()
        );
    }
    Ok(())
}

/// Reads a table's file into a table of this transaction's own, and refuses rows of another organization.
async fn stage(
    transaction: &Transaction<'_>,
    folder: &Folder,
    table: &Table,
    manifest: &Manifest,
) -> anyhow::Result<()> {
    let (name, staged) = (table.full_name(), stage_of(table));
    transaction
        .batch_execute(&format!(
            "create temporary table {} (nr bigint generated always as identity primary key, line jsonb not null) on commit drop",
            quoted(&format!("import_{}", table.name))
        ))
        .await?;
    let Some(entry) = entry_of(manifest, table) else {
        return Ok(());
    };
    let Some(file) = &entry.json else {
        bail!("{name} has no JSON file");
    };
    let sink = transaction
        .copy_in(&format!("copy {staged} (line) from stdin {JSON_LINES}"))
        .await?;
    pin_mut!(sink);
    let mut file = folder.read(file)?;
    loop {
        let mut chunk = vec![0_u8; CHUNK_BYTES];
        let count = file.read(&mut chunk)?;
        if count == 0 {
            break;
        }
        chunk.truncate(count);
        sink.send(Cursor::new(chunk)).await?;
    }
    let lines = sink
        .finish()
        .await
        .map_err(|error| refusal(&error, &name))?;
    ensure!(
        lines == entry.rows,
        "{name} has {lines} rows, and the manifest says {}",
        entry.rows
    );
    let Some(key) = table.owner() else {
        return Ok(());
    };
    let foreign = transaction
        .query_one(
            &format!("select exists (select from {staged} as s where s.line ->> '{key}' is distinct from $1)"),
            &[&manifest.organization_id.to_string()],
        )
        .await?;
    ensure!(
        !foreign.try_get::<_, bool>(0)?,
        "{name} has rows of another organization than the manifest names"
    );
    Ok(())
}

async fn refuse_conflicts(transaction: &Transaction<'_>) -> anyhow::Result<()> {
    let mut conflicts = Vec::new();
    for row in transaction.query(CONFLICTS, &[]).await? {
        let (what, owner): (String, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        conflicts.push(format!("{what} (organization {owner})"));
    }
    ensure!(
        conflicts.is_empty(),
        "these are another organization's: {}. Nothing was written.",
        conflicts.join(", ")
    );
    Ok(())
}

/// Writes the rows of a table; how many.
async fn write(
    transaction: &Transaction<'_>,
    table: &Table,
    entry: &TableEntry,
) -> anyhow::Result<u64> {
    let name = table.full_name();
    let mut columns: Vec<String> = entry.columns.iter().map(|column| quoted(column)).collect();
    let mut values: Vec<String> = entry
        .columns
        .iter()
        .map(|column| value_of(&table.name, column))
        .collect();
    let user = match name.as_str() {
        "public.organization_members" => Some("user_id"),
        "public.organization_invitations" => {
            // Nobody knows it: whoever was invited is invited again.
            columns.push("token".to_owned());
            values.push("'imported-' || gen_random_uuid()".to_owned());
            Some("invited_by_user_id")
        }
        _ => None,
    };
    let filter = user
        .map(|column| format!("where exists (select from auth.users as u where u.id = r.{column})"))
        .unwrap_or_default();
    let statement = format!(
        "insert into {quoted} ({}) select {} from {} as s cross join lateral jsonb_populate_record(null::{quoted}, s.line) as r \
         {filter} order by s.nr",
        columns.join(", "),
        values.join(", "),
        stage_of(table),
        quoted = table.quoted(),
    );
    transaction
        .execute(&statement, &[])
        .await
        .map_err(|error| refusal(&error, &name))
}

/// What is written for a column. Jobs that were not finished are not done here, and nobody is paged: the database that the files come from
/// may do so.
fn value_of(table: &str, column: &str) -> String {
    const UNFINISHED: &str = "r.state in ('pending', 'sending', 'unknown')";
    match (table, column) {
        ("outbox", "state") => format!("case when {UNFINISHED} then 'cancelled' else r.state end"),
        ("outbox", "error_code") => {
            format!("case when {UNFINISHED} then 'imported' else r.error_code end")
        }
        ("outbox", "settled_at") => {
            format!("case when {UNFINISHED} then now() else r.settled_at end")
        }
        ("outbox" | "emergency_incidents", "due_at") => "null".to_owned(),
        _ => format!("r.{}", quoted(column)),
    }
}

/// One entry of the audit log for all that was written.
async fn record(
    transaction: &Transaction<'_>,
    manifest: &Manifest,
    written: u64,
) -> anyhow::Result<()> {
    let what = json!({ "imported": true, "exported_at": manifest.exported_at, "rows": written });
    transaction
        .execute(
            "insert into public.audit_log (organization_id, table_name, row_id, action, actor_role, new_row)
             values ($1, 'organizations', $1, 'insert', private.caller(), $2)",
            &[&manifest.organization_id, &what],
        )
        .await?;
    Ok(())
}

/// What the database refused, in its words, with the table.
fn refusal(error: &tokio_postgres::Error, table: &str) -> anyhow::Error {
    match error.as_db_error() {
        Some(refused) => anyhow!(
            "{table}: {}. Nothing was written.",
            refusals::words(refused)
        ),
        None => anyhow!("{table}: {error}"),
    }
}

fn report(manifest: &Manifest, written: u64, missing: &[String]) -> Report {
    let rows = count(written, "row");
    let mut sentence = format!(
        "Imported {rows} of {} ({}).\nCredentials are not in the files: set them with `frontdesk org set-secret` and `frontdesk org \
         webhook-secret`. Jobs that were not finished are cancelled, and nobody is paged for incidents that are open.",
        manifest.organization_name, manifest.organization_id
    );
    if !missing.is_empty() {
        sentence.push_str(
            "\nThese members have not signed up here; once they have, enter them with `frontdesk org add-member`:",
        );
        for user in missing {
            sentence.push_str("\n  ");
            sentence.push_str(user);
        }
    }
    let id = manifest.organization_id;
    Report::new(
        sentence,
        json!({ "id": id, "rows": written, "members_without_account": missing }),
    )
}
