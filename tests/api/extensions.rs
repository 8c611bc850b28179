//! Extensions: kept beside a number, whoever writes them, and dialled behind it. Monday, 23 November 2026, 08:00 in Denver.

use serde_json::json;

use crate::support::{
    Operator, TestApp, Twilio,
    line::{Answers, Line},
    twilio::{ACCOUNT, NUMBER, TOKEN},
};

const OFFICE: &str = "+13035550101";
const DANA: &str = "+13035550103";

/// The fields of every request to Twilio for a call to this number.
fn calls(twilio: &Twilio, number: &str) -> Vec<Vec<(String, String)>> {
    twilio
        .requests()
        .into_iter()
        .filter(|(path, fields)| {
            path.starts_with("Calls") && field(fields, "To").as_deref() == Some(number)
        })
        .map(|(_, fields)| fields)
        .collect()
}

fn field(fields: &[(String, String)], name: &str) -> Option<String> {
    fields
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.clone())
}

/// An organization with contacts, each a row of `name, phone, phone_extension`.
async fn organization(twilio: &Twilio, contacts: &str) -> TestApp {
    let app = TestApp::builder().await.twilio(twilio).start().await;
    with_contacts(&app, contacts).await;
    app
}

async fn with_contacts(app: &TestApp, contacts: &str) {
    app.database
        .run(&format!(
            "insert into emergency_contacts (organization_id, name, phone, phone_extension)
             select '0f0f0f0f-0000-4000-8000-000000000001', * from (values {contacts}) as c"
        ))
        .await;
}

async fn flood(app: &TestApp) {
    let arguments = json!({ "description": "Water through the ceiling", "urgency": "high" });
    app.caller().asks("flag_emergency", arguments).await;
}

#[tokio::test]
async fn a_contact_behind_an_extension_is_called_on_it_and_never_texted() {
    let twilio = Twilio::start().await;
    let service = TestApp::builder().await.twilio(&twilio).start().await;
    for contact in [
        "('Dana Ruiz', '+13035550103', '12')",
        "('Dana Ruiz', '303-555-0103 x12', null)",
        "('Dana Ruiz', '(303) 555-0103 x12', null)",
        "('Dana Ruiz', '3035550103 #12', null)",
        // What stands behind the number counts before what stands beside it.
        "('Dana Ruiz', '+13035550103 x12', '99')",
    ] {
        let app = service.organization().await;
        with_contacts(&app, contact).await;
        flood(&app).await;

        let dana = twilio.contact(DANA);
        let mut call = dana.expects_call().await;
        let fields = calls(&twilio, DANA).pop().unwrap();
        assert_eq!(
            field(&fields, "SendDigits").as_deref(),
            Some("wwww12"),
            "{contact}"
        );
        // Twilio ignores it beside the digits.
        assert_eq!(field(&fields, "MachineDetection"), None);
        call.picks_up_and_hears("Water through the ceiling").await;
        call.presses_and_hears("1", "You have it").await;
        let texts: i64 = app
            .database
            .value("select count(*) from emergency_notifications where notification_type = 'sms'")
            .await;
        assert_eq!(texts, 0, "{contact}");
    }
}

#[tokio::test]
async fn a_contact_without_an_extension_is_called_as_ever() {
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let app = organization(&twilio, "('Dana Ruiz', '(303) 555-0103', null)").await;
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    twilio.contact(DANA).expects_call().await;
    let fields = calls(&twilio, DANA).pop().unwrap();
    assert_eq!(field(&fields, "SendDigits"), None);
    assert_eq!(
        field(&fields, "MachineDetection").as_deref(),
        Some("Enable")
    );
}

#[tokio::test]
async fn the_number_of_last_resort_is_called_on_its_extension() {
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let app = TestApp::builder().await.twilio(&twilio).start().await;
    app.database
        .run("update organizations set emergency_contact_phone = '303-555-0103 x7'")
        .await;
    flood(&app).await;
    twilio.contact(DANA).expects_call().await;
    let fields = calls(&twilio, DANA).pop().unwrap();
    assert_eq!(field(&fields, "SendDigits").as_deref(), Some("wwww7"));
}

#[tokio::test]
async fn two_emergencies_are_told_to_two_extensions_of_one_number() {
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let app = organization(&twilio, "('Dana Ruiz', '+13035550103', '12')").await;
    flood(&app).await;
    twilio.contact(DANA).expects_call().await;
    app.database
        .run("update emergency_contacts set name = 'Sam Lee', phone_extension = '13'")
        .await;
    flood(&app).await;
    twilio.contact(DANA).expects_call().await;
    let mut dialled: Vec<Option<String>> = calls(&twilio, DANA)
        .iter()
        .map(|fields| field(fields, "SendDigits"))
        .collect();
    dialled.sort();
    dialled.dedup();
    assert_eq!(
        dialled,
        [Some("wwww12".to_owned()), Some("wwww13".to_owned())]
    );
}

#[tokio::test]
async fn a_caller_is_transferred_to_the_extension() {
    for (office, extension) in [
        (
            "transfer_phone_number = '+13035550101', transfer_phone_extension = '204'",
            "204",
        ),
        ("transfer_phone_number = '303-555-0101 x204'", "204"),
        ("transfer_phone_number = '3035550101 ext.7'", "7"),
    ] {
        let line = Line::shared(Answers::Ok).await;
        let app = TestApp::shared().await;
        app.database
            .run(&format!("update organizations set {office}"))
            .await;
        let caller = app.caller().with_line(&line.control_url());
        let heard = caller
            .asks("transfer_call", json!({ "reason": "billing" }))
            .await;
        assert!(heard.says("connecting you"), "{}", heard.words);
        let destination = &line.received()[0]["destination"];
        assert_eq!(destination["number"], OFFICE);
        assert_eq!(destination["extension"], extension, "{office}");
        let row = app.database.object("select * from call_transfers").await;
        assert_eq!(row["transfer_to"], OFFICE);
        assert_eq!(row["metadata"]["extension"], extension);
    }
}

#[tokio::test]
async fn the_one_extension_did_not_answer_and_the_other_is_tried() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio, "('Dana Ruiz', '+13035550101', '13')").await;
    app.database
        .run(
            "update organizations set transfer_phone_number = '+13035550101', transfer_phone_extension = '12';
             update emergency_contacts set sms_enabled = false",
        )
        .await;
    let mut caller = app.caller();
    let sid = twilio.carries("+13035550142");
    caller.number = Some("+13035550142".to_owned());
    let caller = caller.carried_by(ACCOUNT, &sid);
    let heard = caller
        .asks("transfer_call", json!({ "reason": "billing" }))
        .await;
    assert!(heard.says("connecting you"), "{}", heard.words);
    let (_, fields) = twilio.requests().pop().unwrap();
    let document = field(&fields, "Twiml").unwrap();
    assert!(document.contains("sendDigits=\"wwww12\""), "{document}");

    let row = app.database.object("select * from call_transfers").await;
    let path = format!(
        "/twilio/voice/transfer?organization={}&transfer={}",
        row["organization_id"].as_str().unwrap(),
        row["id"].as_str().unwrap()
    );
    // Twilio asks twice, and is told the same.
    for _ in 0..2 {
        let (status, document) = twilio
            .posts_signed(
                Some(TOKEN),
                &path,
                &[
                    ("CallSid", sid.as_str()),
                    ("CallStatus", "in-progress"),
                    ("From", "+13035550142"),
                    ("To", NUMBER),
                    ("DialCallStatus", "no-answer"),
                    ("DialCallSid", "CAtarget"),
                ],
            )
            .await;
        assert_eq!(status, 200);
        assert!(document.contains("sendDigits=\"wwww13\""), "{document}");
        assert!(document.contains(OFFICE), "{document}");
    }
}

#[tokio::test]
async fn an_operator_enters_a_number_with_its_extension() {
    let operator = Operator::new().await;
    let added = operator.reads(
        "add-contact",
        &["--name", "Dana Ruiz", "--phone", "+1 312 555 0199 x12"],
    );
    assert_eq!(added["phone"], "+13125550199");
    assert_eq!(added["extension"], "12");
    let id = added["id"].as_str().unwrap();
    let listed = operator.hears("contacts", &[]);
    assert!(listed.contains("+13125550199 x12"), "{listed}");
    // It is not listed for messages, which it cannot get.
    assert!(!listed.contains("sms"), "{listed}");

    let heard = operator.hears(
        "add-contact",
        &["--name", "Sam Lee", "--phone", "312-555-0198 ext. 004"],
    );
    assert!(
        heard.contains(
            "called on extension 004; a number with an extension cannot be sent messages"
        ),
        "{heard}"
    );
    // Another number is without the extension of the one before.
    let changed = operator.reads("set-contact", &[id, "--phone", "312-555-0197"]);
    assert_eq!(changed["extension"], json!(null));
    let changed = operator.reads("set-contact", &[id, "--phone", "312-555-0197 x8"]);
    assert_eq!(changed["extension"], "8");
    // The same extension behind another number stays.
    let changed = operator.reads("set-contact", &[id, "--phone", "312-555-0196 x8"]);
    assert_eq!(changed["extension"], "8");
    let changed = operator.reads("set-contact", &[id, "--name", "Dana R."]);
    assert_eq!(changed["extension"], "8");
    operator.is_refused(
        "set-contact",
        &[id, "--call", "false"],
        &["cannot be sent messages"],
    );
    operator.is_refused(
        "add-contact",
        &["--name", "unknown", "--phone", "312-555-0196"],
        &["nobody's name"],
    );

    operator.hears(
        "set",
        &[
            "transfer_phone_number=312-555-0100 x3",
            "emergency_contact_phone=+13125550101",
        ],
    );
    let shown = operator.reads("show", &[]);
    assert_eq!(shown["transfer"]["phone_number"], "+13125550100");
    assert_eq!(shown["transfer"]["extension"], "3");
    assert_eq!(shown["emergency_contact_extension"], json!(null));
    let page = operator.hears("show", &[]);
    assert!(page.contains("+13125550100 x3"), "{page}");
}

#[tokio::test]
async fn whoever_changes_a_number_alone_leaves_no_extension_of_the_one_before() {
    let app = TestApp::shared().await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, phone_extension)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana', '+13035550103', '12');
             update organizations set transfer_phone_number = '+13035550101', transfer_phone_extension = '3',
                 emergency_contact_phone = '+13035550102', emergency_phone_extension = '4';
             update emergency_contacts set name = 'Dana Ruiz', phone = '+13035550103'",
        )
        .await;
    let kept: String = app
        .database
        .value("select phone_extension from emergency_contacts")
        .await;
    assert_eq!(kept, "12");
    app.database
        .run(
            "update emergency_contacts set phone = '+13035550104';
             update organizations set transfer_phone_number = '+13035550105'",
        )
        .await;
    let rows = app
        .database
        .object(
            "select c.phone_extension, o.transfer_phone_extension, o.emergency_phone_extension
             from emergency_contacts as c, organizations as o",
        )
        .await;
    assert_eq!(
        rows,
        json!({ "phone_extension": null, "transfer_phone_extension": null, "emergency_phone_extension": "4" })
    );
}

#[tokio::test]
async fn an_extension_is_digits() {
    let app = TestApp::shared().await;
    for change in [
        "update organizations set transfer_phone_extension = '12,'",
        "update organizations set emergency_phone_extension = 'w1'",
        "update organizations set emergency_phone_extension = ''",
        "insert into emergency_contacts (organization_id, name, phone, phone_extension)
         values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana', '+13035550103', 'x1')",
    ] {
        let refused = app.database.try_run(change).await.unwrap_err();
        assert_eq!(refused.code, "23514", "{change}");
    }
    for (text, extension) in [
        ("303-555-0103 x12", Some("12")),
        ("303-555-0103, extensión 7", Some("7")),
        ("+13035550103;ext=0042", Some("0042")),
        ("303.555.0103x5", Some("5")),
        ("303 555 0103 int. 3", Some("3")),
        ("303-555-0103", None),
        ("x12", None),
        ("303-555-0103 x", None),
        ("", None),
    ] {
        let read: Option<String> = app
            .database
            .value(&format!("select private.phone_extension('{text}')"))
            .await;
        assert_eq!(read.as_deref(), extension, "{text}");
    }
}
