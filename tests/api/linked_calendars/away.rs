//! A calendar that cannot be read, an account that is revoked, and what announces changes.

use serde_json::json;

use crate::support::{
    LinkedGoogle, TestApp,
    appointments::books,
    consent::connect,
    eventually,
    google::{GoogleEvent, PRIMARY},
    http::Failure,
};

#[tokio::test]
async fn a_calendar_that_is_away_for_two_hours_keeps_its_blocks_and_callers_hear_that_the_office_confirms()
 {
    let linked = LinkedGoogle::start("{}").await;
    let (app, caller) = (&linked.app, linked.app.caller());
    linked.google.add_event(
        PRIMARY,
        GoogleEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00"),
    );
    linked.reads().await;
    linked.google.is_down(Failure::new(503, "backendError"));
    app.passes_until("2026-11-23T17:00:00Z").await;

    let heard = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert!(
        heard.says("The office will confirm the time."),
        "{}",
        heard.words
    );
    assert!(
        !heard.tokens().contains(&"2026-12-01T10:00"),
        "{}",
        heard.words
    );
    let heard = books(&caller, "2026-12-01T13:00").await;
    assert!(
        !heard.says("You're booked") && heard.says("the office will confirm it"),
        "{}",
        heard.words
    );
    let statuses = "select status from appointments";
    assert_eq!(app.database.value::<String>(statuses).await, "pending");

    linked.google.is_back();
    app.passes_until("2026-11-23T18:10:00Z").await;
    assert_eq!(app.database.value::<String>(statuses).await, "confirmed");
    assert!(
        !caller
            .asks("check_availability", json!({ "date": "2026-12-02" }))
            .await
            .says("office will confirm")
    );
    let tentative = linked.ours();
    assert_eq!(tentative.len(), 1);
    assert_eq!(tentative[0]["status"], "confirmed");
}

#[tokio::test]
async fn a_revoked_account_is_a_task_and_an_e_mail_once_and_bookings_wait_until_it_is_connected_again()
 {
    let linked = LinkedGoogle::start("{}").await;
    let app = &linked.app;
    app.database
        .run(
            "insert into auth.users (id, email) values ('0a0a0a0a-0000-4000-8000-000000000001', 'owner@example.test');
             insert into organization_members (organization_id, user_id, role)
             select id, '0a0a0a0a-0000-4000-8000-000000000001', 'owner' from organizations",
        )
        .await;
    linked.google.revoke();
    linked.google.expire_access_tokens();
    linked.reads().await;
    linked.reads().await;
    let count = async |sql: &str| app.database.value::<i64>(sql).await;
    let tasks = "select count(*) from staff_tasks where kind = 'calendar' and status = 'open'";
    let mails = "select count(*) from private.outbox where kind = 'email'";
    assert_eq!((count(tasks).await, count(mails).await), (1, 1));
    let said = books(&app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("the office will confirm it"), "{}", said.words);
    app.settles().await;
    assert!(linked.ours().is_empty());

    connect(&linked.app, &linked.google, &[], async |_page| ()).await;
    app.settles().await;
    assert_eq!(count(tasks).await, 0);
    assert_eq!(linked.ours().len(), 1);
    assert_eq!(
        app.database
            .value::<String>("select status from appointments")
            .await,
        "confirmed"
    );
}

#[tokio::test]
async fn two_instances_that_refresh_rotating_tokens_keep_the_account() {
    let linked = LinkedGoogle::start("{}").await;
    linked.google.rotate_refresh_tokens();
    let other = linked.app.another_with(linked.google.settings()).await;
    for round in 0..5 {
        linked.google.expire_access_tokens();
        linked.reads().await;
        books(
            &other.caller(),
            &format!("2026-12-0{}T10:00", 1 + round % 4),
        )
        .await;
        linked.app.settles().await;
    }
    let state: String = linked
        .app
        .database
        .value("select state from private.calendar_accounts")
        .await;
    assert_eq!(state, "live");
}

async fn with_push() -> LinkedGoogle {
    let builder = TestApp::builder()
        .await
        .setting("--public-url", "https://calls.example.test");
    LinkedGoogle::with(builder, "{}").await
}

#[tokio::test]
async fn a_change_that_google_announces_is_a_block_within_five_seconds() {
    let linked = with_push().await;
    linked.reads().await;
    linked.has_one_channel().await;
    linked.google.add_event(
        PRIMARY,
        GoogleEvent::timed("2026-12-01T10:00:00-07:00", "2026-12-01T11:00:00-07:00"),
    );
    assert_eq!(linked.google.notify(PRIMARY).await, [202]);
    linked.app.passes_until("2026-11-23T15:00:05Z").await;
    assert!(
        !linked
            .free("2026-12-01")
            .await
            .contains(&"10:00".to_owned())
    );
}

#[tokio::test]
async fn a_channel_is_renewed_before_it_ends_and_a_forged_announcement_is_refused() {
    let linked = with_push().await;
    linked.reads().await;
    linked.has_one_channel().await;
    let first = linked.google.channels();
    let url = linked.app.url("/calendar/google");
    let forged = linked
        .app
        .http
        .post(&url)
        .header("x-goog-channel-id", "nobody")
        .header("x-goog-channel-token", "guess")
        .header("x-goog-resource-id", "r")
        .header("x-goog-resource-state", "exists")
        .send()
        .await
        .unwrap();
    assert_eq!(forged.status(), 404);
    let due: bool = linked
        .app
        .database
        .value("select min(due_at) > '2026-11-23T15:02Z' from private.calendar_links")
        .await;
    assert!(due, "nothing is due because of it");

    linked.app.at("2026-11-29T20:00:00Z");
    linked.google.set_now(linked.app.clock.now());
    linked.app.settles().await;
    let is_renewed = async || {
        let now = linked.google.channels();
        (now.len() == 1 && format!("{first:?}") != format!("{now:?}")).then_some(())
    };
    eventually(
        "another channel is open and the earlier one closed",
        is_renewed,
    )
    .await;
}
