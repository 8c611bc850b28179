//! Writes appointments into a calendar, and removes them there.

use reqwest::{
    StatusCode,
    header::{HeaderName, IF_MATCH, IF_NONE_MATCH},
};
use url::Url;
use uuid::Uuid;

use super::{
    Client, address,
    http::{Answer, Request},
    xml::{self, Namespace},
};
use crate::{
    calendar::icalendar::entry::{self, create, update},
    domain::external_calendar::{CalendarError, Entry, Words, Written},
};

/// Where an entry with this key is written in a calendar.
#[must_use]
pub fn path(calendar: &str, key: Uuid) -> String {
    format!("{}/{key}.ics", calendar.trim_end_matches('/'))
}

impl Client {
    /// Writes an entry: anew, or into what lies where it was written before. It may be repeated.
    ///
    /// # Errors
    ///
    /// Why it cannot be written: `Changed` where somebody changed it since, `Gone` where somebody removed it or the calendar, `IdTaken` where
    /// something else lies there.
    pub async fn put(
        &self,
        calendar: &str,
        known: Option<&Written>,
        entry: &Entry,
    ) -> Result<Written, CalendarError> {
        let Some(known) = known else {
            let url = self.object(calendar, &path(calendar, entry.key))?;
            let answer = self
                .send(&url, create(entry), (IF_NONE_MATCH, "*".to_owned()))
                .await?;
            return match answer.status {
                // It is our own, of an attempt whose answer was lost, or somebody else's.
                StatusCode::PRECONDITION_FAILED => match self.replace(&url, None, entry).await {
                    Err(CalendarError::Gone) => Err(CalendarError::IdTaken),
                    replaced => replaced,
                },
                StatusCode::CONFLICT | StatusCode::FORBIDDEN
                    if answer.condition().as_deref() == Some("no-uid-conflict") =>
                {
                    Err(CalendarError::IdTaken)
                }
                // Nextcloud keeps what was deleted for a while, and says so in words alone.
                StatusCode::BAD_REQUEST if answer.says("already exists") => {
                    Err(CalendarError::IdTaken)
                }
                StatusCode::CONFLICT => Err(CalendarError::Gone),
                _ => self.written(&url, answer.ok()?).await,
            };
        };
        self.replace(
            &self.object(calendar, &known.resource)?,
            known.etag.as_deref(),
            entry,
        )
        .await
    }

    /// Removes what was written. It may be gone already.
    ///
    /// # Errors
    ///
    /// Why it cannot be removed: `Changed` where somebody changed it since that version.
    pub async fn remove(&self, calendar: &str, written: &Written) -> Result<(), CalendarError> {
        let url = self.object(calendar, &written.resource)?;
        let request = Request {
            headers: written
                .etag
                .iter()
                .map(|etag| (IF_MATCH, matching(etag)))
                .collect(),
            ..Request::new("DELETE", &url)
        };
        match self.sender.send(&request).await?.ok() {
            Ok(_) | Err(CalendarError::Gone) => Ok(()),
            Err(problem) => Err(problem),
        }
    }

    /// What an event of ours says, and its version.
    ///
    /// # Errors
    ///
    /// `Gone` where it is not there any more, and others.
    pub async fn words(
        &self,
        calendar: &str,
        resource: &str,
        key: Uuid,
    ) -> Result<(Words, Option<String>), CalendarError> {
        let url = self.object(calendar, resource)?;
        let found = self.sender.send(&Request::new("GET", &url)).await?.ok()?;
        let words = entry::words(&found.body, key)?.ok_or(CalendarError::Gone)?;
        Ok((words, found.etag()))
    }

    /// Has an event of ours say something else, and leaves the rest of it.
    ///
    /// # Errors
    ///
    /// `Changed` where somebody changed it since, and others.
    pub async fn reword(
        &self,
        calendar: &str,
        known: &Written,
        key: Uuid,
        words: &Words,
    ) -> Result<Written, CalendarError> {
        let url = self.object(calendar, &known.resource)?;
        self.exchange(&url, known.etag.as_deref(), |object| {
            entry::reword(object, key, words)
        })
        .await
    }

    /// Writes an entry into an object that is there, if it is of this version.
    async fn replace(
        &self,
        url: &Url,
        etag: Option<&str>,
        entry: &Entry,
    ) -> Result<Written, CalendarError> {
        self.exchange(url, etag, |object| update(object, entry))
            .await
    }

    async fn exchange(
        &self,
        url: &Url,
        etag: Option<&str>,
        change: impl FnOnce(&[u8]) -> Result<Option<Vec<u8>>, CalendarError>,
    ) -> Result<Written, CalendarError> {
        let found = self.sender.send(&Request::new("GET", url)).await?.ok()?;
        let version = found.etag();
        if etag.is_some() && version.as_deref().map(strong) != etag.map(strong) {
            return Err(CalendarError::Changed);
        }
        let object = change(&found.body)?.ok_or(CalendarError::IdTaken)?;
        // Without a version, it must at least be there still.
        let version = version.map_or_else(|| "*".to_owned(), |version| matching(&version));
        match self.send(url, object, (IF_MATCH, version)).await? {
            answer if answer.status == StatusCode::PRECONDITION_FAILED => {
                Err(CalendarError::Changed)
            }
            answer => self.written(url, answer.ok()?).await,
        }
    }

    async fn send(
        &self,
        url: &Url,
        object: Vec<u8>,
        condition: (HeaderName, String),
    ) -> Result<Answer, CalendarError> {
        let request = Request {
            headers: vec![condition],
            body: Some(("text/calendar; charset=utf-8", object)),
            ..Request::new("PUT", url)
        };
        self.sender.send(&request).await
    }

    /// Where an entry lies now. A server that stores it otherwise than it was sent does not say the version; it is asked for.
    async fn written(&self, url: &Url, answer: Answer) -> Result<Written, CalendarError> {
        let etag = match answer.etag() {
            Some(etag) => Some(etag),
            None => self.version(url).await.ok().flatten(),
        };
        Ok(Written {
            resource: address::id(&self.base, url),
            etag,
        })
    }

    async fn version(&self, url: &Url) -> Result<Option<String>, CalendarError> {
        let body = r#"<?xml version="1.0" encoding="utf-8"?><d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>"#;
        let answer = self
            .sender
            .send(&Request::xml("PROPFIND", url, 0, body.to_owned()))
            .await?
            .ok()?;
        let found = xml::multistatus(&answer.body)?;
        Ok(found
            .responses
            .first()
            .and_then(|own| own.text(Namespace::Dav, "getetag")))
    }
}

/// A version as the server has it: a proxy that compresses its answers makes it a weak one.
fn strong(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag)
}

/// The condition that something is of this version. A weak one never matches by RFC 9110, and by some servers only as it is.
fn matching(etag: &str) -> String {
    match etag.strip_prefix("W/") {
        Some(strong) => format!("{strong}, {etag}"),
        None => etag.to_owned(),
    }
}
