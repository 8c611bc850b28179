//! What whoever was paged texts back: it takes the emergency, passes it on, or asks for what they need; and nobody hears nothing.

use serde_json::json;

use crate::support::{
    Spoken, TestApp, Twilio,
    twilio::{NUMBER, TOKEN},
};

const DANA: &str = "+13035550103";
const SAM: &str = "+13035550104";
const STRANGER: &str = "+13035550177";
const CALLBACK: &str = "+13035550166";

/// An organization with two contacts who are texted only.
async fn organization(twilio: &Twilio) -> TestApp {
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
                 ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', 1, 300, false),
                 ('0f0f0f0f-0000-4000-8000-000000000001', 'Sam Lee', '+13035550104', 2, 300, false)",
        )
        .await;
}

async fn without_sam(app: &TestApp) {
    app.database
        .run("delete from emergency_contacts where name = 'Sam Lee'")
        .await;
}

async fn flood(app: &TestApp) -> Spoken {
    app.caller()
        .asks(
            "flag_emergency",
            json!({
                "description": "Water through the ceiling",
                "service_address": "12 Elm Street",
                "callback_number": CALLBACK,
            }),
        )
        .await
}

async fn tasks(app: &TestApp) -> i64 {
    app.database.value("select count(*) from staff_tasks").await
}

#[tokio::test]
async fn whatever_says_yes_takes_it_in_the_language_of_the_words() {
    let twilio = Twilio::start().await;
    let service = TestApp::builder().await.twilio(&twilio).start().await;
    for (words, taken) in [
        ("copy", "You have it"),
        ("10-4", "You have it"),
        ("okay on it", "You have it"),
        ("one", "You have it"),
        ("1.", "You have it"),
        ("be there in 20", "You have it"),
        ("Roger that.", "You have it"),
        ("on my way, what's the address?", "You have it"),
        ("ahí voy", "Es suya"),
        ("enterado", "Es suya"),
        ("llego en 20 minutos", "Es suya"),
        ("sale", "Es suya"),
    ] {
        let app = service.organization_with(&[DANA, SAM]).await;
        with_contacts(&app).await;
        flood(&app).await;
        let page = twilio
            .contact(&app.database.own(DANA))
            .expects_sms("EMERGENCY")
            .await;

        page.replies(words)
            .await
            .expects(taken)
            .expects("12 Elm Street")
            .expects(CALLBACK);

        assert_eq!(app.incident().await["status"], "acknowledged", "{words}");
    }
}

#[tokio::test]
async fn whatever_says_no_passes_it_on() {
    let twilio = Twilio::start().await;
    let service = TestApp::builder().await.twilio(&twilio).start().await;
    for (words, passed) in [
        ("can't", "Passed on"),
        ("sorry, not me", "Passed on"),
        ("out of town", "Passed on"),
        ("no puedo", "Pasada"),
        ("estoy ocupado", "Pasada"),
    ] {
        let app = service.organization_with(&[DANA, SAM]).await;
        with_contacts(&app).await;
        flood(&app).await;

        let page = twilio
            .contact(&app.database.own(DANA))
            .expects_sms("EMERGENCY")
            .await;
        page.replies(words).await.expects(passed);
        twilio
            .contact(&app.database.own(SAM))
            .expects_sms("EMERGENCY")
            .await;
    }
}

#[tokio::test]
async fn whoever_has_it_asks_for_the_address_the_number_or_what_happened() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;
    page.replies("on it").await.expects("You have it");

    for (question, answer) in [
        ("what's the address?", "Address: 12 Elm Street."),
        ("address again", "Address: 12 Elm Street."),
        ("number?", "Call back: +13035550166."),
        ("who called", "Call back: +13035550166."),
        ("what happened", "Water through the ceiling"),
        ("la dirección", "Dirección: 12 Elm Street."),
        ("¿cuál es el teléfono?", "Teléfono: +13035550166."),
        ("qué pasó", "Water through the ceiling"),
    ] {
        page.replies(question).await.expects(answer);
    }
    page.replies("address")
        .await
        .expects("Reply 3 when it is done");
    assert_eq!(tasks(&app).await, 0, "the staff has nothing to do with it");
    page.replies("done").await.expects("is closed");
    page.replies("address?").await.expects("12 Elm Street");
}

#[tokio::test]
async fn before_it_is_taken_a_question_is_answered_and_takes_nothing() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;

    page.replies("where is it?")
        .await
        .expects("Address: 12 Elm Street.")
        .expects("Reply 1 to take it");
    assert_eq!(app.incident().await["status"], "open");
}

#[tokio::test]
async fn nobody_else_is_told_anything_of_an_emergency() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    let dana = twilio.contact(DANA).expects_sms("EMERGENCY").await;

    for words in ["what's the address?", "number?", "qué pasó", "1"] {
        twilio
            .contact(STRANGER)
            .texts(words)
            .await
            .expects_silence();
        // Sam stands behind Dana, and was not paged yet.
        twilio.contact(SAM).texts(words).await.expects_silence();
    }
    assert_eq!(app.incident().await["status"], "open");

    // Whoever was paged before another took it hears who has it, and no more.
    app.at("2026-11-23T15:05:00Z");
    let sam = twilio.contact(SAM).expects_sms("EMERGENCY").await;
    sam.replies("got it").await.expects("You have it");
    twilio
        .contact(DANA)
        .expects_sms("Sam Lee has emergency")
        .await;
    dana.replies("what's the number?")
        .await
        .expects("Sam Lee took emergency");
}

#[tokio::test]
async fn of_two_emergencies_the_one_that_was_taken_is_asked_about_unless_another_is_named() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let dana = twilio.contact(DANA);
    flood(&app).await;
    let first = dana.expects_sms("EMERGENCY 100").await;
    first.replies("1").await.expects("You have it");
    app.at("2026-11-23T15:00:10Z");
    app.caller()
        .asks(
            "flag_emergency",
            json!({ "description": "No heat, baby in the house", "service_address": "9 Oak Avenue" }),
        )
        .await;
    let second = dana.expects_sms("EMERGENCY 101").await;

    second.replies("address?").await.expects("12 Elm Street");
    second.replies("address 101").await.expects("9 Oak Avenue");
}

#[tokio::test]
async fn whoever_was_paged_is_never_met_with_silence() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;
    let picture: &[(&str, &str)] = &[
        ("NumMedia", "1"),
        ("MediaUrl0", "https://api.example.test/media/1"),
        ("MediaContentType0", "image/jpeg"),
    ];

    for words in [
        "hello",
        "thanks",
        "???",
        "ok 999",
        "wrong number",
        "on my way, tell them to shut the water off",
        "Liked “EMERGENCY 100 for Front Range Plumbing: Water through the ceiling.”",
        "👍 to “EMERGENCY 100 for Front Range Plumbing: Water through the ceiling.”",
    ] {
        page.replies(words).await.expects("Reply 1 to take it");
    }
    page.replies("no sé qué es esto")
        .await
        .expects("Responda 1 para aceptarla");
    twilio
        .contact(DANA)
        .texts_to(NUMBER, "", picture)
        .await
        .expects("Reply 1 to take it");
    assert_eq!(app.incident().await["status"], "open");
    assert_eq!(tasks(&app).await, 0);

    // Nor when it is theirs, another's, or closed.
    page.replies("1").await.expects("You have it");
    page.replies("hello")
        .await
        .expects("You have emergency 100");
    twilio
        .contact(DANA)
        .texts_to(NUMBER, "", picture)
        .await
        .expects("You have emergency 100");
    page.replies("Liked “You have it.”")
        .await
        .expects("You have emergency 100");
    page.replies("3").await.expects("is closed");
    page.replies("hello again").await.expects("is closed");
}

#[tokio::test]
async fn the_next_person_is_named_only_where_there_is_one() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let caller = app.caller();
    let heard = caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    assert!(heard.says("then the next person"), "{}", heard.words);
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    app.at("2026-11-23T15:05:00Z");
    twilio.contact(SAM).expects_sms("EMERGENCY").await;
    let heard = caller.asks("check_emergency", json!({})).await;
    assert!(
        heard.says("alerting Sam Lee now") && !heard.says("next person"),
        "{}",
        heard.words
    );

    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    without_sam(&app).await;
    let heard = flood(&app).await;
    assert!(
        heard.says("alerting Dana Ruiz now") && !heard.says("next person"),
        "{}",
        heard.words
    );
    let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;
    twilio.expects_anything();
    page.replies("can't").await.expects("nobody is next");
}

#[tokio::test]
async fn a_number_is_read_out_digit_by_digit_and_written_to_be_tapped() {
    for (language, digits) in [
        ("en", "three zero three, five five five, zero one six six"),
        (
            "es",
            "tres cero tres, cinco cinco cinco, cero uno seis seis",
        ),
    ] {
        let twilio = Twilio::start().await;
        let app = organization(&twilio).await;
        without_sam(&app).await;
        app.database
            .run(&format!(
                "update emergency_contacts
                 set call_enabled = true, metadata = '{{\"language\": \"{language}\"}}'"
            ))
            .await;
        flood(&app).await;
        let dana = twilio.contact(DANA);
        let page = dana.expects_sms("100").await;
        assert!(page.body.contains(CALLBACK), "{}", page.body);

        let mut call = dana.expects_call().await;
        call.picks_up_and_hears("Water through the ceiling").await;
        call.presses_and_hears("1", digits).await;
    }
}

#[tokio::test]
async fn an_answer_that_is_not_signed_asks_for_nothing() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    let fields = [
        ("MessageSid", "SMforged"),
        ("From", DANA),
        ("To", NUMBER),
        ("Body", "what's the address?"),
    ];

    let (status, body) = twilio.posts_signed(None, "/twilio/sms", &fields).await;
    assert_ne!(status, 200);
    assert!(!body.contains("Elm"), "{body}");
    let (_, body) = twilio
        .posts_signed(Some(TOKEN), "/twilio/sms", &fields)
        .await;
    assert!(body.contains("12 Elm Street"), "{body}");
}
