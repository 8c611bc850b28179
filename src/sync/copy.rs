//! Copies of appointments in linked calendars: what is to stand there, and what does.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_postgres::Row;
use uuid::Uuid;

use super::account::Account;
use crate::{
    db::{OrgTx, Sql},
    domain::{
        event_text::EventText,
        external_calendar::{Entry, Invitee, Words, Written},
    },
    error::Result,
    sql,
};

const FOLLOW: Sql = sql!("follow_calendar_event", [UUID, UUID]);
const CLAIM: Sql = sql!("claim_calendar_copy", [UUID, UUID, INT4]);
const INVITEE: Sql = sql!("calendly_invitee", [UUID, UUID]);
const EXPECT: Sql = sql!("expect_calendar_copy", [UUID, UUID, TEXT]);
const COMPLETE: Sql = sql!(
    "complete_calendar_copy",
    [UUID, UUID, TIMESTAMPTZ, TEXT, TEXT, JSONB]
);
const REWORD: Sql = sql!(
    "reword_calendar_copy",
    [UUID, UUID, TIMESTAMPTZ, TEXT, JSONB]
);
const REMOVE: Sql = sql!("remove_calendar_copy", [UUID, UUID, TIMESTAMPTZ]);
const RELEASE: Sql = sql!("release_calendar_copy", [UUID, UUID, TIMESTAMPTZ]);
const RETRY: Sql = sql!(
    "retry_calendar_copy",
    [UUID, UUID, TIMESTAMPTZ, TEXT, TIMESTAMPTZ, BOOL]
);

const REFUSE: Sql = sql!("refuse_calendar_copy", [UUID, UUID, TIMESTAMPTZ, INT4]);

/// How long a claim lasts, in seconds: longer than writing may take.
pub const LEASE_SECONDS: i32 = 61;

/// A copy that is due, claimed.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Which.
    pub id: Uuid,
    /// The calendar that it is in.
    pub link_id: Uuid,
    /// Where to sign in.
    pub account: Account,
    /// The provider's id of the calendar, or its path.
    pub calendar: String,
    /// By which id it is written.
    pub key: Uuid,
    /// Where it lies, if it was ever written, or begun to be.
    pub known: Option<Written>,
    /// What is to stand there; none: nothing.
    pub entry: Option<Entry>,
    /// When what was written ended, or ends.
    pub attempts: i32,
    state: Option<Value>,
    written: Option<Value>,
    claim: DateTime<Utc>,
}

/// What a copy needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: it is as it is to be.
    Nothing,
    /// To be written.
    Put,
    /// To say something else, and to be left as it is otherwise.
    Reword,
    /// To be removed.
    Remove,
}

/// Follows what somebody made of the event of a copy, where that is due.
///
/// # Errors
///
/// When the database fails.
pub async fn follow(transaction: &OrgTx, organization_id: Uuid, id: Uuid) -> Result<()> {
    transaction.query(&FOLLOW, &[&organization_id, &id]).await?;
    Ok(())
}

/// Claims a copy that is due; `None` when somebody else has it, or its account is not connected.
///
/// # Errors
///
/// When the database fails.
pub async fn claim(transaction: &OrgTx, organization_id: Uuid, id: Uuid) -> Result<Option<Copy>> {
    let rows = transaction
        .query(&CLAIM, &[&organization_id, &id, &LEASE_SECONDS])
        .await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let mut copy = read(row, organization_id, id)?;
    if let (Some(entry), "calendly") = (&mut copy.entry, copy.account.provider.as_str()) {
        // Nothing else of it can be changed there.
        if let Some(state) = copy.state.as_mut().and_then(Value::as_object_mut) {
            state.retain(|name, _| matches!(name.as_str(), "starts" | "zone" | "key"));
        }
        let rows = transaction
            .query(&INVITEE, &[&organization_id, &id])
            .await?;
        entry.invitee = rows.first().map(invitee).transpose()?;
    }
    Ok(Some(copy))
}

fn invitee(row: &Row) -> Result<Invitee> {
    Ok(Invitee {
        event_type: row.try_get("event_type").map_err(INVITEE.shape())?,
        email: row.try_get("email").map_err(INVITEE.shape())?,
        name: row.try_get("name").map_err(INVITEE.shape())?,
    })
}

fn read(row: &Row, organization_id: Uuid, id: Uuid) -> Result<Copy> {
    let link_id: Uuid = row.try_get("link_id").map_err(CLAIM.shape())?;
    let original: Uuid = row.try_get("original_id").map_err(CLAIM.shape())?;
    let generation: i16 = row.try_get("generation").map_err(CLAIM.shape())?;
    let resource: Option<String> = row.try_get("resource").map_err(CLAIM.shape())?;
    let written: Option<Value> = row.try_get("written").map_err(CLAIM.shape())?;
    let moved = written.as_ref().and_then(|written| written["key"].as_str());
    let key = moved
        .and_then(|key| key.parse().ok())
        .unwrap_or_else(|| key(original, link_id, generation));
    let etag: Option<String> = row.try_get("etag").map_err(CLAIM.shape())?;
    let is_wanted: bool = row.try_get("is_wanted").map_err(CLAIM.shape())?;
    let (entry, state) = if is_wanted {
        let entry = entry(row, original, key)?;
        let mut state = state(row, &entry)?;
        if let (Some(moved), Some(fields)) = (moved, state.as_object_mut()) {
            fields.insert("key".to_owned(), moved.into());
        }
        (Some(entry), Some(state))
    } else {
        (None, None)
    };
    Ok(Copy {
        id,
        link_id,
        account: Account::read(row, organization_id, &CLAIM)?,
        calendar: row.try_get("calendar").map_err(CLAIM.shape())?,
        key,
        known: resource.map(|resource| Written { resource, etag }),
        entry,
        attempts: row.try_get("attempts").map_err(CLAIM.shape())?,
        state,
        written,
        claim: row.try_get("claim").map_err(CLAIM.shape())?,
    })
}

/// The id by which an appointment is written: the same for each attempt, another one for each calendar and each time that it was deleted
/// there.
fn key(original: Uuid, link_id: Uuid, generation: i16) -> Uuid {
    let digest = Sha256::new()
        .chain_update(original)
        .chain_update(link_id)
        .chain_update(generation.to_be_bytes())
        .finalize();
    let mut bytes = [0_u8; 16];
    for (byte, hashed) in bytes.iter_mut().zip(digest) {
        *byte = hashed;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn entry(row: &Row, appointment_id: Uuid, key: Uuid) -> Result<Entry> {
    let text = |name: &str| -> Result<Option<String>> { row.try_get(name).map_err(CLAIM.shape()) };
    let zone: &str = row.try_get("zone").map_err(CLAIM.shape())?;
    let (service, customer) = (text("service")?, text("customer_name")?);
    let (description, phone) = (text("description")?, text("customer_phone")?);
    let words = EventText {
        service: service.as_deref(),
        customer: customer.as_deref(),
        description: description.as_deref(),
        phone: phone.as_deref(),
    };
    Ok(Entry {
        appointment_id,
        key,
        start: row.try_get("starts_at").map_err(CLAIM.shape())?,
        end: row.try_get("ends_at").map_err(CLAIM.shape())?,
        zone: zone.parse().map_err(CLAIM.shape())?,
        is_tentative: row.try_get("is_tentative").map_err(CLAIM.shape())?,
        title: words.title(),
        place: text("place")?,
        description: words.notes(),
        changed_at: row.try_get("changed_at").map_err(CLAIM.shape())?,
        invitee: None,
    })
}

/// What `private.calendar_copies.written` has of an entry: its time on the organization's clock, and hashes of its words.
fn state(row: &Row, entry: &Entry) -> Result<Value> {
    let minutes: i32 = row.try_get("minutes").map_err(CLAIM.shape())?;
    Ok(json!({
        "starts": starts(row)?,
        "minutes": minutes,
        "zone": entry.zone.name(),
        "is_tentative": entry.is_tentative,
        "text": entry.words().map(fingerprint),
    }))
}

/// By which a text is known again, however a provider breaks its lines.
fn fingerprint(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let digest = Sha256::digest(words.join(" "));
    hex::encode(digest.get(..8).unwrap_or_default())
}

/// When it starts on the organization's clock.
fn starts(row: &Row) -> Result<String> {
    let starts: NaiveDateTime = row.try_get("starts").map_err(CLAIM.shape())?;
    Ok(starts.format("%Y-%m-%dT%H:%M:%S").to_string())
}

impl Copy {
    /// What is to be done about it.
    #[must_use]
    pub fn need(&self) -> Need {
        match (&self.state, &self.known) {
            (Some(state), _) if self.differs(state, &["is_outdated"]) == Some(false) => {
                Need::Nothing
            }
            (Some(state), Some(_))
                if self.is_outdated()
                    && self.differs(state, &["is_outdated", "text"]) == Some(false) =>
            {
                Need::Reword
            }
            (Some(_), _) => Need::Put,
            (None, Some(_)) => Need::Remove,
            (None, None) => Need::Nothing,
        }
    }

    /// Whether what was written is another than a state in more than these; none where nothing was.
    fn differs(&self, state: &Value, but: &[&str]) -> Option<bool> {
        let (mut written, mut state) = (self.written.clone()?, state.clone());
        for fields in [&mut written, &mut state] {
            let fields = fields.as_object_mut()?;
            fields.retain(|name, _| !but.contains(&name.as_str()));
        }
        Some(written != state)
    }

    /// Whether it says more than it is to say, or less, since the organization decided so.
    fn is_outdated(&self) -> bool {
        self.written
            .as_ref()
            .is_some_and(|written| written["is_outdated"] == true)
    }

    /// The fingerprints of what was written, as far as they are known.
    fn fingerprints(&self) -> [Option<&str>; 3] {
        let written = self.written.as_ref().map(|written| &written["text"]);
        [0, 1, 2].map(|place| written?.get(place)?.as_str())
    }

    /// Whether it says something that it is to say nothing of any more: writing it leaves that to its owner.
    #[must_use]
    pub fn says_too_much(&self) -> bool {
        let Some(entry) = &self.entry else {
            return false;
        };
        let nothing = fingerprint("");
        self.written().is_some()
            && entry
                .words()
                .iter()
                .zip(self.fingerprints())
                .any(|(text, written)| {
                    text.is_empty() && written.is_some_and(|written| written != nothing)
                })
    }

    /// What is to be changed of what its event says: all that stands there as it was written.
    #[must_use]
    pub fn rewording(&self, found: &Words) -> Words {
        let Some(entry) = &self.entry else {
            return Words::default();
        };
        let found = [&found.title, &found.place, &found.description];
        let mut changes = entry
            .words()
            .into_iter()
            .zip(found)
            .zip(self.fingerprints())
            .map(|((text, found), written)| {
                let found = found.as_deref().unwrap_or_default();
                let is_ours = written.is_none_or(|written| written == fingerprint(found));
                (is_ours && fingerprint(found) != fingerprint(text)).then(|| text.to_owned())
            });
        Words {
            title: changes.next().flatten(),
            place: changes.next().flatten(),
            description: changes.next().flatten(),
        }
    }

    /// Stores that it says what it is to say, and releases it as it is otherwise.
    ///
    /// # Errors
    ///
    /// When the database fails; it is done again when the claim is over.
    pub async fn complete_rewording(&self, transaction: &OrgTx, etag: Option<&str>) -> Result<()> {
        transaction
            .query(
                &REWORD,
                &[
                    &self.account.organization_id,
                    &self.id,
                    &self.claim,
                    &etag,
                    &self.state,
                ],
            )
            .await?;
        self.release(transaction).await
    }

    /// Where it lies, if it was written before.
    #[must_use]
    pub fn written(&self) -> Option<&Written> {
        self.known.as_ref().filter(|_| self.written.is_some())
    }

    /// Stores under which id it is about to be written.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn expect(&self, transaction: &OrgTx, resource: &str) -> Result<()> {
        transaction
            .query(
                &EXPECT,
                &[&self.account.organization_id, &self.id, &resource],
            )
            .await?;
        Ok(())
    }

    /// Stores that it was written.
    ///
    /// # Errors
    ///
    /// When the database fails; it is written again when the claim is over.
    pub async fn complete(&self, transaction: &OrgTx, written: &Written) -> Result<()> {
        transaction
            .query(
                &COMPLETE,
                &[
                    &self.account.organization_id,
                    &self.id,
                    &self.claim,
                    &written.resource,
                    &written.etag,
                    &self.state,
                ],
            )
            .await?;
        Ok(())
    }

    /// Stores that nothing stands there any more.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn remove(&self, transaction: &OrgTx) -> Result<()> {
        transaction
            .query(
                &REMOVE,
                &[&self.account.organization_id, &self.id, &self.claim],
            )
            .await?;
        Ok(())
    }

    /// Releases it as it is.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn release(&self, transaction: &OrgTx) -> Result<()> {
        transaction
            .query(
                &RELEASE,
                &[&self.account.organization_id, &self.id, &self.claim],
            )
            .await?;
        Ok(())
    }

    /// Notes why it could not be written, and when it is tried again; under another id where this one is not free.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn retry(
        &self,
        transaction: &OrgTx,
        code: &str,
        again_at: Option<DateTime<Utc>>,
        with_new_id: bool,
    ) -> Result<()> {
        transaction
            .query(
                &RETRY,
                &[
                    &self.account.organization_id,
                    &self.id,
                    &self.claim,
                    &code,
                    &again_at,
                    &with_new_id,
                ],
            )
            .await?;
        Ok(())
    }

    /// Gives it up because the provider refuses it for good; the staff are told, once for its calendar.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn refuse(&self, transaction: &OrgTx, status: u16) -> Result<()> {
        let (organization, status) = (&self.account.organization_id, i32::from(status));
        transaction
            .query(&REFUSE, &[organization, &self.id, &self.claim, &status])
            .await?;
        Ok(())
    }
}
