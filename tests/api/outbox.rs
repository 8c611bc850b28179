//! Effects outside the database: which account sends them, how they are shared, given up and tried again; e-mail and its link.

use serde_json::json;

use crate::support::{
    TestApp, Twilio,
    app::{ORGANIZATION_ID, SECRETS_KEY},
    eventually,
    operator::{frontdesk, object, printed, with_environment, with_input},
    twilio::{Behaves, TOKEN},
};

const DANA: &str = "+13035550103";

async fn organization(twilio: &Twilio) -> TestApp {
    let app = TestApp::builder().await.twilio(twilio).start().await;
    contact(&app).await;
    app
}

async fn contact(app: &TestApp) {
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, call_enabled, escalation_timeout)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', false, 300)",
        )
        .await;
}

async fn flood(app: &TestApp) {
    app.caller()
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
}

#[tokio::test]
async fn what_was_given_up_is_listed_and_tried_again_by_an_operator() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    twilio.to(DANA, &[Behaves::Refused(400, 21211)]);
    flood(&app).await;
    eventually("the page is given up", async || {
        let failed: i64 = app
            .database
            .value("select count(*) from private.outbox where state = 'failed'")
            .await;
        (failed == 1).then_some(())
    })
    .await;

    let url = app.database.url();
    let list = object(&frontdesk(&url, &["outbox", "list", "--json"]));
    assert_eq!(list[0]["reason"], "21211");
    assert_eq!(list[0]["kind"], "sms");
    let table = printed(&frontdesk(&url, &["outbox", "list"]));
    // Three digits could be part of a random id.
    assert!(!table.contains("303555"), "no number is shown: {table}");
    let id = list[0]["id"].as_str().unwrap();
    app.at("2027-01-01T00:00:00Z");
    let again = printed(&frontdesk(&url, &["outbox", "redrive", id]));

    assert!(again.contains("1 job will be retried"), "{again}");
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    let twice = printed(&frontdesk(&url, &["outbox", "redrive", id]));
    assert!(twice.contains("1 not"), "{twice}");
    twilio.expects_anything();
}

#[tokio::test]
async fn two_instances_share_the_work_and_send_nothing_twice() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    let other = app.another(&twilio).await;
    app.rules(&json!({ "capacity": 30 })).await;

    let booked = (0..30).map(|nth| {
        let asked = if nth % 2 == 0 { &app } else { &other };
        let caller = asked.caller();
        async move {
            caller
                .asks(
                    "book_appointment",
                    json!({
                        "customer_name": "Ana",
                        "customer_phone": format!("+1303555{:04}", 2_000 + nth),
                        "date": "2026-12-01T09:00",
                    }),
                )
                .await
        }
    });
    let heard = futures_util::future::join_all(booked).await;
    assert!(heard.iter().all(|heard| heard.says("booked")), "{heard:?}");

    for nth in 0..30 {
        twilio
            .contact(&format!("+1303555{:04}", 2_000 + nth))
            .expects_sms("your visit is booked")
            .await;
    }
    app.settles().await;
    assert!(twilio.counts().values().all(|count| *count == 1));
}

#[tokio::test]
async fn an_organization_that_brought_its_account_sends_and_is_answered_with_it() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    twilio.account("ACown", "its-own-token");
    let url = app.database.url();
    let id = ORGANIZATION_ID.to_string();
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("FRONTDESK_SECRETS_KEY", SECRETS_KEY),
    ];
    // The commands that `org show` names where neither the organization nor the service has an account.
    let shown = printed(&with_environment(&["org", "show", &id], &environment));
    for (command, input) in [
        ("set {id} twilio_account_sid=SID", ""),
        ("set-secret {id} twilio-auth-token", "its-own-token"),
        (
            "add-phone {id} --number NUMBER --provider twilio --capabilities voice,sms",
            "",
        ),
    ] {
        let command = format!("org {}", command.replace("{id}", &id));
        assert!(
            shown.contains(&format!("`frontdesk {command}`")),
            "{command}:\n{shown}"
        );
        let command = command.replace("=SID", "=ACown");
        let command = command.replace("NUMBER", "+13035550191");
        let words: Vec<&str> = command.split(' ').collect();
        printed(&with_input(&words, &environment, input));
    }

    // The account is used once the service has heard of it; until then there is the service's own.
    eventually("a page from the own account", async || {
        flood(&app).await;
        let page = twilio.contact(DANA).expects_sms("EMERGENCY").await;
        (page.from() == "+13035550191").then_some(())
    })
    .await;
    twilio.is_quiet().await;
    twilio.expects_anything();
    let delivered: i64 = app
        .database
        .value("select count(*) from sms_communications where our_number = '+13035550191' and status = 'delivered'")
        .await;
    assert!(delivered >= 1, "its callbacks are believed");
    let fields = [
        ("MessageSid", "SM1"),
        ("From", DANA),
        ("To", "+13035550191"),
        ("Body", "1"),
        ("AccountSid", "ACown"),
    ];
    let (status, _) = twilio
        .posts_signed(Some(TOKEN), "/twilio/sms", &fields)
        .await;
    assert_eq!(
        status, 403,
        "the service's token does not sign for another account"
    );
}

#[tokio::test]
async fn an_account_speaks_only_of_the_organization_that_brought_it() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    twilio.account("ACstranger", "a-strangers-token");
    app.database
        .run(
            "insert into organizations (id, name, industry, twilio_account_sid, twilio_auth_token)
             values ('0f0f0f0f-0000-4000-8000-000000000002', 'A stranger', 'hvac', 'ACstranger', 'a-strangers-token')",
        )
        .await;
    flood(&app).await;
    twilio.contact(DANA).expects_sms("EMERGENCY").await;
    app.settles().await;
    let attempt: uuid::Uuid = app
        .database
        .value("select id from private.outbox_attempts")
        .await;
    let path = format!("/twilio/message-status?organization={ORGANIZATION_ID}&attempt={attempt}");
    let forged = [
        ("MessageSid", "SM1"),
        ("MessageStatus", "undelivered"),
        ("ErrorCode", "30003"),
        ("AccountSid", "ACstranger"),
    ];
    eventually("the stranger's token is known", async || {
        let (status, _) = twilio
            .posts_signed(Some("a-strangers-token"), &path, &forged)
            .await;
        (status == 204).then_some(())
    })
    .await;

    let page: String = app
        .database
        .value("select coalesce(error_code, 'none')::text from emergency_notifications")
        .await;
    assert_eq!(page, "none");
}

#[tokio::test]
async fn an_old_token_is_believed_beside_the_new_one() {
    let twilio = Twilio::start().await;
    let app = TestApp::builder()
        .await
        .twilio(&twilio)
        .setting("--twilio-auth-token", &format!("{TOKEN},the-next-token"))
        .start()
        .await;
    for token in [TOKEN, "the-next-token"] {
        let fields = [("MessageSid", "SM1"), ("MessageStatus", "sent")];
        let (status, body) = twilio
            .posts_signed(Some(token), "/twilio/message-status", &fields)
            .await;
        assert_eq!((status, body.as_str()), (204, ""));
    }
    drop(app);
}

#[tokio::test]
async fn a_page_by_e_mail_is_taken_by_its_button_and_not_by_opening_it() {
    let twilio = Twilio::start().await;
    let app = organization(&twilio).await;
    app.database
        .run("update emergency_contacts set sms_enabled = false, email_enabled = true, email = 'dana@example.com'")
        .await;
    // Where no mail server is set, an e-mail is no way to reach anybody.
    flood(&app).await;
    let reason: String = app
        .database
        .value("select error_code::text from emergency_notifications limit 1")
        .await;
    assert_eq!(reason, "no_channel");
    app.database
        .run(
            "insert into emergency_notifications
                 (id, organization_id, notification_type, urgency, message, incident_id, step, round, phone_number)
             select '0e0e0e0e-0000-4000-8000-000000000001', organization_id, 'email', 'high', 'Water', id, 0, 9, '+13035550103'
             from emergency_incidents",
        )
        .await;
    let keyring = frontdesk::keyring::Keyring::read(&[SECRETS_KEY.into()]).unwrap();
    let page = uuid::uuid!("0e0e0e0e-0000-4000-8000-000000000001");
    let base = app.url("");
    let link =
        frontdesk::escalation::email_link::make(&keyring, &base, ORGANIZATION_ID, page).unwrap();

    let shown = app.http.get(&link).send().await.unwrap();
    assert_eq!(shown.status(), 200);
    assert!(shown.text().await.unwrap().contains("<button"));
    let status = async || -> String {
        app.database
            .value("select status::text from emergency_incidents")
            .await
    };
    assert_ne!(status().await, "acknowledged");
    let taken = app
        .http
        .post(&link)
        .form(&[("wish", "take")])
        .send()
        .await
        .unwrap();
    assert!(taken.text().await.unwrap().contains("You have it"));
    assert_eq!(status().await, "acknowledged");

    let forged = link.replace("0001/", "0002/");
    assert_eq!(app.http.get(&forged).send().await.unwrap().status(), 404);
    let broken = format!("{link}x");
    assert_eq!(
        app.http
            .post(&broken)
            .form(&[("wish", "take")])
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}

#[tokio::test]
async fn the_texts_for_customers_can_be_looked_at() {
    let app = TestApp::start().await;
    let id = ORGANIZATION_ID.to_string();

    let texts = object(&frontdesk(
        &app.database.url(),
        &["messages", "preview", &id, "--json"],
    ));

    assert_eq!(texts.as_array().unwrap().len(), 10);
    for text in texts.as_array().unwrap() {
        assert!(text["parts"].as_i64().unwrap() <= 2, "{text}");
        assert!(
            text["text"]
                .as_str()
                .unwrap()
                .contains("Front Range Plumbing")
        );
    }
    let one = printed(&frontdesk(
        &app.database.url(),
        &[
            "messages",
            "preview",
            &id,
            "--language",
            "es",
            "--template",
            "reminder",
        ],
    ));
    assert!(one.contains("le recordamos"), "{one}");
}
