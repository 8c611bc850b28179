//! A transition of an escalation, as it is stored.

use chrono::{DateTime, Utc};
use tokio_postgres::Row;

use super::{
    super::{claim::Claimed, fallback, incident::Status},
    position::Position,
};
use crate::{
    db::{OrgTx, Sql},
    error::Result,
    sql,
};

const MOVE: Sql = sql!(
    "move_incident",
    [
        UUID,
        UUID,
        TEXT,
        INT2,
        INT2,
        INT2,
        TIMESTAMPTZ,
        BOOL,
        INT2_ARRAY,
        INT2_ARRAY,
        TEXT_ARRAY,
        TEXT,
        TEXT,
        JSONB
    ]
);

/// Who could not be paged at all, by round and step, and why.
#[derive(Default)]
pub(super) struct Missed {
    pub(super) rounds: Vec<i16>,
    pub(super) steps: Vec<i16>,
    pub(super) reasons: Vec<&'static str>,
}

/// Where the escalation goes.
pub(super) struct Transition {
    pub(super) status: Status,
    pub(super) place: Position,
    /// How many rounds the escalation goes.
    pub(super) rounds: i16,
    /// When it moves next.
    pub(super) due: Option<DateTime<Utc>>,
    /// Whether those who were paged, and the caller, were told who acknowledged it.
    pub(super) is_announced: bool,
}

impl Transition {
    pub(super) fn to(
        status: Status,
        place: Position,
        rounds: i16,
        due: Option<DateTime<Utc>>,
    ) -> Self {
        Self {
            status,
            place,
            rounds,
            due,
            is_announced: false,
        }
    }

    /// Stores it, with who could not be paged and the task for the staff. Where nobody acknowledged the incident, the calls in which it was
    /// reported come back.
    pub(super) async fn send(
        &self,
        transaction: &OrgTx,
        claimed: &Claimed,
        missed: &Missed,
        task: Option<&str>,
    ) -> Result<Vec<Row>> {
        let facts = claimed.facts();
        transaction
            .query(
                &MOVE,
                &[
                    &claimed.organization_id,
                    &claimed.incident.id,
                    &self.status.code(),
                    &self.place.round,
                    &self.place.step,
                    &self.rounds,
                    &self.due,
                    &self.is_announced,
                    &missed.rounds,
                    &missed.steps,
                    &missed.reasons,
                    &task,
                    &facts.callback,
                    &fallback::metadata(claimed.incident.id, &facts),
                ],
            )
            .await
    }
}
