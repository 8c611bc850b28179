//! `frontdesk customer forget`: how far it reaches, what it refuses, and what does not come back.

use serde_json::{Value, json};

use super::story::{SIGNALLED, Story, WORD, runs_at, tables_with};
use crate::support::{
    Folder, TestApp,
    app::{NOW, ORGANIZATION_ID, PHONE_NUMBER_ID},
    operator::{complaint, frontdesk, object, printed, with_environment},
};

const OTHER_NUMBER: &str = "303[^0-9a-z]{0,3}555[^0-9a-z]{0,3}07(11|22)";

fn id() -> String {
    ORGANIZATION_ID.to_string()
}

/// A call from ...0711 in which an appointment is booked for ...0722, and one of somebody else.
async fn booked_with_another_number(story: &Story) {
    let mut caller = story.caller();
    caller.number = Some("+13035550711".to_owned());
    let heard = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Zebulon Quickfoot", "customer_phone": "303-555-0722", "date": "2026-12-01T09:00" }),
        )
        .await;
    assert!(!heard.is_error, "{}", heard.words);
    story.ends(&caller).await;
    let mut stranger = story.caller();
    stranger.number = Some("+13035550733".to_owned());
    let heard = stranger
        .asks(
            "book_appointment",
            json!({ "customer_name": "Olga Stranger", "date": "2026-12-02T09:00" }),
        )
        .await;
    assert!(!heard.is_error, "{}", heard.words);
    story.app.settles().await;
    story.app.logs_calls(2).await;
}

#[tokio::test]
async fn a_caller_who_left_another_number_is_forgotten_by_either() {
    for number in ["+13035550711", "+13035550722"] {
        let story = Story::new().await;
        booked_with_another_number(&story).await;
        let database = &story.app.database;
        let line = ["customer", "forget", &id(), "--phone", number, "--json"];

        let shown = object(&story.runs(&[&line[..], &["--dry-run"]].concat()));
        let told = printed(&story.runs(&[&line[..5], &["--dry-run"]].concat()));
        let receipt = object(&story.runs(&[&line[..], &["--confirm"]].concat()));

        assert_eq!(shown["reached"], json!({ "numbers": 2, "customers": 1 }));
        assert!(
            told.contains("This reaches 2 numbers (...11, ...22) and 1 customer."),
            "{told}"
        );
        assert!(told.contains("In Front Range Plumbing,"), "{told}");
        assert_eq!(shown["pseudonym"], receipt["pseudonym"]);
        assert_eq!(shown["rows"], receipt["rows"]);
        assert_eq!(receipt["organization"], "Front Range Plumbing");
        let found = tables_with(database, &format!("{OTHER_NUMBER}|Zebulon|{WORD}")).await;
        assert!(found.is_empty(), "{number}: {found:?}");
        let left: Vec<String> = database
            .column("select name::text from customers order by name")
            .await;
        assert_eq!(left, ["Forgotten customer", "Olga Stranger"]);
        let callers: Vec<String> = database
            .column("select customer_phone_number::text from call_logs order by created_at")
            .await;
        assert_eq!(
            callers,
            [receipt["pseudonym"].as_str().unwrap(), "+13035550733"]
        );
    }
}

/// Whoever books for two people with one number of the organization's own ties nobody to anybody.
#[tokio::test]
async fn a_booking_from_the_office_leads_to_no_other_customer() {
    let app = TestApp::start().await;
    app.database
        .run(&format!(
            "update organizations set transfer_phone_number = '+13035550101';
             insert into customers (id, organization_id, name, phone_number)
             values ('c0000000-0000-4000-8000-000000000001', '{ORGANIZATION_ID}', 'Ann Other', '+13035550177'),
                    ('c0000000-0000-4000-8000-000000000002', '{ORGANIZATION_ID}', 'Ben Other', '+13035550188');
             insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status)
             values ('{ORGANIZATION_ID}', 'office-1', '+13035550101', 'ended'),
                    ('{ORGANIZATION_ID}', 'office-2', '+13035550101', 'ended');
             update call_logs set call_duration = 60;
             insert into appointments (organization_id, customer_id, vapi_call_id, customer_name, customer_phone, appointment_type,
                 scheduled_date, scheduled_time, status)
             values ('{ORGANIZATION_ID}', 'c0000000-0000-4000-8000-000000000001', 'office-1', 'Ann Other', '+13035550177', 'repair',
                     '2026-01-05', '09:00', 'completed'),
                    ('{ORGANIZATION_ID}', 'c0000000-0000-4000-8000-000000000002', 'office-2', 'Ben Other', '+13035550188', 'repair',
                     '2026-01-06', '09:00', 'completed')"
        ))
        .await;

    let receipt = object(&frontdesk(
        &app.database.url(),
        &[
            "customer",
            "forget",
            &id(),
            "--phone",
            "+13035550177",
            "--confirm",
            "--json",
        ],
    ));

    assert_eq!(receipt["reached"], json!({ "numbers": 1, "customers": 1 }));
    let numbers: Vec<String> = app
        .database
        .column("select customer_phone_number::text from call_logs order by vapi_call_id")
        .await;
    assert_eq!(
        numbers,
        [receipt["pseudonym"].as_str().unwrap(), "+13035550101"]
    );
    let names: Vec<String> = app
        .database
        .column("select name::text from customers order by name")
        .await;
    assert_eq!(names, ["Ben Other", "Forgotten customer"]);
}

#[tokio::test]
async fn the_organizations_own_number_is_refused_and_a_dry_run_says_so() {
    let story = Story::new().await;
    story.is_told().await;
    let before = tables_with(&story.app.database, WORD).await;
    let id = id();
    for (number, whose) in [
        ("+13035550100", "a number of the organization's"),
        (
            "303 555 0101",
            "the number to which the organization's calls are transferred",
        ),
        (
            "+13035550103",
            "the number of an emergency contact of the organization's",
        ),
    ] {
        let line = ["customer", "forget", &id, "--phone", number];
        let refused = story.runs(&[&line[..], &["--confirm"]].concat());
        assert!(!refused.status.success());
        assert!(
            complaint(&refused).contains(whose),
            "{}",
            complaint(&refused)
        );

        let shown = object(&story.runs(&[&line[..], &["--dry-run", "--json"]].concat()));
        assert!(
            shown["would_be_refused"][0]
                .as_str()
                .unwrap()
                .contains(whose),
            "{shown}"
        );
        assert_eq!(shown["rows"]["public.call_logs"], 0);
    }
    assert_eq!(tables_with(&story.app.database, WORD).await, before);
}

#[tokio::test]
async fn a_dry_run_lists_what_it_would_be_refused_for() {
    let story = Story::new().await;
    let caller = story.caller();
    caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Zebulon Quickfoot", "date": "2026-12-01T09:00" }),
        )
        .await;
    story.app.settles().await;
    story.app.logs_calls(1).await;

    let told = printed(&runs_at(
        &story.app.database,
        NOW,
        &[
            "customer",
            "forget",
            &id(),
            "--phone",
            SIGNALLED,
            "--dry-run",
        ],
    ));

    assert!(
        told.contains("It would be refused: a call of this customer is in progress"),
        "{told}"
    );
    assert!(told.contains("still to come: 1"), "{told}");
    let status: String = story
        .app
        .database
        .value("select status::text from appointments")
        .await;
    assert_ne!(status, "cancelled");
}

#[tokio::test]
async fn the_number_that_was_called_does_not_find_a_file_of_the_spool() {
    let app = TestApp::start().await;
    let spool = Folder::new();
    std::fs::create_dir_all(&spool).unwrap();
    let file = |name: &str, caller: &str| {
        let message = json!({
            "origin": { "proven_for": null, "vapi_phone_number_id": PHONE_NUMBER_ID, "vapi_call_id": "x",
                        "vapi_assistant_id": null, "called": "+13035550177", "caller": caller },
            "text": "hello", "phone": caller, "at": NOW,
        });
        std::fs::write(spool.join(name), message.to_string()).unwrap();
    };
    file("1.message.json.left", "+13035550199");
    file("2.message.json.left", "+13035550177");

    let receipt = object(&frontdesk(
        &app.database.url(),
        &[
            "customer",
            "forget",
            &id(),
            "--phone",
            "+13035550177",
            "--confirm",
            "--json",
            "--spool",
            &spool,
        ],
    ));

    assert_eq!(receipt["spool_files"], 1);
    assert!(spool.join("1.message.json.left").exists());
}

#[tokio::test]
async fn a_date_and_a_time_are_no_telephone_number() {
    let app = TestApp::start().await;
    for (number, text, is_found) in [
        ("+12026121010", "2026-12-10 10:00", false),
        ("+12026121010", "at 1 2026-12-10 10:00:00+00", false),
        ("+12026121010", "2026-12-10, 10 o'clock", false),
        ("+12101000000", "2026-12-10 10:00:00", false),
        ("+12026121010", "call 202-612-1010", true),
        ("+12026121010", "call +1 (202) 612 1010 on 2026-12-10", true),
        ("+12026121010", "2026-12-10 202.612.1010", true),
        ("+3312101000", "2026-12-10 10:00:00", false),
        ("+33612101000", "since 2020: 06 12 10 10 00", true),
    ] {
        let found: bool = app
            .database
            .value(&format!(
                "select $${text}$$ ~* p and $${text}$$ ~* private.rough_pattern(p) from private.phone_pattern('{number}') as p"
            ))
            .await;
        assert_eq!(found, is_found, "{number} in {text}");
    }

    // Nor is what a row's own times spell.
    app.database
        .run(&format!(
            "insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time, status)
             values ('{ORGANIZATION_ID}', 'Cat Other', '+13035550199', 'repair', '2026-12-10', '10:00', 'completed')"
        ))
        .await;
    let told = printed(&frontdesk(
        &app.database.url(),
        &[
            "customer",
            "forget",
            &id(),
            "--phone",
            "+12026121010",
            "--confirm",
        ],
    ));
    assert_eq!(
        told,
        "Nothing of this customer is found; nothing was changed.\n"
    );
    let named: i64 = app
        .database
        .value("select count(*) from audit_log where new_row ->> 'customer_name' = 'Cat Other'")
        .await;
    assert_eq!(named, 1);
}

#[tokio::test]
async fn a_late_report_or_tool_call_brings_no_word_back() {
    let story = Story::new().await;
    let caller = story.caller();
    caller
        .asks(
            "take_message",
            json!({ "message": format!("bring {WORD}"), "customer_name": "Zebulon Quickfoot" }),
        )
        .await;
    story.ends(&caller).await;
    story.app.settles().await;
    printed(&story.runs(&[
        "customer",
        "forget",
        &id(),
        "--phone",
        SIGNALLED,
        "--confirm",
    ]));
    let person = format!("{WORD}|Zebulon|Larkspur|recording-of-zeb|3035557788");
    let database = &story.app.database;
    assert!(tables_with(database, &person).await.is_empty());

    story.ends(&caller).await;
    database
        .run(&format!(
            "select private.append_tool_calls(array[c.organization_id], array[c.vapi_call_id::text], array[null::text],
                 array['{SIGNALLED}'], array[jsonb_build_object('tool', 'take_message', 'tool_call_id', 'late', 'outcome', 'ok',
                     'arguments', jsonb_build_object('message', '{WORD}'), 'answer', '{WORD}')])
             from call_logs as c"
        ))
        .await;

    assert_eq!(tables_with(database, &person).await, Vec::<String>::new());
    let call: Value = database.object("select * from call_logs").await;
    assert_eq!(call["metadata"]["ended_reason"], "customer-ended-call");
    assert_eq!(
        call["tools_used"].as_array().unwrap().last().unwrap(),
        &json!({ "tool": "take_message", "tool_call_id": "late", "outcome": "ok" })
    );
}

#[tokio::test]
async fn somebody_must_be_named_and_an_empty_spool_is_none() {
    let app = TestApp::start().await;
    let url = app.database.url();
    let id = id();
    let nobody = frontdesk(&url, &["customer", "forget", &id, "--dry-run"]);
    assert!(!nobody.status.success());
    assert!(
        complaint(&nobody).contains("--phone"),
        "{}",
        complaint(&nobody)
    );
    for email in ["@", "ann@", "@example.test", "ann"] {
        let refused = frontdesk(
            &url,
            &["customer", "forget", &id, "--email", email, "--dry-run"],
        );
        assert!(!refused.status.success(), "{email}");
        assert!(
            complaint(&refused).contains("is not an e-mail address"),
            "{}",
            complaint(&refused)
        );
    }
    let output = with_environment(
        &[
            "customer",
            "forget",
            &id,
            "--phone",
            "+13035550177",
            "--dry-run",
        ],
        &[("DATABASE_URL", &url), ("FRONTDESK_SPOOL", "")],
    );
    printed(&output);
}
