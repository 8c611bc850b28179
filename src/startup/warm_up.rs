//! What the first callers would else wait for: connections, prepared statements, lists of words, and the machine's certificates.

use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::Tz;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::START_TIMEOUT;
use crate::{
    db::{BIND, Database, Sql, tls},
    directory,
    domain::{choice, danger, when},
    error::Error,
    health::Health,
    tools::{
        book_appointment::{self, at_once},
        calendar, idempotency,
    },
};

/// What most reads consist of.
const READS: [&Sql; 3] = [&directory::FIND, &calendar::QUERY, &calendar::BUSY];

/// What most transactions consist of.
const WRITES: [&Sql; 5] = [
    &BIND,
    &idempotency::BEGIN,
    &book_appointment::QUERY,
    &at_once::QUERY,
    &idempotency::SAVE,
];

/// The database of a web worker, whose runtime is the current one. Its own connection is opened meanwhile; until then the worker reads over
/// the pool. A database that does not answer is not waited for. `opened` gets a permit once it is done.
pub(super) fn of_worker(health: &Health, answers: bool, opened: &Arc<Semaphore>) -> Database {
    let database = match health.database.of_worker() {
        Ok(database) => database,
        Err(error) => {
            tracing::error!(error = error.chain(), "a worker reads over the pool alone");
            opened.add_permits(1);
            return health.database.clone();
        }
    };
    if !answers {
        return database;
    }
    let (own, opening, opened) = (database.clone(), health.opening(), Arc::clone(opened));
    tokio::spawn(async move {
        let done = tokio::time::timeout(START_TIMEOUT, own.warm_worker(&READS)).await;
        if let Err(error) = done.unwrap_or(Err(Error::Deadline)) {
            tracing::warn!(
                error = error.chain(),
                "a worker's own connection could not be opened yet"
            );
        }
        opened.add_permits(1);
        drop(opening);
    });
    database
}

/// Opens and loads the rest once the workers have their own, so that the first caller waits for nothing else. A database that does not
/// answer is not waited for.
pub(super) fn pool(
    health: &Health,
    answers: bool,
    (opened, workers): (Arc<Semaphore>, usize),
    stop: &CancellationToken,
) -> impl Future<Output = ()> + use<> {
    let (database, stop) = (health.database.clone(), stop.clone());
    let opening = answers.then(|| health.opening());
    let workers = u32::try_from(workers).unwrap_or(u32::MAX);
    async move {
        let warming = async {
            drop(opened.acquire_many(workers).await);
            database.warm(&WRITES).await
        };
        if opening.is_some()
            && let Some(Err(error)) = stop.run_until_cancelled(warming).await
        {
            tracing::warn!(
                error = error.chain(),
                "not every connection of the pool could be opened"
            );
        }
        drop(opening);
        drop(tokio::task::spawn_blocking(|| {
            tls::read_certificates();
            // A word that is not known is looked for in every list of words.
            let (text, now) = (Some("xyz 9"), DateTime::UNIX_EPOCH.with_timezone(&Tz::UTC));
            let time = when::understood(text, text, now);
            drop((time, text.and_then(choice::read), text.map(danger::find)));
        }));
    }
}
