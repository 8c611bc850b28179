//! Which kinds of events take time.

use serde_json::json;

use super::{free, hours, without};
use crate::support::{
    Linked, LinkedGoogle,
    google::{GoogleEvent, PRIMARY},
    linked::timed,
};

/// Working days, one for each kind of event.
const DAYS: [&str; 15] = [
    "2026-12-01",
    "2026-12-02",
    "2026-12-03",
    "2026-12-04",
    "2026-12-07",
    "2026-12-08",
    "2026-12-09",
    "2026-12-10",
    "2026-12-11",
    "2026-12-14",
    "2026-12-15",
    "2026-12-16",
    "2026-12-17",
    "2026-12-18",
    "2026-12-21",
];

/// How an event is made one of a kind.
type Kind = fn(GoogleEvent) -> GoogleEvent;

#[tokio::test]
async fn at_google_what_is_free_declined_or_a_place_to_work_is_offered_and_what_is_tentative_is_not()
 {
    let linked = LinkedGoogle::start("{}").await;
    let at = |day: &str| {
        GoogleEvent::timed(
            &format!("{day}T10:00:00-07:00"),
            &format!("{day}T11:00:00-07:00"),
        )
    };
    let kinds: [(Kind, bool); 13] = [
        (|event| event, true),
        (GoogleEvent::transparent, false),
        (|event| event.response("declined"), false),
        (|event| event.response("accepted"), true),
        (|event| event.response("tentative"), true),
        (|event| event.response("needsAction"), true),
        (|event| event.status("tentative"), true),
        (|event| event.kind("workingLocation"), false),
        (|event| event.kind("birthday"), false),
        (|event| event.kind("outOfOffice"), true),
        (|event| event.kind("focusTime"), true),
        (|event| event.kind("fromGmail"), true),
        (|event| event.kind("focusTime").transparent(), false),
    ];
    for ((kind, _), day) in kinds.iter().zip(DAYS) {
        linked.google.add_event(PRIMARY, kind(at(day)));
    }
    // Whole days: of an invitation that nobody has answered, and of one that was accepted.
    linked.google.add_event(
        PRIMARY,
        GoogleEvent::days(DAYS[13], "2026-12-19").response("needsAction"),
    );
    linked.google.add_event(
        PRIMARY,
        GoogleEvent::days(DAYS[14], "2026-12-22").response("accepted"),
    );
    linked.reads().await;
    for ((_, is_busy), day) in kinds.iter().zip(DAYS) {
        let expected = if *is_busy { without(10) } else { hours(8, 18) };
        assert_eq!(free(&linked.app, day).await, expected, "{day}");
    }
    assert_eq!(free(&linked.app, DAYS[13]).await, hours(8, 18));
    assert!(free(&linked.app, DAYS[14]).await.is_empty());

    // The owner changes their mind.
    let events = linked.google.events(PRIMARY);
    let on = |day: &str| {
        let event = events.iter().find(|event| {
            event["start"]["dateTime"]
                .as_str()
                .is_some_and(|start| start.starts_with(day))
        });
        event.unwrap()["id"].as_str().unwrap().to_owned()
    };
    linked.google.edit_event(
        PRIMARY,
        &on(DAYS[2]),
        &json!({ "attendees": [{ "email": "owner@example.test", "self": true, "responseStatus": "accepted" }] }),
    );
    linked.google.edit_event(
        PRIMARY,
        &on(DAYS[0]),
        &json!({ "transparency": "transparent" }),
    );
    linked.reads().await;
    assert_eq!(free(&linked.app, DAYS[2]).await, without(10));
    assert_eq!(free(&linked.app, DAYS[0]).await, hours(8, 18));
}

#[tokio::test]
async fn on_a_caldav_server_what_is_free_or_cancelled_is_offered_and_what_is_tentative_is_not() {
    let linked = Linked::start("{}").await;
    let kinds = [
        ("STATUS:TENTATIVE", true),
        ("STATUS:CONFIRMED", true),
        ("STATUS:CANCELLED", false),
        ("TRANSP:TRANSPARENT", false),
        ("TRANSP:OPAQUE", true),
        ("X-MICROSOFT-CDO-BUSYSTATUS:FREE", false),
        ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", true),
    ];
    for ((line, _), day) in kinds.iter().zip(DAYS) {
        let day = day.replace('-', "");
        let time = timed(&format!("{day}T1000"), &format!("{day}T1100"));
        linked.enters(&day, &format!("{time}\n{line}")).await;
    }
    linked.reads().await;
    for ((line, is_busy), day) in kinds.iter().zip(DAYS) {
        let expected = if *is_busy { without(10) } else { hours(8, 18) };
        assert_eq!(free(&linked.app, day).await, expected, "{line}");
    }
}
