//! Whose call it is: read before the first caller, and kept true while the service runs.

use std::{sync::Arc, time::Duration};

use tokio::sync::mpsc;
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::sync::CancellationToken;

use super::StartError;
use crate::{
    config::Config,
    db::{
        Database, Statements,
        listen::{DIRECTORY_CHANNEL, listen},
        role,
    },
    directory::{Directory, RefreshError},
};

/// How old credentials may grow where no announcement of a new one arrives.
const CREDENTIALS_AGE: Duration = Duration::from_secs(15);

/// Reads the credentials before the first caller needs them, and opens the connections of the pool.
pub(super) async fn open(
    config: &Config,
    database: &Database,
) -> Result<Arc<Directory>, StartError> {
    let directory = Directory::new(
        database.clone(),
        config.keyring.clone(),
        config.clock.clone(),
    );
    let read = directory.refresh_credentials().await;
    let is_away = match read {
        Ok(()) => false,
        Err(RefreshError::Database(error)) => match role::refused(&error) {
            Some(refused) => return Err(refused.into()),
            None => true,
        },
        Err(sealed @ RefreshError::Sealed { .. }) => return Err(StartError::Sealed(sealed)),
    };
    if config.verifier.is_empty() && !config.insecure && directory.credentials.is_empty() {
        return Err(StartError::NoSecret);
    }
    if !is_away && database.warm().await.is_err() {
        tracing::warn!("not every connection of the pool could be opened");
    }
    Ok(directory)
}

/// Keeps the directory true while the service runs.
///
/// A transaction pooler passes no announcements on. Without a direct connection beside it routes are therefore never
/// remembered, and credentials are read again every so often.
pub(super) fn follow(
    config: &Config,
    tls: MakeRustlsConnect,
    directory: &Arc<Directory>,
    stop: &CancellationToken,
) {
    let (directory, stop) = (Arc::clone(directory), stop.clone());
    if config.statements == Statements::Unnamed && !config.database.has_direct {
        tokio::spawn(stop.run_until_cancelled_owned(async move {
            loop {
                tokio::time::sleep(CREDENTIALS_AGE).await;
                directory.follow_credentials().await;
            }
        }));
        return;
    }
    let (heard, hear) = mpsc::channel(64);
    let direct = config.database.direct.clone();
    tokio::spawn(listen(direct, tls, DIRECTORY_CHANNEL, heard, stop));
    tokio::spawn(async move { directory.follow(hear).await });
}
