//! Pages that are not delivered, or of which nothing is heard.

use super::*;

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
    let app = organization(&twilio).await;
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
        let app = organization(&twilio).await;
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
        let app = organization(&twilio).await;
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
    let app = organization(&twilio).await;
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
    let app = organization(&twilio).await;
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
    assert_eq!(app.incident().await["step"], 0);
}

#[tokio::test]
async fn a_page_that_the_carrier_has_is_waited_for_until_its_time_is_over() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    twilio.to(DANA, &[Behaves::SentOnly]);
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    twilio.is_quiet().await;

    app.at("2026-11-23T15:00:20Z");
    app.settles().await;

    assert_eq!(app.incident().await["step"], 0);
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
        let app = organization(&twilio).await;
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
    let app = organization(&twilio).await;
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
    assert_eq!(app.incident().await["status"], "open");
}

#[tokio::test]
async fn a_call_that_is_busy_unanswered_or_hung_up_moves_on_at_once() {
    for (behaves, reason) in [
        (Behaves::Busy, "busy"),
        (Behaves::NoAnswer, "no_answer"),
        (Behaves::Well, "not_accepted"),
    ] {
        let twilio = Twilio::start().await;
        let app = organization(&twilio).await;
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
    let app = organization(&twilio).await;
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
