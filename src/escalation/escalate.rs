//! Escalates an incident: who is paged next, and when.
//!
//! All of its state is in the database, and it moves under the row's lock: two workers, a timer and an acknowledgement at once
//! give one outcome, and a process that is killed loses nothing.

mod position;
mod transition;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::try_join;
use uuid::Uuid;

use position::{Position, next_position};
use transition::{Missed, Transition};

use super::{
    announce::Announcement,
    channels::{Channel, Channels},
    claim::{self, Claimed},
    fallback,
    incident::Status,
    steps::{self, Step},
    words,
};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::phone::Phone,
    error::Result,
    sql,
};

const PAGE: Sql = sql!(
    "page_step",
    [
        UUID,
        UUID,
        INT2,
        INT2,
        TEXT_ARRAY,
        TEXT_ARRAY,
        TEXT,
        TEXT,
        TIMESTAMPTZ,
        INT2,
        TIMESTAMPTZ,
        INT2_ARRAY,
        INT2_ARRAY,
        TEXT_ARRAY
    ]
);
const OTHERS: Sql = sql!("other_incidents", [UUID, UUID, TEXT]);

/// How long a page is of use beyond the time that its contact has to answer: the next contact is paged by then, but the first may
/// still acknowledge it.
const PAGE_GRACE: TimeDelta = TimeDelta::hours(1);

/// An older incident is not escalated again.
const OLDEST_TO_REOPEN: TimeDelta = TimeDelta::hours(24);

/// How often it is checked whether the pages of a round have been sent.
const UNSENT_PAUSE: TimeDelta = TimeDelta::seconds(15);

/// Who is paged for an incident that has just been opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A contact is paged.
    Paging {
        /// Whom, if they have a name.
        name: Option<String>,
        /// Whether somebody else can be paged after them.
        has_next: bool,
    },
    /// The staff: nobody could be paged at all.
    Staff,
}

/// Pages the first contact of an incident that was opened in this transaction. `others` are the other incidents that they were paged for,
/// where they are known.
///
/// # Errors
///
/// When the database fails; nothing has moved then.
pub(super) async fn begin(
    transaction: &OrgTx,
    claimed: Claimed,
    steps: Vec<Step>,
    others: Option<Vec<i16>>,
    set_up: Channels,
    now: DateTime<Utc>,
) -> Result<Told> {
    let escalation = Escalation {
        transaction,
        claimed,
        steps,
        others,
        set_up,
        now,
    };
    let claimed = &escalation.claimed;
    let paged = escalation
        .page_next(escalation.at(), claimed.rounds)
        .await?;
    Ok(match paged {
        Some(step) => {
            let mut later = escalation.steps.iter();
            Told::Paging {
                name: step.name.clone(),
                has_next: later.any(|next| next.number > step.number && next.may_be_paged(claimed)),
            }
        }
        None => Told::Staff,
    })
}

/// Escalates an incident if it is due and no other worker has it.
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
    let (claimed, steps) = try_join(
        claim::claim(transaction, organization_id, incident_id),
        steps::read_normalized(transaction, organization_id, incident_id),
    )
    .await?;
    let Some(claimed) = claimed else {
        return Ok(());
    };
    let escalation = Escalation {
        transaction,
        claimed,
        steps,
        others: None,
        set_up,
        now,
    };
    let claimed = &escalation.claimed;
    match (claimed.incident.status, claimed.announced_at) {
        (Status::Open, _) => {
            let paged = escalation.page_next(escalation.at(), claimed.rounds);
            paged.await.map(drop)
        }
        (Status::Acknowledged | Status::Closed, None) => escalation.announce().await,
        (Status::Acknowledged, Some(_)) => escalation.reopen().await,
        (Status::Exhausted | Status::Closed, _) => escalation.wait(None, false).await,
    }
}

struct Escalation<'a> {
    transaction: &'a OrgTx,
    claimed: Claimed,
    steps: Vec<Step>,
    /// The other incidents that the first contact was paged for, where they are known.
    others: Option<Vec<i16>>,
    set_up: Channels,
    now: DateTime<Utc>,
}

impl Escalation<'_> {
    /// Where it is.
    fn at(&self) -> Position {
        Position {
            round: self.claimed.round,
            step: self.claimed.step,
        }
    }

    fn announcement(&self) -> Announcement<'_> {
        Announcement {
            transaction: self.transaction,
            claimed: &self.claimed,
            steps: &self.steps,
            now: self.now,
        }
    }

    /// Pages the next contact who can be paged at all, who comes back; when there is none left, the incident is the staff's.
    async fn page_next(&self, from: Position, rounds: i16) -> Result<Option<&Step>> {
        let (last_resort, regular): (Vec<&Step>, Vec<&Step>) =
            self.steps.iter().partition(|step| step.is_last_resort);
        let last_resort = last_resort.first().map(|step| step.number);
        let regular: Vec<i16> = regular.iter().map(|step| step.number).collect();
        let (mut place, mut rounds, mut is_extended) = (from, rounds, false);
        let mut missed = Missed::default();
        loop {
            let mut next = next_position(&regular, last_resort, place, rounds);
            if next.is_none_or(|next| next.is_beyond(from, last_resort)) {
                if let Some(until) = self.round_lasts_until(from) {
                    let to = Transition::to(Status::Open, place, rounds, Some(until));
                    to.send(self.transaction, &self.claimed, &missed, None)
                        .await?;
                    return Ok(None);
                }
                if !is_extended && self.was_never_sent(from) {
                    // The provider failed, and paged nobody: the round does not count.
                    (rounds, is_extended) = (rounds + 1, true);
                    let again = Position {
                        round: from.round + 1,
                        step: None,
                    };
                    next = next_position(&regular, last_resort, again, rounds);
                }
            }
            let Some(next) = next else { break };
            place = next;
            let mut steps = self.steps.iter();
            let Some(step) = steps.find(|step| Some(step.number) == place.step) else {
                continue;
            };
            let channels = step.channels(self.set_up);
            if channels.is_empty() {
                // No way will have been found by the next round, which comes at the same moment.
                if !missed.steps.contains(&step.number) {
                    missed.rounds.push(place.round);
                    missed.steps.push(step.number);
                    missed.reasons.push(step.obstacle());
                }
            } else if self
                .page(step, &channels, (place.round, rounds), &missed)
                .await?
            {
                return Ok(Some(step));
            }
        }
        self.give_to_staff(place, rounds, &missed).await?;
        Ok(None)
    }

    /// Until when the round of this place goes on: while pages of it are still to be sent, and those who were paged have time to
    /// answer. `None` when it is over.
    fn round_lasts_until(&self, from: Position) -> Option<DateTime<Utc>> {
        let claimed = &self.claimed;
        if claimed.round != from.round {
            return None;
        }
        if claimed.is_unsent {
            return Some(self.now + UNSENT_PAUSE);
        }
        claimed.answer_until.filter(|until| *until > self.now)
    }

    /// Whether pages of the round of this place expired before the provider accepted them.
    fn was_never_sent(&self, from: Position) -> bool {
        let claimed = &self.claimed;
        claimed.round == from.round
            && claimed.was_never_sent
            && self.now - claimed.opened_at < OLDEST_TO_REOPEN
    }

    /// Writes the pages of a step over the ways that lead to its contact, and moves there; false when none was to be written.
    async fn page(
        &self,
        step: &Step,
        channels: &[Channel],
        (round, rounds): (i16, i16),
        missed: &Missed,
    ) -> Result<bool> {
        let claimed = &self.claimed;
        let phone = step.phone.as_ref().map(Phone::as_str);
        let others = match &self.others {
            Some(others) if step.number == 0 => others.clone(),
            _ => self.other_codes(phone).await?,
        };
        let facts = claimed.facts();
        let codes: Vec<&str> = channels.iter().map(|channel| channel.code()).collect();
        let bodies: Vec<String> = channels
            .iter()
            .map(|channel| match channel {
                Channel::Email => words::mail(&facts, &others, step.language),
                Channel::Sms | Channel::Voice => words::page(&facts, &others, step.language),
            })
            .collect();
        let due = self.now + TimeDelta::seconds(step.timeout_seconds.into());
        let rows = self
            .transaction
            .query(
                &PAGE,
                &[
                    &claimed.organization_id,
                    &claimed.incident.id,
                    &round,
                    &step.number,
                    &codes,
                    &bodies,
                    &phone,
                    &words::subject(&facts, step.language),
                    &(due + PAGE_GRACE),
                    &rounds,
                    &due,
                    &missed.rounds,
                    &missed.steps,
                    &missed.reasons,
                ],
            )
            .await?;
        let row = PAGE.first(&rows)?;
        PAGE.get(row, 0)
    }

    /// The other incidents that are open for the same telephone.
    async fn other_codes(&self, phone: Option<&str>) -> Result<Vec<i16>> {
        let (organization, id) = (self.claimed.organization_id, self.claimed.incident.id);
        let params: Params<'_> = &[&organization, &id, &phone];
        let rows = self.transaction.query(&OTHERS, params).await?;
        rows.iter().map(|row| OTHERS.get(row, 0)).collect()
    }

    /// The end of the escalation is never silent: the staff finds a task, and the caller is told if they are still there.
    async fn give_to_staff(&self, place: Position, rounds: i16, missed: &Missed) -> Result<()> {
        let claimed = &self.claimed;
        let task = words::task(&claimed.facts());
        let fallback = async {
            // Where nobody could be paged, somebody else must be; before the first round nobody has been tried.
            if claimed.round > 0 {
                let (organization, wait) = (claimed.organization_id, TimeDelta::zero());
                fallback::queue(self.transaction, organization, claimed.incident.id, wait).await?;
            }
            Ok(())
        };
        let to = Transition::to(Status::Exhausted, place, rounds, None);
        let moved = to.send(self.transaction, claimed, missed, Some(&task));
        let ((), calls) = try_join(fallback, moved).await?;
        self.announcement().is_exhausted(&calls).await
    }

    /// Tells the others that somebody acknowledged it, or that it is closed; one that stays acknowledged for too long is escalated again.
    async fn announce(&self) -> Result<()> {
        let claimed = &self.claimed;
        self.announcement().is_over().await?;
        let is_closed = claimed.incident.status == Status::Closed;
        let again = (!is_closed && claimed.acknowledgement_timeout > TimeDelta::zero())
            .then(|| self.now + claimed.acknowledgement_timeout);
        self.wait(again, true).await
    }

    /// Whoever acknowledged it has not said that it is done: the escalation begins again, with them.
    async fn reopen(&self) -> Result<()> {
        let claimed = &self.claimed;
        if self.now - claimed.opened_at > OLDEST_TO_REOPEN {
            return self.wait(None, false).await;
        }
        let from = Position {
            round: claimed.round + 1,
            step: claimed
                .incident
                .acknowledged_step
                .and_then(|step| step.checked_sub(1)),
        };
        self.page_next(from, claimed.round + claimed.rounds_again)
            .await
            .map(drop)
    }

    /// Leaves it as it is until `due`, or until somebody does something.
    async fn wait(&self, due: Option<DateTime<Utc>>, is_announced: bool) -> Result<()> {
        let (claimed, missed) = (&self.claimed, Missed::default());
        let to = Transition {
            is_announced,
            ..Transition::to(claimed.incident.status, self.at(), claimed.rounds, due)
        };
        to.send(self.transaction, claimed, &missed, None)
            .await
            .map(drop)
    }
}
