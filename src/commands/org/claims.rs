//! Numbers and assistants that somebody has already: who, and the command that takes them from there.

use anyhow::bail;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::ask::query;
use crate::{db::Sql, sql};

const CLAIMED: Sql = sql!("org_claimed", [UUID, TEXT, TEXT, TEXT]);

/// What an organization is to get.
#[derive(Default)]
pub(super) struct Claim<'a> {
    /// A telephone number, E.164.
    pub(super) number: Option<&'a str>,
    /// Vapi's id of it.
    pub(super) number_id: Option<&'a str>,
    /// Vapi's id of an assistant.
    pub(super) assistant_id: Option<&'a str>,
}

impl Claim<'_> {
    /// Refuses what another organization, or another number, has.
    pub(super) async fn be_free(
        &self,
        client: &impl GenericClient,
        organization_id: Uuid,
    ) -> anyhow::Result<()> {
        let params: crate::db::Params<'_> = &[
            &organization_id,
            &self.number,
            &self.number_id,
            &self.assistant_id,
        ];
        let rows = query(client, &CLAIMED, params).await?;
        let Some(row) = rows.first() else {
            return Ok(());
        };
        let (claim, id): (&str, Uuid) = (row.try_get(0)?, row.try_get(1)?);
        let (name, number): (String, Option<String>) = (row.try_get(2)?, row.try_get(3)?);
        let number = number.unwrap_or_default();
        let given = |text: Option<&str>| text.unwrap_or_default().to_owned();
        match claim {
            "number" => bail!(
                "{number} is in use by {name} ({id}); `frontdesk org remove-phone {id} {number}` takes it from there"
            ),
            "number_id" => bail!(
                "Vapi's number id {} belongs to {number} of {name} ({id}); `frontdesk org remove-phone {id} {number}` takes it from there",
                given(self.number_id)
            ),
            _ => bail!(
                "assistant {0} is another organization's: {name} ({id}) has entered it. If it is not theirs, `frontdesk org \
                 remove-assistant {id} {0}` takes it from there",
                given(self.assistant_id)
            ),
        }
    }
}
