//! What is written into a calendar.

use frontdesk::{
    calendar::google::event_id,
    domain::external_calendar::{CalendarError, Entry, EventTime, Written},
};
use serde_json::json;
use uuid::Uuid;

use super::{at, client, december, entry, find, told};
use crate::support::{
    Google,
    google::{GoogleEvent, PRIMARY},
};

#[tokio::test]
async fn an_appointment_becomes_an_event_to_which_nobody_is_invited() {
    let google = Google::start().await;
    let written = client(&google).put(PRIMARY, None, &entry()).await.unwrap();

    assert_eq!(written.resource, event_id(entry().key));
    let events = google.events(PRIMARY);
    assert_eq!(events.len(), 1);
    let event = &events[0];
    assert_eq!(event["etag"], json!(written.etag.unwrap()));
    assert_eq!(event["status"], "tentative");
    assert_eq!(event["summary"], "Drain cleaning");
    let zone = "America/Denver";
    assert_eq!(
        event["start"],
        json!({ "dateTime": "2026-12-01T10:00:00-07:00", "timeZone": zone })
    );
    assert_eq!(
        event["end"],
        json!({ "dateTime": "2026-12-01T11:30:00-07:00", "timeZone": zone })
    );
    assert_eq!(event["reminders"], json!({ "useDefault": false }));
    assert_eq!(
        event["extendedProperties"],
        json!({ "private": { "frontdesk": Uuid::from_u128(7) } })
    );
    for absent in ["attendees", "location", "description"] {
        assert!(event.get(absent).is_none());
    }
    assert_eq!(google.requests().len(), 1);
    google.assert_discreet();
}

#[tokio::test]
async fn an_hour_that_comes_twice_is_the_one_that_was_meant() {
    let google = Google::start().await;
    let client = client(&google);
    let (start, end) = (at("2026-11-01T08:30:00Z"), at("2026-11-01T09:00:00Z"));
    let second = Entry {
        start,
        end,
        ..entry()
    };
    let written = client.put(PRIMARY, None, &second).await.unwrap();
    assert_eq!(
        google.events(PRIMARY)[0]["start"]["dateTime"],
        "2026-11-01T01:30:00-07:00"
    );
    let read = client.read(PRIMARY, &written.resource).await.unwrap();
    assert_eq!(told(&read), Some((EventTime::Timed { start, end }, true)));
}

#[tokio::test]
async fn an_event_whose_answer_was_lost_is_not_written_twice() {
    let google = Google::start().await;
    let client = client(&google);
    google.lose_next_answer();
    let lost = client.put(PRIMARY, None, &entry()).await;
    assert_eq!(
        lost,
        Err(CalendarError::Unavailable("the connection broke off"))
    );
    // Meanwhile it is confirmed and moved.
    let later = Entry {
        is_tentative: false,
        start: at("2026-12-01T19:00:00Z"),
        end: at("2026-12-01T20:00:00Z"),
        ..entry()
    };
    let written = client.put(PRIMARY, None, &later).await.unwrap();
    let events = google.events(PRIMARY);
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["etag"], json!(written.etag.unwrap()));
    assert_eq!(events[0]["status"], "confirmed");
    assert_eq!(events[0]["start"]["dateTime"], "2026-12-01T12:00:00-07:00");
    let methods: Vec<String> = google
        .requests()
        .into_iter()
        .map(|request| request.method)
        .collect();
    assert_eq!(
        methods,
        [
            "events.insert",
            "events.insert",
            "events.get",
            "events.patch"
        ]
    );
    google.assert_discreet();
}

#[tokio::test]
async fn an_id_that_was_deleted_is_never_free_again() {
    let google = Google::start().await;
    let client = client(&google);
    let written = client.put(PRIMARY, None, &entry()).await.unwrap();
    google.delete_event(PRIMARY, &written.resource);
    let taken = client.put(PRIMARY, None, &entry()).await;
    assert_eq!(taken, Err(CalendarError::IdTaken));
    let next = Entry {
        key: Uuid::from_u128(1),
        ..entry()
    };
    client.put(PRIMARY, None, &next).await.unwrap();
    assert_eq!(google.events(PRIMARY).len(), 1);
}

#[tokio::test]
async fn an_id_that_another_appointment_has_is_left_alone() {
    let google = Google::start().await;
    let client = client(&google);
    client.put(PRIMARY, None, &entry()).await.unwrap();
    let other = Entry {
        appointment_id: Uuid::from_u128(8),
        ..entry()
    };
    assert_eq!(
        client.put(PRIMARY, None, &other).await,
        Err(CalendarError::IdTaken)
    );
    // Somebody who takes the mark away has not made it another's.
    let id = event_id(entry().key);
    google.edit_event(PRIMARY, &id, &json!({ "extendedProperties": null }));
    client.put(PRIMARY, None, &entry()).await.unwrap();
    assert_eq!(google.events(PRIMARY).len(), 1);
}

#[tokio::test]
async fn a_change_leaves_alone_what_is_the_owners() {
    let google = Google::start().await;
    let client = client(&google);
    let written = client.put(PRIMARY, None, &entry()).await.unwrap();
    let theirs = json!({
        "colorId": "5",
        "location": "the back door",
        "reminders": { "useDefault": true },
        "extendedProperties": { "private": { "another": "app" } },
        "transparency": "transparent",
    });
    google.edit_event(PRIMARY, &written.resource, &theirs);
    let known = client.read(PRIMARY, &written.resource).await.unwrap();
    let known = Written {
        etag: known.etag,
        ..written
    };
    let moved = Entry {
        start: at("2026-12-02T17:00:00Z"),
        end: at("2026-12-02T18:00:00Z"),
        ..entry()
    };

    let written = client.put(PRIMARY, Some(&known), &moved).await.unwrap();

    assert_ne!(written.etag, known.etag);
    let event = &google.events(PRIMARY)[0];
    assert_eq!(event["start"]["dateTime"], "2026-12-02T10:00:00-07:00");
    for (name, value) in theirs.as_object().unwrap() {
        if name != "extendedProperties" {
            assert_eq!(&event[name], value);
        }
    }
    let private = json!({ "another": "app", "frontdesk": Uuid::from_u128(7) });
    assert_eq!(event["extendedProperties"]["private"], private);
    google.assert_discreet();
}

#[tokio::test]
async fn an_event_that_was_made_last_all_day_gets_its_time_back() {
    let google = Google::start().await;
    let client = client(&google);
    let written = client.put(PRIMARY, None, &entry()).await.unwrap();
    let all_day = json!({ "start": null, "end": null });
    google.edit_event(PRIMARY, &written.resource, &all_day);
    let all_day = json!({ "start": { "date": "2026-12-01" }, "end": { "date": "2026-12-02" } });
    google.edit_event(PRIMARY, &written.resource, &all_day);
    let known = client.read(PRIMARY, &written.resource).await.unwrap();
    assert!(matches!(told(&known), Some((EventTime::Days { .. }, true))));
    let known = Written {
        etag: known.etag,
        ..written
    };
    client.put(PRIMARY, Some(&known), &entry()).await.unwrap();
    assert_eq!(
        google.events(PRIMARY)[0]["start"]["dateTime"],
        "2026-12-01T10:00:00-07:00"
    );
}

#[tokio::test]
async fn what_somebody_changed_since_is_not_overwritten() {
    let google = Google::start().await;
    let client = client(&google);
    let written = client.put(PRIMARY, None, &entry()).await.unwrap();
    google.move_event(
        PRIMARY,
        &written.resource,
        "2026-12-05T10:00:00-07:00",
        "2026-12-05T11:00:00-07:00",
    );
    let changed = client.put(PRIMARY, Some(&written), &entry()).await;
    assert_eq!(changed, Err(CalendarError::Changed));
    assert_eq!(
        client.remove(PRIMARY, &written).await,
        Err(CalendarError::Changed)
    );
    assert_eq!(
        google.events(PRIMARY)[0]["start"]["dateTime"],
        "2026-12-05T10:00:00-07:00"
    );
}

#[tokio::test]
async fn a_deleted_event_is_not_brought_back() {
    let google = Google::start().await;
    let client = client(&google);
    let written = client.put(PRIMARY, None, &entry()).await.unwrap();
    google.delete_event(PRIMARY, &written.resource);

    let changed = client.put(PRIMARY, Some(&written), &entry()).await;
    assert_eq!(changed, Err(CalendarError::Changed));
    assert!(
        client
            .read(PRIMARY, &written.resource)
            .await
            .unwrap()
            .is_deleted
    );
    // Nor where its version is not known.
    let unknown = Written {
        etag: None,
        ..written
    };
    let gone = client.put(PRIMARY, Some(&unknown), &entry()).await;
    assert_eq!(gone, Err(CalendarError::Gone));
    assert_eq!(google.events(PRIMARY).len(), 0);
}

#[tokio::test]
async fn an_event_is_removed_however_often_that_is_tried() {
    let google = Google::start().await;
    let client = client(&google);
    let written = client.put(PRIMARY, None, &entry()).await.unwrap();
    google.lose_next_answer();
    assert!(client.remove(PRIMARY, &written).await.is_err());
    assert_eq!(google.events(PRIMARY).len(), 0);
    let unknown = Written {
        etag: None,
        ..written.clone()
    };
    let never = Written {
        resource: "never00".to_owned(),
        etag: None,
    };
    for known in [&written, &unknown, &never] {
        assert_eq!(client.remove(PRIMARY, known).await, Ok(()));
    }
    google.assert_discreet();
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_seen_and_made_again() {
    let google = Google::start().await;
    let client = client(&google);
    let written = client.put(PRIMARY, None, &entry()).await.unwrap();
    let confirmed = Entry {
        is_tentative: false,
        ..entry()
    };
    google.lose_next_answer();
    assert!(
        client
            .put(PRIMARY, Some(&written), &confirmed)
            .await
            .is_err()
    );
    let changed = client.put(PRIMARY, Some(&written), &confirmed).await;
    assert_eq!(changed, Err(CalendarError::Changed));
    let read = client.read(PRIMARY, &written.resource).await.unwrap();
    let known = Written {
        etag: read.etag,
        ..written.clone()
    };
    client.put(PRIMARY, Some(&known), &confirmed).await.unwrap();
    assert_eq!(google.events(PRIMARY)[0]["status"], "confirmed");
    let statuses: Vec<u16> = google
        .requests_of("events.patch")
        .into_iter()
        .map(|request| {
            assert_eq!(request.path, [PRIMARY, written.resource.as_str()]);
            assert!(request.headers.contains_key("if-match"));
            request.status
        })
        .collect();
    assert_eq!(statuses, [0, 412, 200]);
}

#[tokio::test]
async fn what_was_written_is_read_like_any_other_event_and_a_copy_is_another_one() {
    let google = Google::start().await;
    let client = client(&google);
    let known = Entry {
        place: Some("12 Elm Street".to_owned()),
        description: Some("Boiler".to_owned()),
        ..entry()
    };
    let written = client.put(PRIMARY, None, &known).await.unwrap();
    assert_eq!(google.events(PRIMARY)[0]["location"], "12 Elm Street");
    assert_eq!(google.events(PRIMARY)[0]["description"], "Boiler");
    let copy = google.copy_event(PRIMARY, &written.resource);
    let listing = client.list(PRIMARY, &december(), None).await.unwrap();
    assert_eq!(
        find(&listing, &written.resource).unwrap().etag,
        written.etag
    );
    assert_ne!(find(&listing, &copy).unwrap().etag, written.etag);
    assert_eq!(listing.resources.len(), 2);
}

#[tokio::test]
async fn a_calendar_that_is_gone_or_belongs_to_others_is_told() {
    let google = Google::start().await;
    let client = client(&google);
    google.add_calendar("shared", "Shared", "reader");
    let refused = client.put("shared", None, &entry()).await;
    let code = "requiredAccessLevel".to_owned();
    assert_eq!(refused, Err(CalendarError::Refused { status: 403, code }));
    google.remove_calendar("shared");
    assert_eq!(
        client.put("shared", None, &entry()).await,
        Err(CalendarError::Gone)
    );
    assert_eq!(
        client.list("shared", &december(), None).await,
        Err(CalendarError::Gone)
    );
    assert_eq!(
        client.read(PRIMARY, "never00").await,
        Err(CalendarError::Gone)
    );
    let other = GoogleEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00")
        .titled("Lunch");
    let id = google.add_event(PRIMARY, other);
    assert_eq!(client.read(PRIMARY, &id).await.unwrap().id, id);
}
