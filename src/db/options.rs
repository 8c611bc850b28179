//! How the pool is set up, and how long it waits.

use std::time::Duration;

/// How much longer than the server may work on a statement its answer is awaited.
const ANSWER_SLACK: Duration = Duration::from_secs(2);

/// How long a statement waits for a lock: the others of the service need its connection.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// How statements are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statements {
    /// Prepared once a connection and named: the fastest, for a direct connection or a session pooler.
    Prepared,
    /// Parsed anew each time, in one message with the values: for a transaction pooler, which may hand every
    /// transaction to another server connection.
    Unnamed,
}

/// What the pool needs to know.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many connections at most.
    pub size: usize,
    /// How many web workers there are, each of which has one of the connections for itself where there are enough.
    pub workers: usize,
    /// How statements are sent.
    pub statements: Statements,
    /// How long a caller waits for a connection, and how long making one may take.
    pub acquire_timeout: Duration,
    /// How long the server may work on one statement before it gives up, so that no abandoned work lives for ever.
    pub statement_timeout: Duration,
}

impl Options {
    /// Whether each web worker has a connection for itself. Behind a transaction pooler a statement is sent with its own time limits, in
    /// several messages, which those of another request must not come between.
    pub(super) fn has_worker_connections(&self) -> bool {
        self.statements == Statements::Prepared && self.size >= 2 * self.workers
    }

    /// How many connections all share.
    pub(super) fn pool_size(&self) -> usize {
        if self.has_worker_connections() {
            self.size - self.workers
        } else {
            self.size
        }
    }

    /// What begins a transaction.
    pub(super) fn opening(&self, mode: Mode) -> String {
        let begin = match mode {
            Mode::Reads => "begin read only",
            Mode::Writes => "begin",
        };
        match self.statements {
            Statements::Prepared => begin.to_owned(),
            // The session is another's afterwards.
            Statements::Unnamed => format!("{begin}; {}", self.limits("set local")),
        }
    }

    /// What ends a statement that takes too long, one that waits too long for a lock, and a transaction whose client has fallen silent
    /// between two statements, which gives its locks back.
    pub(super) fn limits(&self, set: &str) -> String {
        let (timeout, lock) = (self.statement_timeout.as_millis(), LOCK_TIMEOUT.as_millis());
        format!(
            "{set} statement_timeout = {timeout}; {set} lock_timeout = {lock}; {set} idle_in_transaction_session_timeout = {timeout}"
        )
    }

    /// How long an answer is awaited: a server that lives has given up the statement by then.
    pub(super) fn answer_timeout(&self) -> Duration {
        self.statement_timeout + ANSWER_SLACK
    }
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Reads,
    Writes,
}
