//! `frontdesk calendar feed`: the address that a calendar program subscribes to.

use url::Url;

use crate::{
    commands::prelude::*,
    config::{read, secure_url},
    feed::Token,
};

const FIND: Sql = sql!("org_feed", [UUID, INT4]);
const SET: Sql = sql!("org_set_feed", [UUID, INT4, BYTEA]);
const REMOVE: Sql = sql!("org_remove_feed", [UUID, INT4]);

/// The feed of an organization's appointments.
#[derive(Args)]
pub struct Feed {
    /// Only the appointments of this crew.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i32).range(1..=100))]
    crew: Option<i32>,
    /// Make a new address; the one before is not valid any more.
    #[arg(long, conflicts_with = "remove")]
    rotate: bool,
    /// Remove the feed: its address is not valid any more.
    #[arg(long)]
    remove: bool,
    /// The address under which calendar programs reach this service, such as <https://calls.example.com>.
    #[arg(long, env = "FRONTDESK_PUBLIC_URL", value_name = "URL", value_parser = read(secure_url))]
    public_url: Option<Url>,
}

impl OnOrganization for Feed {
    async fn run(self, client: &Transaction<'_>, organization: &Named) -> anyhow::Result<Report> {
        if self.remove {
            self.remove(client, organization).await
        } else {
            self.make(client, organization).await
        }
    }
}

impl Feed {
    async fn make(
        &self,
        client: &impl GenericClient,
        organization: &Named,
    ) -> anyhow::Result<Report> {
        let Some(public_url) = &self.public_url else {
            bail!(
                "FRONTDESK_PUBLIC_URL is not set; it takes the address under which calendar programs reach this service, such as \
                 https://calls.example.com"
            );
        };
        let rows = query(client, &FIND, &[&organization.id, &self.crew]).await?;
        let row = rows.first().context("the organization is gone")?;
        let (since, crews): (Option<DateTime<Utc>>, i32) =
            (row.try_get("created_at")?, row.try_get("capacity")?);
        if let Some(crew) = self.crew {
            ensure!(
                crew <= crews,
                "{} has crews 1 to {crews}; there is no crew {crew}",
                organization.name
            );
        }
        if let (Some(since), false) = (since, self.rotate) {
            bail!(
                "{} has a feed since {}, and its address cannot be shown again: only its hash is stored. --rotate makes a new address, and \
                 whoever subscribes to the old one must subscribe again",
                self.whose(organization),
                utc(since)
            );
        }
        let token = Token::random().context("the machine gives no random numbers")?;
        let params: Params<'_> = &[&organization.id, &self.crew, &token.hash()];
        let created_at: DateTime<Utc> = only(client, &SET, params).await?;
        let address = token.address(public_url.as_str());
        let before = since.map_or("", |_| " The one before is not valid any more.");
        let object = json!({
            "id": organization.id,
            "crew": self.crew,
            "url": address,
            "created_at": created_at,
            "replaced": since,
        });
        Ok(Report::new(address, object).noted(format!(
            "This address is shown once. Whoever has it sees the appointments of {}.{before}",
            self.whose(organization)
        )))
    }

    async fn remove(
        &self,
        client: &impl GenericClient,
        organization: &Named,
    ) -> anyhow::Result<Report> {
        let (id, whose) = (organization.id, self.whose(organization));
        let since: Option<DateTime<Utc>> = value(client, &REMOVE, &[&id, &self.crew]).await?;
        let since = since.with_context(|| format!("{whose} has no feed"))?;
        Ok(Report::new(
            format!(
                "Removed the feed of {whose} from {}; its address is not valid any more.",
                utc(since)
            ),
            json!({ "id": id, "crew": self.crew, "removed": since }),
        ))
    }

    fn whose(&self, organization: &Named) -> String {
        match self.crew {
            Some(crew) => format!("{} (crew {crew})", organization.name),
            None => organization.name.clone(),
        }
    }
}
