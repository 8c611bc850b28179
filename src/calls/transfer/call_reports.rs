//! What a message says of the transfers of its call. It names none of ours: they are told apart by number and order.

use std::{collections::HashMap, fmt};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::report::{Moved, Report, leave_callback, take_down, tell_agent};
use crate::{
    calls::Call,
    db::{Binding, Database, OrgTx, Sql},
    domain::phone::Phone,
    error::Result,
    sql,
};

const OF_CALL: Sql = sql!("transfers_of_call", [UUID, TEXT]);

/// One transfer, as the provider's list of them has it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ListedTransfer {
    /// To which number; `None` when it is not said.
    pub number: Option<String>,
    /// What became of it, if that is said.
    pub report: Option<Report>,
}

impl fmt::Debug for ListedTransfer {
    /// Shows the outcome only: the number is personal.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ListedTransfer")
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}

/// What a message says of the transfers of its call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallReports {
    /// Those that it lists, in their order.
    pub transfers: Vec<ListedTransfer>,
    /// What it says of the last one, whichever that is.
    pub of_the_last: Vec<Report>,
}

/// Records what a message says of the transfers of its call.
///
/// One that came to nothing is told to the agent while the call goes on; once it is over, the staff is left to call back a caller who
/// reached nobody.
///
/// # Errors
///
/// When the database fails; nothing of it is kept then.
pub async fn record(
    database: &Database,
    organization_id: Uuid,
    call: &Call,
    reports: &CallReports,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(vapi_call_id) = &call.vapi_call_id else {
        return Ok(());
    };
    if reports.transfers.is_empty() && reports.of_the_last.is_empty() {
        return Ok(());
    }
    let binding = Binding {
        organization_id,
        now,
    };
    database
        .transaction(&binding, async |transaction| {
            let ours = of_call(transaction, organization_id, vapi_call_id).await?;
            let mut matching = matched(&ours, &reports.transfers);
            if let Some((last, _)) = ours.last() {
                matching.extend(
                    reports
                        .of_the_last
                        .iter()
                        .map(|report| (*last, report.clone())),
                );
            }
            let mut over = Vec::new();
            for (id, report) in &matching {
                let Some(moved) = take_down(transaction, organization_id, *id, report).await?
                else {
                    continue;
                };
                tell_agent(transaction, organization_id, &moved, now).await?;
                over.extend((moved.is_over && moved.nothing.is_some()).then_some(moved));
            }
            // After all of them: an earlier failure does not matter when a later transfer succeeded.
            for moved in &over {
                leave(transaction, organization_id, moved, call).await?;
            }
            Ok(())
        })
        .await
}

async fn leave(
    transaction: &OrgTx,
    organization_id: Uuid,
    moved: &Moved,
    call: &Call,
) -> Result<()> {
    leave_callback(
        transaction,
        organization_id,
        moved.id,
        moved.vapi_call_id.as_deref(),
        call.caller.as_ref(),
        moved.reason.as_deref(),
    )
    .await
}

async fn of_call(
    transaction: &OrgTx,
    organization_id: Uuid,
    vapi_call_id: &str,
) -> Result<Vec<(Uuid, String)>> {
    let rows = transaction
        .query(&OF_CALL, &[&organization_id, &vapi_call_id])
        .await?;
    rows.iter()
        .map(|row| Ok((OF_CALL.get(row, "id")?, OF_CALL.get(row, "transfer_to")?)))
        .collect()
}

/// Which of our transfers each of Vapi's is: the first to a number is the first of ours to it, and so on; one that names no number is the
/// one in its place. One that is none of ours, such as a transfer that the assistant was set up for at Vapi, is left alone.
fn matched(ours: &[(Uuid, String)], theirs: &[ListedTransfer]) -> Vec<(Uuid, Report)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    theirs
        .iter()
        .enumerate()
        .filter_map(|(place, listed)| {
            let number = listed.number.as_deref().map(|text| {
                Phone::parse(text)
                    .map_or_else(|_| text.to_owned(), |phone| phone.as_str().to_owned())
            });
            let id = match number {
                None => ours.get(place).map(|(id, _)| *id),
                Some(number) => {
                    let count = seen.entry(number.clone()).or_default();
                    let nth = *count;
                    *count += 1;
                    ours.iter()
                        .filter(|(_, to)| *to == number)
                        .nth(nth)
                        .map(|(id, _)| *id)
                }
            };
            Some((id?, listed.report.clone()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(numbers: &[&str]) -> Vec<(Uuid, String)> {
        (1..)
            .zip(numbers)
            .map(|(id, number)| (Uuid::from_u128(id), (*number).to_owned()))
            .collect()
    }

    fn places(numbers: &[&str], theirs: &[(Option<&str>, &str)]) -> Vec<u128> {
        let theirs: Vec<ListedTransfer> = theirs
            .iter()
            .map(|(number, status)| ListedTransfer {
                number: number.map(str::to_owned),
                report: Some(Report::new("test", status, None)),
            })
            .collect();
        matched(&ours(numbers), &theirs)
            .into_iter()
            .map(|(id, _)| id.as_u128())
            .collect()
    }

    const A: &str = "+13035550101";
    const B: &str = "+13035550103";

    #[test]
    fn a_transfer_is_known_by_its_number_however_that_is_written() {
        assert_eq!(places(&[A, B], &[(Some("(303) 555-0103"), "busy")]), [2]);
    }

    #[test]
    fn the_second_to_a_number_is_our_second_to_it() {
        let theirs = [(Some(A), "busy"), (Some(B), "busy"), (Some(A), "busy")];
        assert_eq!(places(&[A, B, A], &theirs), [1, 2, 3]);
    }

    #[test]
    fn one_without_a_number_is_the_one_in_its_place() {
        assert_eq!(places(&[A, B], &[(None, "busy"), (None, "failed")]), [1, 2]);
    }

    #[test]
    fn what_is_none_of_ours_is_left_alone() {
        let theirs = [
            (Some("+13035550177"), "busy"),
            (Some(A), "busy"),
            (Some(A), "x"),
        ];
        assert_eq!(places(&[A], &theirs), [1]);
        assert!(places(&[], &[(None, "busy")]).is_empty());
        assert_eq!(places(&[A], &[(Some("sip:x"), "busy")]), [0; 0]);
    }
}
