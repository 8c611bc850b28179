//! `frontdesk customer forget`: whatever names a customer is gone, and what is kept is known.

use serde_json::{Value, json};

use super::story::{
    EMAIL, LATER, NAME, NUMBER, RECORDING, SIGNALLED, STREET, Story, WORD, runs_at, tables_with,
};
use crate::support::{
    Folder, TestApp,
    app::{NOW, ORGANIZATION_ID, PHONE_NUMBER_ID},
    operator::{complaint, frontdesk, object, printed},
};

fn id() -> String {
    ORGANIZATION_ID.to_string()
}

/// Everything that names the customer.
fn person() -> String {
    format!("{NUMBER}|{NAME}|{STREET}|{WORD}|{EMAIL}|{RECORDING}")
}

#[tokio::test]
async fn a_customer_who_left_traces_everywhere_is_forgotten_everywhere() {
    let story = Story::new().await;
    story.is_told().await;
    let database = &story.app.database;
    // What the log keeps of a tool call besides its name and outcome.
    database
        .run(&format!(
            r#"update call_logs
             set tools_used = tools_used || '[{{"tool": "check_availability", "arguments": {{"address": "{STREET}"}},
                 "answer": "{NAME}, at nine", "reason": "{WORD}", "offered": ["{WORD}"], "outcome": "ok"}}]'"#
        ))
        .await;
    let before = tables_with(database, &person()).await;
    for table in [
        "appointments",
        "audit_log",
        "blocked_numbers",
        "call_logs",
        "call_transfers",
        "customers",
        "emergency_incidents",
        "emergency_notifications",
        "private.tool_calls",
        "sms_communications",
        "sms_consents",
        "staff_tasks",
    ] {
        assert!(before.contains(&table.to_owned()), "{table}: {before:?}");
    }

    let receipt = object(&story.runs(&[
        "customer",
        "forget",
        &id(),
        "--phone",
        "(303) 555-7788",
        "--confirm",
        "--json",
    ]));

    // The number stays where it says that it must not be texted, and only there.
    assert_eq!(tables_with(database, &person()).await, ["sms_consents"]);
    let consents: Vec<Value> = database
        .column("select to_jsonb(c) from sms_consents as c")
        .await;
    assert_eq!(consents.len(), 1, "{consents:?}");
    assert_eq!(consents[0]["status"], "withdrawn");
    assert_eq!(consents[0]["phone_number"], SIGNALLED);
    assert_eq!(consents[0]["keyword"], Value::Null);
    assert_eq!(receipt["stop_entries_kept"], 1);
    assert_eq!(receipt["still_found"], json!({}));
    assert!(
        receipt["rows"]["public.call_logs"].as_i64().unwrap() >= 2,
        "{receipt}"
    );
    assert_eq!(receipt["vapi_call_ids"].as_array().unwrap().len(), 2);
    // A random id may well contain four digits in a row, but not these.
    for number in ["5557788", "555-7788"] {
        assert!(!receipt.to_string().contains(number), "{receipt}");
    }

    // What the books need is there, under one name that stays the same.
    let appointments: Vec<Value> = database
        .column("select to_jsonb(a) from appointments as a order by scheduled_date")
        .await;
    assert_eq!(appointments.len(), 2);
    assert_eq!(appointments[1]["status"], "completed");
    for appointment in &appointments {
        assert_eq!(appointment["customer_name"], "Forgotten customer");
        assert_eq!(appointment["customer_phone"], receipt["pseudonym"]);
    }
    let customer = database.object("select * from customers").await;
    assert_eq!(customer["phone_number"], receipt["pseudonym"]);
    assert_eq!(customer["total_appointments"], 1);
    let tools: Value = database
        .value("select tools_used from call_logs order by created_at limit 1")
        .await;
    assert_eq!(tools[0]["tool"], "book_appointment");

    // That it was done is recorded, without a word of the customer.
    let entry = database
        .object("select * from audit_log where new_row ? 'forgotten'")
        .await;
    assert_eq!(entry["new_row"]["rows"], receipt["rows"]);
    assert_eq!(entry["row_id"], customer["id"]);
}

#[tokio::test]
async fn whoever_is_forgotten_is_not_texted_and_is_a_stranger_when_they_call() {
    let story = Story::new().await;
    story.is_told().await;
    printed(&story.runs(&[
        "customer",
        "forget",
        &id(),
        "--phone",
        SIGNALLED,
        "--confirm",
    ]));
    story.app.settles().await;
    let sent = story.twilio.counts();

    let heard = story
        .caller()
        .asks(
            "book_appointment",
            json!({ "customer_name": "Nobody Known", "date": "2027-01-05T09:00" }),
        )
        .await;
    story.app.settles().await;

    assert!(!heard.is_error, "{}", heard.words);
    assert_eq!(story.twilio.counts(), sent);
    let customers: i64 = story
        .app
        .database
        .value("select count(*) from customers")
        .await;
    assert_eq!(customers, 2);
}

#[tokio::test]
async fn a_dry_run_and_a_missing_confirmation_change_nothing() {
    let story = Story::new().await;
    story.is_told().await;
    let before = tables_with(&story.app.database, &person()).await;

    let shown = printed(&story.runs(&[
        "customer",
        "forget",
        &id(),
        "--phone",
        SIGNALLED,
        "--dry-run",
    ]));
    let unconfirmed = story.runs(&["customer", "forget", &id(), "--phone", SIGNALLED]);

    assert!(shown.contains("this would change"), "{shown}");
    assert!(shown.contains("public.call_logs"), "{shown}");
    assert!(shown.contains("must not be texted"), "{shown}");
    assert!(!unconfirmed.status.success());
    assert!(
        complaint(&unconfirmed).contains("--confirm"),
        "{}",
        complaint(&unconfirmed)
    );
    assert_eq!(tables_with(&story.app.database, &person()).await, before);
}

#[tokio::test]
async fn an_address_or_an_id_finds_the_customer_and_a_stranger_is_left_alone() {
    let app = TestApp::start().await;
    app.database
        .run(&format!(
            "insert into customers (organization_id, name, phone_number, email)
             values ('{ORGANIZATION_ID}', 'Ann Other', '+13035550177', 'ann@example.test'),
                    ('{ORGANIZATION_ID}', 'Ben Other', '303.555.0188', null),
                    ('{ORGANIZATION_ID}', 'Cat Other', '+13035550199', 'xann@example.test.org');
             insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time, status)
             values ('{ORGANIZATION_ID}', 'Ann Other', '(303) 555-0177', 'repair', '2026-01-05', '09:00', 'completed'),
                    ('{ORGANIZATION_ID}', 'Cat Other', '+13035550199', 'repair', '2026-01-06', '09:00', 'completed')"
        ))
        .await;
    let ben: String = app
        .database
        .value("select id::text from customers where name like 'Ben%'")
        .await;
    let url = app.database.url();

    printed(&frontdesk(
        &url,
        &[
            "customer",
            "forget",
            &id(),
            "--email",
            "ANN@example.test",
            "--confirm",
        ],
    ));
    printed(&frontdesk(
        &url,
        &["customer", "forget", &id(), "--customer", &ben, "--confirm"],
    ));

    let names: Vec<String> = app
        .database
        .column("select name::text from customers order by name")
        .await;
    assert_eq!(
        names,
        ["Cat Other", "Forgotten customer", "Forgotten customer"]
    );
    let numbers: Vec<String> = app
        .database
        .column("select customer_phone::text from appointments where customer_phone like '%0%' order by 1")
        .await;
    assert_eq!(numbers, ["+13035550199"]);
    let again = printed(&frontdesk(
        &url,
        &[
            "customer",
            "forget",
            &id(),
            "--phone",
            "+13035550177",
            "--confirm",
        ],
    ));
    assert_eq!(
        again,
        "Nothing of this customer is found; nothing was changed.\n"
    );
}

#[tokio::test]
async fn whoever_is_being_helped_is_not_forgotten() {
    let story = Story::new().await;
    let caller = story.caller();
    let id = id();
    let forget = ["customer", "forget", &id, "--phone", SIGNALLED, "--confirm"];
    let refused = |part: &str| {
        let output = runs_at(&story.app.database, NOW, &forget);
        assert!(!output.status.success());
        assert!(complaint(&output).contains(part), "{}", complaint(&output));
    };

    caller
        .asks(
            "flag_emergency",
            json!({ "description": "A pipe burst", "urgency": "high", "service_address": "12 Elm Street" }),
        )
        .await;
    story.app.settles().await;
    refused("a call of this customer is in progress");
    story.ends(&caller).await;
    refused("an incident of this customer is open");
    story
        .app
        .dashboard("update emergency_incidents set status = 'closed'")
        .await;
    let second = story.caller();
    second
        .asks(
            "book_appointment",
            json!({ "customer_name": "Zebulon Quickfoot", "date": "2026-12-01T09:00" }),
        )
        .await;
    story.ends(&second).await;
    refused("still to come: 1");

    // It is cancelled without a word to the customer.
    story.app.settles().await;
    let sent = story.twilio.counts();
    let upcoming = [&forget[..], &["--also-upcoming"]].concat();
    printed(&runs_at(&story.app.database, NOW, &upcoming));
    story.app.settles().await;
    assert_eq!(story.twilio.counts(), sent);
    let status: String = story
        .app
        .database
        .value("select status::text from appointments")
        .await;
    assert_eq!(status, "cancelled");
    assert!(tables_with(&story.app.database, NUMBER).await.is_empty());
}

#[tokio::test]
async fn what_was_set_aside_in_the_spool_goes_too_and_what_waits_there_comes_first() {
    let story = Story::new().await;
    story.is_told().await;
    let spool = Folder::new();
    std::fs::create_dir_all(&spool).unwrap();
    let file = |name: &str, caller: &str| {
        let message = json!({
            "origin": { "proven_for": null, "vapi_phone_number_id": PHONE_NUMBER_ID, "vapi_call_id": "x",
                        "vapi_assistant_id": null, "called": "+13035550100", "caller": caller },
            "key": "k", "text": WORD, "name": NAME, "phone": caller, "language": "en", "at": LATER,
        });
        std::fs::write(spool.join(name), message.to_string()).unwrap();
    };
    file("1.message.json.left", SIGNALLED);
    file("2.message.json.left", "+13035550199");
    file("3.message.json", SIGNALLED);
    let folder = &*spool;
    let id = id();
    let line = [
        "customer",
        "forget",
        &id,
        "--phone",
        SIGNALLED,
        "--confirm",
        "--spool",
        folder,
    ];

    let waiting = story.runs(&line);
    assert!(
        complaint(&waiting).contains("not in the database yet"),
        "{}",
        complaint(&waiting)
    );
    assert!(tables_with(&story.app.database, NAME).await.len() > 1);
    std::fs::remove_file(spool.join("3.message.json")).unwrap();
    let told = printed(&story.runs(&line));

    assert!(
        told.contains("In the spool: 1 file that could not be replayed removed."),
        "{told}"
    );
    let left: Vec<_> = std::fs::read_dir(&spool)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, ["2.message.json.left"]);
}

#[tokio::test]
async fn the_services_role_can_neither_forget_nor_delete() {
    let app = TestApp::start().await;
    for function in [
        "private.forget_customer(uuid, text[], text[], uuid[], boolean)",
        "private.delete_organization(uuid, boolean)",
    ] {
        for role in ["frontdesk_app", "service_role", "authenticated", "anon"] {
            let may: bool = app
                .database
                .value(&format!(
                    "select has_function_privilege('{role}', '{function}', 'execute')"
                ))
                .await;
            assert!(!may, "{role} {function}");
        }
    }
}
