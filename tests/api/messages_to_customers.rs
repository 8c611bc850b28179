//! Text messages to customers and from them: what is told of an appointment, when, and what a reply does.

use serde_json::{Value, json};

use crate::support::{
    Spoken, TestApp, Twilio,
    twilio::{Answer, Behaves, NUMBER},
};

const MARIA: &str = "+13035551700";

async fn organization(twilio: &Twilio) -> TestApp {
    TestApp::builder().await.twilio(twilio).start().await
}

async fn books(app: &TestApp, when: &str, language: &str) -> Spoken {
    app.caller()
        .asks(
            "book_appointment",
            json!({
                "customer_name": "Maria Lopez",
                "customer_phone": MARIA,
                "date": when,
                "service_address": "12 Elm Street",
                "language": language,
            }),
        )
        .await
}

async fn appointment(app: &TestApp) -> Value {
    app.database.object("select * from appointments").await
}

#[tokio::test]
async fn a_booking_is_confirmed_by_text_and_the_appointment_knows_when_it_has_left() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    twilio.to(MARIA, &[Behaves::Held]);

    let heard = books(&app, "2026-12-01T09:00", "en").await;
    assert!(heard.says("booked"), "{}", heard.words);
    let text = twilio
        .contact(MARIA)
        .expects_sms("your visit is booked")
        .await;
    assert!(
        text.body
            .contains("Tuesday, December 1st at 9 AM at 12 Elm Street"),
        "{}",
        text.body
    );
    assert_eq!(
        appointment(&app).await["sms_sent"],
        false,
        "it has not left yet"
    );

    twilio.release().await;

    assert_eq!(appointment(&app).await["sms_sent"], true);
    let message = app
        .database
        .object("select * from sms_communications")
        .await;
    assert_eq!(message["status"], "delivered");
    assert_eq!(message["template_key"], "confirmation");
    assert!(message["customer_id"].is_string());
}

#[tokio::test]
async fn a_message_that_cannot_be_delivered_is_never_called_sent() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    twilio.to(MARIA, &[Behaves::Refused(400, 21610)]);

    books(&app, "2026-12-01T09:00", "en").await;
    app.settles().await;

    assert_eq!(appointment(&app).await["sms_sent"], false);
    let message = app
        .database
        .object("select status, error_code from sms_communications")
        .await;
    assert_eq!(
        message,
        json!({ "status": "failed", "error_code": "21610" })
    );
    let consent: String = app
        .database
        .value("select status::text || ' ' || source from sms_consents")
        .await;
    assert_eq!(consent, "withdrawn carrier");
}

#[tokio::test]
async fn an_appointment_that_is_moved_or_cancelled_by_a_dashboard_is_told_too_in_the_customers_language()
 {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let maria = twilio.contact(MARIA);
    books(&app, "2026-12-01T09:00", "es").await;
    maria.expects_sms("su visita queda reservada").await;

    app.dashboard("update appointments set scheduled_time = '11:00'")
        .await;
    maria
        .expects_sms("su visita queda ahora para el martes 1 de diciembre a las 11")
        .await;
    app.dashboard("update appointments set status = 'cancelled'")
        .await;
    maria.expects_sms("queda cancelada").await;
}

#[tokio::test]
async fn who_was_told_nothing_of_an_appointment_is_not_told_that_it_is_off() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.at("2026-11-24T05:00:00Z"); // ten at night
    books(&app, "2026-12-01T09:00", "en").await;
    app.settles().await;

    app.dashboard("update appointments set status = 'cancelled'")
        .await;
    app.at("2026-11-24T15:00:00Z");
    app.settles().await;
}

#[tokio::test]
async fn routine_messages_wait_until_the_quiet_hours_are_over() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.at("2026-11-24T05:00:00Z"); // ten at night in Denver
    books(&app, "2026-12-01T09:00", "en").await;
    app.settles().await;

    app.at("2026-11-24T15:00:00Z"); // eight in the morning

    twilio
        .contact(MARIA)
        .expects_sms("your visit is booked")
        .await;
}

#[tokio::test]
async fn the_day_before_an_appointment_its_customer_is_reminded_once() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let maria = twilio.contact(MARIA);
    books(&app, "2026-12-01T09:00", "en").await;
    maria.expects_sms("your visit is booked").await;

    app.at("2026-11-30T16:59:59Z");
    app.settles().await;
    app.at("2026-11-30T17:00:00Z"); // ten in the morning in Denver
    maria
        .expects_sms("a reminder of your visit tomorrow, Tuesday, December 1st at 9 AM")
        .await;
    twilio.is_quiet().await;
    assert_eq!(appointment(&app).await["sms_reminder_sent"], true);
    app.at("2026-12-01T17:00:00Z");
    app.settles().await;
}

#[tokio::test]
async fn what_a_call_writes_bears_the_time_of_the_call() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, priority, call_enabled)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', 1, false)",
        )
        .await;

    books(&app, "2026-12-01T09:00", "en").await;
    app.caller()
        .asks(
            "flag_emergency",
            json!({ "description": "Water through the ceiling" }),
        )
        .await;
    twilio.contact(MARIA).expects_sms("booked").await;
    twilio
        .contact("+13035550103")
        .expects_sms("EMERGENCY")
        .await;

    // Rules compare these times with the clock: who is reminded, and whose reply is about what.
    let now = app.clock.now().to_rfc3339();
    let written: Vec<String> = app
        .database
        .column(&format!(
            "select 'appointment' from appointments where created_at = '{now}'
             union all
             select 'text to ' || phone_number from sms_communications where created_at = '{now}'
             order by 1"
        ))
        .await;
    assert_eq!(
        written,
        [
            "appointment",
            "text to +13035550103",
            "text to +13035551700"
        ]
    );
}

#[tokio::test]
async fn a_service_that_was_away_at_the_hour_reminds_when_it_is_back() {
    let twilio = Twilio::start().await;
    let mut app = organization(&twilio).await;
    let maria = twilio.contact(MARIA);
    books(&app, "2026-12-01T09:00", "en").await;
    maria.expects_sms("your visit is booked").await;
    app.clock.set("2026-11-24T15:00:00Z".parse().unwrap());

    app.restart(&twilio).await;
    app.at("2026-11-30T20:00:00Z");

    maria.expects_sms("a reminder").await;
}

#[tokio::test]
async fn an_appointment_that_was_moved_away_is_not_reminded_of() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let maria = twilio.contact(MARIA);
    books(&app, "2026-12-01T09:00", "en").await;
    maria.expects_sms("booked").await;
    app.dashboard("update appointments set scheduled_date = '2026-12-03'")
        .await;
    maria.expects_sms("is now on").await;

    app.at("2026-11-30T17:00:00Z");
    app.settles().await;
    app.at("2026-12-02T17:00:00Z");
    maria.expects_sms("a reminder").await;
}

#[tokio::test]
async fn a_customer_confirms_with_1_and_cancels_with_c() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    books(&app, "2026-12-01T09:00", "en").await;
    let text = twilio.contact(MARIA).expects_sms("booked").await;
    app.database
        .run("update appointments set status = 'pending'")
        .await;

    text.replies("1").await.expects("is confirmed");
    assert_eq!(appointment(&app).await["status"], "confirmed");
    text.replies("c").await.expects("is cancelled");
    assert_eq!(appointment(&app).await["status"], "cancelled");
    text.replies("1").await.expects("Please call us");
    let free = app
        .caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert_eq!(
        free.tokens(),
        ["2026-12-01T08:00", "2026-12-01T12:00", "2026-12-01T17:00"],
        "{}",
        free.words
    );
}

#[tokio::test]
async fn a_reply_that_twilio_brings_twice_is_done_once_and_answered_alike() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let maria = twilio.contact(MARIA);
    books(&app, "2026-12-01T09:00", "en").await;
    maria.expects_sms("booked").await;

    for _ in 0..3 {
        maria
            .texts_as("SMrepeated", NUMBER, "C", &[])
            .await
            .expects("is cancelled");
    }
    let inbound: i64 = app
        .database
        .value("select count(*) from sms_communications where direction = 'inbound'")
        .await;
    assert_eq!(inbound, 1);
}

/// The answer says this, or there is none.
fn hears(answer: &Answer, words: Option<&str>) {
    match words {
        Some(words) => {
            answer.expects(words);
        }
        None => answer.expects_silence(),
    }
}

#[tokio::test]
async fn stop_ends_messages_and_start_brings_them_back_in_both_languages() {
    // What Twilio does not confirm by itself is confirmed here.
    let (ended, again) = (
        Some("no recibirá más mensajes"),
        Some("recibirá mensajes de nuevo"),
    );
    for (stop, ended, start, again) in [
        ("STOP", None, "START", None),
        ("Baja", ended, "Alta", again),
        ("Revoke", None, "yes", None),
    ] {
        let twilio = Twilio::start().await;
        let app = organization(&twilio).await;
        let maria = twilio.contact(MARIA);
        let language = if ended.is_some() { "es" } else { "en" };
        books(&app, "2026-12-01T09:00", language).await;
        let text = maria
            .expects_sms(if ended.is_some() {
                "reservada"
            } else {
                "booked"
            })
            .await;

        hears(&text.replies(stop).await, ended);
        app.dashboard("update appointments set scheduled_time = '11:00'")
            .await;
        app.settles().await;
        hears(&text.replies(start).await, again);
        app.dashboard("update appointments set scheduled_time = '14:00'")
            .await;
        maria
            .expects_sms(if ended.is_some() {
                "2 de la tarde"
            } else {
                "at 2 PM"
            })
            .await;
        let ledger: Vec<String> = app
            .database
            .column("select status::text from sms_consents order by created_at, status desc")
            .await;
        assert_eq!(ledger.len(), 2, "{ledger:?}");
    }
}

#[tokio::test]
async fn cancel_ends_messages_and_asks_the_staff() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    books(&app, "2026-12-01T09:00", "en").await;
    let text = twilio.contact(MARIA).expects_sms("booked").await;

    text.replies("CANCEL").await.expects_silence();

    let consent: String = app
        .database
        .value("select status::text from sms_consents")
        .await;
    assert_eq!(consent, "withdrawn");
    let task = app.database.object("select * from staff_tasks").await;
    assert_eq!(task["kind"], "question");
    assert_eq!(task["phone_number"], MARIA);
    assert_eq!(appointment(&app).await["status"], "confirmed");
}

#[tokio::test]
async fn what_twilio_has_dealt_with_already_is_taken_down_and_not_answered() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let maria = twilio.contact(MARIA);
    books(&app, "2026-12-01T09:00", "en").await;
    maria.expects_sms("booked").await;

    maria
        .texts_to(NUMBER, "help", &[("OptOutType", "HELP")])
        .await
        .expects_silence();
    maria
        .texts_to(NUMBER, "stop", &[("OptOutType", "STOP")])
        .await
        .expects_silence();

    let consent: String = app
        .database
        .value("select status::text from sms_consents")
        .await;
    assert_eq!(consent, "withdrawn");
}

#[tokio::test]
async fn help_says_who_this_is() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run("update organizations set transfer_phone_number = '+13035550101'")
        .await;
    books(&app, "2026-12-01T09:00", "en").await;

    twilio
        .contact(MARIA)
        .expects_sms("booked")
        .await
        .replies("HELP")
        .await
        .expects("This is Front Range Plumbing. Call +13035550101");
}

#[tokio::test]
async fn a_question_reaches_the_staff_and_is_answered_a_few_times_a_day_only() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    books(&app, "2026-12-01T09:00", "en").await;
    let text = twilio.contact(MARIA).expects_sms("booked").await;

    for _ in 0..3 {
        text.replies("Do you also fix boilers?")
            .await
            .expects("the office has your message");
    }
    text.replies("Do you also fix boilers?")
        .await
        .expects_silence();

    let questions: i64 = app
        .database
        .value("select count(*) from staff_tasks where summary like '%boilers%'")
        .await;
    assert_eq!(questions, 4);
}

#[tokio::test]
async fn a_organization_that_writes_rows_of_its_own_hears_nothing_of_anothers_customer() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    books(&app, "2026-12-01T09:00", "en").await;
    let text = twilio.contact(MARIA).expects_sms("booked").await;
    // What an owner or admin of another organization may write: their own tables.
    app.database
        .run(&format!(
            "insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac');
             insert into sms_communications
                 (organization_id, phone_number, message_content, message_type, language_code, direction, our_number, created_at)
             values
                 ('0f0f0f0f-0000-4000-8000-000000000002', '{MARIA}', 'Hi', 'general', 'en', 'outbound', '{NUMBER}', '2026-11-24T00:00:00Z')"
        ))
        .await;

    text.replies("Is the gate code 4711?").await;

    let heard: Vec<String> = app
        .database
        .column("select distinct organization_id::text from sms_communications where message_content like '%4711%'")
        .await;
    assert_eq!(heard, ["0f0f0f0f-0000-4000-8000-000000000001"]);
}

#[tokio::test]
async fn a_organization_that_enters_the_services_own_number_is_brought_nothing() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    books(&app, "2026-12-01T09:00", "en").await;
    let text = twilio.contact(MARIA).expects_sms("booked").await;
    app.database
        .run(&format!(
            "insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac');
             insert into phone_number_assignments (organization_id, phone_number, phone_provider, capabilities)
             values ('0f0f0f0f-0000-4000-8000-000000000002', '{NUMBER}', 'twilio', '{{sms,voice}}')"
        ))
        .await;

    text.replies("1").await.expects("is confirmed");
}

#[tokio::test]
async fn a_limit_a_day_ends_messages_and_the_staff_is_told_once() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.rules(&json!({ "limits": { "messages_per_day": 1 }, "capacity": 3 }))
        .await;

    books(&app, "2026-12-01T09:00", "en").await;
    twilio.contact(MARIA).expects_sms("booked").await;
    books(&app, "2026-12-01T10:00", "en").await;
    books(&app, "2026-12-01T11:00", "en").await;
    app.settles().await;

    let tasks: i64 = app
        .database
        .value("select count(*) from staff_tasks where kind = 'delivery'")
        .await;
    assert_eq!(tasks, 1);
}

#[tokio::test]
async fn premium_and_foreign_numbers_are_not_texted_unless_the_organization_says_so() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let book = async |phone: &str, when: &str| {
        app.caller()
            .asks(
                "book_appointment",
                json!({ "customer_name": "Ana", "customer_phone": phone, "date": when }),
            )
            .await
    };
    book("+34612345678", "2026-12-01T09:00").await;
    book("+19005551234", "2026-12-01T10:00").await;
    app.settles().await;

    app.rules(&json!({ "dial_countries": ["US", "ES"] })).await;
    book("+34612345678", "2026-12-02T09:00").await;

    twilio.contact("+34612345678").expects_sms("booked").await;
}

#[tokio::test]
async fn a_organization_that_wants_no_messages_sends_none() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.rules(&json!({ "messages": { "confirmations": false, "reminders": false } }))
        .await;

    books(&app, "2026-12-01T09:00", "en").await;
    app.at("2026-11-30T17:00:00Z");
    app.settles().await;

    let rows: i64 = app
        .database
        .value("select count(*) from sms_communications")
        .await;
    assert_eq!(rows, 0);
}
