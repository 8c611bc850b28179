//! Removes from the database what an archive holds.

use std::collections::BTreeMap;

use super::{Manifest, Outcome, TableEntry, in_batches, tables::Table};
use crate::commands::{files::Folder, prelude::*};

/// What a deletion sets off: the audit log gets one entry for all, the customers' counters follow and nothing else of them changes,
/// and nobody is notified.
const QUIETLY: &str = "set local frontdesk.redacting = 'on'; set local frontdesk.importing = 'on'; set local frontdesk.quiet = 'on'";

/// How many rows of which table were removed of an organization.
type Counts = BTreeMap<Uuid, BTreeMap<String, i64>>;

/// Removes the rows, those that point at others first, in small transactions. A row that is not any more as the archive has it stays,
/// and so does what it points at.
pub(super) async fn all(
    client: &mut Client,
    folder: &Folder,
    manifest: &Manifest,
) -> anyhow::Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for entry in manifest.tables.iter().rev() {
        outcomes.push(table(client, folder, manifest, entry).await?);
    }
    outcomes.reverse();
    Ok(outcomes)
}

async fn table(
    client: &mut Client,
    folder: &Folder,
    manifest: &Manifest,
    entry: &TableEntry,
) -> anyhow::Result<Outcome> {
    let (delete, left) = statements(entry.known()?);
    in_batches(
        client,
        (folder, entry),
        QUIETLY,
        async |transaction, rows| {
            let (mut counts, mut moved) = (Counts::default(), 0);
            for row in transaction.query(&delete, &[rows]).await? {
                let (organization_id, count): (Uuid, i64) = (row.try_get(0)?, row.try_get(1)?);
                moved += u64::try_from(count)?;
                let counts = counts.entry(organization_id).or_default();
                counts.insert(entry.table.clone(), count);
            }
            let left: i64 = transaction.query_one(&left, &[rows]).await?.try_get(0)?;
            note(transaction, manifest, &counts).await?;
            Ok((moved, left))
        },
    )
    .await
}

/// What removes a batch of rows, counted by organization, and what counts those of it that are still there.
fn statements(table: &Table) -> (String, String) {
    let (name, archived, same_key) = (table.name, table.archived(), table.same_key());
    (
        format!(
            "with removed as (
                 delete from {name} as t using {archived}
                 where {same_key} and to_jsonb(t) = l.line::jsonb and {}
                 returning t.organization_id
             )
             select m.organization_id, count(*) from removed as m group by m.organization_id order by m.organization_id",
            table.unreferenced
        ),
        format!("select count(*) from {name} as t, {archived} where {same_key}"),
    )
}

/// Writes in the audit log what was removed in this transaction: the rows themselves leave no entry.
async fn note(
    transaction: &Transaction<'_>,
    manifest: &Manifest,
    counts: &Counts,
) -> anyhow::Result<()> {
    for (organization_id, rows) in counts {
        let entry: Value = json!({
            "archived": true,
            "older_than": manifest.older_than,
            "rows": rows,
        });
        transaction
            .execute(
                "insert into public.audit_log (organization_id, table_name, row_id, action, actor_role, new_row)
                 values ($1, 'archive', $1, 'delete', private.caller(), $2)",
                &[organization_id, &entry],
            )
            .await?;
    }
    Ok(())
}
