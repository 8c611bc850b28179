//! Refreshes access tokens, by one at a time: a provider may give another refresh token each time, so that two who refresh at once would lose
//! the account.

use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};

use super::{client::Calendars, tokens::Token};
use crate::{
    calendar::oauth::{Grant, Registration},
    db::Binding,
    domain::external_calendar::CalendarError,
    sync::account::Account,
};

/// How long another instance is given to refresh.
const BUSY: Duration = Duration::from_secs(5);

impl Calendars {
    /// A valid access token; another one than `refused`, which the provider did not take.
    pub(super) async fn access_token(
        &self,
        account: &Account,
        registration: &Registration,
        refused: Option<&SecretString>,
    ) -> Result<SecretString, CalendarError> {
        let entry = self.tokens.entry(account.id);
        let mut token = entry.lock().await;
        if let Some(known) = &*token
            && known.until > Instant::now()
            && refused.is_none_or(|refused| refused.expose_secret() != known.secret.expose_secret())
        {
            return Ok(known.secret.clone());
        }
        let grant = self.refresh(account, registration).await?;
        let fresh = Token::of(&grant);
        let secret = fresh.secret.clone();
        *token = Some(fresh);
        Ok(secret)
    }

    /// Refreshes under a claim of the account, with the credential that is stored then: another instance may have replaced it.
    async fn refresh(
        &self,
        account: &Account,
        registration: &Registration,
    ) -> Result<Grant, CalendarError> {
        let Some(database) = &self.database else {
            let credential = self.credential(account)?;
            return registration.refresh(&self.http, &credential).await;
        };
        let binding = Binding {
            organization_id: account.organization_id,
            now: self.clock.now(),
        };
        let claimed = database
            .transaction(&binding, async |transaction| {
                account.claim(transaction).await
            })
            .await
            .map_err(|error| unavailable(&error))?
            .ok_or(CalendarError::Limited {
                retry_after: Some(BUSY),
            })?;
        let refreshed = match self.credential(&claimed) {
            Ok(credential) => registration.refresh(&self.http, &credential).await,
            Err(problem) => Err(problem),
        };
        let next = refreshed
            .as_ref()
            .ok()
            .and_then(|grant| grant.refresh_token.as_ref());
        let sealed = next
            .map(|secret| claimed.seal(&self.keyring, secret))
            .transpose()
            .map_err(|_no_key| CalendarError::Misconfigured("credential"))?;
        database
            .transaction(&binding, async |transaction| {
                claimed.release(transaction, sealed.as_ref()).await
            })
            .await
            .map_err(|error| unavailable(&error))?;
        refreshed
    }
}

fn unavailable(error: &crate::error::Error) -> CalendarError {
    tracing::error!(
        error = error.chain(),
        "a refreshed credential of a calendar could not be stored"
    );
    CalendarError::Unavailable("database")
}
