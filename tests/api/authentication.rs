//! Who may speak: every scheme that Vapi offers, with its refusals. Signatures are made here by a signer of the tests' own.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{SecondsFormat, TimeDelta};
use frontdesk::clock::machine_time;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use crate::support::{
    TestApp,
    app::{Builder, ORGANIZATION_ID},
};

const BODY: &str = r#"{"message":{"type":"hang","call":{"id":"a-call"}}}"#;

/// A service that has this for its secrets and nothing else.
async fn service(settings: &[(&str, &str)]) -> TestApp {
    configured(settings).await.try_start().await.unwrap()
}

async fn configured(settings: &[(&str, &str)]) -> Builder {
    settings
        .iter()
        .fold(TestApp::builder().await, |builder, (name, value)| {
            builder.setting(name, value)
        })
}

/// The status of a request with these headers.
async fn status(app: &TestApp, headers: &[(&str, &str)]) -> u16 {
    send(app, "/vapi/webhook", headers, BODY).await
}

async fn send(app: &TestApp, path: &str, headers: &[(&str, &str)], body: &str) -> u16 {
    let request = headers
        .iter()
        .fold(app.http.post(app.url(path)), |request, (name, value)| {
            request.header(*name, *value)
        });
    let reply = request.body(body.to_owned()).send().await.unwrap();
    let status = reply.status().as_u16();
    if status == 401 {
        assert_eq!(
            reply.text().await.unwrap(),
            r#"{"error":"unauthorized"}"#,
            "a refusal says nothing of why"
        );
    }
    status
}

fn sha256(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Now, moved by so many seconds, in whole seconds.
fn seconds(moved: i64) -> String {
    (machine_time() + TimeDelta::seconds(moved))
        .timestamp()
        .to_string()
}

/// The default plan's headers for a timestamp and a body.
fn signed(key: &str, timestamp: &str, body: &str) -> [(&'static str, String); 2] {
    [
        (
            "x-signature",
            hex::encode(sha256(key.as_bytes(), &format!("{timestamp}.{body}"))),
        ),
        ("x-timestamp", timestamp.to_owned()),
    ]
}

async fn signed_status(app: &TestApp, headers: &[(&'static str, String)], body: &str) -> u16 {
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    send(app, "/vapi/webhook", &headers, body).await
}

#[tokio::test]
async fn a_shared_secret_opens_and_a_wrong_missing_or_blank_one_does_not() {
    let app = service(&[("--vapi-secret", "secret-alpha, the-secret-beta")]).await;

    for right in ["secret-alpha", "the-secret-beta"] {
        assert_eq!(status(&app, &[("X-Vapi-Secret", right)]).await, 200);
        assert_eq!(status(&app, &[("X-Vapi-Signature", right)]).await, 200);
    }
    for wrong in [
        "secret-alph",
        "secret-alphaa",
        "SECRET-ALPHA",
        "secret-alpha, the-secret-beta",
        "gamma",
        "",
        " ",
    ] {
        assert_eq!(
            status(&app, &[("X-Vapi-Secret", wrong)]).await,
            401,
            "{wrong:?}"
        );
    }
    assert_eq!(status(&app, &[]).await, 401);
    assert_eq!(
        status(&app, &[("Authorization", "Bearer secret-alpha")]).await,
        401
    );
}

#[tokio::test]
async fn a_bearer_token_opens_under_its_own_header_and_prefix() {
    let app = service(&[("--vapi-bearer-token", "bearer-token-1,bearer-token-2")]).await;
    for right in ["Bearer bearer-token-1", "bearer bearer-token-2"] {
        assert_eq!(
            status(&app, &[("Authorization", right)]).await,
            200,
            "{right}"
        );
    }
    for wrong in [
        "bearer-token-1",
        "Basic bearer-token-1",
        "Bearer bearer-token-3",
        "Bearer",
        "Bearer ",
    ] {
        assert_eq!(
            status(&app, &[("Authorization", wrong)]).await,
            401,
            "{wrong}"
        );
    }

    let app = service(&[
        ("--vapi-bearer-token", "bearer-token-1"),
        ("--vapi-bearer-header", "X-Acme-Token"),
        ("--vapi-bearer-prefix", "none"),
    ])
    .await;
    assert_eq!(
        status(&app, &[("X-Acme-Token", "bearer-token-1")]).await,
        200
    );
    assert_eq!(
        status(&app, &[("X-Acme-Token", "Bearer bearer-token-1")]).await,
        401
    );
    assert_eq!(
        status(&app, &[("Authorization", "Bearer bearer-token-1")]).await,
        401
    );
}

#[tokio::test]
async fn a_signature_opens_within_three_hundred_seconds_both_ways() {
    let app = service(&[("--vapi-hmac-secret", "hmac-key-number-1,hmac-key-number-2")]).await;

    for key in ["hmac-key-number-1", "hmac-key-number-2"] {
        for moved in [0, -295, 295] {
            let headers = signed(key, &seconds(moved), BODY);
            assert_eq!(signed_status(&app, &headers, BODY).await, 200, "{moved}");
        }
        for moved in [-305, 305, -86_400] {
            let headers = signed(key, &seconds(moved), BODY);
            assert_eq!(signed_status(&app, &headers, BODY).await, 401, "{moved}");
        }
    }
    let milliseconds = machine_time().timestamp_millis().to_string();
    let rfc_3339 = machine_time().to_rfc3339_opts(SecondsFormat::Secs, true);
    for timestamp in [milliseconds, rfc_3339] {
        let headers = signed("hmac-key-number-1", &timestamp, BODY);
        assert_eq!(
            signed_status(&app, &headers, BODY).await,
            200,
            "{timestamp}"
        );
    }
    for timestamp in ["", "soon", "99999999999999999999"] {
        let headers = signed("hmac-key-number-1", timestamp, BODY);
        assert_eq!(
            signed_status(&app, &headers, BODY).await,
            401,
            "{timestamp}"
        );
    }
}

#[tokio::test]
async fn a_clock_that_stands_still_does_not_widen_the_window() {
    // The rules' clock stands months ahead or behind of the machine's in every test; signatures go by the machine's.
    let app = service(&[("--vapi-hmac-secret", "hmac-key-number-1")]).await;
    app.at("2001-01-01T00:00:00Z");

    let fresh = signed("hmac-key-number-1", &seconds(0), BODY);
    assert_eq!(signed_status(&app, &fresh, BODY).await, 200);
    let stale = signed("hmac-key-number-1", "978307200", BODY);
    assert_eq!(signed_status(&app, &stale, BODY).await, 401);
}

#[tokio::test]
async fn a_signature_covers_every_byte_and_its_timestamp() {
    let app = service(&[("--vapi-hmac-secret", "hmac-key-number-1")]).await;
    let now = seconds(0);
    let headers = signed("hmac-key-number-1", &now, BODY);
    let signature = headers[0].1.clone();

    assert_eq!(
        signed_status(&app, &headers, &BODY.replace("a-call", "b-call")).await,
        401
    );
    assert_eq!(
        signed_status(&app, &headers, &format!("{BODY} ")).await,
        401
    );
    assert_eq!(status(&app, &[("x-signature", &signature)]).await, 401);
    assert_eq!(
        status(
            &app,
            &[("x-signature", &signature), ("x-timestamp", &seconds(1))]
        )
        .await,
        401
    );
    assert_eq!(
        signed_status(&app, &signed("hmac-key-number-9", &now, BODY), BODY).await,
        401
    );
    assert_eq!(
        status(
            &app,
            &[("x-signature", "no signature"), ("x-timestamp", &now)]
        )
        .await,
        401
    );
    assert_eq!(
        status(
            &app,
            &[
                ("x-signature", &signature.to_uppercase()),
                ("x-timestamp", &now)
            ]
        )
        .await,
        200,
        "hexadecimal digits have no case"
    );
}

#[tokio::test]
async fn every_field_of_the_plan_can_be_set() {
    let now = seconds(0);
    let key = b"\x00\xffbinary key";
    let app = service(&[
        ("--vapi-hmac-secret", &STANDARD.encode(key)),
        ("--vapi-hmac-secret-is-base64", "true"),
        ("--vapi-hmac-signature-header", "X-Acme-Signature"),
        ("--vapi-hmac-timestamp-header", "X-Acme-Time"),
        ("--vapi-hmac-signature-prefix", "sha256="),
        ("--vapi-hmac-signature-encoding", "base64"),
        (
            "--vapi-hmac-payload-format",
            "{method}|{url}|{svix-id}|{timestamp}|{body}",
        ),
        ("--vapi-hmac-message-id-header", "X-Acme-Id"),
        ("--public-url", "https://calls.example.com"),
    ])
    .await;
    let payload =
        |id: &str| format!("POST|https://calls.example.com/vapi/webhook|{id}|{now}|{BODY}");
    let signature = format!("sha256={}", STANDARD.encode(sha256(key, &payload("msg-1"))));
    let headers = |signature: &'static str, id: &'static str| {
        [("X-Acme-Signature", signature), ("X-Acme-Id", id)]
    };
    let signature: &'static str = signature.leak();

    let with_time = |mut list: Vec<(&'static str, &'static str)>| {
        list.push(("X-Acme-Time", now.clone().leak()));
        list
    };
    assert_eq!(
        status(&app, &with_time(headers(signature, "msg-1").to_vec())).await,
        200
    );
    assert_eq!(
        status(&app, &with_time(headers(signature, "msg-2").to_vec())).await,
        401
    );
    assert_eq!(status(&app, &headers(signature, "msg-1")).await, 401);
    let bare = signature.strip_prefix("sha256=").unwrap();
    assert_eq!(
        status(&app, &with_time(headers(bare, "msg-1").to_vec())).await,
        401
    );
}

#[tokio::test]
async fn the_other_digests_and_no_timestamp_at_all_are_accepted_where_they_are_set() {
    for (algorithm, signature) in [
        ("sha512", {
            let mut mac = Hmac::<Sha512>::new_from_slice(b"hmac-key-number-1").unwrap();
            mac.update(BODY.as_bytes());
            hex::encode(mac.finalize().into_bytes())
        }),
        ("sha1", {
            let mut mac = Hmac::<Sha1>::new_from_slice(b"hmac-key-number-1").unwrap();
            mac.update(BODY.as_bytes());
            hex::encode(mac.finalize().into_bytes())
        }),
        ("sha256", hex::encode(sha256(b"hmac-key-number-1", BODY))),
    ] {
        let app = service(&[
            ("--vapi-hmac-secret", "hmac-key-number-1"),
            ("--vapi-hmac-algorithm", algorithm),
            ("--vapi-hmac-include-timestamp", "false"),
        ])
        .await;
        assert_eq!(
            status(&app, &[("x-signature", &signature)]).await,
            200,
            "{algorithm}"
        );
        let shorter = &signature[..signature.len() - 2];
        assert_eq!(
            status(&app, &[("x-signature", shorter)]).await,
            401,
            "{algorithm}"
        );
    }
}

#[tokio::test]
async fn any_of_several_schemes_opens() {
    let app = service(&[
        ("--vapi-secret", "secret-alpha"),
        ("--vapi-bearer-token", "bearer-token-1"),
        ("--vapi-hmac-secret", "hmac-key-number-1"),
    ])
    .await;

    assert_eq!(
        status(&app, &[("X-Vapi-Secret", "secret-alpha")]).await,
        200
    );
    assert_eq!(
        status(&app, &[("Authorization", "Bearer bearer-token-1")]).await,
        200
    );
    assert_eq!(
        signed_status(&app, &signed("hmac-key-number-1", &seconds(0), BODY), BODY).await,
        200
    );
    assert_eq!(
        status(&app, &[("X-Vapi-Secret", "bearer-token-1")]).await,
        401
    );
}

#[tokio::test]
async fn an_organizations_own_secret_proves_by_any_scheme() {
    let builder = configured(&[("--vapi-secret", "secret-alpha")]).await;
    builder
        .database()
        .run(&format!(
            "insert into private.webhook_credentials (organization_id, secret) values
                 ('{ORGANIZATION_ID}', 'older'), ('{ORGANIZATION_ID}', 'newer')"
        ))
        .await;
    let app = builder.try_start().await.unwrap();
    let path = format!("/vapi/webhook/{ORGANIZATION_ID}");

    for secret in ["older", "newer"] {
        assert_eq!(
            send(&app, &path, &[("X-Vapi-Secret", secret)], BODY).await,
            200
        );
        let bearer = format!("Bearer {secret}");
        assert_eq!(
            send(&app, &path, &[("Authorization", &bearer)], BODY).await,
            200
        );
        let headers = signed(secret, &seconds(0), BODY);
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(send(&app, &path, &headers, BODY).await, 200);
        assert_eq!(send(&app, &path, &headers, "{}").await, 401);
        assert_eq!(
            status(&app, &[("X-Vapi-Secret", secret)]).await,
            401,
            "not on the service's path"
        );
    }
}

#[tokio::test]
async fn a_stranger_costs_no_query() {
    let app = configured(&[("--vapi-secret", "secret-alpha")])
        .await
        .database_url("postgresql://nobody@127.0.0.1:1/nothing")
        .try_start()
        .await
        .unwrap();

    for path in [
        "/vapi/webhook".to_owned(),
        format!("/vapi/webhook/{ORGANIZATION_ID}"),
    ] {
        assert_eq!(
            send(&app, &path, &[("X-Vapi-Secret", "wrong")], BODY).await,
            401
        );
    }
    let report =
        r#"{"message":{"type":"end-of-call-report","call":{"id":"a-call","phoneNumberId":"x"}}}"#;
    assert_eq!(
        send(&app, "/vapi/webhook", &[("X-Vapi-Secret", "wrong")], report).await,
        401
    );
    assert_eq!(
        send(
            &app,
            "/vapi/webhook",
            &[("X-Vapi-Secret", "secret-alpha")],
            report
        )
        .await,
        503,
        "the same message of the right sender does ask the database"
    );
}

#[tokio::test]
async fn without_a_secret_only_insecure_answers() {
    let app = TestApp::builder()
        .await
        .switch("--insecure")
        .try_start()
        .await
        .unwrap();
    assert_eq!(status(&app, &[]).await, 200);

    let app = configured(&[("--vapi-secret", "secret-alpha")])
        .await
        .switch("--insecure")
        .try_start()
        .await
        .unwrap();
    assert_eq!(status(&app, &[]).await, 401, "a secret that is there holds");

    let refused = TestApp::builder().await.try_start().await;
    assert!(refused.is_err_and(|error| error.to_string().contains("VAPI_SECRET")));
}

#[tokio::test]
async fn an_organizations_own_secret_is_enough_to_start() {
    let builder = TestApp::builder().await;
    builder
        .database()
        .run(&format!(
            "insert into private.webhook_credentials (organization_id, secret) values ('{ORGANIZATION_ID}', 'own')"
        ))
        .await;
    let app = builder.try_start().await.unwrap();

    assert_eq!(status(&app, &[("X-Vapi-Secret", "own")]).await, 401);
    let path = format!("/vapi/webhook/{ORGANIZATION_ID}");
    assert_eq!(
        send(&app, &path, &[("X-Vapi-Secret", "own")], BODY).await,
        200
    );
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused_whether_or_not_it_says_its_length() {
    let app = service(&[("--vapi-secret", "secret-alpha"), ("--body-limit", "2048")]).await;
    let body = |length: usize| {
        let padding = "x".repeat(length - BODY.len() - r#","p":"""#.len());
        BODY.replacen(
            "{\"message\"",
            &format!("{{\"p\":\"{padding}\",\"message\""),
            1,
        )
    };
    let secret = [("X-Vapi-Secret", "secret-alpha")];

    assert_eq!(body(2_048).len(), 2_048);
    assert_eq!(
        send(&app, "/vapi/webhook", &secret, &body(2_048)).await,
        200
    );
    assert_eq!(
        send(&app, "/vapi/webhook", &secret, &body(2_049)).await,
        413
    );

    let chunked = app
        .http
        .post(app.url("/vapi/webhook"))
        .header("X-Vapi-Secret", "secret-alpha")
        .header("Transfer-Encoding", "chunked")
        .body(body(4_096))
        .send()
        .await
        .unwrap();
    assert_eq!(chunked.status(), 413);
    assert!(chunked.json::<Value>().await.unwrap()["error"].is_string());
}
