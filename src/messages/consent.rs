//! Who wants no text messages: a ledger for each organization and number, of which the newest entry counts.

use uuid::Uuid;

use crate::{
    db::{OrgTx, Params, Sql},
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
    /// The provider refused to send, and named this reason.
    Carrier,
}

/// Records that a number wants messages, or none. What is queued for one that wants none is not sent.
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
    let phone = phone.as_str();
    let params: Params<'_> = &[&organization_id, &phone, &status, &source, &keyword];
    transaction.query(&RECORD, params).await.map(drop)
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
