//! Request bodies: who has theirs read, how many bytes are held at once, and for how long.

use std::time::{Duration, Instant};

use frontdesk::clock::machine_time;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::support::{
    TestApp, TestDatabase,
    app::{ORGANIZATION, ORGANIZATION_ID, SECRET},
    eventually,
    process::{Connection, Process},
};

/// A signature of the right length that nobody made.
const FORGED: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
/// The same for Twilio.
const FORGED_BY_TWILIO: &str = "AAECAwQFBgcICQoLDA0ODxAREhM=";

const MEBIBYTE: usize = 1_024 * 1_024;

/// Well before the ten seconds that a body may take.
const AT_ONCE: Duration = Duration::from_secs(5);

/// The status of a request whose headers are sent and whose body is not.
async fn status_before_the_body(port: u16, path: &str, headers: &[(&str, &str)]) -> u16 {
    let mut connection = Connection::to(port).await;
    connection.begins(path, headers, 500_000).await;
    match timeout(AT_ONCE, connection.hears()).await {
        Ok((status, _)) => status,
        Err(_elapsed) => 0,
    }
}

fn now(moved: i64) -> String {
    (machine_time().timestamp() + moved).to_string()
}

#[tokio::test]
async fn whoever_is_refused_by_their_headers_is_refused_before_the_body() {
    let app = TestApp::builder()
        .await
        .setting("--vapi-bearer-token", "the-token-of-the-tests")
        .setting("--vapi-hmac-secret", "the-hmac-key-of-the-tests")
        .start()
        .await;
    let own = format!("/vapi/webhook/{ORGANIZATION_ID}");
    let (fresh, stale) = (now(0), now(-900));

    let paths = ["/vapi/webhook", own.as_str(), "/vapi/webhook/no-id"];
    let credentials: [&[(&str, &str)]; 6] = [
        &[],
        &[("x-vapi-secret", "wrong")],
        &[("authorization", "Bearer wrong")],
        &[("x-signature", FORGED)],
        &[("x-signature", FORGED), ("x-timestamp", &stale)],
        &[("x-signature", "00ff"), ("x-timestamp", &fresh)],
    ];
    let refused = join_all(paths.iter().flat_map(|path| {
        credentials.map(|headers| status_before_the_body(app.port, path, headers))
    }))
    .await;
    assert_eq!(refused, vec![401; 18]);

    let unsigned = status_before_the_body(app.port, "/twilio/sms", &[]);
    let misshapen = [("x-twilio-signature", "c2hvcnQ=")];
    let misshapen = status_before_the_body(app.port, "/twilio/sms", &misshapen);
    assert_eq!(join_all([unsigned]).await, [403]);
    assert_eq!(misshapen.await, 403);
}

#[tokio::test]
async fn a_right_secret_in_a_header_still_needs_its_body() {
    let app = TestApp::shared().await;
    let body = br#"{"message":{"type":"hang"}}"#;
    let mut connection = Connection::to(app.port).await;
    connection
        .begins("/vapi/webhook", &[("x-vapi-secret", SECRET)], body.len())
        .await;

    connection.sends(&body[..10]).await;
    connection.sends(&body[10..]).await;

    assert_eq!(connection.hears().await.0, 200);
}

#[tokio::test]
async fn seventy_strangers_who_hold_four_mebibytes_each_take_no_memory() {
    let database = TestDatabase::new().await;
    database.run(ORGANIZATION).await;
    let process = Process::start(
        &database,
        &[
            ("VAPI_HMAC_SECRET", "the-hmac-key-of-the-tests"),
            // The limit of before, so that none is refused for its length alone.
            ("FRONTDESK_BODY_LIMIT", "4194304"),
            ("FRONTDESK_BODY_BUDGET", "16777216"),
        ],
    )
    .await;
    let before = process.peak_memory();
    let body = vec![b'x'; 4 * MEBIBYTE - 1];
    let fresh = now(0);

    let strangers = (0..70).map(|number| {
        let (process, body, fresh) = (&process, &body, &fresh);
        async move {
            let mut connection = process.connect().await;
            let signed = [("x-signature", FORGED), ("x-timestamp", fresh.as_str())];
            let headers: &[(&str, &str)] = match number % 3 {
                0 => &[],
                1 => &[("x-vapi-secret", "wrong")],
                _ => &signed,
            };
            connection
                .begins("/vapi/webhook", headers, 4 * MEBIBYTE)
                .await;
            drop(timeout(AT_ONCE, connection.sends(body)).await);
            let heard = timeout(AT_ONCE, connection.hears()).await;
            (connection, heard.map_or(0, |(status, _)| status))
        }
    });
    let held = join_all(strangers).await;

    let taken = process.peak_memory() - before;
    assert!(
        taken < 64 * MEBIBYTE as u64,
        "{} MiB for 280 MiB of strangers' bodies",
        taken / MEBIBYTE as u64
    );
    for (number, (_, status)) in held.iter().enumerate() {
        match number % 3 {
            0 | 1 => assert!(matches!(status, 401 | 0), "{number}: {status}"),
            // Those within the budget wait for their last byte.
            _ => assert!(matches!(status, 503 | 0), "{number}: {status}"),
        }
    }
    let busy = held.iter().filter(|(_, status)| *status == 503).count();
    assert!(busy > 10, "only {busy} were turned away");
    drop(held);
}

#[tokio::test]
async fn bodies_that_are_still_to_be_verified_leave_room_for_authenticated_ones() {
    let app = TestApp::builder()
        .await
        .setting("--vapi-hmac-secret", "the-hmac-key-of-the-tests")
        .setting("--body-limit", "262144")
        .setting("--body-budget", "1048576")
        .start()
        .await;
    let fresh = now(0);
    let signed = [("x-signature", FORGED), ("x-timestamp", fresh.as_str())];
    let hold = async |length: usize| {
        let mut connection = Connection::to(app.port).await;
        connection
            .begins("/vapi/webhook", &signed, length + 1)
            .await;
        connection.sends(&vec![b'x'; length]).await;
        connection
    };

    let mut first = hold(200_000).await;
    let second = hold(60_000).await;
    let mut third = hold(200_000).await;
    // What was sent last need not be read last; of the two large ones there is room for one.
    let (status, answer) = tokio::select! {
        heard = first.hears() => heard,
        heard = third.hears() => heard,
    };
    assert_eq!(status, 503, "{answer}");
    assert!(answer.contains("retry-after: 1"), "{answer}");

    let padded = json!({ "message": { "type": "hang", "padding": "x".repeat(200_000) } });
    assert_eq!(app.post(&padded).await.status(), 200);

    // What was held is free again once its connection is gone.
    drop((first, second, third));
    let mut fourth = hold(200_000).await;
    fourth.sends(b"x").await;
    assert_eq!(fourth.hears().await.0, 401);
}

#[tokio::test]
async fn a_body_that_does_not_end_is_given_up_wherever_it_is_sent() {
    let app = TestApp::shared().await;
    let secret = [("x-vapi-secret", SECRET)];
    let twilio = [
        ("x-twilio-signature", FORGED_BY_TWILIO),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let link = format!("/oncall/{ORGANIZATION_ID}/a-key/a-token");
    let paths: [(&str, &[(&str, &str)]); 10] = [
        ("/vapi/webhook", &secret),
        ("/twilio/message-status", &twilio),
        ("/twilio/call-status", &twilio),
        ("/twilio/sms", &twilio),
        ("/twilio/voice/page", &twilio),
        ("/twilio/voice/page/key", &twilio),
        ("/twilio/voice/transfer", &twilio),
        ("/twilio/voice/machine", &twilio),
        (&link, &twilio),
        (&link, &[]),
    ];

    let begun = Instant::now();
    let given_up = join_all(paths.map(|(path, headers)| {
        let port = app.port;
        async move {
            let mut connection = Connection::to(port).await;
            connection.begins(path, headers, 1_000).await;
            connection.sends(b"wish=").await;
            let heard = timeout(Duration::from_secs(30), connection.hears()).await;
            (path, heard.map_or(0, |(status, _)| status))
        }
    }))
    .await;

    for (path, status) in given_up {
        assert_eq!(status, 408, "{path}");
    }
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_form_is_small() {
    let app = TestApp::shared().await;
    for path in [
        "/twilio/sms".to_owned(),
        format!("/oncall/{ORGANIZATION_ID}/a-key/a-token"),
    ] {
        let mut connection = Connection::to(app.port).await;
        let signature = [("x-twilio-signature", FORGED_BY_TWILIO)];
        connection.begins(&path, &signature, 65_537).await;
        assert_eq!(connection.hears().await.0, 413, "{path}");
    }
}

#[tokio::test]
async fn the_report_of_an_hour_fits() {
    let app = TestApp::shared().await;
    // Seven hundred turns of seventy bytes, as a report repeats them.
    let said = "I would like to know whether somebody can come to look at the boiler.";
    let turn = json!({
        "role": "user", "message": said, "time": 1_748_000_000_000.5, "endTime": 1_748_000_003_000.5,
        "secondsFromStart": 1.28, "duration": 3_000.0, "source": "", "metadata": { "channel": 0 },
    });
    let plain = json!({ "role": "user", "content": said });
    let transcript = format!("User: {said}\n").repeat(700);
    let report = json!({ "message": {
        "type": "end-of-call-report", "endedReason": "customer-ended-call",
        "call": { "id": "a-call-of-an-hour", "phoneNumberId": app.phone_number_id },
        "transcript": transcript, "messages": vec![&turn; 700],
        "artifact": {
            "transcript": transcript, "messages": vec![&turn; 700],
            "messagesOpenAIFormatted": vec![&plain; 700],
        },
        "assistant": { "model": { "messages": [{ "role": "system", "content": "x".repeat(20_000) }] } },
    }});
    assert!(report.to_string().len() > 500_000);

    let reply = app.post(&report).await;

    assert_eq!(reply.status(), 200);
    let kept: Value = app
        .database
        .object("select length(transcript) as length from call_logs")
        .await;
    assert_eq!(kept["length"], transcript.len());
}

#[tokio::test]
async fn an_organization_may_set_the_largest_body_of_its_own_path() {
    let builder = TestApp::builder().await;
    builder
        .database()
        .run(&format!(
            "insert into private.webhook_credentials (organization_id, secret) values ('{ORGANIZATION_ID}', 'own')"
        ))
        .await;
    let app = builder.setting("--body-limit", "100000").start().await;
    let sent = async |path: &str, secret: &str, length: usize| {
        let body = json!({ "message": { "type": "hang", "padding": "x".repeat(length) } });
        let request = app.http.post(app.url(path)).header("X-Vapi-Secret", secret);
        let reply = request.json(&body).send().await.unwrap();
        reply.status().as_u16()
    };
    let own = format!("/vapi/webhook/{ORGANIZATION_ID}");
    assert_eq!(sent(&own, "own", 200_000).await, 413);

    app.rules(&json!({ "webhook_body_bytes": 300_000 })).await;

    eventually("the organization's own limit to be known", async || {
        (sent(&own, "own", 200_000).await == 200).then_some(())
    })
    .await;
    assert_eq!(sent(&own, "own", 300_000).await, 413);
    assert_eq!(sent("/vapi/webhook", SECRET, 200_000).await, 413);

    app.rules(&json!({ "webhook_body_bytes": 65_536 })).await;
    eventually("a smaller limit to be known", async || {
        (sent(&own, "own", 90_000).await == 413).then_some(())
    })
    .await;
    for refused in ["65535", "8388609", "\"1\"", "1.5"] {
        let refused = app
            .database
            .try_run(&format!(
                "update organizations set settings = '{{\"webhook_body_bytes\": {refused}}}'"
            ))
            .await
            .unwrap_err();
        assert!(
            refused.message.contains("settings.webhook_body_bytes"),
            "{}",
            refused.message
        );
    }
}
