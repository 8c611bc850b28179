//! The clients of Google Calendar and of Outlook.

use std::time::Duration;

use frontdesk::{
    calendar::{google, microsoft},
    domain::external_calendar::{CalendarError, Entry, Window, Written},
};
use serde_json::json;
use uuid::Uuid;

fn december() -> Window {
    Window {
        first: "2026-12-01".parse().unwrap(),
        last: "2026-12-31".parse().unwrap(),
        zone: chrono_tz::America::Denver,
    }
}

fn entries() -> [Entry; 2] {
    let bare = Entry {
        appointment_id: Uuid::from_u128(7),
        key: Uuid::from_u128(8),
        start: "2026-12-01T17:00:00Z".parse().unwrap(),
        end: "2026-12-01T18:00:00Z".parse().unwrap(),
        zone: chrono_tz::America::Denver,
        is_tentative: true,
        title: "Drain cleaning".to_owned(),
        place: None,
        description: None,
        changed_at: "2026-11-30T00:00:00Z".parse().unwrap(),
        invitee: None,
    };
    let full = Entry {
        is_tentative: false,
        place: Some("12 Elm Street".to_owned()),
        description: Some("Boiler".to_owned()),
        ..bare.clone()
    };
    [bare, full]
}

fn written() -> Written {
    Written {
        resource: "abcde".to_owned(),
        // What Prism answers.
        etag: Some("string".to_owned()),
    }
}

/// The request was allowed. What Prism answers then is of the right types, and seldom of any sense.
fn is_allowed<T>(answer: Result<T, CalendarError>) {
    if let Err(problem) = answer {
        assert!(matches!(problem, CalendarError::Unreadable(_)), "{problem}");
    }
}

/// What the document does not allow is seen.
async fn is_seen(request: reqwest::RequestBuilder) {
    let answer = request.bearer_auth("token").send().await.unwrap();
    assert_eq!(answer.status(), 422);
}

#[tokio::test]
async fn every_request_of_the_client_is_one_that_googles_document_allows() {
    let (http, prism) = super::prism("GOOGLE");
    let client = google::Client::new(http.clone(), prism.clone(), "token".into());
    let calendar = "owner@example.test";
    is_allowed(client.calendars().await);
    for cursor in [None, Some("cursor")] {
        is_allowed(client.list(calendar, &december(), cursor).await);
    }
    for entry in entries() {
        for known in [None, Some(&written())] {
            is_allowed(client.put(calendar, known, &entry).await);
        }
    }
    is_allowed(client.remove(calendar, &written()).await);
    let (secret, address) = ("secret".into(), "https://calls.example.test/");
    let watched = client.watch(calendar, "1", &secret, address, Duration::from_hours(1));
    is_allowed(watched.await);
    is_allowed(client.stop("1", "2").await);

    let event = prism.join("calendars/a/events/b").unwrap();
    let wrong = [
        json!({ "status": 5 }),
        json!({ "start": { "date": 5 } }),
        json!({ "start": { "dateTime": null } }),
    ];
    for body in wrong {
        is_seen(http.patch(event.clone()).json(&body)).await;
    }
}

#[tokio::test]
async fn every_request_of_the_client_is_one_that_graphs_document_allows() {
    let (http, prism) = super::prism("MICROSOFT");
    let client = microsoft::Client::new(http.clone(), prism.clone(), "token".into());
    let calendar = "AQMkCalendar=";
    is_allowed(client.calendars().await);
    is_allowed(client.list(calendar, &december(), None).await);
    for entry in entries() {
        for known in [None, Some(&written())] {
            is_allowed(client.put(calendar, known, &entry).await);
        }
    }
    is_allowed(client.remove(calendar, &written()).await);
    let secret = "secret".into();
    let addresses = ("https://calls.example.test/", "https://calls.example.test/");
    let until = "2026-12-02T00:00:00Z".parse().unwrap();
    is_allowed(client.subscribe(calendar, &secret, addresses, until).await);
    is_allowed(client.renew("1", until).await);
    is_allowed(client.unsubscribe("1").await);

    let event = prism.join("me/calendars/a/events/b").unwrap();
    for body in [
        json!({ "isAllDay": "no" }),
        json!({ "showAs": "nothing" }),
        json!({ "start": { "dateTime": 5 } }),
    ] {
        is_seen(http.patch(event.clone()).json(&body)).await;
    }
    let mut view = prism.join("me/calendars/a/calendarView").unwrap();
    view.query_pairs_mut().append_pair("$select", "title");
    is_seen(http.get(view)).await;
}
