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
    /// One that is well.
    fn well() -> Self {
        Self::that("nowhere", Leaves)
    }

    /// One that does this at one point: `connect`, the first word of a command, or `message` when it was given.
    fn that(odd: &'static str, does: Does) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = thread::spawn(move || {
            let mut heard = Vec::new();
            let (stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut point = "connect".to_owned();
            loop {
                let reply = match does {
                    _ if point != odd => usual(&point),
                    Says(reply) => reply,
                    Leaves => return heard,
                    Hangs => {
                        heard.extend(lines.map_while(Result::ok));
                        return heard;
                    }
                };
                write!(&stream, "{reply}\r\n").unwrap();
                let in_message = point == "DATA";
                loop {
                    let Some(Ok(line)) = lines.next() else {
                        return heard;
                    };
                    heard.push(line.clone());
                    if !in_message {
                        let word = line.split_whitespace().next();
                        point = word.unwrap_or_default().to_owned();
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
        from: "Front office <office@acme.example>".parse().unwrap(),
    };
    let mut mailer = Mailer::new(server).unwrap();
    mailer.timeout = Duration::from_millis(500);
    mailer
}

async fn sent(mailer: &Mailer, to: &str) -> Result<(), MailProblem> {
    mailer
        .send(to, "Water", "It comes through the ceiling.", ID)
        .await
}

#[tokio::test]
async fn a_message_is_given_with_what_keeps_other_programs_quiet_and_a_repeat_known() {
    let server = Server::well();
    let text = "¡Agua!\n.\n.and a line with a dot\n";

    let mailer = server.mailer();
    let sending = mailer.send(" dana@example.com ", "Water at Hauptstraße", text, ID);
    sending.await.unwrap();

    let heard = server.heard();
    assert_eq!(heard[1], "MAIL FROM:<office@acme.example>");
    assert_eq!(heard[2], "RCPT TO:<dana@example.com>");
    for line in [
        "From: \"Front office\" <office@acme.example>",
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
    let server = Server::well();
    let subject = "Water\r\nBcc: eve@example.com\r\n\r\nForged\u{0}";

    let mailer = server.mailer();
    mailer.send(TO, subject, "Text", ID).await.unwrap();

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
async fn what_a_server_refuses_is_never_sent_again_and_what_it_puts_off_may_be() {
    use MailProblem::{Later, Refused};
    for (at, reply, problem) in [
        ("connect", "554 no service here", Refused(554)),
        ("MAIL", "552 no room", Refused(552)),
        ("RCPT", "550 no such user", Refused(550)),
        ("DATA", "554 no", Refused(554)),
        ("message", "550-spam\r\n550 we think", Refused(550)),
        ("connect", "421 busy", Later(421)),
        ("MAIL", "451 not now", Later(451)),
        ("RCPT", "450 greylisted", Later(450)),
        ("DATA", "451 not now", Later(451)),
        ("message", "452 no room", Later(452)),
    ] {
        let server = Server::that(at, Says(reply));
        assert_eq!(sent(&server.mailer(), TO).await, Err(problem), "{reply}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_before_the_message_was_given_sent_nothing() {
    for (at, does) in [
        ("connect", Leaves),
        ("connect", Hangs),
        ("connect", Says("hello")),
        ("EHLO", Leaves),
        ("MAIL", Leaves),
        ("RCPT", Hangs),
        ("DATA", Leaves),
        ("DATA", Hangs),
        ("DATA", Says("250 not what comes next")),
    ] {
        let server = Server::that(at, does);
        let ended = sent(&server.mailer(), TO).await;
        assert_eq!(ended, Err(MailProblem::Unreached));
        assert!(!server.heard().iter().any(|line| line == "."));
    }
    // A port that was free a moment ago.
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr();
    let nobody = mailer(free.unwrap().port(), Security::Plain, None);
    assert_eq!(sent(&nobody, TO).await, Err(MailProblem::Unreached));
}

#[tokio::test]
async fn a_connection_that_ends_after_the_message_leaves_it_open_whether_it_was_sent() {
    for does in [Leaves, Hangs, Says("what?"), Says("354 still going on")] {
        let server = Server::that("message", does);
        let ended = sent(&server.mailer(), TO).await;
        assert_eq!(ended, Err(MailProblem::Unknown));
        assert!(server.heard().iter().any(|line| line == "."));
    }
}

#[tokio::test]
async fn a_message_that_was_accepted_is_sent_whatever_comes_of_the_goodbye() {
    for does in [Leaves, Hangs, Says("500 what?")] {
        let server = Server::that("QUIT", does);
        assert_eq!(sent(&server.mailer(), TO).await, Ok(()));
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
        let ended = sent(&nobody, to).await;
        assert_eq!(ended, Err(MailProblem::Refused(553)), "{to:?}");
    }
}

#[tokio::test]
async fn an_address_beyond_ascii_is_for_servers_that_know_of_them() {
    let to = "peña@example.com";
    let ended = sent(&Server::well().mailer(), to).await;
    assert_eq!(ended, Err(MailProblem::Refused(553)));

    let server = Server::that("EHLO", Says("250-mail.example.com\r\n250 SMTPUTF8"));
    sent(&server.mailer(), to).await.unwrap();
    let heard = server.heard();
    assert_eq!(heard[1], "MAIL FROM:<office@acme.example> SMTPUTF8");
    assert_eq!(heard[2], "RCPT TO:<peña@example.com>");
}

#[tokio::test]
async fn a_login_is_given_before_the_message_and_its_refusal_is_one() {
    let login = || Some(("office".to_owned(), SecretString::from("p@ss")));
    let server = Server::well();
    let mailer_with = |server: &Server| mailer(server.port, Security::Plain, login());
    sent(&mailer_with(&server), TO).await.unwrap();
    // RFC 4616: nothing, the user and the password, a NUL before the latter two.
    assert_eq!(server.heard()[1], "AUTH PLAIN AG9mZmljZQBwQHNz");

    let server = Server::that("AUTH", Says("535 no"));
    let ended = sent(&mailer_with(&server), TO).await;
    assert_eq!(ended, Err(MailProblem::Refused(535)));
    assert_eq!(server.heard().len(), 2, "nothing was said of a message");
}

#[tokio::test]
async fn without_the_protection_that_is_asked_for_nothing_is_said_of_a_message() {
    let server = Server::well();
    let ended = sent(&mailer(server.port, Security::StartTls, None), TO).await;
    assert_eq!(ended, Err(MailProblem::Unreached), "it is not offered");
    assert_eq!(server.heard().len(), 1);

    let server = Server::that("connect", Leaves);
    let ended = sent(&mailer(server.port, Security::Tls, None), TO).await;
    assert_eq!(ended, Err(MailProblem::Unreached), "it does not speak TLS");
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
