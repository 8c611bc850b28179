//! What somebody moves into the calendar of another crew, and calendars that are linked twice.

use super::{free, hours};
use crate::support::{
    Linked, LinkedGoogle, TestApp,
    appointments::{books, live},
    google::{GoogleEvent, PRIMARY},
    linked::timed,
    operator::object,
};

const DAY: &str = "2026-12-01";
const SECOND: &str = "second@example.test";

/// Two crews, each with a calendar of the owner's account, and an appointment of the first at ten; the id of its event.
async fn booked(settings: &str) -> (LinkedGoogle, String) {
    let linked = LinkedGoogle::start(settings).await;
    linked.google.add_calendar(SECOND, "Second", "owner");
    linked.link(PRIMARY, &["--crew", "1"]).await;
    linked.link(SECOND, &["--crew", "2"]).await;
    linked.app.settles().await;
    let said = books(&linked.app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    linked.app.settles().await;
    let id = linked.ours()[0]["id"].as_str().unwrap().to_owned();
    linked.google.clear_requests();
    (linked, id)
}

async fn crews(app: &TestApp) -> Vec<i32> {
    app.database
        .column(
            "select crew from appointments where status in ('pending', 'confirmed') order by crew",
        )
        .await
}

async fn tasks(app: &TestApp) -> Vec<String> {
    app.database
        .column("select status || ' ' || (metadata ->> 'conflict') from staff_tasks where kind = 'calendar' order by created_at, id")
        .await
}

async fn foreign(app: &TestApp) -> i64 {
    app.database
        .value("select count(*) from private.external_events")
        .await
}

async fn two_minutes_pass(app: &TestApp) {
    app.passes_until("2026-11-23T15:03:00Z").await;
}

fn writes(linked: &LinkedGoogle) -> usize {
    let is_write =
        |method: &str| matches!(method, "events.insert" | "events.patch" | "events.delete");
    let requests = linked.google.requests();
    requests
        .iter()
        .filter(|request| is_write(&request.method))
        .count()
}

#[tokio::test]
async fn an_event_that_is_moved_into_another_crews_calendar_gives_the_appointment_to_that_crew() {
    let (linked, id) = booked(r#"{"capacity": 2}"#).await;
    let app = &linked.app;
    linked.google.move_to_calendar(PRIMARY, &id, SECOND);
    linked.reads().await;
    assert_eq!(crews(app).await, [1], "it may still be dragged");
    two_minutes_pass(app).await;
    assert_eq!(crews(app).await, [2]);
    assert_eq!(live(app).await, ["2026-12-01 10:00"]);
    assert!(tasks(app).await.is_empty());
    assert_eq!(foreign(app).await, 0);
    linked.reads().await;
    assert_eq!(writes(&linked), 0, "it stands where it is to be");
    assert_eq!(free(app, DAY).await, hours(8, 18));

    // From now on it is followed there, and moves and vanishes there.
    app.dashboard("update appointments set scheduled_time = '15:00'")
        .await;
    app.settles().await;
    let there = linked.google.events(SECOND);
    assert_eq!(there.len(), 1);
    assert_eq!(there[0]["id"], id.as_str());
    assert_eq!(there[0]["start"]["dateTime"], "2026-12-01T15:00:00-07:00");
    app.dashboard("update appointments set status = 'cancelled'")
        .await;
    app.settles().await;
    assert!(linked.google.events(SECOND).is_empty());
    assert!(linked.ours().is_empty());
}

#[tokio::test]
async fn one_that_is_dragged_as_well_changes_its_crew_and_its_time() {
    let (linked, id) = booked(r#"{"capacity": 2}"#).await;
    let app = &linked.app;
    linked.google.move_to_calendar(PRIMARY, &id, SECOND);
    linked.google.move_event(
        SECOND,
        &id,
        "2026-12-02T14:00:00-07:00",
        "2026-12-02T15:30:00-07:00",
    );
    linked.reads().await;
    two_minutes_pass(app).await;
    assert_eq!(live(app).await, ["2026-12-02 14:00"]);
    assert_eq!(crews(app).await, [2]);
    assert!(tasks(app).await.is_empty());
}

#[tokio::test]
async fn a_crew_that_is_not_free_or_not_able_gets_no_appointment_and_the_staff_one_task() {
    let (linked, id) = booked(r#"{"capacity": 2}"#).await;
    let app = &linked.app;
    let said = books(&app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    app.settles().await;
    assert_eq!(crews(app).await, [1, 2]);
    linked.google.move_to_calendar(PRIMARY, &id, SECOND);
    linked.reads().await;
    two_minutes_pass(app).await;
    linked.reads().await;
    assert_eq!(crews(app).await, [1, 2]);
    assert_eq!(tasks(app).await, ["open moved"]);
    assert_eq!(writes(&linked), 1, "that of the second appointment");

    // Moved back it is over.
    linked.google.edit_event(
        PRIMARY,
        &id,
        &serde_json::json!({
            "status": "confirmed",
            "start": { "dateTime": "2026-12-01T10:00:00-07:00" },
            "end": { "dateTime": "2026-12-01T11:00:00-07:00" },
        }),
    );
    linked.google.delete_event(SECOND, &id);
    linked.reads().await;
    assert_eq!(tasks(app).await, ["done moved"]);
    assert_eq!(foreign(app).await, 0);

    let (linked, id) = booked(r#"{"capacity": 2}"#).await;
    let app = &linked.app;
    app.dashboard(&format!(
        "insert into crews (organization_id, number, skills) values ('{}', 1, '{{gas}}')",
        app.organization_id
    ))
    .await;
    app.dashboard("update appointments set required_skill = 'gas'")
        .await;
    linked.google.move_to_calendar(PRIMARY, &id, SECOND);
    linked.reads().await;
    two_minutes_pass(app).await;
    assert_eq!(crews(app).await, [1]);
    assert_eq!(tasks(app).await, ["open moved"]);

    // Called off, it vanishes where it was moved to.
    app.dashboard("update appointments set status = 'cancelled'")
        .await;
    app.settles().await;
    assert!(linked.google.events(SECOND).is_empty());
    linked.reads().await;
    assert_eq!(foreign(app).await, 0);
    assert_eq!(tasks(app).await, ["done moved"]);
}

#[tokio::test]
async fn what_the_staff_decide_here_counts_more_than_what_a_calendar_kept() {
    let (linked, id) = booked(r#"{"capacity": 2}"#).await;
    let app = &linked.app;
    let busy = linked.google.add_event(
        PRIMARY,
        GoogleEvent::timed("2026-12-02T14:00:00-07:00", "2026-12-02T15:00:00-07:00"),
    );
    linked.google.move_event(
        PRIMARY,
        &id,
        "2026-12-02T14:00:00-07:00",
        "2026-12-02T15:00:00-07:00",
    );
    linked.reads().await;
    two_minutes_pass(app).await;
    assert_eq!(tasks(app).await, ["open moved"]);
    linked.google.delete_event(PRIMARY, &busy);
    linked.reads().await;
    app.dashboard("update appointments set scheduled_time = '16:00'")
        .await;
    app.settles().await;
    assert_eq!(live(app).await, ["2026-12-01 16:00"]);
    assert_eq!(
        linked.ours()[0]["start"]["dateTime"],
        "2026-12-01T16:00:00-07:00"
    );
    assert_eq!(tasks(app).await, ["done moved"]);
}

#[tokio::test]
async fn an_event_that_another_crew_is_invited_to_takes_its_time_and_changes_no_crew() {
    let (linked, id) = booked(r#"{"capacity": 2}"#).await;
    let app = &linked.app;
    linked.google.add_same_event(PRIMARY, &id, SECOND);
    linked.reads().await;
    two_minutes_pass(app).await;
    linked.reads().await;
    assert_eq!(crews(app).await, [1]);
    assert_eq!(foreign(app).await, 1);
    let mut without_ten = hours(8, 18);
    without_ten.retain(|time| time != "10:00");
    assert_eq!(free(app, DAY).await, without_ten);
    assert!(tasks(app).await.is_empty());
}

#[tokio::test]
async fn five_events_that_are_moved_to_another_crew_at_once_go_to_it() {
    let linked = LinkedGoogle::start(r#"{"capacity": 2}"#).await;
    linked.google.add_calendar(SECOND, "Second", "owner");
    linked.link(PRIMARY, &["--crew", "1"]).await;
    linked.link(SECOND, &["--crew", "2"]).await;
    linked.app.settles().await;
    for hour in 9..14 {
        let said = books(&linked.app.caller(), &format!("2026-12-01T{hour:02}:00")).await;
        assert!(said.says("You're booked"), "{}", said.words);
    }
    linked.app.settles().await;
    for event in linked.ours() {
        let id = event["id"].as_str().unwrap();
        linked.google.move_to_calendar(PRIMARY, id, SECOND);
    }
    linked.reads().await;
    two_minutes_pass(&linked.app).await;
    assert_eq!(crews(&linked.app).await, [2; 5]);
    assert!(tasks(&linked.app).await.is_empty());
}

/// Two crews with calendars on a CalDAV server, and an appointment of the first; the path of its object, and the other calendar.
async fn booked_on_radicale() -> (Linked, String, String) {
    let builder = TestApp::builder().await;
    let linked = Linked::with(builder, r#"{"capacity": 2}"#, &["--crew", "1"]).await;
    let second = linked.radicale.make_calendar("second").await;
    object(&linked.connect(&second, &["--crew", "2"]));
    linked.app.settles().await;
    let said = books(&linked.app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    linked.app.settles().await;
    let path = linked.ours().await[0].0.clone();
    (linked, path, second)
}

#[tokio::test]
async fn an_object_that_is_moved_on_a_caldav_server_is_followed_whatever_its_file_is_called() {
    for is_renamed in [false, true] {
        let (linked, path, second) = booked_on_radicale().await;
        let app = &linked.app;
        if is_renamed {
            // As a program does that knows no MOVE.
            let text = linked.radicale.get(&path).await.unwrap();
            linked.radicale.delete(&path).await;
            linked
                .radicale
                .put(&format!("{second}Divorce%20lawyer.ics"), &text)
                .await;
        } else {
            let name = path.rsplit('/').next().unwrap();
            linked
                .radicale
                .move_object(&path, &format!("{second}{name}"))
                .await;
        }
        linked.reads().await;
        two_minutes_pass(app).await;
        assert_eq!(crews(app).await, [2], "{is_renamed}");
        assert!(tasks(app).await.is_empty());
        assert_eq!(foreign(app).await, 0);
        app.dashboard("update appointments set scheduled_time = '15:00'")
            .await;
        app.settles().await;
        let there = linked.radicale.list(&second).await;
        assert_eq!(there.len(), 1);
        assert!(there[0].1.contains("20261201T220000Z"), "{}", there[0].1);
        assert!(linked.ours().await.is_empty());
    }
}

#[tokio::test]
async fn an_object_whose_file_is_called_otherwise_is_ours_still() {
    let (linked, path, _) = booked_on_radicale().await;
    let app = &linked.app;
    let renamed = format!("{}Event%2012.ics", linked.calendar);
    linked.radicale.move_object(&path, &renamed).await;
    linked.reads().await;
    two_minutes_pass(app).await;
    assert_eq!(foreign(app).await, 0);
    assert!(tasks(app).await.is_empty());
    app.dashboard("update appointments set scheduled_time = '15:00'")
        .await;
    app.settles().await;
    let ours = linked.ours().await;
    assert_eq!(ours.len(), 1);
    assert_eq!(ours[0].0, renamed);
    assert!(ours[0].1.contains("20261201T220000Z"), "{}", ours[0].1);
    app.dashboard("update appointments set status = 'cancelled'")
        .await;
    app.settles().await;
    assert!(linked.ours().await.is_empty());
}

#[tokio::test]
async fn an_object_that_is_deleted_waits_for_the_other_calendars_and_is_a_task_then() {
    let (linked, path, _) = booked_on_radicale().await;
    let app = &linked.app;
    linked.radicale.delete(&path).await;
    linked.reads().await;
    two_minutes_pass(app).await;
    assert_eq!(crews(app).await, [1]);
    assert_eq!(tasks(app).await, ["open deleted"]);
}

#[tokio::test]
async fn a_calendar_that_is_linked_twice_takes_none_of_our_events_for_somebody_elses() {
    let builder = TestApp::builder().await;
    let linked = Linked::with(builder, r#"{"capacity": 2}"#, &["--crew", "1"]).await;
    let app = &linked.app;
    // Another account, as far as anybody can tell.
    let (id, url) = (
        app.organization_id.to_string(),
        linked.radicale.url() + "/office/",
    );
    let mut line = vec!["calendar", "connect", &id, "--provider", "caldav", "--json"];
    line.extend(["--address", &url, "--username", linked.radicale.user()]);
    line.extend(["--calendar", &linked.calendar, "--crew", "2"]);
    object(&linked.command(&line, linked.radicale.password()));
    app.settles().await;
    for _ in 0..2 {
        let said = books(&app.caller(), "2026-12-01T10:00").await;
        assert!(said.says("You're booked"), "{}", said.words);
    }
    app.settles().await;
    assert_eq!(linked.ours().await.len(), 2);
    linked.reads().await;
    // As a whole, too.
    app.dashboard("update private.calendar_links set cursor = null")
        .await;
    linked.reads().await;
    two_minutes_pass(app).await;
    assert_eq!(foreign(app).await, 0);
    assert!(tasks(app).await.is_empty());
    // Somebody else's counts for both.
    linked
        .enters("dentist", &timed("20261201T1300", "20261201T1400"))
        .await;
    linked.reads().await;
    assert_eq!(foreign(app).await, 2);
}

#[tokio::test]
async fn the_account_of_a_dashboard_and_that_of_the_command_are_one_calendar() {
    let linked = LinkedGoogle::start("{}").await;
    let app = &linked.app;
    app.dashboard(&format!(
        "update organizations set google_refresh_token = '{}', google_calendar_id = 'primary'",
        linked.google.refresh_token()
    ))
    .await;
    app.settles().await;
    app.passes_until("2026-11-23T15:01:00Z").await;
    let said = books(&app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    app.settles().await;
    linked.reads().await;
    assert_eq!(foreign(app).await, 0);
    assert!(tasks(app).await.is_empty());
}
