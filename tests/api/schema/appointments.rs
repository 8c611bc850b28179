//! Appointments that are written by hand.

use super::*;

#[tokio::test]
async fn an_overlap_that_is_written_by_hand_is_refused_however_it_comes_about() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    database
        .run(&appointment(
            "2026-12-01",
            "09:00",
            180,
            ", status",
            ", 'confirmed'",
        ))
        .await;
    database
        .run(&appointment("2026-12-01", "12:00", 60, "", ""))
        .await;
    database
        .run(&appointment(
            "2026-12-01",
            "10:00",
            60,
            ", status",
            ", 'cancelled'",
        ))
        .await;

    for overlapping in [
        appointment("2026-12-01", "10:00", 60, "", ""),
        appointment("2026-12-01", "08:00", 90, "", ""),
        appointment("2026-11-30", "23:00", 480, ", status", ", 'completed'")
            .replace("'completed'", "'pending'")
            + "; "
            + &appointment("2026-12-01", "06:30", 60, "", ""),
        "update appointments set scheduled_time = '11:30' where scheduled_time = '12:00'"
            .to_owned(),
        "update appointments set duration_minutes = 200 where scheduled_time = '09:00'".to_owned(),
        "update appointments set status = 'pending' where status = 'cancelled'".to_owned(),
    ] {
        let (code, _) = refused(&database, &overlapping).await;
        assert_eq!(code, "23P01", "{overlapping}");
    }
    let (code, _) = refused(
        &database,
        "update appointments set status = null where status = 'confirmed'",
    )
    .await;
    assert_eq!(code, "23502", "a null would escape the constraint");
}

/// Triggers are off in a restore of data, and for a moment of an upgrade nothing is worked out yet.
#[tokio::test]
async fn an_overlap_is_refused_also_where_nothing_was_worked_out_of_the_settings() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database.run("delete from private.calendars").await;

    database
        .run(&appointment("2026-12-01", "09:00", 60, "", ""))
        .await;

    let overlapping = appointment("2026-12-01", "09:30", 60, "", "");
    assert_eq!(refused(&database, &overlapping).await.0, "23P01");

    database.run("delete from private.calendars").await;
    migrate::migrate(&mut database.connect().await)
        .await
        .unwrap();
    let known: i64 = database
        .value("select count(*) from private.calendars")
        .await;
    assert_eq!(known, 1);
}

#[tokio::test]
async fn a_dashboard_that_knows_nothing_of_crews_gets_a_free_one() {
    let database = TestDatabase::shared("America/Denver", r#"{"capacity": 2}"#).await;
    database
        .run(&appointment("2026-12-01", "09:00", 60, "", ""))
        .await;
    database
        .run(&appointment("2026-12-01", "09:30", 60, "", ""))
        .await;

    let (code, _) = refused(&database, &appointment("2026-12-01", "09:45", 60, "", "")).await;
    assert_eq!(code, "23P01");

    database
        .run(&appointment("2026-12-01", "10:00", 30, "", ""))
        .await;
    // Moved onto a time at which its own crew is busy, it goes to the other.
    database
        .run("update appointments set scheduled_time = '13:00' where scheduled_time = '10:00'")
        .await;
    database
        .run(&appointment("2026-12-01", "14:00", 60, ", crew", ", 1"))
        .await;
    database
        .run("update appointments set scheduled_time = '14:00' where scheduled_time = '13:00'")
        .await;
    let crews: Vec<i32> = database
        .column("select crew from appointments order by scheduled_time, crew")
        .await;
    assert_eq!(crews, [1, 2, 1, 2]);

    let (code, message) = refused(
        &database,
        &appointment("2026-12-02", "09:00", 60, ", crew", ", 3"),
    )
    .await;
    assert_eq!(code, "23514");
    assert!(message.contains("crews 1 to 2"), "{message}");
}

#[tokio::test]
async fn an_appointment_that_was_read_is_written_back_though_its_crew_is_no_more() {
    let database = TestDatabase::shared("America/Denver", r#"{"capacity": 2}"#).await;
    for _ in 0..2 {
        database
            .run(&appointment("2026-12-01", "09:00", 60, "", ""))
            .await;
    }
    database
        .run(r#"update organizations set settings = '{"capacity": 1}'"#)
        .await;

    // As supabase-js does it: insert, or update what has that id.
    database
        .run(
            "insert into appointments select * from appointments
             on conflict (id) do update
             set notes = 'written back', crew = excluded.crew, busy = excluded.busy, status = excluded.status",
        )
        .await;

    let crews: Vec<i32> = database
        .column("select crew from appointments where notes = 'written back' order by crew")
        .await;
    assert_eq!(crews, [1, 2]);
}

#[tokio::test]
async fn sixty_four_writers_by_hand_make_one_appointment_and_no_deadlock() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    let writing = (0..64).map(|_| async {
        database
            .try_run(&appointment("2026-12-01", "09:00", 60, "", ""))
            .await
            .map_err(|refused| refused.code)
    });

    let outcomes = join_all(writing).await;

    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(
        outcomes
            .iter()
            .filter_map(|outcome| outcome.as_ref().err())
            .all(|code| code == "23P01")
    );
}

#[tokio::test]
async fn what_the_table_works_out_itself_cannot_be_forged() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    database
        .run(&appointment(
            "2026-12-01",
            "09:00",
            60,
            ", busy, status, cancelled_at, confirmed_at",
            ", 'empty', 'confirmed', '2001-01-01', '2001-01-01'",
        ))
        .await;
    database
        .run("update appointments set busy = 'empty', confirmed_at = '2001-01-01', completed_at = now()")
        .await;

    let row = database
        .object("select busy, cancelled_at, completed_at, confirmed_at > '2020-01-01' as confirmed_now from appointments")
        .await;
    assert_eq!(
        row,
        json!({
            "busy": "[\"2026-12-01 09:00:00\",\"2026-12-01 10:00:00\")",
            "cancelled_at": null,
            "completed_at": null,
            "confirmed_now": true,
        })
    );
}

#[tokio::test]
async fn the_moments_of_an_appointment_follow_its_status() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    database
        .run(&appointment("2026-12-01", "09:00", 60, "", ""))
        .await;
    let moments = async || {
        database
            .object(
                "select confirmed_at is not null as confirmed, cancelled_at is not null as cancelled,
                     completed_at is not null as completed from appointments",
            )
            .await
    };

    for (status, expected) in [
        ("pending", [false, false, false]),
        ("confirmed", [true, false, false]),
        ("cancelled", [true, true, false]),
        ("confirmed", [true, false, false]),
        ("completed", [true, false, true]),
        ("pending", [false, false, false]),
    ] {
        database
            .run(&format!("update appointments set status = '{status}'"))
            .await;
        assert_eq!(
            moments().await,
            json!({ "confirmed": expected[0], "cancelled": expected[1], "completed": expected[2] }),
            "{status}"
        );
    }
}
