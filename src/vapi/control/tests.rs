use super::*;
use crate::vapi::destination::Handover;
use serde_json::json;
use std::error::Error;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

fn hosts() -> ControlHosts {
    ControlHosts::parse("*.vapi.ai, control.example.com,127.0.0.1:4010,[::1]:4011,localhost:4012")
        .unwrap()
}

#[test]
fn a_listed_host_over_https_may_be_commanded() {
    for url in [
        "https://phone-call-websocket.aws-us-west-2-backend-production1.vapi.ai/abc/control",
        "https://CONTROL.VAPI.AI/abc/control",
        "https://control.vapi.ai:443/abc/control",
        "https://control.example.com/abc/control",
        "http://127.0.0.1:4010/abc/control",
        "https://127.0.0.1:4010/abc/control",
        "http://[::1]:4011/abc/control",
        "http://localhost:4012/abc/control",
    ] {
        assert!(hosts().check(url).is_ok(), "{url}");
    }
}

#[test]
fn a_url_of_another_form_is_refused() {
    for url in [
        "",
        "/abc/control",
        "control.vapi.ai/abc/control",
        "http://control.vapi.ai/abc/control",
        "ftp://control.vapi.ai/abc/control",
        "wss://control.vapi.ai/abc/control",
        "data:/control",
        "https://user@control.vapi.ai/abc/control",
        "https://user:secret@control.vapi.ai/abc/control",
        "https://control.vapi.ai:8443/abc/control",
        "https://control.vapi.ai/abc/control?to=x",
        "https://control.vapi.ai/abc/control?",
        "https://control.vapi.ai/abc/control#x",
        "https://control.vapi.ai/abc",
        "https://control.vapi.ai/abc/uncontrol",
        "https://control.vapi.ai/abc/../x",
        " https://control.vapi.ai/abc/control",
        "https://control.vapi.ai/a\tbc/control",
        "https:\\\\control.vapi.ai\\abc/control",
        "http://127.0.0.1/abc/control",
        "http://127.0.0.1:4011/abc/control",
    ] {
        assert!(
            matches!(hosts().check(url), Err(ControlProblem::UnexpectedUrl)),
            "{url}"
        );
    }
    let long = format!("https://control.vapi.ai/{}/control", "a".repeat(MAX_URL));
    assert!(hosts().check(&long).is_err());
}

#[test]
fn a_host_that_is_not_listed_is_refused() {
    for url in [
        "https://vapi.ai/abc/control",
        "https://evilvapi.ai/abc/control",
        "https://control.vapi.ai.example.com/abc/control",
        "https://control.vapi.ai./abc/control",
        "https://x.control.example.com/abc/control",
        "https://169.254.169.254/abc/control",
        "https://127.0.0.1/abc/control",
        "https://2130706433/abc/control",
        "https://[::ffff:127.0.0.1]/abc/control",
    ] {
        assert!(
            matches!(hosts().check(url), Err(ControlProblem::ForeignHost)),
            "{url}"
        );
    }
}

#[test]
fn a_list_with_anything_but_hosts_is_refused() {
    for list in [
        "*",
        "*.",
        "*.ai",
        "*vapi.ai",
        "a.*.ai",
        "https://vapi.ai",
        "vapi.ai:8443",
        "10.0.0.1:80",
        "localhost:x",
        "a b",
    ] {
        assert!(
            matches!(
                ControlHosts::parse(list),
                Err(ControlProblem::UnreadableHost)
            ),
            "{list}"
        );
    }
    let none = ControlHosts::parse(" , ").unwrap();
    assert!(none.check("https://control.vapi.ai/abc/control").is_err());
}

#[test]
fn the_debug_form_of_a_control_url_shows_nothing_of_it() {
    let url = hosts()
        .check("https://control.vapi.ai/abc/control")
        .unwrap();
    assert_eq!(format!("{url:?}"), "ControlUrl([redacted])");
}

#[test]
fn an_answer_that_names_an_error_is_understood() {
    for (answer, expected) in [
        (
            json!({"error": "Bad Request", "message": ["property x should not exist"], "statusCode": 400}),
            true,
        ),
        (
            json!({"message": "destination.property x should not exist"}),
            true,
        ),
        (json!({"error": {"code": 1}}), true),
        (json!({"statusCode": 422}), true),
        (json!({"error": null, "message": "ok"}), false),
        (json!({"error": false, "message": []}), false),
        (json!({}), false),
        (json!([]), false),
    ] {
        assert_eq!(
            says_invalid(answer.to_string().as_bytes()),
            expected,
            "{answer}"
        );
    }
    assert!(!says_invalid(b"") && !says_invalid(b"ok"));
}

/// Answers one request with `answer`, or never, and gives back what was asked.
async fn vapi(answer: Option<String>) -> (ControlUrl, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let url = ControlHosts::parse(&host)
        .unwrap()
        .check(&format!("http://{host}/sesame/control"))
        .unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = String::new();
        while !asked.ends_with("\"}") {
            let mut bytes = [0; 4096];
            let read = stream.read(&mut bytes).await.unwrap();
            asked.push_str(std::str::from_utf8(bytes.get(..read).unwrap()).unwrap());
        }
        match answer {
            Some(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
            // Until the client gives up and closes.
            None => assert_eq!(stream.read(&mut [0; 16]).await.unwrap(), 0),
        }
        asked
    });
    (url, server)
}

fn http(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nlocation: /elsewhere\r\nconnection: close\r\n\r\n{body}"
    )
}

async fn transfer(url: &ControlUrl, timeout: Duration) -> Result<(), ControlProblem> {
    // Another test may have installed it.
    drop(rustls::crypto::ring::default_provider().install_default());
    let destination = TransferDestination {
        number: "+13035550150".to_owned(),
        extension: None,
        message: None,
        handover: Handover::Blind,
        fallback: None,
    };
    let client = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    CallControl::new(client, timeout)
        .transfer(url, &destination, "One\nmoment.")
        .await
}

const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_transfer_is_posted_as_one_command() {
    let (url, server) = vapi(Some(http("200 OK", ""))).await;
    transfer(&url, LONG).await.unwrap();
    let asked = server.await.unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("POST /sesame/control HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(
        head.to_lowercase()
            .contains("content-type: application/json"),
        "{head}"
    );
    assert_eq!(
        serde_json::from_str::<Value>(body).unwrap(),
        json!({
            "type": "transfer",
            "destination": {
                "type": "number", "number": "+13035550150", "transferPlan": {"mode": "blind-transfer"},
            },
            "content": "One moment.",
        })
    );
}

#[tokio::test]
async fn a_refusal_is_a_problem_with_any_status_and_no_redirect_is_followed() {
    for (status, code) in [
        ("404 Not Found", 404),
        ("307 Temporary Redirect", 307),
        ("500 Oops", 500),
    ] {
        let (url, _server) = vapi(Some(http(status, ""))).await;
        let problem = transfer(&url, LONG).await.unwrap_err();
        assert!(
            matches!(problem, ControlProblem::Status(given) if given == code),
            "{problem}"
        );
    }
    let (url, _server) = vapi(Some(http(
        "200 OK",
        r#"{"message":["property x should not exist"]}"#,
    )))
    .await;
    let problem = transfer(&url, LONG).await.unwrap_err();
    assert!(matches!(problem, ControlProblem::Invalid), "{problem}");
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let (url, _server) = vapi(Some(http("200 OK", &"x".repeat(MAX_ANSWER + 1)))).await;
    let problem = transfer(&url, LONG).await.unwrap_err();
    assert!(matches!(problem, ControlProblem::Invalid), "{problem}");
}

#[tokio::test]
async fn silence_ends_at_the_timeout_and_the_problem_does_not_show_the_url() {
    let (url, server) = vapi(None).await;
    let problem = transfer(&url, Duration::from_millis(50)).await.unwrap_err();
    assert!(matches!(problem, ControlProblem::NoAnswer(_)), "{problem}");
    let mut shown = format!("{problem:?}");
    let mut source: Option<&dyn Error> = Some(&problem);
    while let Some(error) = source {
        shown.push_str(&error.to_string());
        source = error.source();
    }
    assert!(!shown.contains("sesame"), "{shown}");
    server.await.unwrap();
}
