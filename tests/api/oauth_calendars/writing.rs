//! What is written into a calendar.

use frontdesk::{
    calendar::google::event_id,
    domain::external_calendar::{CalendarError, Entry, EventTime, Written},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Account, at, december, entry, find, moved, outlook_client, refused, told, unversioned,
};
use crate::support::{Microsoft, google::PRIMARY, http::Failure, microsoft::DEFAULT};

fn has(event: &Value, fields: &Value) {
    for (name, value) in fields.as_object().unwrap() {
        assert_eq!(&event[name], value, "{name}");
    }
}

#[tokio::test]
async fn an_appointment_becomes_an_event_to_which_nobody_is_invited() {
    let zone = "America/Denver";
    let of_google = json!({
        "id": event_id(entry().key),
        "status": "tentative",
        "summary": "Drain cleaning",
        "start": { "dateTime": "2026-12-01T10:00:00-07:00", "timeZone": zone },
        "end": { "dateTime": "2026-12-01T11:30:00-07:00", "timeZone": zone },
        "reminders": { "useDefault": false },
        "extendedProperties": { "private": { "frontdesk": Uuid::from_u128(7) } },
    });
    let of_outlook = json!({
        "showAs": "tentative",
        "subject": "Drain cleaning",
        "start": { "dateTime": "2026-12-01T17:00:00", "timeZone": "UTC" },
        "end": { "dateTime": "2026-12-01T18:30:00", "timeZone": "UTC" },
        "isReminderOn": false,
        "transactionId": entry().key,
    });
    for (account, fields, etag) in [
        (Account::google().await, of_google, "etag"),
        (Account::outlook().await, of_outlook, "changeKey"),
    ] {
        let written = account.put(None, &entry()).await.unwrap();
        let event = account.event();
        has(&event, &fields);
        assert_eq!(event["id"], json!(written.resource));
        assert_eq!(event[etag], json!(written.etag.unwrap()));
        if let Some(properties) = event.get("singleValueExtendedProperties") {
            assert_eq!(properties[0]["value"], json!(Uuid::from_u128(7)));
        }
        for absent in ["attendees", "location", "description", "body"] {
            assert!(event.get(absent).is_none());
        }
        assert_eq!(account.requests().len(), 1);
        let (start, end) = (entry().start, entry().end);
        let read = account.listed(&written.resource).await.unwrap();
        assert_eq!(told(&read), Some((EventTime::Timed { start, end }, true)));
        account.assert_discreet();
    }
}

#[tokio::test]
async fn an_hour_that_comes_twice_is_the_one_that_was_meant() {
    let account = Account::google().await;
    let second = Entry {
        start: at("2026-11-01T08:30:00Z"),
        end: at("2026-11-01T09:00:00Z"),
        ..entry()
    };
    account.put(None, &second).await.unwrap();
    let start = &account.event()["start"]["dateTime"];
    assert_eq!(start, "2026-11-01T01:30:00-07:00");
}

#[tokio::test]
async fn an_event_whose_answer_was_lost_is_not_written_to_google_twice() {
    let account = Account::google().await;
    account.lose_next_answer();
    let lost = account.put(None, &entry()).await;
    let broken = CalendarError::Unavailable("the connection broke off");
    assert_eq!(lost, Err(broken));
    // Meanwhile it is confirmed and moved.
    let written = account.put(None, &moved()).await.unwrap();
    let event = account.event();
    assert_eq!(event["etag"], json!(written.etag.unwrap()));
    assert_eq!(event["status"], "confirmed");
    assert_eq!(event["start"]["dateTime"], "2026-12-02T10:00:00-07:00");
    let requests = account.requests().into_iter();
    let methods: Vec<String> = requests.map(|request| request.method).collect();
    let expected = [
        "events.insert",
        "events.insert",
        "events.get",
        "events.patch",
    ];
    assert_eq!(methods, expected);
    account.assert_discreet();
}

#[tokio::test]
async fn an_event_whose_answer_was_lost_is_not_written_to_outlook_twice() {
    for refuses in [false, true] {
        let microsoft = Microsoft::start().await;
        let client = outlook_client(&microsoft);
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
    let account = Account::outlook().await;
    account.fail_next(&[Failure::new(409, "ErrorDuplicateTransactionId")]);
    let taken = account.put(None, &entry()).await;
    assert_eq!(taken, Err(CalendarError::IdTaken));
}

#[tokio::test]
async fn an_id_that_was_deleted_is_never_free_again() {
    let account = Account::google().await;
    let written = account.put(None, &entry()).await.unwrap();
    account.delete_event(PRIMARY, &written.resource);
    let taken = account.put(None, &entry()).await;
    assert_eq!(taken, Err(CalendarError::IdTaken));
    let next = Entry {
        key: Uuid::from_u128(1),
        ..entry()
    };
    account.put(None, &next).await.unwrap();
    account.event();
}

#[tokio::test]
async fn an_id_that_another_appointment_has_is_left_alone() {
    let account = Account::google().await;
    account.put(None, &entry()).await.unwrap();
    let other = Entry {
        appointment_id: Uuid::from_u128(8),
        ..entry()
    };
    let taken = account.put(None, &other).await;
    assert_eq!(taken, Err(CalendarError::IdTaken));
    // Somebody who takes the mark away has not made it another's.
    let id = event_id(entry().key);
    account.edit_event(PRIMARY, &id, &json!({ "extendedProperties": null }));
    account.put(None, &entry()).await.unwrap();
    account.event();
}

#[tokio::test]
async fn a_change_leaves_alone_what_is_the_owners() {
    let of_google = json!({
        "colorId": "5",
        "location": "the back door",
        "reminders": { "useDefault": true },
        "transparency": "transparent",
    });
    let of_outlook = json!({
        "categories": ["Red"],
        "location": { "displayName": "the back door" },
        "isReminderOn": true,
    });
    for (account, theirs, start) in [
        (
            Account::google().await,
            of_google,
            "2026-12-02T10:00:00-07:00",
        ),
        (Account::outlook().await, of_outlook, "2026-12-02T17:00:00"),
    ] {
        let written = account.put(None, &entry()).await.unwrap();
        let before = account.event();
        account.edit_event(account.calendar, &written.resource, &theirs);
        let private = json!({ "extendedProperties": { "private": { "another": "app" } } });
        account.edit_event(account.calendar, &written.resource, &private);
        let known = account.known(&written.resource).await;

        let written = account.put(Some(&known), &moved()).await.unwrap();

        assert_ne!(written.etag, known.etag);
        let event = account.event();
        assert_eq!(event["start"]["dateTime"], start);
        has(&event, &theirs);
        let private = &event["extendedProperties"]["private"];
        assert_eq!(private["another"], "app");
        assert_eq!(
            private.get("frontdesk"),
            before["extendedProperties"]["private"].get("frontdesk")
        );
        assert_eq!(event.get("transactionId"), before.get("transactionId"));
        account.assert_discreet();
    }
}

#[tokio::test]
async fn an_event_that_was_made_last_all_day_gets_its_time_back() {
    for (account, start) in [
        (Account::google().await, "2026-12-01T10:00:00-07:00"),
        (Account::outlook().await, "2026-12-01T17:00:00"),
    ] {
        let written = account.put(None, &entry()).await.unwrap();
        let edit = |patch: &Value| account.edit_event(account.calendar, &written.resource, patch);
        edit(&json!({ "start": null, "end": null }));
        edit(&Value::Object((account.days)("2026-12-01", "2026-12-02")));
        let read = account.listed(&written.resource).await.unwrap();
        assert!(matches!(told(&read), Some((EventTime::Days { .. }, true))));
        let known = account.known(&written.resource).await;
        for known in [known, unversioned(&written)] {
            account.put(Some(&known), &entry()).await.unwrap();
            let event = account.event();
            assert_eq!(event["start"]["dateTime"], start);
            assert_ne!(event["isAllDay"], true);
        }
    }
}

#[tokio::test]
async fn what_somebody_changed_since_is_not_overwritten() {
    for account in Account::each().await {
        let written = account.put(None, &entry()).await.unwrap();
        let (start, end) = ("2026-12-05T10:00:00-07:00", "2026-12-05T11:00:00-07:00");
        account.move_event(account.calendar, &written.resource, start, end);
        let before = account.event();
        let changed = account.put(Some(&written), &entry()).await;
        assert_eq!(changed, Err(CalendarError::Changed));
        let kept = account.remove(&written).await;
        assert_eq!(kept, Err(CalendarError::Changed));
        assert_eq!(account.event(), before);
    }
}

#[tokio::test]
async fn a_deleted_event_is_not_brought_back() {
    for (account, told) in [
        (Account::google().await, CalendarError::Changed),
        (Account::outlook().await, CalendarError::Gone),
    ] {
        let written = account.put(None, &entry()).await.unwrap();
        account.delete_event(account.calendar, &written.resource);
        let changed = account.put(Some(&written), &entry()).await;
        assert_eq!(changed, Err(told));
        let read = account.listed(&written.resource).await;
        assert!(read.is_none_or(|read| read.is_deleted));
        // Nor where its version is not known.
        let gone = account.put(Some(&unversioned(&written)), &entry()).await;
        assert_eq!(gone, Err(CalendarError::Gone));
        assert_eq!(account.events(account.calendar), [Value::Null; 0]);
    }
}

#[tokio::test]
async fn an_event_is_removed_however_often_that_is_tried() {
    for account in Account::each().await {
        let written = account.put(None, &entry()).await.unwrap();
        account.lose_next_answer();
        assert!(account.remove(&written).await.is_err());
        assert_eq!(account.events(account.calendar).len(), 0);
        let never = Written {
            resource: "never00".to_owned(),
            etag: None,
        };
        for known in [&written, &unversioned(&written), &never] {
            assert_eq!(account.remove(known).await, Ok(()));
        }
        account.assert_discreet();
    }
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_seen_and_made_again() {
    for account in Account::each().await {
        let written = account.put(None, &entry()).await.unwrap();
        account.lose_next_answer();
        assert!(account.put(Some(&written), &moved()).await.is_err());
        let changed = account.put(Some(&written), &moved()).await;
        assert_eq!(changed, Err(CalendarError::Changed));
        let known = account.known(&written.resource).await;
        account.put(Some(&known), &moved()).await.unwrap();
        let event = account.event();
        assert_ne!(event["status"], "tentative");
        assert_ne!(event["showAs"], "tentative");
        let of_google = account.requests_of("events.patch").into_iter();
        let statuses: Vec<u16> = of_google
            .map(|request| {
                assert_eq!(request.path, [PRIMARY, written.resource.as_str()]);
                assert!(request.headers.contains_key("if-match"));
                request.status
            })
            .collect();
        assert!(account.calendar != PRIMARY || statuses == [0, 412, 200]);
    }
}

#[tokio::test]
async fn what_was_written_is_read_like_any_other_event_and_a_copy_is_another_one() {
    let text = Entry {
        place: Some("12 Elm Street".to_owned()),
        description: Some("Boiler".to_owned()),
        ..entry()
    };
    let of_google = json!({ "location": "12 Elm Street", "description": "Boiler" });
    let of_outlook = json!({
        "location": { "displayName": "12 Elm Street" },
        "body": { "contentType": "text", "content": "Boiler" },
    });
    for (account, fields) in [
        (Account::google().await, of_google),
        (Account::outlook().await, of_outlook),
    ] {
        let written = account.put(None, &text).await.unwrap();
        has(&account.event(), &fields);
        let copy = account.copy_event(account.calendar, &written.resource);
        let listing = account.list(december()).await.unwrap();
        let etag = |id: &str| find(&listing, id).unwrap().etag.clone();
        assert_eq!(etag(&written.resource), written.etag);
        assert_ne!(etag(&copy), written.etag);
        assert_eq!(listing.resources.len(), 2);
    }
}

#[tokio::test]
async fn a_calendar_that_is_gone_or_belongs_to_others_is_told() {
    for (account, code) in [
        (Account::google().await, "requiredAccessLevel"),
        (Account::outlook().await, "ErrorAccessDenied"),
    ] {
        account.add_calendar("shared", "Shared", "reader");
        assert_eq!(account.put_into("shared").await, refused(403, code));
        account.remove_calendar("shared");
        assert_eq!(account.put_into("shared").await, CalendarError::Gone);
        let listed = account.list_of("shared", december()).await;
        assert_eq!(listed, Err(CalendarError::Gone));
    }
}
