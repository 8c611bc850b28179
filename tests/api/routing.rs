//! Whose call is it? The number, the assistant and the called number decide, and changes are heard of at once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Spoken, TestApp,
    app::{ASSISTANT_ID, PHONE_NUMBER_ID, SECRET},
    eventually,
};

fn asked_at(call: Value, phone_number: Value) -> Value {
    json!({ "message": {
        "type": "tool-calls",
        "call": call,
        "phoneNumber": phone_number,
        "toolCallList": [{
            "id": "a", "name": "check_availability", "arguments": { "date": "2026-12-01" }
        }],
    }})
}

async fn heard(app: &TestApp, message: &Value) -> Spoken {
    Spoken::of(&app.reply(message).await["results"][0])
}

const OTHER: &str = "
insert into organizations (id, name, industry, timezone)
values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac', 'America/Denver');
insert into vapi_assistants
    (organization_id, vapi_assistant_id, name, industry, language, system_prompt, voice_config)
values ('0f0f0f0f-0000-4000-8000-000000000002', 'other-assistant', 'Bea', 'hvac', 'en', '', '{}');";

/// What a client sends as the owner of the other organization.
const OWNER_OF_OTHER: &str = "
select set_config('request.jwt.claims', '{\"sub\": \"00000000-0000-4000-8000-0000000000b1\"}', false);
set role authenticated;";

#[tokio::test]
async fn the_number_the_assistant_or_the_called_number_is_enough() {
    let app = TestApp::shared().await;

    for (call, number) in [
        (
            json!({ "id": "1", "phoneNumberId": app.phone_number_id }),
            json!(null),
        ),
        (
            json!({ "id": "2", "assistantId": app.assistant_id }),
            json!(null),
        ),
        (json!({ "id": "3" }), json!({ "number": app.called_number })),
        (
            json!({ "id": "4", "assistantId": "an-assistant-nobody-entered" }),
            json!({ "number": app.called_number }),
        ),
    ] {
        let spoken = heard(&app, &asked_at(call.clone(), number)).await;
        assert!(!spoken.is_error, "{call}: {}", spoken.words);
    }
}

#[tokio::test]
async fn a_call_of_nobody_gets_an_apology_and_not_an_error_page() {
    let app = TestApp::shared().await;

    for call in [json!({ "id": "1", "phoneNumberId": "nobody" }), json!(null)] {
        let spoken = heard(&app, &asked_at(call, json!(null))).await;
        assert!(spoken.is_error);
        assert!(spoken.says("not set up"), "{}", spoken.words);
    }
}

#[tokio::test]
async fn the_number_decides_where_another_organization_has_entered_the_assistant() {
    let app = TestApp::start().await;
    app.database.run(OTHER).await;
    app.database
        .run("insert into emergency_contacts (organization_id, name, phone) select id, name, '+13035550103' from organizations")
        .await;

    for (call, number) in [
        (
            json!({ "id": "1", "phoneNumberId": PHONE_NUMBER_ID, "assistantId": "other-assistant" }),
            json!(null),
        ),
        (
            json!({ "id": "2", "assistantId": "other-assistant" }),
            json!({ "number": "+13035550100" }),
        ),
        (
            json!({ "id": "3", "phoneNumberId": PHONE_NUMBER_ID, "assistantId": "other-assistant" }),
            json!({ "number": "+13035550107" }),
        ),
    ] {
        let spoken = heard(&app, &asked_at(call.clone(), number.clone())).await;
        assert!(!spoken.is_error, "{call}: {}", spoken.words);
        let emergency = json!({ "message": {
            "type": "tool-calls", "call": call, "phoneNumber": number,
            "toolCallList": [{ "id": "b", "name": "flag_emergency", "arguments": { "description": "Water everywhere" } }],
        }});
        let spoken = heard(&app, &emergency).await;
        assert!(spoken.says("as an emergency"), "{}", spoken.words);
    }

    let owners: Vec<uuid::Uuid> = app
        .database
        .column("select organization_id from emergency_incidents")
        .await;
    assert_eq!(owners, [app.organization_id; 3]);
    let metrics = app.http.get(app.admin_url("/metrics")).send().await;
    let metrics = metrics.unwrap().text().await.unwrap();
    assert!(
        metrics.contains("frontdesk_disputed_assistants_total"),
        "the operator is told"
    );
}

#[tokio::test]
async fn an_assistant_alone_is_that_of_whoever_entered_it() {
    let app = TestApp::shared().await;
    app.database
        .run("update organizations set timezone = 'Asia/Kathmandu'")
        .await;

    let call = json!({ "id": "1", "assistantId": app.assistant_id });
    let mut message = asked_at(call, json!(null));
    message["message"]["toolCallList"][0]["arguments"] = json!({ "date": "today" });
    let spoken = heard(&app, &message).await;

    assert!(!spoken.says("not set up"), "{}", spoken.words);
}

#[tokio::test]
async fn an_assistant_that_another_organization_has_entered_cannot_be_claimed() {
    let app = TestApp::start().await;
    app.database.run(OTHER).await;
    app.database
        .run(
            "insert into auth.users (id, email) values ('00000000-0000-4000-8000-0000000000b1', 'b@example.com');
             insert into organization_members (organization_id, user_id, role)
             values ('0f0f0f0f-0000-4000-8000-000000000002', '00000000-0000-4000-8000-0000000000b1', 'owner')",
        )
        .await;

    for claim in [
        format!(
            "insert into vapi_assistants (organization_id, vapi_assistant_id, name, industry, language, system_prompt, voice_config)
             values ('0f0f0f0f-0000-4000-8000-000000000002', '{ASSISTANT_ID}', 'Mine', 'hvac', 'en', '', '{{}}')"
        ),
        format!("update vapi_assistants set vapi_assistant_id = '{ASSISTANT_ID}'"),
    ] {
        let refused = app.database.try_run(&format!("{OWNER_OF_OTHER} {claim}")).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code, "23505", "{claim}");
        assert_eq!(
            refused.message,
            format!("assistant {ASSISTANT_ID} is another organization's; an assistant answers for one only")
        );
    }
    // What is its own it may go on writing.
    app.database
        .run(&format!("{OWNER_OF_OTHER} update vapi_assistants set vapi_assistant_id = 'another', name = 'Bee'"))
        .await;

    let call = json!({ "id": "1", "assistantId": ASSISTANT_ID });
    let spoken = heard(&app, &asked_at(call, json!(null))).await;
    assert!(!spoken.is_error, "{}", spoken.words);
}

#[tokio::test]
async fn an_inactive_number_is_nobodys() {
    let app = TestApp::shared().await;
    app.database
        .run("update phone_number_assignments set is_active = false")
        .await;

    let spoken = heard(
        &app,
        &asked_at(
            json!({ "id": "1", "phoneNumberId": app.phone_number_id }),
            json!(null),
        ),
    )
    .await;

    assert!(spoken.says("not set up"), "{}", spoken.words);
}

#[tokio::test]
async fn a_number_that_is_assigned_while_the_service_runs_is_heard_of() {
    let app = TestApp::shared().await;
    let message = asked_at(
        json!({ "id": "1", "phoneNumberId": app.database.own("new-number-of-0f0f0f0f-0000-4000-8000-000000000001") }),
        json!(null),
    );
    assert!(heard(&app, &message).await.is_error);

    app.database
        .run(
            "insert into phone_number_assignments
                 (organization_id, phone_number, vapi_phone_number_id, phone_provider)
             values ('0f0f0f0f-0000-4000-8000-000000000001', '+13035550107', 'new-number-of-0f0f0f0f-0000-4000-8000-000000000001', 'vapi')",
        )
        .await;

    eventually("the new number's organization", async || {
        (!heard(&app, &message).await.is_error).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_change_of_zone_is_heard_of() {
    let app = TestApp::start().await;
    app.at("2026-11-24T04:30:00Z");
    let caller = app.caller();
    let today = async || {
        caller
            .asks("check_availability", json!({ "date": "tomorrow" }))
            .await
    };
    let heard = today().await;
    assert!(
        heard.says("Tomorrow I have eight, noon or five. [options: 2026-11-24T08:00, "),
        "{}",
        heard.words
    );
    assert!(
        heard.says("today: Monday 2026-11-23, America/Denver"),
        "{}",
        heard.words
    );

    app.database
        .run("update organizations set timezone = 'Asia/Kathmandu'")
        .await;

    eventually("tomorrow in Kathmandu", async || {
        let heard = today().await;
        let is_next = heard
            .says("Tomorrow I have eight, noon or five. That is Kathmandu time. [options: 2026-11-25T08:00, ")
            && heard.says("today: Tuesday 2026-11-24, Asia/Kathmandu");
        is_next.then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_organizations_own_credential_opens_its_own_calls_only() {
    let builder = TestApp::builder().await;
    builder.database().run(OTHER).await;
    builder
        .database()
        .run(
            "insert into private.webhook_credentials (organization_id, secret) values
                 ('0f0f0f0f-0000-4000-8000-000000000001', 'own-secret'),
                 ('0f0f0f0f-0000-4000-8000-000000000002', 'other-secret')",
        )
        .await;
    let app = builder.start().await;
    let message =
        app.caller()
            .tool_calls(&[("a", "check_availability", json!({ "date": "2026-12-01" }))]);
    let post = async |organization: &str, secret: &str| {
        let reply = app
            .http
            .post(app.url(&format!("/vapi/webhook/{organization}")))
            .header("X-Vapi-Secret", secret)
            .json(&message)
            .send()
            .await
            .unwrap();
        (
            reply.status().as_u16(),
            reply.json::<Value>().await.unwrap(),
        )
    };
    let (own, other) = (
        "0f0f0f0f-0000-4000-8000-000000000001",
        "0f0f0f0f-0000-4000-8000-000000000002",
    );

    let (status, reply) = post(own, "own-secret").await;
    assert_eq!(status, 200);
    assert!(!Spoken::of(&reply["results"][0]).is_error, "{reply}");

    let (status, reply) = post(other, "other-secret").await;
    assert_eq!(status, 200);
    assert!(
        Spoken::of(&reply["results"][0]).says("not set up"),
        "{reply}"
    );

    for (organization, secret) in [
        (own, "other-secret"),
        (own, SECRET),
        (own, ""),
        ("0f0f0f0f-0000-4000-8000-000000000009", "own-secret"),
        ("no-id-at-all", "own-secret"),
    ] {
        assert_eq!(
            post(organization, secret).await.0,
            401,
            "{organization} with {secret}"
        );
    }
}

#[tokio::test]
async fn a_secret_that_is_made_or_retired_while_the_service_runs_is_heard_of() {
    let app = TestApp::shared().await;
    let message =
        app.caller()
            .tool_calls(&[("a", "check_availability", json!({ "date": "2026-12-01" }))]);
    let status = async || {
        app.http
            .post(app.url(&format!("/vapi/webhook/{}", app.organization_id)))
            .bearer_auth("fresh-secret")
            .json(&message)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(status().await, 401);

    app.database
        .run(
            "insert into private.webhook_credentials (organization_id, secret)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'fresh-secret')",
        )
        .await;
    eventually("the new secret to open", async || {
        (status().await == 200).then_some(())
    })
    .await;

    app.database
        .run("update private.webhook_credentials set retired_at = now()")
        .await;
    eventually("the retired secret to be refused", async || {
        (status().await == 401).then_some(())
    })
    .await;
}

#[tokio::test]
async fn another_method_is_answered_with_those_that_a_path_takes() {
    let app = TestApp::shared().await;
    for (path, method, allowed) in [
        ("/vapi/webhook", Method::GET, "POST"),
        (
            "/vapi/webhook/0f0f0f0f-0000-4000-8000-000000000001",
            Method::PUT,
            "POST",
        ),
        ("/twilio/sms", Method::GET, "POST"),
        ("/twilio/voice/page/key", Method::DELETE, "POST"),
        ("/oncall/a/b/c", Method::PUT, "GET, POST"),
        ("/calendar/feed/a.ics", Method::POST, "GET, HEAD"),
        ("/calendar/google", Method::GET, "POST"),
        ("/health/live", Method::POST, "GET"),
    ] {
        let answer = app.http.request(method.clone(), app.url(path)).send().await;
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 405, "{method} {path}");
        assert_eq!(answer.headers()["allow"], allowed, "{method} {path}");
    }
    let nowhere = app.http.get(app.url("/vapi")).send().await.unwrap();
    assert_eq!(nowhere.status(), 404);
}

#[tokio::test]
async fn what_a_dashboard_enters_leaves_no_call_without_an_answer() {
    let app = TestApp::start().await;
    app.database
        .run(
            "insert into services (organization_id, name, keywords)
             select id, 'Drain cleaning', array[[null, 'drain'], ['sewer', 'clog']] from organizations",
        )
        .await;
    let day = |day: &str| {
        format!(
            "insert into special_days (organization_id, special_date) select id, '{day}' from organizations;"
        )
    };
    for never in ["20261-12-25", "infinity", "-infinity"] {
        let refused = app.database.try_run(&day(never)).await.unwrap_err();
        assert!(refused.message.contains("allowed is a day of the years"));
    }
    // As it was before that was refused.
    app.database
        .run(&format!(
            "alter table special_days disable trigger check_special_day; {} {}
             alter table special_days enable trigger check_special_day",
            day("20261-12-25"),
            day("infinity")
        ))
        .await;

    let caller = app.caller();
    let args = json!({ "date": "2026-12-01", "service": "sewer" });
    let heard = caller.asks("check_availability", args).await;
    assert_eq!(heard.tokens().first(), Some(&"2026-12-01T08:00"));
    let args = json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T08:00" });
    let heard = caller.asks("book_appointment", args).await;
    assert!(heard.says("You're booked"), "{}", heard.words);
}
