//! Vapi's REST API, as much of it as keeping the tools needs.
//!
//! Source: <https://docs.vapi.ai/api-reference/tools>.

use std::{fmt, time::Duration};

use reqwest::{Client, Response, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// How many tools or assistants are listed; Vapi gives at most so many at once.
const LIST_LIMIT: &str = "1000";

/// How much of an answer is read, in bytes.
const MAX_ANSWER: usize = 8 * 1_024 * 1_024;

/// How much of a refusal is shown, in characters.
const MAX_REASON: usize = 300;

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum AccountProblem {
    /// The client cannot be made.
    #[error("the client of Vapi's API cannot be made")]
    Client(#[source] reqwest::Error),
    /// No answer came.
    #[error("Vapi gave no answer")]
    NoAnswer(#[source] reqwest::Error),
    /// Vapi refused, in its own words.
    #[error("Vapi refused with status {status}: {reason}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// What Vapi said.
        reason: String,
    },
    /// The answer is not what Vapi's reference says.
    #[error("Vapi's answer cannot be read")]
    Unreadable,
}

/// An account at Vapi, opened by its private key.
pub struct Account {
    http: Client,
    base: Url,
    key: SecretString,
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Account")
    }
}

impl Account {
    /// The account at the API at `base`. It follows no redirects: the key is for that host alone.
    ///
    /// # Errors
    ///
    /// When the machine's certificates cannot be used.
    pub fn new(base: Url, key: SecretString) -> Result<Self, AccountProblem> {
        // Refused where one is chosen already, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(TIMEOUT)
            .build()
            .map_err(AccountProblem::Client)?;
        Ok(Self { http, base, key })
    }

    /// Its tools, of every kind.
    ///
    /// # Errors
    ///
    /// When Vapi does not answer with a list.
    pub async fn tools(&self) -> Result<Vec<Value>, AccountProblem> {
        self.list("tool").await
    }

    /// Its assistants.
    ///
    /// # Errors
    ///
    /// When Vapi does not answer with a list.
    pub async fn assistants(&self) -> Result<Vec<Value>, AccountProblem> {
        self.list("assistant").await
    }

    async fn list(&self, resource: &str) -> Result<Vec<Value>, AccountProblem> {
        let request = self
            .http
            .get(self.url(resource))
            .query(&[("limit", LIST_LIMIT)]);
        match self.send(request).await? {
            Value::Array(list) => Ok(list),
            _ => Err(AccountProblem::Unreadable),
        }
    }

    /// Makes a tool, and gives its id.
    ///
    /// # Errors
    ///
    /// When Vapi refuses it.
    pub async fn create(&self, tool: &Value) -> Result<String, AccountProblem> {
        let made = self
            .send(self.http.post(self.url("tool")).json(tool))
            .await?;
        let id = made.get("id").and_then(Value::as_str);
        id.map(str::to_owned).ok_or(AccountProblem::Unreadable)
    }

    /// Changes a tool.
    ///
    /// # Errors
    ///
    /// When Vapi refuses it.
    pub async fn update(&self, id: &str, tool: &Value) -> Result<(), AccountProblem> {
        let mut url = self.url("tool");
        if let Ok(mut path) = url.path_segments_mut() {
            path.push(id);
        }
        self.send(self.http.patch(url).json(tool)).await.map(drop)
    }

    fn url(&self, resource: &str) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(resource);
        }
        url
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, AccountProblem> {
        let response = request
            .bearer_auth(self.key.expose_secret())
            .send()
            .await
            .map_err(|error| AccountProblem::NoAnswer(error.without_url()))?;
        let status = response.status();
        let body = read(response).await?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|_unreadable| AccountProblem::Unreadable);
        }
        let said: Value = serde_json::from_slice(&body).unwrap_or_default();
        let reason = match said.get("message") {
            Some(Value::String(reason)) => reason.clone(),
            Some(reasons) => reasons.to_string(),
            None => String::from_utf8_lossy(&body).into_owned(),
        };
        Err(AccountProblem::Refused {
            status: status.as_u16(),
            reason: reason.chars().take(MAX_REASON).collect(),
        })
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, AccountProblem> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(AccountProblem::NoAnswer)? {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ANSWER {
            return Err(AccountProblem::Unreadable);
        }
    }
    Ok(body)
}
