//! E-mail: a message handed to an SMTP server, and its outcome, so that whoever sends it knows whether to send it again.

use std::{fmt, net::IpAddr, time::Duration};

use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Mailbox,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
        response::Severity,
    },
};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::{Instant, timeout, timeout_at};
use uuid::Uuid;

#[cfg(test)]
mod tests;

/// How long a message may take from the first packet to the server's last word: whoever waits for one is not to wait for minutes, as
/// a relay between servers would (RFC 5321, section 4.5.3.2).
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long the server may take to say goodbye, once it accepted the message.
const PARTING: Duration = Duration::from_secs(1);
/// The reply to DATA that asks for the message (RFC 5321, section 4.2.3).
const START_MAIL_INPUT: u16 = 354;
/// "Mailbox name not allowed": what a server says of an address that is none (RFC 5321, section 4.2.3).
const NO_ADDRESS: u16 = 553;

/// How the connection to the server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// TLS before anything is said of a message, or no message (RFC 3207).
    StartTls,
    /// None.
    Plain,
}

/// The server that messages are sent through, and the address that they come from.
///
/// Its `Debug` text shows neither the login nor the address.
#[derive(Clone)]
pub struct MailServer {
    /// Its name or address, as its certificate has it.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The user and the password.
    pub login: Option<(String, SecretString)>,
    /// Who the messages are from.
    pub from: Mailbox,
}

/// Sends e-mail through one server; a connection for each message.
pub struct Mailer {
    server: MailServer,
    tls: Option<TlsParameters>,
    timeout: Duration,
}

/// Why the machine cannot make protected connections to the server.
#[derive(Debug, thiserror::Error)]
#[error("no protected connection can be made to the mail server")]
pub struct Unprotected(#[source] SmtpError);

/// Why a message was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailProblem {
    /// It never will be: the server's reply from 500 on, or 553 for an address that is none.
    #[error("the mail server refused the message with {0}")]
    Refused(u16),
    /// It was not, but may be later: the server's reply from 400 to 499.
    #[error("the mail server put the message off with {0}")]
    Later(u16),
    /// It was not sent: the server was not reached, or the connection ended before the message was given.
    #[error("the mail server was not reached")]
    Unreached,
    /// It may have been sent: the connection ended or grew silent between the message and the server's word on it.
    #[error("the mail server did not say whether it accepted the message")]
    Unknown,
}

impl Mailer {
    /// A client of the server.
    ///
    /// # Errors
    ///
    /// When the connection is to be protected and TLS cannot be set up on this machine.
    pub fn new(server: MailServer) -> Result<Self, Unprotected> {
        let tls = match server.security {
            Security::Plain => None,
            Security::Tls | Security::StartTls => {
                Some(TlsParameters::new(server.host.clone()).map_err(Unprotected)?)
            }
        };
        Ok(Self {
            server,
            tls,
            timeout: TIMEOUT,
        })
    }

    /// Sends a text to one address.
    ///
    /// The Message-ID is made from `id`, so that who gets a message twice, because it was sent again after [`MailProblem::Unknown`],
    /// has one. Nothing in the subject can become a header. The message says that no person wrote it, which keeps other programs from
    /// answering it (RFC 3834, section 5). Its date is the machine's.
    ///
    /// # Errors
    ///
    /// Why it was not sent, or that it may have been.
    pub async fn send(
        &self,
        to: &str,
        subject: &str,
        text: &str,
        id: Uuid,
    ) -> Result<(), MailProblem> {
        let to = address(to).ok_or(MailProblem::Refused(NO_ADDRESS))?;
        let message = self
            .written(to.clone(), subject, text, id)
            .map_err(|_unwritable| MailProblem::Refused(NO_ADDRESS))?;
        let until = Instant::now() + self.timeout;
        let mut connection = timeout_at(until, self.offer(message.envelope(), to))
            .await
            .map_err(|_elapsed| MailProblem::Unreached)??;
        // From here on the server has the message before it says so.
        let reply = timeout_at(until, connection.message(&message.formatted()))
            .await
            .map_err(|_elapsed| MailProblem::Unknown)?
            .map_err(|error| reply_or(&error, MailProblem::Unknown))?;
        if reply.code().severity != Severity::PositiveCompletion {
            return Err(MailProblem::Unknown);
        }
        // The server has accepted the message; how the connection ends changes nothing.
        drop(timeout(PARTING, connection.quit()).await);
        Ok(())
    }

    /// Connects, says whom the message is from and for, and leaves the server waiting for the message.
    async fn offer(
        &self,
        envelope: &Envelope,
        to: Address,
    ) -> Result<AsyncSmtpConnection, MailProblem> {
        let unreached = |error: SmtpError| reply_or(&error, MailProblem::Unreached);
        let hello = ClientId::default();
        let at_once = self
            .tls
            .clone()
            .filter(|_| self.server.security == Security::Tls);
        let place = (self.server.host.as_str(), self.server.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(place, None, &hello, at_once, None)
                .await
                .map_err(unreached)?;
        if self.server.security == Security::StartTls
            && let Some(tls) = &self.tls
        {
            connection
                .starttls(tls.clone(), &hello)
                .await
                .map_err(unreached)?;
        }
        if let Some((user, password)) = &self.server.login {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], &credentials)
                .await
                .map_err(unreached)?;
        }
        let mut parameters = Vec::new();
        let addresses = envelope.to().iter().chain(envelope.from());
        if addresses
            .map(AsRef::<str>::as_ref)
            .any(|address| !address.is_ascii())
        {
            // RFC 6531, section 3.1: such an address means nothing to a server that does not know of them.
            if !connection
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
            {
                return Err(MailProblem::Refused(NO_ADDRESS));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        connection
            .command(Mail::new(envelope.from().cloned(), parameters))
            .await
            .map_err(unreached)?;
        connection
            .command(Rcpt::new(to, Vec::new()))
            .await
            .map_err(unreached)?;
        let reply = connection.command(Data).await.map_err(unreached)?;
        if reply.has_code(START_MAIL_INPUT) {
            Ok(connection)
        } else {
            Err(MailProblem::Unreached)
        }
    }

    fn written(
        &self,
        to: Address,
        subject: &str,
        text: &str,
        id: Uuid,
    ) -> Result<Message, lettre::error::Error> {
        let subject: String = subject
            .chars()
            .map(|letter| if letter.is_control() { ' ' } else { letter })
            .collect();
        let domain = self.server.from.email.domain();
        Message::builder()
            .from(self.server.from.clone())
            .to(to.into())
            .subject(subject.trim())
            .message_id(Some(format!("<{id}@{domain}>")))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(text.to_owned())
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Mailer").field(&self.server).finish()
    }
}

impl fmt::Debug for MailServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MailServer")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("login", &self.login.as_ref().map(|_| "[redacted]"))
            .finish_non_exhaustive()
    }
}

/// Says that a program wrote the message.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Whether a host is this machine, so that nothing said to it leaves the machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// One address, without a name beside it. Nothing that could end a line of the protocol is part of one.
fn address(text: &str) -> Option<Address> {
    let text = text.trim();
    if text
        .chars()
        .any(|letter| letter.is_control() || letter.is_whitespace())
    {
        return None;
    }
    text.parse().ok()
}

/// What the server replied; `otherwise` when it was no reply that failed.
fn reply_or(error: &SmtpError, otherwise: MailProblem) -> MailProblem {
    match error.status() {
        Some(code) if error.is_permanent() => MailProblem::Refused(code.into()),
        Some(code) => MailProblem::Later(code.into()),
        None => otherwise,
    }
}
