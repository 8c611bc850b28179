//! The consent of an account's owner, in a browser: where they are sent, and how the code that they come back with is received.
//!
//! On the machine of the command it is received by the command itself, on a loopback address. Else the service receives it and stores it
//! encrypted, and the command picks it up from the database: what is needed to use it never leaves the command.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::{Instant, sleep, timeout},
};
use url::Url;

use crate::{
    calendar::oauth::{Attempt, Grant, Registration},
    commands::prelude::*,
    keyring::{Keyring, Place, Sealed},
    startup,
};

pub(super) use crate::calendar_callbacks::CALLBACK;
use crate::calendar_callbacks::CODE;

const ADD: Sql = sql!("org_ask_consent", [BYTEA, UUID]);
const TAKE: Sql = sql!("org_take_consent", [BYTEA, UUID]);

/// How long the owner has.
const TIMEOUT: Duration = Duration::from_mins(10);
/// How often the database is asked.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a browser that has connected may take to send its request.
const READ_TIMEOUT: Duration = Duration::from_secs(2);
/// The longest request of a browser that is read.
const MAX_REQUEST: usize = 16_384;

/// Asks the owner, and exchanges the code that they come back with: to `callback`, or else to this machine.
pub(super) async fn ask(
    client: &Client,
    organization_id: Uuid,
    keyring: &Keyring,
    registration: &Registration,
    callback: Option<Url>,
) -> anyhow::Result<Grant> {
    let attempt = Attempt::new()?;
    let (redirect, code) = if let Some(callback) = callback {
        let redirect = callback.to_string();
        let state = Sha256::digest(attempt.state.expose_secret()).to_vec();
        query(client, &ADD, &[&state, &organization_id]).await?;
        invite(&registration.authorization_url(&attempt, &redirect));
        let code = stored(client, &state, organization_id, keyring).await?;
        (redirect, code)
    } else {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("no loopback address can be listened on")?;
        // Microsoft takes any port of this name only, and Google takes it as well.
        let redirect = format!("http://localhost:{}/", listener.local_addr()?.port());
        invite(&registration.authorization_url(&attempt, &redirect));
        let code = timeout(TIMEOUT, received(&listener, &attempt))
            .await
            .context("nobody agreed within ten minutes; run the command again")??;
        (redirect, code)
    };
    let grant = registration
        .exchange(&startup::http()?, &code, &attempt.verifier, &redirect)
        .await
        .context("the consent cannot be used")?;
    let missing = grant.missing(registration);
    if !missing.is_empty() {
        bail!(
            "the owner did not agree to everything: {} is missing; run the command again",
            missing.join(", ")
        );
    }
    Ok(grant)
}

fn invite(url: &Url) {
    eprintln!("Open this page in a browser, as the owner of the calendar:\n\n{url}\n");
}

/// The code that the service received and stored.
async fn stored(
    client: &Client,
    state: &[u8],
    organization_id: Uuid,
    keyring: &Keyring,
) -> anyhow::Result<SecretString> {
    let until = Instant::now() + TIMEOUT;
    while Instant::now() < until {
        let params: Params<'_> = &[&state, &organization_id];
        let rows = query(client, &TAKE, params).await?;
        if let Some(row) = rows.first() {
            if let Some(refusal) = row.try_get::<_, Option<String>>("refusal")? {
                bail!("the owner did not agree: {refusal}");
            }
            let sealed = Sealed {
                text: row.try_get("code")?,
                key_id: row.try_get("key_id")?,
            };
            let place = Place {
                organization_id,
                name: CODE,
            };
            return Ok(keyring.open(place, &sealed)?);
        }
        sleep(PAUSE).await;
    }
    bail!("nobody agreed within ten minutes; run the command again")
}

/// The code that a browser brings to this machine.
async fn received(listener: &TcpListener, attempt: &Attempt) -> anyhow::Result<SecretString> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        let mut request = Vec::new();
        let reading = async {
            while !request.windows(4).any(|end| end == b"\r\n\r\n")
                && request.len() < MAX_REQUEST
                && matches!(stream.read_buf(&mut request).await, Ok(1..))
            {}
        };
        // A browser may open a connection before it has anything to send, or close one: the next one has it.
        drop(timeout(READ_TIMEOUT, reading).await);
        let text = String::from_utf8_lossy(&request);
        let path = text.split_whitespace().nth(1).unwrap_or_default();
        let answer = Url::parse(&format!("http://127.0.0.1{path}"))
            .ok()
            .map(|url| Answer::of(&url))
            .filter(|answer| answer.state.as_deref() == Some(attempt.state.expose_secret()));
        let (status, words) = match &answer {
            Some(Answer { code: Some(_), .. }) => ("200 OK", "Thank you. You can close this page."),
            Some(_) => ("200 OK", "You did not agree; nothing was connected."),
            None => ("404 Not Found", "There is nothing here."),
        };
        let page = format!(
            "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\nreferrer-policy: no-referrer\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{words}",
            words.len()
        );
        // What the browser shows decides nothing.
        drop(stream.write_all(page.as_bytes()).await);
        drop(stream.shutdown().await);
        match answer {
            Some(Answer {
                code: Some(code), ..
            }) => return Ok(code),
            Some(answer) => bail!(
                "the owner did not agree: {}",
                answer.error.as_deref().unwrap_or("no code")
            ),
            None => {}
        }
    }
}

/// What an owner comes back with.
struct Answer {
    state: Option<String>,
    code: Option<SecretString>,
    error: Option<String>,
}

impl Answer {
    fn of(url: &Url) -> Self {
        let value = |name: &str| {
            url.query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        Self {
            state: value("state"),
            code: value("code").map(SecretString::from),
            error: value("error"),
        }
    }
}
