//! What stops a request, and what its caller may learn of it.
//!
//! Business answers ("that hour is taken") are never errors: they are the outcomes of the tools. An [`Error`] means that
//! the service could not do its work. Its text is for the log; what the caller hears is composed by the tools from
//! [`Error::kind`] alone, so that neither SQL nor anybody's data can reach a spoken answer.

use deadpool_postgres::PoolError;
use tokio_postgres::error::SqlState;

/// The result of anything that may be stopped.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What stopped a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection to the database could be had: it is down, restarting, or every connection is in use.
    #[error("the database cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No connection could be had in time: too many ask at once, of this organization or of all.
    #[error("the database is busy")]
    Busy,
    /// The database refused or failed the named statement.
    #[error("the statement {statement} failed")]
    Statement {
        /// The file in `sql/queries/` that failed.
        statement: &'static str,
        /// What the driver reported.
        #[source]
        source: tokio_postgres::Error,
    },
    /// The database answered, but not in the shape that the named statement promises.
    #[error("the statement {statement} answered in an unexpected shape")]
    Shape {
        /// The file in `sql/queries/` whose answer could not be read.
        statement: &'static str,
        /// What the driver or the parser reported.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The organization's own data cannot be worked with, such as a time zone that nobody knows.
    #[error("the organization's {setting} cannot be used")]
    Organization {
        /// The column or setting at fault.
        setting: &'static str,
    },
    /// The call is known under another organization, so nothing is done for it.
    #[error("the call belongs to another organization")]
    ForeignCall,
    /// The server did not answer the named statement within the statement's own time limit, so the connection is given up.
    #[error("the server did not answer the statement {statement} in time")]
    Silent {
        /// The file in `sql/queries/`, or `commit` when the work may have been kept.
        statement: &'static str,
    },
    /// The session takes no writes: the server is a standby, or its administrator made it read-only.
    #[error("the database takes no writes")]
    ReadOnly,
    /// The service's own deadline passed; the work may still be finished in the background.
    #[error("the deadline passed")]
    Deadline,
    /// The task that did the work ended without an answer.
    #[error("the work was abandoned")]
    Abandoned,
}

/// The classes of [`Error`] that a caller, a metric or a status code can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The database is away or cannot write; nothing was done.
    Unreachable,
    /// It took too long; whether it was done is not known yet.
    Late,
    /// A defect or a wrong setting; nothing was done.
    Internal,
    /// The call is known under another organization; nothing was done, and nothing will be when it is tried again.
    Foreign,
}

impl Error {
    /// Tells which class of failure this is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            // Whether the work was kept cannot be known when the connection is lost at the very end.
            Self::Deadline
            | Self::Abandoned
            | Self::Silent {
                statement: "commit",
            }
            | Self::Statement {
                statement: "commit",
                ..
            } => Kind::Late,
            Self::Unreachable(_) | Self::Busy | Self::ReadOnly | Self::Silent { .. } => {
                Kind::Unreachable
            }
            Self::Statement { source, .. } if source.is_closed() || lost(source) => {
                Kind::Unreachable
            }
            Self::Statement { .. } | Self::Shape { .. } | Self::Organization { .. } => {
                Kind::Internal
            }
            Self::ForeignCall => Kind::Foreign,
        }
    }

    /// Whether the connection turned out to be closed, which shows only when it is used.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Statement { source, .. } if source.is_closed())
    }

    /// The failure of a statement that commits: when the server gave no answer, or ended the session, it is not known whether the work was
    /// kept.
    pub(crate) fn at_the_end(self) -> Self {
        match self {
            Self::Statement { source, .. }
                if source
                    .code()
                    .is_none_or(|code| code.code().starts_with("57P")) =>
            {
                Self::Statement {
                    statement: "commit",
                    source,
                }
            }
            other => other,
        }
    }

    /// Whether nothing was done because the session takes no writes. A new session may, once the fault has ended.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        matches!(self, Self::ReadOnly) || self.code() == Some("25006")
    }

    /// Whether the database gave no answer in time, or no connection.
    #[must_use]
    pub fn is_slow(&self) -> bool {
        match self {
            Self::Busy | Self::Silent { .. } | Self::Deadline => true,
            Self::Unreachable(source) => source
                .downcast_ref::<PoolError>()
                .is_some_and(|error| matches!(error, PoolError::Timeout(_))),
            _ => false,
        }
    }

    /// Whether the server undid the transaction because of another one, so that the same work may succeed right afterwards.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        matches!(self.code(), Some("40001" | "40P01"))
    }

    /// Whether a connection must not be used again after this error.
    ///
    /// A refusal of the work (its data, a constraint, a rule, a lock) says nothing about the session; whatever else goes wrong may be a
    /// state of the session that lasts.
    #[must_use]
    pub fn spoils_connection(&self) -> bool {
        match self {
            Self::Statement { source, .. } => match source.code().map(SqlState::code) {
                Some("42501") => false,
                Some(code) => !["22", "23", "40", "44", "55", "P0"]
                    .iter()
                    .any(|class| code.starts_with(class)),
                None => true,
            },
            Self::Silent { .. } | Self::ReadOnly => true,
            _ => false,
        }
    }

    fn code(&self) -> Option<&str> {
        match self {
            Self::Statement { source, .. } => source.code().map(SqlState::code),
            _ => None,
        }
    }

    /// The label of this error in metrics and logs.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self.kind() {
            Kind::Unreachable => "unavailable",
            Kind::Late => "late",
            Kind::Internal => "internal",
            Kind::Foreign => "foreign",
        }
    }

    /// This error and its causes in one line, for the log.
    #[must_use]
    pub fn chain(&self) -> String {
        causes(self)
    }
}

/// An error and its causes in one line, for the log.
///
/// A database error's detail and hint quote the values of rows, so only its code and its primary message are given.
#[must_use]
pub fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        if let Some(refusal) = error.downcast_ref::<tokio_postgres::error::DbError>() {
            text.push_str(refusal.code().code());
            text.push(' ');
            text.push_str(refusal.message());
        } else {
            text.push_str(&error.to_string());
        }
        cause = error.source();
    }
    text
}

/// Tells whether the server cannot be worked with: it ended the connection or is going away (class 57P), could not be talked to (class
/// 08), lacks disk or memory (53), failed in its system (58), is
/// read-only (25006), or gave no lock in time (55P03).
fn lost(error: &tokio_postgres::Error) -> bool {
    match error.code().map(SqlState::code) {
        Some(code) => {
            matches!(code, "25006" | "55P03")
                || ["57P", "08", "53", "58"]
                    .iter()
                    .any(|class| code.starts_with(class))
        }
        None => std::error::Error::source(error)
            .is_some_and(<dyn std::error::Error + 'static>::is::<std::io::Error>),
    }
}
