//! The chain of an emergency: who is told next, and when.
//!
//! All of its state is in the database, and it moves under the row's lock: two workers, a timer and an acknowledgement at once
//! give one outcome, and a process that is killed loses nothing.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{try_join, try_join3};
use uuid::Uuid;

use super::{
    channels::{Channel, Channels},
    fallback,
    incident::Status,
    locked::{self, Locked},
    news::News,
    roster::{self, Step},
    staff, words,
};
use crate::{
    db::{OrgTx, Sql},
    domain::phone::Phone,
    error::Result,
    sql,
};

const MOVE: Sql = sql!(
    "move_incident",
    [UUID, UUID, TEXT, INT2, INT2, INT2, TIMESTAMPTZ, BOOL]
);
const PAGE: Sql = sql!(
    "page_contact",
    [UUID, UUID, INT4, INT4, TEXT, TEXT, TEXT, TEXT, TIMESTAMPTZ]
);
const UNREACHABLE: Sql = sql!(
    "note_unreachable",
    [UUID, UUID, INT2_ARRAY, INT2_ARRAY, TEXT_ARRAY]
);
const OTHERS: Sql = sql!("other_incidents", [UUID, UUID, TEXT]);

/// How long a page is of use beyond the time that its contact has to answer: the next contact is told by then, but the first may
/// still take it.
const PAGE_GRACE: TimeDelta = TimeDelta::hours(1);

/// An emergency that is older is not taken up again.
const OLDEST_TO_REOPEN: TimeDelta = TimeDelta::hours(24);

/// How often it is looked whether the pages of a round have been sent.
const UNSENT_PAUSE: TimeDelta = TimeDelta::seconds(15);

/// A place in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    round: i16,
    step: Option<i16>,
}

/// Moves an emergency on if it is due and no other worker has it.
///
/// # Errors
///
/// When the database fails; nothing has moved then.
pub async fn advance(
    transaction: &OrgTx,
    organization_id: Uuid,
    incident_id: Uuid,
    set_up: Channels,
    now: DateTime<Utc>,
) -> Result<()> {
    let (taken, steps) = try_join(
        locked::take(transaction, organization_id, incident_id),
        roster::settled(transaction, organization_id, incident_id),
    )
    .await?;
    let Some(incident) = taken else {
        return Ok(());
    };
    let chain = Chain {
        transaction,
        incident,
        steps,
        set_up,
        now,
    };
    match (chain.incident.status, chain.incident.announced_at) {
        (Status::Open, _) => {
            let from = Place {
                round: chain.incident.round,
                step: chain.incident.step,
            };
            chain.page_next(from, chain.incident.rounds).await
        }
        (Status::Acknowledged | Status::Closed, None) => chain.announce().await,
        (Status::Acknowledged, Some(_)) => chain.take_up_again().await,
        (Status::Exhausted | Status::Closed, _) => chain.rest(chain.incident.status).await,
    }
}

impl Place {
    /// Whether it lies beyond the round of another place: in a later one, or at the end of all.
    fn is_beyond(self, from: Self, last_resort: Option<i16>) -> bool {
        self.round != from.round || (last_resort.is_some() && self.step == last_resort)
    }
}

struct Chain<'a> {
    transaction: &'a OrgTx,
    incident: Locked,
    steps: Vec<Step>,
    set_up: Channels,
    now: DateTime<Utc>,
}

impl Chain<'_> {
    fn news(&self) -> News<'_> {
        News {
            transaction: self.transaction,
            incident: &self.incident,
            steps: &self.steps,
            now: self.now,
        }
    }

    /// Pages the next contact who can be paged at all; when there is none left, the emergency is the staff's.
    async fn page_next(&self, from: Place, rounds: i16) -> Result<()> {
        let regular: Vec<i16> = self
            .steps
            .iter()
            .filter(|step| !step.is_last_resort)
            .map(|step| step.number)
            .collect();
        let last_resort = self
            .steps
            .iter()
            .find(|step| step.is_last_resort)
            .map(|step| step.number);
        let (mut place, mut rounds, mut is_extended) = (from, rounds, false);
        let mut unreachable = Vec::new();
        loop {
            let mut next = following(&regular, last_resort, place, rounds);
            if next.is_none_or(|next| next.is_beyond(from, last_resort)) {
                if let Some(until) = self.round_lasts_until(from) {
                    let waits = self.go(Status::Open, place, rounds, Some(until), false);
                    try_join(self.note(&unreachable), waits).await?;
                    return Ok(());
                }
                if !is_extended && self.was_never_sent(from) {
                    // The provider failed, and asked nobody: the round does not count.
                    (rounds, is_extended) = (rounds + 1, true);
                    let again = Place {
                        round: from.round + 1,
                        step: None,
                    };
                    next = following(&regular, last_resort, again, rounds);
                }
            }
            let Some(next) = next else { break };
            place = next;
            let Some(step) = self
                .steps
                .iter()
                .find(|step| Some(step.number) == place.step)
            else {
                continue;
            };
            let channels = step.channels(self.set_up);
            if channels.is_empty() {
                // No way will have been found by the next round, which comes at the same moment.
                if !unreachable
                    .iter()
                    .any(|(_, known, _)| *known == step.number)
                {
                    unreachable.push((place.round, step.number, step.obstacle()));
                }
            } else if self.page(step, &channels, place.round).await? {
                let due = self.now + TimeDelta::seconds(step.timeout_seconds.into());
                try_join(
                    self.note(&unreachable),
                    self.go(Status::Open, place, rounds, Some(due), false),
                )
                .await?;
                return Ok(());
            }
        }
        try_join(self.note(&unreachable), self.give_to_staff(place, rounds)).await?;
        Ok(())
    }

    /// Until when the round of this place goes on: while pages of it are still to be sent, and those who were paged have time to
    /// answer. `None` when it is over.
    fn round_lasts_until(&self, from: Place) -> Option<DateTime<Utc>> {
        let incident = &self.incident;
        if incident.round != from.round {
            return None;
        }
        if incident.is_unsent {
            return Some(self.now + UNSENT_PAUSE);
        }
        incident.answer_until.filter(|until| *until > self.now)
    }

    /// Whether pages of the round of this place expired before the provider took them.
    fn was_never_sent(&self, from: Place) -> bool {
        let incident = &self.incident;
        incident.round == from.round
            && incident.was_never_sent
            && self.now - incident.opened_at < OLDEST_TO_REOPEN
    }

    /// Takes down who could not be paged at all, by round and step, and why.
    async fn note(&self, unreachable: &[(i16, i16, &str)]) -> Result<()> {
        if unreachable.is_empty() {
            return Ok(());
        }
        let rounds: Vec<i16> = unreachable.iter().map(|(round, _, _)| *round).collect();
        let steps: Vec<i16> = unreachable.iter().map(|(_, step, _)| *step).collect();
        let reasons: Vec<&str> = unreachable.iter().map(|(_, _, reason)| *reason).collect();
        let incident = &self.incident;
        self.transaction
            .query(
                &UNREACHABLE,
                &[
                    &incident.organization_id,
                    &incident.id,
                    &rounds,
                    &steps,
                    &reasons,
                ],
            )
            .await?;
        Ok(())
    }

    /// Writes the pages of a step over the ways that lead to its contact; false when none was to be written.
    async fn page(&self, step: &Step, channels: &[Channel], round: i16) -> Result<bool> {
        let incident = &self.incident;
        let phone = step.phone.as_ref().map(Phone::as_str);
        let others = self.other_codes(phone).await?;
        let facts = incident.facts();
        let subject = words::subject(&facts, step.language);
        let expires = self.now + TimeDelta::seconds(step.timeout_seconds.into()) + PAGE_GRACE;
        let mut is_paged = false;
        for channel in channels {
            let text = match channel {
                Channel::Email => words::mail(&facts, &others, step.language),
                Channel::Sms | Channel::Voice => words::page(&facts, &others, step.language),
            };
            let rows = self
                .transaction
                .query(
                    &PAGE,
                    &[
                        &incident.organization_id,
                        &incident.id,
                        &i32::from(round),
                        &i32::from(step.number),
                        &channel.code(),
                        &phone,
                        &subject,
                        &text,
                        &expires,
                    ],
                )
                .await?;
            let page: Option<Uuid> = match rows.first() {
                Some(row) => row.try_get(0).map_err(PAGE.shape())?,
                None => None,
            };
            is_paged |= page.is_some();
        }
        Ok(is_paged)
    }

    /// The other emergencies that are open for the same telephone.
    async fn other_codes(&self, phone: Option<&str>) -> Result<Vec<i16>> {
        let rows = self
            .transaction
            .query(
                &OTHERS,
                &[&self.incident.organization_id, &self.incident.id, &phone],
            )
            .await?;
        rows.iter()
            .map(|row| row.try_get(0).map_err(OTHERS.shape()))
            .collect()
    }

    /// The end of the chain is never silent: the staff finds a task, and the caller is told if they are still there.
    async fn give_to_staff(&self, place: Place, rounds: i16) -> Result<()> {
        let incident = &self.incident;
        let (transaction, organization) = (self.transaction, incident.organization_id);
        let facts = incident.facts();
        let words = words::task(&facts);
        let told = async {
            // Where nobody could be told, somebody else must be.
            fallback::queue(transaction, organization, incident.id, TimeDelta::zero()).await?;
            self.news().nobody_took_it().await
        };
        try_join3(
            staff::add_task(transaction, organization, incident.id, &facts, &words),
            told,
            self.go(Status::Exhausted, place, rounds, None, false),
        )
        .await?;
        Ok(())
    }

    /// Once somebody has it, the others hear of that; whoever took it is asked after in time.
    async fn announce(&self) -> Result<()> {
        let incident = &self.incident;
        self.news().is_over().await?;
        let is_closed = incident.status == Status::Closed;
        let again = (!is_closed && incident.acknowledgement_timeout > TimeDelta::zero())
            .then(|| self.now + incident.acknowledgement_timeout);
        self.go(
            incident.status,
            Place {
                round: incident.round,
                step: incident.step,
            },
            incident.rounds,
            again,
            true,
        )
        .await
    }

    /// Whoever took it has not said that it is done: the chain begins again, with them.
    async fn take_up_again(&self) -> Result<()> {
        let incident = &self.incident;
        if self.now - incident.opened_at > OLDEST_TO_REOPEN {
            return self.rest(Status::Acknowledged).await;
        }
        let from = Place {
            round: incident.round + 1,
            step: incident
                .acknowledged_step
                .and_then(|step| step.checked_sub(1)),
        };
        self.page_next(from, incident.round + incident.rounds_again)
            .await
    }

    /// Nothing more is to come, until somebody does something.
    async fn rest(&self, status: Status) -> Result<()> {
        let place = Place {
            round: self.incident.round,
            step: self.incident.step,
        };
        self.go(status, place, self.incident.rounds, None, false)
            .await
    }

    async fn go(
        &self,
        status: Status,
        place: Place,
        rounds: i16,
        due: Option<DateTime<Utc>>,
        is_announced: bool,
    ) -> Result<()> {
        self.transaction
            .query(
                &MOVE,
                &[
                    &self.incident.organization_id,
                    &self.incident.id,
                    &status.code(),
                    &place.round,
                    &place.step,
                    &rounds,
                    &due,
                    &is_announced,
                ],
            )
            .await?;
        Ok(())
    }
}

/// The place after `at`: the next contact of the round, the first of the next round, or once, at the end, the last resort.
fn following(regular: &[i16], last_resort: Option<i16>, at: Place, rounds: i16) -> Option<Place> {
    if at.step.is_some() && at.step == last_resort {
        return None;
    }
    let round = at.round.max(1);
    let later = regular.iter().find(|step| Some(**step) > at.step);
    let (round, step) = match (later, regular.first()) {
        (Some(step), _) => (round, *step),
        (None, Some(first)) if round < rounds => (round + 1, *first),
        _ => (round, last_resort?),
    };
    Some(Place {
        round,
        step: Some(step),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(regular: &[i16], last_resort: Option<i16>, rounds: i16) -> Vec<(i16, i16)> {
        let mut place = Place {
            round: 0,
            step: None,
        };
        let mut places = Vec::new();
        while let Some(next) = following(regular, last_resort, place, rounds) {
            places.push((next.round, next.step.unwrap()));
            place = next;
            assert!(places.len() < 100, "the chain does not end");
        }
        places
    }

    #[test]
    fn every_contact_comes_in_order_each_round_and_the_last_resort_once_at_the_end() {
        assert_eq!(
            all(&[0, 1], Some(2), 2),
            [(1, 0), (1, 1), (2, 0), (2, 1), (2, 2)]
        );
        assert_eq!(all(&[0], None, 3), [(1, 0), (2, 0), (3, 0)]);
        assert_eq!(all(&[], Some(0), 3), [(1, 0)]);
        assert_eq!(all(&[], None, 3), []);
    }

    #[test]
    fn a_chain_that_is_taken_up_again_begins_with_whoever_had_it() {
        let from = Place {
            round: 2,
            step: Some(0),
        };
        let next = following(&[0, 1, 2], None, from, 4);
        assert_eq!(
            next,
            Some(Place {
                round: 2,
                step: Some(1)
            })
        );
    }
}
