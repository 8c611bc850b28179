//! Calendars that are linked: when each is read, and what it said.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SecondsFormat, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use super::account::Account;
use crate::{
    db::{OrgTx, Sql},
    domain::external_calendar::{Event, EventTime, Listing, Window},
    error::Result,
    keyring::{Keyring, Place},
    sql,
};

/// Claims a link: its organization, itself, [`LEASE_SECONDS`]. A row is read with [`Link::read`].
pub const CLAIM: Sql = sql!("claim_calendar", [UUID, UUID, INT4]);
/// Applies a listing: [`Application::params`]. Its row is read with [`Applied::read`].
pub const APPLY: Sql = sql!(
    "apply_calendar_listing",
    [UUID, UUID, TIMESTAMPTZ, BOOL, JSONB, TEXT, DATE, DATE]
);
const FAIL: Sql = sql!(
    "fail_calendar",
    [UUID, UUID, TIMESTAMPTZ, TEXT, TIMESTAMPTZ]
);
const STORE_CHANNEL: Sql = sql!(
    "store_calendar_channel",
    [UUID, UUID, TEXT, BYTEA, TEXT, TIMESTAMPTZ, TEXT, TEXT]
);

/// How long a claim lasts, in seconds: longer than reading a calendar may take.
pub const LEASE_SECONDS: i32 = 300;

/// The longest id that is stored as it is, in bytes; an index takes no more than two and a half times as many.
const MAX_ID: usize = 1_024;

/// A linked calendar that is to be read now, and by nobody else.
#[derive(Clone, Debug)]
pub struct Link {
    /// Which.
    pub id: Uuid,
    /// Where to sign in.
    pub account: Account,
    /// The provider's id of the calendar, or its path.
    pub calendar: String,
    /// From where what has changed is asked for; none: everything is.
    pub cursor: Option<String>,
    /// Which days.
    pub window: Window,
    /// What of ours is booked there, at Calendly.
    pub booked: Vec<String>,
    /// How often in a row it failed before.
    pub failures: i32,
    /// The channel that announces its changes.
    pub channel: Option<Channel>,
    claim: DateTime<Utc>,
}

/// What announces that a calendar changed.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its id, which is ours.
    pub id: String,
    /// What it watches, by which it is closed; empty where the provider opens none for the account.
    pub resource: String,
    /// When it closes by itself.
    pub expires_at: DateTime<Utc>,
}

/// A listing that is to be applied.
pub struct Application<'a> {
    link: &'a Link,
    listing: &'a Listing,
    resources: Value,
}

/// What applying a listing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// How many events are busy now.
    pub events: i32,
    /// How many blocks of time to come they make.
    pub blocks: i32,
    /// How many appointments they overlap.
    pub conflicts: i32,
}

/// Claims a linked calendar that is due; `None` when somebody else has it, or it is not to be read.
///
/// # Errors
///
/// When the database fails.
pub async fn claim(transaction: &OrgTx, organization_id: Uuid, id: Uuid) -> Result<Option<Link>> {
    let rows = transaction
        .query(&CLAIM, &[&organization_id, &id, &LEASE_SECONDS])
        .await?;
    rows.first()
        .map(|row| Link::read(row, organization_id, id))
        .transpose()
}

impl Link {
    /// Reads a row of [`CLAIM`].
    ///
    /// # Errors
    ///
    /// When it is not one.
    pub fn read(row: &Row, organization_id: Uuid, id: Uuid) -> Result<Self> {
        let zone: &str = row.try_get("zone").map_err(CLAIM.shape())?;
        Ok(Self {
            id,
            account: Account::read(row, organization_id, &CLAIM)?,
            calendar: row.try_get("calendar").map_err(CLAIM.shape())?,
            cursor: row.try_get("since").map_err(CLAIM.shape())?,
            window: Window {
                first: row.try_get("first").map_err(CLAIM.shape())?,
                last: row.try_get("last").map_err(CLAIM.shape())?,
                zone: zone.parse().map_err(CLAIM.shape())?,
            },
            booked: row.try_get("booked").map_err(CLAIM.shape())?,
            failures: row.try_get("failures").map_err(CLAIM.shape())?,
            channel: Channel::of(row, &CLAIM)?,
            claim: row.try_get("claim").map_err(CLAIM.shape())?,
        })
    }

    /// What applying a listing takes.
    #[must_use]
    pub fn application<'a>(&'a self, listing: &'a Listing) -> Application<'a> {
        Application {
            link: self,
            listing,
            resources: resources(listing, &self.window),
        }
    }

    /// Applies what the calendar said; `None` when somebody else has claimed it meanwhile.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn apply(&self, transaction: &OrgTx, listing: &Listing) -> Result<Option<Applied>> {
        let application = self.application(listing);
        let rows = transaction.query(&APPLY, &application.params()).await?;
        Ok(rows.first().map(Applied::read).transpose()?.flatten())
    }

    /// Stores the channel that announces its changes from now on, with the SHA-256 of its secret where it is a new one; sealed as well where the
    /// provider signs with it.
    ///
    /// # Errors
    ///
    /// When the database fails, or there is no key.
    pub async fn store_channel(
        &self,
        transaction: &OrgTx,
        channel: &Channel,
        secret: Option<&SecretString>,
        keyring: &Keyring,
    ) -> Result<()> {
        let hash = secret.map(|secret| Sha256::digest(secret.expose_secret()).to_vec());
        let place = Place {
            organization_id: self.account.organization_id,
            name: &format!("calendar/{}", self.id),
        };
        let sealed = secret
            .filter(|_| self.account.provider == "calendly")
            .map(|secret| keyring.seal(place, secret))
            .transpose()
            .map_err(STORE_CHANNEL.shape())?;
        transaction
            .query(
                &STORE_CHANNEL,
                &[
                    &self.account.organization_id,
                    &self.id,
                    &channel.id,
                    &hash,
                    &channel.resource,
                    &channel.expires_at,
                    &sealed.as_ref().map(|sealed| &sealed.text),
                    &sealed.as_ref().map(|sealed| &sealed.key_id),
                ],
            )
            .await?;
        Ok(())
    }

    /// Notes why it could not be read, and when it is tried again.
    ///
    /// # Errors
    ///
    /// When the database fails; it is tried again when the claim is over.
    pub async fn fail(
        &self,
        transaction: &OrgTx,
        code: &str,
        again_at: DateTime<Utc>,
    ) -> Result<()> {
        transaction
            .query(
                &FAIL,
                &[
                    &self.account.organization_id,
                    &self.id,
                    &self.claim,
                    &code,
                    &again_at,
                ],
            )
            .await?;
        Ok(())
    }
}

impl Channel {
    /// Reads it from a row of a statement that brings its columns; `None` where no channel is open.
    ///
    /// # Errors
    ///
    /// When the row has no such columns.
    pub fn of(row: &Row, statement: &Sql) -> Result<Option<Self>> {
        let id: Option<String> = row.try_get("channel_id").map_err(statement.shape())?;
        let resource: Option<String> =
            row.try_get("channel_resource").map_err(statement.shape())?;
        let expires_at: Option<DateTime<Utc>> = row
            .try_get("channel_expires_at")
            .map_err(statement.shape())?;
        Ok(id
            .zip(resource)
            .zip(expires_at)
            .map(|((id, resource), expires_at)| Self {
                id,
                resource,
                expires_at,
            }))
    }
}

impl Application<'_> {
    /// The parameters of [`APPLY`].
    #[must_use]
    pub fn params(&self) -> [&(dyn ToSql + Sync); 8] {
        [
            &self.link.account.organization_id,
            &self.link.id,
            &self.link.claim,
            &self.listing.is_full,
            &self.resources,
            &self.listing.cursor,
            &self.link.window.first,
            &self.link.window.last,
        ]
    }
}

impl Applied {
    /// Reads the row of [`APPLY`]; `None` when somebody else has claimed the link meanwhile.
    ///
    /// # Errors
    ///
    /// When it is not one.
    pub fn read(row: &Row) -> Result<Option<Self>> {
        if !row
            .try_get::<_, bool>("is_applied")
            .map_err(APPLY.shape())?
        {
            return Ok(None);
        }
        Ok(Some(Self {
            events: row.try_get("events").map_err(APPLY.shape())?,
            blocks: row.try_get("blocks").map_err(APPLY.shape())?,
            conflicts: row.try_get("conflicts").map_err(APPLY.shape())?,
        }))
    }
}

/// The resources of a listing, as `private.apply_calendar_listing()` takes them.
fn resources(listing: &Listing, window: &Window) -> Value {
    listing
        .resources
        .iter()
        .map(|resource| {
            json!({
                "id": bounded(&resource.id),
                "key": resource.key,
                "series": resource.series.as_deref().map(bounded),
                "etag": resource.etag,
                "is_deleted": resource.is_deleted,
                "events": resource.events.iter().map(|found| event(found, window)).collect::<Vec<_>>(),
            })
        })
        .collect()
}

/// An id that an index takes: one that is too long, or that is no text for the database, by its hash. None of ours is.
fn bounded(id: &str) -> Cow<'_, str> {
    if id.len() <= MAX_ID && !id.contains('\0') {
        return Cow::Borrowed(id);
    }
    Cow::Owned(format!("sha256:{}", hex::encode(Sha256::digest(id))))
}

fn event(event: &Event, window: &Window) -> Value {
    let Event {
        instance,
        time,
        is_busy,
    } = event;
    let instance = bounded(instance);
    let (from, to) = bounds(window);
    match time {
        EventTime::Timed { start, end } => {
            let moment = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
            let (from, to) = (moment(from), moment(to));
            let (start, end) = ((*start).clamp(from, to), (*end).clamp(from, to));
            json!({
                "instance": instance,
                "is_busy": *is_busy && start < end,
                "starts": written(start),
                "ends": written(end.max(start)),
            })
        }
        EventTime::Days { first, end } => {
            let (first, end) = ((*first).clamp(from, to), (*end).clamp(from, to));
            json!({
                "instance": instance,
                "is_busy": *is_busy && first < end,
                "first": first,
                "end": end.max(first),
            })
        }
    }
}

/// Beyond which days nothing of an event is stored: some last for thousands of years, and each of its days is a row. These are years as a
/// whole, so that what is stored does not change each night with the window.
fn bounds(window: &Window) -> (NaiveDate, NaiveDate) {
    let year = |day: NaiveDate, years: i32| NaiveDate::from_ymd_opt(day.year() + years, 1, 1);
    (
        year(window.first, -1).unwrap_or(window.first),
        year(window.last, 2).unwrap_or(window.last),
    )
}

fn written(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}
