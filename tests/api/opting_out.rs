//! Text messages end for whoever says so in any words, and not for whoever only uses the same ones.

use serde_json::json;

use crate::support::{
    TestApp, Twilio,
    twilio::{NUMBER, Received},
};

const MARIA: &str = "+13035551700";

async fn organization(twilio: &Twilio) -> TestApp {
    TestApp::builder().await.twilio(twilio).start().await
}

/// An appointment of Maria's, and the message that confirms it.
async fn booked(app: &TestApp, twilio: &Twilio, language: &str) -> Received {
    app.caller()
        .asks(
            "book_appointment",
            json!({
                "customer_name": "Maria Lopez",
                "customer_phone": app.database.own(MARIA),
                "date": "2026-12-01T09:00",
                "language": language,
            }),
        )
        .await;
    let words = if language == "es" {
        "reservada"
    } else {
        "booked"
    };
    let maria = app.database.own(MARIA);
    twilio.contact(&maria).expects_sms(words).await
}

async fn withdrawn(app: &TestApp) -> i64 {
    app.database
        .value("select count(*) from sms_consents where status = 'withdrawn'")
        .await
}

async fn tasks(app: &TestApp) -> i64 {
    app.database.value("select count(*) from staff_tasks").await
}

#[tokio::test]
async fn a_sentence_ends_messages_and_is_confirmed_in_its_own_language() {
    let (english, spanish) = (
        "you will get no more messages. Reply START",
        "no recibirá más mensajes. Responda ALTA",
    );
    let twilio = Twilio::start().await;
    let service = organization(&twilio).await;
    // The customer speaks the other language; the words decide.
    for (words, language, confirmed) in [
        ("stop please", "es", english),
        ("Please don't text me any more", "es", english),
        ("stop texting me", "en", english),
        ("take me off your list", "en", english),
        ("unsubscribe me", "en", english),
        ("leave me alone", "en", english),
        ("Stop. You have the wrong number", "en", english),
        ("baja por favor", "en", spanish),
        ("ya no me manden mensajes", "en", spanish),
        ("no me escriban", "es", spanish),
        ("quiero darme de baja", "en", spanish),
    ] {
        let app = service.organization_with(&[MARIA]).await;
        let text = booked(&app, &twilio, language).await;

        text.replies(words).await.expects(confirmed);

        assert_eq!(withdrawn(&app).await, 1, "{words}");
        assert_eq!(tasks(&app).await, 0, "{words}");
        // Nothing more is sent: a message would fail the test at its end.
        app.dashboard("update appointments set scheduled_time = '11:00'")
            .await;
        app.settles().await;
    }
}

#[tokio::test]
async fn the_same_words_about_something_else_reach_the_staff() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let text = booked(&app, &twilio, "en").await;
    let mut count = 0;
    for words in [
        "can you stop by at 3",
        "please don't stop",
        "can you stop the leak",
        "the house is by the bus stop",
        "please don't cancel",
        "please don't text me before 9",
        "take me off the schedule",
        "no me manden al mismo técnico",
    ] {
        text.replies(words).await;
        count += 1;
        assert_eq!(tasks(&app).await, count, "{words}");
    }
    assert_eq!(withdrawn(&app).await, 0);
}

#[tokio::test]
async fn cancel_ends_messages_and_asks_the_staff_about_the_appointment_also_with_a_please() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let text = booked(&app, &twilio, "en").await;

    text.replies("cancel please")
        .await
        .expects("you will get no more messages");

    assert_eq!(withdrawn(&app).await, 1);
    assert_eq!(tasks(&app).await, 1);
    let status: String = app
        .database
        .value("select status::text from appointments")
        .await;
    assert_ne!(status, "cancelled");
}

#[tokio::test]
async fn a_picture_and_a_telephones_echo_make_no_noise() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let text = booked(&app, &twilio, "en").await;
    let picture = &[
        ("NumMedia", "1"),
        ("MediaUrl0", "https://api.example.test/media/1"),
        ("MediaContentType0", "image/jpeg"),
    ];

    twilio
        .contact(MARIA)
        .texts_to(NUMBER, "", picture)
        .await
        .expects_silence();
    for words in [
        "Liked “Front Range Plumbing: your visit is booked. Reply STOP to get no more messages.”",
        "Loved \"your visit is booked\"",
        "Emphasized “Reply C to cancel”",
        "Le gustó “su visita queda reservada”",
        "A Ana le encantó “su visita”",
        "👍 to “your visit is booked”",
    ] {
        text.replies(words).await.expects_silence();
    }

    assert_eq!(tasks(&app).await, 0);
    assert_eq!(withdrawn(&app).await, 0);
    let kept: i64 = app
        .database
        .value("select count(*) from sms_communications where direction = 'inbound'")
        .await;
    assert_eq!(kept, 7);
    // A picture with words is read for its words.
    twilio
        .contact(MARIA)
        .texts_to(NUMBER, "This is the leak", picture)
        .await
        .expects("the office has your message");
    assert_eq!(tasks(&app).await, 1);
}

#[tokio::test]
async fn whoever_was_paged_may_opt_out_in_a_sentence_too() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, call_enabled)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', false)",
        )
        .await;
    app.caller()
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    twilio
        .contact("+13035550103")
        .expects_sms("EMERGENCY")
        .await
        .replies("stop texting me")
        .await
        .expects("you will get no more messages");
    twilio.expects_anything();
    assert_eq!(withdrawn(&app).await, 1);
    let status: String = app
        .database
        .value("select status::text from emergency_incidents")
        .await;
    assert_ne!(status, "acknowledged");
}

#[tokio::test]
async fn a_yes_that_twilio_counts_as_an_opt_in_is_still_an_answer() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    booked(&app, &twilio, "en").await;
    let maria = twilio.contact(MARIA);
    let opts_in = &[("OptOutType", "START")];

    maria
        .texts_to(NUMBER, "Yes", opts_in)
        .await
        .expects("is confirmed");

    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, call_enabled)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', false)",
        )
        .await;
    app.caller()
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    let dana = twilio.contact("+13035550103");
    dana.expects_sms("EMERGENCY").await;
    dana.texts_to(NUMBER, "YES", opts_in)
        .await
        .expects("You have it");

    // Whoever had stopped the messages starts them with it.
    maria
        .texts_to(NUMBER, "stop", &[("OptOutType", "STOP")])
        .await;
    maria
        .texts_to(NUMBER, "yes", opts_in)
        .await
        .expects_silence();
    let consents: Vec<String> = app
        .database
        .column("select status::text from sms_consents order by id")
        .await;
    assert_eq!(consents, ["withdrawn", "granted"]);
}

#[tokio::test]
async fn a_cancel_that_twilio_counts_as_an_opt_out_asks_the_staff_about_the_appointment() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    booked(&app, &twilio, "en").await;

    twilio
        .contact(MARIA)
        .texts_to(NUMBER, "CANCEL", &[("OptOutType", "STOP")])
        .await
        .expects_silence();

    assert_eq!(withdrawn(&app).await, 1);
    assert_eq!(tasks(&app).await, 1);
}
