//! `frontdesk calendar disconnect`: ends a link.

use super::{connect, links::Linked, words::Asked};
use crate::{
    commands::prelude::*,
    config::{CalendarSettings, SecretsSettings},
    domain::external_calendar::{CalendarError, Written},
    jobs::run::calendar::Calendars,
    sync::{account::Account, link::Channel},
};

const UNLINK: Sql = sql!("org_unlink_calendar", [UUID, UUID]);
const COPIES: Sql = sql!("org_calendar_copies", [UUID, UUID]);
const RELEASE: Sql = sql!("org_release_calendar_copies", [UUID, UUID]);
const ACCOUNT: Sql = sql!("org_account_of_link", [UUID, UUID]);

/// A link that ends: what its calendar says blocks nothing any more, and nothing is written there.
#[derive(Args)]
pub struct Disconnect {
    /// The organization: its id or its name.
    organization: OrganizationArg,
    /// Which link; if left out, the only one. `frontdesk calendar list` has their ids.
    #[arg(long, value_name = "ID")]
    link: Option<Uuid>,
    /// Remove our events from the calendar first.
    #[arg(long)]
    remove_events: bool,
    #[command(flatten)]
    secrets: SecretsSettings,
    #[command(flatten)]
    settings: CalendarSettings,
}

impl Action for Disconnect {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let client = &*client;
        let organization_id = self.organization.find(client).await?.id;
        let linked = Linked::of(client, organization_id).await?;
        let link = self.choose(&linked)?;
        let rows = query(client, &ACCOUNT, &[&organization_id, &link.id]).await?;
        let row = rows.first().context("the link has no account")?;
        let account = Account::read(row, organization_id, &ACCOUNT)?;
        let channel = Channel::of(row, &ACCOUNT)?;
        let is_last: bool = row.try_get("is_last")?;
        let is_shared: bool = row.try_get("is_shared")?;
        let is_live = link.state == "live";
        let calendars =
            connect::calendars(&self.settings.clone().understand()?, self.secrets.keyring())?;
        let asked = Asked::of(&account.provider, account.address.as_deref());
        let removed = if self.remove_events {
            ensure!(
                is_live,
                "the provider does not take the credential any more, so that the events in {} cannot be removed: connect it again first, or leave \
                 out --remove-events",
                link.calendar
            );
            Some(remove_events(client, &calendars, (&account, &asked), link).await?)
        } else {
            None
        };
        // What is announced is for nobody any more. It closes by itself within a week, so that no failure keeps a link.
        if let (Some(channel), true) = (&channel, is_live)
            && let Err(problem) = calendars.close_channel(&account, channel).await
        {
            eprintln!(
                "The channel that announces changes could not be closed, and closes by itself: {}",
                asked.explains(&problem)
            );
        }
        query(client, &UNLINK, &[&organization_id, &link.id]).await?;
        if is_last
            && is_live
            && !is_shared
            && let Err(problem) = calendars.give_back(&account).await
        {
            eprintln!(
                "The credential is removed here, and could not be given back: {}. Its owner can remove this service at the provider",
                asked.explains(&problem)
            );
        }
        let events = match removed {
            Some(removed) => format!(" {} of ours removed from it.", count(removed, "event")),
            None if link.copies > 0 => format!(
                " {} of ours stay in it; --remove-events would have removed them.",
                count(link.copies, "event")
            ),
            None => String::new(),
        };
        let account = if is_last {
            " Nothing else of its account was linked, so that the account is disconnected."
        } else {
            ""
        };
        Ok(Report::new(
            format!("{} is not linked any more.{events}{account}", link.calendar),
            json!({ "link": link.id, "removed_events": removed.unwrap_or(0), "account_removed": is_last }),
        ))
    }
}

impl Disconnect {
    fn choose<'a>(&self, linked: &'a [Linked]) -> anyhow::Result<&'a Linked> {
        match (self.link, linked) {
            (Some(id), _) => linked.iter().find(|link| link.id == id).with_context(|| {
                format!("there is no link {id}; `frontdesk calendar list` lists them")
            }),
            (None, [only]) => Ok(only),
            (None, []) => bail!("no calendar is linked"),
            (None, _) => bail!(
                "several calendars are linked; say which with --link ID, from `frontdesk calendar list`"
            ),
        }
    }
}

/// Removes our events; one that somebody deleted already counts as well.
async fn remove_events(
    client: &impl GenericClient,
    calendars: &Calendars,
    (account, asked): (&Account, &Asked<'_>),
    link: &Linked,
) -> anyhow::Result<i64> {
    let params: Params<'_> = &[&account.organization_id, &link.id];
    // First, so that the service takes none of it for what somebody decided about an appointment, and writes none again.
    query(client, &RELEASE, params).await?;
    let mut removed = 0;
    for row in query(client, &COPIES, params).await? {
        let written = Written {
            resource: row.try_get("resource")?,
            etag: None,
        };
        match calendars.remove(account, &link.calendar, &written).await {
            Ok(()) | Err(CalendarError::Gone) => {
                removed += i64::from(row.try_get::<_, bool>("is_written")?);
            }
            Err(problem) => bail!(
                "after {}: {}. The calendar is linked still, and nothing is written into it any more; run the command again, or without \
                 --remove-events",
                count(removed, "event"),
                asked.explains(&problem)
            ),
        }
    }
    Ok(removed)
}
