//! What the first callers would else wait for: connections, statements, plans, and the numbering plans of the world.

use std::{convert::Infallible, sync::atomic::Ordering};

use actix_web::dev::Server;
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
};
use tokio::{
    runtime::Handle,
    sync::{
        oneshot,
        watch::{self, error::RecvError},
    },
};
use tokio_util::sync::CancellationToken;

use super::{Health, START_TIMEOUT, Shared};
use crate::{
    db::{BIND, Database, Rehearsal, Sql},
    directory,
    domain::phone::Phone,
    error::Error,
    sql,
    tools::{book_appointment, calendar, once},
    vapi::Desk,
};

/// What the handlers share, once the start is through.
pub(super) type Given = watch::Receiver<Option<Shared>>;

/// What a worker's own connection does before its first caller.
const REHEARSAL: Rehearsal = Rehearsal {
    prepares: &[&directory::FIND, &calendar::QUERY],
    plays: &sql!("rehearse", []),
};

/// What most transactions consist of.
const WRITES: [&Sql; 5] = [
    &BIND,
    &once::LOCK,
    &once::SAVED,
    &book_appointment::QUERY,
    &once::SAVE,
];

/// The desk of a worker, which reads over connections of its own: they are opened while the rest of the start goes on, and closed when it
/// comes to nothing.
pub(super) async fn desk(database: Database, shared: Given) -> Result<Desk, Infallible> {
    let opening = async { Ok(of_worker(database).await) };
    let Ok((database, mut desk)) =
        tokio::try_join!(opening, look(shared, |shared| shared.desk.clone()))
    else {
        return future::pending().await;
    };
    desk.database = database;
    Ok(desk)
}

async fn of_worker(pooled: Database) -> Database {
    let database = match pooled.of_worker(REHEARSAL) {
        Ok(database) => database,
        Err(error) => {
            tracing::error!(error = error.chain(), "a worker reads over the pool alone");
            return pooled;
        }
    };
    let opened = tokio::time::timeout(START_TIMEOUT, database.warm_lanes()).await;
    if let Err(error) = opened.unwrap_or(Err(Error::Deadline)) {
        tracing::warn!(
            error = error.chain(),
            "a worker's own connections could not be opened yet"
        );
    }
    database
}

/// Waits for what the handlers share, and takes some of it. When the start comes to nothing that is for ever: whoever began it says why, and
/// the web framework would tell of each of its workers beside it.
pub(super) async fn given<T>(
    shared: Given,
    take: impl FnOnce(&Shared) -> T,
) -> Result<T, Infallible> {
    match look(shared, take).await {
        Ok(taken) => Ok(taken),
        Err(_gone) => future::pending().await,
    }
}

async fn look<T>(mut shared: Given, take: impl FnOnce(&Shared) -> T) -> Result<T, RecvError> {
    loop {
        if let Some(shared) = shared.borrow_and_update().as_ref() {
            return Ok(take(shared));
        }
        shared.changed().await?;
    }
}

/// Begins to serve, on a thread of its own: whoever begins waits until the workers have opened their connections. The server comes back
/// once it has begun; one that could not says so when it is awaited.
pub(super) fn begin(
    mut server: Server,
) -> std::io::Result<oneshot::Receiver<BoxFuture<'static, std::io::Result<()>>>> {
    let (begun, serving) = oneshot::channel();
    let runtime = Handle::current();
    // Nobody joins it: where the start comes to nothing it waits for ever.
    std::thread::Builder::new().spawn(move || {
        let _entered = runtime.enter();
        let server = match (&mut server).now_or_never() {
            Some(ended) => future::ready(ended).boxed(),
            None => server.boxed(),
        };
        drop(begun.send(server));
    })?;
    Ok(serving)
}

/// Opens and loads what a first answer does not need, which has the processor to itself until then. A database that does not answer is not
/// waited for.
pub(super) fn spread(
    health: &Health,
    answers: bool,
    stop: &CancellationToken,
) -> impl Future<Output = ()> + use<> {
    let (health, stop) = (health.clone(), stop.clone());
    health.is_warm.store(!answers, Ordering::Relaxed);
    async move {
        if answers
            && let Some(Err(error)) = stop
                .run_until_cancelled(health.database.warm(&WRITES))
                .await
        {
            tracing::warn!(
                error = error.chain(),
                "not every connection of the pool could be opened"
            );
        }
        health.is_warm.store(true, Ordering::Relaxed);
        // They take a tenth of a second to load; numbers of North America need none of it.
        drop(tokio::task::spawn_blocking(|| {
            Phone::parse("+442079460958")
        }));
    }
}
