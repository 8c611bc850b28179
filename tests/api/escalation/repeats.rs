//! What is reported again, added, or reported of two organizations.

use super::*;

#[tokio::test]
async fn calling_again_adds_to_the_same_emergency_and_another_address_is_another_one() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
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
    let only = app.incident().await;
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
    let app = organization(&twilio).await;
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
async fn a_technician_of_two_organizations_answers_the_right_one() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
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
    let app = organization(&twilio).await;
    flood(&app).await;
    let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;
    // What an owner or admin of another firm may write: a page of their own emergency to this organization's technician.
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
