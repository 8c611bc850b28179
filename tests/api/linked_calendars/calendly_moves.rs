//! What invitees move at Calendly: the appointment follows if it may. Events that others come to as well are left alone.

use crate::support::{LinkedCalendly, appointments::books_with_email};

/// An appointment at ten that is booked at Calendly, and its event there, a while later.
async fn booked() -> (LinkedCalendly, String) {
    let linked = LinkedCalendly::that_books().await;
    books_with_email(&linked.app, "2026-12-01T10:00").await;
    linked.app.passes_until("2026-11-23T15:01:00Z").await;
    let (_, event) = linked.calendly.booked().remove(0);
    let uri = event["uri"].as_str().unwrap().to_owned();
    (linked, uri)
}

impl LinkedCalendly {
    /// Reads what was moved, and waits until it is followed.
    async fn follows(&self) {
        self.reads().await;
        self.app.passes_until("2026-11-23T15:05:00Z").await;
    }

    async fn tasks(&self) -> Vec<String> {
        self.app
            .database
            .column("select summary from staff_tasks where kind = 'calendar' and status = 'open'")
            .await
    }

    async fn appointment(&self) -> (String, String) {
        let sql = "select to_char(scheduled_time, 'HH24:MI') || ' ' || duration_minutes || ' ' || status from appointments";
        let id = "select calendly_event_id from appointments";
        let database = &self.app.database;
        (database.value(sql).await, database.value(id).await)
    }

    fn active(&self) -> Vec<String> {
        let booked = self.calendly.booked().into_iter();
        let active = booked.filter(|(_, event)| event["status"] == "active");
        active
            .map(|(_, event)| event["uri"].as_str().unwrap().to_owned())
            .collect()
    }

    fn bookings(&self) -> usize {
        self.calendly.requests_of("POST /invitees").len()
    }
}

#[tokio::test]
async fn an_appointment_follows_its_invitee_and_lasts_as_long_as_before() {
    let (linked, event) = booked().await;
    let (start, end) = ("2026-12-01T21:00:00Z", "2026-12-01T21:30:00Z");
    let moved = linked.calendly.move_event(&event, start, end);
    linked.follows().await;

    let expected = ("14:00 60 confirmed".to_owned(), moved.clone());
    assert_eq!(linked.appointment().await, expected);
    assert_eq!(linked.tasks().await, Vec::<String>::new());
    assert_eq!(linked.active(), [moved.as_str()]);
    let events: i64 = linked
        .app
        .database
        .value("select count(*) from private.external_events")
        .await;
    assert_eq!(events, 0);
    assert!(
        linked
            .app
            .free("2026-12-01")
            .await
            .contains(&"10:00".to_owned())
    );

    // It is ours still: the next listing asks for nothing, and it is cancelled with the appointment.
    linked.reads().await;
    assert_eq!(linked.bookings(), 1);
    linked
        .app
        .dashboard("update appointments set status = 'cancelled'")
        .await;
    linked.app.settles().await;
    assert!(linked.active().is_empty());
}

#[tokio::test]
async fn an_appointment_follows_an_invitee_who_moves_it_twice_and_moves_on_from_there() {
    let (linked, event) = booked().await;
    let calendly = &linked.calendly;
    let once = calendly.move_event(&event, "2026-12-01T18:00:00Z", "2026-12-01T18:30:00Z");
    let twice = calendly.move_event(&once, "2026-12-01T21:00:00Z", "2026-12-01T21:30:00Z");
    linked.follows().await;
    let expected = ("14:00 60 confirmed".to_owned(), twice.clone());
    assert_eq!(linked.appointment().await, expected);

    linked
        .app
        .dashboard("update appointments set scheduled_time = '11:00'")
        .await;
    linked.app.settles().await;
    let active = linked.active();
    assert_eq!(active.len(), 1);
    assert!(!active.contains(&twice), "{active:?}");
    assert_eq!(linked.tasks().await, Vec::<String>::new());
}

#[tokio::test]
async fn an_appointment_that_cannot_follow_its_invitee_is_one_task_and_is_cancelled_where_it_is() {
    let (linked, event) = booked().await;
    let taken = "insert into appointments (organization_id, customer_name, customer_phone, scheduled_date, scheduled_time, duration_minutes, crew, appointment_type)
                 select organization_id, 'Ana', '+13035550177', scheduled_date, '14:00', 60, crew, appointment_type from appointments";
    linked.app.dashboard(taken).await;
    let (start, end) = ("2026-12-01T21:00:00Z", "2026-12-01T21:30:00Z");
    let moved = linked.calendly.move_event(&event, start, end);
    linked.follows().await;
    linked.reads().await;
    let tasks = linked.tasks().await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert!(
        tasks[0].contains("where the appointment cannot go"),
        "{tasks:?}"
    );
    assert_eq!(linked.active(), [moved.as_str()]);
    linked
        .app
        .dashboard("update appointments set status = 'cancelled' where scheduled_time = '10:00'")
        .await;
    linked.app.settles().await;
    assert!(linked.active().is_empty());
    assert_eq!(linked.bookings(), 1);
}

#[tokio::test]
async fn what_an_invitee_moves_and_then_cancels_is_cancelled() {
    let (linked, event) = booked().await;
    let (start, end) = ("2026-12-01T21:00:00Z", "2026-12-01T21:30:00Z");
    let moved = linked.calendly.move_event(&event, start, end);
    linked.calendly.cancel_event(&moved);
    linked.follows().await;
    let tasks = linked.tasks().await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert!(tasks[0].contains("was deleted"), "{tasks:?}");
    assert_eq!(linked.bookings(), 1);
}

#[tokio::test]
async fn nothing_is_booked_with_an_event_type_for_groups() {
    let linked = LinkedCalendly::that_books().await;
    linked.calendly.is_group(true);
    books_with_email(&linked.app, "2026-12-01T10:00").await;
    assert_eq!(linked.bookings(), 0);
    let tasks = linked.tasks().await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert!(tasks[0].contains("for groups"), "{tasks:?}");
}

#[tokio::test]
async fn an_event_that_somebody_else_comes_to_is_not_cancelled() {
    let (linked, event) = booked().await;
    linked.calendly.join_event(&event);
    linked
        .app
        .dashboard("update appointments set status = 'cancelled'")
        .await;
    linked.app.passes_until("2026-11-23T15:10:00Z").await;
    assert_eq!(linked.active(), [event.as_str()]);
}
