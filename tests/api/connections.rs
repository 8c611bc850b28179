//! How the service gets at its database: poolers, logins, credentials that it cannot open.

use frontdesk::db::pooler_hint;
use serde_json::json;

use crate::support::{
    TestApp, Twilio,
    app::{ORGANIZATION, SECRET},
    operator::{complaint, frontdesk, with_environment},
    outage::{OwnServer, SlowWay},
};

#[tokio::test]
async fn through_a_transaction_pooler_everything_works_and_no_statement_is_named() {
    let twilio = Twilio::start().await;
    twilio.expects_anything();
    let builder = TestApp::builder().await;
    let way = SlowWay::to(builder.database()).await;
    let app = builder
        .database_url(&format!("{}&pgbouncer=true", way.url()))
        .twilio(&twilio)
        .start()
        .await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103')",
        )
        .await;
    let caller = app.caller();

    let heard = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert_eq!(
        heard.tokens(),
        ["2026-12-01T08:00", "2026-12-01T12:00", "2026-12-01T17:00"],
        "{}",
        heard.words
    );
    let heard = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" }),
        )
        .await;
    assert!(heard.says("You're booked for"), "{}", heard.words);
    let heard = caller
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    assert!(heard.says("Dana Ruiz"), "{}", heard.words);
    twilio
        .contact("+13035550103")
        .expects_sms("EMERGENCY")
        .await
        .replies("1")
        .await
        .expects("You have it");
    let heard = caller
        .asks("transfer_call", json!({ "reason": "flood" }))
        .await;
    assert!(
        heard.says("cannot put this call through"),
        "{}",
        heard.words
    );
    let reply = app
        .reply(&caller.message(json!({ "type": "status-update", "status": "ended" })))
        .await;
    assert_eq!(reply, json!({}));
    let ready = app.http.get(app.url("/health/ready")).send().await.unwrap();
    assert_eq!(ready.status(), 200);
    assert_eq!(way.named_statements(), Vec::<String>::new());

    let direct = SlowWay::to(&app.database).await;
    let other = TestApp::builder().await.database_url(&direct.url());
    drop(other.start().await);
    assert_ne!(direct.named_statements(), Vec::<String>::new());
}

#[tokio::test]
async fn a_statement_that_a_pooler_lost_is_explained() {
    let app = TestApp::builder().await;
    let client = app.database().connect().await;
    for (sql, code) in [
        ("execute nothing", "26000"),
        ("prepare a as select 1; prepare a as select 1", "42P05"),
    ] {
        let error = client.batch_execute(sql).await.unwrap_err();
        assert_eq!(error.code().unwrap().code(), code);
        let hint = pooler_hint(&error).unwrap();
        assert!(hint.contains("FRONTDESK_STATEMENTS=unnamed"), "{hint}");
    }
    let other = client.batch_execute("select nothing").await.unwrap_err();
    assert_eq!(pooler_hint(&other), None);
}

#[tokio::test]
async fn a_login_that_is_refused_stops_the_start_at_once_and_says_why() {
    let server = OwnServer::with(ORGANIZATION).await;
    server.asks_for_passwords("of_the_service").await;
    let url = server.service_url();
    for (setting, url, reason) in [
        (
            "DATABASE_URL",
            format!("{url}&password=wrong"),
            "password authentication failed for user \"frontdesk_app\"",
        ),
        ("DATABASE_URL", url.clone(), "the URL has none"),
        (
            "DATABASE_URL",
            url.replace("frontdesk_app", "nobody_at_all"),
            "the URL has none",
        ),
        (
            "DATABASE_URL",
            format!(
                "{}&password=wrong",
                url.replace("frontdesk_app", "nobody_at_all")
            ),
            "password authentication failed for user \"nobody_at_all\"",
        ),
    ] {
        let complaint = complaint(&with_environment(
            &["serve"],
            &[
                ("DATABASE_URL", &url),
                ("VAPI_SECRET", SECRET),
                ("FRONTDESK_LISTEN", "127.0.0.1:0"),
                ("FRONTDESK_ADMIN_LISTEN", "127.0.0.1:0"),
            ],
        ));
        assert!(complaint.contains(reason), "{complaint}");
        assert!(
            complaint.contains(&format!("the login of {setting} is refused")),
            "{complaint}"
        );
        assert!(!complaint.contains("wrong"), "{complaint}");
    }

    // The direct connection is right and that of the callers is not.
    let direct = format!("{url}&password=of_the_service");
    let wrong = format!("{url}&password=wrong");
    let complaint_of_the_pool = complaint(&with_environment(
        &["serve"],
        &[
            ("DATABASE_URL", &wrong),
            ("FRONTDESK_DIRECT_URL", &direct),
            ("VAPI_SECRET", SECRET),
            ("FRONTDESK_LISTEN", "127.0.0.1:0"),
            ("FRONTDESK_ADMIN_LISTEN", "127.0.0.1:0"),
        ],
    ));
    assert!(
        complaint_of_the_pool.contains("the login of DATABASE_URL is refused"),
        "{complaint_of_the_pool}"
    );

    let listing = complaint(&frontdesk(&wrong, &["org", "list"]));
    assert!(
        listing.contains("password authentication failed"),
        "{listing}"
    );
}

#[tokio::test]
async fn a_credential_that_cannot_be_opened_stops_nobody_else() {
    let own = "0a0a0a0a-0000-4000-8000-00000000000a";
    let builder = TestApp::builder().await;
    builder
        .database()
        .run(&format!(
            "insert into organizations (id, name, industry) values ('{own}', 'Other', 'hvac');
             insert into private.webhook_credentials (organization_id, secret, key_id)
             values ('{own}', 'bm90IHNlYWxlZCBieSB0aGlzIGtleQ==', 'another')"
        ))
        .await;
    let app = builder.start().await;

    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert!(heard.says("I have"), "{}", heard.words);
    let refused = app
        .http
        .post(app.url(&format!("/vapi/webhook/{own}")))
        .header("X-Vapi-Secret", "bm90IHNlYWxlZCBieSB0aGlzIGtleQ==")
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 401);
}
