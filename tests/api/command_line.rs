//! The command line, as an operator and a script use it.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::support::{
    TestApp, database, eventually,
    operator::{complaint, frontdesk, object, organization, printed, with_environment},
};

#[tokio::test]
async fn migrate_brings_an_empty_database_to_the_schema_and_then_does_nothing() {
    let database = database::empty().await;

    let first = printed(&frontdesk(&database.url(), &["migrate"]));
    let second = printed(&frontdesk(&database.url(), &["migrate"]));

    assert!(first.contains("applied migrations/0001_"), "{first}");
    assert_eq!(second, "The database is current.\n");
}

#[tokio::test]
async fn an_organization_is_set_up_without_a_line_of_sql() {
    let (database, id) = organization().await;
    let url = database.url();

    for arguments in [
        vec![
            "org",
            "add-assistant",
            &id,
            "--vapi-assistant-id",
            "assistant-1",
            "--name",
            "Ava",
            "--language",
            "en",
        ],
        vec![
            "org",
            "add-phone",
            &id,
            "--number",
            "+13035550100",
            "--vapi-phone-number-id",
            "number-1",
        ],
        vec![
            "org",
            "add-contact",
            &id,
            "--name",
            "Dana Ruiz",
            "--phone",
            "+13035550103",
            "--priority",
            "2",
            "--days",
            "mon,tue",
            "--hours",
            "18:00-08:00",
            "--primary",
        ],
        vec![
            "org",
            "set-hours",
            &id,
            "mon=08:00-12:00,13:00-17:00",
            "fri=20:00-03:00",
            "sat=closed",
        ],
        vec![
            "org",
            "set",
            &id,
            "capacity=3",
            "lead_minutes=0",
            "transfer_phone_number=303-555-0101",
        ],
    ] {
        printed(&frontdesk(&url, &arguments));
    }

    let organization = database.object("select * from organizations").await;
    assert_eq!(organization["timezone"], "America/Denver");
    assert_eq!(organization["transfer_phone_number"], "+13035550101");
    assert_eq!(organization["settings"]["capacity"], 3);
    assert_eq!(organization["settings"]["lead_minutes"], 0);
    assert_eq!(
        organization["settings"]["hours"],
        json!({
            "monday": [{ "open": "08:00", "close": "12:00" }, { "open": "13:00", "close": "17:00" }],
            "friday": [{ "open": "20:00", "close": "03:00" }],
            "saturday": [],
        })
    );
    let contact = database.object("select * from emergency_contacts").await;
    assert_eq!(contact["available_days"], json!(["monday", "tuesday"]));
    assert_eq!(contact["available_hours_start"], "18:00:00");
    assert_eq!(contact["available_hours_end"], "08:00:00");
    assert_eq!(contact["is_primary"], true);
    assert_eq!(contact["priority"], 2);
    let number = database
        .object("select * from phone_number_assignments")
        .await;
    assert_eq!(number["vapi_phone_number_id"], "number-1");
}

#[tokio::test]
async fn entered_again_a_number_and_an_assistant_stay_one() {
    let (database, id) = organization().await;
    for name in ["Ava", "Eva"] {
        printed(&frontdesk(
            &database.url(),
            &[
                "org",
                "add-assistant",
                &id,
                "--vapi-assistant-id",
                "assistant-1",
                "--name",
                name,
            ],
        ));
        printed(&frontdesk(
            &database.url(),
            &["org", "add-phone", &id, "--number", "+13035550100"],
        ));
    }

    let names: Vec<String> = database
        .column("select name::text from vapi_assistants")
        .await;
    assert_eq!(names, ["Eva"]);
    let numbers: i64 = database
        .value("select count(*) from phone_number_assignments")
        .await;
    assert_eq!(numbers, 1);
}

#[tokio::test]
async fn a_webhook_secret_lives_beside_the_one_before_until_it_is_retired() {
    let (database, id) = organization().await;
    let url = database.url();
    let make = || frontdesk(&url, &["org", "webhook-secret", &id, "--json"]);

    let first = object(&make())["secret"].as_str().unwrap().to_owned();
    let second = object(&make())["secret"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    assert!(first.len() >= 40, "a secret that cannot be guessed");
    let third = make();
    assert!(!third.status.success());
    assert!(
        complaint(&third).contains("--retire"),
        "{}",
        complaint(&third)
    );

    printed(&frontdesk(
        &url,
        &["org", "webhook-secret", &id, "--retire"],
    ));
    let builder = TestApp::builder()
        .await
        .database_url(&database.service_url());
    let app = builder.try_start().await.unwrap();
    let status = async |secret: &str| {
        app.http
            .post(app.url(&format!("/vapi/webhook/{id}")))
            .header("X-Vapi-Secret", secret)
            .json(&json!({ "message": { "type": "hang", "call": {} } }))
            .send()
            .await
            .unwrap()
            .status()
    };
    assert_eq!(status(&first).await, 401, "the retired one");
    assert_eq!(status(&second).await, 200);

    let third = printed(&frontdesk(&url, &["org", "webhook-secret", &id]));
    let third = third.trim_end();
    eventually(
        "a script's secret, taken from standard output, to open",
        async || (status(third).await == 200).then_some(()),
    )
    .await;
    let stored: String = database
        .value("select string_agg(secret, ' ') from private.webhook_credentials")
        .await;
    for secret in [&first, &second, third] {
        assert!(!stored.contains(secret), "{stored}");
    }
}

#[tokio::test]
async fn what_cannot_be_set_is_refused_with_its_name_and_what_is_allowed() {
    let (database, id) = organization().await;
    let url = database.url();

    for (arguments, named, allowed) in [
        (
            vec![
                "org",
                "create",
                "--name",
                "A",
                "--industry",
                "hvac",
                "--timezone",
                "Mars/Base",
            ],
            "Mars/Base",
            "America/Denver",
        ),
        (vec!["org", "set", &id, "capacity=0"], "capacity", "1"),
        (
            vec!["org", "set", &id, "capacity=many"],
            "capacity",
            "whole number",
        ),
        (vec!["org", "set", &id, "capcity=3"], "capcity", "capacity"),
        (
            vec!["org", "set", &id, "lead_minutes=43200", "horizon_days=5"],
            "horizon",
            "lead",
        ),
        (
            vec!["org", "set", &id, "transfer_mode=hot"],
            "transfer_mode",
            "warm",
        ),
        (
            vec!["org", "set", &id, "transfer_phone_number=five"],
            "five",
            "+1303",
        ),
        (
            vec!["org", "set-hours", &id, "mon=18:00-25:00"],
            "25:00",
            "",
        ),
        (
            vec!["org", "set-hours", &id, "mon=08:00-12:00,11:00-15:00"],
            "monday",
            "overlap",
        ),
        (
            vec!["org", "set-hours", &id, "someday=08:00-12:00"],
            "someday",
            "mon",
        ),
        (
            vec![
                "org",
                "add-contact",
                &id,
                "--name",
                "D",
                "--phone",
                "+13035550103",
                "--hours",
                "late",
            ],
            "late",
            "18:00-08:00",
        ),
        (
            vec![
                "org",
                "add-phone",
                "00000000-0000-4000-8000-000000000000",
                "--number",
                "+13035550100",
            ],
            "no organization",
            "",
        ),
    ] {
        let output = frontdesk(&url, &arguments);
        assert!(!output.status.success(), "{arguments:?}");
        let complaint = complaint(&output);
        assert!(
            complaint.contains(named) && complaint.contains(allowed),
            "{arguments:?}: {complaint}"
        );
    }
    let settings: Value = database.value("select settings from organizations").await;
    assert_eq!(
        settings,
        json!({}),
        "a refused command leaves nothing behind"
    );
}

#[tokio::test]
async fn a_number_of_another_organization_is_refused() {
    let app = TestApp::start().await;
    let made = object(&frontdesk(
        &app.database.url(),
        &[
            "org",
            "create",
            "--name",
            "Other",
            "--industry",
            "hvac",
            "--json",
        ],
    ));

    let output = frontdesk(
        &app.database.url(),
        &[
            "org",
            "add-phone",
            made["id"].as_str().unwrap(),
            "--number",
            "+13035550100",
        ],
    );

    assert!(!output.status.success());
}

#[test]
fn help_and_the_page_of_settings_name_the_same_settings_with_the_same_defaults() {
    let help = printed(&with_environment(&["serve", "--help"], &[]));
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let explained: BTreeMap<&str, Option<&str>> = help
        .split("[env: ")
        .skip(1)
        .map(|rest| {
            let (variable, rest) = rest.split_once(']').unwrap();
            let default = rest.strip_prefix(" [default: ");
            let default = default.map(|rest| rest.split_once(']').unwrap().0);
            (variable.trim_end_matches('='), default)
        })
        .collect();
    let page = include_str!("../../docs/settings.md");
    let (page, _) = page.split_once("### Settings of commands").unwrap();
    let code = |cell: &'static str| cell.split('`').skip(1).step_by(2);
    let documented: BTreeMap<&str, Option<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| {
            let cells: Vec<&str> = line.split(" | ").collect();
            let default = code(cells[1]).next();
            code(cells[0]).map(move |variable| (variable, default))
        })
        .collect();

    assert!(explained.len() > 50, "{explained:?}");
    let names = |settings: &BTreeMap<_, _>| settings.keys().copied().collect::<Vec<&str>>();
    assert_eq!(names(&explained), names(&documented));
    for (variable, default) in explained {
        if default.is_some() {
            assert_eq!(documented[variable], default, "{variable}");
        }
    }
}

#[tokio::test]
async fn logs_name_the_request_the_call_and_the_tool_and_nobody() {
    let app = TestApp::start().await;
    let mut serving = Command::new(env!("CARGO_BIN_EXE_frontdesk"))
        .arg("serve")
        .env_clear()
        .env("DATABASE_URL", app.database.url())
        .env("VAPI_SECRET", "s3cret-of-the-test")
        .env("FRONTDESK_LISTEN", "127.0.0.1:0")
        .env("FRONTDESK_ADMIN_LISTEN", "127.0.0.1:0")
        .env("FRONTDESK_NOW", "2026-11-23T15:00:00Z")
        .env("FRONTDESK_LOG", "trace")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(serving.stderr.take().unwrap()).lines();
    let listening: Value = lines
        .by_ref()
        .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap())
        .find(|line| line["message"] == "listening")
        .unwrap();
    let reading = std::thread::spawn(move || lines.map(Result::unwrap).collect::<Vec<_>>());

    let caller = app.caller();
    let message = caller.tool_calls(&[(
        "tool-1",
        "book_appointment",
        json!({
            "customer_name": "Maria Lopez",
            "date": "2026-12-01T09:00",
            "service_address": "12 Elm Street",
            "service_description": "Water under the sink",
        }),
    )]);
    let reply = app
        .http
        .post(format!(
            "http://{}/vapi/webhook",
            listening["listen"].as_str().unwrap()
        ))
        .header("X-Vapi-Secret", "s3cret-of-the-test")
        .json(&message)
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), 200);
    let pid = rustix::process::Pid::from_child(&serving);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(serving.wait().unwrap().success(), "SIGTERM is no failure");

    let logs = reading.join().unwrap();
    let faults: Vec<_> = logs
        .iter()
        .filter(|line| line.contains(r#""level":"ERROR""#))
        .collect();
    assert_eq!(faults, Vec::<&String>::new(), "it stops in order");
    let answered: Value = logs
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .find(|line| line["message"] == "answered a tool call")
        .unwrap();
    let spans = answered["spans"].as_array().unwrap();
    let field = |name: &str| spans.iter().find_map(|span| span.get(name)).cloned();
    assert!(field("request.id").is_some(), "{answered}");
    assert_eq!(field("call.id"), Some(json!(caller.call_id)));
    assert_eq!(answered["tool.name"], "book_appointment");
    assert_eq!(answered["tool.call_id"], "tool-1");
    assert!(answered["organization.id"].is_string(), "{answered}");
    assert_eq!(answered["tool.outcome"], "booked");
    assert!(answered["duration_ms"].is_number());
    let number = caller.number.unwrap();
    for private in [
        "Maria",
        "Elm Street",
        "Water under",
        "s3cret",
        &number,
        &number[2..],
    ] {
        let leak = logs.iter().find(|line| line.contains(private));
        assert_eq!(leak, None, "{private} is in the log");
    }
}

#[tokio::test]
async fn a_demonstration_that_cannot_run_says_what_to_change_before_it_starts_anything() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (name, other) in [
        ("FRONTDESK_LISTEN", "FRONTDESK_ADMIN_LISTEN"),
        ("FRONTDESK_ADMIN_LISTEN", "FRONTDESK_LISTEN"),
    ] {
        let tried = with_environment(&["dev"], &[(name, &address), (other, "127.0.0.1:0")]);
        let said = complaint(&tried);
        assert!(
            said.starts_with(&format!(
                "error: cannot listen on {address}; set {name} to another address\n"
            )),
            "{said}"
        );
    }

    // What the demonstration prints stays set in the shell, and names a server that stopped with it.
    let tried = with_environment(
        &["dev"],
        &[
            (
                "DATABASE_URL",
                "postgresql:///frontdesk?host=/nowhere/at/all&user=owner",
            ),
            ("FRONTDESK_LISTEN", "127.0.0.1:0"),
            ("FRONTDESK_ADMIN_LISTEN", "127.0.0.1:0"),
        ],
    );
    let said = complaint(&tried);
    for part in [
        "DATABASE_URL",
        "unset them",
        "starts a PostgreSQL of its own",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[tokio::test]
async fn a_start_that_comes_to_nothing_says_why_and_nothing_else() {
    let app = TestApp::start().await;
    let url = app.database.url();

    let output = with_environment(
        &["serve"],
        &[
            ("DATABASE_URL", url.as_str()),
            ("FRONTDESK_LISTEN", "127.0.0.1:0"),
            ("FRONTDESK_ADMIN_LISTEN", "127.0.0.1:0"),
        ],
    );

    assert!(!output.status.success());
    let complaint = complaint(&output);
    assert!(
        complaint.starts_with("error: no webhook secret is configured"),
        "{complaint}"
    );
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
}
