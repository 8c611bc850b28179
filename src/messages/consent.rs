//! Who wants no text messages: a ledger for each organization and number, of which the newest entry counts.

use uuid::Uuid;

use crate::{
    db::{OrgTx, Sql},
    domain::phone::Phone,
    error::Result,
    sql,
};

const RECORD: Sql = sql!("record_consent", [UUID, TEXT, TEXT, TEXT, TEXT]);
const OPTED_OUT: Sql = sql!("is_opted_out", [UUID, TEXT]);

/// How consent was given or withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// By a word in a text message.
    Keyword,
    /// The provider says so: it refuses to send.
    Carrier,
}

/// Enters that a number wants messages, or none. What is queued for one that wants none is not sent.
///
/// # Errors
///
/// When the database fails.
pub async fn record(
    transaction: &OrgTx,
    organization_id: Uuid,
    phone: &Phone,
    wants: bool,
    source: Source,
    keyword: Option<&str>,
) -> Result<()> {
    let status = if wants { "granted" } else { "withdrawn" };
    let source = match source {
        Source::Keyword => "keyword",
        Source::Carrier => "carrier",
    };
    transaction
        .query(
            &RECORD,
            &[
                &organization_id,
                &phone.as_str(),
                &status,
                &source,
                &keyword,
            ],
        )
        .await?;
    Ok(())
}

/// Learns from the provider's refusal that a number wants no messages.
///
/// # Errors
///
/// When the database fails.
pub async fn learn(transaction: &OrgTx, organization_id: Uuid, phone: &Phone) -> Result<()> {
    let (wants, source) = (false, Source::Carrier);
    record(transaction, organization_id, phone, wants, source, None).await
}

/// Whether a number wants no messages.
///
/// # Errors
///
/// When the database fails.
pub async fn is_opted_out(
    transaction: &OrgTx,
    organization_id: Uuid,
    phone: &Phone,
) -> Result<bool> {
    let rows = transaction
        .query(&OPTED_OUT, &[&organization_id, &phone.as_str()])
        .await?;
    match rows.first() {
        Some(row) => OPTED_OUT.get(row, 0),
        None => Ok(false),
    }
}
