//! The emergency chain, from the caller's words to somebody who takes it.

use serde_json::{Value, json};

use crate::support::{
    Spoken, TestApp, Twilio, eventually,
    line::{Answers, Line},
    twilio::{Behaves, NUMBER},
};

const DANA: &str = "+13035550103";
/// Her number as she writes it.
const DANA_SPOKEN: &str = "(303) 555-0103";
const SAM: &str = "+13035550104";
const OWNER: &str = "+13035550105";

/// A firm whose contacts are texted only, unless a test says otherwise.
async fn firm(twilio: &Twilio) -> TestApp {
    let app = TestApp::builder().await.twilio(twilio).start().await;
    with_contacts(&app).await;
    app
}

async fn with_contacts(app: &TestApp) {
    app.database
        .run(
            "insert into emergency_contacts
                 (organization_id, name, phone, priority, escalation_timeout, call_enabled)
             values
                 ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '(303) 555-0103', 1, 300, false),
                 ('0f0f0f0f-0000-4000-8000-000000000001', 'Sam Lee', '+13035550104', 2, 300, false)",
        )
        .await;
}

async fn with_owner(app: &TestApp) {
    app.database
        .run(&format!(
            "update organizations set emergency_contact_phone = '{OWNER}'"
        ))
        .await;
}

async fn flood(app: &TestApp) -> Spoken {
    app.caller()
        .asks(
            "flag_emergency",
            json!({ "description": "Water through the ceiling", "service_address": "12 Elm Street" }),
        )
        .await
}

/// The state of the only emergency.
async fn incident(app: &TestApp) -> Value {
    app.database
        .object("select * from emergency_incidents")
        .await
}

async fn is(app: &TestApp, status: &str) {
    eventually(&format!("the emergency is {status}"), async || {
        (incident(app).await["status"] == status).then_some(())
    })
    .await;
}

#[tokio::test]
async fn without_an_answer_the_next_contact_is_told_exactly_once() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    let (dana, sam) = (twilio.contact(DANA), twilio.contact(SAM));

    let heard = flood(&app).await;
    assert!(heard.says("alerting Dana Ruiz now"), "{}", heard.words);
    let page = dana.expects_sms("Water through the ceiling").await;
    assert!(page.body.contains("12 Elm Street"), "{}", page.body);
    assert_eq!(page.validity.as_deref(), Some("300"));

    app.at("2026-11-23T15:04:59Z");
    app.at("2026-11-23T15:05:00Z");
    sam.expects_sms("Water through the ceiling")
        .await
        .replies("1")
        .await
        .expects("You have it");
    is(&app, "acknowledged").await;
    dana.expects_sms("Sam Lee has emergency").await;
}

#[tokio::test]
async fn a_page_is_taken_by_whatever_says_so() {
    let twilio = Twilio::start().await;
    let service = TestApp::builder().await.twilio(&twilio).start().await;
    for (words, taken) in [
        ("1", "You have it"),
        (" ok ", "You have it"),
        ("OK!", "You have it"),
        ("yes", "You have it"),
        ("sí", "Es suya"),
        ("Voy", "Es suya"),
        ("ack", "You have it"),
        ("\"1\"", "You have it"),
        ("👍", "You have it"),
        ("on my way", "You have it"),
    ] {
        let app = service.organization_with(&[DANA_SPOKEN, SAM]).await;
        with_contacts(&app).await;
        flood(&app).await;

        twilio
            .contact(&app.database.own(DANA_SPOKEN))
            .expects_sms("EMERGENCY")
            .await
            .replies(words)
            .await
            .expects(taken);

        let taken = incident(&app).await;
        assert_eq!(taken["status"], "acknowledged", "{words}");
        assert_eq!(taken["acknowledged_name"], "Dana Ruiz");
        assert_eq!(taken["acknowledged_via"], "sms");
    }
}

#[tokio::test]
async fn a_stranger_takes_nothing_and_a_closed_emergency_stays_closed() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    flood(&app).await;
    let dana = twilio.contact(DANA);

    twilio
        .contact("+13035550177")
        .texts("1")
        .await
        .expects_silence();
    assert_eq!(incident(&app).await["status"], "open");

    let page = dana.expects_sms("EMERGENCY").await;
    page.replies("1").await.expects("You have it");
    page.replies("3").await.expects("is closed");
    page.replies("1").await.expects("is closed");
    assert_eq!(incident(&app).await["status"], "closed");
}

#[tokio::test]
async fn a_restart_while_a_page_waits_loses_nothing_and_sends_nothing_twice() {
    let twilio = Twilio::start().await;
    let mut app = firm(&twilio).await;
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;

    app.restart(&twilio).await;
    app.at("2026-11-23T15:05:00Z");

    twilio.contact(SAM).expects_sms("EMERGENCY").await;
    assert_eq!(incident(&app).await["step"], 1);
}

#[tokio::test]
async fn an_acknowledgement_and_the_timer_at_once_give_one_outcome() {
    for _ in 0..10 {
        let twilio = Twilio::start().await;
        twilio.expects_anything();
        let app = firm(&twilio).await;
        flood(&app).await;
        let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;

        app.at("2026-11-23T15:05:00Z");
        page.replies("1").await.expects("You have it");
        is(&app, "acknowledged").await;

        assert_eq!(incident(&app).await["acknowledged_name"], "Dana Ruiz");
        let was_paged: bool = app
            .database
            .value("select exists (select from sms_communications where phone_number = '+13035550104' and twilio_message_sid is not null)")
            .await;
        if was_paged {
            twilio
                .contact(SAM)
                .expects_sms("Dana Ruiz has emergency")
                .await;
        }
    }
}

#[tokio::test]
async fn words_that_mean_nothing_are_helped_with_until_a_machine_must_have_sent_them() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    flood(&app).await;
    let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;

    for _ in 0..30 {
        page.replies("who is this")
            .await
            .expects("Reply 1 to take it");
    }
    page.replies("who is this").await.expects_silence();
    page.replies("1").await.expects("You have it");
}

#[tokio::test]
async fn a_page_by_telephone_is_taken_by_a_key_in_the_contacts_language() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.database
        .run(
            "update emergency_contacts
             set sms_enabled = false, call_enabled = true, metadata = '{\"language\": \"es\"}'
             where name = 'Dana Ruiz'",
        )
        .await;
    flood(&app).await;

    let mut call = twilio.contact(DANA).expects_call().await;
    call.picks_up_and_hears("Water through the ceiling").await;
    call.hears("Pulse 1");
    call.presses_and_hears("7", "Pulse 1").await;
    call.presses_and_hears("1", "Es suya").await;
    assert!(call.is_over());
    let taken = incident(&app).await;
    assert_eq!(taken["acknowledged_via"], "voice");
    assert_eq!(taken["acknowledged_name"], "Dana Ruiz");
}

#[tokio::test]
async fn whoever_passes_sends_the_page_on_at_once() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    flood(&app).await;

    twilio
        .contact(DANA)
        .expects_sms("EMERGENCY")
        .await
        .replies("2")
        .await
        .expects("Passed on");
    twilio
        .contact(SAM)
        .expects_sms("EMERGENCY")
        .await
        .replies("ok")
        .await
        .expects("You have it");
    is(&app, "acknowledged").await;
}

#[tokio::test]
async fn of_two_emergencies_a_bare_answer_takes_the_last_and_names_the_other() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    let dana = twilio.contact(DANA);
    flood(&app).await;
    dana.expects_sms("EMERGENCY 100").await;
    app.at("2026-11-23T15:00:10Z");
    app.caller()
        .asks("flag_emergency", json!({ "description": "No heat, baby in the house", "service_address": "9 Oak Avenue" }))
        .await;
    let page = dana.expects_sms("EMERGENCY 101").await;
    assert!(page.body.contains("Also open: 100"), "{}", page.body);

    page.replies("ack")
        .await
        .expects("Emergency 101")
        .expects("Also open: 100");
    page.replies("1 100").await.expects("Emergency 100");

    let open: i64 = app
        .database
        .value("select count(*) from emergency_incidents where status <> 'acknowledged'")
        .await;
    assert_eq!(open, 0);
}

#[tokio::test]
async fn after_it_is_taken_nothing_more_is_sent() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.database
        .run("update emergency_contacts set call_enabled = true")
        .await;
    flood(&app).await;
    let dana = twilio.contact(DANA);
    let call = dana.expects_call().await;
    dana.expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await
        .expects("You have it");

    app.at("2026-11-23T15:30:00Z");
    app.settles().await;

    let pending: i64 = app
        .database
        .value(
            "select count(*) from private.outbox where state in ('pending', 'unknown', 'sending')",
        )
        .await;
    assert_eq!(pending, 0);
    drop(call);
}

#[tokio::test]
async fn a_call_that_still_rings_elsewhere_is_ended() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.database
        .run("update emergency_contacts set sms_enabled = false, call_enabled = true where name = 'Dana Ruiz'")
        .await;
    flood(&app).await;
    let call = twilio.contact(DANA).expects_call().await;
    app.at("2026-11-23T15:00:50Z");
    app.database
        .run("update emergency_incidents set due_at = '2026-11-23T15:00:50Z'")
        .await;

    twilio
        .contact(SAM)
        .expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await
        .expects("You have it");

    eventually("the call is ended", async || call.is_over().then_some(())).await;
}

#[tokio::test]
async fn what_is_not_reported_done_is_paged_again_to_whoever_took_it() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.rules(&json!({ "emergency": { "acknowledgement_timeout_minutes": 45 } }))
        .await;
    flood(&app).await;
    let dana = twilio.contact(DANA);
    let page = dana.expects_sms("EMERGENCY").await;
    page.replies("1").await.expects("Reply 3 when it is done");
    app.settles().await;

    app.at("2026-11-23T15:45:00Z");

    let again = dana.expects_sms("is not reported done").await;
    again.replies("1").await.expects("You have it");
    app.settles().await;
    again.replies("3").await.expects("closed");
    app.at("2026-11-23T18:00:00Z");
    app.settles().await;
}

#[tokio::test]
async fn calling_again_adds_to_the_same_emergency_and_another_address_is_another_one() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    let dana = twilio.contact(DANA);
    let caller = app.caller();
    let report = |what: &str, place: &str, urgency: &str| json!({ "description": what, "service_address": place, "urgency": urgency });
    caller
        .asks(
            "flag_emergency",
            report("A pipe burst", "12 Elm Street", "critical"),
        )
        .await;
    dana.expects_sms("A pipe burst").await;

    app.at("2026-11-23T15:04:00Z");
    let mut again = caller.clone();
    again.call_id = "another-call".to_owned();
    let heard = again
        .asks(
            "flag_emergency",
            report("It is getting worse", "12 elm st, Denver", "low"),
        )
        .await;
    assert!(heard.says("added"), "{}", heard.words);
    let only = incident(&app).await;
    assert_eq!(only["urgency"], "critical");
    assert!(only["message"].as_str().unwrap().contains("getting worse"));

    again
        .asks(
            "flag_emergency",
            report("My mother's boiler too", "77 Oak Avenue", "high"),
        )
        .await;
    dana.expects_sms("boiler").await;
    let count: i64 = app
        .database
        .value("select count(*) from emergency_incidents")
        .await;
    assert_eq!(count, 2);
}

#[tokio::test]
async fn what_a_caller_adds_reaches_whoever_has_it() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    let dana = twilio.contact(DANA);
    let caller = app.caller();
    caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    dana.expects_sms("EMERGENCY").await.replies("1").await;

    let heard = caller
        .asks(
            "flag_emergency",
            json!({ "description": "The valve is behind the stairs" }),
        )
        .await;

    assert!(
        heard.says("Dana Ruiz took your emergency at eight"),
        "{}",
        heard.words
    );
    dana.expects_sms("the caller adds: The valve is behind the stairs")
        .await;
}

#[tokio::test]
async fn a_technician_of_two_firms_answers_the_right_one() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.database
        .run(
            "insert into organizations (id, name, industry, timezone)
             values ('0f0f0f0f-0000-4000-8000-000000000002', 'Mile High Heating', 'hvac', 'America/Denver');
             insert into emergency_contacts (organization_id, name, phone, call_enabled)
             values ('0f0f0f0f-0000-4000-8000-000000000002', 'Dana R.', '+13035550103', false);
             insert into phone_number_assignments (organization_id, phone_number, phone_provider, capabilities)
             values ('0f0f0f0f-0000-4000-8000-000000000002', '+13035550191', 'twilio', '{sms,voice}')",
        )
        .await;
    let dana = twilio.contact(DANA);
    flood(&app).await;
    let first = dana.expects_sms("Front Range Plumbing").await;
    app.database
        .run(
            "select set_config('frontdesk.organization_id', '0f0f0f0f-0000-4000-8000-000000000002', false),
                    set_config('frontdesk.now', '2026-11-23T15:00:00Z', false);
             select private.open_incident('0f0f0f0f-0000-4000-8000-000000000002', 'call-x', '+13035559999', null, null, null,
                                          'high', 'No heat', 'en', null)",
        )
        .await;
    let second = dana.expects_sms("Mile High Heating").await;

    first
        .replies("1")
        .await
        .expects("Water through the ceiling");
    let states: Vec<String> = app
        .database
        .column("select status::text from emergency_incidents order by organization_id")
        .await;
    assert_eq!(states, ["acknowledged", "open"]);
    second.replies("1").await.expects("No heat");
}

#[tokio::test]
async fn a_page_that_was_never_sent_takes_no_answer_from_one_that_was() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    flood(&app).await;
    let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;
    // What an owner or admin of another firm may write: a page of their own emergency to this firm's technician.
    app.database
        .run(&format!(
            "insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac');
             insert into emergency_incidents (id, organization_id, urgency, message, due_at) values
                 ('0f0f0f0f-0000-4000-8000-0000000000e2', '0f0f0f0f-0000-4000-8000-000000000002', 'high', 'Theirs', '2027-01-01');
             insert into emergency_notifications
                 (organization_id, notification_type, urgency, message, incident_id, step, round, phone_number, created_at)
             values
                 ('0f0f0f0f-0000-4000-8000-000000000002', 'sms', 'high', 'Theirs', '0f0f0f0f-0000-4000-8000-0000000000e2', 0, 1,
                  '{DANA}', '2026-11-23T15:00:30Z')"
        ))
        .await;

    page.replies("1").await.expects("Water through the ceiling");
}

#[tokio::test]
async fn with_nobody_on_call_the_last_resort_is_told_at_once() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    with_owner(&app).await;
    app.database
        .run("update emergency_contacts set available_days = '{}'")
        .await;

    let heard = flood(&app).await;

    assert!(heard.says("alerting our emergency line"), "{}", heard.words);
    let owner = twilio.contact(OWNER);
    let _call = owner.expects_call().await;
    owner
        .expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await
        .expects("You have it");
}

#[tokio::test]
async fn who_was_not_told_is_not_said_to_have_been() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.rules(&json!({ "limits": { "pages_per_day": 0 } }))
        .await;
    let heard = flood(&app).await;
    assert!(
        heard.says("I could not alert anyone on call"),
        "{}",
        heard.words
    );

    // Each was tried, and nothing went through.
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.rules(&json!({ "emergency": { "rounds": 1 } })).await;
    for number in [DANA, SAM] {
        twilio.to(number, &[Behaves::Refused(400, 21_211)]);
    }
    let caller = app.caller();
    caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    is(&app, "exhausted").await;
    for (language, words) in [
        (
            "en",
            "I have tried everyone on call, but nobody has confirmed",
        ),
        ("es", "Intenté avisar a todas las personas de guardia"),
    ] {
        let heard = caller
            .asks("check_emergency", json!({ "language": language }))
            .await;
        assert!(heard.says(words), "{}", heard.words);
    }
}

#[tokio::test]
async fn a_number_to_call_back_that_is_none_reaches_whoever_is_paged_as_it_was_said() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    let caller = app.caller();

    caller
        .asks(
            "flag_emergency",
            json!({ "description": "A pipe burst", "callback_number": "555 0199 after six" }),
        )
        .await;

    let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;
    for part in ["555 0199 after six", caller.number.as_deref().unwrap()] {
        assert!(page.body.contains(part), "{}", page.body);
    }
}

#[tokio::test]
async fn contacts_who_cannot_be_reached_are_passed_over_at_once_and_the_record_says_why() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    with_owner(&app).await;
    app.database
        .run(
            "update emergency_contacts set sms_enabled = false where name = 'Dana Ruiz';
             insert into sms_consents (organization_id, phone_number, status, source)
             values ('0f0f0f0f-0000-4000-8000-000000000001', '+13035550104', 'withdrawn', 'staff')",
        )
        .await;

    flood(&app).await;

    let owner = twilio.contact(OWNER);
    let _call = owner.expects_call().await;
    owner.expects_sms("EMERGENCY").await;
    let reasons: Vec<String> = app
        .database
        .column("select error_code::text from emergency_notifications where notification_type = 'none' order by round, step")
        .await;
    // Once each, though the chain goes three rounds.
    assert_eq!(reasons, ["no_channel", "opted_out"]);
}

#[tokio::test]
async fn a_contact_who_comes_on_call_later_is_not_texted_against_their_will() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.database
        .run("update emergency_contacts set is_active = false")
        .await;
    flood(&app).await;
    is(&app, "exhausted").await;

    // Her number was entered with brackets, and her "STOP" came without.
    app.database
        .run(&format!(
            "update emergency_contacts set is_active = true where name = 'Dana Ruiz';
             insert into sms_consents (organization_id, phone_number, status, source)
             values ('0f0f0f0f-0000-4000-8000-000000000001', '{DANA}', 'withdrawn', 'staff')"
        ))
        .await;
    flood(&app).await;

    let reasons: Vec<String> = app
        .database
        .column("select coalesce(error_code, 'texted')::text from emergency_notifications")
        .await;
    assert_eq!(reasons, ["opted_out"]);
}

#[tokio::test]
async fn what_cannot_be_delivered_moves_on_within_seconds() {
    let twilio = Twilio::start().await;
    let service = TestApp::builder().await.twilio(&twilio).start().await;
    for (behaves, code) in [
        (Behaves::Undelivered(30003), "30003"),
        (Behaves::Undelivered(30005), "30005"),
        (Behaves::Undelivered(30006), "30006"),
        (Behaves::Undelivered(30007), "30007"),
        (Behaves::Refused(400, 21610), "21610"),
        (Behaves::Refused(400, 21211), "21211"),
    ] {
        let app = service.organization_with(&[DANA_SPOKEN, SAM]).await;
        with_contacts(&app).await;
        let (dana, sam) = (app.database.own(DANA_SPOKEN), app.database.own(SAM));
        twilio.to(&dana, std::slice::from_ref(&behaves));

        flood(&app).await;

        twilio.contact(&sam).expects_sms("EMERGENCY").await;
        let reason: String = app
            .database
            .value("select error_code::text from emergency_notifications where step = 0")
            .await;
        assert_eq!(reason, code);
        if matches!(behaves, Behaves::Undelivered(_)) {
            twilio.contact(&dana).expects_sms("EMERGENCY").await;
        }
        if code == "21610" {
            let consent: String = app
                .database
                .value("select status::text || ' ' || source from sms_consents")
                .await;
            assert_eq!(consent, "withdrawn carrier");
        }
    }
}

#[tokio::test]
async fn when_twilio_has_no_time_a_page_is_tried_again_within_seconds() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    twilio.to(DANA, &[Behaves::TooMany(Some(2)), Behaves::TooMany(None)]);

    flood(&app).await;
    app.passes_until("2026-11-23T15:00:12Z").await;

    twilio.contact(DANA).expects_sms("EMERGENCY").await;
}

#[tokio::test]
async fn a_page_without_an_answer_is_looked_for_and_not_sent_twice() {
    for behaves in [
        Behaves::Broken { is_done: true },
        Behaves::Closed { is_done: true },
    ] {
        let twilio = Twilio::start().await;
        let app = firm(&twilio).await;
        twilio.to(DANA, &[behaves]);

        flood(&app).await;
        app.passes_until("2026-11-23T15:00:10Z").await;

        twilio.contact(DANA).expects_sms("EMERGENCY").await;
        eventually("the page is known to be sent", async || {
            let status: Option<String> = app
                .database
                .value("select status::text from emergency_notifications where step = 0")
                .await;
            let sid: Option<String> = app
                .database
                .value("select provider_sid::text from emergency_notifications where step = 0")
                .await;
            (status.is_some() && sid.is_some()).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_page_that_was_not_sent_is_sent_again() {
    for behaves in [
        Behaves::Broken { is_done: false },
        Behaves::Closed { is_done: false },
    ] {
        let twilio = Twilio::start().await;
        let app = firm(&twilio).await;
        twilio.to(DANA, &[behaves]);

        flood(&app).await;
        // The time may move on while the first attempt is under way; the next comes within seconds of its end.
        app.passes_until("2026-11-23T15:00:40Z").await;

        twilio.contact(DANA).expects_sms("EMERGENCY").await;
        let repeats: i64 = app
            .database
            .value("select count(*) from private.outbox_attempts where may_repeat")
            .await;
        assert_eq!(repeats, 1);
    }
}

#[tokio::test]
async fn a_page_that_nothing_is_heard_of_is_asked_after_and_moves_on() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    twilio.to(DANA, &[Behaves::Queued]);
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    app.settles().await;

    app.at("2026-11-23T15:00:20Z");

    twilio.contact(SAM).expects_sms("EMERGENCY").await;
    let reason: String = app
        .database
        .value("select error_code::text from emergency_notifications where step = 0")
        .await;
    assert_eq!(reason, "no_callback");
}

#[tokio::test]
async fn a_page_that_was_delivered_without_a_word_is_found_to_be() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    twilio.to(DANA, &[Behaves::WithoutCallbacks]);
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    app.settles().await;

    app.at("2026-11-23T15:00:20Z");

    eventually("the page is delivered", async || {
        let status: String = app
            .database
            .value("select status::text from emergency_notifications where step = 0")
            .await;
        (status == "delivered").then_some(())
    })
    .await;
    assert_eq!(incident(&app).await["step"], 0);
}

#[tokio::test]
async fn a_page_that_the_carrier_has_is_waited_for_until_its_time_is_over() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    twilio.to(DANA, &[Behaves::SentOnly]);
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    twilio.is_quiet().await;

    app.at("2026-11-23T15:00:20Z");
    app.settles().await;

    assert_eq!(incident(&app).await["step"], 0);
    let status: String = app
        .database
        .value("select status::text from emergency_notifications")
        .await;
    assert_eq!(status, "sent");
    app.at("2026-11-23T15:05:00Z");
    twilio.contact(SAM).expects_sms("EMERGENCY").await;
}

#[tokio::test]
async fn callbacks_that_come_twice_or_backwards_change_nothing() {
    for behaves in [Behaves::Twice, Behaves::Reversed] {
        let twilio = Twilio::start().await;
        let app = firm(&twilio).await;
        twilio.to(DANA, &[behaves]);
        flood(&app).await;
        twilio.contact(DANA).expects_sms("EMERGENCY").await;
        twilio.is_quiet().await;

        let message = app
            .database
            .object("select status, provider_status, sent_at, delivered_at from sms_communications")
            .await;
        assert_eq!(message["status"], "delivered");
        assert_eq!(message["provider_status"], "delivered");
    }
}

#[tokio::test]
async fn a_voicemail_takes_nothing() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.database
        .run("update emergency_contacts set sms_enabled = false, call_enabled = true where name = 'Dana Ruiz'")
        .await;
    twilio.to(DANA, &[Behaves::Machine]);
    flood(&app).await;

    twilio.contact(SAM).expects_sms("EMERGENCY").await;
    twilio.contact(DANA).expects_call().await;
    let reason: String = app
        .database
        .value("select error_code::text from emergency_notifications where step = 0")
        .await;
    assert_eq!(reason, "voicemail");
    assert_eq!(incident(&app).await["status"], "open");
}

#[tokio::test]
async fn a_call_that_is_busy_unanswered_or_hung_up_moves_on_at_once() {
    for (behaves, reason) in [
        (Behaves::Busy, "busy"),
        (Behaves::NoAnswer, "no_answer"),
        (Behaves::Well, "not_accepted"),
    ] {
        let twilio = Twilio::start().await;
        let app = firm(&twilio).await;
        app.database
            .run("update emergency_contacts set sms_enabled = false, call_enabled = true where name = 'Dana Ruiz'")
            .await;
        twilio.to(DANA, &[behaves]);
        flood(&app).await;
        let mut call = twilio.contact(DANA).expects_call().await;
        if reason == "not_accepted" {
            call.picks_up_and_hears("Press 1").await;
            call.hangs_up().await;
        }

        twilio.contact(SAM).expects_sms("EMERGENCY").await;
        let found: String = app
            .database
            .value("select error_code::text from emergency_notifications where step = 0")
            .await;
        assert_eq!(found, reason);
    }
}

#[tokio::test]
async fn keys_are_named_three_times_and_then_the_next_contact_is_told() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.database
        .run("update emergency_contacts set sms_enabled = false, call_enabled = true where name = 'Dana Ruiz'")
        .await;
    flood(&app).await;

    let mut call = twilio.contact(DANA).expects_call().await;
    call.picks_up_and_hears("Water through the ceiling").await;
    for _ in 0..2 {
        call.waits().await;
        call.hears("Press 1 to take it");
    }
    call.waits().await;

    assert!(call.is_over());
    twilio.contact(SAM).expects_sms("EMERGENCY").await;
}

#[tokio::test]
async fn an_emergency_knows_no_quiet_hours() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.at("2026-11-24T10:00:00Z"); // three in the morning

    flood(&app).await;

    twilio.contact(DANA).expects_sms("EMERGENCY").await;
}

#[tokio::test]
async fn a_chain_that_nobody_answers_goes_round_ends_at_the_last_resort_and_with_the_staff() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    with_owner(&app).await;
    app.rules(&json!({ "emergency": { "rounds": 2 } })).await;
    let caller = app.caller();
    caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;

    for (number, at) in [
        (DANA, "2026-11-23T15:05:00Z"),
        (SAM, "2026-11-23T15:10:00Z"),
        (DANA, "2026-11-23T15:15:00Z"),
        (SAM, "2026-11-23T15:20:00Z"),
    ] {
        twilio.contact(number).expects_sms("EMERGENCY").await;
        // A round is not over while a page of it is still on its way to the provider.
        app.settles().await;
        app.at(at);
    }
    let owner = twilio.contact(OWNER);
    let _call = owner.expects_call().await;
    owner.expects_sms("EMERGENCY").await;
    app.settles().await;
    app.at("2026-11-23T15:21:00Z");
    is(&app, "exhausted").await;

    let task = app.database.object("select * from staff_tasks").await;
    assert_eq!(task["kind"], "emergency");
    assert!(task["summary"].as_str().unwrap().contains("A pipe burst"));
    let heard = caller.asks("check_emergency", json!({})).await;
    assert!(heard.says("nobody has confirmed yet"), "{}", heard.words);
    owner.texts("1").await.expects("You have it");
}

#[tokio::test]
async fn a_roster_that_is_changed_meanwhile_changes_nothing_for_an_open_emergency() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    app.database
        .run(
            "update emergency_contacts set priority = 9, available_days = '{}' where name = 'Sam Lee';
             insert into emergency_contacts (organization_id, name, phone, priority)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Newcomer', '+13035550106', 1)",
        )
        .await;

    app.at("2026-11-23T15:05:00Z");

    twilio.contact(SAM).expects_sms("EMERGENCY").await;
}

#[tokio::test]
async fn an_emergency_of_long_ago_is_not_taken_up_again() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    flood(&app).await;
    twilio
        .contact(DANA)
        .expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await
        .expects("You have it");
    app.settles().await;

    app.at("2026-11-25T15:00:00Z");
    app.settles().await;

    let due: bool = app
        .database
        .value("select due_at is null from emergency_incidents")
        .await;
    assert!(due, "nothing is to come");
    app.database
        .run("update emergency_incidents set status = 'closed'")
        .await;
    let refused = app
        .database
        .try_run("update emergency_incidents set status = 'open'")
        .await
        .unwrap_err();
    assert!(refused.message.contains("cannot be opened again"));
}

#[tokio::test]
async fn danger_to_life_is_answered_first_and_then_paged() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    twilio.to(DANA, &[Behaves::Silent { is_done: true }]);

    let heard = app
        .caller()
        .asks(
            "flag_emergency",
            json!({ "description": "huele a gas", "language": "es" }),
        )
        .await;

    assert!(
        heard.words.starts_with("Salga del edificio"),
        "{}",
        heard.words
    );
    assert!(heard.says("Aviso ahora a Dana Ruiz"), "{}", heard.words);
    twilio.contact(DANA).expects_sms("huele a gas").await;
}

#[tokio::test]
async fn in_a_storm_each_address_is_paged_and_repeats_are_bundled() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.database
        .run("delete from emergency_contacts where name = 'Sam Lee'; update emergency_contacts set call_enabled = true")
        .await;
    let dana = twilio.contact(DANA);
    for house in 0..20 {
        app.caller()
            .asks(
                "flag_emergency",
                json!({ "description": "No power", "service_address": format!("{} Elm Street", 10 + house) }),
            )
            .await;
    }
    let _call = dana.expects_call().await;
    for house in 0..20 {
        dana.expects_sms(&format!(" {} Elm Street", 10 + house))
            .await;
    }

    app.at("2026-11-23T15:05:00Z");
    let reminder = dana.expects_sms("Also open").await;
    assert!(reminder.body.contains("Also open"), "{}", reminder.body);
    app.settles().await;

    let texts: i64 = app
        .database
        .value("select count(*) from sms_communications")
        .await;
    assert_eq!(texts, 21, "twenty first pages and one reminder");
    twilio.expects_anything();
}

#[tokio::test]
async fn a_contact_who_is_only_called_is_called_for_each_address() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.database
        .run("update emergency_contacts set call_enabled = true, sms_enabled = false")
        .await;
    let dana = twilio.contact(DANA);

    for house in [10, 11, 12] {
        app.caller()
            .asks(
                "flag_emergency",
                json!({ "description": "No power", "service_address": format!("{house} Elm Street") }),
            )
            .await;
        dana.expects_call()
            .await
            .picks_up_and_hears(&format!("{house} Elm Street"))
            .await;
    }
    twilio.expects_anything();
}

#[tokio::test]
async fn neither_the_callers_own_number_nor_ours_is_paged() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    app.database
        .run(
            "update emergency_contacts set phone = '+13035550100' where name = 'Dana Ruiz';
             update emergency_contacts set phone = '+13035551999' where name = 'Sam Lee'",
        )
        .await;
    let mut caller = app.caller();
    caller.number = Some("+13035551999".to_owned());

    let heard = caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;

    assert!(heard.says("could not alert anyone"), "{}", heard.words);
    let reasons: Vec<String> = app
        .database
        .column("select distinct error_code::text from emergency_notifications")
        .await;
    assert_eq!(reasons, ["own_number"]);
}

#[tokio::test]
async fn the_agent_is_told_while_the_caller_is_on_the_line() {
    let twilio = Twilio::start().await;
    let line = Line::new(Answers::Ok).await;
    let app = TestApp::builder()
        .await
        .twilio(&twilio)
        .setting("--control-hosts", &line.host())
        .start()
        .await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, call_enabled)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', false)",
        )
        .await;
    let caller = app.caller().with_line(&line.control_url());
    caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    let heard = caller.asks("check_emergency", json!({})).await;
    assert!(heard.says("Nobody has confirmed yet"), "{}", heard.words);

    twilio
        .contact(DANA)
        .expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await;

    let told = eventually("the agent is told", async || {
        line.received().first().cloned()
    })
    .await;
    assert_eq!(told["type"], "add-message");
    assert_eq!(told["triggerResponseEnabled"], true);
    assert!(
        told["message"]["content"]
            .as_str()
            .unwrap()
            .contains("Dana Ruiz")
    );
    let heard = caller.asks("check_emergency", json!({})).await;
    assert!(
        heard.says("Dana Ruiz took your emergency at eight"),
        "{}",
        heard.words
    );
}

#[tokio::test]
async fn the_dashboard_takes_an_emergency_for_the_office() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    flood(&app).await;
    let dana = twilio.contact(DANA);
    dana.expects_sms("EMERGENCY").await;

    app.database
        .run("set frontdesk.now = '2026-11-23T15:00:01Z'; update emergency_incidents set status = 'acknowledged'")
        .await;
    app.at("2026-11-23T15:00:01Z");

    dana.expects_sms("is taken").await;
    assert_eq!(incident(&app).await["acknowledged_via"], "staff");
}

#[tokio::test]
async fn whoever_had_it_before_the_office_took_it_is_not_said_to_have_it() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    let caller = app.caller();
    caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    let dana = twilio.contact(DANA);
    let page = dana.expects_sms("EMERGENCY").await;
    page.replies("1").await.expects("You have it");
    app.settles().await;
    app.at("2026-11-23T16:00:00Z");
    dana.expects_sms("is not reported done").await;
    app.settles().await;

    app.dashboard("update emergency_incidents set status = 'acknowledged'")
        .await;

    let heard = caller.asks("check_emergency", json!({})).await;
    assert_eq!(heard.words, "Your emergency was taken at nine.");
    assert_eq!(incident(&app).await["acknowledged_via"], "staff");
    dana.expects_sms("is taken").await;
}

#[tokio::test]
async fn nothing_that_is_not_twilios_is_believed() {
    let twilio = Twilio::start().await;
    let app = firm(&twilio).await;
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;

    let fields = [
        ("MessageSid", "SM1"),
        ("From", DANA),
        ("To", NUMBER),
        ("Body", "1"),
    ];
    for path in [
        "/twilio/sms",
        "/twilio/message-status",
        "/twilio/call-status",
        "/twilio/voice/page",
        "/twilio/voice/page/key",
        "/twilio/voice/machine",
        "/twilio/voice/transfer",
        "/twilio/call-status?organization=nobody&asked=often",
    ] {
        for token in [None, Some("another token")] {
            let (status, _) = twilio.posts_signed(token, path, &fields).await;
            assert_eq!(status, 403, "{path}");
        }
    }
    assert_eq!(incident(&app).await["status"], "open");
}
