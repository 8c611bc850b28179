//! An emergency of a call, marked on the call and its visits.

use uuid::Uuid;

use crate::{
    calls::Call,
    db::{OrgTx, Sql},
    domain::urgency::Urgency,
    error::{Error, Result},
    sql,
};

const MARK: Sql = sql!("mark_emergency", [UUID, TEXT, TEXT, TEXT, INT2]);

/// Marks the call and every visit booked in it.
///
/// # Errors
///
/// [`Error::ForeignCall`] when the call is recorded under another organization; otherwise when the database fails.
pub async fn mark(
    transaction: &OrgTx,
    organization_id: Uuid,
    call: &Call,
    urgency: Urgency,
) -> Result<()> {
    let Some(vapi_call_id) = &call.vapi_call_id else {
        return Ok(());
    };
    let rows = transaction
        .query(
            &MARK,
            &[
                &organization_id,
                vapi_call_id,
                &call.vapi_assistant_id,
                &call.recorded_number(),
                &urgency.score_hundredths(),
            ],
        )
        .await?;
    if rows.is_empty() {
        return Err(Error::ForeignCall);
    }
    Ok(())
}
