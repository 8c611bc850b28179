//! The link in an e-mail that acknowledges an incident.
//!
//! It holds the page, sealed with the key that seals credentials and bound to its organization: nobody can forge one, or turn
//! one into another's. It says nothing that somebody who comes by it could read.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{
    acknowledge::{Responder, Standing, Way, look},
    incident::Page,
    reply::{self, Intent},
};
use crate::{
    db::{Binding, Database, Priority, Sql},
    domain::{language::Language, phone::Phone},
    error::Result,
    keyring::{Keyring, Place, Sealed},
    sql,
};

const OF_LINK: Sql = sql!("page_of_link", [UUID, UUID]);

/// Under which name links are sealed.
const NAME: &str = "page_link";

/// The page that a link names.
#[derive(Clone, Debug)]
pub struct LinkedPage {
    /// The page.
    pub page: Page,
    /// The contact, by their step of the escalation.
    pub step: i16,
    /// Their telephone, if they have one.
    pub phone: Option<Phone>,
    /// Their language.
    pub language: Language,
}

/// What the page behind a link can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To acknowledge the incident.
    Acknowledge,
    /// To say that it is done.
    Close,
    /// For nothing any more.
    Nothing,
}

impl LinkedPage {
    fn responder(&self) -> Responder<'_> {
        Responder {
            phone: self.phone.as_ref(),
            step: Some(self.step),
        }
    }
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

/// Finds the page that a link names; `None` for a link that is not of this service.
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
        .with_priority(Priority::Emergency)
        .read(&binding, &OF_LINK, &[&organization_id, &notification_id])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let phone: Option<&str> = OF_LINK.get(row, "phone_number")?;
    Ok(Some(LinkedPage {
        page: Page::of_row(&OF_LINK, row, organization_id)?,
        step: OF_LINK.get(row, "step")?,
        phone: phone.and_then(|text| Phone::parse(text).ok()),
        language: Language::stored(OF_LINK.get(row, "language_code")?),
    }))
}

/// What the page behind a link can be used for now.
///
/// # Errors
///
/// When the database fails.
pub async fn use_of(database: &Database, linked: &LinkedPage, now: DateTime<Utc>) -> Result<Use> {
    let standing = look(database, &linked.page, linked.responder(), now).await?;
    Ok(match standing {
        Standing::Open(_) => Use::Acknowledge,
        Standing::Theirs(_) => Use::Close,
        Standing::Others(_) | Standing::Closed(_) => Use::Nothing,
    })
}

/// Does what the button says, and says what came of it.
///
/// # Errors
///
/// When the database fails; nothing has happened then.
pub async fn press(
    database: &Database,
    linked: &LinkedPage,
    intent: Intent,
    now: DateTime<Utc>,
) -> Result<String> {
    let (page, responder) = (&linked.page, linked.responder());
    reply::answer(database, page, intent, responder, Way::Link, now).await
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
