//! The link in an e-mail that takes an emergency.
//!
//! It holds the page, sealed with the key that seals credentials and bound to its organization: nobody can make one, or turn
//! one into another's. It says nothing that somebody who comes by it could read.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{
    acknowledge::Way,
    incident::Status,
    reply::{self, Page, Wish},
};
use crate::{
    db::{Binding, Database, Sql},
    domain::{language::Language, phone::Phone},
    error::Result,
    keyring::{Keyring, Place, Sealed},
    sql,
};

const OF_LINK: Sql = sql!("page_of_link", [UUID, UUID]);

/// Under which name links are sealed.
const NAME: &str = "page_link";

/// A page that a link was made for.
#[derive(Clone, Debug)]
pub struct LinkedPage {
    /// The page.
    pub page: Page,
    /// Whom it was for.
    pub phone: Phone,
    /// Their language.
    pub language: Language,
}

/// Makes the link for a page; `None` without a key.
#[must_use]
pub fn make(
    keyring: &Keyring,
    base: &str,
    organization_id: Uuid,
    notification_id: Uuid,
) -> Option<String> {
    let place = Place {
        organization_id,
        name: NAME,
    };
    let sealed = keyring
        .seal(place, &SecretString::from(notification_id.to_string()))
        .ok()?;
    // Base64 has three letters that an address gives a meaning of their own.
    let token = sealed
        .text
        .replace('+', "-")
        .replace('/', "_")
        .replace('=', "");
    Some(format!(
        "{base}/oncall/{organization_id}/{}/{token}",
        sealed.key_id
    ))
}

/// Finds the page that a link was made for; `None` for one that nobody made.
///
/// # Errors
///
/// When the database fails.
pub async fn open(
    database: &Database,
    keyring: &Keyring,
    organization_id: Uuid,
    key_id: &str,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<LinkedPage>> {
    let Some(notification_id) = unseal(keyring, organization_id, key_id, token) else {
        return Ok(None);
    };
    let binding = Binding {
        organization_id,
        now,
    };
    let rows = database
        .read(&binding, &OF_LINK, &[&organization_id, &notification_id])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let phone: &str = row.try_get("phone_number").map_err(OF_LINK.shape())?;
    let status: &str = row.try_get("status").map_err(OF_LINK.shape())?;
    let language: &str = row.try_get("language_code").map_err(OF_LINK.shape())?;
    let Ok(phone) = Phone::parse(phone) else {
        return Ok(None);
    };
    Ok(Some(LinkedPage {
        page: Page {
            organization_id,
            incident_id: row.try_get("incident_id").map_err(OF_LINK.shape())?,
            code: row.try_get("code").map_err(OF_LINK.shape())?,
            status: Status::parse(status),
        },
        phone,
        language: Language::parse(language).unwrap_or(Language::English),
    }))
}

/// Takes the emergency of a link, and says what came of it.
///
/// # Errors
///
/// When the database fails; nobody has taken it then.
pub async fn take(database: &Database, linked: &LinkedPage, now: DateTime<Utc>) -> Result<String> {
    let (wish, way) = (Wish::Take, Way::Link);
    reply::answer(database, &linked.page, wish, &linked.phone, way, now).await
}

fn unseal(keyring: &Keyring, organization_id: Uuid, key_id: &str, token: &str) -> Option<Uuid> {
    let mut text = token.replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    let place = Place {
        organization_id,
        name: NAME,
    };
    let sealed = Sealed {
        text,
        key_id: key_id.to_owned(),
    };
    let opened = keyring.open(place, &sealed).ok()?;
    Uuid::parse_str(opened.expose_secret()).ok()
}
