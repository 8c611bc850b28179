//! OAuth 2.0 with PKCE (RFC 6749, 7636, 7009): how the owner of an account lets frontdesk into their calendars, for Google and Microsoft.
//!
//! A refresh token that is not taken any more is told apart from a registration that is wrong: the first only the owner of the account can
//! mend, the second only the operator of the service.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Client as Http, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::answer::{self, Answer};
use crate::domain::external_calendar::CalendarError;

/// How much of an answer is read, in bytes.
const MAX_ANSWER: usize = 64 * 1_024;

/// How long an access token is valid where the provider does not say so, which RFC 6749 allows and neither of them does.
const DEFAULT_LIFETIME: Duration = Duration::from_hours(1);

/// The longest that one is believed to be valid.
const MAX_LIFETIME: Duration = Duration::from_hours(24);

/// How many random bytes a state and a verifier have.
const RANDOM_BYTES: usize = 32;

/// A scope that asks for a refresh token; it is not among those that are granted.
const OFFLINE: &str = "offline_access";

/// How frontdesk is registered with a provider.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The client's id.
    pub client_id: String,
    /// Its secret; a public client of Microsoft has none.
    pub client_secret: Option<SecretString>,
    /// Where the owner is asked.
    pub authorize_url: Url,
    /// Where codes and refresh tokens are exchanged.
    pub token_url: Url,
    /// Where tokens are revoked; Microsoft knows no such thing.
    pub revoke_url: Option<Url>,
    /// What is asked for.
    pub scopes: &'static [&'static str],
    /// What else the provider must be told to give a refresh token.
    pub parameters: &'static [(&'static str, &'static str)],
}

/// One time that an owner is asked: kept until they come back, and used once.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Comes back with the code.
    pub state: SecretString,
    /// Is sent with the code, so that a stolen one is worth nothing.
    pub verifier: SecretString,
}

/// What an owner, or their refresh token, grants.
#[derive(Clone, Debug)]
pub struct Grant {
    /// For requests.
    pub access_token: SecretString,
    /// How long it is valid, from when it was asked for.
    pub expires_in: Duration,
    /// The next refresh token, where there is a new one: it takes the place of the one before.
    pub refresh_token: Option<SecretString>,
    /// What may be done; empty where the provider did not say so on a refresh.
    pub scopes: Vec<String>,
}

/// The machine gives no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the machine gives no random numbers")]
pub struct NoRandomness;

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Option<String>,
    refresh_token: Option<String>,
    expires_in: Option<serde_json::Value>,
    scope: Option<String>,
}

#[derive(Default, Deserialize)]
struct ErrorAnswer {
    error: Option<String>,
}

impl Attempt {
    /// A new one.
    ///
    /// # Errors
    ///
    /// When the machine gives no random numbers.
    pub fn new() -> Result<Self, NoRandomness> {
        Ok(Self {
            state: random()?,
            verifier: random()?,
        })
    }
}

impl Grant {
    /// What was asked for and not granted: an owner can untick it.
    #[must_use]
    pub fn missing(&self, registration: &Registration) -> Vec<&'static str> {
        let has = |asked: &str| {
            self.scopes
                .iter()
                .any(|granted| last_segment(granted).eq_ignore_ascii_case(last_segment(asked)))
        };
        registration
            .scopes
            .iter()
            .copied()
            .filter(|asked| *asked != OFFLINE && !has(asked))
            .collect()
    }
}

impl Registration {
    /// Where the owner is sent to be asked.
    #[must_use]
    pub fn authorization_url(&self, attempt: &Attempt, redirect_uri: &str) -> Url {
        let mut url = self.authorize_url.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", &self.scopes.join(" "))
            .append_pair("state", attempt.state.expose_secret())
            .append_pair("code_challenge", &challenge(&attempt.verifier))
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(self.parameters);
        url
    }

    /// Exchanges the code that an owner came back with. `redirect_uri` is the one that they were sent with.
    ///
    /// # Errors
    ///
    /// `Revoked` for a code that is not taken (any more), and others.
    pub async fn exchange(
        &self,
        http: &Http,
        code: &SecretString,
        verifier: &SecretString,
        redirect_uri: &str,
    ) -> Result<Grant, CalendarError> {
        let mut grant = self
            .grant(
                http,
                &[
                    ("grant_type", "authorization_code"),
                    ("code", code.expose_secret()),
                    ("code_verifier", verifier.expose_secret()),
                    ("redirect_uri", redirect_uri),
                ],
            )
            .await?;
        // RFC 6749, 5.1: it may be left out where it is what was asked for.
        if grant.scopes.is_empty() {
            grant.scopes = self.scopes.iter().map(ToString::to_string).collect();
        }
        Ok(grant)
    }

    /// Gets a new access token.
    ///
    /// # Errors
    ///
    /// `Revoked` where the refresh token is not taken any more, and others.
    pub async fn refresh(
        &self,
        http: &Http,
        refresh_token: &SecretString,
    ) -> Result<Grant, CalendarError> {
        self.grant(
            http,
            &[
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh_token.expose_secret()),
            ],
        )
        .await
    }

    /// Gives a token back, and with a refresh token all that came of it. One that is not valid any more is no error.
    ///
    /// # Errors
    ///
    /// When the provider could not be reached, or refuses.
    pub async fn revoke(&self, http: &Http, token: &SecretString) -> Result<(), CalendarError> {
        let Some(url) = &self.revoke_url else {
            return Ok(());
        };
        let request = http
            .post(url.clone())
            .form(&[("token", token.expose_secret())]);
        let answer = answer::send(request, MAX_ANSWER).await?;
        match problem(&answer) {
            None => Ok(()),
            Some((code, _)) if matches!(&*code, "invalid_token" | "invalid_grant") => Ok(()),
            Some((_, problem)) => Err(problem),
        }
    }

    async fn grant(&self, http: &Http, form: &[(&str, &str)]) -> Result<Grant, CalendarError> {
        let mut form = form.to_vec();
        form.push(("client_id", &self.client_id));
        if let Some(secret) = &self.client_secret {
            form.push(("client_secret", secret.expose_secret()));
        }
        let request = http.post(self.token_url.clone()).form(&form);
        let answer = answer::send(request, MAX_ANSWER).await?;
        if let Some((_, problem)) = problem(&answer) {
            return Err(problem);
        }
        read(answer)
    }
}

/// The challenge of a verifier, by S256.
#[must_use]
pub fn challenge(verifier: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose_secret()))
}

fn random() -> Result<SecretString, NoRandomness> {
    let mut bytes = [0_u8; RANDOM_BYTES];
    getrandom::fill(&mut bytes).map_err(|_unavailable| NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes).into())
}

/// Microsoft grants `https://graph.microsoft.com/Calendars.ReadWrite` for `Calendars.ReadWrite`.
fn last_segment(scope: &str) -> &str {
    scope.rsplit('/').next().unwrap_or(scope)
}

fn read(answer: Answer) -> Result<Grant, CalendarError> {
    let read: TokenAnswer = answer.read()?;
    let access_token = read
        .access_token
        .filter(|token| !token.is_empty())
        .ok_or(CalendarError::Unreadable("there is no access token"))?;
    let seconds = match &read.expires_in {
        Some(serde_json::Value::Number(number)) => number.as_u64(),
        Some(serde_json::Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    Ok(Grant {
        access_token: access_token.into(),
        expires_in: seconds
            .map_or(DEFAULT_LIFETIME, Duration::from_secs)
            .min(MAX_LIFETIME),
        refresh_token: read
            .refresh_token
            .filter(|token| !token.is_empty())
            .map(Into::into),
        scopes: read
            .scope
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
    })
}

/// The provider's word for what went wrong, and what that means; `None` if nothing did.
fn problem(answer: &Answer) -> Option<(String, CalendarError)> {
    if answer.status.is_success() {
        return None;
    }
    let told: ErrorAnswer = answer.read_if_any().unwrap_or_default();
    let code = told.error.unwrap_or_default();
    let problem = match code.as_str() {
        "invalid_grant"
        | "interaction_required"
        | "consent_required"
        | "login_required"
        | "admin_policy_enforced" => CalendarError::Revoked,
        "invalid_client" => CalendarError::Misconfigured("invalid_client"),
        "unauthorized_client" => CalendarError::Misconfigured("unauthorized_client"),
        "redirect_uri_mismatch" => CalendarError::Misconfigured("redirect_uri_mismatch"),
        "deleted_client" => CalendarError::Misconfigured("deleted_client"),
        "disabled_client" => CalendarError::Misconfigured("disabled_client"),
        "invalid_scope" => CalendarError::Misconfigured("invalid_scope"),
        "temporarily_unavailable" | "server_error" => CalendarError::Unavailable("it failed"),
        // Not `Unauthorized`: there is no token that could be refreshed.
        _ if answer.status == StatusCode::UNAUTHORIZED => {
            CalendarError::Misconfigured("the client is not taken")
        }
        code => answer::refusal(answer, Some(code)),
    };
    Some((code, problem))
}

#[cfg(test)]
mod tests;
