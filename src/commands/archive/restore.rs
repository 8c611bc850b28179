//! Reads the rows of an archive back into the database.

use super::{Manifest, Outcome, TableEntry, in_batches, tables::Table};
use crate::commands::{files::Folder, prelude::*, refusals};

/// What a row that is read back sets off: it stays as it was, the customers' counters follow, and nobody is notified.
const AS_IT_WAS: &str = "set local frontdesk.importing = 'on'; set local frontdesk.quiet = 'on'";

/// Writes the rows, those that others point at first, in small transactions. Rows that are there stay as they are.
pub(super) async fn all(
    client: &mut Client,
    folder: &Folder,
    manifest: &Manifest,
) -> anyhow::Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for entry in &manifest.tables {
        outcomes.push(table(client, folder, entry).await?);
    }
    Ok(outcomes)
}

async fn table(
    client: &mut Client,
    folder: &Folder,
    entry: &TableEntry,
) -> anyhow::Result<Outcome> {
    let known = entry.known()?;
    let mut columns = Vec::new();
    if entry.rows > 0 {
        columns = columns_of(&*client, known.name).await?;
        require_columns(entry, &columns)?;
    }
    let insert = insert(entry, known, &columns);
    let differing = differing(entry, known, &columns);
    in_batches(
        client,
        (folder, entry),
        AS_IT_WAS,
        async |transaction, rows| {
            let moved = written(transaction, &insert, rows, entry).await?;
            let row = transaction.query_one(&differing, &[rows]).await?;
            Ok((moved, row.try_get(0)?))
        },
    )
    .await
}

async fn written(
    transaction: &Transaction<'_>,
    insert: &str,
    rows: &Vec<String>,
    entry: &TableEntry,
) -> anyhow::Result<u64> {
    transaction.execute(insert, &[rows]).await.map_err(|error| {
        // What else the server says of it has the row in it.
        let reason = error
            .as_db_error()
            .map_or_else(|| error.to_string(), refusals::words);
        anyhow!(
            "rows of {} cannot be written, and those after them were not: {reason}; their organization must be there, and nothing else in their place",
            entry.table
        )
    })
}

/// A column of a table: its name, and whether the database works it out.
pub(super) type Column = (String, bool);

/// The columns that a table has now.
pub(super) async fn columns_of(
    client: &impl GenericClient,
    table: &str,
) -> anyhow::Result<Vec<Column>> {
    let rows = client
        .query(
            "select a.attname::text, a.attgenerated <> '' from pg_catalog.pg_attribute as a
             where a.attrelid = $1::text::regclass and a.attnum > 0 and not a.attisdropped
             order by a.attnum",
            &[&table],
        )
        .await?;
    let columns = rows
        .iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
    columns.collect()
}

/// Refuses a table that lacks a column of the archive's.
fn require_columns(entry: &TableEntry, known: &[Column]) -> anyhow::Result<()> {
    for column in &entry.columns {
        ensure!(
            known.iter().any(|(name, _)| name == column),
            "{} has no column {column} any more; restore the archive with the program that wrote it, and then upgrade",
            entry.table
        );
    }
    Ok(())
}

/// What writes a batch of rows. Columns that were added since have their defaults; a key whose row is gone is empty, as if it had
/// been removed while the row was there.
fn insert(entry: &TableEntry, table: &Table, known: &[Column]) -> String {
    let name = table.name;
    let columns: Vec<&str> = known
        .iter()
        .filter(|(name, is_generated)| !is_generated && entry.columns.contains(name))
        .map(|(name, _)| name.as_str())
        .collect();
    let values: Vec<String> = columns
        .iter()
        .map(
            |column| match table.optional.iter().find(|(key, _)| key == column) {
                Some((key, to)) => format!(
                    "case when exists (select from {to} as k where k.id = r.{key}) then r.{key} end"
                ),
                None => format!("r.{column}"),
            },
        )
        .collect();
    format!(
        "insert into {name} ({}) overriding system value
         select {}
         from {}
         on conflict ({}) do nothing",
        columns.join(", "),
        values.join(", "),
        table.archived(),
        table.key.join(", "),
    )
}

/// What counts the rows of a batch that the database has otherwise. Columns that were added since do not count.
fn differing(entry: &TableEntry, table: &Table, known: &[Column]) -> String {
    let added: Vec<String> = known
        .iter()
        .filter(|(name, _)| !entry.columns.contains(name))
        .map(|(name, _)| format!("'{name}'"))
        .collect();
    format!(
        "select count(*)
         from {}
         join {} as t on {}
         where to_jsonb(t) - array[{}]::text[] <> l.line::jsonb",
        table.archived(),
        table.name,
        table.same_key(),
        added.join(", "),
    )
}
