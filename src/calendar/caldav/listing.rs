//! What a calendar has in a window, and what has changed in it (RFC 4791, RFC 6578).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use reqwest::StatusCode;
use url::Url;

use super::{
    Client, address,
    http::{Answer, Request},
    xml::{self, Multistatus, Namespace, Response},
};
use crate::{
    calendar::icalendar::{Contents, Reader},
    domain::external_calendar::{CalendarError, Listing, Resource, Window},
};
use Namespace::{CalDav, Dav};

/// How many objects are asked for at once.
const BATCH: usize = 100;

/// The most objects of a calendar.
const OBJECTS_LIMIT: usize = 50_000;

/// The most answers that together say what has changed.
const CHANGES_LIMIT: usize = 200;

/// The filter of events in a time; `{}` and `{}` are its ends.
const OVERLAPS: &str = r#"<c:time-range start="{from}" end="{to}"/>"#;

/// The filter of series. Not every server knows that an exception may lie where the series does not, so that all are asked for.
const REPEATS: &str = r#"<c:prop-filter name="RRULE"/>"#;

/// What has changed since a cursor.
#[derive(Default)]
struct Changes {
    changed: BTreeSet<String>,
    removed: BTreeSet<String>,
    cursor: Option<String>,
}

impl Client {
    /// What a calendar has in a window; with a cursor, only what has changed since.
    ///
    /// # Errors
    ///
    /// Why it cannot be listed; `CursorExpired` where it must be listed without the cursor.
    pub async fn list(
        &self,
        calendar: &str,
        window: &Window,
        cursor: Option<&str>,
    ) -> Result<Listing, CalendarError> {
        let mut url = self.collection(calendar)?;
        let changes = if let Some(cursor) = cursor {
            self.changes(&url, cursor).await?
        } else {
            // What changes after the token and before the list is told again next time; the other way round it would be lost.
            let cursor;
            (cursor, url) = self.sync_token(&url).await?;
            Changes {
                changed: self.objects(&url, window).await?,
                cursor,
                ..Changes::default()
            }
        };
        let mut reader = Reader::new(window, &self.addresses());
        let mut resources = self.fetch(&url, &changes.changed, &mut reader).await?;
        for id in changes.removed {
            resources.entry(id.clone()).or_insert_with(|| deleted(id));
        }
        Ok(Listing {
            is_full: cursor.is_none(),
            resources: resources.into_values().collect(),
            cursor: changes.cursor,
        })
    }

    /// From where the server tells what has changed, none where it cannot; and where the calendar lies by now.
    async fn sync_token(&self, url: &Url) -> Result<(Option<String>, Url), CalendarError> {
        let body = propfind("<d:sync-token/>");
        let answer = self
            .sender
            .send(&Request::xml("PROPFIND", url, 0, body))
            .await?
            .ok()?;
        let found = xml::multistatus(&answer.body)?;
        let own = found.responses.first();
        let token = own.and_then(|own| own.text(Dav, "sync-token"));
        Ok((token, address::collection(answer.url)))
    }

    async fn changes(&self, url: &Url, cursor: &str) -> Result<Changes, CalendarError> {
        let mut changes = Changes::default();
        let mut cursor = cursor.to_owned();
        for _ in 0..CHANGES_LIMIT {
            let body = format!(
                r#"<?xml version="1.0" encoding="utf-8"?><d:sync-collection xmlns:d="DAV:"><d:sync-token>{}</d:sync-token>
                <d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>"#,
                quick_xml::escape::escape(&*cursor)
            );
            let answer = self
                .sender
                .send(&Request::xml("REPORT", url, 0, body))
                .await?;
            // A listing as a whole tells what is wrong, if anything is.
            if is_unknown(answer.status) || answer.url != *url {
                return Err(CalendarError::CursorExpired);
            }
            let found = xml::multistatus(&answer.ok()?.body)?;
            let is_truncated = self.collect(url, &found, &mut changes);
            let next = found.sync_token.ok_or(CalendarError::CursorExpired)?;
            if !is_truncated {
                changes.cursor = Some(next);
                return Ok(changes);
            }
            // A server that goes on with the same would never end.
            if next == cursor || changes.changed.len() > OBJECTS_LIMIT {
                return Err(CalendarError::CursorExpired);
            }
            cursor = next;
        }
        Err(CalendarError::CursorExpired)
    }

    /// Collects what an answer says has changed, and says whether there is more.
    fn collect(&self, url: &Url, found: &Multistatus, changes: &mut Changes) -> bool {
        let mut is_truncated = false;
        for response in &found.responses {
            let Some(id) = self.id_of(url, response) else {
                is_truncated |= response.status == Some(507);
                continue;
            };
            if response.status == Some(404) {
                changes.changed.remove(&id);
                changes.removed.insert(id);
            } else {
                changes.removed.remove(&id);
                changes.changed.insert(id);
            }
        }
        is_truncated
    }

    /// The objects that may have events in a window.
    async fn objects(&self, url: &Url, window: &Window) -> Result<BTreeSet<String>, CalendarError> {
        // Days of other zones, and of events without one.
        let day =
            |day: Option<NaiveDate>| day.unwrap_or_default().format("%Y%m%dT000000Z").to_string();
        let overlaps = OVERLAPS
            .replace("{from}", &day(window.first.checked_sub_days(Days::new(2))))
            .replace("{to}", &day(window.last.checked_add_days(Days::new(3))));
        let mut objects = BTreeSet::new();
        for filter in [overlaps.as_str(), REPEATS] {
            let body = format!(
                r#"<?xml version="1.0" encoding="utf-8"?><c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
                <d:prop><d:getetag/></d:prop><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{filter}
                </c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"#
            );
            let answer = self
                .sender
                .send(&Request::xml("REPORT", url, 1, body))
                .await?;
            // A server that does not know the filter, or has no room for what it lets through.
            if is_unknown(answer.status) {
                return self.all_objects(url).await;
            }
            match self.ids(url, &answer.ok()?) {
                Err(CalendarError::TooLarge) => return self.all_objects(url).await,
                found => objects.extend(found?),
            }
        }
        Ok(objects)
    }

    async fn all_objects(&self, url: &Url) -> Result<BTreeSet<String>, CalendarError> {
        let request = Request::xml(
            "PROPFIND",
            url,
            1,
            propfind("<d:getetag/><d:resourcetype/>"),
        );
        self.ids(url, &self.sender.send(&request).await?.ok()?)
    }

    fn ids(&self, url: &Url, answer: &Answer) -> Result<BTreeSet<String>, CalendarError> {
        let found = xml::multistatus(&answer.body)?;
        if found.responses.len() > OBJECTS_LIMIT {
            return Err(CalendarError::TooLarge);
        }
        // A list that ends early would free what is busy.
        if found
            .responses
            .iter()
            .any(|response| response.status == Some(507))
        {
            return Err(CalendarError::TooLarge);
        }
        // A server that names itself otherwise than it was reached would seem to have nothing.
        let is_here = |response: &Response| {
            let found = address::resolve(url, &response.href).map(address::collection);
            found.is_some_and(|it| it.origin() == url.origin() && it.path().starts_with(url.path()))
        };
        if !found.responses.is_empty() && !found.responses.iter().any(is_here) {
            return Err(CalendarError::Unreadable("the objects lie elsewhere"));
        }
        let there = found
            .responses
            .iter()
            .filter(|response| response.status.is_none_or(|status| status < 300));
        Ok(there
            .filter_map(|response| self.id_of(url, response))
            .collect())
    }

    /// The id of an object in a collection; none of the collection itself, of one in it, or of what lies elsewhere.
    fn id_of(&self, url: &Url, response: &Response) -> Option<String> {
        let object = address::resolve(url, &response.href)?;
        let is_in = object.origin() == url.origin()
            && object.path().starts_with(url.path())
            && object.path() != url.path()
            && !object.path().ends_with('/');
        is_in.then(|| address::id(&self.base, &object))
    }

    /// Reads objects, so many at once as an answer holds.
    async fn fetch(
        &self,
        url: &Url,
        ids: &BTreeSet<String>,
        reader: &mut Reader,
    ) -> Result<BTreeMap<String, Resource>, CalendarError> {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut batches: Vec<Vec<&str>> = ids.chunks(BATCH).rev().map(<[_]>::to_vec).collect();
        let mut resources = BTreeMap::new();
        let (mut unreadable, mut is_owner_known) = (0, false);
        while let Some(mut batch) = batches.pop() {
            let is_one = batch.len() == 1;
            match self.fetch_batch(url, &batch).await {
                Err(CalendarError::TooLarge) if !is_one => {}
                found => {
                    let found = found?;
                    if !is_owner_known && found.responses.iter().any(has_guests) {
                        is_owner_known = true;
                        let addresses = self.invited_as(url).await?;
                        if !addresses.is_empty() {
                            reader.invited_as(addresses);
                        }
                    }
                    unreadable += self.read_batch(url, &batch, &found, reader, &mut resources)?;
                }
            }
            batch.retain(|id| !resources.contains_key(*id));
            match batch.as_slice() {
                [] => {}
                // Deleted since it was listed.
                [id] if is_one => {
                    resources.insert((*id).to_owned(), deleted((*id).to_owned()));
                }
                // What an answer had no room for.
                rest => {
                    let halves = rest.chunks(rest.len().div_ceil(2)).rev();
                    batches.extend(halves.map(<[_]>::to_vec));
                }
            }
        }
        if unreadable > 0 {
            tracing::warn!(
                calendar.unreadable = unreadable,
                "events of a linked calendar cannot be read"
            );
        }
        Ok(resources)
    }

    async fn fetch_batch(&self, url: &Url, ids: &[&str]) -> Result<Multistatus, CalendarError> {
        let mut hrefs = String::new();
        for id in ids {
            let object = self.object(url.as_str(), id)?;
            hrefs = hrefs + "<d:href>" + &quick_xml::escape::escape(object.path()) + "</d:href>";
        }
        let body = format!(
            r#"<?xml version="1.0" encoding="utf-8"?><c:calendar-multiget xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">
            <d:prop><d:getetag/><c:calendar-data/></d:prop>{hrefs}</c:calendar-multiget>"#
        );
        let answer = self
            .sender
            .send(&Request::xml("REPORT", url, 1, body))
            .await?
            .ok()?;
        let found = xml::multistatus(&answer.body)?;
        let is_truncated = found.responses.iter().any(|it| it.status == Some(507));
        if is_truncated && ids.len() == 1 {
            return Err(CalendarError::TooLarge);
        }
        Ok(found)
    }

    /// Reads the objects of an answer, and counts what of them cannot be read.
    fn read_batch(
        &self,
        url: &Url,
        ids: &[&str],
        found: &Multistatus,
        reader: &mut Reader,
        resources: &mut BTreeMap<String, Resource>,
    ) -> Result<usize, CalendarError> {
        let mut unreadable = 0;
        for response in &found.responses {
            let Some(id) = self
                .id_of(url, response)
                .filter(|id| ids.contains(&id.as_str()))
            else {
                continue;
            };
            let resource = match response.prop(CalDav, "calendar-data") {
                Some(data) => {
                    let etag = response.text(Dav, "getetag");
                    let (resource, wrong) = read(&id, etag, data.text.as_bytes(), reader)?;
                    unreadable += wrong;
                    resource
                }
                None => match response.status.or(response.lacks) {
                    Some(404 | 410) if response.props.is_empty() => deleted(id.clone()),
                    Some(500..) => return Err(CalendarError::Unavailable("it failed")),
                    // One that it never gives keeps nobody from reading the others.
                    _ => {
                        unreadable += 1;
                        resource(&id, None, Contents::default())
                    }
                },
            };
            resources.insert(id, resource);
        }
        Ok(unreadable)
    }
}

/// Reads an object. One that is no iCalendar has no events, so that it keeps nobody from reading the others.
fn read(
    id: &str,
    etag: Option<String>,
    object: &[u8],
    reader: &mut Reader,
) -> Result<(Resource, usize), CalendarError> {
    let contents = match reader.read(object) {
        Err(CalendarError::Unreadable(_)) => None,
        contents => Some(contents?),
    };
    let unreadable = contents.as_ref().map_or(1, |contents| contents.unreadable);
    Ok((resource(id, etag, contents.unwrap_or_default()), unreadable))
}

fn resource(id: &str, etag: Option<String>, contents: Contents) -> Resource {
    Resource {
        id: id.to_owned(),
        key: contents.key,
        series: None,
        etag,
        events: contents.events,
        is_deleted: contents.is_cancelled,
    }
}

fn deleted(id: String) -> Resource {
    Resource {
        id,
        key: None,
        series: None,
        etag: None,
        events: Vec::new(),
        is_deleted: true,
    }
}

/// Whether an object has guests, of whom its owner may be one.
fn has_guests(response: &Response) -> bool {
    let data = response.prop(CalDav, "calendar-data");
    data.is_some_and(|data| data.text.contains("ATTENDEE"))
}

/// Whether the server does not know what it was asked for, or not any more, however it says so.
fn is_unknown(status: StatusCode) -> bool {
    match status.as_u16() {
        401 | 408 | 429 => false,
        500 | 501 | 507 => true,
        _ => status.is_client_error(),
    }
}

fn propfind(properties: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?><d:propfind xmlns:d="DAV:"><d:prop>{properties}</d:prop></d:propfind>"#
    )
}
