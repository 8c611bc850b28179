//! One private PostgreSQL for the run; one database for each test, cloned from a template that is migrated once.

use std::{
    borrow::Cow,
    collections::HashMap,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, LazyLock, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use frontdesk::db::{embedded, migrate};
use serde_json::Value;
use tokio::sync::{Mutex, OnceCell};
use tokio_postgres::{Client, Config, Error, NoTls, Row, error::SqlState, types::ToSql};
use uuid::Uuid;

/// Monday, 08:00 in Denver, where the test organization is.
pub const NOW: &str = "2026-11-23T15:00:00Z";

/// The id of the test organization.
pub const ORGANIZATION_ID: Uuid = uuid::uuid!("0f0f0f0f-0000-4000-8000-000000000001");

const TEMPLATE: &str = "frontdesk_template";
const VIEW: &str = include_str!("view.sql");
const PREVIOUS_TEMPLATE: &str = "frontdesk_template_0_1_0";

static SERVER: LazyLock<embedded::Server> = LazyLock::new(start_server);
static MIGRATED: OnceCell<()> = OnceCell::const_new();
static PREVIOUS: OnceCell<()> = OnceCell::const_new();
static NUMBER: AtomicU32 = AtomicU32::new(1);

/// The runtime on which databases are made and dropped and services run: it outlives every test.
pub static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
});

/// A database of one test; dropped with it.
pub struct TestDatabase {
    name: String,
    /// What the test's queries are sent over: a connection for each would take longer than they do.
    session: Mutex<Option<Arc<Client>>>,
    /// Whether organizations can have views of it.
    views: OnceCell<()>,
    /// The organization as which queries see the shared database; `None` where the database is the test's own.
    tenant: Option<Tenant>,
}

/// An organization on a database that it shares with others.
struct Tenant {
    id: Uuid,
    /// What the test organization is known by, and this one instead.
    names: Vec<(&'static str, String)>,
}

/// A database that is empty, for the tests of migrating.
pub async fn empty() -> TestDatabase {
    TestDatabase::of("").await
}

/// The folder of this checkout.
fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A database as release 0.1.0 left it, without any organization.
pub async fn previous() -> TestDatabase {
    // 0.1.0 and this program need the same roles of the cluster, which its template makes.
    MIGRATED.get_or_init(make_template).await;
    PREVIOUS.get_or_init(make_previous).await;
    TestDatabase::of(&clone_of(PREVIOUS_TEMPLATE)).await
}

/// A database to which 0.1.0's first migrations were applied, up to the one of this number.
pub async fn migrated_to(number: &str) -> TestDatabase {
    MIGRATED.get_or_init(make_template).await;
    let database = empty().await;
    apply_history(&database.connect().await, |file| {
        file.split_once('/')
            .is_some_and(|(folder, name)| folder == "migrations" && name.get(..4) <= Some(number))
    })
    .await;
    database
}

async fn make_previous() {
    admin(&format!("create database {PREVIOUS_TEMPLATE}")).await;
    apply_history(&connect(PREVIOUS_TEMPLATE).await, |_| true).await;
}

/// Applies files of 0.1.0 as 0.1.0 did: its migrations are still there, and its functions and policies are a fixture.
async fn apply_history(client: &Client, wanted: impl Fn(&str) -> bool) {
    let read = |path: &str| std::fs::read_to_string(checkout().join(path)).unwrap();
    let (ledger, code) = (
        read("sql/releases/0.1.0.txt"),
        read("fixtures/releases/0.1.0/code.sql"),
    );
    let code: HashMap<&str, &str> = code
        .split("-- file ")
        .skip(1)
        .map(|part| part.split_once('\n').unwrap())
        .collect();
    client
        .batch_execute(
            "set client_min_messages = warning; create schema private; revoke all on schema private from public;
             create table private.schema_history (
                 name text primary key, checksum text not null, applied_at timestamptz not null default now()
             );
             alter table private.schema_history enable row level security",
        )
        .await
        .unwrap();
    for folder in ["migrations/", "functions/", "policies/"] {
        for line in ledger.lines().filter(|line| line.starts_with(folder)) {
            let (file, sum) = line.split_once(' ').unwrap();
            if !wanted(file) {
                continue;
            }
            let text = match code.get(file) {
                Some(text) => (*text).to_owned(),
                None => read(&format!("sql/{file}.sql")),
            };
            client
                .batch_execute(&format!(
                    "begin; set local check_function_bodies = off; {text};
                     insert into private.schema_history (name, checksum) values ('{file}', '{sum}'); commit"
                ))
                .await
                .unwrap_or_else(|error| panic!("{file}: {error:?}"));
        }
    }
}

/// A database of the cluster that these words make: `encoding 'LATIN1' template template0`.
pub async fn made(words: &str) -> TestDatabase {
    MIGRATED.get_or_init(make_template).await;
    TestDatabase::of(words).await
}

impl TestDatabase {
    /// A migrated database without any organization.
    pub async fn new() -> Self {
        MIGRATED.get_or_init(make_template).await;
        Self::of(&clone_of(TEMPLATE)).await
    }

    /// A database that these words make.
    async fn of(words: &str) -> Self {
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        admin(&format!("create database {name} {words}")).await;
        Self {
            name,
            session: Mutex::default(),
            views: OnceCell::new(),
            tenant: None,
        }
    }

    /// The same database as one organization sees it, which is known by these names instead of the test organization's. Only the view
    /// is dropped in the end.
    pub async fn as_seen_by(&self, id: Uuid, names: Vec<(&'static str, String)>) -> Self {
        self.views.get_or_init(|| self.make_view()).await;
        Self {
            name: self.name.clone(),
            session: Mutex::default(),
            views: OnceCell::new(),
            tenant: Some(Tenant { id, names }),
        }
    }

    async fn make_view(&self) {
        // Each policy is committed by itself, which only a statement that is sent alone may do.
        let (grants, policies) = VIEW.split_once("do $$").unwrap();
        self.run(grants).await;
        self.run(&format!("do $${policies}")).await;
    }

    /// A text that was written for the test organization, for the one that sees this database.
    pub fn own<'a>(&self, sql: &'a str) -> Cow<'a, str> {
        let names = self.tenant.iter().flat_map(|tenant| &tenant.names);
        names.fold(sql.into(), |sql: Cow<'a, str>, (test, own)| {
            if sql.contains(test) {
                sql.replace(test, own).into()
            } else {
                sql
            }
        })
    }

    /// A migrated database with the test organization in this zone and with these settings.
    pub async fn with_organization(zone: &str, settings: &str) -> Self {
        let database = Self::new().await;
        database.run(&organization_in(zone, settings)).await;
        database
    }

    /// Where it is, for the owner of its tables.
    pub fn url(&self) -> String {
        SERVER.url(&self.name)
    }

    /// Where it is, for a login of the cluster.
    pub fn url_of(&self, login: &str) -> String {
        SERVER.url_of(login, &self.name)
    }

    /// Where it is, for the service's role.
    pub fn service_url(&self) -> String {
        SERVER.url_of("frontdesk_app", &self.name)
    }

    /// From now on nobody can connect to it, and whoever was is cut off.
    pub async fn goes_away(&self) {
        assert!(self.tenant.is_none(), "others need this database");
        let name = &self.name;
        admin(&format!("alter database {name} allow_connections false")).await;
        self.cuts_off().await;
    }

    /// It is there again.
    pub async fn comes_back(&self) {
        admin(&format!(
            "alter database {} allow_connections true",
            self.name
        ))
        .await;
    }

    /// From now on sessions take no writes, and whoever has one that does is cut off.
    pub async fn becomes_read_only(&self) {
        assert!(self.tenant.is_none(), "others need this database");
        let name = &self.name;
        admin(&format!(
            "alter database {name} set default_transaction_read_only = on"
        ))
        .await;
        self.cuts_off().await;
    }

    /// Ends every session. One that is being opened has a lock on the database before it is seen among the others.
    async fn cuts_off(&self) {
        let name = &self.name;
        for sessions in [
            format!(
                "pg_locks where classid = 'pg_database'::regclass
                     and objid = (select oid from pg_database where datname = '{name}')"
            ),
            format!("pg_stat_activity where datname = '{name}'"),
        ] {
            admin(&format!("select pg_terminate_backend(pid) from {sessions}")).await;
        }
    }

    /// New sessions take writes again; those that there are stay as they are.
    pub async fn takes_writes_again(&self) {
        admin(&format!(
            "alter database {} reset default_transaction_read_only",
            self.name
        ))
        .await;
    }

    /// A connection of the test's own.
    pub async fn connect(&self) -> Client {
        match &self.tenant {
            Some(tenant) => {
                let options = format!("-c tests.organization_id={}", tenant.id);
                let mut config: Config = self.url_of("frontdesk_tests").parse().unwrap();
                opened(config.options(options)).await
            }
            None => connect(&self.name).await,
        }
    }

    /// Runs statements that return nothing.
    pub async fn run(&self, sql: &str) {
        self.try_run(sql).await.unwrap();
    }

    /// Runs statements over the session of the queries, which they must leave as it is.
    pub async fn run_again(&self, sql: &str) {
        self.session(false)
            .await
            .batch_execute(&self.own(sql))
            .await
            .unwrap();
    }

    /// Runs statements; the refusal's code and message when the database refuses them.
    pub async fn try_run(&self, sql: &str) -> Result<(), Refused> {
        self.connect()
            .await
            .batch_execute(&self.own(sql))
            .await
            .map_err(|error| {
                let refusal = error.as_db_error().unwrap_or_else(|| panic!("{error}"));
                Refused {
                    code: refusal.code().code().to_owned(),
                    message: refusal.message().to_owned(),
                }
            })
    }

    /// The days whose busy time is not that of their appointments.
    pub async fn wrong_busy_days(&self) -> Vec<String> {
        let external = self
            .column(
                "with expected as (
                     select e.organization_id, d.day::date as day, e.crew,
                         range_agg(e.span * tsrange(d.day, d.day + interval '1 day')) as busy
                     from private.external_events as e
                     join private.calendar_links as l on l.id = e.link_id and l.reads
                     join organizations as o on o.id = e.organization_id and o.calendar_sync_enabled
                     cross join lateral generate_series(
                         date_trunc('day', lower(e.span)), upper(e.span) - interval '1 microsecond', interval '1 day'
                     ) as d (day)
                     group by 1, 2, 3
                 ),
                 kept as (
                     select b.organization_id, b.day, b.crew, b.timed + b.whole as busy
                     from private.busy_days as b
                     where b.timed <> '{}' or b.whole <> '{}'
                 )
                 select format('%s, crew %s of linked calendars: %s instead of %s', day, crew, k.busy, e.busy)
                 from kept as k full join expected as e using (organization_id, day, crew)
                 where k.busy is distinct from e.busy",
            )
            .await;
        if !external.is_empty() {
            return external;
        }
        self.column(
            "with kept as (
                 select b.organization_id, b.day, b.crew, b.busy from private.busy_days as b
                 where b.crew > 0 and b.day >= current_date - 390
             ),
             expected as (
                 select o.id as organization_id, t.* from organizations as o
                 cross join lateral private.busy_time(o.id, current_date - 390, '2090-01-01') as t
             )
             select format('%s, crew %s: %s instead of %s', day, crew, k.busy, e.busy)
             from kept as k full join expected as e using (organization_id, day, crew)
             where k.busy is distinct from e.busy",
        )
        .await
    }

    /// The rows of a query.
    pub async fn rows(&self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Vec<Row> {
        let sql = &*self.own(sql);
        let rows = self.session(false).await.query(sql, params).await;
        match rows {
            // A test cut off all sessions, this one among them.
            Err(error) if is_cut_off(&error) => {
                let session = self.session(true).await;
                session.query(sql, params).await.unwrap()
            }
            rows => rows.unwrap(),
        }
    }

    /// The session of the test's queries; another one than before where that is asked for.
    async fn session(&self, is_anew: bool) -> Arc<Client> {
        let mut session = self.session.lock().await;
        session.take_if(|open| is_anew || open.is_closed());
        match &*session {
            Some(open) => Arc::clone(open),
            None => Arc::clone(session.insert(Arc::new(self.connect().await))),
        }
    }

    /// The first column of each row.
    pub async fn column<T>(&self, sql: &str) -> Vec<T>
    where
        T: for<'a> tokio_postgres::types::FromSql<'a>,
    {
        self.rows(sql, &[])
            .await
            .iter()
            .map(|row| row.get(0))
            .collect()
    }

    /// The only value of a query.
    pub async fn value<T>(&self, sql: &str) -> T
    where
        T: for<'a> tokio_postgres::types::FromSql<'a>,
    {
        let rows = self.rows(sql, &[]).await;
        assert_eq!(rows.len(), 1, "{sql}");
        rows[0].get(0)
    }

    /// The only row of a query, as an object.
    pub async fn object(&self, sql: &str) -> Value {
        self.value(&format!("select to_jsonb(q) from ({sql}) as q"))
            .await
    }
}

/// What the database refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// The SQLSTATE.
    pub code: String,
    /// What it says.
    pub message: String,
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if self.tenant.is_some() {
            return;
        }
        let name = self.name.clone();
        RUNTIME.spawn(async move {
            admin(&format!("drop database if exists {name} with (force)")).await;
        });
    }
}

/// What makes the test organization, in this zone and with these settings, at [`NOW`].
pub fn organization_in(zone: &str, settings: &str) -> String {
    format!(
        "set local frontdesk.now = '{NOW}';
         insert into organizations (id, name, industry, timezone, settings)
         values ('{ORGANIZATION_ID}', 'Front Range Plumbing', 'plumbing', '{zone}', '{settings}')"
    )
}

/// The words that clone a template. Where files cost nothing it is cheapest to copy them; elsewhere the log is written instead.
fn clone_of(template: &str) -> String {
    let strategy = match memory() {
        Some(_) => "file_copy",
        None => "wal_log",
    };
    format!("template {template} strategy {strategy}")
}

async fn make_template() {
    admin(&format!("create database {TEMPLATE}")).await;
    let mut client = connect(TEMPLATE).await;
    migrate::migrate(&mut client).await.unwrap();
    client
        .batch_execute("alter role frontdesk_app login; create role frontdesk_tests login")
        .await
        .unwrap();
}

async fn admin(sql: &str) {
    connect("postgres").await.batch_execute(sql).await.unwrap();
}

async fn connect(database: &str) -> Client {
    opened(&SERVER.url(database).parse().unwrap()).await
}

/// A connection that outlives the runtime of the test that opens it.
async fn opened(config: &Config) -> Client {
    let config = config.clone();
    let opening = RUNTIME.spawn(async move {
        let (client, connection) = config.connect(NoTls).await.unwrap();
        RUNTIME.spawn(connection);
        client
    });
    opening.await.unwrap()
}

/// Whether the server ended the session that the statement was sent over.
fn is_cut_off(error: &Error) -> bool {
    error.is_closed() || error.code() == Some(&SqlState::ADMIN_SHUTDOWN)
}

fn start_server() -> embedded::Server {
    let installation = embedded::find_or_install(&mut |line| eprintln!("{line}")).unwrap();
    let directory = data_directory("all");
    sweep(directory.parent().unwrap());
    remove_in_the_end(&directory);
    embedded::Server::start(
        &installation,
        embedded::Options {
            data_directory: directory,
            durable: false,
            settings: [
                ("max_connections", "500"),
                // What tests ask of many small databases takes longer to compile than to do.
                ("jit", "off"),
                // Most databases are gone before it would reach them.
                ("autovacuum", "off"),
                // Thousands of short sessions pay for what each of them maps.
                ("shared_buffers", "32MB"),
                ("max_wal_size", "256MB"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        },
    )
    .unwrap()
}

const PREFIX: &str = "frontdesk-tests-";

/// A folder of this run's own for a server's data: in memory where there is enough, since a database is some six hundred files; else under
/// the build's own folder, or, for root, where the server's unprivileged user can reach it.
pub fn data_directory(name: &str) -> PathBuf {
    let parent = memory().unwrap_or_else(|| {
        if rustix::process::geteuid().is_root() {
            Path::new("/var/tmp")
        } else {
            Path::new(env!("CARGO_TARGET_TMPDIR"))
        }
    });
    data_directory_in(parent, name)
}

/// A folder of this run's own there, which a later run removes if this one does not.
pub fn data_directory_in(parent: &Path, name: &str) -> PathBuf {
    parent.join(format!("{PREFIX}{}.{name}", std::process::id()))
}

/// A file system in memory with room for the data of a run, where there is one: nothing waits for a disk there.
pub fn memory() -> Option<&'static Path> {
    const PLACE: &str = "/dev/shm";
    /// In kibibytes.
    const ROOM: u64 = 2 << 20;
    static HAS_ROOM: LazyLock<bool> = LazyLock::new(|| {
        let told = Command::new("df").args(["-Pk", PLACE]).output();
        let told = told.map_or_else(
            |_| String::new(),
            |told| String::from_utf8_lossy(&told.stdout).into_owned(),
        );
        let available = told
            .lines()
            .nth(1)
            .and_then(|line| line.split_whitespace().nth(3));
        available
            .and_then(|size| size.parse().ok())
            .is_some_and(|size: u64| size >= ROOM)
    });
    HAS_ROOM.then_some(Path::new(PLACE))
}

/// Has a shell remove the folders of this run once its process has ended, however it ends, and the server with it: nothing in a test program
/// is dropped in the end, and memory should not be held until the next run. A service that is being stopped while the folder of its spool is
/// removed may also make it anew.
fn remove_in_the_end(directory: &Path) {
    const WAIT_AND_REMOVE: &str = r#"cat
        for _ in 1 2 3 4 5 6 7 8 9 10; do test -e "$1/cluster/postmaster.pid" && sleep 1; done
        rm -rf "${1%.*}".*"#;
    static UNTIL_THE_END: OnceLock<Child> = OnceLock::new();
    let shell = Command::new("sh")
        .args(["-c", WAIT_AND_REMOVE, "sh"])
        .arg(directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    // Where there is none the next run removes it.
    if let Ok(shell) = shell {
        drop(UNTIL_THE_END.set(shell));
    }
}

/// Removes what runs left behind whose process is gone.
fn sweep(parent: &Path) {
    let Ok(entries) = std::fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let run = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
        let Some(pid) = run
            .and_then(|run| run.split('.').next()?.parse().ok())
            .and_then(rustix::process::Pid::from_raw)
        else {
            continue;
        };
        if rustix::process::test_kill_process(pid).is_err() {
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}
