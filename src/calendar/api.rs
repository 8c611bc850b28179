//! An API that is asked with an access token: what its clients have in common.

use std::fmt;

use reqwest::{Client as Http, Method, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use url::Url;

use super::answer::{self, Answer};
use crate::domain::external_calendar::CalendarError;

/// The most events of a calendar.
pub(super) const MAX_EVENTS: usize = 50_000;

/// The most pages: some may be empty.
pub(super) const MAX_PAGES: usize = 200;

/// How much of a page is read, in bytes: an event takes about 600.
pub(super) const MAX_PAGE: usize = 8 * 1_024 * 1_024;

/// How much of any other answer is read, in bytes.
const MAX_ANSWER: usize = 256 * 1_024;

/// An API, signed in.
#[derive(Clone)]
pub(super) struct Api {
    /// It must follow no redirects: the token is for that host alone.
    pub http: Http,
    pub base: Url,
    pub access_token: SecretString,
    /// What every request has.
    pub headers: &'static [(&'static str, &'static str)],
    /// What a status of failure means.
    pub refusal: fn(&Answer) -> CalendarError,
}

impl fmt::Debug for Api {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Api")
    }
}

impl Api {
    /// A request, whose path is of these segments.
    pub fn request(&self, method: Method, path: &[&str]) -> Result<RequestBuilder, CalendarError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| CalendarError::Misconfigured("the address of the API"))?
            .pop_if_empty()
            .extend(path);
        Ok(self.authorized(method, url))
    }

    /// A request of a link that an answer brought, if it leads to the API itself.
    pub fn follow(&self, link: &str) -> Result<RequestBuilder, CalendarError> {
        link.parse::<Url>()
            .ok()
            .filter(|url| url.origin() == self.base.origin())
            .map(|url| self.authorized(Method::GET, url))
            .ok_or(CalendarError::Unreadable("the next page lies elsewhere"))
    }

    fn authorized(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self
            .http
            .request(method, url)
            .bearer_auth(self.access_token.expose_secret());
        let headers = self.headers.iter();
        headers.fold(request, |request, (name, value)| {
            request.header(*name, *value)
        })
    }

    /// Sends a request, and gives the answer of success.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, CalendarError> {
        self.send_for(request, MAX_ANSWER).await
    }

    /// Sends a request, and reads the answer.
    pub async fn get<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<T, CalendarError> {
        self.send(request).await?.read()
    }

    /// The same of a page of a list.
    pub async fn page<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
    ) -> Result<T, CalendarError> {
        self.send_for(request, MAX_PAGE).await?.read()
    }

    /// Removes what a request names. What is gone already is no error.
    pub async fn remove(&self, request: RequestBuilder) -> Result<(), CalendarError> {
        match self.send(request).await {
            Ok(_) | Err(CalendarError::Gone) => Ok(()),
            Err(problem) => Err(problem),
        }
    }

    async fn send_for(
        &self,
        request: RequestBuilder,
        max_bytes: usize,
    ) -> Result<Answer, CalendarError> {
        let answer = answer::send(request, max_bytes).await?;
        if answer.status.is_success() {
            Ok(answer)
        } else {
            Err((self.refusal)(&answer))
        }
    }
}

/// The id of something; an empty one is none.
pub(super) fn id(id: Option<String>) -> Result<String, CalendarError> {
    id.filter(|id| !id.is_empty())
        .ok_or(CalendarError::Unreadable("an event has no id"))
}
