//! Why there is no private PostgreSQL, and what to do about it by hand.

use std::{io, path::PathBuf};

/// Why the private PostgreSQL could not be found, installed, started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No usable PostgreSQL is there, and no way of installing one worked.
    #[error(
        "PostgreSQL 15 or newer is needed and could not be installed ({tried}). Install it by hand (Debian, Ubuntu: \
         `apt-get install postgresql`; macOS: `brew install postgresql@17`), or set DATABASE_URL to a server of yours"
    )]
    NotInstalled {
        /// What was tried, and what became of it.
        tried: String,
    },
    /// There is no place for data.
    #[error(
        "neither XDG_DATA_HOME nor HOME is set, so that there is no default place for data: name a directory in FRONTDESK_DATA_DIR"
    )]
    NoHome,
    /// Root has nobody to run the server as.
    #[error(
        "PostgreSQL refuses to run as root, and this machine has no user postgres or nobody to run it as: run as another user"
    )]
    NoAccount,
    /// The data directory is someone else's.
    #[error("{} belongs to another user: name another directory in FRONTDESK_DATA_DIR, or run as its owner", .0.display())]
    ForeignDirectory(PathBuf),
    /// PostgreSQL's settings cannot name the data directory.
    #[error("the name of {} is not UTF-8: name another directory in FRONTDESK_DATA_DIR", .0.display())]
    OddName(PathBuf),
    /// The user that the server runs as may not pass through a directory.
    #[error(
        "the user that PostgreSQL runs as may not enter {}: name a directory in FRONTDESK_DATA_DIR that every user can reach, such as one under \
         /var/lib or /tmp", .0.display()
    )]
    Unreachable(PathBuf),
    /// Another program runs its server on the same data.
    #[error("{} runs PostgreSQL in {}: stop it first, or name another directory in FRONTDESK_DATA_DIR", program(.pid.as_ref()), .directory.display())]
    InUse {
        /// The program's process id, where it is known.
        pid: Option<u32>,
        /// The data directory.
        directory: PathBuf,
    },
    /// A server that an earlier run left behind does not end.
    #[error("PostgreSQL of an earlier run (process {pid}) still runs in {} and does not end: stop it first", .directory.display())]
    LeftRunning {
        /// The server's process id.
        pid: u32,
        /// The data directory.
        directory: PathBuf,
    },
    /// The data was made by a PostgreSQL that is not installed.
    #[error(
        "the data in {} is of PostgreSQL {data}, but PostgreSQL {installed} is installed: install {data} as well, or \
         name another directory in FRONTDESK_DATA_DIR", .directory.display()
    )]
    OtherVersion {
        /// The data directory.
        directory: PathBuf,
        /// The major version that made the data.
        data: u32,
        /// The major version that was found.
        installed: u32,
    },
    /// `initdb` failed.
    #[error("initdb could not prepare the data directory: {0}")]
    Initdb(String),
    /// The server ended, or did not accept a connection in time.
    #[error("PostgreSQL did not start ({reason}); the end of its log, {}:\n{tail}", .log.display())]
    NotStarted {
        /// What was seen from outside.
        reason: String,
        /// The whole log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// The server that answers on the socket is another one.
    #[error("the PostgreSQL that answers keeps its data in {}, which is not ours: nothing was done with it", .0.display())]
    AnotherServer(PathBuf),
    /// The installation lacks an extension that the schema needs.
    #[error(
        "this PostgreSQL comes without the extension btree_gist: install its contrib package (Fedora: `dnf install \
         postgresql-contrib`)"
    )]
    NoBtreeGist,
    /// The server was told to stop and did not.
    #[error("PostgreSQL (process {0}) was told to stop and still runs")]
    NotStopped(i32),
    /// The system refused something.
    #[error("cannot {doing}")]
    System {
        /// What was being done.
        doing: String,
        /// What the system reported.
        #[source]
        source: io::Error,
    },
}

/// Says which program is meant.
fn program(pid: Option<&u32>) -> String {
    pid.map_or_else(
        || "another frontdesk".to_owned(),
        |pid| format!("another frontdesk (process {pid})"),
    )
}

/// Names what was being done when the system refused it.
pub(super) fn cannot(doing: impl Into<String>) -> impl FnOnce(io::Error) -> EmbeddedError {
    move |source| EmbeddedError::System {
        doing: doing.into(),
        source,
    }
}
