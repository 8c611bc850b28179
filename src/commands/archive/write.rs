//! Writes old rows to files.

use std::{fs, io::Write, path::Path, pin::pin};

use chrono::SecondsFormat;
use flate2::{Compression, write::GzEncoder};
use futures_util::TryStreamExt;

use super::{
    FORMAT, Manifest, TableEntry,
    age::Age,
    restore::columns_of,
    tables::{TABLES, Table},
};
use crate::commands::{
    files::{Folder, JSON_LINES, MANIFEST},
    prelude::*,
};

/// What every file of rows is named like.
const ENDING: &str = ".jsonl.gz";

/// Tells whether an archive is to be written: not into a folder that holds a whole one. What an interrupted run left is removed.
pub(super) fn prepare(path: &Path) -> anyhow::Result<bool> {
    if !path.exists() {
        return Ok(true);
    }
    if path.join(MANIFEST).exists() {
        return Ok(false);
    }
    let mut left = Vec::new();
    for entry in fs::read_dir(path).with_context(|| format!("{} cannot be read", path.display()))? {
        let name = entry?.file_name();
        let name = name.to_string_lossy().into_owned();
        let is_ours = name == format!("{MANIFEST}.part")
            || TABLES
                .iter()
                .any(|table| name == format!("{}{ENDING}", table.name));
        ensure!(
            is_ours,
            "{} holds {name}, which is no part of an archive; name a folder that does not exist yet",
            path.display()
        );
        left.push(path.join(name));
    }
    for file in left {
        fs::remove_file(file)?;
    }
    Ok(true)
}

/// Writes every old row, as they are at one moment, and then the manifest.
pub(super) async fn folder(
    client: &mut Client,
    path: &Path,
    age: Age,
    organization_id: Option<Uuid>,
) -> anyhow::Result<()> {
    let transaction = snapshot(client).await?;
    transaction
        .batch_execute("set local row_security = off")
        .await?;
    let row = transaction.query_one("select now()", &[]).await?;
    let archived_at: DateTime<Utc> = row.try_get(0)?;
    let older_than = age.cutoff(&transaction).await?;
    let folder = Folder::create(path)?;
    let mut tables = Vec::new();
    for table in TABLES {
        tables.push(write(&transaction, &folder, table, older_than, organization_id).await?);
    }
    folder.finish(&Manifest {
        format: FORMAT,
        release: env!("CARGO_PKG_VERSION").to_owned(),
        archived_at,
        older_than,
        age: Some(age),
        organization_id,
        tables,
    })
}

/// Writes the old rows of one table, a piece at a time.
async fn write(
    transaction: &Transaction<'_>,
    folder: &Folder,
    table: &Table,
    older_than: DateTime<Utc>,
    organization_id: Option<Uuid>,
) -> anyhow::Result<TableEntry> {
    let cutoff = format!(
        "'{}'::timestamptz",
        older_than.to_rfc3339_opts(SecondsFormat::Micros, true)
    );
    let of_organization = organization_id.map_or_else(String::new, |id| {
        format!(" and t.organization_id = '{id}'::uuid")
    });
    let statement = format!(
        "copy (select to_jsonb(t) from {} as t where {}{of_organization}) to stdout {JSON_LINES}",
        table.name,
        table.old.replace("CUTOFF", &cutoff),
    );
    let mut file = GzEncoder::new(
        folder.write(&format!("{}{ENDING}", table.name))?,
        Compression::default(),
    );
    let mut rows = 0;
    let mut pieces = pin!(transaction.copy_out(&statement).await?);
    while let Some(piece) = pieces.try_next().await? {
        // JSON has no line end within it.
        rows += piece
            .iter()
            .fold(0, |lines, byte| lines + u64::from(*byte == b'\n'));
        file.write_all(&piece)?;
    }
    let columns = columns_of(transaction, table.name).await?;
    Ok(TableEntry {
        table: table.name.to_owned(),
        rows,
        columns: columns.into_iter().map(|(name, _)| name).collect(),
        file: file.finish()?.finish()?,
    })
}
