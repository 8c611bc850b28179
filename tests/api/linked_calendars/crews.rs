//! Calendars of single crews, and of any crew.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{free, hours, without};
use crate::support::{
    Linked, TestApp,
    appointments::{books, live},
    linked::timed,
    operator::object,
};

const DAY: &str = "2026-12-01";

async fn has_crews(app: &TestApp, crews: u32) {
    app.dashboard(&format!(
        r#"update organizations set settings = '{{"capacity": {crews}}}'"#
    ))
    .await;
}

#[tokio::test]
async fn the_calendar_of_a_crew_takes_its_time_alone_and_a_new_crew_moves_the_appointment() {
    let builder = TestApp::builder().await;
    let linked = Linked::with(builder, r#"{"capacity": 2}"#, &["--crew", "1"]).await;
    let app = &linked.app;
    let second = linked.radicale.make_calendar("second").await;
    object(&linked.connect(&second, &["--crew", "2"]));
    app.settles().await;
    linked
        .enters("dentist", &timed("20261201T1000", "20261201T1100"))
        .await;
    linked.reads().await;
    assert_eq!(free(app, DAY).await, hours(8, 18));
    let said = books(&app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    app.settles().await;
    assert_eq!(free(app, DAY).await, without(10));
    let crew: i32 = app.database.value("select crew from appointments").await;
    assert_eq!(crew, 2);
    assert_eq!(linked.radicale.list(&second).await.len(), 1);
    assert!(linked.ours().await.is_empty());

    // A dashboard gives it to the other crew, when it is free again.
    linked
        .radicale
        .delete(&format!("{}dentist.ics", linked.calendar))
        .await;
    linked.reads().await;
    app.dashboard("update appointments set crew = 1").await;
    let crew: i32 = app.database.value("select crew from appointments").await;
    assert_eq!(crew, 1);
    app.settles().await;
    assert_eq!(linked.ours().await.len(), 1);
    assert!(linked.radicale.list(&second).await.is_empty());
    assert_eq!(live(app).await, ["2026-12-01 10:00"]);
    linked.reads().await;
    assert_eq!(free(app, DAY).await, hours(8, 18));
}

#[tokio::test]
async fn of_a_calendar_of_any_crew_each_event_takes_one_however_many_crews_there_are() {
    let builder = TestApp::builder().await;
    let linked = Linked::with(builder, r#"{"capacity": 3}"#, &["--any"]).await;
    let app = &linked.app;
    for (number, expected) in [hours(8, 18), hours(8, 18), without(10), without(10)]
        .into_iter()
        .enumerate()
    {
        linked
            .enters(
                &format!("event-{number}"),
                &timed("20261201T1000", "20261201T1100"),
            )
            .await;
        linked.reads().await;
        assert_eq!(free(app, DAY).await, expected, "{} events", number + 1);
    }
    for crews in [1, 2, 5, 4, 3] {
        has_crews(app, crews).await;
        let expected = if crews > 4 { hours(8, 18) } else { without(10) };
        assert_eq!(free(app, DAY).await, expected, "{crews} crews");
    }

    // One beside three others is left, and takes one crew of however many.
    for number in 0..3 {
        linked
            .radicale
            .delete(&format!("{}event-{number}.ics", linked.calendar))
            .await;
    }
    linked.reads().await;
    for crews in [3, 1, 2] {
        has_crews(app, crews).await;
        let expected = if crews > 1 { hours(8, 18) } else { without(10) };
        assert_eq!(free(app, DAY).await, expected, "{crews} crews");
        app.settles().await;
    }
}

#[tokio::test]
async fn an_event_that_found_no_crew_finds_one_when_another_is_gone_on_all_of_its_days() {
    let builder = TestApp::builder().await;
    let linked = Linked::with(builder, r#"{"capacity": 2}"#, &["--any"]).await;
    let app = &linked.app;
    for uid in ["a", "b"] {
        linked
            .enters(uid, &timed("20261201T1000", "20261201T1100"))
            .await;
    }
    linked
        .enters("c", &timed("20261201T1030", "20261202T1200"))
        .await;
    linked.reads().await;
    assert_eq!(free(app, "2026-12-02").await, hours(12, 18));
    linked
        .radicale
        .delete(&format!("{}a.ics", linked.calendar))
        .await;
    linked.reads().await;
    assert_eq!(free(app, "2026-12-02").await, hours(8, 18));
    assert_eq!(free(app, DAY).await, without(10));
}

#[tokio::test]
async fn an_event_of_any_crew_goes_to_one_that_has_nothing_else_then() {
    let builder = TestApp::builder().await;
    let linked = Linked::with(builder, r#"{"capacity": 2}"#, &["--any", "--read-only"]).await;
    let app = &linked.app;
    let said = books(&app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    app.settles().await;
    assert!(linked.ours().await.is_empty(), "nothing is written there");
    linked
        .enters("dentist", &timed("20261201T1000", "20261201T1100"))
        .await;
    linked.reads().await;
    assert_eq!(free(app, DAY).await, without(10));
    let conflicts: i64 = app
        .database
        .value("select count(*) from private.calendar_conflicts")
        .await;
    assert_eq!(conflicts, 0);
}

#[tokio::test]
async fn what_a_dashboard_enters_goes_to_a_crew_that_is_free_and_else_over_the_event() {
    let builder = TestApp::builder().await;
    let linked = Linked::with(builder, r#"{"capacity": 2}"#, &["--crew", "1"]).await;
    let app = &linked.app;
    linked
        .enters("dentist", &timed("20261201T1000", "20261201T1100"))
        .await;
    linked.reads().await;
    let caller = app.caller();
    let said = books(&caller, "2026-12-01T14:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    let enters = format!(
        "insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time)
         values ('{}', 'Ruth', '+13035550110', 'repair', '2026-12-01', '10:00')",
        app.organization_id
    );
    for crew in [2, 1] {
        app.dashboard(&enters).await;
        let latest: i32 = app
            .database
            .value("select crew from appointments where scheduled_time = '10:00' order by crew = 2, crew limit 1")
            .await;
        assert_eq!(latest, crew);
    }
    // Nobody who asks is moved there.
    let refused = caller
        .asks(
            "reschedule_appointment",
            json!({ "new_date": "2026-12-01T10:00" }),
        )
        .await;
    assert!(refused.says("already taken"), "{}", refused.words);
    app.settles().await;
    assert_eq!(free(app, DAY).await, without(10));
}

#[tokio::test]
async fn thousands_of_events_are_laid_on_crews_before_a_caller_hangs_up() {
    let builder = TestApp::builder().await;
    let linked = Linked::with(builder, r#"{"capacity": 4}"#, &["--any"]).await;
    let app = &linked.app;
    // Four at a time, from eight to noon, in quarters of an hour.
    let resources: String = app
        .database
        .value(
            "select jsonb_agg(jsonb_build_object(
                 'id', format('event %s', n.nth), 'etag', null, 'is_deleted', false,
                 'events', jsonb_build_array(jsonb_build_object(
                     'instance', '', 'is_busy', true, 'starts', s.starts, 'ends', s.starts + interval '15 minutes'
                 ))
             ))::text
             from generate_series(0, 3999) as n (nth)
             cross join lateral (
                 select timestamptz '2026-11-24 15:00:00Z' + make_interval(days => n.nth / 64, mins => n.nth % 16 * 15) as starts
             ) as s",
        )
        .await;
    app.dashboard(
        "update private.calendar_links set claimed_until = '2100-01-01', due_at = '2100-01-01'",
    )
    .await;
    let applied = |words: &str| {
        format!(
            "select private.apply_calendar_listing('{}', (select id from private.calendar_links), '2100-01-01', true, '{words}', 'next',
                 '2026-11-22', '2027-01-24')",
            app.organization_id
        )
    };
    let began = Instant::now();
    app.dashboard(&applied(&resources)).await;
    let took = began.elapsed();
    println!("4,000 events of any crew: {took:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(free(app, DAY).await, hours(12, 18));
    has_crews(app, 5).await;
    assert_eq!(free(app, DAY).await, hours(8, 18));
    let began = Instant::now();
    has_crews(app, 3).await;
    println!("as many on fewer crews: {:?}", began.elapsed());
    assert_eq!(free(app, DAY).await, hours(12, 18));
}
