//! `frontdesk calendar connect`: an account with a provider of calendars, and the calendar of it that is linked.

use std::io::{self, IsTerminal, Read};

use anyhow::{Context, bail, ensure};
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use secrecy::SecretString;
use serde_json::json;
use tokio_postgres::{Client, GenericClient};
use uuid::Uuid;

use crate::{
    commands::org::{
        ask::{hold, query},
        organization::OrganizationArg,
        report::{Report, count},
    },
    config::{CalendarSettings, SecretsSettings},
    db::Sql,
    domain::external_calendar::Calendar,
    jobs::run::calendar::{Calendars, NewAccount},
    keyring::{Keyring, Place},
    sql,
    sync::link::{APPLY, Applied, CLAIM, LEASE_SECONDS, Link},
};

const ACCOUNT: Sql = sql!("org_calendar_account", [UUID, TEXT, TEXT, TEXT]);
const CONNECT: Sql = sql!(
    "org_connect_calendar",
    [UUID, UUID, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT_ARRAY]
);
const LINK: Sql = sql!(
    "org_link_calendar",
    [UUID, UUID, TEXT, TEXT, INT4, BOOL, BOOL]
);

/// The longest password that is taken, in bytes.
const MAX_PASSWORD: u64 = 4096;

/// Who keeps the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Provider {
    /// A `CalDAV` server, such as Nextcloud, iCloud, Fastmail or Radicale; the password is read from standard input.
    Caldav,
}

/// An account with a provider, and one of its calendars.
#[derive(Args)]
pub struct Connect {
    /// The organization: its id or its name.
    organization: OrganizationArg,
    /// Who keeps the calendar.
    #[arg(long, value_enum)]
    provider: Provider,
    /// The address of the `CalDAV` server, such as <https://caldav.icloud.com>.
    #[arg(long, value_name = "URL", required_if_eq("provider", "caldav"))]
    address: Option<String>,
    /// Who signs in there; many servers want a password made for one program.
    #[arg(long, value_name = "NAME", required_if_eq("provider", "caldav"))]
    username: Option<String>,
    /// Which calendar; if left out, the only one, or else they are listed.
    #[arg(long, value_name = "ID")]
    calendar: Option<String>,
    /// It is the calendar of this crew; if left out, of the whole organization.
    #[arg(long, value_name = "NUMBER", conflicts_with = "any")]
    crew: Option<i32>,
    /// Each of its events takes the time of any one crew.
    #[arg(long)]
    any: bool,
    /// What is busy there counts, and no appointment is written into it.
    #[arg(long)]
    read_only: bool,
    #[command(flatten)]
    secrets: SecretsSettings,
    #[command(flatten)]
    settings: CalendarSettings,
}

impl Connect {
    pub(super) async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization_id = self.organization.resolve(&*client).await?;
        let keyring = self.secrets.understand()?;
        ensure!(
            !keyring.is_empty(),
            "FRONTDESK_SECRETS_KEY is not set: the credential of a calendar lies in the database encrypted only"
        );
        let calendars = Calendars {
            allow_private: self.settings.caldav_private,
            keyring: keyring.clone(),
        };
        let Provider::Caldav = self.provider;
        let account = NewAccount {
            provider: "caldav",
            address: self.address.clone(),
            username: self.username.clone(),
            secret: password()?,
        };
        let found = calendars
            .of(&account)
            .await
            .context("the account cannot be signed in to")?;
        let calendar = match self.choose(&found)? {
            Some(calendar) => calendar,
            None => return Ok(choices(&found)),
        };
        ensure!(
            calendar.is_writable || self.read_only,
            "the calendar can only be read; link it with --read-only"
        );
        eprintln!("Reading {} for the first time ...", calendar.id);
        let link = self
            .store(client, organization_id, &keyring, &account, calendar)
            .await?;
        match calendars.list(&link).await {
            Ok(listing) => {
                let applied = apply(client, &link, &listing).await?;
                Ok(report(&link, calendar, applied))
            }
            Err(problem) => bail!(
                "the calendar is linked, and could not be read yet: {problem}. The service tries it again; see `frontdesk calendar status`"
            ),
        }
    }

    /// The calendar that is meant; none where that must be said.
    fn choose<'a>(&self, found: &'a [Calendar]) -> anyhow::Result<Option<&'a Calendar>> {
        match (&self.calendar, found) {
            (Some(id), _) => found
                .iter()
                .find(|calendar| calendar.id == *id)
                .map(Some)
                .with_context(|| format!("the account has no calendar {id}")),
            (None, []) => bail!("the account has no calendar"),
            (None, [only]) => Ok(Some(only)),
            (None, _) => Ok(None),
        }
    }

    /// Stores the account and the link, and claims it: the service reads it from the next time on.
    async fn store(
        &self,
        client: &mut Client,
        organization_id: Uuid,
        keyring: &Keyring,
        account: &NewAccount,
        calendar: &Calendar,
    ) -> anyhow::Result<Link> {
        let transaction = hold(client, organization_id).await?;
        let provider = account.provider;
        let rows = query(
            &transaction,
            &ACCOUNT,
            &[
                &organization_id,
                &provider,
                &account.address,
                &account.username,
            ],
        )
        .await?;
        let id = match rows.first() {
            Some(row) => row.try_get(0)?,
            None => Uuid::new_v4(),
        };
        let name = format!("calendar/{id}");
        let place = Place {
            organization_id,
            name: &name,
        };
        let sealed = keyring.seal(place, &account.secret)?;
        let scopes: Vec<String> = Vec::new();
        query(
            &transaction,
            &CONNECT,
            &[
                &organization_id,
                &id,
                &provider,
                &account.address,
                &account.username,
                &sealed.text,
                &sealed.key_id,
                &scopes,
            ],
        )
        .await?;
        let scope = match (self.crew, self.any) {
            (Some(_), _) => "crew",
            (None, true) => "any",
            (None, false) => "organization",
        };
        let params: crate::db::Params<'_> = &[
            &organization_id,
            &id,
            &calendar.id,
            &scope,
            &self.crew,
            &true,
            &!self.read_only,
        ];
        let rows = query(&transaction, &LINK, params).await?;
        let link: Uuid = rows
            .first()
            .context("the link was not stored")?
            .try_get(0)?;
        let params: crate::db::Params<'_> = &[&organization_id, &link, &LEASE_SECONDS];
        let rows = query(&transaction, &CLAIM, params).await?;
        let row = rows.first().context("the link cannot be claimed")?;
        let link = Link::read(row, organization_id, link)?;
        transaction.commit().await?;
        Ok(link)
    }
}

async fn apply(
    client: &impl GenericClient,
    link: &Link,
    listing: &crate::domain::external_calendar::Listing,
) -> anyhow::Result<Option<Applied>> {
    let rows = query(client, &APPLY, &link.application(listing).params()).await?;
    Ok(rows.first().map(Applied::read).transpose()?.flatten())
}

fn report(link: &Link, calendar: &Calendar, applied: Option<Applied>) -> Report {
    let until: NaiveDate = link.window.last;
    let sentence = match applied {
        Some(applied) => {
            let conflicts = if applied.conflicts > 0 {
                format!(
                    "; {} overlap, see `frontdesk calendar conflicts`",
                    count(applied.conflicts.into(), "appointment")
                )
            } else {
                String::new()
            };
            format!(
                "Linked {}: {}, {} until {}{conflicts}.",
                calendar.id,
                count(applied.events.into(), "busy event"),
                count(applied.blocks.into(), "busy block"),
                until.format("%B %-d")
            )
        }
        None => format!("Linked {}; the service reads it.", calendar.id),
    };
    Report {
        sentence,
        object: json!({
            "link": link.id,
            "calendar": calendar.id,
            "events": applied.map(|applied| applied.events),
            "blocks": applied.map(|applied| applied.blocks),
            "conflicts": applied.map(|applied| applied.conflicts),
        }),
    }
}

fn choices(found: &[Calendar]) -> Report {
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|calendar| {
            let can = if calendar.is_writable {
                "read and written"
            } else {
                "read"
            };
            vec![calendar.id.clone(), calendar.name.clone(), can.to_owned()]
        })
        .collect();
    Report {
        sentence: format!(
            "The account has several calendars; say which with --calendar ID.\n\n{}",
            crate::commands::org::report::table(&["id", "name", "can be"], &rows)
        ),
        object: json!({
            "calendars": found
                .iter()
                .map(|calendar| json!({
                    "id": calendar.id,
                    "name": calendar.name,
                    "is_primary": calendar.is_primary,
                    "is_writable": calendar.is_writable,
                }))
                .collect::<Vec<_>>(),
        }),
    }
}

/// A password from standard input: on the command line every user of the machine could read it.
fn password() -> anyhow::Result<SecretString> {
    if io::stdin().is_terminal() {
        eprintln!("The password (end with Enter and Ctrl-D):");
    }
    let mut text = String::new();
    io::stdin()
        .take(MAX_PASSWORD + 1)
        .read_to_string(&mut text)
        .context("the password is read from standard input, as text")?;
    ensure!(
        text.len() as u64 <= MAX_PASSWORD,
        "the password is longer than {MAX_PASSWORD} bytes"
    );
    let text = text.trim_end_matches(['\r', '\n']);
    ensure!(!text.is_empty(), "standard input was empty");
    Ok(text.into())
}
