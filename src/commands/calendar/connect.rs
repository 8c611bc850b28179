//! `frontdesk calendar connect`: an account with a provider of calendars, and the calendar of it that is linked.

use clap::ValueEnum;
use secrecy::SecretString;
use url::Url;

use super::{
    choice::{self, Use, choices, choose},
    consent,
    links::Linked,
    words::Asked,
};
use crate::{
    calendar::oauth::Grant,
    clock::Clock,
    commands::{database::transaction, input::secret, prelude::*},
    config::{CalendarConfig, CalendarSettings, OAuthProvider, SecretsSettings, read, secure_url},
    domain::external_calendar::{Calendar, Listing},
    jobs::run::calendar::Calendars,
    keyring::Keyring,
    startup,
    sync::{
        account::Account,
        link::{APPLY, Applied, CLAIM, LEASE_SECONDS, Link},
    },
};

const LOCK: Sql = sql!("org_lock", [UUID]);
const CAPACITY: Sql = sql!("org_capacity", [UUID]);
const ACCOUNT: Sql = sql!("org_calendar_account", [UUID, TEXT, TEXT, TEXT]);
const CONNECT: Sql = sql!(
    "org_connect_calendar",
    [UUID, UUID, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT_ARRAY]
);
const LINK: Sql = sql!(
    "org_link_calendar",
    [UUID, UUID, TEXT, TEXT, INT4, BOOL, BOOL]
);

const NO_KEY: &str = "FRONTDESK_SECRETS_KEY is not set: the credential of a calendar is stored encrypted only. `frontdesk secrets new-key` \
    makes a key; the service needs the same";

/// The longest password that is taken, in bytes.
const MAX_PASSWORD: u64 = 4096;

/// Who keeps the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Provider {
    /// A CalDAV server, such as Nextcloud, iCloud, Fastmail or Radicale; the password is asked for, or read from standard input.
    Caldav,
    /// Google Calendar; its owner agrees in a browser.
    Google,
    /// Outlook and Microsoft 365; the owner agrees in a browser.
    Outlook,
    /// Calendly, which books only for services that say so; a personal access token is asked for, or read from standard input.
    Calendly,
}

/// An account with a provider, and one of its calendars.
#[derive(Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub struct Connect {
    /// The organization: its id or its name.
    organization: OrganizationArg,
    /// Who keeps the calendar.
    #[arg(long, value_enum)]
    provider: Provider,
    /// The address of the CalDAV server, such as caldav.icloud.com.
    #[arg(long, value_name = "URL", required_if_eq("provider", "caldav"))]
    address: Option<String>,
    /// Who signs in there; many servers want a password made for one program.
    #[arg(long, value_name = "NAME", required_if_eq("provider", "caldav"))]
    username: Option<String>,
    /// Which calendar; if left out, the only one, or else they are listed and none is linked.
    #[arg(long, value_name = "ID")]
    calendar: Option<String>,
    /// It is the calendar of this crew.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["any", "whole"])]
    crew: Option<i32>,
    /// Each of its events takes the time of any one crew.
    #[arg(long, conflicts_with = "whole")]
    any: bool,
    /// It is the calendar of the whole organization: the default, unless it is linked already.
    #[arg(long = "organization")]
    whole: bool,
    /// What is busy there counts, and no appointment is written into it.
    #[arg(long)]
    read_only: bool,
    /// Receive the owner's consent on this machine, though the service has a public address.
    #[arg(long)]
    loopback: bool,
    /// The address under which providers reach the service, if the owner's consent is to be received there.
    #[arg(long, env = "FRONTDESK_PUBLIC_URL", value_name = "URL", value_parser = read(secure_url))]
    public_url: Option<Url>,
    #[command(flatten)]
    secrets: SecretsSettings,
    #[command(flatten)]
    settings: CalendarSettings,
}

impl Action for Connect {
    async fn run(self, client: &mut Client) -> anyhow::Result<Report> {
        let organization = self.organization.find(&*client).await?;
        let organization_id = organization.id;
        self.check_crew(client, &organization).await?;
        let keyring = self.secrets.keyring();
        ensure!(!keyring.is_empty(), NO_KEY);
        let config = self.settings.clone().understand()?;
        let calendars = calendars(&config, keyring.clone())?;
        let (account, grant) = self
            .sign_in(client, organization_id, &keyring, &config)
            .await?;
        if let Some(grant) = &grant {
            calendars.granted(&account, grant).await;
        }
        let asked = Asked::of(&account.provider, self.address.as_deref());
        let found = calendars
            .calendars(&account)
            .await
            .map_err(|problem| anyhow!(asked.explains(&problem)))?;
        let account = account.known_as(
            found
                .iter()
                .find(|calendar| calendar.is_primary)
                .map(|calendar| calendar.id.as_str()),
        );
        let linked = Linked::of(&*client, organization_id).await?;
        let linked: Vec<&Linked> = linked.iter().filter(|link| link.is_of(&account)).collect();
        let chosen = match choose(&found, self.calendar.as_deref(), &linked)? {
            None if grant.is_some() => choice::ask(&found)?,
            chosen => chosen,
        };
        let Some(calendar) = chosen else {
            let mut report = choices(&found);
            report.outcome = Err(anyhow!(
                "the account has several calendars, and none of them was linked; say which with --calendar ID"
            ));
            return Ok(report);
        };
        let meant = self.meant(linked.into_iter().find(|link| link.calendar == calendar.id));
        ensure!(
            calendar.is_writable || !meant.writes,
            "{} can only be read; link it with --read-only",
            calendar.id
        );
        eprintln!("Reading {} for the first time ...", calendar.id);
        let (account, link) = store(
            client,
            account,
            grant.as_ref(),
            (calendar, &meant),
            &keyring,
        )
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
                "{} is linked, and could not be read yet: {}. The service tries again; see `frontdesk calendar status`",
                calendar.id,
                asked.explains(&problem)
            ),
        }
    }
}

impl Connect {
    /// Refuses a crew that the organization does not have.
    async fn check_crew(&self, client: &Client, organization: &Named) -> anyhow::Result<()> {
        let Some(crew) = self.crew else {
            return Ok(());
        };
        let crews: i32 = only(client, &CAPACITY, &[&organization.id]).await?;
        ensure!(
            (1..=crews).contains(&crew),
            "{} has {}; there is no crew {crew}. `frontdesk org set {} capacity=N` changes how many there are",
            organization.name,
            if crews == 1 {
                "one crew".to_owned()
            } else {
                format!("crews 1 to {crews}")
            },
            organization.id
        );
        Ok(())
    }

    /// The account, with the password from standard input, or with what its owner grants in a browser.
    async fn sign_in(
        &self,
        client: &Client,
        organization_id: Uuid,
        keyring: &Keyring,
        config: &CalendarConfig,
    ) -> anyhow::Result<(Account, Option<Grant>)> {
        let account = |provider, server, secret: &SecretString| {
            Account::new(
                organization_id,
                Uuid::new_v4(),
                provider,
                server,
                (keyring, secret),
            )
        };
        match self.provider {
            Provider::Caldav => {
                let server = self.address.clone().zip(self.username.clone());
                Ok((account("caldav", server, &password()?)?, None))
            }
            Provider::Calendly => Ok((account("calendly", None, &password()?)?, None)),
            Provider::Google | Provider::Outlook => {
                let (name, provider) = self.registered(config)?;
                let callback = self.callback()?;
                let registration = &provider.registration;
                let grant =
                    consent::ask(client, organization_id, keyring, registration, callback).await?;
                let secret = grant.refresh_token.clone().context(
                    "the provider gave no refresh token; remove this service from the account's connections there, and connect again",
                )?;
                Ok((account(name, None, &secret)?, Some(grant)))
            }
        }
    }

    /// The provider that gives access by OAuth, with this service's registration.
    fn registered<'a>(
        &self,
        config: &'a CalendarConfig,
    ) -> anyhow::Result<(&'static str, &'a OAuthProvider)> {
        match self.provider {
            Provider::Outlook => config.microsoft.as_ref().map(|it| ("outlook", it)).context(
                "MICROSOFT_CLIENT_ID is not set; docs/calendar.md says where it comes from",
            ),
            _ => config.google.as_ref().map(|it| ("google", it)).context(
                "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET are not set; docs/calendar.md says where they come from",
            ),
        }
    }

    /// Where the owner's consent is received: at the service's public address, or on this machine.
    fn callback(&self) -> anyhow::Result<Option<Url>> {
        let Some(base) = self.public_url.as_ref().filter(|_| !self.loopback) else {
            return Ok(None);
        };
        let base = base.as_str().trim_end_matches('/');
        Ok(Some(Url::parse(&format!("{base}{}", consent::CALLBACK))?))
    }

    /// Whose time it is to be. What is linked already stays as it is where nothing is said of that, so that a revoked account is connected again
    /// without repeating how.
    fn meant(&self, earlier: Option<&Linked>) -> Use {
        let is_said = self.crew.is_some() || self.any || self.whole || self.read_only;
        if let (Some(link), false) = (earlier, is_said) {
            return Use::of(link);
        }
        Use {
            scope: match (self.crew, self.any) {
                (Some(_), _) => "crew",
                (None, true) => "any",
                (None, false) => "organization",
            }
            .to_owned(),
            crew: self.crew,
            writes: !self.read_only,
        }
    }
}

/// Stores the account and the link, and claims it: the service reads it from the next time on.
async fn store(
    client: &mut Client,
    account: Account,
    grant: Option<&Grant>,
    (calendar, meant): (&Calendar, &Use),
    keyring: &Keyring,
) -> anyhow::Result<(Account, Link)> {
    let organization_id = account.organization_id;
    let transaction = transaction(client).await?;
    query(&transaction, &LOCK, &[&organization_id]).await?;
    let params: Params<'_> = &[
        &organization_id,
        &account.provider,
        &account.address,
        &account.username,
    ];
    let account = match value(&transaction, &ACCOUNT, params).await? {
        Some(earlier) => account.moved_to(earlier, keyring)?,
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
    let params: Params<'_> = &[
        &organization_id,
        &account.id,
        &calendar.id,
        &meant.scope,
        &meant.crew,
        &true,
        &meant.writes,
    ];
    let link: Uuid = only(&transaction, &LINK, params).await?;
    let params: Params<'_> = &[&organization_id, &link, &LEASE_SECONDS];
    let rows = query(&transaction, &CLAIM, params).await?;
    let row = rows.first().context("the link cannot be claimed")?;
    let link = Link::read(row, organization_id, link)?;
    transaction.commit().await?;
    Ok((account, link))
}

/// The providers as the settings have them.
pub(super) fn calendars(config: &CalendarConfig, keyring: Keyring) -> anyhow::Result<Calendars> {
    let (http, clock) = (startup::http()?, Clock::system());
    Ok(startup::calendars(http, keyring, clock, None, config))
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
            let conflicts = match applied.conflicts {
                0 => String::new(),
                1 => "; 1 appointment overlaps, see tasks (`frontdesk calendar conflicts`)"
                    .to_owned(),
                many => format!(
                    "; {many} appointments overlap, see tasks (`frontdesk calendar conflicts`)"
                ),
            };
            format!(
                "Linked {}: {}, {} until {}{conflicts}.",
                calendar.id,
                count(applied.events, "event"),
                count(applied.blocks, "busy block"),
                link.window.last.format("%B %-d")
            )
        }
        None => format!("Linked {}; the service reads it.", calendar.id),
    };
    Report::new(
        sentence,
        json!({
            "link": link.id,
            "calendar": calendar.id,
            "events": applied.map(|applied| applied.events),
            "blocks": applied.map(|applied| applied.blocks),
            "until": link.window.last,
            "conflicts": applied.map(|applied| applied.conflicts),
        }),
    )
}

fn password() -> anyhow::Result<SecretString> {
    let text = secret("password or token", MAX_PASSWORD)?;
    ensure!(
        !text.is_empty(),
        "no password was given: standard input was empty"
    );
    Ok(text.into())
}
