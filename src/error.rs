//! What stops a request, and what its caller may learn of it.
//!
//! Business answers ("that hour is taken") are never errors: they are the outcomes of the tools. An [`Error`] means that
//! the service could not do its work. Its text is for the log; what the caller hears is composed by the tools from
//! [`Error::kind`] alone, so that neither SQL nor anybody's data can reach a spoken answer.

/// The result of anything that may be stopped.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What stopped a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection to the database could be had: it is down, restarting, or every connection is in use.
    #[error("the database cannot be reached")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
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
    /// The database is away; nothing was done.
    Unreachable,
    /// It took too long; whether it was done is not known yet.
    Late,
    /// A defect or a wrong setting; nothing was done.
    Internal,
}

impl Error {
    /// Tells which class of failure this is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Unreachable(_) => Kind::Unreachable,
            // Whether the work was kept cannot be known when the connection is lost at the very end.
            Self::Deadline
            | Self::Abandoned
            | Self::Statement {
                statement: "commit",
                ..
            } => Kind::Late,
            Self::Statement { source, .. } if source.is_closed() || lost(source) => {
                Kind::Unreachable
            }
            Self::Statement { .. }
            | Self::Shape { .. }
            | Self::Organization { .. }
            | Self::ForeignCall => Kind::Internal,
        }
    }

    /// The label of this error in metrics and logs.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self.kind() {
            Kind::Unreachable => "unreachable",
            Kind::Late => "late",
            Kind::Internal => "internal",
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

/// Tells whether the server ended the connection or is going away (class 57P), or could not be talked to (class 08).
fn lost(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(state) => state.code().starts_with("57P") || state.code().starts_with("08"),
        None => std::error::Error::source(error)
            .is_some_and(<dyn std::error::Error + 'static>::is::<std::io::Error>),
    }
}
