//! `frontdesk org delete`: nothing of the organization is left, while the service runs.

use serde_json::{Value, json};

use super::story::{Story, runs_at, tables_with};
use crate::support::{
    TestApp,
    app::{NOW, ORGANIZATION_ID},
    eventually,
    operator::{complaint, frontdesk, object, printed},
};

const CONFIRM: [&str; 2] = ["--confirm", "Front Range Plumbing"];

fn id() -> String {
    ORGANIZATION_ID.to_string()
}

/// Another organization, of which nothing may be touched.
const OTHER: &str = "
    insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac');
    insert into customers (organization_id, name, phone_number)
    values ('0f0f0f0f-0000-4000-8000-000000000002', 'Theirs', '+13035550177');
    insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time)
    values ('0f0f0f0f-0000-4000-8000-000000000002', 'Theirs', '+13035550177', 'repair', '2026-12-01', '09:00')";

#[tokio::test]
async fn nothing_is_left_of_a_deleted_organization_but_one_entry_that_says_so() {
    let story = Story::new().await;
    let database = &story.app.database;
    database.run(OTHER).await;
    story.is_told().await;
    let others = tables_with(database, "0f0f0f0f-0000-4000-8000-000000000002").await;
    let named = "0f0f0f0f-0000-4000-8000-000000000001|Front Range";
    assert!(tables_with(database, named).await.len() > 15);

    let receipt =
        object(&story.runs(&[&["org", "delete", &id(), "--json"], &CONFIRM[..]].concat()));

    assert_eq!(tables_with(database, named).await, ["audit_log"]);
    let entries: Vec<Value> = database
        .column("select to_jsonb(l) from audit_log as l where l.organization_id = '0f0f0f0f-0000-4000-8000-000000000001'")
        .await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["action"], "delete");
    assert_eq!(entries[0]["old_row"], Value::Null);
    assert_eq!(entries[0]["new_row"]["rows"], receipt["rows"]);
    assert!(entries[0]["actor_role"].is_string());
    for table in [
        "public.audit_log",
        "public.appointments",
        "private.outbox",
        "private.tool_calls",
    ] {
        assert!(
            receipt["rows"][table].as_i64().unwrap() > 0,
            "{table}: {receipt}"
        );
    }
    assert_eq!(
        tables_with(database, "0f0f0f0f-0000-4000-8000-000000000002").await,
        others
    );

    // The service goes on: calls are nobody's now, and nothing is written for them.
    let heard = story
        .caller()
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2027-01-05T09:00" }),
        )
        .await;
    assert!(!heard.says("You're booked"), "{}", heard.words);
    story.app.settles().await;
    assert_eq!(tables_with(database, named).await, ["audit_log"]);
    let ready = story
        .app
        .http
        .get(story.app.url("/health/ready"))
        .send()
        .await
        .unwrap();
    assert_eq!(ready.status(), 200);
}

#[tokio::test]
async fn a_name_that_is_not_the_organizations_and_a_missing_one_delete_nothing() {
    let app = TestApp::start().await;
    let url = app.database.url();

    for (arguments, part) in [
        (
            vec!["--confirm", "Front range plumbing"],
            "is called \"Front Range Plumbing\"",
        ),
        (vec![], "add --confirm"),
    ] {
        let output = frontdesk(&url, &[&["org", "delete", &id()], &arguments[..]].concat());
        assert!(!output.status.success());
        assert!(complaint(&output).contains(part), "{}", complaint(&output));
    }
    let nobody = frontdesk(
        &url,
        &[
            "org",
            "delete",
            crate::support::operator::NOBODY,
            "--confirm",
            "x",
        ],
    );
    assert!(
        complaint(&nobody).contains("there is no organization"),
        "{}",
        complaint(&nobody)
    );
    let organizations: i64 = app
        .database
        .value("select count(*) from organizations")
        .await;
    assert_eq!(organizations, 1);
}

#[tokio::test]
async fn an_organization_with_a_call_in_progress_is_deleted_by_force_only() {
    let story = Story::new().await;
    let database = &story.app.database;
    let caller = story.caller();
    caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" }),
        )
        .await;
    caller
        .asks(
            "flag_emergency",
            json!({ "description": "A pipe burst", "urgency": "high" }),
        )
        .await;
    let id = id();
    let line = [&["org", "delete", &id], &CONFIRM[..]].concat();

    let refused = runs_at(database, NOW, &line);
    assert!(!refused.status.success());
    let complaint = complaint(&refused);
    assert!(complaint.contains("open incidents: 1"), "{complaint}");
    assert!(complaint.contains("--force"), "{complaint}");

    printed(&runs_at(database, NOW, &[&line[..], &["--force"]].concat()));

    // The caller is still on the line, and pages were being sent.
    let heard = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2026-12-02T09:00" }),
        )
        .await;
    assert!(!heard.says("You're booked"), "{}", heard.words);
    story.ends(&caller).await;
    story.app.settles().await;
    assert_eq!(
        tables_with(database, "0f0f0f0f-0000-4000-8000-000000000001").await,
        ["audit_log"]
    );
}

/// The attempt is recorded and being made when the organization goes.
#[tokio::test]
async fn a_job_that_is_being_done_meanwhile_brings_nothing_back() {
    let story = Story::new().await;
    let (url, id) = (story.app.database.url(), id());
    let (deleted, is_deleted) = std::sync::mpsc::channel();
    story.twilio.on_request(move |_when| {
        let line = [&["org", "delete", &id, "--force"], &CONFIRM[..]].concat();
        // Requests for others come until the end, when nobody asks any more.
        deleted.send(frontdesk(&url, &line).status.success()).ok();
    });
    story
        .caller()
        .asks(
            "flag_emergency",
            json!({ "description": "A pipe burst", "urgency": "high" }),
        )
        .await;

    // Each request of the provider's tries it; one that meets another deletion, or nothing more to delete, is refused.
    eventually("the organization is deleted", async || {
        is_deleted.try_iter().any(|is_done| is_done).then_some(())
    })
    .await;
    story.app.settles().await;

    assert_eq!(
        tables_with(&story.app.database, "0f0f0f0f-0000-4000-8000-000000000001").await,
        ["audit_log"]
    );
    // Its worker goes on for others.
    story.app.dashboard(OTHER).await;
    story
        .twilio
        .contact("+13035550177")
        .expects_sms("Other")
        .await;
}
