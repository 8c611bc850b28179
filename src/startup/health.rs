//! What the health page needs to know, and whether the schema and the role are what this program works with.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::watch;
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::task::AbortOnDropHandle;

use super::{StartError, monitor::DatabaseState};
use crate::{
    config::Config,
    db::{Database, connect, migrate, role},
    error::causes,
    health::WriteProbe,
};

/// What the health page needs to know.
#[derive(Clone)]
pub struct Health {
    /// The database.
    pub database: Database,
    /// Set once the database was seen to have this program's schema.
    pub schema_is_current: Arc<AtomicBool>,
    /// Set once all connections are open that the service begins with.
    pub is_warm: Arc<AtomicBool>,
    /// Set once the service was told to stop.
    pub stopping: Arc<AtomicBool>,
    /// Whether the database can be written to.
    pub write_probe: Arc<WriteProbe>,
    /// What the monitor saw last of the database.
    pub database_state: Arc<watch::Sender<DatabaseState>>,
    /// Whether there is a spool that cannot be written to.
    pub spool_is_broken: Arc<AtomicBool>,
    direct: tokio_postgres::Config,
    direct_setting: &'static str,
    tls: MakeRustlsConnect,
}

impl Health {
    pub(super) fn new(config: &Config, database: &Database, tls: &MakeRustlsConnect) -> Self {
        Self {
            database: database.clone(),
            schema_is_current: Arc::default(),
            is_warm: Arc::default(),
            stopping: Arc::default(),
            write_probe: Arc::default(),
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

    /// Compares the database's schema with this program's, and makes sure that the service's role is held to its grants,
    /// until both were seen to be so once.
    ///
    /// # Errors
    ///
    /// When they are not. A database that cannot be reached is no error here; it is simply not seen to agree.
    pub async fn check_schema(&self) -> Result<(), StartError> {
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

async fn check_database(client: &tokio_postgres::Client) -> Result<(), StartError> {
    migrate::check(client).await?;
    Ok(role::check(client).await?)
}
