//! What is written into a calendar.

use frontdesk::domain::external_calendar::{CalendarError, Entry, EventTime, Written};
use serde_json::json;
use uuid::Uuid;

use super::{at, client, december, entry, told};
use crate::support::{
    Microsoft,
    http::Failure,
    microsoft::{DEFAULT, OutlookEvent},
};

fn moved() -> Entry {
    Entry {
        is_tentative: false,
        start: at("2026-12-02T17:00:00Z"),
        end: at("2026-12-02T18:00:00Z"),
        ..entry()
    }
}

#[tokio::test]
async fn an_appointment_becomes_an_event_to_which_nobody_is_invited() {
    let microsoft = Microsoft::start().await;
    let client = client(&microsoft);
    let written = client.put(DEFAULT, None, &entry()).await.unwrap();
    let event = &microsoft.events(DEFAULT)[0];
    assert_eq!(event["id"], json!(written.resource));
    assert_eq!(event["changeKey"], json!(written.etag.unwrap()));
    assert_eq!(
        event["start"],
        json!({ "dateTime": "2026-12-01T17:00:00", "timeZone": "UTC" })
    );
    assert_eq!(
        event["end"],
        json!({ "dateTime": "2026-12-01T18:30:00", "timeZone": "UTC" })
    );
    assert_eq!(event["subject"], "Drain cleaning");
    assert_eq!(event["showAs"], "tentative");
    assert_eq!(event["isReminderOn"], false);
    assert_eq!(event["transactionId"], json!(entry().key));
    let property = &event["singleValueExtendedProperties"][0];
    assert_eq!(property["value"], json!(Uuid::from_u128(7)));
    for absent in ["attendees", "body", "location"] {
        assert!(event.get(absent).is_none());
    }
    assert_eq!(microsoft.requests().len(), 1);
    let read = client.read(DEFAULT, &written.resource).await.unwrap();
    let (start, end) = (entry().start, entry().end);
    assert_eq!(told(&read), Some((EventTime::Timed { start, end }, true)));
    microsoft.assert_discreet();
}

#[tokio::test]
async fn an_event_whose_answer_was_lost_is_not_written_twice() {
    for refuses in [false, true] {
        let microsoft = Microsoft::start().await;
        let client = client(&microsoft);
        microsoft.lose_next_answer();
        assert!(client.put(DEFAULT, None, &entry()).await.is_err());
        if refuses {
            microsoft.refuse_repeats();
        }
        // Somebody copies it, and it is moved meanwhile.
        let id = microsoft.events(DEFAULT)[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        microsoft.copy_event(DEFAULT, &id);
        let written = client.put(DEFAULT, None, &moved()).await.unwrap();
        assert_eq!(written.resource, id);
        let events = microsoft.events(DEFAULT);
        assert_eq!(events.len(), 2);
        let event = events
            .iter()
            .find(|event| event["id"] == json!(id))
            .unwrap();
        assert_eq!(event["changeKey"], json!(written.etag.unwrap()));
        assert_eq!(event["start"]["dateTime"], "2026-12-02T17:00:00");
        assert_eq!(event["showAs"], "busy");
        microsoft.assert_discreet();
    }
}

#[tokio::test]
async fn a_key_that_is_taken_by_nothing_that_can_be_found_is_used_up() {
    let microsoft = Microsoft::start().await;
    let client = client(&microsoft);
    microsoft.fail_next(&[Failure::new(409, "ErrorDuplicateTransactionId")]);
    assert_eq!(
        client.put(DEFAULT, None, &entry()).await,
        Err(CalendarError::IdTaken)
    );
}

#[tokio::test]
async fn a_change_leaves_alone_what_is_the_owners() {
    let microsoft = Microsoft::start().await;
    let client = client(&microsoft);
    let written = client.put(DEFAULT, None, &entry()).await.unwrap();
    let theirs = json!({ "categories": ["Red"], "location": { "displayName": "the back door" }, "isReminderOn": true });
    microsoft.edit_event(DEFAULT, &written.resource, &theirs);
    let changed = client.put(DEFAULT, Some(&written), &moved()).await;
    assert_eq!(changed, Err(CalendarError::Changed));
    assert_eq!(
        client.remove(DEFAULT, &written).await,
        Err(CalendarError::Changed)
    );

    let known = client.read(DEFAULT, &written.resource).await.unwrap();
    let known = Written {
        etag: known.etag,
        ..written
    };
    let written = client.put(DEFAULT, Some(&known), &moved()).await.unwrap();

    let event = &microsoft.events(DEFAULT)[0];
    assert_eq!(event["changeKey"], json!(written.etag));
    assert_eq!(event["start"]["dateTime"], "2026-12-02T17:00:00");
    for (name, value) in theirs.as_object().unwrap() {
        assert_eq!(&event[name], value);
    }
    assert_eq!(event["transactionId"], json!(entry().key));
}

#[tokio::test]
async fn an_event_that_was_made_last_all_day_gets_its_time_back() {
    let microsoft = Microsoft::start().await;
    let client = client(&microsoft);
    let written = client.put(DEFAULT, None, &entry()).await.unwrap();
    let all_day = OutlookEvent::days("2026-12-01", "2026-12-02").0;
    microsoft.edit_event(DEFAULT, &written.resource, &json!(all_day));
    let unknown = Written {
        etag: None,
        ..written
    };
    let text = Entry {
        place: Some("12 Elm Street".to_owned()),
        description: Some("Boiler".to_owned()),
        ..entry()
    };
    client.put(DEFAULT, Some(&unknown), &text).await.unwrap();
    let event = &microsoft.events(DEFAULT)[0];
    assert_eq!(event["isAllDay"], false);
    assert_eq!(event["location"]["displayName"], "12 Elm Street");
    assert_eq!(
        event["body"],
        json!({ "contentType": "text", "content": "Boiler" })
    );
}

#[tokio::test]
async fn what_is_gone_is_told_and_can_be_removed() {
    let microsoft = Microsoft::start().await;
    let client = client(&microsoft);
    let written = client.put(DEFAULT, None, &entry()).await.unwrap();
    microsoft.lose_next_answer();
    assert!(client.remove(DEFAULT, &written).await.is_err());
    let unknown = Written {
        etag: None,
        ..written.clone()
    };
    for known in [&written, &unknown] {
        assert_eq!(
            client.put(DEFAULT, Some(known), &entry()).await,
            Err(CalendarError::Gone)
        );
        assert_eq!(client.remove(DEFAULT, known).await, Ok(()));
    }
    assert_eq!(
        client.read(DEFAULT, &written.resource).await,
        Err(CalendarError::Gone)
    );
    let id = microsoft.add_event(
        DEFAULT,
        OutlookEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00")
            .titled("Lunch"),
    );
    microsoft.move_event(
        DEFAULT,
        &id,
        "2026-12-01T12:00:00-07:00",
        "2026-12-01T13:00:00-07:00",
    );
    assert_eq!(
        client
            .list(DEFAULT, &december(), None)
            .await
            .unwrap()
            .resources
            .len(),
        1
    );
    microsoft.delete_event(DEFAULT, &id);
    assert_eq!(
        client
            .list(DEFAULT, &december(), None)
            .await
            .unwrap()
            .resources,
        []
    );
    microsoft.add_calendar("shared", "Shared", false);
    let code = "ErrorAccessDenied".to_owned();
    assert_eq!(
        client.put("shared", None, &entry()).await,
        Err(CalendarError::Refused { status: 403, code })
    );
}
