//! From where an organization texts and calls.

use super::Runner;
use crate::{
    db::{OrgTx, Sql},
    domain::phone::Phone,
    error::Result,
    jobs::job::{Job, Kind},
    sql,
    twilio::client::{Account, Sender as From},
};

const NUMBER: Sql = sql!("sender_number", [UUID, TEXT]);

/// An account, and what is sent from it.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The account.
    pub account: Account,
    /// The number, or the messaging service.
    pub from: From,
}

impl Sender {
    /// The number that the receiver sees, where it is known beforehand.
    pub fn number(&self) -> Option<&str> {
        match &self.from {
            From::Number(number) => Some(number.as_str()),
            From::Service(_) => None,
        }
    }
}

impl Runner {
    /// Finds from where a job is sent: the organization's own number, else the service's; never the service's number from
    /// an organization's account.
    pub(super) async fn sender(&self, transaction: &OrgTx, job: &Job) -> Result<Option<Sender>> {
        let Some(account) = self.account(job.organization_id) else {
            return Ok(None);
        };
        let capability = match job.kind {
            Kind::Sms => "sms",
            _ => "voice",
        };
        let rows = transaction
            .query(&NUMBER, &[&job.organization_id, &capability])
            .await?;
        let own: Option<&str> = match rows.first() {
            Some(row) => NUMBER.get(row, 0)?,
            None => None,
        };
        let own = own.and_then(|text| Phone::parse(text).ok());
        let brought = self.directory.accounts.of(job.organization_id).is_some();
        let from = match (own, &self.telephony) {
            (Some(number), _) => Some(From::Number(number)),
            (None, Some(service)) if !brought => service.sends_from(job.kind),
            (None, _) => None,
        };
        Ok(from.map(|from| Sender { account, from }))
    }
}

impl super::Telephony {
    pub(super) fn sends_from(&self, kind: Kind) -> Option<From> {
        let number = self.from.clone().map(From::Number);
        match (&self.messaging_service_sid, kind) {
            (Some(service), Kind::Sms) => Some(From::Service(service.clone())),
            _ => number,
        }
    }
}
