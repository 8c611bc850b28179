//! Twilio's REST API, as much of it as paging and texting need.
//!
//! It knows no idempotency keys, so what matters is how a request ended: refused for good, refused for now, never sent, or not
//! known. Only the caller can decide whether it may be sent again. Of an answer nothing but the id and the state is read; one
//! that says yes in a form that cannot be read is a yes all the same.
//!
//! Source: <https://www.twilio.com/docs/usage/api>, and Twilio's `OpenAPI` document.

mod answer;
mod request;

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use reqwest::{Client as Http, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::delivery_status::ProviderState;
use crate::domain::phone::Phone;
use answer::{Resource, read, resource};

pub use answer::Problem;
pub use request::{
    CallScript, CallUpdate, MachineDetection, NewCall, NewMessage, Sender, send_digits,
};

/// Where the API's resources lie.
const VERSION: &str = "2010-04-01";

/// How many entries of a list are looked at: what is looked for is minutes old.
const PAGE_SIZE: &str = "50";

/// An account, and who authenticates for it: the account itself with its token, or an API key.
#[derive(Clone, Debug)]
pub struct Account {
    /// The account.
    pub account_sid: String,
    /// Who authenticates.
    pub user: String,
    /// Their secret.
    pub secret: SecretString,
}

/// The API's client; cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: Http,
    base: Url,
    timeout: Duration,
}

/// What was created.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Created {
    /// Its id; `None` when the answer could not be read.
    pub sid: Option<String>,
    /// Its state.
    pub status: Option<String>,
}

/// An entry of the account's list of messages or calls.
#[derive(Clone)]
pub struct Listed {
    /// Its id.
    pub sid: String,
    /// Its state.
    pub status: String,
    /// From which of the account's numbers.
    pub from: Option<String>,
    /// What the message says; calls have none.
    pub body: Option<String>,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Client")
    }
}

impl Client {
    /// A client of the API at `base`, whose requests take no longer than `timeout`. `http` must follow no redirects: the account's
    /// secret is for that host alone.
    #[must_use]
    pub fn new(http: Http, base: Url, timeout: Duration) -> Self {
        Self {
            http,
            base,
            timeout,
        }
    }

    /// Sends a text message.
    ///
    /// # Errors
    ///
    /// How it ended, if not well.
    pub async fn send_message(
        &self,
        account: &Account,
        message: &NewMessage,
    ) -> Result<Created, Problem> {
        let request = self.post(account, "Messages.json").form(&message.fields());
        Ok(created(&read(request.send().await).await?))
    }

    /// Places a call.
    ///
    /// # Errors
    ///
    /// How it ended, if not well.
    pub async fn place_call(&self, account: &Account, call: &NewCall) -> Result<Created, Problem> {
        let request = self.post(account, "Calls.json").form(&call.fields());
        Ok(created(&read(request.send().await).await?))
    }

    /// Changes a live call.
    ///
    /// # Errors
    ///
    /// How it ended, if not well; 404 or 21220 for a call that is over.
    pub async fn update_call(
        &self,
        account: &Account,
        sid: &str,
        update: &CallUpdate,
    ) -> Result<(), Problem> {
        let request = self
            .post(account, &format!("Calls/{sid}.json"))
            .form(&update.fields());
        read(request.send().await).await.map(|_| ())
    }

    /// Requests the state of a message.
    ///
    /// # Errors
    ///
    /// How it ended, if not well.
    pub async fn message(&self, account: &Account, sid: &str) -> Result<ProviderState, Problem> {
        let path = format!("Messages/{sid}.json");
        let (known, status) = self.resource(account, &path).await?;
        let code = known.error_code.map(|code| code.to_string());
        Ok(ProviderState::message(&status, code.as_deref()))
    }

    /// Requests the state of a call.
    ///
    /// # Errors
    ///
    /// How it ended, if not well.
    pub async fn call(&self, account: &Account, sid: &str) -> Result<ProviderState, Problem> {
        let path = format!("Calls/{sid}.json");
        let (known, status) = self.resource(account, &path).await?;
        Ok(ProviderState::call(&status, known.answered_by.as_deref()))
    }

    /// A message or a call, and its status.
    async fn resource(&self, account: &Account, path: &str) -> Result<(Resource, String), Problem> {
        let answer = read(self.get(account, path).send().await).await?;
        let mut known = resource(&answer).ok_or(Problem::Unknown)?;
        let status = known.status.take().ok_or(Problem::Unknown)?;
        Ok((known, status))
    }

    /// The messages to a number since a day, the last first.
    ///
    /// # Errors
    ///
    /// How it ended, if not well.
    pub async fn messages_to(
        &self,
        account: &Account,
        to: &Phone,
        since: DateTime<Utc>,
    ) -> Result<Vec<Listed>, Problem> {
        self.list(account, "Messages.json", "DateSent>", to, since)
            .await
    }

    /// The calls to a number since a day, the last first.
    ///
    /// # Errors
    ///
    /// How it ended, if not well.
    pub async fn calls_to(
        &self,
        account: &Account,
        to: &Phone,
        since: DateTime<Utc>,
    ) -> Result<Vec<Listed>, Problem> {
        self.list(account, "Calls.json", "StartTime>", to, since)
            .await
    }

    async fn list(
        &self,
        account: &Account,
        path: &str,
        since_name: &str,
        to: &Phone,
        since: DateTime<Utc>,
    ) -> Result<Vec<Listed>, Problem> {
        // Filters are by day; the day before is requested as well, since clocks and zones differ.
        let since = (since - chrono::TimeDelta::days(1))
            .format("%Y-%m-%d")
            .to_string();
        let request = self.get(account, path).query(&[
            ("To", to.as_str()),
            (since_name, &since),
            ("PageSize", PAGE_SIZE),
        ]);
        answer::list(&read(request.send().await).await?).ok_or(Problem::Unknown)
    }

    fn post(&self, account: &Account, path: &str) -> RequestBuilder {
        self.authorize(account, self.http.post(self.url(account, path)))
    }

    fn get(&self, account: &Account, path: &str) -> RequestBuilder {
        self.authorize(account, self.http.get(self.url(account, path)))
    }

    fn authorize(&self, account: &Account, request: RequestBuilder) -> RequestBuilder {
        request
            .basic_auth(&account.user, Some(account.secret.expose_secret()))
            .timeout(self.timeout)
    }

    fn url(&self, account: &Account, path: &str) -> String {
        let base = self.base.as_str().trim_end_matches('/');
        format!("{base}/{VERSION}/Accounts/{}/{path}", account.account_sid)
    }
}

fn created(answer: &[u8]) -> Created {
    resource(answer).map_or_else(Created::default, |known| Created {
        sid: known.sid,
        status: known.status,
    })
}

#[cfg(test)]
mod tests;
