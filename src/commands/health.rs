//! `frontdesk health`: asks one of the health pages of the service on this machine, so that a container needs no other program.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum, builder::PossibleValue};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::config::{address, read};

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Check {
    /// Whether the process answers at all. An orchestrator may restart a container that fails it.
    Live,
    /// Whether calls should come here: fails while the service stops, and not while the database is away.
    Serving,
    /// Whether calls can be answered from the database. A restart does not mend that.
    Ready,
}

impl Check {
    /// How long its answer may take; readiness waits for the database.
    fn timeout(self) -> Duration {
        match self {
            Self::Live | Self::Serving => Duration::from_secs(2),
            Self::Ready => Duration::from_secs(5),
        }
    }
}

/// What to ask, and whom.
#[derive(Args)]
pub struct HealthSettings {
    /// What to ask. The default is the one for a container's health check: it fails only where a restart helps.
    #[arg(value_enum, default_value = "live")]
    check: Check,
    /// Where the webhook is served.
    #[arg(long, env = "FRONTDESK_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = read(address))]
    listen: SocketAddr,
}

/// Asks a health page; fails unless the answer is 200 in time.
///
/// # Errors
///
/// When the service cannot be reached or does not answer 200.
pub async fn run(settings: &HealthSettings) -> anyhow::Result<()> {
    let mut listen = settings.listen;
    // A service that listens on all addresses is asked on loopback.
    if listen.ip().is_unspecified() {
        listen.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    tokio::time::timeout(settings.check.timeout(), ask(listen, settings.check))
        .await
        .context("the service does not answer")?
}

async fn ask(listen: SocketAddr, check: Check) -> anyhow::Result<()> {
    let name = check.to_possible_value();
    let path = format!(
        "/health/{}",
        name.as_ref().map_or("", PossibleValue::get_name)
    );
    let mut stream = TcpStream::connect(listen)
        .await
        .with_context(|| format!("nothing listens on port {}", listen.port()))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(4_096).read_to_end(&mut answer).await?;
    if answer.starts_with(b"HTTP/1.1 200") {
        return Ok(());
    }
    // The body is one line of JSON that says what is wrong.
    let answer = String::from_utf8_lossy(&answer);
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    bail!("{path} does not answer 200: {body}");
}
