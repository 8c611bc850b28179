//! Access tokens of accounts that are connected by OAuth, kept while they are valid.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use secrecy::SecretString;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::calendar::oauth::Grant;

/// How long before its end a token is not used any more.
const MARGIN: Duration = Duration::from_mins(1);

/// The access tokens of this process.
#[derive(Clone, Default)]
pub(super) struct Tokens(Arc<std::sync::Mutex<HashMap<Uuid, Entry>>>);

/// The token of an account, if it has one; whoever refreshes it has it locked.
pub(super) type Entry = Arc<Mutex<Option<Token>>>;

/// An access token.
pub(super) struct Token {
    pub(super) secret: SecretString,
    /// Until when it is used.
    pub(super) until: Instant,
}

impl Tokens {
    /// The one of an account.
    pub(super) fn entry(&self, account: Uuid) -> Entry {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(entries.entry(account).or_default())
    }

    /// Keeps a token that was granted just now.
    pub(super) async fn keep(&self, account: Uuid, grant: &Grant) {
        *self.entry(account).lock().await = Some(Token::of(grant));
    }
}

impl Token {
    /// One that was granted just now.
    pub(super) fn of(grant: &Grant) -> Self {
        Self {
            secret: grant.access_token.clone(),
            until: Instant::now() + grant.expires_in.saturating_sub(MARGIN),
        }
    }
}
