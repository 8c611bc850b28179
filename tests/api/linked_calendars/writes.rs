//! Appointments in a linked calendar.

use serde_json::json;

use crate::support::{Linked, appointments::books};

#[tokio::test]
async fn an_appointment_appears_moves_and_vanishes_with_the_event_that_stands_for_it() {
    let linked = Linked::start("{}").await;
    let (app, caller) = (&linked.app, linked.app.caller());
    assert!(
        books(&caller, "2026-12-01T10:00")
            .await
            .says("You're booked")
    );
    app.settles().await;
    let ours = linked.ours().await;
    assert_eq!(ours.len(), 1, "{ours:?}");
    let (path, text) = &ours[0];
    for line in [
        "DTSTART:20261201T170000Z",
        "DTEND:20261201T180000Z",
        "LOCATION:12 Elm Street",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert!(
        !text.contains("ATTENDEE") && !text.contains("Maria"),
        "{text}"
    );

    let moved = caller
        .asks(
            "reschedule_appointment",
            json!({ "new_date": "2026-12-01T14:00" }),
        )
        .await;
    assert!(!moved.is_error, "{}", moved.words);
    app.settles().await;
    let ours = linked.ours().await;
    assert_eq!(ours.len(), 1);
    assert_eq!(&ours[0].0, path);
    assert!(
        ours[0].1.contains("DTSTART:20261201T210000Z"),
        "{}",
        ours[0].1
    );

    app.dashboard("update appointments set status = 'cancelled'")
        .await;
    app.settles().await;
    assert!(linked.ours().await.is_empty());
}
