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

use tokio_postgres::error::SqlState;

use self::{
    age::Age,
    lines::Lines,
    tables::{TABLES, Table},
};
use super::{
    files::{FileEntry, Folder},
    prelude::*,
};

/// The form of the files that this program writes.
const FORMAT: u32 = 1;

/// Two runs at once would write and remove the same rows. "archive" in a form that fits the key of an advisory lock.
const LOCK_KEY: i64 = 0x0061_7263_6869_7665;

/// `frontdesk archive`: writes what is old to files, and removes it from the database. What was written or removed until it failed is continued
/// by the same command.
pub type ArchiveCommand = Reporting<Archive>;

/// `frontdesk restore-archive`: reads the files of an archive back into the database; rows that are there already are left alone.
pub type RestoreCommand = Reporting<Restore>;

/// What goes to files, and where they are.
#[derive(Args)]
pub struct Archive {
    /// Rows from before so long ago: `13mo`, `400d`, `2y`; at least 90 days.
    #[arg(long, value_name = "AGE")]
    older_than: Age,
    /// Of one organization only: its id or its name.
    #[arg(long, value_name = "ORGANIZATION")]
    org: Option<OrganizationArg>,
    /// The folder to write to, which must be new or empty; one with an archive in it has its rows removed that are still there.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

/// Where the files are.
#[derive(Args)]
pub struct Restore {
    /// The folder of the archive.
    folder: PathBuf,
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
        ensure!(
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

impl Action for Archive {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let (age, to) = (self.older_than, self.to);
        hold(client).await?;
        let organization_id = match self.org {
            Some(organization) => Some(organization.find(&*client).await?.id),
            None => None,
        };
        let is_new = write::prepare(&to)?;
        if is_new {
            write::folder(client, &to, age, organization_id).await?;
        }
        let folder = Folder::open(&to)?;
        let manifest = Manifest::checked(&folder)?;
        if !is_new {
            manifest
                .require_asked(client, &to, age, organization_id)
                .await?;
        }
        let outcomes = remove::all(client, &folder, &manifest).await?;
        let to = to.display();
        let sentence = if is_new {
            format!("Archived to {to}.")
        } else {
            format!(
                "{to} holds an archive already, of what is older than {}; what was left of it in the database was removed. Name another folder for a new one.",
                manifest.older_than
            )
        };
        report("removed", &outcomes, &sentence)
    }
}

impl Action for Restore {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        hold(client).await?;
        let folder = Folder::open(&self.folder)?;
        let manifest = Manifest::checked(&folder)?;
        let outcomes = restore::all(client, &folder, &manifest).await?;
        let sentence = format!("Restored from {}.", self.folder.display());
        report("restored", &outcomes, &sentence)
    }
}

/// Does `work` with every row of a file, some at a time, each in a transaction with these settings: how many were moved, and how many are
/// otherwise in the database.
async fn in_batches(
    client: &mut Client,
    (folder, entry): (&Folder, &TableEntry),
    settings: &str,
    mut work: impl AsyncFnMut(&Transaction<'_>, &Vec<String>) -> anyhow::Result<(u64, i64)>,
) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome {
        table: entry.table.clone(),
        archived: entry.rows,
        moved: 0,
        differing: 0,
    };
    let mut lines = Lines::of(folder, &entry.file)?;
    loop {
        let rows = lines.batch()?;
        if rows.is_empty() {
            return Ok(outcome);
        }
        let transaction = client.transaction().await?;
        transaction.batch_execute(settings).await?;
        let (moved, differing) = work(&transaction, &rows).await?;
        transaction.commit().await?;
        outcome.moved += moved;
        outcome.differing += u64::try_from(differing)?;
    }
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

fn report(done: &str, outcomes: &[Outcome], sentence: &str) -> anyhow::Result<Report> {
    let record = |outcome: &Outcome| {
        json!({
            "table": outcome.table,
            "archived": outcome.archived,
            done: outcome.moved,
            "differ": outcome.differing,
        })
    };
    let tables: Vec<Value> = outcomes.iter().map(record).collect();
    let columns = [
        ("table", "table"),
        ("in the archive", "archived"),
        (done, done),
        ("differ", "differ"),
    ];
    let mut text = format!(
        "{}\n\n{sentence}",
        listed(&tables, &columns)?.unwrap_or_default()
    );
    let differing: u64 = outcomes.iter().map(|outcome| outcome.differing).sum();
    if differing > 0 {
        text.extend([
            " In the database ",
            &count(differing, "row"),
            " differ from the archive, and stay as they are.",
        ]);
    }
    Ok(Report::new(text, json!({ "tables": tables })))
}
