//! Runs jobs: the only room that knows both what is to happen and the providers that make it happen.
//!
//! Each job goes the same way. It is claimed and its attempt stored in one transaction; the request is sent outside of any; its
//! outcome is stored in another. A process that is killed in between leaves an attempt without an end, which is reconciled
//! when its lease expires.

mod backoff;
pub mod calendar;
mod complete;
mod execute;
pub mod fallback;
mod reconcile;
mod request;
mod sender;
mod worker;

use std::sync::Arc;

use secrecy::SecretString;

pub use worker::Worker;

use crate::{
    calls::line::{Carrier, Line},
    clock::Clock,
    db::Database,
    directory::Directory,
    domain::phone::Phone,
    escalation::channels::{ChannelSettings, Channels},
    keyring::Keyring,
    mail::Mailer,
    outage::spool::Spool,
    twilio::{
        client::{Account, Client},
        line::TwilioLine,
    },
    vapi::control::{CallControl, ControlHosts},
};

/// The service's own account at Twilio, and what it sends from.
#[derive(Clone, Debug)]
pub struct Telephony {
    /// The account.
    pub account: Account,
    /// The number that calls and messages come from.
    pub from: Option<Phone>,
    /// The messaging service that messages come from instead.
    pub messaging_service_sid: Option<String>,
}

/// What is needed to run a job.
pub struct Runner {
    /// The database.
    pub database: Database,
    /// Whose account is used.
    pub directory: Arc<Directory>,
    /// The clock of the rules.
    pub clock: Clock,
    /// Under which address Twilio reaches this service, without a slash at its end; without one nothing is texted or called.
    pub public_url: Option<String>,
    /// The service's own account, for organizations that brought none.
    pub telephony: Option<Telephony>,
    /// The operator's own number, for emergencies that reach nobody else.
    pub fallback_number: Option<Phone>,
    /// Twilio's API.
    pub twilio: Client,
    /// Commands to live calls.
    pub control: Arc<CallControl>,
    /// Where such commands may be sent.
    pub control_hosts: ControlHosts,
    /// E-mail, if it is set up.
    pub mailer: Option<Mailer>,
    /// Emergencies that came while the database was away.
    pub spool: Option<Spool>,
    /// What seals the links in e-mails.
    pub keyring: Keyring,
    /// How providers of calendars are reached.
    pub calendars: calendar::Calendars,
}

impl Runner {
    /// The ways in which contacts can be reached.
    #[must_use]
    pub fn channels(&self) -> ChannelSettings {
        let own = self.telephony.as_ref();
        let has_number = own.is_some_and(|own| own.from.is_some());
        let has_service = own.is_some_and(|own| own.messaging_service_sid.is_some());
        let is_reachable = self.public_url.is_some();
        // Without a link an e-mail could not be answered, and would page nobody.
        let email = self.mailer.is_some() && is_reachable && !self.keyring.is_empty();
        ChannelSettings {
            with_service_account: Channels {
                sms: is_reachable && (has_number || has_service),
                voice: is_reachable && has_number,
                email,
            },
            with_own_account: Channels {
                sms: is_reachable,
                voice: is_reachable,
                email,
            },
        }
    }

    /// The line of an organization's call through the Twilio account that carries it, if that is the organization's own or the
    /// service's. A message that names no account means the one that the organization sends with: in any other its call is not found.
    #[must_use]
    pub fn line(&self, organization_id: uuid::Uuid, carrier: &Carrier) -> Option<Arc<dyn Line>> {
        if carrier.provider != "twilio" {
            return None;
        }
        let account = match &carrier.account_sid {
            None => self.account(organization_id),
            Some(sid) => self
                .account(organization_id)
                .into_iter()
                .chain(self.telephony.as_ref().map(|own| own.account.clone()))
                .find(|account| account.account_sid == *sid),
        }?;
        let line = TwilioLine::new(
            &self.twilio,
            account,
            carrier.call_sid.as_deref()?,
            self.public_url.as_deref()?,
            organization_id,
        )?;
        Some(Arc::new(line))
    }

    /// The account that an organization sends with: its own, else the service's.
    fn account(&self, organization_id: uuid::Uuid) -> Option<Account> {
        match self.directory.accounts.of(organization_id) {
            Some(own) => Some(Account {
                user: own.account_sid.clone(),
                account_sid: own.account_sid,
                secret: SecretString::clone(&own.auth_token),
            }),
            None => self
                .telephony
                .as_ref()
                .map(|service| service.account.clone()),
        }
    }
}
