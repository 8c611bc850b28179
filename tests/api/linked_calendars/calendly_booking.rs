//! Appointments that are booked at Calendly too, for services that say so: once, with the customer as invitee, and cancelled with the appointment.

use serde_json::Value;

use crate::support::{
    LinkedCalendly, LinkedGoogle, TestApp,
    app::{ORGANIZATION_ID, SECRETS_KEY},
    appointments::{books, books_with_email},
    calendly::{Calendly, EVENT_TYPE, TOKEN},
    google::PRIMARY,
    operator::{object, with_input},
};

/// What was booked: when it starts, and whether it stands.
fn booked(calendly: &Calendly) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let booked = calendly.booked().into_iter();
    booked
        .map(|(_, event)| (text(&event["start_time"]), text(&event["status"])))
        .collect()
}

fn once(start: &str, status: &str) -> Vec<(String, String)> {
    vec![(start.to_owned(), status.to_owned())]
}

async fn count(app: &TestApp, what: &str) -> i64 {
    let sql = format!("select count(*) from {what}");
    app.database.value(&sql).await
}

const TEN: &str = "2026-12-01T17:00:00Z";

#[tokio::test]
async fn an_appointment_is_booked_for_its_customer_moves_by_booking_anew_and_is_cancelled_with_it()
{
    let linked = LinkedCalendly::that_books().await;
    let app = &linked.app;
    books_with_email(app, "2026-12-01T10:00").await;
    assert_eq!(booked(&linked.calendly), once(TEN, "active"));
    let (invitee, event) = linked.calendly.booked().remove(0);
    assert_eq!(invitee["email"], "maria@example.com");
    assert_eq!(invitee["name"], "Maria Lopez");
    assert_eq!(invitee["timezone"], "America/Denver");
    let id: String = app
        .database
        .value("select calendly_event_id from appointments")
        .await;
    assert_eq!(event["uri"], id.as_str());

    // It is ours, however long it lasts there: it blocks nothing, and nothing follows from it.
    linked.reads().await;
    app.passes_until("2026-11-23T15:10:00Z").await;
    assert_eq!(count(app, "private.external_events").await, 0);
    assert_eq!(count(app, "staff_tasks").await, 0);
    let starts = "appointments where scheduled_time = '10:00' and duration_minutes = 60";
    assert_eq!(count(app, starts).await, 1);

    // What changes nothing there asks for nothing there.
    app.dashboard(
        "update appointments set service_address = '14 Elm Street', customer_name = 'Maria'",
    )
    .await;
    app.settles().await;
    assert_eq!(booked(&linked.calendly).len(), 1);

    app.dashboard("update appointments set scheduled_time = '14:00'")
        .await;
    app.settles().await;
    let moved = [
        once(TEN, "canceled"),
        once("2026-12-01T21:00:00Z", "active"),
    ];
    assert_eq!(booked(&linked.calendly), moved.concat());
    linked.reads().await;
    assert_eq!(count(app, "private.external_events").await, 0);

    app.dashboard("update appointments set status = 'cancelled'")
        .await;
    app.settles().await;
    let statuses: Vec<String> = booked(&linked.calendly)
        .into_iter()
        .map(|it| it.1)
        .collect();
    assert_eq!(statuses, ["canceled", "canceled"]);
    assert_eq!(count(app, "private.calendar_copies").await, 0);
    assert_eq!(count(app, "staff_tasks").await, 0);
}

#[tokio::test]
async fn nobody_is_booked_at_calendly_without_an_address_a_service_that_says_so_or_a_confirmation()
{
    let linked = LinkedCalendly::that_books().await;
    let app = &linked.app;
    books(&app.caller(), "2026-12-01T10:00").await;
    app.settles().await;
    let posts = || linked.calendly.requests_of("POST /invitees").len();
    assert_eq!(posts(), 0);
    app.dashboard("update appointments set status = 'pending'; update appointments set customer_email = 'maria@example.com'")
        .await;
    app.settles().await;
    assert_eq!(posts(), 0);
    app.dashboard("update appointments set status = 'confirmed'")
        .await;
    app.settles().await;
    assert_eq!(booked(&linked.calendly), once(TEN, "active"));

    app.dashboard("update services set calendly_event_type = null")
        .await;
    books_with_email(app, "2026-12-01T13:00").await;
    assert_eq!(posts(), 1);
    // What is booked there already stays booked, until it moves.
    app.dashboard("update appointments set service_address = '14 Elm Street'")
        .await;
    app.settles().await;
    assert_eq!(booked(&linked.calendly), once(TEN, "active"));
}

#[tokio::test]
async fn a_booking_whose_answer_is_lost_is_found_again_and_not_repeated() {
    let linked = LinkedCalendly::that_books().await;
    let app = &linked.app;
    linked.calendly.lose_next_booking();
    books_with_email(app, "2026-12-01T10:00").await;
    // Read before its id is known, it is nobody else's.
    linked.reads().await;
    assert_eq!(count(app, "staff_tasks").await, 0);
    app.passes_until("2026-11-23T15:10:00Z").await;
    assert_eq!(booked(&linked.calendly), once(TEN, "active"));
    assert_eq!(linked.calendly.requests_of("POST /invitees").len(), 1);
    assert_eq!(count(app, "private.external_events").await, 0);
    let known = "private.calendar_copies where written is not null";
    assert_eq!(count(app, known).await, 1);
}

#[tokio::test]
async fn a_booking_whose_answer_is_lost_is_cancelled_with_its_appointment() {
    let linked = LinkedCalendly::that_books().await;
    let app = &linked.app;
    linked.calendly.lose_next_booking();
    books_with_email(app, "2026-12-01T10:00").await;
    app.dashboard("update appointments set status = 'cancelled', customer_email = null")
        .await;
    app.settles().await;
    assert_eq!(booked(&linked.calendly), once(TEN, "canceled"));
    assert_eq!(count(app, "private.calendar_copies").await, 0);
}

#[tokio::test]
async fn an_appointment_that_moves_before_the_answer_is_known_stands_once() {
    let linked = LinkedCalendly::that_books().await;
    linked.calendly.lose_next_booking();
    books_with_email(&linked.app, "2026-12-01T10:00").await;
    linked
        .app
        .dashboard("update appointments set scheduled_time = '14:00'")
        .await;
    linked.app.settles().await;
    let moved = [
        once(TEN, "canceled"),
        once("2026-12-01T21:00:00Z", "active"),
    ];
    assert_eq!(booked(&linked.calendly), moved.concat());
}

#[tokio::test]
async fn what_a_free_plan_refuses_stands_here_is_one_task_and_is_booked_once_the_account_is_connected_again()
 {
    let linked = LinkedCalendly::that_books().await;
    let app = &linked.app;
    linked.calendly.is_free(true);
    for token in ["2026-12-01T10:00", "2026-12-01T13:00"] {
        books_with_email(app, token).await;
    }
    app.passes_until("2026-11-23T20:00:00Z").await;
    assert_eq!(linked.calendly.requests_of("POST /invitees").len(), 2);
    let tasks: Vec<String> = app
        .database
        .column("select summary from staff_tasks where kind = 'calendar' and status = 'open'")
        .await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert!(tasks[0].contains("403"), "{tasks:?}");
    assert_eq!(
        count(app, "appointments where status = 'confirmed'").await,
        2
    );
    let status = object(&linked.command(&["status"], ""));
    assert_eq!(status["calendars"][0]["waiting"], 2, "{status}");

    linked.calendly.is_free(false);
    linked.calendly.set_now(app.clock.now());
    let line = ["connect", "--provider", "calendly"];
    object(&linked.command(&line, TOKEN));
    app.settles().await;
    assert_eq!(booked(&linked.calendly).len(), 2);
    assert_eq!(count(app, "staff_tasks where status = 'open'").await, 0);
}

#[tokio::test]
async fn a_limit_on_bookings_is_waited_out_as_long_as_calendly_says() {
    let linked = LinkedCalendly::that_books().await;
    linked.calendly.limit_next(600);
    books_with_email(&linked.app, "2026-12-01T10:00").await;
    linked.app.passes_until("2026-11-23T15:09:59Z").await;
    assert!(booked(&linked.calendly).is_empty());
    linked.app.passes_until("2026-11-23T16:00:00Z").await;
    assert_eq!(booked(&linked.calendly), once(TEN, "active"));
}

#[tokio::test]
async fn what_a_customer_cancels_at_calendly_is_not_booked_again() {
    let linked = LinkedCalendly::that_books().await;
    let app = &linked.app;
    app.dashboard(r#"update organizations set settings = '{"calendar": {"deleted": "restore"}}'"#)
        .await;
    books_with_email(app, "2026-12-01T10:00").await;
    let (_, event) = linked.calendly.booked().remove(0);
    app.passes_until("2026-11-23T15:01:00Z").await;
    linked.calendly.cancel_event(event["uri"].as_str().unwrap());
    linked.reads().await;
    app.passes_until("2026-11-23T15:04:00Z").await;
    assert_eq!(booked(&linked.calendly), once(TEN, "canceled"));
    assert_eq!(count(app, "staff_tasks where status = 'open'").await, 1);
}

#[tokio::test]
async fn disconnecting_with_its_events_cancels_what_was_booked() {
    let linked = LinkedCalendly::that_books().await;
    books_with_email(&linked.app, "2026-12-01T10:00").await;
    object(&linked.command(&["disconnect", "--remove-events"], ""));
    assert_eq!(booked(&linked.calendly), once(TEN, "canceled"));
}

#[tokio::test]
async fn a_calendar_that_is_linked_here_and_connected_to_calendly_is_not_in_the_way_of_our_own() {
    let calendly = Calendly::start().await;
    let builder = TestApp::builder()
        .await
        .setting("--calendly-api-url", &calendly.api_url());
    let google = LinkedGoogle::with(builder, "{}").await;
    let app = &google.app;
    let (id, api, url) = (
        ORGANIZATION_ID.to_string(),
        calendly.api_url(),
        app.database.url(),
    );
    let and = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{and}options=-c%20frontdesk.now%3D2026-11-23T15:00:00Z");
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("FRONTDESK_SECRETS_KEY", SECRETS_KEY),
        ("CALENDLY_API_URL", &api),
    ];
    let line = [
        "calendar",
        "connect",
        &id,
        "--provider",
        "calendly",
        "--json",
    ];
    object(&with_input(&line, &environment, TOKEN));
    app.database
        .run(&format!(
            "insert into services (organization_id, name, is_default, duration_minutes, calendly_event_type)
             values ('{ORGANIZATION_ID}', 'Drain cleaning', true, 30, '{EVENT_TYPE}')"
        ))
        .await;
    books_with_email(app, "2026-12-01T10:00").await;
    // Each provider shows what we wrote at the other one.
    calendly.add_busy(TEN, "2026-12-01T17:30:00Z");
    google.google.add_event(
        PRIMARY,
        crate::support::google::GoogleEvent::timed(
            "2026-12-01T10:00:00-07:00",
            "2026-12-01T10:30:00-07:00",
        ),
    );
    google.reads().await;
    assert_eq!(count(app, "private.external_events").await, 0);
    assert_eq!(count(app, "staff_tasks").await, 0);
    calendly.add_busy("2026-12-01T18:00:00Z", "2026-12-01T18:30:00Z");
    google.reads().await;
    assert_eq!(count(app, "private.external_events").await, 1);
}
