//! What events of ours say follows `calendar.details`, and leaves what their owner wrote.

use serde_json::{Value, json};

use super::outlook;
use crate::support::{Linked, LinkedGoogle, TestApp, appointments::books, google::PRIMARY};

async fn shows(app: &TestApp, details: &str) {
    app.dashboard(&format!(
        r#"update organizations set settings = '{{"calendar": {{"details": "{details}"}}}}'"#
    ))
    .await;
    app.settles().await;
}

/// Three appointments that are over, and one to come, of whose words everything is shown.
async fn booked() -> LinkedGoogle {
    let linked = LinkedGoogle::start(r#"{"calendar": {"details": "full"}}"#).await;
    for time in [
        "2026-11-24T10:00",
        "2026-11-24T12:00",
        "2026-11-24T14:00",
        "2026-12-01T10:00",
    ] {
        let said = books(&linked.app.caller(), time).await;
        assert!(said.says("You're booked"), "{}", said.words);
    }
    linked.app.settles().await;
    linked.app.passes_until("2026-11-25T15:00:00Z").await;
    assert_eq!(linked.ours().len(), 4);
    for event in linked.ours() {
        assert!(event["summary"].as_str().unwrap().contains("Maria Lopez"));
        assert!(event["description"].as_str().unwrap().contains("+1"));
    }
    linked
}

fn id(events: &[Value], start: &str) -> String {
    let found = events.iter().find(|event| {
        event["start"]["dateTime"]
            .as_str()
            .unwrap()
            .starts_with(start)
    });
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn names_vanish_from_events_that_are_over_too_and_what_the_owner_wrote_stays() {
    let linked = booked().await;
    let (app, events) = (&linked.app, linked.ours());
    let renamed = id(&events, "2026-11-24T10:00");
    let moved = id(&events, "2026-11-24T12:00");
    let edit = json!({ "summary": "Leak, see photos", "location": "Garage" });
    linked.google.edit_event(PRIMARY, &renamed, &edit);
    linked
        .google
        .edit_event(PRIMARY, &renamed, &json!({ "colorId": "5" }));
    linked.google.move_event(
        PRIMARY,
        &moved,
        "2026-11-24T12:30:00-07:00",
        "2026-11-24T13:30:00-07:00",
    );
    linked.reads().await;
    linked.google.clear_requests();
    shows(app, "none").await;
    app.passes_until("2026-11-25T15:01:00Z").await;

    let events = linked.ours();
    assert_eq!(events.len(), 4);
    for event in &events {
        let text = event.to_string();
        assert!(!text.contains("Maria") && !text.contains("+1303"), "{text}");
        assert!(event.get("description").is_none(), "{text}");
    }
    let of = |id: &str| events.iter().find(|event| event["id"] == id).unwrap();
    assert_eq!(of(&renamed)["summary"], "Leak, see photos");
    assert_eq!(of(&renamed)["location"], "Garage");
    assert_eq!(of(&renamed)["colorId"], "5");
    assert_eq!(of(&moved)["summary"], "Appointment");
    assert_eq!(of(&moved)["location"], "12 Elm Street");
    assert_eq!(of(&moved)["start"]["dateTime"], "2026-11-24T12:30:00-07:00");
    assert_eq!(linked.google.requests_of("events.patch").len(), 4);
    // Nothing is left to do, however often it is read.
    linked.google.clear_requests();
    linked.reads().await;
    assert!(linked.google.requests_of("events.patch").is_empty());
    assert!(linked.google.requests_of("events.get").is_empty());
}

#[tokio::test]
async fn names_appear_in_coming_events_alone_and_are_waited_for_while_google_is_away() {
    let linked = booked().await;
    let app = &linked.app;
    linked
        .google
        .is_down(crate::support::http::Failure::new(503, "backendError"));
    shows(app, "none").await;
    app.passes_until("2026-11-25T15:05:00Z").await;
    assert!(
        linked
            .ours()
            .iter()
            .all(|event| event.to_string().contains("Maria"))
    );
    linked.google.is_back();
    app.passes_until("2026-11-25T17:30:00Z").await;
    assert!(
        !linked
            .ours()
            .iter()
            .any(|event| event.to_string().contains("Maria"))
    );

    shows(app, "name").await;
    app.passes_until("2026-11-25T17:31:00Z").await;
    let events = linked.ours();
    let named: Vec<&Value> = events
        .iter()
        .filter(|event| event.to_string().contains("Maria"))
        .collect();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0]["start"]["dateTime"], "2026-12-01T10:00:00-07:00");
}

#[tokio::test]
async fn what_an_appointment_says_no_more_vanishes_when_it_is_written_for_another_reason() {
    let linked = booked().await;
    linked
        .app
        .dashboard(
            "update appointments set scheduled_time = '15:00', service_address = null where scheduled_date = '2026-12-01'",
        )
        .await;
    linked.app.settles().await;
    let events = linked.ours();
    let event = events
        .iter()
        .find(|event| event["start"]["dateTime"] == "2026-12-01T15:00:00-07:00")
        .unwrap();
    assert!(event.get("location").is_none(), "{event}");
    assert!(event["description"].as_str().unwrap().contains("+1"));
    // Of one that is over, what is forgotten here is forgotten there.
    linked
        .app
        .dashboard("update appointments set customer_name = 'Customer 1', service_address = null")
        .await;
    linked.app.settles().await;
    assert!(
        !linked
            .ours()
            .iter()
            .any(|event| event.to_string().contains("Maria"))
    );
}

#[tokio::test]
async fn on_a_caldav_server_names_vanish_and_alarms_stay() {
    let linked = Linked::start(r#"{"calendar": {"details": "full"}}"#).await;
    let said = books(&linked.app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    linked.app.settles().await;
    let (path, text) = linked.ours().await.remove(0);
    assert!(
        text.contains("Maria Lopez") && text.contains("DESCRIPTION:"),
        "{text}"
    );
    let with_alarm = text.replace(
        "END:VEVENT",
        "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Alarm\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\nEND:VEVENT",
    );
    linked.radicale.put(&path, &with_alarm).await;
    linked.reads().await;
    shows(&linked.app, "none").await;
    let (_, text) = linked.ours().await.remove(0);
    assert!(!text.contains("Maria"), "{text}");
    assert_eq!(text.matches("DESCRIPTION:").count(), 1, "{text}");
    assert!(
        text.contains("SUMMARY:Appointment\r\n") && text.contains("LOCATION:12 Elm Street"),
        "{text}"
    );
}

#[tokio::test]
async fn at_outlook_names_vanish() {
    let (app, microsoft) = outlook::start().await;
    app.database
        .run(r#"update organizations set settings = '{"calendar": {"details": "full"}}'"#)
        .await;
    let said = books(&app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    app.settles().await;
    assert!(
        outlook::ours(&microsoft)[0]
            .to_string()
            .contains("Maria Lopez")
    );
    shows(&app, "none").await;
    let ours = outlook::ours(&microsoft);
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0]["subject"], "Appointment");
    assert_eq!(ours[0]["location"]["displayName"], "12 Elm Street");
    assert_eq!(ours[0]["body"]["content"], "");
}
