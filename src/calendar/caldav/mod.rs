//! A client of CalDAV servers: their calendars, what is busy in them, and appointments as objects in them.
//!
//! Nobody is ever invited. What changed is asked for where the server can tell it, else everything is listed each time. Series are expanded
//! here, whatever the server could do.
//!
//! Sources: RFC 4791 (CalDAV), RFC 6578 (what has changed), RFC 6764 (how servers are found), RFC 4918 (WebDAV).

mod address;
mod digest;
mod discovery;
mod http;
mod listing;
mod writing;
mod xml;

use std::fmt;

use secrecy::SecretString;
use url::Url;

use crate::domain::external_calendar::CalendarError;
use http::Sender;

pub use writing::path;

/// The client of one account.
#[derive(Clone)]
pub struct Client {
    sender: Sender,
    base: Url,
    username: String,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("caldav::Client")
    }
}

impl Client {
    /// A client of the server at an address: a host, or the address of a principal, of its calendars, or of one of them. A server in a private
    /// network, or without TLS, must be allowed.
    ///
    /// # Errors
    ///
    /// When the address is none.
    pub fn new(
        address: &str,
        username: &str,
        password: SecretString,
        allow_private: bool,
    ) -> Result<Self, CalendarError> {
        let address = address.trim();
        let address = if address.contains("://") {
            address.to_owned()
        } else {
            format!("https://{address}")
        };
        let base: Url = address
            .parse()
            .map_err(|_has_its_text| CalendarError::Misconfigured("the address of the server"))?;
        let sender = Sender::new(username, password, allow_private)?;
        sender.check(&base)?;
        Ok(Self {
            sender,
            base: address::normal(base),
            username: username.to_owned(),
        })
    }

    /// The address of a calendar by its id.
    fn collection(&self, calendar: &str) -> Result<Url, CalendarError> {
        let url = self.base.join(calendar);
        let url = url.map_err(|_has_its_text| CalendarError::Gone)?;
        Ok(address::collection(address::normal(url)))
    }

    /// The address of an object of a calendar by its id.
    fn object(&self, calendar: &str, id: &str) -> Result<Url, CalendarError> {
        let url = self.collection(calendar)?.join(id);
        url.map(address::normal)
            .map_err(|_has_its_text| CalendarError::Gone)
    }

    /// By which addresses the account is invited, as far as its own name tells.
    fn addresses(&self) -> Vec<String> {
        let is_address = self.username.contains('@');
        is_address
            .then(|| self.username.clone())
            .into_iter()
            .collect()
    }
}

#[cfg(test)]
mod tests;
