use super::*;
use std::{future::pending, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

const ACCOUNT: &str = "AC00000000000000000000000000000001";

fn account() -> Account {
    Account {
        account_sid: ACCOUNT.to_owned(),
        user: "SK1".to_owned(),
        secret: "s3cret".to_owned().into(),
    }
}

fn message() -> NewMessage {
    NewMessage {
        to: Phone::parse("+13035550103").unwrap(),
        from: Sender::Number(Phone::parse("+13035550190").unwrap()),
        body: "Water & ice: ¿quién va?".to_owned(),
        status_callback: Some("https://calls.example.com/twilio/message-status/1".to_owned()),
        validity_seconds: Some(60),
    }
}

/// A server that answers one request with this, and gives the request; without an answer it says nothing and stays connected.
async fn server(answer: Option<&str>) -> (Client, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    let answer = answer.map(str::to_owned);
    let request = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = String::new();
        loop {
            let mut part = [0; 4_096];
            let read = stream.read(&mut part).await.unwrap();
            request.push_str(std::str::from_utf8(&part[..read]).unwrap());
            let length = request
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            let body = request.split_once("\r\n\r\n").map(|(_, body)| body.len());
            if body == Some(length) {
                break;
            }
        }
        match answer {
            Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
            None => pending().await,
        }
        request
    });
    let client = Client::new(web(), base.parse().unwrap(), Duration::from_millis(300));
    (client, request)
}

fn web() -> Http {
    drop(rustls::crypto::ring::default_provider().install_default());
    Http::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

fn http(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

async fn sends(answer: Option<&str>) -> Result<Created, Problem> {
    let (client, _) = server(answer).await;
    client.send_message(&account(), &message()).await
}

/// A call with nothing but what it needs.
fn call() -> NewCall {
    NewCall {
        to: Phone::parse("+13035550103").unwrap(),
        from: Phone::parse("+13035550190").unwrap(),
        script: CallScript::Url("https://d/voice".to_owned()),
        status_callback: None,
        status_events: &[],
        send_digits: None,
        machine_detection: None,
        timeout_seconds: None,
        time_limit_seconds: None,
    }
}

/// The form with which a call is requested.
async fn form_of(call: &NewCall) -> String {
    let answer = http("201 Created", "", r#"{"sid": "CA1", "status": "queued"}"#);
    let (client, request) = server(Some(&answer)).await;
    client.place_call(&account(), call).await.unwrap();
    let request = request.await.unwrap();
    request.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[tokio::test]
async fn a_message_is_requested_as_twilio_documents_it() {
    let answer = http("201 Created", "", r#"{"sid": "SM1", "status": "queued"}"#);
    let (client, request) = server(Some(&answer)).await;

    let made = client.send_message(&account(), &message()).await.unwrap();

    assert_eq!(made.sid.as_deref(), Some("SM1"));
    assert_eq!(made.status.as_deref(), Some("queued"));
    let request = request.await.unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with(&format!(
            "POST /2010-04-01/Accounts/{ACCOUNT}/Messages.json HTTP/1.1"
        )),
        "{head}"
    );
    // SK1:s3cret
    assert!(
        head.contains("authorization: Basic U0sxOnMzY3JldA=="),
        "{head}"
    );
    assert_eq!(
        body,
        "To=%2B13035550103&From=%2B13035550190&Body=Water+%26+ice%3A+%C2%BFqui%C3%A9n+va%3F\
         &StatusCallback=https%3A%2F%2Fcalls.example.com%2Ftwilio%2Fmessage-status%2F1&ValidityPeriod=60"
    );
}

#[tokio::test]
async fn a_call_names_each_event_by_itself_and_listens_for_machines_beside_it() {
    let call = NewCall {
        status_callback: Some("https://d/status".to_owned()),
        status_events: &["answered", "completed"],
        machine_detection: Some(MachineDetection {
            callback: "https://d/machine".to_owned(),
        }),
        timeout_seconds: Some(25),
        ..call()
    };
    assert_eq!(
        form_of(&call).await,
        "To=%2B13035550103&From=%2B13035550190&Url=https%3A%2F%2Fd%2Fvoice&Method=POST\
         &StatusCallback=https%3A%2F%2Fd%2Fstatus&StatusCallbackMethod=POST\
         &StatusCallbackEvent=answered&StatusCallbackEvent=completed\
         &MachineDetection=Enable&AsyncAmd=true&AsyncAmdStatusCallback=https%3A%2F%2Fd%2Fmachine\
         &AsyncAmdStatusCallbackMethod=POST&Timeout=25"
    );
}

#[tokio::test]
async fn a_call_to_an_extension_dials_it_once_the_number_has_answered() {
    let call = NewCall {
        send_digits: Some(send_digits("012")),
        ..call()
    };
    assert_eq!(
        form_of(&call).await,
        "To=%2B13035550103&From=%2B13035550190&Url=https%3A%2F%2Fd%2Fvoice&Method=POST&SendDigits=wwww012"
    );
}

#[tokio::test]
async fn how_a_request_ended_says_whether_it_may_be_made_again() {
    let refused = |status, code| Problem::Refused { status, code };
    let busy = |seconds: Option<u64>| Problem::Busy {
        retry_after: seconds.map(Duration::from_secs),
    };
    for (answer, problem) in [
        (
            http(
                "400 Bad Request",
                "",
                r#"{"code": 21610, "message": "unsubscribed", "status": 400}"#,
            ),
            refused(400, Some(21_610)),
        ),
        (http("401 Unauthorized", "", "<html>"), refused(401, None)),
        (http("404 Not Found", "", ""), refused(404, None)),
        (http("429 Too Many Requests", "", "{}"), busy(None)),
        (
            http("429 Too Many Requests", "Retry-After: 7\r\n", "{}"),
            busy(Some(7)),
        ),
        (
            http("429 Too Many Requests", "Retry-After: 86400\r\n", "{}"),
            busy(Some(60)),
        ),
        (
            http(
                "429 Too Many Requests",
                "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
                "{}",
            ),
            busy(Some(0)),
        ),
        (
            http("429 Too Many Requests", "Retry-After: soon\r\n", "{}"),
            busy(None),
        ),
        (
            http("500 Internal Server Error", "", r#"{"code": 20500}"#),
            Problem::Unknown,
        ),
        (
            http("503 Service Unavailable", "Retry-After: 5\r\n", ""),
            Problem::Unknown,
        ),
        // Somewhere else, where the secret is not to go.
        (
            http(
                "307 Temporary Redirect",
                "Location: http://127.0.0.1:9/\r\n",
                "",
            ),
            Problem::Unknown,
        ),
        // Closed in the middle of a word, or without one.
        ("HTTP/1.1 20".to_owned(), Problem::Unknown),
        (String::new(), Problem::Unknown),
    ] {
        assert_eq!(sends(Some(&answer)).await, Err(problem), "{answer}");
    }
    assert_eq!(
        sends(None).await,
        Err(Problem::Unknown),
        "no answer in time"
    );
}

#[tokio::test]
async fn a_yes_that_cannot_be_read_is_a_yes() {
    for answer in [
        http("201 Created", "", "<html>done</html>"),
        http(
            "201 Created",
            "",
            r#"{"sid": null, "status": null, "new": {}}"#,
        ),
        http("200 OK", "", ""),
        "HTTP/1.1 201 Created\r\ncontent-length: 1000\r\n\r\n{\"sid\":".to_owned(),
    ] {
        assert_eq!(
            sends(Some(&answer)).await,
            Ok(Created::default()),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_done() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(web(), base.parse().unwrap(), Duration::from_secs(2));

    let ended = client.send_message(&account(), &message()).await;

    assert_eq!(ended, Err(Problem::Unreached));
}

#[tokio::test]
async fn what_was_sent_to_a_number_is_listed_with_its_words() {
    let answer = http(
        "200 OK",
        "",
        r#"{"messages": [
            {"sid": "SM2", "status": "sent", "from": "+13035550190", "body": "Water"},
            {"sid": null, "status": "sent"},
            {"sid": "SM1", "from": null}
        ], "next_page_uri": null}"#,
    );
    let (client, request) = server(Some(&answer)).await;
    let since = "2026-12-01T01:00:00Z".parse().unwrap();

    let listed = client
        .messages_to(&account(), &message().to, since)
        .await
        .unwrap();

    let sids: Vec<&str> = listed.iter().map(|one| one.sid.as_str()).collect();
    assert_eq!(sids, ["SM2", "SM1"]);
    assert_eq!(listed[0].body.as_deref(), Some("Water"));
    let request = request.await.unwrap();
    assert!(
        request.starts_with(&format!(
            "GET /2010-04-01/Accounts/{ACCOUNT}/Messages.json?To=%2B13035550103&DateSent%3E=2026-11-30&PageSize=50 "
        )),
        "{request}"
    );
}

#[test]
fn no_number_word_or_secret_is_shown() {
    let shown = format!("{:?} {:?}", account(), message());
    for hidden in ["s3cret", "3035550", "Water"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}
