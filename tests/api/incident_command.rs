//! `frontdesk incident`: what an owner reads of an emergency that was driven over HTTP and a telephone.

use serde_json::{Value, json};

use crate::{
    call_command::asks,
    support::{
        TestApp, Twilio,
        operator::{complaint, object, printed},
        twilio::Behaves,
    },
};

const DANA: &str = "+13035550103";
const SAM: &str = "+13035550104";

async fn app(twilio: &Twilio) -> TestApp {
    let app = TestApp::builder().await.twilio(twilio).start().await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, priority, escalation_timeout, call_enabled)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '(303) 555-0103', 1, 300, false),
                    ('0f0f0f0f-0000-4000-8000-000000000001', 'Sam Lee', '+13035550104', 2, 300, false)",
        )
        .await;
    app
}

async fn flood(app: &TestApp) {
    app.caller()
        .asks(
            "flag_emergency",
            json!({ "description": "Water through the ceiling", "service_address": "12 Elm Street" }),
        )
        .await;
}

async fn code(app: &TestApp) -> String {
    let code: i16 = app
        .database
        .value("select code from emergency_incidents order by opened_at desc limit 1")
        .await;
    code.to_string()
}

fn show(app: &TestApp, code: &str) -> String {
    printed(&asks(app, &["incident", "show", code]))
}

#[tokio::test]
async fn an_incident_is_shown_with_who_was_told_when_and_what_came_of_it() {
    let twilio = Twilio::start().await;
    let app = app(&twilio).await;
    let (dana, sam) = (twilio.contact(DANA), twilio.contact(SAM));
    flood(&app).await;
    dana.expects_sms("Water through the ceiling")
        .await
        .replies("2")
        .await;
    sam.expects_sms("Water through the ceiling")
        .await
        .replies("1")
        .await
        .expects("You have it");
    let code = code(&app).await;
    app.settles().await;

    let shown = show(&app, &code);

    for part in [
        &format!("Incident {code} of Front Range Plumbing"),
        "  opened        Mon 2026-11-23 08:00:00, America/Denver",
        "  status        acknowledged",
        "  round         1 of 3",
        "  acknowledged  Mon 2026-11-23 08:00:00 by Sam Lee, sms",
        "  address       12 Elm Street",
        "  message       Water through the ceiling",
        "  1     Dana Ruiz  +13035550103  text      300 s",
        "declined, sms",
        "  Mon 2026-11-23 08:00:00  text to Dana Ruiz, round 1: declined, sms\n",
        "text to Dana Ruiz, round 1",
        "text to Sam Lee, round 1: acknowledged",
        "acknowledged by Sam Lee, sms",
    ] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }

    let told = object(&asks(&app, &["incident", "show", &code, "--json"]));
    assert_eq!(told["opened_at"], "2026-11-23T08:00:00-07:00");
    assert_eq!(told["pages"].as_array().unwrap().len(), 2);
    assert_eq!(told["pages"][0]["error"], "declined");
    let id = told["id"].as_str().unwrap();
    assert_eq!(show(&app, id), shown);
    app.database
        .run("update emergency_incidents set round = 4, rounds = 6")
        .await;
    let again = show(&app, id);
    assert!(
        again.contains("  round         4 of 6 (3 at a time: it was escalated again)"),
        "{again}"
    );
}

#[tokio::test]
async fn pages_that_failed_and_an_end_without_anybody_are_told_with_the_reason() {
    let twilio = Twilio::start().await;
    twilio.to(DANA, &[Behaves::Undelivered(30003)]);
    let app = app(&twilio).await;
    app.database
        .run("update emergency_contacts set phone = '+13035550100' where name = 'Sam Lee'")
        .await;
    app.rules(&json!({ "emergency": { "rounds": 1 } })).await;
    flood(&app).await;
    let code = code(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    app.passes_until("2026-11-23T16:00:00Z").await;

    let shown = show(&app, &code);

    for part in [
        "  status        exhausted",
        "failed: 30003",
        "failed: the contact's number is the organization's own",
        "task for the staff (emergency): open",
    ] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
}

#[tokio::test]
async fn the_caller_who_is_told_and_the_fallback_number_are_part_of_what_happened() {
    let twilio = Twilio::start().await;
    let app = app(&twilio).await;
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    let code = code(&app).await;
    app.settles().await;
    app.database
        .run(
            "insert into private.outbox (organization_id, kind, priority, dedupe_key, state, settled_at, error_code)
             select i.organization_id, k.kind, 0, k.key || i.id::text || k.rest, k.state, i.opened_at + k.after, k.error
             from emergency_incidents as i
             cross join (values
                 ('fallback', 'fallback:', ':1', 'done', interval '5 minutes', null),
                 ('say', 'say:accepted:', ':x:call-1', 'done', interval '6 minutes', null),
                 ('say', 'say:exhausted:', ':call-1', 'failed', interval '7 minutes', 'gone')
             ) as k (kind, key, rest, state, after, error)",
        )
        .await;

    let shown = show(&app, &code);

    for line in [
        "  Mon 2026-11-23 08:05:00  the fallback number is paged: done",
        "  Mon 2026-11-23 08:06:00  the caller is told that somebody has it: done",
        "  Mon 2026-11-23 08:07:00  the caller is told that nobody has confirmed: failed, gone",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}:\n{shown}");
    }
}

#[tokio::test]
async fn incidents_are_listed_by_time_and_state_and_a_code_of_two_organizations_needs_a_name() {
    let twilio = Twilio::start().await;
    let app = app(&twilio).await;
    flood(&app).await;
    twilio
        .contact(DANA)
        .expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await
        .expects("You have it");
    let code = code(&app).await;
    app.database
        .run(&format!(
            "insert into organizations (id, name, industry, timezone)
             values ('0f0f0f0f-0000-4000-8000-000000000002', 'Peak Electric', 'electrical', 'America/New_York');
             insert into emergency_incidents (organization_id, code, urgency, message, opened_at)
             values ('0f0f0f0f-0000-4000-8000-000000000002', {code}, 'high', 'Sparks', '2026-11-23T14:00:00Z'),
                    ('0f0f0f0f-0000-4000-8000-000000000001', {code}, 'high', 'Sewage', '2026-11-20T14:00:00Z')"
        ))
        .await;
    let list = |arguments: &[&str]| -> Vec<Value> {
        let mut line = vec![
            "incident",
            "list",
            "--org",
            "Front Range Plumbing",
            "--json",
        ];
        line.extend(arguments);
        let listed = object(&asks(&app, &line));
        let incidents = listed["incidents"].as_array().unwrap().iter();
        incidents.map(|one| one["status"].clone()).collect()
    };

    assert_eq!(list(&[]), ["acknowledged", "open"]);
    assert_eq!(list(&["--open"]), ["open"]);
    assert_eq!(list(&["--since", "2d"]), ["acknowledged"]);
    assert_eq!(list(&["--until", "2026-11-21"]), ["open"]);
    let page = printed(&asks(
        &app,
        &["incident", "list", "--org", "Front Range Plumbing"],
    ));
    assert!(
        page.contains("Mon 2026-11-23 08:00 by Dana Ruiz, sms"),
        "{page}"
    );

    let ambiguous = asks(&app, &["incident", "show", &code]);
    assert!(!ambiguous.status.success());
    assert!(
        complaint(&ambiguous).contains("several organizations have had an incident"),
        "{}",
        complaint(&ambiguous)
    );
    let own = printed(&asks(
        &app,
        &["incident", "show", &code, "--org", "Front Range Plumbing"],
    ));
    assert!(
        own.contains("Water through the ceiling") && !own.contains("Sparks"),
        "{own}"
    );
    assert!(
        own.contains("Earlier incidents with this code\n  Fri 2026-11-20 07:00"),
        "{own}"
    );
    let nothing = asks(&app, &["incident", "show", "99"]);
    assert!(complaint(&nothing).contains("there is no incident 99"));
}

#[tokio::test]
async fn whoever_has_an_incident_that_is_closed_is_told_and_whoever_was_told_before_is_not() {
    let twilio = Twilio::start().await;
    let app = app(&twilio).await;
    let (dana, sam) = (twilio.contact(DANA), twilio.contact(SAM));
    flood(&app).await;
    dana.expects_sms("Water through the ceiling").await;
    app.settles().await;
    app.at("2026-11-23T15:05:00Z");
    let page = sam.expects_sms("Water through the ceiling").await;
    page.replies("1").await.expects("You have it");
    dana.expects_sms("Sam Lee has emergency").await;
    app.settles().await;

    let closed = printed(&asks(&app, &["incident", "close", &code(&app).await]));

    assert!(
        closed.contains("1 contact who had been texted about it is told."),
        "{closed}"
    );
    sam.expects_sms("is closed. Nothing to do.").await;
    app.settles().await;
}

#[tokio::test]
async fn an_incident_that_is_closed_pages_nobody_any_more_and_whoever_was_paged_is_told() {
    let twilio = Twilio::start().await;
    let app = app(&twilio).await;
    let dana = twilio.contact(DANA);
    flood(&app).await;
    dana.expects_sms("Water through the ceiling").await;
    let code = code(&app).await;

    let closed = printed(&asks(
        &app,
        &["incident", "close", &code, "--org", "front range plumbing"],
    ));

    assert!(
        closed.starts_with(&format!("Closed incident {code} of Front Range Plumbing")),
        "{closed}"
    );
    assert!(
        closed.contains("1 contact who had been texted about it is told."),
        "{closed}"
    );
    dana.expects_sms("is closed. Nothing to do.").await;
    app.settles().await;
    let over: bool = app
        .database
        .value(
            "select status = 'closed' and closed_at is not null and due_at is null from emergency_incidents",
        )
        .await;
    assert!(over);
    let told_sam: i64 = app
        .database
        .value("select count(*) from emergency_notifications where phone_number = '+13035550104'")
        .await;
    assert_eq!(told_sam, 0);

    for (line, part) in [
        (&[&code as &str] as &[&str], "is closed already"),
        (&["899"], "there is no incident 899"),
        (&[&code, "--org", "Front"], "whole name"),
    ] {
        let mut whole = vec!["incident", "close"];
        whole.extend(line);
        let refused = asks(&app, &whole);
        assert!(!refused.status.success());
        assert!(
            complaint(&refused).contains(part),
            "{}",
            complaint(&refused)
        );
    }
}

#[tokio::test]
async fn reported_again_where_nobody_can_be_paged_an_incident_stays_one_task() {
    // Without Twilio and mail.
    let app = TestApp::start().await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103')",
        )
        .await;
    let caller = app.caller();
    let reports = async |words: &str| {
        let report = json!({ "description": words });
        caller.asks("flag_emergency", report).await;
        let tasks = "select status || ': ' || summary from staff_tasks order by created_at, id";
        app.database.column::<String>(tasks).await
    };
    reports("A pipe burst").await;
    app.at("2026-11-23T15:01:00Z");

    let tasks = reports("It is getting worse").await;

    assert_eq!(tasks.len(), 1, "{tasks:?}");
    for part in ["open: ", "A pipe burst", "It is getting worse"] {
        assert!(tasks[0].contains(part), "{tasks:?}");
    }
    let code = code(&app).await;
    let shown = show(&app, &code);
    assert!(
        shown.contains("  round         none, because nobody could be paged"),
        "{shown}"
    );
    let list = ["incident", "list", "--org", "Front Range Plumbing"];
    let listed = printed(&asks(&app, &list));
    assert!(listed.contains("exhausted  high     none"), "{listed}");

    // What the staff have done is not done again by itself.
    app.database
        .run("update staff_tasks set status = 'done'")
        .await;
    app.at("2026-11-23T15:02:00Z");
    let tasks = reports("Now the ceiling came down").await;
    assert_eq!(tasks.len(), 2, "{tasks:?}");
    assert!(tasks[1].starts_with("open: "), "{tasks:?}");

    let closed = printed(&asks(&app, &["incident", "close", &code]));
    assert!(
        closed.contains("Nobody had been texted about it, so nobody is told."),
        "{closed}"
    );
}
