//! Linking a calendar again: the events of ours that stayed in it are ours again, whatever became of their appointments, and nothing is written twice.

use serde_json::json;

use crate::support::{
    Linked, LinkedCalendly, LinkedGoogle, TestApp,
    app::{ORGANIZATION_ID, SECRETS_KEY},
    appointments::{books, books_with_email},
    calendly::TOKEN,
    google::PRIMARY,
    operator::{object, with_input},
};

async fn tasks(app: &TestApp) -> Vec<String> {
    app.database
        .column("select summary from staff_tasks where kind = 'calendar' and status = 'open'")
        .await
}

async fn foreign_events(app: &TestApp) -> i64 {
    app.database
        .value("select count(*) from private.external_events")
        .await
}

async fn moves(app: &TestApp, from: &str, to: &str) {
    let sql =
        format!("update appointments set scheduled_time = '{to}' where scheduled_time = '{from}'");
    app.dashboard(&sql).await;
}

async fn cancels(app: &TestApp, time: &str) {
    let sql =
        format!("update appointments set status = 'cancelled' where scheduled_time = '{time}'");
    app.dashboard(&sql).await;
}

/// An organization whose calendar was disconnected after appointments at these hours were written into it.
async fn disconnected(hours: &[&str]) -> Linked {
    let linked = Linked::start("{}").await;
    for hour in hours {
        let said = books(&linked.app.caller(), &format!("2026-12-01T{hour}")).await;
        assert!(said.says("You're booked"), "{}", said.words);
    }
    linked.app.settles().await;
    linked.reads().await;
    assert_eq!(linked.ours().await.len(), hours.len());
    let id = ORGANIZATION_ID.to_string();
    object(&linked.command(&["calendar", "disconnect", &id, "--json"], ""));
    linked
}

impl Linked {
    async fn reconnects(&self) {
        let again = object(&self.connect(&self.calendar, &[]));
        assert_eq!(again["conflicts"], json!(0));
        self.app.settles().await;
        self.reads().await;
        self.app.passes_until("2026-11-23T15:10:00Z").await;
        assert_eq!(foreign_events(&self.app).await, 0);
    }
}

#[tokio::test]
async fn what_was_moved_cancelled_deleted_and_booked_meanwhile_is_brought_up_to_date() {
    let linked = disconnected(&["09:00", "11:00", "13:00", "15:00"]).await;
    let before = linked.ours().await;
    moves(&linked.app, "09:00", "10:00").await;
    cancels(&linked.app, "11:00").await;
    linked
        .app
        .database
        .run("delete from appointments where scheduled_time = '13:00'")
        .await;
    books(&linked.app.caller(), "2026-12-02T09:00").await;
    linked.app.settles().await;
    linked.reconnects().await;

    let ours = linked.ours().await;
    assert_eq!(ours.len(), 3, "{ours:#?}");
    let starts = |stamp: &str| ours.iter().filter(|(_, text)| text.contains(stamp)).count();
    for stamp in ["20261201T170000Z", "20261201T220000Z", "20261202T160000Z"] {
        assert_eq!(starts(&format!("DTSTART:{stamp}")), 1, "{ours:#?}");
    }
    // Two of them are the objects that were there, by the same ids.
    let known = ours
        .iter()
        .filter(|(path, _)| before.iter().any(|(it, _)| it == path));
    assert_eq!(known.count(), 2);
    assert_eq!(tasks(&linked.app).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_somebody_moved_there_meanwhile_moves_its_appointment() {
    let linked = disconnected(&["10:00"]).await;
    let (path, text) = linked.ours().await.remove(0);
    let moved = text
        .replace("20261201T180000Z", "20261201T220000Z")
        .replace("20261201T170000Z", "20261201T210000Z");
    assert_ne!(moved, text);
    linked.radicale.put(&path, &moved).await;
    linked.reconnects().await;
    let time: String = linked
        .app
        .database
        .value("select to_char(scheduled_time, 'HH24:MI') from appointments")
        .await;
    assert_eq!(time, "14:00");
    assert_eq!(linked.ours().await.len(), 1);
    assert_eq!(tasks(&linked.app).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_somebody_deleted_there_meanwhile_is_one_task() {
    let linked = disconnected(&["10:00", "13:00"]).await;
    let (path, _) = linked.ours().await.remove(0);
    linked.radicale.delete(&path).await;
    linked.reconnects().await;
    let tasks = tasks(&linked.app).await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert!(tasks[0].contains("was deleted"), "{tasks:?}");
    assert_eq!(linked.ours().await.len(), 1);
}

#[tokio::test]
async fn another_calendar_gets_events_of_its_own() {
    let linked = disconnected(&["10:00"]).await;
    let other = linked.radicale.make_calendar("other").await;
    object(&linked.connect(&other, &[]));
    linked.app.settles().await;
    assert_eq!(linked.radicale.list(&other).await.len(), 1);
    assert_eq!(linked.ours().await.len(), 1);
}

#[tokio::test]
async fn the_events_of_a_google_account_are_known_again_by_its_own_calendar() {
    let linked = LinkedGoogle::start("{}").await;
    books(&linked.app.caller(), "2026-12-01T10:00").await;
    linked.app.settles().await;
    let before = linked.ours();
    assert_eq!(before.len(), 1);
    let now = linked.app.clock.now().to_rfc3339().replace('+', "%2B");
    let url = linked.app.database.url();
    let and = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{and}options=-c%20frontdesk.now%3D{now}");
    let id = ORGANIZATION_ID.to_string();
    let settings = linked.google.environment();
    let mut environment = vec![
        ("DATABASE_URL", url.as_str()),
        ("FRONTDESK_SECRETS_KEY", SECRETS_KEY),
    ];
    environment.extend(settings.iter().map(|(name, value)| (&**name, &**value)));
    object(&with_input(
        &["calendar", "disconnect", &id, "--json"],
        &environment,
        "",
    ));
    moves(&linked.app, "10:00", "14:00").await;
    linked.link(PRIMARY, &[]).await;
    linked.app.settles().await;
    linked.reads().await;
    linked.app.passes_until("2026-11-23T15:10:00Z").await;
    let after = linked.ours();
    assert_eq!(after.len(), 1);
    assert_eq!(after[0]["id"], before[0]["id"]);
    assert_eq!(after[0]["start"]["dateTime"], "2026-12-01T14:00:00-07:00");
    assert_eq!(foreign_events(&linked.app).await, 0);
    assert_eq!(tasks(&linked.app).await, Vec::<String>::new());
}

#[tokio::test]
async fn nobody_is_booked_at_calendly_a_second_time() {
    let linked = LinkedCalendly::that_books().await;
    books_with_email(&linked.app, "2026-12-01T10:00").await;
    object(&linked.command(&["disconnect"], ""));
    object(&linked.command(&["connect", "--provider", "calendly"], TOKEN));
    linked.app.settles().await;
    linked.reads().await;
    assert_eq!(linked.calendly.requests_of("POST /invitees").len(), 1);
    assert_eq!(foreign_events(&linked.app).await, 0);
    cancels(&linked.app, "10:00").await;
    linked.app.settles().await;
    let (_, event) = linked.calendly.booked().remove(0);
    assert_eq!(event["status"], "canceled");
}
