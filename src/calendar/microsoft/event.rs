//! Events as Graph writes them, and as it is given them.

use chrono::{DateTime, Days, NaiveDateTime, SecondsFormat, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    calendar::{api, window},
    domain::external_calendar::{CalendarError, Entry, EventTime, Resource, Window},
};

/// The property by which an event of ours names its appointment: a set of our own, and a name in it.
pub(super) const MARKER: &str =
    "String {5f2b6b0e-6a0d-4d0f-9d5e-3c1f6f0b7a11} Name frontdesk-appointment";

/// The few fields of an event that are read; each may be missing.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    pub(super) id: Option<String>,
    pub(super) change_key: Option<String>,
    start: Option<Moment>,
    end: Option<Moment>,
    show_as: Option<String>,
    is_all_day: Option<bool>,
    is_cancelled: Option<bool>,
    response_status: Option<ResponseStatus>,
    transaction_id: Option<String>,
    series_master_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Moment {
    date_time: Option<String>,
    time_zone: Option<String>,
}

#[derive(Deserialize)]
struct ResponseStatus {
    response: Option<String>,
}

impl Item {
    /// What it is; without its event where that lies outside of the window.
    pub(super) fn resource(self, window: &Window) -> Result<Resource, CalendarError> {
        let event = window::event(self.time()?, self.is_busy(), window);
        Ok(Resource {
            id: api::id(self.id)?,
            key: None,
            series: self.series_master_id,
            etag: self.change_key,
            events: event.into_iter().collect(),
            is_deleted: false,
        })
    }

    /// Whether it was made with this key.
    pub(super) fn is_of(&self, key: Uuid) -> bool {
        self.transaction_id
            .as_ref()
            .is_some_and(|id| id.eq_ignore_ascii_case(&key.to_string()))
    }

    /// Whether it is at the time that an entry is, and as certain.
    pub(super) fn stands_as(&self, entry: &Entry) -> bool {
        let (start, end) = (entry.start, entry.end);
        self.time() == Ok(EventTime::Timed { start, end })
            && self.show_as.as_deref() == Some(show_as(entry))
    }

    fn time(&self) -> Result<EventTime, CalendarError> {
        self.time_if_any()
            // To leave it out would be to offer its time.
            .ok_or(CalendarError::Unreadable("an event has no time"))
    }

    fn time_if_any(&self) -> Option<EventTime> {
        let (start, end) = (self.start.as_ref()?, self.end.as_ref()?);
        if self.is_all_day == Some(true) {
            // Its midnights are days, whatever zone they claim to be in.
            let (first, end) = (start.local()?.date(), end.local()?.date());
            let least = first.checked_add_days(Days::new(1))?;
            let end = end.max(least);
            return Some(EventTime::Days { first, end });
        }
        let (start, end) = (start.utc()?, end.utc()?);
        let end = end.max(start);
        Some(EventTime::Timed { start, end })
    }

    fn is_busy(&self) -> bool {
        let response = self.response_status.as_ref();
        let is_missed = match response.and_then(|status| status.response.as_deref()) {
            Some("declined") => true,
            // Nobody is away for days because of an invitation that they have not answered.
            Some("notResponded") => self.is_all_day == Some(true),
            _ => false,
        };
        self.is_cancelled != Some(true)
            && !is_missed
            && !matches!(self.show_as.as_deref(), Some("free" | "workingElsewhere"))
    }
}

impl Moment {
    fn local(&self) -> Option<NaiveDateTime> {
        NaiveDateTime::parse_from_str(self.date_time.as_ref()?, "%Y-%m-%dT%H:%M:%S%.f").ok()
    }

    /// Every request asks for UTC.
    fn utc(&self) -> Option<DateTime<Utc>> {
        (self.time_zone.as_deref() == Some("UTC"))
            .then(|| self.local().map(|local| local.and_utc()))?
    }
}

/// A new event. A repeat with the same key makes no second one.
pub(super) fn inserted(entry: &Entry) -> Value {
    let mut body = fields(entry);
    body.insert("isReminderOn".to_owned(), json!(false));
    body.insert("transactionId".to_owned(), json!(entry.key));
    body.insert(
        "singleValueExtendedProperties".to_owned(),
        json!([{ "id": MARKER, "value": entry.appointment_id }]),
    );
    Value::Object(body)
}

/// What is ours of an event: the rest is its owner's. What an entry says nothing of is theirs as well.
pub(super) fn changed(entry: &Entry) -> Value {
    Value::Object(fields(entry))
}

fn fields(entry: &Entry) -> Map<String, Value> {
    let description = entry.description.as_ref();
    let fields = [
        ("subject", Some(json!(entry.title))),
        ("start", Some(moment(entry.start))),
        ("end", Some(moment(entry.end))),
        // Somebody may have made it last all day.
        ("isAllDay", Some(json!(false))),
        ("showAs", Some(json!(show_as(entry)))),
        (
            "location",
            entry
                .place
                .as_ref()
                .map(|place| json!({ "displayName": place })),
        ),
        (
            "body",
            description.map(|text| json!({ "contentType": "text", "content": text })),
        ),
    ];
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn show_as(entry: &Entry) -> &'static str {
    if entry.is_tentative {
        "tentative"
    } else {
        "busy"
    }
}

/// In UTC: of other zones only some names are taken.
fn moment(moment: DateTime<Utc>) -> Value {
    let text = moment.to_rfc3339_opts(SecondsFormat::Secs, true);
    json!({ "dateTime": text.trim_end_matches('Z'), "timeZone": "UTC" })
}
