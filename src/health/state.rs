//! What the health page needs to know, and whether the schema and the role are what this program works with.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::{Mutex, watch};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::task::AbortOnDropHandle;

use crate::{
    config::Config,
    db::{
        Database, connect,
        functions::{self, FunctionError},
        migrate::{self, MigrateError},
        role::{self, RoleError},
    },
    error::{Error, causes},
};

/// How long a probe waits for the database; load balancers ask every few seconds.
pub(super) const TIMEOUT: Duration = Duration::from_secs(2);

/// Why this program and the database do not fit.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The database's schema is not this program's.
    #[error(transparent)]
    Schema(#[from] MigrateError),
    /// The service cannot work as its role, or row level security does not apply to the role.
    #[error(transparent)]
    Role(#[from] RoleError),
}

/// What was last seen of the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DatabaseState {
    /// Nothing yet.
    #[default]
    Unknown,
    /// It takes writes.
    Ok,
    /// It answers and takes no writes.
    ReadOnly,
    /// It did not answer in time.
    TooSlow,
    /// It cannot be reached.
    Unreachable,
}

impl DatabaseState {
    /// Probes whether the database takes writes, and what it failed with.
    pub async fn probe(database: &Database) -> (Self, Option<Error>) {
        match tokio::time::timeout(TIMEOUT, database.check_writable()).await {
            Ok(Ok(())) => (Self::Ok, None),
            Ok(Err(error)) if error.is_read_only() => (Self::ReadOnly, Some(error)),
            Ok(Err(error)) if error.is_slow() => (Self::TooSlow, Some(error)),
            Ok(Err(error)) => (Self::Unreachable, Some(error)),
            Err(_elapsed) => (Self::TooSlow, Some(Error::Deadline)),
        }
    }

    /// Its name on the health pages and in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Ok => "ok",
            Self::ReadOnly => "read-only",
            Self::TooSlow => "too slow",
            Self::Unreachable => "unreachable",
        }
    }
}

/// For how long the outcome of a write probe stands, so that however often readiness is asked for, the database writes little.
const PROBE_INTERVAL: Duration = Duration::from_secs(3);

/// What is wrong: with the database, and with its migrations.
pub(super) type Problem = (&'static str, &'static str);

/// Whether the database can be written to, as it was found last.
#[derive(Debug, Default)]
pub struct WriteProbe(Mutex<Option<(Instant, Result<(), Problem>)>>);

impl WriteProbe {
    /// Writes, unless that was done a moment ago.
    pub(super) async fn check(&self, database: &Database) -> Result<(), Problem> {
        let mut last = self.0.lock().await;
        if let Some((at, outcome)) = &*last
            && at.elapsed() < PROBE_INTERVAL
        {
            return *outcome;
        }
        let (state, error) = DatabaseState::probe(database).await;
        let outcome = error.map_or(Ok(()), |error| {
            tracing::warn!(error = error.chain(), "not ready");
            Err((state.name(), "unknown"))
        });
        *last = Some((Instant::now(), outcome));
        outcome
    }
}

/// What the health page needs to know.
#[derive(Clone)]
pub struct Health {
    /// The database.
    pub database: Database,
    /// Set once the database was seen to have this program's schema.
    pub schema_is_current: Arc<AtomicBool>,
    /// How much is still being opened of what the service begins with.
    opening: Arc<AtomicUsize>,
    /// Set once the service was told to stop.
    pub stopping: Arc<AtomicBool>,
    /// Whether the database can be written to.
    pub write_probe: Arc<WriteProbe>,
    functions: Arc<Mutex<Functions>>,
    /// What the monitor saw last of the database.
    pub database_state: Arc<watch::Sender<DatabaseState>>,
    /// Whether there is a spool that cannot be written to.
    pub spool_is_broken: Arc<AtomicBool>,
    direct: tokio_postgres::Config,
    direct_setting: &'static str,
    tls: MakeRustlsConnect,
}

impl Health {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(config: &Config, database: &Database, tls: &MakeRustlsConnect) -> Self {
        Self {
            database: database.clone(),
            schema_is_current: Arc::default(),
            opening: Arc::default(),
            stopping: Arc::default(),
            write_probe: Arc::default(),
            functions: Arc::default(),
            database_state: Arc::default(),
            spool_is_broken: Arc::default(),
            direct: config.database.direct.clone(),
            direct_setting: if config.database.has_direct {
                "FRONTDESK_DIRECT_URL"
            } else {
                "DATABASE_URL"
            },
            tls: tls.clone(),
        }
    }

    /// Notes that something is being opened, until what is returned is dropped.
    #[must_use]
    pub fn opening(&self) -> Opening {
        self.opening.fetch_add(1, Ordering::Relaxed);
        Opening(Arc::clone(&self.opening))
    }

    /// Whether all connections are open that the service begins with.
    #[must_use]
    pub fn is_warm(&self) -> bool {
        self.opening.load(Ordering::Relaxed) == 0
    }

    /// Compares the database's schema with this program's, and makes sure that the service's role is held to its grants,
    /// until both were seen to be so once.
    ///
    /// # Errors
    ///
    /// When they are not. A database that cannot be reached is no error here: the schema counts as unchecked.
    pub async fn check_schema(&self) -> Result<(), SchemaError> {
        if self.schema_is_current.load(Ordering::Relaxed) {
            return Ok(());
        }
        let (client, connection) = match connect(&self.direct, &self.tls).await {
            Ok(connected) => connected,
            Err(error) => {
                if let Some(refused) = role::login_refused(self.direct_setting, &error) {
                    return Err(refused.into());
                }
                tracing::warn!(error = causes(&error), "the database cannot be reached");
                return Ok(());
            }
        };
        // Whoever waits gives up in time; a connection that hangs must not outlive that.
        let driver = AbortOnDropHandle::new(tokio::spawn(connection));
        let checked = check_database(&client).await;
        drop(client);
        drop(driver.await);
        checked?;
        self.schema_is_current.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// Something that the service begins with is being opened.
pub struct Opening(Arc<AtomicUsize>);

impl Drop for Opening {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// For how long the outcome of a look at the functions stands, however often readiness is asked for.
const FUNCTIONS_INTERVAL: Duration = Duration::from_secs(5);

/// What was found of the functions that statements call.
#[derive(Default)]
struct Functions {
    /// The functions with which every statement was seen to work.
    working: Option<String>,
    looked_at: Option<Instant>,
    is_missing: bool,
}

impl Health {
    /// Whether every statement that the service sends finds the functions that it calls. As long as the functions of their names are
    /// those that were there, one short query tells; the statements themselves are looked at when something changed.
    ///
    /// A database that cannot be asked is not said to lack any.
    pub async fn has_functions(&self) -> bool {
        let mut found = self.functions.lock().await;
        if found
            .looked_at
            .is_some_and(|at| at.elapsed() < FUNCTIONS_INTERVAL)
        {
            return !found.is_missing;
        }
        match self.look_at_functions(found.working.as_deref()).await {
            Ok(working) => {
                found.is_missing = false;
                found.working = Some(working);
            }
            Err(FunctionError::Missing { statement, message }) => {
                tracing::error!(statement, reason = message, "a function is missing");
                found.is_missing = true;
                found.working = None;
            }
            Err(error) => {
                tracing::warn!(error = causes(&error), "the functions cannot be looked at");
                return !found.is_missing;
            }
        }
        found.looked_at = Some(Instant::now());
        !found.is_missing
    }

    async fn look_at_functions(&self, working: Option<&str>) -> Result<String, FunctionError> {
        let now = functions::fingerprint(&self.database).await?;
        if working == Some(now.as_str()) {
            return Ok(now);
        }
        // A later release may have come, which no longer serves this program.
        self.schema_is_current.store(false, Ordering::Relaxed);
        let (client, connection) = connect(&self.direct, &self.tls).await?;
        let driver = AbortOnDropHandle::new(tokio::spawn(connection));
        let checked = functions::check(&client).await;
        drop(client);
        drop(driver.await);
        checked.map(|()| now)
    }
}

async fn check_database(client: &tokio_postgres::Client) -> Result<(), SchemaError> {
    // Sent together: a database may be far away.
    let (schema, role) = tokio::join!(migrate::check(client), role::check(client));
    schema?;
    Ok(role?)
}
