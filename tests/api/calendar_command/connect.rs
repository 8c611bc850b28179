//! Connecting an account, once and again.

use std::{future::ready, sync::mpsc};

use serde_json::{Value, json};

use super::{Office, is_refused};
use crate::support::{
    Linked,
    app::SECRETS_KEY,
    appointments::books,
    http::{self, Reply},
    linked::timed,
    operator::{at_terminal, complaint, object, printed},
};

#[tokio::test]
async fn connecting_says_how_many_events_and_busy_blocks_there_are_and_what_overlaps() {
    let linked = Linked::start("{}").await;
    let caller = linked.app.caller();
    for time in ["2026-12-01T10:00", "2026-12-01T14:00"] {
        assert!(books(&caller, time).await.says("You're booked"));
    }
    linked.app.settles().await;
    for (uid, from, to) in [
        ("one", "20261201T1000", "20261201T1100"),
        ("two", "20261201T1030", "20261201T1200"),
        ("three", "20261203T1000", "20261203T1100"),
    ] {
        linked.enters(uid, &timed(from, to)).await;
    }

    let says = || {
        let url = linked.radicale.url();
        let line = [
            "calendar",
            "connect",
            "Front Range Plumbing",
            "--provider",
            "caldav",
            "--address",
            &url,
            "--username",
            linked.radicale.user(),
        ];
        printed(&linked.command(&line, linked.radicale.password()))
    };
    assert_eq!(
        says(),
        "Linked /office/office/: 3 events, 2 busy blocks until January 24; 1 appointment overlaps, see tasks (`frontdesk calendar \
         conflicts`).\n"
    );
    linked
        .enters("four", &timed("20261201T1430", "20261201T1500"))
        .await;
    assert!(
        says().contains(
            "4 events, 3 busy blocks until January 24; 2 appointments overlap, see tasks"
        )
    );
    let tasks: i64 = linked
        .app
        .database
        .value("select count(*) from staff_tasks where kind = 'calendar' and status = 'open'")
        .await;
    assert_eq!(tasks, 2, "one for each, however often it is connected");
}

#[tokio::test]
async fn what_cannot_be_connected_is_said_plainly_and_nothing_is_stored() {
    let office = Office::new().await;
    office.radicale.make_calendar("private").await;
    let url = office.radicale.url();
    let connect = |settings: &[(&str, &str)], address: &str, more: &[&str], password: &str| {
        let mut line = vec!["--provider", "caldav", "--address", address];
        line.extend(["--username", office.radicale.user()]);
        line.extend(more);
        office.with(settings, "connect", &line, password)
    };
    let key = ("FRONTDESK_SECRETS_KEY", SECRETS_KEY);
    let usual = [key, ("FRONTDESK_CALDAV_PRIVATE", "1")];
    let password = office.radicale.password();
    let work = ["--calendar", "/office/work/"];

    let no_key = connect(&usual[1..], &url, &work, password);
    is_refused(
        &no_key,
        &["FRONTDESK_SECRETS_KEY", "frontdesk secrets new-key"],
    );
    let no_tls = connect(&[key], &url, &work, password);
    is_refused(&no_tls, &[&url, "no https address", "--caldav-private"]);
    let private = connect(&[key], "https://10.0.0.1", &work, password);
    is_refused(
        &private,
        &["10.0.0.1", "private address", "--caldav-private"],
    );
    let wrong = connect(&usual, &url, &work, "a guess");
    is_refused(&wrong, &[&url, "does not take this user name and password"]);
    assert!(!complaint(&wrong).contains("guess"));
    let empty = connect(&usual, &url, &work, "\n");
    is_refused(&empty, &["standard input was empty"]);
    let away = connect(&usual, "http://127.0.0.1:1", &work, password);
    is_refused(&away, &["http://127.0.0.1:1", "cannot be reached"]);
    let foreign = connect(&usual, &url, &["--calendar", "/other/work/"], password);
    is_refused(
        &foreign,
        &[
            "no calendar /other/work/",
            "/office/private/, /office/work/",
        ],
    );
    for crew in ["0", "2"] {
        let unknown = connect(
            &usual,
            &url,
            &["--calendar", "/office/work/", "--crew", crew],
            "",
        );
        is_refused(&unknown, &["Acme has one crew", crew, "capacity=N"]);
    }
    office.operator.hears("set", &["capacity=3"]);
    let unknown = connect(&usual, &url, &["--crew", "4"], "");
    is_refused(&unknown, &["Acme has crews 1 to 3", "no crew 4"]);
    let both = connect(&usual, &url, &["--crew", "1", "--any"], "");
    assert_eq!(both.status.code(), Some(2));
    let google = office.with(&usual, "connect", &["--provider", "google"], "");
    is_refused(&google, &["GOOGLE_CLIENT_ID", "docs/calendar.md"]);

    let several = connect(&usual, &url, &["--json"], password);
    is_refused(&several, &["several calendars", "--calendar ID"]);
    let listed: Value = serde_json::from_slice(&several.stdout).unwrap();
    assert_eq!(
        listed["calendars"],
        json!([
            { "id": "/office/private/", "name": "private", "is_primary": false, "is_writable": true },
            { "id": "/office/work/", "name": "work", "is_primary": false, "is_writable": true },
        ])
    );
    assert_eq!(office.stored().await, (0, 0));
}

#[tokio::test]
async fn the_same_account_is_connected_once_with_as_many_calendars_as_are_linked() {
    let office = Office::new().await;
    office.operator.hears("set", &["capacity=2"]);
    object(&office.connect(&["--crew", "2", "--read-only", "--json"]));
    // Without its last slash, and without saying again whose it is.
    object(&office.connect(&["--calendar", "/office/work", "--json"]));
    let linked = office.linked();
    assert_eq!(linked.len(), 1, "{linked:?}");
    assert_eq!(
        (
            &linked[0]["scope"],
            &linked[0]["crew"],
            &linked[0]["writes"]
        ),
        (&json!("crew"), &json!(2), &json!(false))
    );
    object(&office.connect(&["--organization", "--json"]));
    let linked = office.linked();
    assert_eq!(
        (
            &linked[0]["scope"],
            &linked[0]["crew"],
            &linked[0]["writes"]
        ),
        (&json!("organization"), &json!(null), &json!(true))
    );

    office.radicale.make_calendar("second").await;
    object(&office.connect(&["--calendar", "/office/second/", "--any", "--json"]));
    let linked = office.linked();
    assert_eq!(linked.len(), 2, "{linked:?}");
    assert_eq!(office.stored().await, (1, 1));
    let listed = printed(&office.calendar("list", &[]));
    for words in [
        "/office/second/",
        "any crew",
        "/office/work/",
        "organization",
    ] {
        assert!(listed.contains(words), "{words}: {listed}");
    }
}

#[tokio::test]
async fn a_revoked_account_is_connected_again_without_repeating_what_was_linked() {
    let office = Office::new().await;
    office.radicale.make_calendar("private").await;
    object(&office.connect(&["--calendar", "/office/work/", "--crew", "1", "--json"]));
    let database = &office.operator.database;
    database
        .run("select private.revoke_calendar_account(organization_id, id) from private.calendar_accounts")
        .await;
    let open = "select count(*) from staff_tasks where kind = 'calendar' and status = 'open'";
    assert_eq!(database.value::<i64>(open).await, 1);
    let status = printed(&office.calendar("status", &[]));
    assert!(
        status.contains("revoked") && status.contains("stale"),
        "{status}"
    );
    is_refused(
        &office.calendar("resync", &[]),
        &["does not take the credential", "frontdesk calendar connect"],
    );
    is_refused(
        &office.calendar("disconnect", &["--remove-events"]),
        &["connect it again first", "--remove-events"],
    );

    object(&office.connect(&["--json"]));
    let linked = office.linked();
    assert_eq!(linked.len(), 1, "{linked:?}");
    assert_eq!(
        (
            &linked[0]["state"],
            &linked[0]["crew"],
            &linked[0]["is_stale"]
        ),
        (&json!("live"), &json!(1), &json!(false))
    );
    assert_eq!(database.value::<i64>(open).await, 0);
}

#[tokio::test]
async fn a_server_is_reached_by_the_proxy_of_the_environment_and_a_private_address_is_not() {
    let office = Office::new().await;
    let (sender, asked) = mpsc::channel();
    let port = http::serve(move |request| {
        sender.send((request.method, request.path)).unwrap();
        ready(Reply::empty(401))
    });
    let proxy = format!("http://127.0.0.1:{}", port.await);
    let connect = |settings: &[(&str, &str)], address: &str| {
        let mut environment = vec![("FRONTDESK_SECRETS_KEY", SECRETS_KEY)];
        environment.extend(["HTTP_PROXY", "https_proxy"].map(|name| (name, proxy.as_str())));
        environment.extend(settings);
        let line = [
            "--provider",
            "caldav",
            "--address",
            address,
            "--username",
            "a",
        ];
        office.with(&environment, "connect", &line, "password")
    };
    let private = ("FRONTDESK_CALDAV_PRIVATE", "1");
    let through = connect(&[private], "http://calendar.example.test");
    is_refused(&through, &["does not take this user name and password"]);
    let expected = "http://calendar.example.test/.well-known/caldav";
    assert_eq!(
        asked.recv().unwrap(),
        ("PROPFIND".to_owned(), expected.to_owned())
    );
    // What the proxy could reach is no more allowed than what this machine could.
    let refused = connect(&[], "https://localhost:1");
    is_refused(&refused, &["localhost", "private address"]);
    assert!(asked.try_recv().is_err());
    let past = connect(&[private, ("NO_PROXY", "127.0.0.1")], "http://127.0.0.1:1");
    is_refused(&past, &["cannot be reached"]);
}

#[tokio::test]
async fn a_terminal_does_not_show_the_password_that_is_typed() {
    let office = Office::new().await;
    let (id, url) = (&office.operator.id, office.radicale.url());
    let connect = ["calendar", "connect", id, "--provider", "caldav", "--json"];
    let account = ["--address", &url, "--username", office.radicale.user()];
    let password = office.radicale.password();
    let line = [&connect[..], &account].concat();
    let shown = at_terminal(&office.operator.database.url(), &line, password);
    assert!(shown.contains("The password or token"), "{shown}");
    assert!(!shown.contains(password), "{shown}");
    let linked = shown.lines().find(|line| line.starts_with('{')).unwrap();
    let linked: Value = serde_json::from_str(linked).unwrap();
    assert_eq!(linked["calendar"], "/office/work/");

    let line = ["org", "set-secret", id, "twilio-auth-token"];
    let shown = at_terminal(&office.operator.database.url(), &line, "a-token");
    assert!(shown.contains("The credential"), "{shown}");
    assert!(shown.contains("Stored twilio_auth_token"), "{shown}");
    assert!(!shown.contains("a-token"), "{shown}");
}
