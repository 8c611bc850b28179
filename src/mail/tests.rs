use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread::{self, JoinHandle},
};

use super::*;

const ID: Uuid = uuid::uuid!("0f0f0f0f-0000-4000-8000-000000000001");
const TO: &str = "dana@example.com";

/// What the server does at one point, other than what a server that is well does.
#[derive(Clone, Copy)]
enum Does {
    Says(&'static str),
    /// Says nothing, and waits until the client leaves.
    Hangs,
    Leaves,
}
use Does::{Hangs, Leaves, Says};

/// A server that takes one connection, and everything that was said to it.
struct Server {
    port: u16,
    heard: JoinHandle<Vec<String>>,
}

impl Server {
    /// One that does this at these points: `connect`, the first word of a command, or `message` when it was given.
    fn that(odd: &'static [(&'static str, Does)]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = thread::spawn(move || {
            let mut heard = Vec::new();
            let (stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut point = "connect".to_owned();
            loop {
                match odd
                    .iter()
                    .find(|(at, _)| *at == point)
                    .map(|(_, does)| *does)
                {
                    Some(Leaves) => return heard,
                    Some(Hangs) => {
                        heard.extend(lines.map_while(Result::ok));
                        return heard;
                    }
                    Some(Says(reply)) => write!(&stream, "{reply}\r\n").unwrap(),
                    None => write!(&stream, "{}\r\n", usual(&point)).unwrap(),
                }
                let in_message = point == "DATA";
                loop {
                    let Some(Ok(line)) = lines.next() else {
                        return heard;
                    };
                    heard.push(line.clone());
                    if !in_message {
                        point = line
                            .split_whitespace()
                            .next()
                            .unwrap_or_default()
                            .to_owned();
                        break;
                    }
                    if line == "." {
                        "message".clone_into(&mut point);
                        break;
                    }
                }
            }
        });
        Self { port, heard }
    }

    fn mailer(&self) -> Mailer {
        mailer(self.port, Security::Plain, None)
    }

    /// Everything that was said to it, once the client has left.
    fn heard(self) -> Vec<String> {
        self.heard.join().unwrap()
    }
}

fn usual(point: &str) -> &'static str {
    match point {
        "connect" => "220 mail.example.com",
        "EHLO" => "250-mail.example.com\r\n250 AUTH PLAIN LOGIN",
        "AUTH" => "235 welcome",
        "DATA" => "354 go on",
        "QUIT" => "221 goodbye",
        _ => "250 well",
    }
}

fn mailer(port: u16, security: Security, login: Option<(String, SecretString)>) -> Mailer {
    let server = MailServer {
        host: "127.0.0.1".to_owned(),
        port,
        security,
        login,
        from: "Front desk <desk@acme.example>".parse().unwrap(),
    };
    let mut mailer = Mailer::new(server).unwrap();
    mailer.timeout = Duration::from_millis(500);
    mailer
}

async fn sent_to(server: &Server) -> Result<(), MailProblem> {
    server
        .mailer()
        .send(TO, "Water", "It comes through the ceiling.", ID)
        .await
}

#[tokio::test]
async fn a_message_is_given_with_what_keeps_other_programs_quiet_and_a_repeat_known() {
    let server = Server::that(&[]);
    let mailer = server.mailer();

    mailer
        .send(
            " dana@example.com ",
            "Water at Hauptstraße",
            "¡Agua!\n.\n.and a line with a dot\n",
            ID,
        )
        .await
        .unwrap();

    let heard = server.heard();
    assert_eq!(heard[1], "MAIL FROM:<desk@acme.example>");
    assert_eq!(heard[2], "RCPT TO:<dana@example.com>");
    for line in [
        "From: \"Front desk\" <desk@acme.example>",
        "To: dana@example.com",
        "Message-ID: <0f0f0f0f-0000-4000-8000-000000000001@acme.example>",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "=C2=A1Agua!",
        "..",
        "..and a line with a dot",
    ] {
        assert!(
            heard.iter().any(|heard| heard == line),
            "{line}: {heard:#?}"
        );
    }
    assert!(heard.iter().any(|line| line.starts_with("Date: ")));
    assert!(heard.iter().all(|line| line.is_ascii()), "{heard:#?}");
    assert_eq!(heard.last().unwrap(), "QUIT");
}

#[tokio::test]
async fn nothing_in_a_subject_becomes_a_header_or_a_line_of_its_own() {
    let server = Server::that(&[]);

    server
        .mailer()
        .send(
            TO,
            "Water\r\nBcc: eve@example.com\r\n\r\nForged\u{0}",
            "Text",
            ID,
        )
        .await
        .unwrap();

    let heard = server.heard();
    assert!(
        heard
            .iter()
            .any(|line| line == "Subject: Water  Bcc: eve@example.com    Forged"),
        "{heard:#?}"
    );
    assert!(
        !heard
            .iter()
            .any(|line| line.starts_with("Bcc:") || line == "Forged")
    );
}

#[tokio::test]
async fn what_a_server_refuses_is_never_sent_again() {
    for (odd, code) in [
        (
            &[("connect", Says("554 no service here"))] as &'static [_],
            554,
        ),
        (&[("MAIL", Says("552 no room"))], 552),
        (&[("RCPT", Says("550 no such user"))], 550),
        (&[("DATA", Says("554 no"))], 554),
        (&[("message", Says("550-spam\r\n550 we think"))], 550),
    ] {
        let server = Server::that(odd);
        assert_eq!(
            sent_to(&server).await,
            Err(MailProblem::Refused(code)),
            "{code}"
        );
    }
}

#[tokio::test]
async fn what_a_server_puts_off_may_be_sent_again() {
    for (odd, code) in [
        (&[("connect", Says("421 busy"))] as &'static [_], 421),
        (&[("MAIL", Says("451 not now"))], 451),
        (&[("RCPT", Says("450 greylisted"))], 450),
        (&[("DATA", Says("451 not now"))], 451),
        (&[("message", Says("452 no room"))], 452),
    ] {
        let server = Server::that(odd);
        assert_eq!(
            sent_to(&server).await,
            Err(MailProblem::Later(code)),
            "{code}"
        );
    }
}

#[tokio::test]
async fn a_connection_that_ends_before_the_message_was_given_sent_nothing() {
    for odd in [
        &[("connect", Leaves)] as &'static [_],
        &[("connect", Hangs)],
        &[("connect", Says("hello"))],
        &[("EHLO", Leaves)],
        &[("MAIL", Leaves)],
        &[("RCPT", Hangs)],
        &[("DATA", Leaves)],
        &[("DATA", Hangs)],
        &[("DATA", Says("250 not what comes next"))],
    ] {
        let server = Server::that(odd);
        assert_eq!(sent_to(&server).await, Err(MailProblem::Unreached));
        assert!(!server.heard().iter().any(|line| line == "."));
    }
    // A port that was free a moment ago.
    let port = TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let nobody = mailer(port, Security::Plain, None);
    assert_eq!(
        nobody.send(TO, "Water", "Text", ID).await,
        Err(MailProblem::Unreached)
    );
}

#[tokio::test]
async fn a_connection_that_ends_after_the_message_leaves_it_open_whether_it_was_sent() {
    for odd in [
        &[("message", Leaves)] as &'static [_],
        &[("message", Hangs)],
        &[("message", Says("what?"))],
        &[("message", Says("354 still going on"))],
    ] {
        let server = Server::that(odd);
        assert_eq!(sent_to(&server).await, Err(MailProblem::Unknown));
        assert!(server.heard().iter().any(|line| line == "."));
    }
}

#[tokio::test]
async fn a_message_that_was_taken_is_sent_whatever_comes_of_the_goodbye() {
    for odd in [
        &[("QUIT", Leaves)] as &'static [_],
        &[("QUIT", Hangs)],
        &[("QUIT", Says("500 what?"))],
    ] {
        assert_eq!(sent_to(&Server::that(odd)).await, Ok(()));
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_a_server() {
    let nobody = mailer(1, Security::Plain, None);
    for to in [
        "",
        "dana",
        "dana@",
        "Dana <dana@example.com>",
        "dana@example.com, eve@example.com",
        "dana@example.com>\r\nRCPT TO:<eve@example.com",
        "\"da\r\nna\"@example.com",
        "da na@example.com",
    ] {
        assert_eq!(
            nobody.send(to, "Water", "Text", ID).await,
            Err(MailProblem::Refused(553)),
            "{to:?}"
        );
    }
}

#[tokio::test]
async fn an_address_beyond_ascii_is_for_servers_that_know_of_them() {
    let server = Server::that(&[]);
    let sent = server
        .mailer()
        .send("peña@example.com", "Water", "Text", ID)
        .await;
    assert_eq!(sent, Err(MailProblem::Refused(553)));

    let server = Server::that(&[("EHLO", Says("250-mail.example.com\r\n250 SMTPUTF8"))]);
    server
        .mailer()
        .send("peña@example.com", "Water", "Text", ID)
        .await
        .unwrap();
    let heard = server.heard();
    assert_eq!(heard[1], "MAIL FROM:<desk@acme.example> SMTPUTF8");
    assert_eq!(heard[2], "RCPT TO:<peña@example.com>");
}

#[tokio::test]
async fn a_login_is_given_before_the_message_and_its_refusal_is_one() {
    let login = || Some(("desk".to_owned(), SecretString::from("p@ss")));
    let server = Server::that(&[]);
    let mailer_with = |server: &Server| mailer(server.port, Security::Plain, login());
    mailer_with(&server)
        .send(TO, "Water", "Text", ID)
        .await
        .unwrap();
    // RFC 4616: nothing, the user and the password, a NUL before the latter two.
    assert_eq!(server.heard()[1], "AUTH PLAIN AGRlc2sAcEBzcw==");

    let server = Server::that(&[("AUTH", Says("535 no"))]);
    let sent = mailer_with(&server).send(TO, "Water", "Text", ID).await;
    assert_eq!(sent, Err(MailProblem::Refused(535)));
    assert_eq!(server.heard().len(), 2, "nothing was said of a message");
}

#[tokio::test]
async fn without_the_protection_that_is_asked_for_nothing_is_said_of_a_message() {
    let server = Server::that(&[]);
    let sent = mailer(server.port, Security::StartTls, None)
        .send(TO, "Water", "Text", ID)
        .await;
    assert_eq!(sent, Err(MailProblem::Unreached), "it is not offered");
    assert_eq!(server.heard().len(), 1);

    let server = Server::that(&[("connect", Leaves)]);
    let sent = mailer(server.port, Security::Tls, None)
        .send(TO, "Water", "Text", ID)
        .await;
    assert_eq!(sent, Err(MailProblem::Unreached), "it does not speak TLS");
}

#[test]
fn neither_a_login_nor_an_address_nor_a_text_is_shown() {
    let login = Some(("the-user".to_owned(), SecretString::from("the-password")));
    let shown = format!("{:?}", mailer(25, Security::Plain, login));
    assert_eq!(
        shown,
        "Mailer(MailServer { host: \"127.0.0.1\", port: 25, security: Plain, login: Some(\"[redacted]\"), .. })"
    );
}

#[test]
fn this_machine_is_known_by_its_names() {
    for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1"] {
        assert!(is_loopback(host), "{host}");
    }
    for host in ["mail.example.com", "10.0.0.1", "localhost.example.com", ""] {
        assert!(!is_loopback(host), "{host}");
    }
}
