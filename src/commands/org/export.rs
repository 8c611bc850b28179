//! `frontdesk org export`: everything that an organization owns, as files.

use std::{io::Write, path::PathBuf};

use chrono::SecondsFormat;
use clap::ValueEnum;
use futures_util::{TryStreamExt, pin_mut};

use super::tables::{FORMAT, Manifest, Table, TableEntry, exported, left_out};
use crate::{
    calls::journal::fold_organization,
    commands::{
        files::{FileEntry, Folder, JSON_LINES},
        prelude::*,
    },
};

/// Everything that an organization owns.
#[derive(Args)]
pub struct Export {
    /// The organization: its id or its name.
    organization: OrganizationArg,
    /// The folder to write to, which must be new or empty.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// The form of the files; an import reads JSON.
    #[arg(long, value_enum, default_value_t = Form::Both)]
    format: Form,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A JSON object a line.
    Json,
    /// Comma-separated values with a heading.
    Csv,
    /// Both.
    Both,
}

impl Action for Export {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization = self.organization.find(client).await?;
        fold_organization(client, organization.id).await?;
        // One moment for all tables, however long it takes.
        let transaction = snapshot(client).await?;
        transaction
            .batch_execute(
                "set local timezone = 'UTC'; set local datestyle = 'ISO'; set local statement_timeout = 0;
                 set local idle_in_transaction_session_timeout = 0; set local row_security = off",
            )
            .await?;
        let Named { id, name } = self.organization.find(&transaction).await?;
        let at: DateTime<Utc> = transaction
            .query_one("select now()", &[])
            .await?
            .try_get(0)?;
        let tables = exported(&transaction).await?;
        let folder = Folder::create(&self.to)?;
        let mut entries = Vec::new();
        for table in &tables {
            entries.push(self.table(&transaction, &folder, table, id).await?);
        }
        let rows: u64 = entries.iter().map(|entry| entry.rows).sum();
        let manifest = Manifest {
            format: FORMAT,
            release: env!("CARGO_PKG_VERSION").to_owned(),
            organization_id: id,
            organization_name: name,
            exported_at: at.to_rfc3339_opts(SecondsFormat::Micros, true),
            tables: entries,
            left_out: left_out(),
        };
        folder.finish(&manifest)?;
        let folder = self.to.display();
        let mut report = Report::new(
            format!(
                "Exported {} of {} to {folder}. Credentials are not in the files; manifest.json says what else is left out.",
                count(rows, "row"),
                count(tables.len(), "table"),
            ),
            json!({ "id": id, "folder": folder.to_string(), "rows": rows, "tables": tables.len() }),
        );
        report.changed = Some(organization);
        Ok(report)
    }
}

impl Export {
    async fn table(
        &self,
        transaction: &Transaction<'_>,
        folder: &Folder,
        table: &Table,
        organization_id: Uuid,
    ) -> anyhow::Result<TableEntry> {
        let (full, select) = (table.full_name(), table.select(organization_id));
        let mut entry = TableEntry {
            table: full.clone(),
            rows: 0,
            columns: table.columns.clone(),
            json: None,
            csv: None,
        };
        if self.format != Form::Csv {
            let statement =
                format!("copy (select row_to_json(r) from ({select}) as r) to stdout {JSON_LINES}");
            let (file, lines) =
                copy(transaction, &statement, folder, &format!("{full}.jsonl")).await?;
            entry.json = Some(file);
            entry.rows = lines;
        }
        if self.format != Form::Json {
            let statement = format!("copy ({select}) to stdout (format csv, header)");
            let (file, _lines) =
                copy(transaction, &statement, folder, &format!("{full}.csv")).await?;
            entry.csv = Some(file);
        }
        if self.format == Form::Csv {
            // A value may have several lines.
            let row = transaction
                .query_one(&format!("select count(*) from ({select}) as r"), &[])
                .await?;
            entry.rows = u64::try_from(row.try_get::<_, i64>(0)?)?;
        }
        Ok(entry)
    }
}

/// Writes what a statement copies to a file, a piece at a time; the file and how many line ends it has.
async fn copy(
    transaction: &Transaction<'_>,
    statement: &str,
    folder: &Folder,
    name: &str,
) -> anyhow::Result<(FileEntry, u64)> {
    let mut file = folder.write(name)?;
    let pieces = transaction.copy_out(statement).await?;
    pin_mut!(pieces);
    while let Some(piece) = pieces.try_next().await? {
        file.write_all(&piece)
            .with_context(|| format!("{name} cannot be written"))?;
    }
    let lines = file.lines;
    Ok((file.finish()?, lines))
}
