//! A provider that fails has asked nobody: an emergency goes on until somebody was told of it.

use serde_json::json;

use crate::support::{
    Caller, TestApp, Twilio, eventually,
    line::{Answers, Line},
    twilio::Behaves,
};

const DANA: &str = "+13035550103";
const SAM: &str = "+13035550104";
const OWNER: &str = "+13035550105";
const OPERATOR: &str = "+13035550188";

/// Two contacts who have half a minute each, by text only.
const CONTACTS: &str = "
    insert into emergency_contacts (organization_id, name, phone, priority, escalation_timeout, call_enabled)
    values
        ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', 1, 30, false),
        ('0f0f0f0f-0000-4000-8000-000000000001', 'Sam Lee', '+13035550104', 2, 30, false)";

async fn organization(twilio: &Twilio) -> TestApp {
    let app = TestApp::builder()
        .await
        .twilio(twilio)
        .setting("--fallback-number", OPERATOR)
        .start()
        .await;
    app.database.run(CONTACTS).await;
    app
}

async fn burst(caller: &Caller<'_>) {
    let heard = caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    assert!(heard.says("Dana Ruiz"), "{}", heard.words);
}

async fn pages(app: &TestApp) -> Vec<String> {
    app.database
        .column(
            "select concat_ws(' ', round, step, notification_type, status, error_code)
             from emergency_notifications order by round, step, notification_type",
        )
        .await
}

/// Every page that is still to be sent expires with its next attempt, as it would after an hour.
async fn expires(app: &TestApp) {
    let now = app.clock.now().to_rfc3339();
    app.database
        .run(&format!(
            "update private.outbox set expires_at = '{now}' where kind = 'sms' and provider_sid is null"
        ))
        .await;
}

/// Every way in which all of Twilio can fail, or refuse us.
const OUTAGES: [Behaves; 7] = [
    Behaves::Gone,
    Behaves::TooMany(None),
    Behaves::TooMany(Some(600)),
    Behaves::Broken { is_done: false },
    Behaves::Closed { is_done: false },
    Behaves::Refused(401, 20003),
    Behaves::Refused(400, 21606),
];

#[tokio::test]
async fn an_outage_of_the_provider_uses_up_no_round_and_everybody_is_told_when_it_is_back() {
    for outage in OUTAGES {
        let twilio = Twilio::start().await;
        let app = organization(&twilio).await;
        app.rules(&json!({ "emergency": { "rounds": 1 } })).await;
        app.database
            .run(&format!(
                "update organizations set emergency_contact_phone = '{OWNER}'"
            ))
            .await;
        twilio.is_down(outage.clone());
        let caller = app.caller();
        burst(&caller).await;

        app.passes_until("2026-11-23T15:04:00Z").await;

        let stuck = app.incident().await;
        assert_eq!(stuck["status"], "open", "{outage:?}");
        assert_eq!(stuck["round"], 1, "{outage:?}");
        let heard = caller.asks("check_emergency", json!({})).await;
        assert!(
            heard.says("cannot reach Sam Lee yet, and I keep trying"),
            "{outage:?}: {}",
            heard.words
        );

        twilio.is_back();
        app.passes_until("2026-11-23T15:05:45Z").await;
        twilio.contact(DANA).expects_sms("A pipe burst").await;
        let page = twilio.contact(SAM).expects_sms("A pipe burst").await;
        page.replies("1").await.expects("You have it");
        twilio.expects_anything();
    }
}

#[tokio::test]
async fn after_an_outage_of_sixteen_seconds_the_first_contact_is_told_within_seconds() {
    for outage in OUTAGES {
        let twilio = Twilio::start().await;
        let app = organization(&twilio).await;
        twilio.is_down(outage.clone());
        burst(&app.caller()).await;
        app.passes_until("2026-11-23T15:00:16Z").await;

        twilio.is_back();
        app.passes_until("2026-11-23T15:00:24Z").await;

        twilio.contact(DANA).expects_sms("A pipe burst").await;
        app.settles().await;
        assert_eq!(pages(&app).await.len(), 1, "{outage:?}: only Dana");
    }
}

#[tokio::test]
async fn those_who_are_told_late_have_their_time_before_the_round_is_over() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.rules(&json!({ "emergency": { "rounds": 1 } })).await;
    twilio.is_down(Behaves::Gone);
    burst(&app.caller()).await;
    app.passes_until("2026-11-23T15:00:40Z").await;
    twilio.is_back();
    app.passes_until("2026-11-23T15:00:48Z").await;
    twilio.contact(DANA).expects_sms("A pipe burst").await;
    twilio.contact(SAM).expects_sms("A pipe burst").await;

    app.passes_until("2026-11-23T15:01:08Z").await;
    assert_eq!(app.incident().await["status"], "open");
    app.passes_until("2026-11-23T15:02:00Z").await;
    assert_eq!(app.incident().await["status"], "exhausted");
}

#[tokio::test]
async fn a_page_that_expires_unsent_uses_up_no_round() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.rules(&json!({ "emergency": { "rounds": 1 } })).await;
    twilio.is_down(Behaves::Gone);
    burst(&app.caller()).await;
    app.passes_until("2026-11-23T15:01:30Z").await;
    expires(&app).await;

    app.passes_until("2026-11-23T15:05:00Z").await;

    assert_eq!(app.incident().await["status"], "open");
    twilio.is_back();
    app.passes_until("2026-11-23T15:10:00Z").await;
    twilio.contact(DANA).expects_sms("A pipe burst").await;
    twilio.expects_anything();
}

#[tokio::test]
async fn without_contacts_the_number_of_last_resort_is_tried_until_it_is_told() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run(&format!(
            "delete from emergency_contacts;
             update organizations set emergency_contact_phone = '{OWNER}'"
        ))
        .await;
    twilio.is_down(Behaves::Gone);
    app.caller()
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    app.passes_until("2026-11-23T15:02:30Z").await;
    expires(&app).await;
    app.passes_until("2026-11-23T15:05:00Z").await;
    assert_eq!(app.incident().await["status"], "open");

    // The next attempt comes within a minute, and a call of this round that is accepted then rings for another.
    twilio.is_back();
    app.passes_until("2026-11-23T15:10:00Z").await;

    twilio.contact(OWNER).expects_sms("A pipe burst").await;
    twilio.expects_anything();
}

#[tokio::test]
async fn what_is_wrong_with_one_number_moves_on_at_once() {
    let twilio = Twilio::start().await;
    let service = organization(&twilio).await;
    for code in [21211, 21214, 21408, 21608, 21610, 21612, 21614] {
        let app = service.organization_with(&[DANA, SAM]).await;
        app.database.run(CONTACTS).await;
        let (dana, sam) = (app.database.own(DANA), app.database.own(SAM));
        twilio.to(&dana, &[Behaves::Refused(400, code)]);

        burst(&app.caller()).await;

        twilio.contact(&sam).expects_sms("A pipe burst").await;
        assert_eq!(pages(&app).await[0], format!("1 0 sms failed {code}"));
    }
}

#[tokio::test]
async fn after_a_minute_in_which_nothing_can_be_sent_the_fallback_number_is_told_once() {
    let twilio = Twilio::start().await;
    let line = Line::new(Answers::Ok).await;
    let app = TestApp::builder()
        .await
        .twilio(&twilio)
        .setting("--fallback-number", OPERATOR)
        .setting("--control-hosts", &line.host())
        .start()
        .await;
    app.database.run(CONTACTS).await;
    for contact in [DANA, SAM] {
        twilio.to(contact, &vec![Behaves::TooMany(None); 100]);
    }
    let caller = app.caller().with_line(&line.control_url());
    burst(&caller).await;
    app.passes_until("2026-11-23T15:00:55Z").await;
    assert!(line.received().is_empty());

    app.passes_until("2026-11-23T15:05:00Z").await;

    let operator = twilio.contact(OPERATOR);
    let told = operator.expects_sms("A pipe burst").await;
    assert!(told.body.contains("Front Range Plumbing"), "{}", told.body);
    assert!(told.body.contains("No page could be sent"), "{}", told.body);
    let _call = operator.expects_call().await;
    let task = app.database.object("select * from staff_tasks").await;
    let summary = task["summary"].as_str().unwrap();
    assert!(summary.contains("could not be sent"), "{summary}");
    let said = line.received();
    assert_eq!(said.len(), 1);
    let words = said[0]["message"]["content"].as_str().unwrap();
    assert!(words.contains("We keep trying"), "{words}");
}

#[tokio::test]
async fn the_fallback_number_is_tried_until_it_is_told_and_left_alone_once_somebody_has_it() {
    for is_taken in [false, true] {
        let twilio = Twilio::start().await;
        let app = organization(&twilio).await;
        twilio.is_down(Behaves::Gone);
        burst(&app.caller()).await;
        app.passes_until("2026-11-23T15:03:00Z").await;
        if is_taken {
            app.dashboard("update emergency_incidents set status = 'acknowledged'")
                .await;
        }

        twilio.is_back();
        app.passes_until("2026-11-23T15:05:00Z").await;

        let told: Vec<String> = app
            .database
            .column("select state::text from private.outbox where kind = 'fallback'")
            .await;
        if is_taken {
            assert_eq!(told, ["cancelled"]);
        } else {
            assert_eq!(told, ["done"]);
            twilio.contact(OPERATOR).expects_sms("A pipe burst").await;
            twilio.expects_anything();
        }
    }
}

#[tokio::test]
async fn where_every_contact_is_refused_the_fallback_number_is_told_at_once() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    for contact in [DANA, SAM] {
        twilio.to(contact, &vec![Behaves::Refused(400, 21211); 3]);
    }

    app.caller()
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;

    let operator = twilio.contact(OPERATOR);
    operator.expects_sms("A pipe burst").await;
    let _call = operator.expects_call().await;
    assert_eq!(app.incident().await["status"], "exhausted");
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_has_not_lost_the_page() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run("update emergency_contacts set escalation_timeout = 300")
        .await;
    twilio.to(DANA, &[Behaves::WithoutCallbacks]);
    burst(&app.caller()).await;
    twilio.contact(DANA).expects_sms("A pipe burst").await;
    app.settles().await;

    twilio.is_down(Behaves::Gone);
    app.passes_until("2026-11-23T15:01:00Z").await;
    assert_eq!(app.incident().await["step"], 0);

    twilio.is_back();
    app.passes_until("2026-11-23T15:01:30Z").await;
    eventually("the page is delivered", async || {
        (pages(&app).await == ["1 0 sms delivered"]).then_some(())
    })
    .await;
}

/// Two emergencies of one contact, who is texted and called: the second shares the call of the first.
async fn shared_call(twilio: &Twilio, second_text: Behaves) -> TestApp {
    let app = organization(twilio).await;
    app.database
        .run("update emergency_contacts set call_enabled = priority = 1, escalation_timeout = 300")
        .await;
    // The text and the call of the first, the text of the second.
    twilio.to(DANA, &[Behaves::Well, Behaves::Well, second_text]);
    burst(&app.caller()).await;
    twilio.contact(DANA).expects_sms("A pipe burst").await;
    app.settles().await;
    app.caller()
        .asks(
            "flag_emergency",
            json!({ "description": "No heat", "service_address": "9 Oak Avenue" }),
        )
        .await;
    app.settles().await;
    app
}

#[tokio::test]
async fn a_page_that_shares_an_unanswered_call_moves_on_with_it() {
    let twilio = Twilio::start().await;
    let app = shared_call(&twilio, Behaves::Undelivered(30003)).await;
    twilio.is_quiet().await;
    let mut call = twilio.contact(DANA).expects_call().await;
    twilio.contact(DANA).expects_sms("No heat").await;

    call.is_not_answered().await;

    twilio.contact(SAM).expects_sms("No heat").await;
    app.settles().await;
    let first: i32 = app
        .database
        .value("select step::int4 from emergency_incidents where message = 'A pipe burst'")
        .await;
    assert_eq!(first, 0, "Dana was texted about the first");
}

#[tokio::test]
async fn a_page_whose_shared_call_is_no_longer_needed_gets_a_call_of_its_own() {
    let twilio = Twilio::start().await;
    let app = shared_call(&twilio, Behaves::Undelivered(30003)).await;
    twilio.is_quiet().await;
    let first = twilio.contact(DANA).expects_call().await;
    twilio.contact(DANA).expects_sms("No heat").await;

    app.dashboard(
        "update emergency_incidents set status = 'acknowledged' where message = 'A pipe burst'",
    )
    .await;

    eventually("the first call is ended", async || {
        first.is_over().then_some(())
    })
    .await;
    let mut second = twilio.contact(DANA).expects_call().await;
    second.picks_up_and_hears("No heat").await;
    twilio.expects_anything();
}
