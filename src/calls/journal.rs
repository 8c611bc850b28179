//! Appends every tool call to the tool log after the caller has been answered, and later adds those of a call to its row.
//!
//! The caller does not wait for the database. It is written by one task in the order of the calls, many at a time, and is finished
//! before the service stops. Arguments are masked before they are left for it ([`mask`](crate::domain::mask)): what the caller said stays in
//! the transcript.

mod entry;
mod fold;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::Instant,
};

use self::entry::Written;
pub use self::{
    entry::{Effect, Entry, Reason},
    fold::fold_organization,
};
use crate::{
    db::{Database, Params, Sql},
    error::{Error, Kind, Result},
    sql,
};

const QUERY: Sql = sql!(
    "write_tool_log",
    [UUID_ARRAY, TEXT_ARRAY, TEXT_ARRAY, TEXT_ARRAY, TEXT_ARRAY]
);

/// How many entries may wait while the database is slow; beyond that the newest are dropped and counted.
const MAX_QUEUE: usize = 10_000;

/// How long the first entry waits for others, and how many are written at once: under load one statement and one commit for a
/// hundred callers cost a small part of what they do for each. More would only take memory: entries hold what the model gave, and every
/// connection keeps buffers of the largest statement that it sent.
const GATHERED: Duration = Duration::from_millis(100);
const MAX_AT_ONCE: usize = 100;

/// How often entries are tried while the database is away, and how long apart.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(1);

/// What the writer is sent.
enum Message {
    Entry(Written),
    /// Somebody waits until all that came before is written.
    Flush(oneshot::Sender<()>),
}

/// Where tools leave their entries.
#[derive(Clone, Debug)]
pub struct Journal {
    entries: mpsc::Sender<Message>,
    /// Told when as many entries wait as are written at once.
    enough: Arc<Notify>,
}

/// Where the writer finds them.
#[derive(Debug)]
pub struct Entries {
    entries: mpsc::Receiver<Message>,
    enough: Arc<Notify>,
}

/// Makes a journal and what its writer reads from.
#[must_use]
pub fn open() -> (Journal, Entries) {
    let (sender, receiver) = mpsc::channel(MAX_QUEUE);
    let enough = Arc::new(Notify::new());
    let journal = Journal {
        entries: sender,
        enough: Arc::clone(&enough),
    };
    let entries = Entries {
        entries: receiver,
        enough,
    };
    (journal, entries)
}

impl Journal {
    /// Leaves an entry; never waits.
    pub fn write(&self, entry: Entry<'_>) {
        if entry.call.vapi_call_id.is_none() {
            return;
        }
        let entry = Message::Entry(Written::from(entry));
        if self.entries.try_send(entry).is_err() {
            metrics::counter!("frontdesk_tool_log_dropped_total").increment(1);
            tracing::error!(
                "the journal is full or closed; a tool call is missing from tools_used"
            );
        }
        if MAX_QUEUE - self.entries.capacity() >= MAX_AT_ONCE {
            self.enough.notify_one();
        }
    }

    /// Waits until the entries of this process that came before are written, but not beyond the deadline.
    pub async fn flush(&self, deadline: Instant) {
        let (sender, written) = oneshot::channel();
        if self.entries.try_send(Message::Flush(sender)).is_ok() {
            // Too late, or the writer is gone: what has been written is read all the same.
            drop(tokio::time::timeout_at(deadline, written).await);
        }
    }
}

/// Writes entries until every [`Journal`] is gone and all that was left is written, and folds them when they are so old.
pub async fn keep(database: Database, entries: Entries, age: Duration) {
    let Entries {
        mut entries,
        enough,
    } = entries;
    let mut writer = Writer {
        database: database.clone(),
        entries: Vec::new(),
        waiting: Vec::new(),
    };
    let writing = async move {
        while let Some(first) = entries.recv().await {
            writer.add(first);
            if writer.waiting.is_empty() {
                // Nobody listens meanwhile: to wake this task for each entry would cost every caller a switch between threads.
                drop(tokio::time::timeout(GATHERED, enough.notified()).await);
            }
            loop {
                while writer.entries.len() < MAX_AT_ONCE
                    && let Ok(next) = entries.try_recv()
                {
                    writer.add(next);
                }
                let is_behind = writer.entries.len() == MAX_AT_ONCE && !entries.is_empty();
                writer.write().await;
                if !is_behind {
                    break;
                }
            }
        }
    };
    tokio::select! {
        () = writing => {}
        () = fold::keep(&database, age) => {}
    }
}

/// What is written at once, and who waits for it.
struct Writer {
    database: Database,
    entries: Vec<Written>,
    waiting: Vec<oneshot::Sender<()>>,
}

impl Writer {
    fn add(&mut self, message: Message) {
        match message {
            Message::Entry(entry) => self.entries.push(entry),
            Message::Flush(sender) => self.waiting.push(sender),
        }
    }

    async fn write(&mut self) {
        if !self.entries.is_empty() {
            let entries = std::mem::take(&mut self.entries);
            self.write_entries(entries).await;
        }
        for sender in self.waiting.drain(..) {
            // Whoever waited may have given up.
            sender.send(()).ok();
        }
    }

    /// Writes entries together, and each for itself where they cannot be: one that the database does not take keeps no other out.
    async fn write_entries(&self, entries: Vec<Written>) {
        match append_patiently(&self.database, &entries).await {
            Ok(()) => {}
            Err(error) if error.kind() == Kind::Unreachable => {
                for entry in &entries {
                    missing(entry, &error);
                }
            }
            Err(_) => {
                for entry in &entries {
                    let alone = std::slice::from_ref(entry);
                    if let Err(error) = append_patiently(&self.database, alone).await {
                        missing(entry, &error);
                    }
                }
            }
        }
    }
}

fn missing(entry: &Written, error: &Error) {
    metrics::counter!("frontdesk_tool_log_dropped_total").increment(1);
    tracing::error!(
        call.id = entry.call.vapi_call_id,
        tool.name = entry.tool,
        error = error.chain(),
        "a tool call could not be appended to tools_used"
    );
}

async fn append_patiently(database: &Database, entries: &[Written]) -> Result<()> {
    let mut attempt = 1;
    loop {
        match append(database, entries).await {
            Err(error) if error.kind() == Kind::Unreachable && attempt < TRIES => {
                tokio::time::sleep(PAUSE).await;
                attempt += 1;
            }
            done => return done,
        }
    }
}

async fn append(database: &Database, entries: &[Written]) -> Result<()> {
    fn column<'a, T>(entries: &'a [Written], value: impl Fn(&'a Written) -> T) -> Vec<T> {
        entries.iter().map(value).collect()
    }
    let params: Params<'_> = &[
        &column(entries, |entry| entry.organization_id),
        &column(entries, |entry| entry.call.vapi_call_id.as_deref()),
        &column(entries, |entry| entry.call.vapi_assistant_id.as_deref()),
        &column(entries, |entry| entry.call.recorded_number()),
        &column(entries, |entry| entry.object.as_str()),
    ];
    database.write_unbound(&QUERY, params).await.map(drop)
}
