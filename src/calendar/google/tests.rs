use super::{event::Item, *};
use crate::{
    calendar::any::{december, json},
    domain::external_calendar::EventTime,
};
use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use uuid::Uuid;

fn window() -> Window {
    december(chrono_tz::America::Denver)
}

fn item(value: Value) -> Item {
    serde_json::from_value(value).unwrap()
}

/// A client of a server that answers with these bodies, one after the other.
async fn client(bodies: Vec<String>) -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for body in bodies {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 4_096];
            let _ = stream.read(&mut head).await.unwrap();
            let length = body.len();
            let head =
                format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            drop(stream.write_all((head + &body).as_bytes()).await);
        }
    });
    Client::new(Http::new(), base.parse().unwrap(), "token".into())
}

#[tokio::test]
async fn a_page_without_a_token_is_the_last_one_and_one_that_leads_to_itself_is_refused() {
    let page = |token: &str| format!(r#"{{"nextPageToken": "{token}", "nextSyncToken": "1"}}"#);
    let last = client(vec![page("2"), page("")]).await;
    let listing = last.list("1", &window(), None).await.unwrap();
    assert_eq!(listing.cursor.as_deref(), Some("1"));
    let round = client(vec![page("2"), page("2")]).await;
    assert_eq!(
        round.list("1", &window(), None).await,
        Err(CalendarError::Unreadable("its pages go round"))
    );
}

#[test]
fn an_id_is_base32hex_of_its_key() {
    // As Python's base64.b32hexencode has it.
    let key = Uuid::from_bytes(*b"foobarfoobarfoob");
    assert_eq!(event_id(key), "cpnmuoj1e9j6urr2c5p6crrfc8");
    assert_eq!(event_id(Uuid::nil()), "0".repeat(26));
    assert_eq!(event_id(Uuid::max()), format!("{}s", "v".repeat(25)));
}

#[test]
fn an_event_that_is_not_deleted_must_have_a_time() {
    let cases = [
        json!({ "id": "1", "status": "confirmed" }),
        json!({ "id": "1", "status": "confirmed", "start": { "date": "2026-12-01" } }),
        json!({ "id": "1", "start": { "date": "2026-12-01" }, "end": { "dateTime": "2026-12-01T10:00:00Z" } }),
        json!({ "id": "1", "start": { "date": "12/1/2026" }, "end": { "date": "12/2/2026" } }),
        json!({ "start": { "date": "2026-12-01" }, "end": { "date": "2026-12-02" } }),
        json!({ "id": "", "status": "cancelled" }),
    ];
    for case in cases {
        let read = item(case.clone()).resource(&window());
        assert!(matches!(read, Err(CalendarError::Unreadable(_))), "{case}");
    }
    let bare = item(json!({ "id": "1" })).resource(&window()).unwrap();
    assert!(bare.is_deleted);
}

#[test]
fn an_end_before_the_start_takes_no_time() {
    let time = |start: &str, end: &str| json!({ "id": "1", "start": { "dateTime": start }, "end": { "dateTime": end } });
    let backwards = item(time("2026-12-01T10:00:00Z", "2026-12-01T09:00:00Z"));
    let event = backwards.resource(&window()).unwrap().events.remove(0);
    assert!(!event.is_busy);
    let day =
        json!({ "id": "1", "start": { "date": "2026-12-01" }, "end": { "date": "2026-12-01" } });
    let event = item(day).resource(&window()).unwrap().events.remove(0);
    let first = window().first;
    let end = first + TimeDelta::days(1);
    assert_eq!(
        (event.time, event.is_busy),
        (EventTime::Days { first, end }, true)
    );
}

#[tokio::test]
async fn a_calendar_with_too_many_events_is_refused() {
    let page = |events: std::ops::Range<u32>, next: &str| {
        let items: Vec<Value> = events.map(|id| json!({ "id": id.to_string() })).collect();
        json!({ "items": items, next: "token" }).to_string()
    };
    let most = |last: u32| {
        vec![
            page(0..30_000, "nextPageToken"),
            page(30_000..last, "nextSyncToken"),
        ]
    };
    let listed = client(most(50_001)).await.list("c", &window(), None).await;
    assert_eq!(listed, Err(CalendarError::TooLarge));
    let listed = client(most(50_001))
        .await
        .list("c", &window(), Some("token"))
        .await;
    assert_eq!(listed, Err(CalendarError::CursorExpired));
    let listed = client(most(50_000))
        .await
        .list("c", &window(), None)
        .await
        .unwrap();
    assert_eq!(listed.resources.len(), 50_000);
}

#[tokio::test]
async fn an_answer_that_is_too_long_or_no_json_is_refused() {
    let long = format!(
        "{{\"items\": [], \"other\": \"{}\"}}",
        "a".repeat(crate::calendar::api::MAX_PAGE)
    );
    let listed = client(vec![long]).await.list("c", &window(), None).await;
    assert_eq!(listed, Err(CalendarError::TooLarge));
    let listed = client(vec!["<html>".to_owned()])
        .await
        .list("c", &window(), None)
        .await;
    assert!(matches!(listed, Err(CalendarError::Unreadable(_))));
}

#[tokio::test]
async fn a_write_whose_answer_cannot_be_read_is_done() {
    let entry = Entry {
        appointment_id: Uuid::nil(),
        key: Uuid::nil(),
        start: chrono::DateTime::UNIX_EPOCH,
        end: chrono::DateTime::UNIX_EPOCH + TimeDelta::hours(1),
        zone: chrono_tz::UTC,
        is_tentative: false,
        title: "A".to_owned(),
        place: None,
        description: None,
        changed_at: chrono::DateTime::UNIX_EPOCH,
        invitee: None,
    };
    let written = client(vec!["<html>".to_owned()])
        .await
        .put("c", None, &entry)
        .await;
    assert_eq!(
        written.unwrap(),
        Written {
            resource: event_id(entry.key),
            etag: None
        }
    );
}

const NAMES: &[&str] = &[
    "items",
    "id",
    "etag",
    "status",
    "start",
    "end",
    "date",
    "dateTime",
    "transparency",
    "eventType",
    "attendees",
    "self",
    "responseStatus",
    "extendedProperties",
    "private",
    "frontdesk",
    "nextPageToken",
    "nextSyncToken",
    "error",
    "errors",
    "reason",
];
const VALUES: &str = "cancelled|[-+]?[0-9]{4,6}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](Z|[-+][0-2][0-9]:00)";

proptest! {
    #[test]
    fn no_json_is_too_much(value in json(NAMES, VALUES), status in 100_u16..600) {
        if let Ok(page) = serde_json::from_value::<Page<Item>>(value.clone()) {
            for item in page.items.into_iter().flatten() {
                drop(item.resource(&window()));
            }
        }
        if let Ok(item) = serde_json::from_value::<Item>(value.clone()) {
            let _ = item.may_be_of(Uuid::nil());
            if let Ok(resource) = item.resource(&window()) {
                prop_assert!(!resource.id.is_empty() && resource.events.len() <= 1);
            }
        }
        drop(refusal(&Answer::of(status, value.to_string().into_bytes())));
    }

    #[test]
    fn every_time_is_read_or_refused(start in ".{0,30}", end in ".{0,30}", days in any::<bool>()) {
        let name = if days { "date" } else { "dateTime" };
        drop(item(json!({ "id": "1", "start": { name: start }, "end": { name: end } })).resource(&window()));
    }

    #[test]
    fn headers_are_read_or_refused(values in prop::collection::vec(".{0,20}", 5)) {
        let names = [
            "x-goog-channel-id", "x-goog-channel-token", "x-goog-resource-id", "x-goog-resource-state", "x-goog-message-number",
        ];
        let header = |name: &str| {
            let position = names.iter().position(|known| *known == name)?;
            values.get(position).map(String::as_str)
        };
        let is_whole = values.iter().take(4).all(|value| !value.is_empty());
        prop_assert_eq!(Notification::from_headers(header).is_some(), is_whole);
    }
}
