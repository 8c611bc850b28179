//! Ending a link.

use super::{Office, is_refused};
use crate::support::{
    Linked, LinkedGoogle,
    app::{ORGANIZATION_ID, SECRETS_KEY},
    appointments::books,
    eventually,
    linked::timed,
    operator::{complaint, object, printed, with_input},
};

#[tokio::test]
async fn the_last_link_of_an_account_takes_it_and_its_credential_along() {
    let office = Office::new().await;
    is_refused(
        &office.calendar("disconnect", &[]),
        &["no calendar is linked"],
    );
    object(&office.connect(&["--json"]));
    office.radicale.make_calendar("second").await;
    let second = object(&office.connect(&["--calendar", "/office/second/", "--json"]));
    is_refused(
        &office.calendar("disconnect", &[]),
        &["several calendars are linked", "--link ID"],
    );
    is_refused(
        &office.calendar("disconnect", &["--link", &office.operator.id]),
        &["there is no link", "frontdesk calendar list"],
    );

    let link = second["link"].as_str().unwrap();
    let first = printed(&office.calendar("disconnect", &["--link", link]));
    assert_eq!(first, "/office/second/ is not linked any more.\n");
    assert_eq!(office.stored().await, (1, 1));
    // An account that nobody needs any more needs no task that asks for it.
    office
        .operator
        .database
        .run("select private.revoke_calendar_account(organization_id, id) from private.calendar_accounts")
        .await;
    let last = object(&office.calendar("disconnect", &["--json"]));
    assert_eq!(last["account_removed"], true);
    assert_eq!(office.stored().await, (0, 0));
    let open: i64 = office
        .operator
        .database
        .value("select count(*) from staff_tasks where status = 'open'")
        .await;
    assert_eq!(open, 0);
    assert_eq!(
        printed(&office.calendar("status", &[])),
        "No calendar is linked; `frontdesk calendar connect` links one.\n"
    );
}

#[tokio::test]
async fn our_events_are_removed_on_request_and_no_appointment_is_cancelled_by_that() {
    let mut linked = Linked::start(r#"{"calendar": {"deleted": "cancel"}}"#).await;
    for time in ["2026-12-01T10:00", "2026-12-01T14:00"] {
        assert!(
            books(&linked.app.caller(), time)
                .await
                .says("You're booked")
        );
    }
    linked
        .enters("theirs", &timed("20261201T1600", "20261201T1700"))
        .await;
    linked.app.settles().await;
    linked.reads().await;
    assert_eq!(linked.ours().await.len(), 2);
    let id = ORGANIZATION_ID.to_string();
    let disconnect = ["calendar", "disconnect", &id, "--remove-events"];

    linked.radicale.stop();
    is_refused(
        &linked.command(&disconnect, ""),
        &["after 0 events", "cannot be reached", "linked still"],
    );
    linked.radicale.restart().await;
    // One is gone, and the next goes on: whatever the service reads meanwhile is nobody's decision.
    let (path, _) = linked.ours().await.remove(0);
    linked.radicale.delete(&path).await;
    linked.reads().await;
    linked.app.passes_until("2026-11-23T15:10:00Z").await;
    linked.reads().await;

    let removed = printed(&linked.command(&disconnect, ""));
    assert!(
        removed.starts_with(
            "/office/office/ is not linked any more. 2 events of ours removed from it."
        ),
        "{removed}"
    );
    assert!(linked.ours().await.is_empty());
    assert_eq!(linked.radicale.list(&linked.calendar).await.len(), 1);
    let standing: i64 = linked
        .app
        .database
        .value("select count(*) from appointments where status = 'confirmed'")
        .await;
    assert_eq!(standing, 2);
    assert!(
        linked
            .free("2026-12-01")
            .await
            .contains(&"16:00".to_owned())
    );
}

#[tokio::test]
async fn an_event_that_is_being_written_is_waited_for_and_removed() {
    let linked = LinkedGoogle::start("{}").await;
    linked.google.hold_inserts(true);
    let said = books(&linked.app.caller(), "2026-12-01T10:00").await;
    assert!(said.says("You're booked"), "{}", said.words);
    let is_claimed = "select count(*) from private.calendar_copies where claimed_until is not null";
    eventually("the event is being written", async || {
        (linked.app.database.value::<i64>(is_claimed).await == 1).then_some(())
    })
    .await;
    let now = linked.app.clock.now().to_rfc3339().replace('+', "%2B");
    let url = linked.app.database.url();
    let and = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{and}options=-c%20frontdesk.now%3D{now}");
    let settings = linked.google.environment();
    let running = tokio::task::spawn_blocking(move || {
        let id = ORGANIZATION_ID.to_string();
        let line = ["calendar", "disconnect", &id, "--remove-events"];
        let mut environment = vec![
            ("DATABASE_URL", url.as_str()),
            ("FRONTDESK_SECRETS_KEY", SECRETS_KEY),
        ];
        environment.extend(settings.iter().map(|(name, value)| (&**name, &**value)));
        with_input(&line, &environment, "")
    });
    eventually(
        "the command has seen that it is being written",
        async || {
            let waits: bool = linked
                .app
                .database
                .value(
                    "select not bool_or(writes) and exists (
                     select from pg_stat_activity
                     where datname = current_database() and state = 'idle'
                         and query like '%count(*)%calendar_copies%claimed_until > private.clock()%'
                 )
                 from private.calendar_links",
                )
                .await;
            waits.then_some(())
        },
    )
    .await;
    linked.google.hold_inserts(false);
    let ended = running.await.unwrap();
    assert!(
        printed(&ended).contains("1 event of ours removed from it"),
        "{}",
        printed(&ended)
    );
    assert!(complaint(&ended).contains("Waiting for 1 event that is being written"));
    assert!(linked.ours().is_empty());
}

#[tokio::test]
async fn events_that_stay_are_named() {
    let linked = Linked::start("{}").await;
    assert!(
        books(&linked.app.caller(), "2026-12-01T10:00")
            .await
            .says("You're booked")
    );
    linked.app.settles().await;
    let id = ORGANIZATION_ID.to_string();
    let ended = linked.command(&["calendar", "disconnect", &id], "");
    assert!(
        printed(&ended).contains("1 event of ours stay in it"),
        "{}",
        printed(&ended)
    );
}
