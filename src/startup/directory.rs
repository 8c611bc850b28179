//! Whose call it is: read before the first caller, and kept up to date while the service runs.

use std::{sync::Arc, time::Duration};

use tokio::sync::mpsc;
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::sync::CancellationToken;

use super::StartError;
use crate::{
    config::Config,
    db::{
        Statements,
        listen::{DIRECTORY_CHANNEL, listen},
        role,
    },
    directory::{Directory, RefreshError},
    error::causes,
    health::SchemaError,
};

/// How old credentials may grow where no announcement of a new one arrives.
const CREDENTIALS_AGE: Duration = Duration::from_secs(15);

/// Seals what was written in plain text, now that the schema is known, and judges what was `read` of the credentials; whether the database
/// answers.
pub(super) async fn judge(
    config: &Config,
    directory: &Directory,
    read: Result<(), RefreshError>,
) -> Result<bool, StartError> {
    let read = match directory.seal().await {
        Ok(false) => read,
        Ok(true) => directory.read().await,
        Err(error) => Err(error),
    };
    match read {
        Ok(()) => {}
        Err(RefreshError::Database(error)) => {
            return role::refused(&error)
                .map_or(Ok(false), |refused| Err(SchemaError::from(refused).into()));
        }
        // One organization's credential must not stop the service for all others.
        Err(sealed @ RefreshError::Sealed { .. }) => {
            let answers_nobody = config.verifier.is_empty() && directory.credentials.is_empty();
            if answers_nobody && !config.settings.insecure {
                return Err(StartError::Sealed(sealed));
            }
            tracing::error!(
                error = causes(&sealed),
                "calls with this credential are refused until FRONTDESK_SECRETS_KEY opens it or `frontdesk org webhook-secret` replaces it"
            );
        }
    }
    if config.verifier.is_empty() && !config.settings.insecure && directory.credentials.is_empty() {
        return Err(StartError::NoSecret);
    }
    Ok(true)
}

/// What keeps the directory up to date while the service runs.
///
/// A transaction pooler passes no announcements on. Without a direct connection beside it routes are therefore never
/// remembered, and credentials are read again every so often.
pub(super) fn follow(
    config: &Config,
    tls: MakeRustlsConnect,
    directory: &Arc<Directory>,
    stop: &CancellationToken,
) -> impl Future<Output = ()> + use<> {
    let (directory, stop) = (Arc::clone(directory), stop.clone());
    let cannot_hear = config.statements == Statements::Unnamed && !config.database.has_direct;
    let direct = config.database.direct.clone();
    async move {
        if cannot_hear {
            stop.run_until_cancelled_owned(async {
                loop {
                    tokio::time::sleep(CREDENTIALS_AGE).await;
                    directory.follow_credentials().await;
                }
            })
            .await;
            return;
        }
        let (heard, hear) = mpsc::channel(64);
        tokio::join!(
            listen(direct, tls, DIRECTORY_CHANNEL, heard, stop),
            directory.follow(hear)
        );
    }
}
