//! What the process writes to its log of strangers, and of what a model invents.

use serde_json::{Value, json};
use tokio::time::{Duration, timeout};

use crate::support::{
    TestDatabase,
    app::{ASSISTANT_ID, ORGANIZATION, PHONE_NUMBER_ID, SECRET, http},
    eventually,
    process::Process,
};

async fn process() -> (TestDatabase, Process) {
    let database = TestDatabase::new().await;
    database.run(ORGANIZATION).await;
    let process = Process::start(
        &database,
        &[
            ("VAPI_HMAC_SECRET", "the-hmac-key-of-the-tests"),
            ("FRONTDESK_LOG", "info,frontdesk::tools=debug"),
        ],
    )
    .await;
    (database, process)
}

/// The answer to tool calls with these names and ids, and the log once they are in it.
async fn asked(process: &Process, calls: &[(&str, &str)]) -> (Value, Vec<Value>) {
    let list: Vec<Value> = calls
        .iter()
        .map(|(id, name)| json!({ "id": id, "name": name, "arguments": { "date": "2026-12-01" } }))
        .collect();
    let call =
        json!({ "id": "a-call", "phoneNumberId": PHONE_NUMBER_ID, "assistantId": ASSISTANT_ID });
    let message =
        json!({ "message": { "type": "tool-calls", "call": call, "toolCallList": list } });
    let reply = http()
        .post(format!("http://127.0.0.1:{}/vapi/webhook", process.port))
        .header("X-Vapi-Secret", SECRET)
        .json(&message)
        .send()
        .await
        .unwrap();
    let reply = reply.json().await.unwrap();
    let log = eventually("the tool calls to be in the log", async || {
        let log = process.log();
        let answered = |line: &&Value| line["message"] == "answered a tool call";
        (log.iter().filter(answered).count() >= calls.len()).then_some(log)
    })
    .await;
    (reply, log)
}

#[tokio::test]
async fn a_strangers_malformed_request_is_no_error() {
    let (_database, process) = process().await;
    let too_long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(200_000));
    let chunked = "POST /vapi/webhook HTTP/1.1\r\nhost: x\r\nx-vapi-secret: the-secret-of-the-tests\r\n\
                   transfer-encoding: chunked\r\n\r\nno length\r\n";
    let requests: [&[u8]; 10] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\0\0\0\0\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
        b"POST /vapi/webhook HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST /vapi/webhook/\xff\xfe HTTP/1.1\r\nhost: a\r\n\r\n",
        b"POST /vapi/webhook HTTP/1.1\r\nhost: a\r\nx-vapi-secret: \xff\r\ncontent-length: 2\r\n\r\n{}",
        too_long.as_bytes(),
        chunked.as_bytes(),
    ];

    for request in requests {
        let mut connection = process.connect().await;
        connection.sends(request).await;
        drop(timeout(Duration::from_secs(10), connection.hears()).await);
        // Another one goes away in the middle of what it began.
        let mut connection = process.connect().await;
        connection.sends(&request[..request.len() / 2]).await;
    }

    let (_, log) = asked(&process, &[("a", "check_availability")]).await;
    let errors: Vec<&Value> = log
        .iter()
        .filter(|line| line["level"] == "ERROR" || line.is_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[tokio::test]
async fn names_and_ids_that_a_model_invents_are_cut_in_the_log_alone() {
    let (database, process) = process().await;
    let (id, name) = ("é".repeat(5_000), "x".repeat(5_000));
    let other = "ü".repeat(5_000);

    let (reply, log) = asked(
        &process,
        &[(&id, &name), ("short", &name), (&other, "check_emergency")],
    )
    .await;

    assert_eq!(reply["results"][0]["toolCallId"], id);
    assert_eq!(reply["results"][0]["name"], name);
    for line in &log {
        for (field, value) in line.as_object().unwrap() {
            let length = value.as_str().map_or(0, |text| text.chars().count());
            assert!(length < 1_000, "{field} has {length} characters");
        }
    }
    let answered: Vec<&Value> = log
        .iter()
        .filter(|line| line["message"] == "answered a tool call")
        .collect();
    assert!(
        answered
            .iter()
            .any(|line| line["tool.name"] == "x".repeat(64))
    );
    assert!(
        answered
            .iter()
            .any(|line| line["tool.call_id"] == "é".repeat(64))
    );

    // Nor when the tool is stopped.
    database.goes_away().await;
    let message = json!({ "message": {
        "type": "tool-calls", "call": { "id": "a-call", "phoneNumberId": PHONE_NUMBER_ID, "assistantId": ASSISTANT_ID },
        "toolCallList": [{ "id": id, "name": "check_emergency", "arguments": {} }],
    }});
    let reply = http()
        .post(format!("http://127.0.0.1:{}/vapi/webhook", process.port))
        .header("X-Vapi-Secret", SECRET)
        .json(&message)
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), 200);
    for line in process.log() {
        assert!(
            line.to_string().len() < 2_000,
            "a line of {}",
            line.to_string().len()
        );
    }
}

#[tokio::test]
async fn a_tool_that_is_stopped_in_a_message_that_writes_is_logged_once() {
    let database = TestDatabase::new().await;
    database.run(ORGANIZATION).await;
    let process = Process::start(&database, &[("FRONTDESK_DEADLINE_MS", "2000")]).await;
    let message = |calls: Value| {
        json!({ "message": {
            "type": "tool-calls", "toolCallList": calls,
            "call": { "id": "a-call", "phoneNumberId": PHONE_NUMBER_ID, "assistantId": ASSISTANT_ID },
        }})
    };
    let look =
        json!({ "id": "a", "name": "check_availability", "arguments": { "date": "2026-12-01" } });
    let book = json!({
        "id": "b", "name": "book_appointment",
        "arguments": { "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" },
    });
    eventually("the organization is known", async || {
        let reply = process.replies(&message(json!([look]))).await;
        reply["results"][0]["result"].is_string().then_some(())
    })
    .await;
    let before = process.logged("a tool call was stopped").len();
    let holder = database.connect().await;
    holder
        .batch_execute("begin; lock table private.busy_days in access exclusive mode")
        .await
        .unwrap();

    let reply = process.replies(&message(json!([look, book]))).await;

    for result in reply["results"].as_array().unwrap() {
        assert!(result["error"].is_string(), "{result}");
    }
    holder.batch_execute("rollback").await.unwrap();
    eventually("the booking is made", async || {
        (!process.logged("answered a tool call").is_empty()).then_some(())
    })
    .await;
    let stopped = process.logged("a tool call was stopped");
    assert_eq!(stopped.len() - before, 2, "{stopped:#?}");
}
