//! An emergency that somebody has taken and does not keep: it is given back, reported done beside others, or opened again by the office.

use super::*;
use crate::support::twilio::{Contact, Received};

/// Has a contact take the emergency that they were just texted about.
async fn takes(contact: &Contact) -> Received {
    let page = contact.expects_sms("EMERGENCY").await;
    page.replies("1").await.expects("You have it");
    page
}

#[tokio::test]
async fn whoever_took_it_and_passes_it_after_all_sends_it_on_at_once() {
    let twilio = Twilio::start().await;
    let service = TestApp::builder().await.twilio(&twilio).start().await;
    for (words, passed) in [
        ("2", "Passed on. Emergency"),
        ("can't make it", "Passed on. Emergency"),
        ("no voy a poder", "Pasada. La emergencia"),
    ] {
        let app = service.organization_with(&[DANA_SPOKEN, SAM]).await;
        with_contacts(&app).await;
        let caller = app.caller();
        caller
            .asks("flag_emergency", json!({ "description": "A pipe burst" }))
            .await;
        let dana = takes(&twilio.contact(&app.database.own(DANA_SPOKEN))).await;
        app.settles().await;

        dana.replies(words).await.expects(passed);

        let sam = twilio.contact(&app.database.own(SAM));
        let page = sam.expects_sms("A pipe burst").await;
        assert!(!page.body.contains("was taken"), "{}", page.body);
        let heard = caller.asks("check_emergency", json!({})).await;
        assert!(heard.says("alerting Sam Lee now"), "{}", heard.words);
        dana.replies("3").await.expects("is open");
        page.replies("1").await.expects("You have it");
        dana.replies("2").await.expects("no longer with you");
        let taken = app.incident().await;
        assert_eq!(taken["status"], "acknowledged", "{words}");
        assert_eq!(taken["acknowledged_name"], "Sam Lee", "{words}");
    }
}

#[tokio::test]
async fn one_that_is_given_back_goes_round_again_and_ends_with_the_staff() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.rules(&json!({ "emergency": { "rounds": 1 } })).await;
    with_owner(&app).await;
    flood(&app).await;
    let dana = takes(&twilio.contact(DANA)).await;
    app.settles().await;

    dana.replies("2").await.expects("Passed on");
    twilio.contact(SAM).expects_sms("EMERGENCY").await;
    app.settles().await;
    app.at("2026-11-23T15:05:00Z");
    let owner = twilio.contact(OWNER);
    let _call = owner.expects_call().await;
    let page = owner.expects_sms("EMERGENCY").await;
    page.replies("1").await.expects("You have it");
    app.settles().await;
    page.replies("2").await.expects("Passed");
    // Nobody comes after the last resort: it begins anew.
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    twilio.contact(SAM).expects_sms("is taken").await;
}

#[tokio::test]
async fn the_only_contact_who_gives_it_back_is_asked_again() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run("delete from emergency_contacts where name = 'Sam Lee'")
        .await;
    flood(&app).await;
    let contact = twilio.contact(DANA);
    let dana = takes(&contact).await;
    app.settles().await;

    dana.replies("2").await.expects("nobody is next");

    contact
        .expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await
        .expects("You have it");
}

#[tokio::test]
async fn of_several_whoever_passes_or_is_done_means_their_own() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let (dana, sam) = (twilio.contact(DANA), twilio.contact(SAM));
    flood(&app).await;
    let first = takes(&dana).await;
    app.at("2026-11-23T15:00:10Z");
    app.caller()
        .asks(
            "flag_emergency",
            json!({ "description": "No heat, baby in the house", "service_address": "9 Oak Avenue" }),
        )
        .await;
    dana.expects_sms("EMERGENCY 101").await.replies("2").await;
    app.settles().await;
    // It was not their turn any more for the one that is open.
    first
        .replies("2")
        .await
        .expects("Emergency 100 goes to the next person");
    let given_back = sam.expects_sms("EMERGENCY 100").await;
    first.replies("1 100").await.expects("You have it");
    sam.expects_sms("Dana Ruiz has emergency 100").await;
    sam.expects_sms("EMERGENCY 101").await;
    given_back.replies("1 101").await.expects("You have it");
    app.settles().await;
    app.at("2026-11-23T15:02:00Z");

    first
        .replies("3 101")
        .await
        .expects("Sam Lee took emergency 101");
    first
        .replies("2")
        .await
        .expects("Emergency 100 goes to the next person");
    let given_back = sam.expects_sms("EMERGENCY 100").await;
    first.replies("1").await.expects("You have it");
    sam.expects_sms("Dana Ruiz has emergency 100").await;
    given_back
        .replies("3")
        .await
        .expects("Emergency 101 is closed");
    first.replies("3").await.expects("Emergency 100 is closed");
}

#[tokio::test]
async fn one_that_was_taken_by_a_key_is_given_back_by_one_and_by_text_message() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run("update emergency_contacts set call_enabled = true where name = 'Dana Ruiz'")
        .await;
    flood(&app).await;
    let dana = twilio.contact(DANA);
    let page = dana.expects_sms("EMERGENCY").await;
    let mut call = dana.expects_call().await;
    call.picks_up_and_hears("Water through the ceiling").await;
    call.presses_and_hears("1", "You have it").await;
    app.settles().await;

    page.replies("no").await.expects("Passed on");

    twilio.contact(SAM).expects_sms("EMERGENCY").await;
}

#[tokio::test]
async fn one_that_the_office_opens_again_pages_everybody_anew() {
    let twilio = Twilio::start().await;
    for taken in ["acknowledged", "exhausted"] {
        let app = organization(&twilio).await;
        app.rules(&json!({ "emergency": { "rounds": 1 } })).await;
        flood(&app).await;
        let (dana, sam) = (twilio.contact(DANA), twilio.contact(SAM));
        dana.expects_sms("EMERGENCY").await;
        if taken == "acknowledged" {
            app.dashboard("update emergency_incidents set status = 'acknowledged'")
                .await;
            dana.expects_sms("is taken").await;
        } else {
            app.settles().await;
            app.at("2026-11-23T15:05:00Z");
            sam.expects_sms("EMERGENCY").await;
            app.settles().await;
            app.at("2026-11-23T15:10:00Z");
            is(&app, "exhausted").await;
        }
        app.settles().await;

        app.dashboard("update emergency_incidents set status = 'open'")
            .await;

        dana.expects_sms("Water through the ceiling").await;
        app.settles().await;
        app.at("2026-11-23T15:20:00Z");
        sam.expects_sms("Water through the ceiling")
            .await
            .replies("1")
            .await
            .expects("You have it");
        is(&app, "acknowledged").await;
    }
}

#[tokio::test]
async fn whoever_has_one_that_the_office_closes_is_called_off() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    flood(&app).await;
    let (dana, sam) = (twilio.contact(DANA), twilio.contact(SAM));
    dana.expects_sms("EMERGENCY").await.replies("2").await;
    takes(&sam).await;
    app.settles().await;

    app.dashboard("update emergency_incidents set status = 'closed'")
        .await;

    sam.expects_sms("is closed. Nothing to do.").await;
    app.settles().await;
    twilio.is_quiet().await;
}

#[tokio::test]
async fn whoever_heard_that_it_was_taken_hears_that_it_is_open_again() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let (dana, sam) = (twilio.contact(DANA), twilio.contact(SAM));
    flood(&app).await;
    dana.expects_sms("12 Elm Street").await;
    app.settles().await;
    app.at("2026-11-23T15:05:00Z");
    let page = takes(&sam).await;
    dana.expects_sms("Sam Lee has emergency 100").await;
    app.settles().await;
    app.at("2026-11-23T15:05:20Z");
    app.caller()
        .asks(
            "flag_emergency",
            json!({ "description": "No heat", "service_address": "9 Oak Avenue" }),
        )
        .await;
    dana.expects_sms("EMERGENCY 101").await;
    app.settles().await;
    app.at("2026-11-23T15:05:30Z");

    page.replies("2 100").await.expects("Emergency 100");

    dana.expects_sms("EMERGENCY 100").await;
}
