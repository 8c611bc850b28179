//! What was applied to a database: `private.schema_files` and `private.schema_releases`.
//!
//! Release 0.1.0 kept its files in `private.schema_history` and refuses a database that has migrations or texts which it does not know.
//! So that it can be started again beside or instead of this release, that table stays as 0.1.0 wants it (`sql/releases/0.1.0.txt`),
//! and what is applied since is recorded in tables that 0.1.0 does not read. The release after this one can drop the old table.

use futures_util::future::try_join;
use tokio_postgres::{Client, Transaction};

use super::{
    MigrateError,
    release::{self, OLDEST_PROGRAM, RELEASE, Release},
    retry::Failure,
};
use crate::db::files::{File, MIGRATIONS, code};

/// Creates the ledger where it is missing. A database of 0.1.0 hands on what was applied to it.
///
/// The first lines leave a database alone that has them: even a change that changes nothing locks its table.
const CREATE: &str = "
do $$
begin
    if to_regclass('private.schema_files') is not null then
        return;
    end if;
    create schema if not exists private;
    revoke all on schema private from public;
    create table if not exists private.schema_history (
        name text primary key,
        checksum text not null,
        applied_at timestamptz not null default now()
    );
    if not (select c.relrowsecurity from pg_catalog.pg_class as c where c.oid = 'private.schema_history'::regclass) then
        alter table private.schema_history enable row level security;
    end if;
    create table private.schema_files (
        name text primary key,
        checksum text not null,
        applied_at timestamptz not null default now()
    );
    alter table private.schema_files enable row level security;
    comment on table private.schema_files is
    'The files of sql/ that were applied to this database, each with the SHA-256 of its text.';
    create table private.schema_releases (
        release text primary key,
        oldest_program text not null,
        applied_at timestamptz not null default now()
    );
    alter table private.schema_releases enable row level security;
    comment on table private.schema_releases is
    'The releases that this database was migrated to, each with the oldest program that may use the schema.';
    insert into private.schema_files (name, checksum, applied_at)
    select h.name, h.checksum, h.applied_at from private.schema_history as h;
end
$$";

/// Whether there is a ledger that this login may read.
const IS_READABLE: &str = "
select coalesce(
    has_table_privilege(to_regclass('private.schema_files'), 'select')
    and has_table_privilege(to_regclass('private.schema_releases'), 'select'),
    false
)";

/// What 0.1.0 finds in `private.schema_history` where nothing is to be done for it: a name and a checksum a line.
const FILES_OF_0_1_0: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/sql/releases/0.1.0.txt"
));

const KEEP_0_1_0: &str = "
insert into private.schema_history as h (name, checksum)
select w.name, w.checksum from unnest($1::text[], $2::text[]) as w (name, checksum)
on conflict (name) do update set checksum = excluded.checksum, applied_at = now()
where h.checksum <> excluded.checksum";

/// What the ledger says.
pub(super) struct Ledger {
    files: Vec<(String, String)>,
    /// The latest release; `None` before 0.2.0.
    release: Option<Release>,
}

impl Ledger {
    /// Creates the ledger where it is missing.
    pub(super) async fn create(transaction: &Transaction<'_>) -> Result<(), Failure> {
        let created = transaction.batch_execute(CREATE).await;
        created.map_err(|source| Failure::File("the ledger".to_owned(), source))
    }

    /// Reads the ledger; `None` where there is none. The statements are unnamed: a transaction pooler may stand between.
    pub(super) async fn read(client: &Client) -> Result<Option<Self>, MigrateError> {
        if !client
            .query_typed_one(IS_READABLE, &[])
            .await?
            .get::<_, bool>(0)
        {
            return Ok(None);
        }
        let (files, releases) = try_join(
            client.query_typed("select name, checksum from private.schema_files", &[]),
            client.query_typed(
                "select release, oldest_program from private.schema_releases",
                &[],
            ),
        )
        .await?;
        let files = files.iter().map(|row| (row.get(0), row.get(1))).collect();
        let mut latest: Option<Release> = None;
        for row in releases {
            let release = Release {
                version: release::parse(row.get(0))?,
                oldest_program: release::parse(row.get(1))?,
            };
            if latest
                .as_ref()
                .is_none_or(|known| known.version < release.version)
            {
                latest = Some(release);
            }
        }
        Ok(Some(Self {
            files,
            release: latest,
        }))
    }

    /// The database's release, where that is later than this program; refuses one that no longer serves it.
    pub(super) fn later_release(&self) -> Result<Option<String>, MigrateError> {
        let Some(release) = &self.release else {
            return Ok(None);
        };
        release.require_service()?;
        Ok(release.is_newer()?.then(|| release.version.to_string()))
    }

    /// Whether this text of a file was applied.
    fn has(&self, file: &File) -> bool {
        self.files
            .iter()
            .any(|(name, sum)| name == file.name && sum == file.checksum)
    }

    /// Refuses a database that applied a migration with another text. One that is unknown here belongs to a later release.
    pub(super) fn refuse_edited(&self) -> Result<(), MigrateError> {
        for (name, sum) in &self.files {
            if let Some(file) = MIGRATIONS.iter().find(|file| file.name == name)
                && file.checksum != sum
            {
                return Err(MigrateError::Edited(name.clone()));
            }
        }
        Ok(())
    }

    /// The migrations that are still to be applied, in order.
    pub(super) fn pending_migrations(&self) -> Vec<&'static File> {
        MIGRATIONS.iter().filter(|file| !self.has(file)).collect()
    }

    /// The functions and policies whose text is another than what was applied, and what is retired, in order.
    pub(super) fn pending_code(&self) -> Vec<&'static File> {
        code().filter(|file| !self.has(file)).collect()
    }
}

/// Records a file in the transaction that applied it.
pub(super) async fn record(
    transaction: &Transaction<'_>,
    file: &File,
) -> Result<(), tokio_postgres::Error> {
    transaction
        .execute(
            "insert into private.schema_files (name, checksum) values ($1, $2)
             on conflict (name) do update set checksum = excluded.checksum, applied_at = now()",
            &[&file.name, &file.checksum],
        )
        .await?;
    Ok(())
}

/// Records this release, and leaves 0.1.0 the table that it reads as it wants it.
pub(super) async fn record_release(
    transaction: &Transaction<'_>,
) -> Result<(), tokio_postgres::Error> {
    transaction
        .execute(
            "insert into private.schema_releases as r (release, oldest_program) values ($1, $2)
             on conflict (release) do update set oldest_program = excluded.oldest_program, applied_at = now()
             where r.oldest_program <> excluded.oldest_program",
            &[&RELEASE, &OLDEST_PROGRAM],
        )
        .await?;
    let (names, sums): (Vec<&str>, Vec<&str>) = FILES_OF_0_1_0
        .lines()
        .filter_map(|line| line.split_once(' '))
        .unzip();
    transaction.execute(KEEP_0_1_0, &[&names, &sums]).await?;
    Ok(())
}
