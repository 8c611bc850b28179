//! How the pool is set up, and how long it waits.

use std::time::Duration;

/// The most connections that a web worker has for itself: more bring nothing, since statements share them.
const MOST_LANES: usize = 1;

/// How much longer than the server may work on a statement its answer is awaited.
const ANSWER_SLACK: Duration = Duration::from_secs(2);

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
    /// How many web workers there are, each of which has some of the connections for itself.
    pub workers: usize,
    /// How statements are sent.
    pub statements: Statements,
    /// How long a caller waits for a connection, and how long making one may take.
    pub patience: Duration,
    /// How long the server may work on one statement before it gives up, so that no abandoned work lives for ever.
    pub statement_timeout: Duration,
}

impl Options {
    /// How many of the connections each web worker has for itself. Behind a transaction pooler a statement takes four messages, which
    /// those of another request must not come between.
    pub(super) fn lanes(&self) -> usize {
        match self.statements {
            Statements::Prepared => MOST_LANES.min(self.size / 2 / self.workers.max(1)),
            Statements::Unnamed => 0,
        }
    }

    /// How long an answer is awaited: a server that lives has given up the statement by then.
    pub(super) fn answer_timeout(&self) -> Duration {
        self.statement_timeout + ANSWER_SLACK
    }
}
