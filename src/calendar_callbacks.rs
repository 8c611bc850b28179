//! What providers of calendars send to this service: owners who agreed, and that something changed in a calendar.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, REFERRER_POLICY, RETRY_AFTER},
    web::{Data, Path, Query},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    body::SmallBody,
    calendar::{calendly, google::Notification, microsoft},
    clock::Clock,
    db::{Binding, Database, Priority, Sql},
    error::{Error, Result},
    keyring::{Keyring, Place, Sealed},
    sql,
};

/// Where owners who were asked for their consent come back.
pub const CALLBACK: &str = "/calendar/oauth/callback";

/// Under which name the code that they bring is sealed.
pub const CODE: &str = "calendar_consent";

/// The longest code, state or refusal that is read.
const MAX_VALUE: usize = 2_048;

const FIND: Sql = sql!("organization_of_consent", [BYTEA, TIMESTAMPTZ]);
const STORE: Sql = sql!("store_consent", [UUID, BYTEA, TEXT, TEXT, TEXT]);
const KEY: Sql = sql!("calendar_channel_key", [TEXT]);
const ANNOUNCE: Sql = sql!("announce_calendar_change", [TEXT, BYTEA, TIMESTAMPTZ, BOOL]);

/// What the handlers share.
#[derive(Clone)]
pub struct CalendarCallbacks {
    /// The database.
    pub database: Database,
    /// What seals codes.
    pub keyring: Keyring,
    /// The clock of the rules.
    pub clock: Clock,
}

/// What an owner comes back with.
#[derive(Deserialize)]
pub struct Consent {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// Takes what an owner comes back with, for the command that asked them.
pub async fn consent(
    callbacks: Data<CalendarCallbacks>,
    consent: std::result::Result<Query<Consent>, actix_web::Error>,
) -> HttpResponse {
    let Ok(Query(consent)) = consent else {
        return page(400, "This address is not complete. Run the command again.");
    };
    match callbacks.store(consent).await {
        Ok(true) => page(
            200,
            "Thank you. You can close this page; the command goes on.",
        ),
        Ok(false) => page(
            404,
            "Nobody waits for this consent any more. Run the command again.",
        ),
        Err(error) => {
            tracing::error!(
                error = error.chain(),
                "the consent of a calendar's owner could not be stored"
            );
            page(
                503,
                "This cannot be stored now. Open the page again in a minute.",
            )
        }
    }
}

/// Takes the word of Google that something changed in a calendar.
pub async fn google(callbacks: Data<CalendarCallbacks>, request: HttpRequest) -> HttpResponse {
    let header = |name: &str| request.headers().get(name)?.to_str().ok();
    let Some(notification) = Notification::from_headers(header) else {
        return HttpResponse::BadRequest().finish();
    };
    // That a channel is open says nothing of its calendar, which was read a moment ago.
    if notification.is_first {
        return HttpResponse::Accepted().finish();
    }
    let (channel, token) = (&notification.channel_id, &notification.token);
    answer(callbacks.announce(channel, token, None).await)
}

/// Takes the word of Microsoft that something changed in calendars, or became of their subscriptions; and its handshake.
pub async fn microsoft(
    callbacks: Data<CalendarCallbacks>,
    request: HttpRequest,
    body: SmallBody,
) -> HttpResponse {
    if let Some(token) = microsoft::handshake(request.query_string()) {
        return HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body(token);
    }
    let mut is_known = false;
    for notification in microsoft::Notification::from_body(body.bytes()) {
        let (id, state) = (&notification.subscription_id, &notification.client_state);
        match callbacks.announce(id, state, notification.lifecycle).await {
            Ok(known) => is_known |= known,
            Err(error) => return not_now(&error),
        }
    }
    answer(Ok(is_known))
}

/// Takes the word of Calendly that something was booked or cancelled.
pub async fn calendly(
    callbacks: Data<CalendarCallbacks>,
    channel: Path<String>,
    request: HttpRequest,
    body: SmallBody,
) -> HttpResponse {
    let signature = request.headers().get("calendly-webhook-signature");
    let signature = signature.and_then(|value| value.to_str().ok());
    let key = match callbacks.signing_key(&channel).await {
        Ok(Some(key)) => key,
        // To this Calendly ends the subscription.
        Ok(None) => return HttpResponse::Gone().finish(),
        Err(error) => return not_now(&error),
    };
    let now = callbacks.clock.now();
    if !calendly::is_signed(signature.unwrap_or_default(), body.bytes(), &key, now) {
        return HttpResponse::Unauthorized().finish();
    }
    answer(callbacks.announce(&channel, &key, None).await)
}

/// The answer to an announcement: whether its channel is known.
fn answer(announced: Result<bool>) -> HttpResponse {
    match announced {
        Ok(true) => HttpResponse::Accepted().finish(),
        Ok(false) => HttpResponse::NotFound().finish(),
        Err(error) => not_now(&error),
    }
}

fn not_now(error: &Error) -> HttpResponse {
    tracing::error!(
        error = error.chain(),
        "a change of a calendar could not be noted; it is found when the calendar is read next"
    );
    HttpResponse::ServiceUnavailable()
        .insert_header((RETRY_AFTER, "10"))
        .finish()
}

impl CalendarCallbacks {
    async fn store(&self, consent: Consent) -> Result<bool> {
        let Some(state) = consent.state.filter(|state| state.len() <= MAX_VALUE) else {
            return Ok(false);
        };
        let state = Sha256::digest(state).to_vec();
        let database = self.database.with_priority(Priority::Read);
        let found = database
            .read_unbound(&FIND, &[&state, &self.clock.now()])
            .await?;
        let organization_id: Option<Uuid> = match found.first() {
            Some(row) => row.try_get(0).map_err(FIND.shape())?,
            None => None,
        };
        let Some(organization_id) = organization_id else {
            return Ok(false);
        };
        let place = Place {
            organization_id,
            name: CODE,
        };
        let code = consent.code.filter(|code| code.len() <= MAX_VALUE);
        let sealed = code
            .map(|code| self.keyring.seal(place, &SecretString::from(code)))
            .transpose()
            .map_err(STORE.shape())?;
        let refusal = match &sealed {
            Some(_) => None,
            None => Some(refusal(consent.error.as_deref())),
        };
        let binding = Binding {
            organization_id,
            now: self.clock.now(),
        };
        let rows = database
            .transaction(&binding, async |transaction| {
                transaction
                    .query(
                        &STORE,
                        &[
                            &organization_id,
                            &state,
                            &sealed.as_ref().map(|sealed| &sealed.text),
                            &sealed.as_ref().map(|sealed| &sealed.key_id),
                            &refusal,
                        ],
                    )
                    .await
            })
            .await?;
        Ok(!rows.is_empty())
    }

    /// What the messages of a channel are signed with; `None` for one that is not ours, or not any more.
    async fn signing_key(&self, channel: &str) -> Result<Option<SecretString>> {
        let database = self.database.with_priority(Priority::Read);
        let rows = database.read_unbound(&KEY, &[&channel]).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let place = Place {
            organization_id: row.try_get("organization_id").map_err(KEY.shape())?,
            name: row.try_get("name").map_err(KEY.shape())?,
        };
        let sealed = Sealed {
            text: row.try_get("secret").map_err(KEY.shape())?,
            key_id: row.try_get("key_id").map_err(KEY.shape())?,
        };
        let key = self.keyring.open(place, &sealed);
        key.map(Some).map_err(KEY.shape())
    }

    async fn announce(
        &self,
        channel: &str,
        secret: &SecretString,
        lifecycle: Option<microsoft::Lifecycle>,
    ) -> Result<bool> {
        use microsoft::Lifecycle::{Removed, Renew};
        let ends = matches!(lifecycle, Some(Renew | Removed));
        let secret = Sha256::digest(secret.expose_secret()).to_vec();
        let now = self.clock.now();
        let rows = self
            .database
            .with_priority(Priority::Read)
            .read_unbound(&ANNOUNCE, &[&channel, &secret, &now, &ends])
            .await?;
        match rows.first() {
            Some(row) => row.try_get(0).map_err(ANNOUNCE.shape()),
            None => Ok(false),
        }
    }
}

/// Why an owner did not agree, as the provider's word for it.
fn refusal(error: Option<&str>) -> String {
    let word: String = error
        .unwrap_or("no code")
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' '))
        .take(64)
        .collect();
    word
}

fn page(status: u16, words: &'static str) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status)
        .unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR);
    // The address has a code.
    HttpResponse::build(status)
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body(words)
}
