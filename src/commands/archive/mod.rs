//! `frontdesk archive` and `frontdesk restore-archive`: old rows go to compressed files, and come back from them.
//!
//! An archive is a folder with one file of JSON lines a table and a manifest, which is written last. Rows are removed only once the
//! whole folder is on the disk and was read back, and only those that are still as the files have them: a run that was interrupted is
//! run again, and nothing is lost or removed twice.

mod age;
mod lines;
mod remove;
mod restore;
mod tables;
mod write;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_postgres::{Client, error::SqlState};
use uuid::Uuid;

use self::{
    age::Age,
    tables::{TABLES, Table},
};
use super::{
    connection,
    files::{FileEntry, Folder},
    org::organization::OrganizationArg,
    org::report::{Report, count, table},
};
use crate::config::DatabaseSettings;

/// The form of the files that this program writes.
const FORMAT: u32 = 1;

/// Two runs at once would write and remove the same rows. "archive" in a form that fits the key of an advisory lock.
const LOCK_KEY: i64 = 0x0061_7263_6869_7665;

/// `frontdesk archive`.
#[derive(Args)]
pub struct ArchiveCommand {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Rows from before so long ago: `13mo`, `400d`, `2y`; at least 90 days.
    #[arg(long, value_name = "AGE")]
    older_than: Age,
    /// Of one organization only: its id or its name.
    #[arg(long, value_name = "ORGANIZATION")]
    org: Option<OrganizationArg>,
    /// The folder to write to, which must be new or empty; one with an archive in it has its rows removed that are still there.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Print one line of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// `frontdesk restore-archive`.
#[derive(Args)]
pub struct RestoreCommand {
    #[command(flatten)]
    database: DatabaseSettings,
    /// The folder of the archive.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Print one line of JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// What a folder holds.
#[derive(Debug, Deserialize, Serialize)]
struct Manifest {
    /// The form of the files.
    format: u32,
    /// The program that wrote them.
    release: String,
    /// When they were written.
    archived_at: DateTime<Utc>,
    /// Rows from before this instant.
    older_than: DateTime<Utc>,
    /// How old the rows had to be; not in archives of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    age: Option<Age>,
    /// The one organization, if it was only one.
    organization_id: Option<Uuid>,
    /// The files, in the order in which their rows can be written.
    tables: Vec<TableEntry>,
}

/// What a manifest says of one table.
#[derive(Debug, Deserialize, Serialize)]
struct TableEntry {
    /// The table with its schema.
    table: String,
    /// How many rows there are.
    rows: u64,
    /// Their columns.
    columns: Vec<String>,
    /// The file.
    file: FileEntry,
}

/// What became of the rows of a table.
struct Outcome {
    table: String,
    /// How many the archive has.
    archived: u64,
    /// How many were removed, or read back.
    moved: u64,
    /// How many changed since they were written, and stay as they are.
    differing: u64,
}

impl Manifest {
    /// Reads the manifest of a folder, and holds every file to it.
    fn checked(folder: &Folder) -> anyhow::Result<Self> {
        let manifest: Self = folder.manifest()?;
        anyhow::ensure!(
            manifest.format == FORMAT,
            "the archive has the form {}, and this program reads {FORMAT}",
            manifest.format
        );
        for entry in &manifest.tables {
            entry.known()?;
            folder.check(&entry.file)?;
        }
        Ok(manifest)
    }

    /// Refuses to remove the rows of an archive other than the one that was asked for.
    async fn require_asked(
        &self,
        client: &Client,
        path: &Path,
        age: Age,
        organization_id: Option<Uuid>,
    ) -> anyhow::Result<()> {
        let fits = match self.age {
            Some(written) => written == age,
            None => age.cutoff(client).await? >= self.older_than,
        };
        if fits && self.organization_id == organization_id {
            return Ok(());
        }
        let of = match self.organization_id {
            Some(id) => format!("organization {id}"),
            None => "every organization".to_owned(),
        };
        let org = self
            .organization_id
            .map_or_else(String::new, |id| format!("--org {id} "));
        let older_than = self
            .age
            .map_or_else(|| "AGE".to_owned(), |age| age.to_string());
        bail!(
            "{path} holds an archive already, of {of}, of what is older than {}, which is not what was asked for; nothing was removed. \
             `frontdesk archive {org}--older-than {older_than} --to {path}` removes what is left of it in the database; name another \
             folder for a new archive",
            self.older_than,
            path = path.display(),
        )
    }
}

impl TableEntry {
    /// What this program knows of the table.
    fn known(&self) -> anyhow::Result<&'static Table> {
        TABLES
            .iter()
            .find(|table| table.name == self.table)
            .with_context(|| format!("{} is no table that an archive holds", self.table))
    }
}

/// Writes what is old to files, and removes it from the database.
///
/// # Errors
///
/// A folder that cannot be written to, an organization that does not exist, or a database that cannot be asked. What was written or
/// removed until then is continued by the same command.
pub async fn run(command: ArchiveCommand) -> anyhow::Result<()> {
    let database = command.database.for_owner()?;
    let (age, org, to) = (command.older_than, command.org, command.to);
    let report = connection::with_schema(&database, |mut client| async move {
        hold(&client).await?;
        let organization_id = match org {
            Some(organization) => Some(organization.find(&client).await?.id),
            None => None,
        };
        let is_new = write::prepare(&to)?;
        if is_new {
            write::folder(&mut client, &to, age, organization_id).await?;
        }
        let folder = Folder::open(&to)?;
        let manifest = Manifest::checked(&folder)?;
        if !is_new {
            manifest
                .require_asked(&client, &to, age, organization_id)
                .await?;
        }
        let outcomes = remove::all(&mut client, &folder, &manifest).await?;
        let sentence = if is_new {
            format!("Archived to {}.", to.display())
        } else {
            format!(
                "{} holds an archive already, of what is older than {}; what was left of it in the database was removed. Name another folder for a new one.",
                to.display(),
                manifest.older_than
            )
        };
        Ok(report("removed", &outcomes, &sentence))
    })
    .await?;
    report.print(command.json)
}

/// Reads the files of an archive back into the database; rows that are there already are left alone.
///
/// # Errors
///
/// A folder that is not as its manifest says, rows that the schema has no place for, or a database that cannot be asked.
pub async fn restore(command: RestoreCommand) -> anyhow::Result<()> {
    let database = command.database.for_owner()?;
    let path = command.folder;
    let report = connection::with_schema(&database, |mut client| async move {
        hold(&client).await?;
        let folder = Folder::open(&path)?;
        let manifest = Manifest::checked(&folder)?;
        let outcomes = restore::all(&mut client, &folder, &manifest).await?;
        let sentence = format!("Restored from {}.", path.display());
        Ok(report("restored", &outcomes, &sentence))
    })
    .await?;
    report.print(command.json)
}

/// Makes sure that no other run is under way, until the connection is closed. That of a run that has just ended may be closed a moment later.
async fn hold(client: &Client) -> anyhow::Result<()> {
    client
        .batch_execute(
            "set timezone = 'UTC'; set datestyle = 'ISO'; set statement_timeout = 0;
             set idle_in_transaction_session_timeout = 0; set lock_timeout = '5s'",
        )
        .await?;
    let held = client
        .execute("select pg_advisory_lock($1)", &[&LOCK_KEY])
        .await;
    match held {
        Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => bail!(
            "another archive is being written or restored in this database; wait until it is done"
        ),
        held => Ok(held.map(drop)?),
    }
}

fn report(done: &str, outcomes: &[Outcome], sentence: &str) -> Report {
    let rows: Vec<Vec<String>> = outcomes
        .iter()
        .map(|outcome| {
            vec![
                outcome.table.clone(),
                outcome.archived.to_string(),
                outcome.moved.to_string(),
                outcome.differing.to_string(),
            ]
        })
        .collect();
    let differing: u64 = outcomes.iter().map(|outcome| outcome.differing).sum();
    let mut text = format!(
        "{}\n\n{sentence}",
        table(&["table", "in the archive", done, "differ"], &rows)
    );
    if differing > 0 {
        let rows = count(i64::try_from(differing).unwrap_or(i64::MAX), "row");
        text.extend([
            " In the database ",
            &rows,
            " differ from the archive, and stay as they are.",
        ]);
    }
    let tables: Vec<Value> = outcomes
        .iter()
        .map(|outcome| {
            json!({
                "table": outcome.table,
                "archived": outcome.archived,
                done: outcome.moved,
                "differ": outcome.differing,
            })
        })
        .collect();
    Report {
        sentence: text,
        object: json!({ "tables": tables }),
    }
}
