//! Asks a server on a socket who it is.

use std::{
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    time::Duration,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::NoTls;

use super::{EmbeddedError, cluster::SUPERUSER, error::cannot};

/// How long one question may take; the server is on this machine.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What a server says of itself.
pub(super) struct Answer {
    /// Where it keeps its data.
    pub(super) data_directory: PathBuf,
    /// Whether the extension `btree_gist` can be created.
    pub(super) has_btree_gist: bool,
}

/// Asks servers, on a runtime of its own: callers are not asynchronous. Not to be used on a thread that is.
pub(super) struct Probe(Runtime);

impl Probe {
    pub(super) fn new() -> Result<Self, EmbeddedError> {
        Builder::new_current_thread()
            .enable_all()
            .build()
            .map(Self)
            .map_err(cannot("start a runtime"))
    }

    /// Asks the server whose socket is in `directory`; none when it does not answer, or not yet.
    pub(super) fn ask(&self, directory: &Path) -> Option<Answer> {
        let url = url(directory, SUPERUSER, "postgres");
        self.0
            .block_on(async { tokio::time::timeout(TIMEOUT, ask(&url)).await })
            .ok()?
            .ok()
    }
}

async fn ask(url: &str) -> Result<Answer, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    let row = client
        .query_one(
            "select current_setting('data_directory'),
                    exists (select from pg_available_extensions where name = 'btree_gist')",
            &[],
        )
        .await?;
    Ok(Answer {
        data_directory: row.try_get::<_, &str>(0)?.into(),
        has_btree_gist: row.try_get(1)?,
    })
}

/// What a part of a URL does not have as it is (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The URL of a database behind the socket in `directory`, as libpq and tokio-postgres read it.
pub(super) fn url(directory: &Path, user: &str, database: &str) -> String {
    let host = percent_encode(directory.as_os_str().as_bytes(), RESERVED);
    let database = percent_encode(database.as_bytes(), RESERVED);
    let user = percent_encode(user.as_bytes(), RESERVED);
    // TLS is for networks; without this each connection would begin by asking for it.
    format!("postgresql://{user}@{host}/{database}?sslmode=disable")
}

#[cfg(test)]
mod tests {
    use tokio_postgres::{Config, config::Host};

    use super::*;

    #[test]
    fn the_url_leads_to_the_socket_and_the_database() {
        for directory in ["/data/a", "/home/José Ñ/50% off, a:b@c?d#e/[x]"] {
            let config: Config = url(Path::new(directory), "o'role", "odd/name?")
                .parse()
                .unwrap();
            assert_eq!(config.get_hosts(), [Host::Unix(directory.into())]);
            assert_eq!(config.get_dbname(), Some("odd/name?"));
            assert_eq!(config.get_user(), Some("o'role"));
        }
    }
}
