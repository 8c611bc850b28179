//! Appointments appear, move and vanish in the linked calendar once, whatever happens on the way.

use serde_json::json;

use crate::support::{
    LinkedGoogle, TestApp,
    appointments::books,
    eventually,
    google::{GoogleEvent, PRIMARY},
    http::Failure,
};

async fn book(linked: &LinkedGoogle, token: &str) {
    let said = books(&linked.app.caller(), token).await;
    assert!(said.says("You're booked"), "{}", said.words);
}

fn writes(linked: &LinkedGoogle) -> usize {
    ["events.insert", "events.patch", "events.delete"]
        .iter()
        .map(|method| linked.google.requests_of(method).len())
        .sum()
}

#[tokio::test]
async fn five_moves_while_an_event_is_written_make_one_more_request_and_the_last_one_stands() {
    let linked = LinkedGoogle::start("{}").await;
    linked.google.hold_inserts(true);
    book(&linked, "2026-12-01T10:00").await;
    eventually("the event is being written", async || {
        let claimed =
            "select count(*) from private.calendar_copies where claimed_until is not null";
        (linked.app.database.value::<i64>(claimed).await == 1).then_some(())
    })
    .await;
    let moves: Vec<String> = (11..16)
        .map(|hour| format!("update appointments set scheduled_time = '{hour}:00'; commit; begin;"))
        .collect();
    linked
        .app
        .dashboard(&format!("begin; {} commit", moves.concat()))
        .await;
    linked.google.hold_inserts(false);
    linked.app.settles().await;
    assert_eq!(
        linked.ours()[0]["start"]["dateTime"],
        "2026-12-01T15:00:00-07:00"
    );
    assert_eq!(writes(&linked), 2);
}

#[tokio::test]
async fn an_appointment_that_is_cancelled_after_its_event_was_deleted_is_done_without_an_error() {
    let linked = LinkedGoogle::start("{}").await;
    book(&linked, "2026-12-01T10:00").await;
    linked.app.settles().await;
    let id = linked.ours()[0]["id"].as_str().unwrap().to_owned();
    linked.google.delete_event(PRIMARY, &id);
    linked
        .app
        .dashboard("update appointments set status = 'cancelled'")
        .await;
    linked.app.settles().await;
    let left: i64 = linked
        .app
        .database
        .value("select count(*) from private.calendar_copies")
        .await;
    assert_eq!(left, 0);
}

#[tokio::test]
async fn the_event_of_an_appointment_that_a_dashboard_deletes_vanishes() {
    let linked = LinkedGoogle::start("{}").await;
    book(&linked, "2026-12-01T10:00").await;
    linked.app.settles().await;
    linked.app.dashboard("delete from appointments").await;
    linked.app.settles().await;
    assert!(linked.ours().is_empty());
}

#[tokio::test]
async fn what_we_wrote_ourselves_is_read_without_a_request_back_a_task_or_a_message() {
    let linked = LinkedGoogle::start("{}").await;
    book(&linked, "2026-12-01T10:00").await;
    linked.app.settles().await;
    linked.google.clear_requests();
    let texts = "select count(*) from private.outbox";
    let before: i64 = linked.app.database.value(texts).await;
    for _ in 0..3 {
        linked.reads().await;
    }
    linked.app.passes_until("2026-11-23T15:30:00Z").await;
    assert_eq!(writes(&linked), 0);
    assert_eq!(linked.app.database.value::<i64>(texts).await, before);
    assert_eq!(
        linked
            .app
            .database
            .value::<i64>("select count(*) from staff_tasks")
            .await,
        0
    );
    assert!(
        linked
            .free("2026-12-01")
            .await
            .contains(&"11:00".to_owned())
    );
}

#[tokio::test]
async fn an_appointment_is_written_though_google_failed_for_an_hour() {
    let linked = LinkedGoogle::start("{}").await;
    linked.google.is_down(Failure::new(503, "backendError"));
    book(&linked, "2026-12-01T10:00").await;
    linked.app.settles().await;
    linked.app.passes_until("2026-11-23T16:00:00Z").await;
    assert!(linked.ours().is_empty());
    linked.google.is_back();
    linked.app.passes_until("2026-11-23T18:30:00Z").await;
    assert_eq!(linked.ours().len(), 1);
}

#[tokio::test]
async fn requests_that_google_limits_wait_as_long_as_it_says_and_are_not_lost() {
    let linked = LinkedGoogle::start("{}").await;
    let limited = || Failure::new(403, "rateLimitExceeded").retry_after(90);
    linked.google.fail_next(&[limited()]);
    book(&linked, "2026-12-01T10:00").await;
    linked.app.settles().await;
    linked.google.clear_requests();
    linked.app.passes_until("2026-11-23T15:01:29Z").await;
    assert_eq!(writes(&linked), 0);
    linked.app.passes_until("2026-11-23T15:02:00Z").await;
    assert_eq!(linked.ours().len(), 1);
}

#[tokio::test]
async fn a_process_that_was_killed_while_it_wrote_leaves_one_event() {
    let linked = LinkedGoogle::start("{}").await;
    book(&linked, "2026-12-01T10:00").await;
    linked.app.settles().await;
    // As it is when the answer came and the process was killed before it was stored.
    linked
        .app
        .database
        .run(
            "update private.calendar_copies
             set written = null, etag = null, written_at = null, claimed_until = '2026-11-23T15:01:00Z',
                 due_at = '2026-11-23T15:01:00Z', attempts = 1",
        )
        .await;
    linked.app.at("2026-11-23T15:01:00Z");
    linked.app.settles().await;
    assert_eq!(linked.ours().len(), 1);
    let written: i64 = linked
        .app
        .database
        .value("select count(*) from private.calendar_copies where written is not null and due_at is null")
        .await;
    assert_eq!(written, 1);
    assert_eq!(
        linked
            .app
            .database
            .value::<i64>("select count(*) from private.external_events")
            .await,
        0
    );
}

#[tokio::test]
async fn a_booking_and_a_listing_that_race_leave_a_block_that_was_respected_or_a_conflict() {
    let linked = LinkedGoogle::start("{}").await;
    let app: &TestApp = &linked.app;
    let rounds = match std::env::var("FRONTDESK_RACE_ROUNDS") {
        Ok(number) => number.parse().unwrap(),
        Err(_) => 20,
    };
    for round in 0..rounds {
        // Each at another time, as far as there are.
        let (day, hour) = (format!("2026-12-{:02}", 1 + round % 20), 8 + round / 20);
        app.database.run(&format!("delete from special_days; insert into special_days (organization_id, special_date, hours)
            select id, '{day}', '[{{\"open\": \"08:00\", \"close\": \"18:00\"}}]' from organizations")).await;
        linked.google.add_event(
            PRIMARY,
            GoogleEvent::timed(
                &format!("{day}T{hour:02}:00:00-07:00"),
                &format!("{day}T{:02}:00:00-07:00", hour + 1),
            ),
        );
        let caller = app.caller();
        let token = format!("{day}T{hour:02}:00");
        let (said, ()) = tokio::join!(books(&caller, &token), linked.reads());
        linked.reads().await;
        let conflicts: i64 = app
            .database
            .value(&format!(
                "select count(*) from private.calendar_conflicts as c join appointments as a on a.id = c.appointment_id
                 where a.scheduled_date = '{day}' and a.scheduled_time = '{hour:02}:00' and c.closed_at is null"
            ))
            .await;
        let is_booked = said.says("You're booked");
        assert_eq!(conflicts, i64::from(is_booked), "{day}: {}", said.words);
    }
}

#[tokio::test]
async fn an_appointment_that_moves_into_its_own_time_is_not_in_its_own_way() {
    let linked = LinkedGoogle::start(r#"{"step_minutes": 30}"#).await;
    let caller = linked.app.caller();
    books(&caller, "2026-12-01T10:00").await;
    linked.app.settles().await;
    linked.reads().await;
    let moved = caller
        .asks(
            "reschedule_appointment",
            json!({ "new_date": "2026-12-01T10:30" }),
        )
        .await;
    assert!(moved.says("moved"), "{}", moved.words);
}

#[tokio::test]
async fn a_calendar_that_is_read_while_an_event_of_ours_is_written_is_no_deadlock() {
    let linked = LinkedGoogle::start("{}").await;
    book(&linked, "2026-12-01T10:00").await;
    linked.app.settles().await;
    let database = &linked.app.database;
    database
        .run("update private.calendar_links set claimed_until = '2100-01-01', due_at = null, asked_at = '2100-01-01'")
        .await;
    // As whoever writes an event claims its copy, and releases it in the end.
    let writer = database.connect().await;
    let claim = "begin; update private.calendar_copies set attempts = attempts";
    writer.batch_execute(claim).await.unwrap();
    let reader = database.connect().await;
    let reading = tokio::spawn(async move {
        let listing = "select a.is_applied from private.calendar_links as l,
             lateral private.apply_calendar_listing(
                 l.organization_id, l.id, '2100-01-01', true, '[]', null, '2026-11-22', '2027-02-01') as a";
        reader.query_one(listing, &[]).await
    });
    eventually("the listing waits for the event", async || {
        let waiting = "select count(*) from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'";
        (database.value::<i64>(waiting).await == 1).then_some(())
    })
    .await;
    let release = "update private.calendar_copies set attempts = attempts; commit";
    writer.batch_execute(release).await.unwrap();
    let applied: bool = reading.await.unwrap().unwrap().get(0);
    assert!(applied);
}

#[tokio::test]
async fn settings_that_are_changed_while_a_calendar_is_read_or_written_are_no_deadlock() {
    let linked = LinkedGoogle::start("{}").await;
    book(&linked, "2026-12-01T10:00").await;
    linked.app.settles().await;
    let database = &linked.app.database;
    let reads = "select private.apply_calendar_listing(
             l.organization_id, l.id, l.claimed_until, true, '[]', null, '2026-11-22', '2027-02-01')
         from private.calendar_links as l";
    let writes = "select private.complete_calendar_copy(
             k.organization_id, k.id, k.claimed_until, k.resource, k.etag, k.written)
         from private.calendar_copies as k";
    for (meanwhile, change) in [
        (
            reads,
            "settings = settings || '{\"buffer_after_minutes\": 30}'",
        ),
        (
            writes,
            "settings = settings || '{\"calendar\": {\"details\": \"full\"}}'",
        ),
        (reads, "calendar_sync_enabled = false"),
    ] {
        // Nobody else claims it.
        database
            .run(
                "update private.calendar_links set claimed_until = '2100-01-01', due_at = null, last_synced_at = null;
                 update private.calendar_copies set claimed_until = '2100-01-01', due_at = null",
            )
            .await;
        let holder = database.connect().await;
        let lock = "begin; select private.lock_organization(id) from organizations";
        holder.batch_execute(lock).await.unwrap();
        let waits = async |expected: i64| {
            eventually("they wait for the organization", async || {
                let waiting = "select count(*) from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'";
                (database.value::<i64>(waiting).await == expected).then_some(())
            })
            .await;
        };
        let changes = format!("update organizations set {change}");
        let second = async {
            waits(1).await;
            database.try_run(&changes).await
        };
        let third = async {
            waits(2).await;
            holder.batch_execute("commit").await.unwrap();
        };
        let (first, second, ()) = tokio::join!(database.try_run(meanwhile), second, third);
        assert_eq!((first, second), (Ok(()), Ok(())), "{change}");
    }
}

#[tokio::test]
async fn a_move_that_is_committed_while_its_event_is_claimed_is_what_is_written() {
    let linked = LinkedGoogle::start("{}").await;
    book(&linked, "2026-12-01T10:00").await;
    linked.app.settles().await;
    let database = &linked.app.database;
    // Nobody else claims it.
    database
        .run("update private.calendar_copies set due_at = '2027-06-01'")
        .await;
    let office = database.connect().await;
    let moves = "begin; set local frontdesk.now = '2027-06-01'; update private.calendar_copies set attempts = attempts;
         update appointments set scheduled_time = '14:00'";
    office.batch_execute(moves).await.unwrap();
    let worker = database.connect().await;
    let claiming = tokio::spawn(async move {
        let clock = "set frontdesk.now = '2027-06-01'";
        worker.batch_execute(clock).await.unwrap();
        let claim = "select c.starts::text from private.calendar_copies as k,
             lateral private.claim_calendar_copy(k.organization_id, k.id, 61) as c";
        worker.query_one(claim, &[]).await
    });
    eventually("the claim waits for the move", async || {
        let waiting = "select count(*) from pg_stat_activity
             where datname = current_database() and wait_event_type = 'Lock'";
        (database.value::<i64>(waiting).await == 1).then_some(())
    })
    .await;
    office.batch_execute("commit").await.unwrap();
    let starts: String = claiming.await.unwrap().unwrap().get(0);
    assert_eq!(starts, "2026-12-01 14:00:00");
}
