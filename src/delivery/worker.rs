//! The loop that finds what is due and has it done.

use std::{collections::HashSet, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::{sync::mpsc, task::JoinSet, time::Instant};
use tokio_util::sync::CancellationToken;

use super::Delivery;
use crate::{
    db::listen::Heard,
    error::Kind,
    outbox::agenda::{self, Agenda, Due},
};

/// How much is done at once. Most of it waits for a provider and holds no connection meanwhile.
const MOST_AT_ONCE: usize = 16;

/// How many pieces of each kind are read at a time.
const MOST_READ: i32 = 32;

/// How often the agenda is read though nothing was announced: an announcement may be lost with its connection.
const REGULARLY: Duration = Duration::from_secs(15);
/// How often it is read where announcements cannot be heard.
const UNHEARD: Duration = Duration::from_secs(1);
/// How long to wait for a piece of work that somebody else has at this moment, and after the database failed.
const PAUSE: Duration = Duration::from_millis(500);

/// Finds what is due and has it done, until it is told to stop.
pub struct Worker {
    delivery: Arc<Delivery>,
    heard: mpsc::Receiver<Heard>,
    can_hear: bool,
    running: JoinSet<Due>,
    in_hand: HashSet<Due>,
}

impl Worker {
    /// A worker that is woken by what it hears.
    #[must_use]
    pub fn new(delivery: Arc<Delivery>, heard: mpsc::Receiver<Heard>) -> Self {
        Self {
            delivery,
            heard,
            can_hear: false,
            running: JoinSet::new(),
            in_hand: HashSet::new(),
        }
    }

    /// Works until `stop`, and then finishes what it has in hand.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut replay_at = Instant::now();
        while !stop.is_cancelled() {
            let now = self.delivery.clock.now();
            let (next_at, is_stuck) =
                match agenda::read(&self.delivery.database, now, MOST_READ).await {
                    Ok(agenda) => {
                        let mut is_away = false;
                        if Instant::now() >= replay_at
                            && let Err(error) = self.delivery.replay().await
                        {
                            // The database went away again, and may be back at any moment; whatever else it is will last.
                            is_away = error.kind() != Kind::Internal;
                            if !is_away {
                                replay_at = Instant::now() + REGULARLY;
                            }
                        }
                        (agenda.next_at, self.begin(&agenda) || is_away)
                    }
                    Err(error) => {
                        if error.kind() != Kind::Unreachable {
                            tracing::error!(error = error.chain(), "the outbox cannot be read");
                        }
                        (None, true)
                    }
                };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.something_to_do(next_at, is_stuck) => {}
            }
        }
        while self.running.join_next().await.is_some() {}
    }

    /// Begins what is due and not in hand, as far as there is room; true when something is due that cannot be begun now.
    fn begin(&mut self, agenda: &Agenda) -> bool {
        let mut is_stuck = false;
        for due in &agenda.due {
            if self.running.len() >= MOST_AT_ONCE {
                break;
            }
            if !self.in_hand.insert(*due) {
                is_stuck = true;
                continue;
            }
            let (delivery, due) = (Arc::clone(&self.delivery), *due);
            self.running.spawn(async move {
                let was_done = match delivery.work(due).await {
                    Ok(was_done) => was_done,
                    Err(error) => {
                        tracing::error!(
                            organization.id = %due.organization_id,
                            work = ?due.work,
                            error = error.chain(),
                            "work outside the database failed; it is tried again"
                        );
                        false
                    }
                };
                if !was_done {
                    // Somebody else has it at this moment, or the database is away: no need to ask again without a pause.
                    tokio::time::sleep(PAUSE / 10).await;
                }
                due
            });
        }
        is_stuck
    }

    /// Waits until there may be something to do: it was announced, something in hand ended, its hour has come.
    async fn something_to_do(&mut self, next_at: Option<DateTime<Utc>>, is_stuck: bool) {
        let regularly = match (is_stuck, self.can_hear) {
            (true, _) => PAUSE,
            (false, true) => REGULARLY,
            (false, false) => UNHEARD,
        };
        let clock = self.delivery.clock.clone();
        let hour = async move {
            match next_at {
                Some(at) => clock.reaches(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(heard) = self.heard.recv() => {
                self.can_hear = heard != Heard::Lost;
                // What was announced meanwhile is read with this.
                while let Ok(heard) = self.heard.try_recv() {
                    self.can_hear = heard != Heard::Lost;
                }
            }
            Some(ended) = self.running.join_next() => self.put_down(ended),
            () = hour => {}
            () = tokio::time::sleep(regularly) => {}
        }
    }

    fn put_down(&mut self, ended: Result<Due, tokio::task::JoinError>) {
        match ended {
            Ok(due) => {
                self.in_hand.remove(&due);
            }
            Err(error) => {
                tracing::error!(error = %error, "a piece of work was abandoned");
                self.in_hand.clear();
            }
        }
    }
}
