//! The server that e-mail is sent through.

use clap::Args;
use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::{Host, Url};

use super::{SettingError, read::read};
use crate::mail::{MailServer, Security, is_loopback};

/// The ports for messages with TLS from the start, and without (RFC 8314, section 7.3, and RFC 6409, section 3.1).
const TLS_PORT: u16 = 465;
const PORT: u16 = 587;

/// The server of e-mail, as it was given.
#[derive(Args, Clone)]
pub struct MailSettings {
    /// The server that e-mail is sent through: <smtps://user:password@mail.example.com>, or
    /// <smtp://user:password@mail.example.com:587?tls=required>; without it no e-mail is sent.
    #[arg(long, env = "FRONTDESK_SMTP_URL", hide_env_values = true, value_name = "URL", value_parser = read(server))]
    smtp_url: Option<Server>,
    /// The address that e-mail comes from, such as Front office <office@example.com>.
    #[arg(long, env = "FRONTDESK_MAIL_FROM", value_name = "ADDRESS", value_parser = read(from))]
    mail_from: Option<Mailbox>,
}

/// A server as its URL has it.
#[derive(Clone)]
struct Server {
    host: String,
    port: u16,
    security: Security,
    login: Option<(String, SecretString)>,
}

impl MailSettings {
    /// Understands the server of e-mail; `None` when none is set.
    ///
    /// # Errors
    ///
    /// The setting that is missing beside the other.
    pub fn understand(self) -> Result<Option<MailServer>, SettingError> {
        match (self.smtp_url, self.mail_from) {
            (None, None) => Ok(None),
            (Some(server), Some(from)) => Ok(Some(MailServer {
                host: server.host,
                port: server.port,
                security: server.security,
                login: server.login,
                from,
            })),
            (Some(_), None) => Err(SettingError::new(
                "FRONTDESK_MAIL_FROM",
                "",
                "the address that e-mail through FRONTDESK_SMTP_URL comes from",
            )),
            (None, Some(_)) => Err(SettingError::new(
                "FRONTDESK_SMTP_URL",
                "",
                "the server that e-mail from FRONTDESK_MAIL_FROM is sent through",
            )),
        }
    }
}

fn from(name: &str, text: &str) -> Result<Mailbox, SettingError> {
    let allowed = "an address such as office@example.com or Front office <office@example.com>";
    text.parse()
        .map_err(|_unreadable| SettingError::new(name, text, allowed))
}

fn server(name: &str, text: &str) -> Result<Server, SettingError> {
    let form = || {
        SettingError::secret(
            name,
            "smtps://user:password@host:465, smtp://user:password@host:587?tls=required or smtp://127.0.0.1:2525; user and \
             password percent-encoded, both or neither",
        )
    };
    let url = Url::parse(text).map_err(|_unreadable| form())?;
    if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        return Err(form());
    }
    let host = host(&url).ok_or_else(form)?;
    let security = security(name, &url, &host, form)?;
    let login = match (decoded(url.username()), url.password().map(decoded)) {
        (Some(user), None) if user.is_empty() => None,
        (Some(user), Some(Some(password))) if !user.is_empty() && !password.is_empty() => {
            Some((user, SecretString::from(password)))
        }
        _ => return Err(form()),
    };
    let usual = if security == Security::Tls {
        TLS_PORT
    } else {
        PORT
    };
    Ok(Server {
        host,
        port: url.port().unwrap_or(usual),
        security,
        login,
    })
}

/// How the connection is protected: in plain text only where it does not leave the machine, or where that is asked for by name.
fn security(
    name: &str,
    url: &Url,
    host: &str,
    form: impl Fn() -> SettingError,
) -> Result<Security, SettingError> {
    match (url.scheme(), url.query()) {
        ("smtps", None) => Ok(Security::Tls),
        ("smtp", Some("tls=required")) => Ok(Security::StartTls),
        ("smtp", Some("tls=none")) => Ok(Security::Plain),
        ("smtp", None) if is_loopback(host) => Ok(Security::Plain),
        ("smtp", None) => Err(SettingError::secret(
            name,
            "smtps:// or smtp:// with ?tls=required for a host that is not this machine; ?tls=none sends in plain text",
        )),
        _ => Err(form()),
    }
}

/// The host as it is connected to: a name, or an address without brackets.
fn host(url: &Url) -> Option<String> {
    match url.host()? {
        // The library reads an address of four numbers as a name where it does not know the scheme.
        Host::Domain(name) => name
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'.' | b'-'))
            .then(|| name.to_owned())
            .filter(|name| !name.is_empty()),
        Host::Ipv4(address) => Some(address.to_string()),
        Host::Ipv6(address) => Some(address.to_string()),
    }
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text)
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    const FROM: &str = "Front office <office@acme.example>";

    /// As from the environment, where what is blank is not set.
    fn understood(url: &str, sender: &str) -> Result<Option<MailServer>, SettingError> {
        let is_set = |text: &&str| !text.trim().is_empty();
        let url = Some(url).filter(is_set);
        let sender = Some(sender).filter(is_set);
        MailSettings {
            smtp_url: url
                .map(|url| server("FRONTDESK_SMTP_URL", url))
                .transpose()?,
            mail_from: sender
                .map(|text| from("FRONTDESK_MAIL_FROM", text))
                .transpose()?,
        }
        .understand()
    }

    #[test]
    fn without_settings_there_is_no_server() {
        assert!(understood("", "").unwrap().is_none());
        assert!(understood(" ", "  ").unwrap().is_none());
    }

    #[test]
    fn a_server_is_read_from_its_url() {
        for (url, host, port, security, login) in [
            (
                "smtps://office:p%40ss%3A%2F@mail.example.com",
                "mail.example.com",
                465,
                Security::Tls,
                Some(("office", "p@ss:/")),
            ),
            (
                "smtps://office%40acme.example:x+y@mail.example.com:8465/",
                "mail.example.com",
                8465,
                Security::Tls,
                Some(("office@acme.example", "x+y")),
            ),
            (
                "smtp://mail.example.com?tls=required",
                "mail.example.com",
                587,
                Security::StartTls,
                None,
            ),
            (
                "smtp://127.0.0.1:2525",
                "127.0.0.1",
                2525,
                Security::Plain,
                None,
            ),
            ("smtp://[::1]:2525", "::1", 2525, Security::Plain, None),
            ("smtp://localhost", "localhost", 587, Security::Plain, None),
            (
                "smtp://10.0.0.7:25?tls=none",
                "10.0.0.7",
                25,
                Security::Plain,
                None,
            ),
        ] {
            let server = understood(url, FROM).unwrap().unwrap();
            assert_eq!(server.host, host, "{url}");
            assert_eq!(server.port, port, "{url}");
            assert_eq!(server.security, security, "{url}");
            let given = server
                .login
                .as_ref()
                .map(|(user, password)| (user.as_str(), password.expose_secret()));
            assert_eq!(given, login, "{url}");
            assert_eq!(
                server.from.to_string(),
                "Front office <office@acme.example>"
            );
        }
    }

    #[test]
    fn a_url_that_cannot_be_used_is_refused_without_being_shown() {
        for (url, part) in [
            ("mail.example.com", "smtps://user:password@host:465"),
            ("https://mail.example.com", "smtps://"),
            ("smtp://", "smtps://"),
            ("smtps://", "smtps://"),
            ("smtps://user:S3CRET@mail.example.com/inbox", "smtps://"),
            ("smtps://user:S3CRET@mail.example.com#x", "smtps://"),
            ("smtps://user:S3CRET@mail.example.com?tls=none", "smtps://"),
            ("smtps://user@mail.example.com", "both or neither"),
            ("smtps://:S3CRET@mail.example.com", "both or neither"),
            ("smtps://S3CRET:@mail.example.com", "both or neither"),
            ("smtps://user:S3CRET%FF@mail.example.com", "percent-encoded"),
            ("smtp://user:S3CRET@mail.example.com", "?tls=required"),
            ("smtp://10.0.0.7:25", "?tls=required"),
            ("smtp://localhost?tls=maybe", "smtps://"),
            ("smtp://localhost?tls=required&x=1", "smtps://"),
            ("smtp://mail_example.com%20x?tls=required", "smtps://"),
        ] {
            let problem = understood(url, FROM).unwrap_err().to_string();
            assert!(
                problem.starts_with("FRONTDESK_SMTP_URL (a secret, not shown)"),
                "{url}: {problem}"
            );
            assert!(problem.contains(part), "{url}: {problem}");
            assert!(!problem.contains("S3CRET"), "{problem}");
        }
    }

    #[test]
    fn the_server_and_the_address_need_each_other() {
        for (url, from, problem) in [
            ("smtp://localhost", "", "FRONTDESK_MAIL_FROM is not set"),
            ("", FROM, "FRONTDESK_SMTP_URL is not set"),
            (
                "smtp://localhost",
                "office",
                "FRONTDESK_MAIL_FROM is \"office\"",
            ),
        ] {
            let said = understood(url, from).unwrap_err().to_string();
            assert!(said.starts_with(problem), "{said}");
        }
    }
}
