//! Every setting: its name, its default, its bounds and why it exists.
//!
//! Each is a flag and an environment variable; [`Settings`] is what was given, [`Config`] what it means. An empty value
//! counts as not given, since deployment files like to leave variables blank. A wrong one stops the start with a message
//! that names it, its value (never a secret's) and what is allowed.

use std::{net::SocketAddr, time::Duration};

use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    clock::Clock,
    db::Statements,
    keyring::Keyring,
    mail::MailServer,
    vapi::{
        authenticate::{Verifier, hmac::HmacSettings},
        control::ControlHosts,
    },
};

mod bodies;
mod calendar;
mod database;
mod database_url;
mod log;
mod mail;
mod outage;
mod read;
mod secrets;
mod twilio;
mod values;
mod webhook;

pub use bodies::{BodyConfig, BodySettings};
pub use calendar::{CalendarConfig, CalendarSettings, OAuthProvider};
pub use database::{DatabaseConfig, DatabaseSettings};
pub use log::{LogConfig, LogSettings};
pub use mail::MailSettings;
pub use outage::{OutageConfig, OutageSettings};
pub(crate) use read::read;
pub use read::without_blank_variables;
pub use secrets::SecretsSettings;
pub use twilio::{TwilioAccount, TwilioConfig, TwilioSettings};
use values::{address, clock, number, statements, workers};
pub use webhook::WebhookSettings;

/// A secret that proves a request has no fewer characters than this: who guesses it can book, cancel and page.
const MIN_SECRET: usize = 12;

/// The settings of `frontdesk serve`, as they were given.
#[derive(Args, Clone)]
pub struct Settings {
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Where the webhook is served.
    #[arg(
        long,
        env = "FRONTDESK_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080"
    )]
    pub listen: String,
    /// Where metrics are served; keep it private.
    #[arg(
        long,
        env = "FRONTDESK_ADMIN_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:9090"
    )]
    pub admin_listen: String,
    /// The address under which providers reach this service, such as <https://desk.example.com>.
    #[arg(
        long,
        env = "FRONTDESK_PUBLIC_URL",
        value_name = "URL",
        default_value = ""
    )]
    pub public_url: String,
    /// The most connections to the database, 1 to 500; where there are twice as many as workers, each worker has one of them for its reads.
    #[arg(
        long,
        env = "FRONTDESK_POOL_SIZE",
        value_name = "COUNT",
        default_value = "8"
    )]
    pub pool_size: String,
    /// How statements are sent: prepared, or unnamed behind a transaction pooler. If left out: unnamed where `DATABASE_URL` has `pgbouncer=true`, else prepared.
    #[arg(
        long,
        env = "FRONTDESK_STATEMENTS",
        value_name = "HOW",
        default_value = ""
    )]
    pub statements: String,
    /// How long a caller is kept waiting for a tool, in milliseconds, 50 to 15000.
    #[arg(
        long,
        env = "FRONTDESK_DEADLINE_MS",
        value_name = "MILLISECONDS",
        default_value = "1500"
    )]
    pub deadline_ms: String,
    /// How long calls are still taken after the service was told to stop, while /health/serving answers 503; in seconds, 0 to 60.
    #[arg(
        long,
        env = "FRONTDESK_DRAIN_SECONDS",
        value_name = "SECONDS",
        default_value = "0"
    )]
    pub drain_seconds: String,
    /// How long after a tool call it is added to its call's row of `call_logs`, in seconds, 0 to 45.
    #[arg(
        long,
        env = "FRONTDESK_TOOL_LOG_SECONDS",
        value_name = "SECONDS",
        default_value = "30"
    )]
    pub tool_log_seconds: String,
    /// How many threads serve requests; 0 takes one for each core.
    #[arg(
        long,
        env = "FRONTDESK_WORKERS",
        value_name = "COUNT",
        default_value = "0"
    )]
    pub workers: String,
    /// Serve without any webhook secret; only on loopback addresses.
    #[arg(long, env = "FRONTDESK_INSECURE", value_parser = clap::builder::FalseyValueParser::new())]
    pub insecure: bool,
    /// Stops the clock of the rules at this instant (RFC 3339), for demonstrations; only on loopback addresses.
    #[arg(
        long,
        env = "FRONTDESK_NOW",
        value_name = "INSTANT",
        default_value = ""
    )]
    pub now: String,
    /// Hosts to which a live call's commands may be sent; *. stands for any subdomain.
    #[arg(
        long,
        env = "FRONTDESK_CONTROL_HOSTS",
        value_name = "HOSTS",
        default_value = "*.vapi.ai"
    )]
    pub control_hosts: String,
    /// How large request bodies may be.
    #[command(flatten)]
    pub bodies: BodySettings,
    /// Which log lines are written and how.
    #[command(flatten)]
    pub log: LogSettings,
    /// What proves that a message comes from Vapi.
    #[command(flatten)]
    pub webhook: WebhookSettings,
    /// The keys that encrypt organizations' credentials.
    #[command(flatten)]
    pub secrets: SecretsSettings,
    /// What happens to an emergency while the database is away.
    #[command(flatten)]
    pub outage: OutageSettings,
    /// Twilio's settings.
    #[command(flatten)]
    pub twilio: TwilioSettings,
    /// The server that e-mail is sent through.
    #[command(flatten)]
    pub mail: MailSettings,
    /// How providers of calendars are reached.
    #[command(flatten)]
    pub calendar: CalendarSettings,
}

/// Everything that the service needs to start.
#[derive(Debug)]
pub struct Config {
    /// Where the database is.
    pub database: DatabaseConfig,
    /// The most connections.
    pub pool_size: usize,
    /// How statements are sent.
    pub statements: Statements,
    /// Where the webhook is served.
    pub listen: SocketAddr,
    /// Where metrics are served.
    pub admin_listen: SocketAddr,
    /// The address under which providers reach this service.
    pub public_url: Option<Url>,
    /// How long a caller is kept waiting.
    pub deadline: Duration,
    /// How long calls are still taken after the service was told to stop.
    pub drain: Duration,
    /// How long a call must be quiet before its tool calls are added to its row.
    pub tool_log: Duration,
    /// How large request bodies may be.
    pub bodies: BodyConfig,
    /// How many threads serve requests.
    pub workers: usize,
    /// Whether a missing secret is accepted.
    pub insecure: bool,
    /// The clock of the rules.
    pub clock: Clock,
    /// Where a live call's commands may be sent.
    pub control_hosts: ControlHosts,
    /// What proves a message for the whole service.
    pub verifier: Verifier,
    /// How an organization's own secret signs.
    pub own_plan: HmacSettings,
    /// The keys that encrypt organizations' credentials.
    pub keyring: Keyring,
    /// What happens to an emergency while the database is away.
    pub outage: OutageConfig,
    /// Twilio's settings.
    pub twilio: TwilioConfig,
    /// The server that e-mail is sent through; `None` when none is set.
    pub mail: Option<MailServer>,
    /// How providers of calendars are reached.
    pub calendar: CalendarConfig,
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{name} {value}; allowed: {allowed}")]
pub struct SettingError {
    /// The environment variable.
    name: &'static str,
    /// What it was, or that it is a secret and not shown.
    value: String,
    /// What it may be.
    allowed: String,
}

impl SettingError {
    /// A setting whose value may be shown.
    pub(crate) fn new(name: &'static str, value: &str, allowed: impl Into<String>) -> Self {
        let value = if value.is_empty() {
            "is not set".to_owned()
        } else {
            format!("is \"{value}\"")
        };
        Self {
            name,
            value,
            allowed: allowed.into(),
        }
    }

    /// Settings of which none is set, named as in "neither A nor B".
    pub(crate) fn unset(names: &'static str, allowed: impl Into<String>) -> Self {
        Self {
            name: names,
            value: "is set".to_owned(),
            allowed: allowed.into(),
        }
    }

    /// A setting whose value is a secret.
    pub(crate) fn secret(name: &'static str, allowed: impl Into<String>) -> Self {
        Self {
            name,
            value: "(a secret, not shown) cannot be used".to_owned(),
            allowed: allowed.into(),
        }
    }
}

impl Settings {
    /// Understands all settings of the service.
    ///
    /// # Errors
    ///
    /// The first setting that cannot be used.
    pub fn understand(&self) -> Result<Config, SettingError> {
        let listen = listen_address(&self.listen)?;
        let admin_listen = address(
            "FRONTDESK_ADMIN_LISTEN",
            &self.admin_listen,
            "127.0.0.1:9090",
        )?;
        let verifier = self.webhook.understand()?;
        if self.insecure && !listen.ip().is_loopback() {
            return Err(SettingError::new(
                "FRONTDESK_LISTEN",
                &self.listen,
                "a loopback address such as 127.0.0.1:8080 while --insecure is given",
            ));
        }
        let public_url = secure_url("FRONTDESK_PUBLIC_URL", &self.public_url)?;
        let twilio = self.twilio.understand()?;
        if twilio.account.is_some() && public_url.is_none() {
            return Err(SettingError::new(
                "FRONTDESK_PUBLIC_URL",
                "",
                "the address under which Twilio reaches this service, such as https://desk.example.com",
            ));
        }
        let database = self.database.understand()?;
        Ok(Config {
            pool_size: number("FRONTDESK_POOL_SIZE", &self.pool_size, 8, 1..=500)?,
            statements: statements(&self.statements, database.is_pooled)?,
            database,
            listen,
            admin_listen,
            public_url,
            deadline: Duration::from_millis(number(
                "FRONTDESK_DEADLINE_MS",
                &self.deadline_ms,
                1_500,
                50..=15_000,
            )?),
            drain: Duration::from_secs(number(
                "FRONTDESK_DRAIN_SECONDS",
                &self.drain_seconds,
                0,
                0..=60,
            )?),
            tool_log: Duration::from_secs(number(
                "FRONTDESK_TOOL_LOG_SECONDS",
                &self.tool_log_seconds,
                30,
                0..=45,
            )?),
            bodies: self.bodies.understand()?,
            workers: workers(&self.workers)?,
            insecure: self.insecure,
            clock: clock(&self.now, listen)?,
            control_hosts: ControlHosts::parse(&self.control_hosts).map_err(|_unreadable| {
                SettingError::new(
                    "FRONTDESK_CONTROL_HOSTS",
                    &self.control_hosts,
                    "host names separated by commas, such as *.vapi.ai",
                )
            })?,
            verifier,
            own_plan: self.webhook.own_plan()?,
            keyring: self.secrets.understand()?,
            outage: self.outage.understand()?,
            twilio,
            mail: self.mail.understand()?,
            calendar: self.calendar.understand()?,
        })
    }
}

/// The text, unless it is blank.
pub(crate) fn non_empty(text: &str) -> Option<&str> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then_some(trimmed)
}

/// The parts of a list of secrets, separated by commas; blank ones are left out.
pub(crate) fn secrets(list: &str) -> Vec<SecretString> {
    list.split(',')
        .filter_map(non_empty)
        .map(SecretString::from)
        .collect()
}

/// The parts of a list of secrets that prove a request; one that could be guessed is refused.
pub(crate) fn strong_secrets(
    name: &'static str,
    list: &str,
) -> Result<Vec<SecretString>, SettingError> {
    let parts = secrets(list);
    if parts
        .iter()
        .any(|part| part.expose_secret().chars().count() < MIN_SECRET)
    {
        return Err(SettingError::secret(
            name,
            format!(
                "{MIN_SECRET} characters or more each; `openssl rand -base64 32` makes one, and a comma separates two"
            ),
        ));
    }
    Ok(parts)
}

/// Whether a secret was given at all.
pub(crate) fn is_given(secret: &SecretString) -> bool {
    non_empty(secret.expose_secret()).is_some()
}

pub(crate) fn url(name: &'static str, text: &str) -> Result<Option<Url>, SettingError> {
    let Some(text) = non_empty(text) else {
        return Ok(None);
    };
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .map(Some)
        .ok_or_else(|| {
            SettingError::new(
                name,
                text,
                "an http or https address, such as https://desk.example.com",
            )
        })
}

/// Where the webhook is served, as `FRONTDESK_LISTEN` says; blank means the default.
pub(crate) fn listen_address(text: &str) -> Result<SocketAddr, SettingError> {
    address("FRONTDESK_LISTEN", text, "127.0.0.1:8080")
}

/// An address whose traffic holds secrets or what callers say: encrypted, unless it is this machine's own.
pub(crate) fn secure_url(name: &'static str, text: &str) -> Result<Option<Url>, SettingError> {
    let Some(url) = url(name, text)? else {
        return Ok(None);
    };
    let is_loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() != "https" && !is_loopback {
        return Err(SettingError::new(
            name,
            text.trim(),
            "an https address, such as https://desk.example.com; http only for this machine itself, as in http://127.0.0.1:8080",
        ));
    }
    Ok(Some(url))
}
