//! Contacts who cannot be told, and what is done about them.

use super::*;

#[tokio::test]
async fn with_nobody_on_call_the_last_resort_is_told_at_once() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
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
    let app = organization(&twilio).await;
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
    let app = organization(&twilio).await;
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
async fn of_pages_that_come_together_those_within_the_days_limit_are_sent() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.rules(&json!({ "limits": { "pages_per_day": 1 } }))
        .await;
    app.database
        .run("update emergency_contacts set call_enabled = true where name = 'Dana Ruiz'")
        .await;
    flood(&app).await;
    let pages: Vec<String> = app
        .database
        .column(
            "select concat_ws(' ', n.notification_type, n.error_code, o.kind)
             from emergency_notifications as n
             left join private.outbox as o on o.notification_id = n.id
             where n.step = 0 and n.round = 1 order by n.notification_type",
        )
        .await;
    assert_eq!(pages, ["sms sms", "voice daily_limit"]);
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
}

#[tokio::test]
async fn a_call_is_not_left_out_for_a_text_message_that_the_limit_kept_back() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.rules(&json!({ "limits": { "pages_per_day": 2 } }))
        .await;
    app.database
        .run("delete from emergency_contacts where name = 'Sam Lee'; update emergency_contacts set call_enabled = true")
        .await;
    flood(&app).await;
    let heard = app
        .caller()
        .asks(
            "flag_emergency",
            json!({ "description": "No power", "service_address": "40 Oak Street" }),
        )
        .await;
    let pages: Vec<String> = app
        .database
        .column(
            "select distinct concat_ws(' ', notification_type, error_code, metadata ->> 'bundled_with')
             from emergency_notifications where message ~ '40 Oak' and step = 0 order by 1",
        )
        .await;
    assert!(
        heard.says("could not alert anyone"),
        "{} {pages:?}",
        heard.words
    );
    assert_eq!(pages, ["sms daily_limit", "voice daily_limit"]);
    twilio.expects_anything();
}

#[tokio::test]
async fn a_number_to_call_back_that_is_none_reaches_whoever_is_paged_as_it_was_said() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
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
    let app = organization(&twilio).await;
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
    let app = organization(&twilio).await;
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
async fn a_number_that_is_entered_once_the_only_contact_is_deleted_is_paged_at_the_next_report() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let caller = app.caller();
    let reports = async |words: &str| {
        let args = json!({ "description": words });
        caller.asks("flag_emergency", args).await
    };
    app.database
        .run("update emergency_contacts set is_active = name = 'Dana Ruiz', sms_enabled = false")
        .await;
    reports("A pipe burst").await;
    is(&app, "exhausted").await;
    app.database.run("delete from emergency_contacts").await;
    with_owner(&app).await;
    reports("It does not stop").await;
    let owner = twilio.contact(OWNER);
    let _call = owner.expects_call().await;
    owner.expects_sms("EMERGENCY").await;
}
