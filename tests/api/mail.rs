//! E-mail through a real SMTP server, from the settings of the service.

use std::{env, process::Command};

use clap::Parser;
use frontdesk::{
    config::Settings,
    mail::{MailProblem, Mailer},
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    TestApp, Twilio,
    smtp::{Certificate, PASSWORD, SmtpServer},
};

const ID: Uuid = uuid::uuid!("0f0f0f0f-0000-4000-8000-000000000001");

/// The mailer of a service with this server in its settings.
fn mailer(url: &str) -> Mailer {
    #[derive(Parser)]
    struct CommandLine {
        #[command(flatten)]
        settings: Settings,
    }
    let arguments = [
        "frontdesk",
        "--smtp-url",
        url,
        "--mail-from",
        "Front Range Plumbing <office@acme.example>",
    ];
    let settings = CommandLine::parse_from(arguments).settings;
    Mailer::new(settings.mail.understand().unwrap().unwrap()).unwrap()
}

/// The server's address with the login of the user `office`.
fn url(server: &SmtpServer, password: &str, query: &str) -> String {
    let password: String = url::form_urlencoded::byte_serialize(password.as_bytes()).collect();
    format!("smtp://office:{password}@127.0.0.1:{}{query}", server.port)
}

#[tokio::test]
async fn a_message_reaches_a_real_server_as_it_was_written() {
    let Some(mut server) = SmtpServer::start(None) else {
        return;
    };
    let mailer = mailer(&url(&server, PASSWORD, ""));
    let text = "¡Hay agua!\n.\nFrom here on\n".to_owned() + &"a long line ".repeat(200);

    mailer
        .send("dana@example.com", "Emergency: water — agua", &text, ID)
        .await
        .unwrap();

    let message = server.message();
    assert_eq!(message["from"], "office@acme.example");
    assert_eq!(message["to"], json!(["dana@example.com"]));
    let headers = &message["headers"];
    for (name, value) in [
        ("From", "Front Range Plumbing <office@acme.example>"),
        ("To", "dana@example.com"),
        ("Subject", "Emergency: water — agua"),
        (
            "Message-ID",
            "<0f0f0f0f-0000-4000-8000-000000000001@acme.example>",
        ),
        ("Auto-Submitted", "auto-generated"),
    ] {
        assert_eq!(headers[name], value, "{headers}");
    }
    assert!(headers["Date"].is_string());
    let read = message["text"].as_str().unwrap().replace("\r\n", "\n");
    assert_eq!(read.trim_end_matches('\n'), text);
    assert!(server.rest().is_empty());
}

#[tokio::test]
async fn a_real_server_refuses_a_mailbox_that_is_not_there_and_a_wrong_password() {
    let Some(server) = SmtpServer::start(None) else {
        return;
    };
    let known = mailer(&url(&server, PASSWORD, ""));
    let unknown = mailer(&url(&server, "wrong", ""));

    let to_nobody = known.send("nobody@example.com", "Water", "Text", ID).await;
    let from_nobody = unknown.send("dana@example.com", "Water", "Text", ID).await;

    assert_eq!(to_nobody, Err(MailProblem::Refused(550)));
    assert_eq!(from_nobody, Err(MailProblem::Refused(535)));
    assert!(server.rest().is_empty());
}

#[tokio::test]
async fn a_server_whose_certificate_nobody_vouches_for_gets_neither_password_nor_message() {
    let Some(certificate) = Certificate::new("unknown") else {
        return;
    };
    let server = SmtpServer::start(Some(&certificate)).unwrap();

    let sent = mailer(&url(&server, PASSWORD, "?tls=required"))
        .send("dana@example.com", "Water", "Text", ID)
        .await;

    assert_eq!(sent, Err(MailProblem::Unreached));
    assert!(server.rest().is_empty());
}

/// The environment variable that makes the test below the one that sends, to this server.
const TOLD: &str = "FRONTDESK_TEST_SMTP_URL";

#[tokio::test]
async fn a_server_with_a_certificate_that_is_trusted_gets_the_message_encrypted() {
    if let Ok(url) = env::var(TOLD) {
        let sent = mailer(&url)
            .send("dana@example.com", "Water", "Text", ID)
            .await;
        return sent.unwrap();
    }
    let Some(certificate) = Certificate::new("known") else {
        return;
    };
    let mut server = SmtpServer::start(Some(&certificate)).unwrap();

    // Whom a machine trusts is read from its environment, and this process shares its own with the other tests: the test is run
    // again in one that has another.
    let name = "mail::a_server_with_a_certificate_that_is_trusted_gets_the_message_encrypted";
    let sent = Command::new(env::current_exe().unwrap())
        .args(["--exact", name])
        .env("SSL_CERT_FILE", &certificate.authority)
        .env(TOLD, url(&server, PASSWORD, "?tls=required"))
        .output()
        .unwrap();

    assert!(
        sent.status.success(),
        "{}",
        String::from_utf8_lossy(&sent.stdout)
    );
    let message = server.message();
    assert_eq!(message["encrypted"], true);
    assert_eq!(message["to"], json!(["dana@example.com"]));
}

#[tokio::test]
async fn a_page_reaches_a_real_server_and_is_taken_by_its_link() {
    let Some(mut server) = SmtpServer::start(None) else {
        return;
    };
    let twilio = Twilio::start().await;
    let app = TestApp::builder()
        .await
        .twilio(&twilio)
        .setting("--smtp-url", &url(&server, PASSWORD, ""))
        .setting("--mail-from", "Front office <office@acme.example>")
        .start()
        .await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, email, sms_enabled, call_enabled, email_enabled)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', 'no telephone', 'dana@example.com', false, false, true)",
        )
        .await;
    let caller = app.caller();

    let heard = caller
        .asks(
            "flag_emergency",
            json!({ "description": "Water through the ceiling" }),
        )
        .await;

    assert!(heard.says("alerting Dana Ruiz"), "{}", heard.words);
    let message = server.message();
    assert_eq!(message["to"], json!(["dana@example.com"]));
    let text = message["text"].as_str().unwrap();
    assert!(text.contains("Water through the ceiling"), "{text}");
    assert!(!text.contains("Reply"), "nobody reads a reply: {text}");
    let link = text
        .split_whitespace()
        .find(|word| word.contains("/oncall/"))
        .unwrap();
    let path = link.find("/oncall/").map(|at| &link[at..]).unwrap();
    let presses = async |wish: &str| -> String {
        let form = [("wish", wish)];
        let answer = app.http.post(app.url(path)).form(&form).send().await;
        answer.unwrap().text().await.unwrap()
    };
    let answer = presses("take").await;
    assert!(answer.contains("You have it"), "{answer}");
    assert!(answer.contains("It is done"), "{answer}");
    let again = presses("take").await;
    assert!(again.contains("You already have emergency"), "{again}");
    let heard = caller.asks("check_emergency", json!({})).await;
    assert!(
        heard.says("Dana Ruiz took your emergency"),
        "{}",
        heard.words
    );
    app.settles().await;
    let sent: String = app
        .database
        .value("select status::text from emergency_notifications")
        .await;
    assert_eq!(sent, "acknowledged");
    let done = presses("done").await;
    assert!(done.contains("is closed"), "{done}");
    let heard = caller.asks("check_emergency", json!({})).await;
    assert!(heard.says("reported as done"), "{}", heard.words);
}
