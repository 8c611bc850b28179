//! The loop that finds what is due and runs it.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::{sync::mpsc, task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{
    Runner,
    backoff::{Backoff, LogLimit},
};
use crate::{
    db::listen::Heard,
    error::Error,
    jobs::due::{self, Agenda, Due},
};

/// How much is done at once. Most of it waits for a provider and holds no connection meanwhile.
const MAX_AT_ONCE: usize = 16;

/// How many pieces of each kind are read at a time.
const MAX_READ: i32 = 32;

/// How often the agenda is read though nothing was announced: an announcement may be lost with its connection.
const REGULARLY: Duration = Duration::from_secs(15);
/// How often it is read where announcements do not arrive.
const UNHEARD: Duration = Duration::from_secs(1);
/// How long after something happened the agenda is read: more follows, and one read does for all of it.
const GATHERED: Duration = Duration::from_millis(20);
/// How long to wait for a piece of work that another worker has.
const PAUSE: Duration = Duration::from_millis(500);

/// Finds what is due and runs it, until it is stopped.
pub struct Worker {
    runner: Arc<Runner>,
    heard: mpsc::Receiver<Heard>,
    can_hear: bool,
    running: JoinSet<(Due, Result<(), Error>)>,
    begun: HashSet<Due>,
    /// What failed, and until when it is left alone.
    failing: HashMap<Due, (Backoff, Instant)>,
    logged: LogLimit,
}

impl Worker {
    /// A worker that announcements wake.
    #[must_use]
    pub fn new(runner: Arc<Runner>, heard: mpsc::Receiver<Heard>) -> Self {
        Self {
            runner,
            heard,
            can_hear: false,
            running: JoinSet::new(),
            begun: HashSet::new(),
            failing: HashMap::new(),
            logged: LogLimit::default(),
        }
    }

    /// Works until `stop`, and then finishes what it has begun.
    pub async fn run(mut self, stop: CancellationToken) {
        let (mut reading, mut replaying) = (Backoff::default(), Backoff::default());
        let mut replay_at = Instant::now();
        while !stop.is_cancelled() {
            let now = self.runner.clock.now();
            let (next_at, pause) = match due::read(&self.runner.database, now, MAX_READ).await {
                Ok(agenda) => {
                    reading.reset();
                    if Instant::now() >= replay_at {
                        match self.runner.replay().await {
                            Ok(()) => replaying.reset(),
                            Err(_) => replay_at = Instant::now() + replaying.fail(),
                        }
                    }
                    let until_replay = replay_at.checked_duration_since(Instant::now());
                    (agenda.next_at, sooner(self.begin(&agenda), until_replay))
                }
                Err(error) => {
                    if self.logged.allows(&error.chain()) {
                        tracing::error!(error = error.chain(), "the outbox cannot be read");
                    }
                    (None, Some(reading.fail()))
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wait(next_at, pause) => {}
            }
        }
        while self.running.join_next().await.is_some() {}
    }

    /// Begins what is due and not begun, as far as there is room. With it comes how long to wait at most when something is due that
    /// cannot be begun now.
    fn begin(&mut self, agenda: &Agenda) -> Option<Duration> {
        let mut pause: Option<Duration> = None;
        let now = Instant::now();
        for due in &agenda.due {
            if self.running.len() >= MAX_AT_ONCE {
                break;
            }
            let backing_off = self.failing.get(due).map(|(_, until)| *until);
            let wait = match backing_off.filter(|until| *until > now) {
                Some(until) => Some(until - now),
                None if self.begun.insert(*due) => None,
                None => Some(PAUSE),
            };
            if let Some(wait) = wait {
                pause = sooner(pause, Some(wait));
                continue;
            }
            let (runner, due) = (Arc::clone(&self.runner), *due);
            self.running.spawn(async move {
                let done = runner.work(due).await;
                if let Ok(false) = done {
                    // Another worker has it: no need to claim it again without a pause.
                    tokio::time::sleep(PAUSE / 10).await;
                }
                (due, done.map(drop))
            });
        }
        pause
    }

    /// Waits until there may be something to do: it was announced or committed, something begun ended, its hour has come.
    async fn wait(&mut self, next_at: Option<DateTime<Utc>>, pause: Option<Duration>) {
        let regularly = pause.unwrap_or(if self.can_hear { REGULARLY } else { UNHEARD });
        let clock = self.runner.clock.clone();
        let hour = async move {
            match next_at {
                Some(at) => clock.reaches(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(heard) = self.heard.recv() => self.hear(heard),
            Some(ended) = self.running.join_next() => self.finish(ended),
            () = self.runner.database.committed() => {}
            () = hour => {}
            () = tokio::time::sleep(regularly) => {}
        }
        tokio::time::sleep(GATHERED).await;
        while let Ok(heard) = self.heard.try_recv() {
            self.hear(heard);
        }
        while let Some(ended) = self.running.try_join_next() {
            self.finish(ended);
        }
    }

    fn hear(&mut self, heard: Heard) {
        self.can_hear = heard != Heard::Lost;
        if heard == Heard::Connected {
            // A server that came back may well do what it failed to do before.
            self.failing.clear();
        }
    }

    fn finish(&mut self, ended: Result<(Due, Result<(), Error>), tokio::task::JoinError>) {
        match ended {
            Ok((due, done)) => {
                self.begun.remove(&due);
                match done {
                    Ok(()) => drop(self.failing.remove(&due)),
                    Err(error) => self.back_off(due, &error),
                }
            }
            Err(error) => {
                tracing::error!(error = %error, "a piece of work was abandoned");
                self.begun.clear();
            }
        }
    }

    /// Leaves a piece of work that failed alone for a while: the longer, the more often it failed.
    fn back_off(&mut self, due: Due, error: &Error) {
        if self.logged.allows(&error.chain()) {
            tracing::error!(
                organization.id = %due.organization_id,
                work = ?due.work,
                error = error.chain(),
                "work outside the database failed; it is tried again"
            );
        }
        let now = Instant::now();
        let (backoff, until) = self.failing.entry(due).or_insert((Backoff::default(), now));
        *until = now + backoff.fail();
    }
}

/// The shorter of two pauses.
fn sooner(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    [one, other].into_iter().flatten().min()
}
