//! Every setting: its name, its default, its bounds and why it exists.
//!
//! Each is a flag and an environment variable, read once into its type; [`Settings`] is what was given, [`Config`] what it means together. A
//! variable that is blank counts as not set ([`without_blank_variables`]). A wrong one stops the start with a message that names it, its
//! value (never a secret's) and what is allowed.

use std::{net::SocketAddr, time::Duration};

use chrono::{DateTime, Utc};
use clap::Args;
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
mod error;
mod log;
mod mail;
mod outage;
mod read;
mod secrets;
mod twilio;
mod values;
mod webhook;

pub use bodies::BodySettings;
pub use calendar::{CalendarConfig, CalendarSettings, OAuthProvider};
pub use database::{DatabaseConfig, DatabaseSettings};
pub use error::SettingError;
pub use log::LogSettings;
pub use mail::MailSettings;
pub use outage::OutageSettings;
pub(crate) use read::read;
pub use read::without_blank_variables;
pub use secrets::SecretsSettings;
pub use twilio::{TwilioAccount, TwilioConfig, TwilioSettings};
pub(crate) use values::{address, secure_url};
use values::{instant, millis, number, one_of, seconds};
pub use webhook::WebhookSettings;

/// The settings of `frontdesk serve`, as they were given.
#[derive(Args, Clone)]
pub struct Settings {
    /// Where the database is.
    #[command(flatten)]
    pub database: DatabaseSettings,
    /// Where the webhook is served.
    #[arg(long, env = "FRONTDESK_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = read(address))]
    pub listen: SocketAddr,
    /// Where metrics are served; keep it private.
    #[arg(long, env = "FRONTDESK_ADMIN_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:9090", value_parser = read(address))]
    pub admin_listen: SocketAddr,
    /// The address under which providers reach this service, such as <https://calls.example.com>.
    #[arg(long, env = "FRONTDESK_PUBLIC_URL", value_name = "URL", value_parser = read(secure_url))]
    pub public_url: Option<Url>,
    /// The most connections to the database, 1 to 500; where there are twice as many as workers, each worker has one of them for its reads.
    #[arg(long, env = "FRONTDESK_POOL_SIZE", value_name = "COUNT", default_value = "8", value_parser = number::<usize>(1..=500))]
    pub pool_size: usize,
    /// How statements are sent: prepared, or unnamed behind a transaction pooler. If left out: unnamed where `DATABASE_URL` has `pgbouncer=true`, else prepared.
    #[arg(long, env = "FRONTDESK_STATEMENTS", value_name = "HOW", value_parser = one_of([("prepared", Statements::Prepared), ("unnamed", Statements::Unnamed)]))]
    pub statements: Option<Statements>,
    /// How long a caller is kept waiting for a tool, in milliseconds, 50 to 15000.
    #[arg(long, env = "FRONTDESK_DEADLINE_MS", value_name = "MILLISECONDS", default_value = "1500", value_parser = millis(50..=15_000))]
    pub deadline_ms: Duration,
    /// How long calls are still taken after the service was told to stop, while /health/serving answers 503; in seconds, 0 to 60.
    #[arg(long, env = "FRONTDESK_DRAIN_SECONDS", value_name = "SECONDS", default_value = "0", value_parser = seconds(0..=60))]
    pub drain_seconds: Duration,
    /// How long after a tool call it is added to its call's row of `call_logs`, in seconds, 0 to 45.
    #[arg(long, env = "FRONTDESK_TOOL_LOG_SECONDS", value_name = "SECONDS", default_value = "30", value_parser = seconds(0..=45))]
    pub tool_log_seconds: Duration,
    /// How many threads serve requests; 0 takes one for each core.
    #[arg(long, env = "FRONTDESK_WORKERS", value_name = "COUNT", default_value = "0", value_parser = number::<usize>(0..=1024))]
    pub workers: usize,
    /// Serve without any webhook secret; only on loopback addresses.
    #[arg(long, env = "FRONTDESK_INSECURE", value_parser = clap::builder::FalseyValueParser::new())]
    pub insecure: bool,
    /// Stops the clock of the rules at this instant (RFC 3339), for demonstrations; only on loopback addresses.
    #[arg(long, env = "FRONTDESK_NOW", value_name = "INSTANT", value_parser = read(instant))]
    pub now: Option<DateTime<Utc>>,
    /// Hosts to which a live call's commands may be sent; *. stands for any subdomain.
    #[arg(long, env = "FRONTDESK_CONTROL_HOSTS", value_name = "HOSTS", default_value = "*.vapi.ai", value_parser = read(values::control_hosts))]
    pub control_hosts: ControlHosts,
    /// How large request bodies may be.
    #[command(flatten)]
    pub bodies: BodySettings,
    /// Which log lines are written and how.
    #[command(flatten)]
    pub log: LogSettings,
    /// What authenticates messages of Vapi.
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
pub struct Config {
    /// What stands for itself.
    pub settings: Settings,
    /// Where the database is.
    pub database: DatabaseConfig,
    /// How statements are sent.
    pub statements: Statements,
    /// The bytes of all request bodies that are held at once.
    pub body_budget: usize,
    /// How many threads serve requests.
    pub workers: usize,
    /// The clock of the rules.
    pub clock: Clock,
    /// What authenticates a message for the whole service.
    pub verifier: Verifier,
    /// How an organization's own secret signs.
    pub own_plan: HmacSettings,
    /// The keys that encrypt organizations' credentials.
    pub keyring: Keyring,
    /// Twilio's settings.
    pub twilio: TwilioConfig,
    /// The server that e-mail is sent through; `None` when none is set.
    pub mail: Option<MailServer>,
    /// How providers of calendars are reached.
    pub calendar: CalendarConfig,
}

impl Settings {
    /// Understands what the settings mean together.
    ///
    /// # Errors
    ///
    /// The first setting that does not go with the others.
    pub fn understand(self) -> Result<Config, SettingError> {
        let is_loopback = self.listen.ip().is_loopback();
        if self.insecure && !is_loopback {
            return Err(SettingError::new(
                "FRONTDESK_LISTEN",
                &self.listen.to_string(),
                "a loopback address such as 127.0.0.1:8080 while --insecure is given",
            ));
        }
        let clock = match self.now {
            None => Clock::system(),
            Some(now) if is_loopback => Clock::fixed(now),
            Some(now) => {
                return Err(SettingError::new(
                    "FRONTDESK_NOW",
                    &now.to_rfc3339(),
                    "nothing, unless FRONTDESK_LISTEN is a loopback address",
                ));
            }
        };
        let twilio = self.twilio.clone().understand()?;
        if twilio.account.is_some() && self.public_url.is_none() {
            return Err(SettingError::new(
                "FRONTDESK_PUBLIC_URL",
                "",
                "the address under which Twilio reaches this service, such as https://calls.example.com",
            ));
        }
        let database = self.database.understand()?;
        let statements = if database.is_pooled {
            Statements::Unnamed
        } else {
            Statements::Prepared
        };
        Ok(Config {
            statements: self.statements.unwrap_or(statements),
            database,
            body_budget: self.bodies.budget()?,
            workers: match self.workers {
                0 => std::thread::available_parallelism().map_or(1, usize::from),
                workers => workers,
            },
            clock,
            verifier: self.webhook.understand()?,
            own_plan: self.webhook.own_plan()?,
            keyring: self.secrets.keyring(),
            twilio,
            mail: self.mail.clone().understand()?,
            calendar: self.calendar.clone().understand()?,
            settings: self,
        })
    }
}
