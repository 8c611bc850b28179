//! What somebody makes of an appointment's event in the linked calendar comes back, if it may.

use serde_json::{Value, json};

use crate::support::{
    LinkedGoogle,
    appointments::{books, live},
    google::{GoogleEvent, PRIMARY},
};

/// An appointment on Tuesday at ten, and the id of its event.
async fn booked(settings: &str) -> (LinkedGoogle, String) {
    let linked = LinkedGoogle::start(settings).await;
    let said = books(&linked.app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    linked.app.settles().await;
    let id = linked.ours()[0]["id"].as_str().unwrap().to_owned();
    linked.google.clear_requests();
    (linked, id)
}

async fn tasks(linked: &LinkedGoogle) -> Vec<String> {
    linked
        .app
        .database
        .column("select status || ' ' || (metadata ->> 'conflict') from staff_tasks where kind = 'calendar' order by created_at, id")
        .await
}

async fn texts(linked: &LinkedGoogle) -> Vec<String> {
    linked
        .app
        .database
        .column("select payload ->> 'template' from private.outbox where kind = 'sms' order by created_at, payload ->> 'template'")
        .await
}

/// Two minutes pass, and what is due then is done.
async fn two_minutes_pass(linked: &LinkedGoogle) {
    linked.app.passes_until("2026-11-23T15:02:30Z").await;
}

#[tokio::test]
async fn an_event_that_is_dragged_to_a_free_time_moves_the_appointment_and_its_customer_is_told_once()
 {
    let (linked, id) = booked("{}").await;
    linked.google.move_event(
        PRIMARY,
        &id,
        "2026-12-02T14:30:00-07:00",
        "2026-12-02T15:30:00-07:00",
    );
    linked.reads().await;
    assert_eq!(
        live(&linked.app).await,
        ["2026-12-01 10:00"],
        "it may still be dragged"
    );

    two_minutes_pass(&linked).await;
    assert_eq!(live(&linked.app).await, ["2026-12-02 14:30"]);
    assert_eq!(
        texts(&linked)
            .await
            .iter()
            .filter(|text| *text == "change")
            .count(),
        1
    );
    assert_eq!(
        linked.ours()[0]["start"]["dateTime"],
        "2026-12-02T14:30:00-07:00"
    );
    assert!(tasks(&linked).await.is_empty());
    linked.reads().await;
    let writes = ["events.insert", "events.patch", "events.delete"];
    for method in writes {
        assert!(linked.google.requests_of(method).is_empty(), "{method}");
    }
}

#[tokio::test]
async fn an_event_that_is_made_longer_makes_the_appointment_longer() {
    let (linked, id) = booked("{}").await;
    linked.google.move_event(
        PRIMARY,
        &id,
        "2026-12-01T10:00:00-07:00",
        "2026-12-01T12:00:00-07:00",
    );
    linked.reads().await;
    two_minutes_pass(&linked).await;
    let minutes: i32 = linked
        .app
        .database
        .value("select duration_minutes from appointments")
        .await;
    assert_eq!(minutes, 120);
    assert!(
        !linked
            .free("2026-12-01")
            .await
            .contains(&"11:00".to_owned())
    );
}

#[tokio::test]
async fn an_event_that_is_dragged_onto_another_appointment_leaves_it_where_it_is_and_is_one_task() {
    let (linked, id) = booked("{}").await;
    books(&linked.app.caller(), "2026-12-01T14:00").await;
    linked.app.settles().await;
    linked.google.move_event(
        PRIMARY,
        &id,
        "2026-12-01T14:30:00-07:00",
        "2026-12-01T15:30:00-07:00",
    );
    linked.reads().await;
    two_minutes_pass(&linked).await;
    linked.reads().await;
    assert_eq!(
        live(&linked.app).await,
        ["2026-12-01 10:00", "2026-12-01 14:00"]
    );
    assert_eq!(tasks(&linked).await, ["open moved"]);

    // Dragged back it is over.
    linked.google.move_event(
        PRIMARY,
        &id,
        "2026-12-01T10:00:00-07:00",
        "2026-12-01T11:00:00-07:00",
    );
    linked.reads().await;
    assert_eq!(tasks(&linked).await, ["done moved"]);
}

#[tokio::test]
async fn an_event_that_is_deleted_leaves_the_appointment_and_is_one_task() {
    let (linked, id) = booked("{}").await;
    linked.google.delete_event(PRIMARY, &id);
    linked.reads().await;
    two_minutes_pass(&linked).await;
    linked.reads().await;
    assert_eq!(live(&linked.app).await, ["2026-12-01 10:00"]);
    assert_eq!(tasks(&linked).await, ["open deleted"]);
    assert!(linked.ours().is_empty());

    // Once the appointment is moved here, it appears again, under another id.
    let moved = linked
        .app
        .caller()
        .asks(
            "reschedule_appointment",
            json!({ "new_date": "2026-12-01T15:00" }),
        )
        .await;
    assert!(moved.is_error || !moved.words.is_empty());
    linked
        .app
        .dashboard("update appointments set scheduled_time = '15:00'")
        .await;
    linked.app.settles().await;
    let ours = linked.ours();
    assert_eq!(ours.len(), 1);
    assert_ne!(ours[0]["id"], Value::from(id));
    assert_eq!(tasks(&linked).await, ["done deleted"]);
}

#[tokio::test]
async fn an_organization_may_have_a_deleted_event_cancel_its_appointment_or_have_it_written_again()
{
    let (linked, id) = booked(r#"{"calendar": {"deleted": "cancel"}}"#).await;
    linked.google.delete_event(PRIMARY, &id);
    linked.reads().await;
    two_minutes_pass(&linked).await;
    assert!(live(&linked.app).await.is_empty());
    assert!(
        texts(&linked).await.contains(&"cancellation".to_owned())
            || texts(&linked).await == ["confirmation"]
    );

    let (linked, id) = booked(r#"{"calendar": {"deleted": "restore"}}"#).await;
    linked.google.delete_event(PRIMARY, &id);
    linked.reads().await;
    two_minutes_pass(&linked).await;
    assert_eq!(live(&linked.app).await, ["2026-12-01 10:00"]);
    let ours = linked.ours();
    assert_eq!(ours.len(), 1);
    assert_ne!(ours[0]["id"], Value::from(id));
    assert!(tasks(&linked).await.is_empty());
}

#[tokio::test]
async fn somebody_elses_event_over_an_appointment_is_one_task_until_it_is_gone() {
    let (linked, _) = booked("{}").await;
    let over = linked.google.add_event(
        PRIMARY,
        GoogleEvent::timed("2026-12-01T10:30:00-07:00", "2026-12-01T12:00:00-07:00"),
    );
    linked.reads().await;
    linked.reads().await;
    assert_eq!(live(&linked.app).await, ["2026-12-01 10:00"]);
    assert_eq!(tasks(&linked).await, ["open overlap"]);
    linked.google.delete_event(PRIMARY, &over);
    linked.reads().await;
    assert_eq!(tasks(&linked).await, ["done overlap"]);
}

#[tokio::test]
async fn five_events_that_are_gone_at_once_are_one_task_and_no_decision() {
    let linked = LinkedGoogle::start(r#"{"calendar": {"deleted": "cancel"}}"#).await;
    for hour in 9..14 {
        let said = books(&linked.app.caller(), &format!("2026-12-01T{hour:02}:00")).await;
        assert!(said.says("You're booked"), "{}", said.words);
    }
    linked.app.settles().await;
    for event in linked.ours() {
        linked
            .google
            .delete_event(PRIMARY, event["id"].as_str().unwrap());
    }
    linked.reads().await;
    two_minutes_pass(&linked).await;
    assert_eq!(live(&linked.app).await.len(), 5);
    let tasks: i64 = linked
        .app
        .database
        .value("select count(*) from staff_tasks where kind = 'calendar'")
        .await;
    assert_eq!(tasks, 1);
}

#[tokio::test]
async fn an_organization_that_moves_to_another_zone_takes_its_events_along_and_nobody_is_told() {
    let (linked, id) = booked("{}").await;
    let told = texts(&linked).await;
    linked
        .app
        .dashboard("update organizations set timezone = 'America/New_York'")
        .await;
    linked.app.settles().await;
    linked.reads().await;
    two_minutes_pass(&linked).await;
    linked.reads().await;
    assert_eq!(live(&linked.app).await, ["2026-12-01 10:00"]);
    let ours = linked.ours();
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0]["id"], id.as_str());
    assert_eq!(ours[0]["start"]["dateTime"], "2026-12-01T10:00:00-05:00");
    assert!(tasks(&linked).await.is_empty());
    assert_eq!(texts(&linked).await, told);

    // As it is where the calendar is read before they are written.
    linked
        .google
        .is_down(crate::support::http::Failure::new(503, "backendError"));
    linked
        .app
        .dashboard("update organizations set timezone = 'America/Denver'")
        .await;
    linked.app.settles().await;
    linked.google.is_back();
    linked
        .app
        .database
        .run("update private.calendar_links set due_at = private.clock()")
        .await;
    linked.app.passes_until("2026-11-23T15:40:00Z").await;
    assert_eq!(live(&linked.app).await, ["2026-12-01 10:00"]);
    assert_eq!(
        linked.ours()[0]["start"]["dateTime"],
        "2026-12-01T10:00:00-07:00"
    );
    assert_eq!(texts(&linked).await, told);
}
