//! `frontdesk calendar connect`: an account with a provider of calendars, and the calendar of it that is linked.

use std::io::{self, IsTerminal, Read};

use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use secrecy::SecretString;
use serde_json::json;
use tokio_postgres::{Client, GenericClient};
use url::Url;
use uuid::Uuid;

use super::consent;
use crate::{
    calendar::oauth::{Grant, Registration},
    clock::Clock,
    commands::org::{
        ask::{hold, query},
        organization::OrganizationArg,
        report::{Report, count, table, yes},
    },
    config::{CalendarConfig, CalendarSettings, OAuthProvider, SecretsSettings},
    db::{Params, Sql},
    domain::external_calendar::{Calendar, Listing},
    jobs::run::calendar::Calendars,
    keyring::Keyring,
    sql, startup,
    sync::{
        account::Account,
        link::{APPLY, Applied, CLAIM, LEASE_SECONDS, Link},
    },
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
    /// Google Calendar; its owner agrees in a browser.
    Google,
    /// Outlook and Microsoft 365; the owner agrees in a browser.
    Outlook,
    /// Calendly, which is only read; a personal access token is read from standard input.
    Calendly,
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
    /// Receive the owner's consent on this machine, though the service has a public address.
    #[arg(long)]
    loopback: bool,
    /// The address under which providers reach the service, if the owner's consent is to be received there.
    #[arg(
        long,
        env = "FRONTDESK_PUBLIC_URL",
        value_name = "URL",
        default_value = ""
    )]
    public_url: String,
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
        let config = self.settings.understand()?;
        let calendars = calendars(&config, &keyring)?;
        let (account, grant) = match self.provider {
            Provider::Caldav => {
                let server = self.address.clone().zip(self.username.clone());
                let secret = password()?;
                let account = Account::new(
                    organization_id,
                    Uuid::new_v4(),
                    "caldav",
                    server,
                    (&keyring, &secret),
                )?;
                (account, None)
            }
            Provider::Calendly => {
                let secret = password()?;
                let id = Uuid::new_v4();
                let account =
                    Account::new(organization_id, id, "calendly", None, (&keyring, &secret))?;
                (account, None)
            }
            Provider::Google => {
                let provider = config.google.as_ref().context(
                    "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET are not set; docs/calendar.md says where they come from",
                )?;
                let registration = &provider.registration;
                self.granted(client, (organization_id, "google"), &keyring, registration)
                    .await?
            }
            Provider::Outlook => {
                let provider = config.microsoft.as_ref().context(
                    "MICROSOFT_CLIENT_ID is not set; docs/calendar.md says where it comes from",
                )?;
                let registration = &provider.registration;
                self.granted(client, (organization_id, "outlook"), &keyring, registration)
                    .await?
            }
        };
        if let Some(grant) = &grant {
            calendars.granted(&account, grant).await;
        }
        let found = calendars
            .calendars(&account)
            .await
            .context("the calendars of the account cannot be listed")?;
        let Some(calendar) = self.choose(&found)? else {
            return Ok(choices(&found));
        };
        ensure!(
            calendar.is_writable || !self.writes(),
            "the calendar can only be read; link it with --read-only"
        );
        eprintln!("Reading {} for the first time ...", calendar.id);
        let account = account.known_as(
            found
                .iter()
                .find(|calendar| calendar.is_primary)
                .map(|calendar| calendar.id.as_str()),
        );
        let (account, link) = self
            .store(client, account, grant.as_ref(), calendar, &keyring)
            .await?;
        if let Some(grant) = &grant {
            calendars.granted(&account, grant).await;
        }
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

    /// An account whose owner agreed, and what they granted.
    async fn granted(
        &self,
        client: &Client,
        (organization_id, provider): (Uuid, &str),
        keyring: &Keyring,
        registration: &Registration,
    ) -> anyhow::Result<(Account, Option<Grant>)> {
        let callback = self.callback()?;
        let grant = consent::ask(client, organization_id, keyring, registration, callback).await?;
        let secret = grant.refresh_token.clone().context(
            "the provider gave no refresh token; remove this service from the account's connections there, and connect again",
        )?;
        let account = Account::new(
            organization_id,
            Uuid::new_v4(),
            provider,
            None,
            (keyring, &secret),
        )?;
        Ok((account, Some(grant)))
    }

    /// Whether appointments are written into it; Calendly is only read.
    fn writes(&self) -> bool {
        !self.read_only && self.provider != Provider::Calendly
    }

    /// Where the owner's consent is received: at the service's public address, or on this machine.
    fn callback(&self) -> anyhow::Result<Option<Url>> {
        if self.loopback || self.public_url.trim().is_empty() {
            return Ok(None);
        }
        let base = self.public_url.trim().trim_end_matches('/');
        Url::parse(&format!("{base}{}", consent::CALLBACK))
            .map(Some)
            .context("FRONTDESK_PUBLIC_URL is no address")
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
        account: Account,
        grant: Option<&Grant>,
        calendar: &Calendar,
        keyring: &Keyring,
    ) -> anyhow::Result<(Account, Link)> {
        let organization_id = account.organization_id;
        let transaction = hold(client, organization_id).await?;
        let params: Params<'_> = &[
            &organization_id,
            &account.provider,
            &account.address,
            &account.username,
        ];
        let earlier = query(&transaction, &ACCOUNT, params).await?;
        let account = match earlier.first() {
            Some(row) => account.moved_to(row.try_get(0)?, keyring)?,
            None => account,
        };
        let sealed = account.sealed().context("the credential is not sealed")?;
        let scopes = grant.map(|grant| grant.scopes.clone()).unwrap_or_default();
        let params: Params<'_> = &[
            &organization_id,
            &account.id,
            &account.provider,
            &account.address,
            &account.username,
            &sealed.text,
            &sealed.key_id,
            &scopes,
        ];
        query(&transaction, &CONNECT, params).await?;
        let scope = match (self.crew, self.any) {
            (Some(_), _) => "crew",
            (None, true) => "any",
            (None, false) => "organization",
        };
        let params: Params<'_> = &[
            &organization_id,
            &account.id,
            &calendar.id,
            &scope,
            &self.crew,
            &true,
            &self.writes(),
        ];
        let rows = query(&transaction, &LINK, params).await?;
        let link: Uuid = rows
            .first()
            .context("the link was not stored")?
            .try_get(0)?;
        let params: Params<'_> = &[&organization_id, &link, &LEASE_SECONDS];
        let rows = query(&transaction, &CLAIM, params).await?;
        let row = rows.first().context("the link cannot be claimed")?;
        let link = Link::read(row, organization_id, link)?;
        transaction.commit().await?;
        Ok((account, link))
    }
}

/// The providers as the settings have them.
pub(super) fn calendars(config: &CalendarConfig, keyring: &Keyring) -> anyhow::Result<Calendars> {
    let (google, microsoft) = (config.google.as_ref(), config.microsoft.as_ref());
    Ok(Calendars::new(
        startup::http()?,
        keyring.clone(),
        Clock::system(),
        None,
        config.calendly.clone(),
    )
    .private(config.caldav_private)
    .provider("google", google.map(OAuthProvider::parts))
    .provider("outlook", microsoft.map(OAuthProvider::parts)))
}

async fn apply(
    client: &impl GenericClient,
    link: &Link,
    listing: &Listing,
) -> anyhow::Result<Option<Applied>> {
    let rows = query(client, &APPLY, &link.application(listing).params()).await?;
    Ok(rows.first().map(Applied::read).transpose()?.flatten())
}

fn report(link: &Link, calendar: &Calendar, applied: Option<Applied>) -> Report {
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
                link.window.last.format("%B %-d")
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
            vec![
                calendar.id.clone(),
                calendar.name.clone(),
                yes(calendar.is_writable),
            ]
        })
        .collect();
    let calendars: Vec<_> = found
        .iter()
        .map(|calendar| {
            json!({
                "id": calendar.id,
                "name": calendar.name,
                "is_primary": calendar.is_primary,
                "is_writable": calendar.is_writable,
            })
        })
        .collect();
    Report {
        sentence: format!(
            "The account has several calendars; nothing is linked yet. Say which with --calendar ID.\n\n{}",
            table(&["id", "name", "can be written"], &rows)
        ),
        object: json!({ "calendars": calendars }),
    }
}

/// A password from standard input: on the command line every user of the machine could read it.
fn password() -> anyhow::Result<SecretString> {
    if io::stdin().is_terminal() {
        eprintln!("The password, then Enter and Ctrl-D:");
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
