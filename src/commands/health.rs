//! `frontdesk health`: asks the service on this machine whether it lives, so that a container needs no other program.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, bail};
use clap::Args;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Whom to ask.
#[derive(Args)]
pub struct HealthSettings {
    /// Where the webhook is served.
    #[arg(
        long,
        env = "FRONTDESK_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080"
    )]
    listen: SocketAddr,
}

/// Asks `/health/live`; fails unless the answer is 200 within two seconds.
///
/// # Errors
///
/// When the service cannot be reached or does not answer 200.
pub async fn run(settings: &HealthSettings) -> anyhow::Result<()> {
    let port = settings.listen.port();
    // A service that listens on all addresses is asked on loopback.
    let host = if settings.listen.ip().is_unspecified() {
        "127.0.0.1".to_owned()
    } else {
        settings.listen.ip().to_string()
    };
    tokio::time::timeout(Duration::from_secs(2), ask(&host, port))
        .await
        .context("the service does not answer")?
}

async fn ask(host: &str, port: u16) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect((host, port))
        .await
        .with_context(|| format!("nothing listens on port {port}"))?;
    stream
        .write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await?;
    let mut answer = Vec::new();
    stream.take(4_096).read_to_end(&mut answer).await?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        bail!("the service does not say that it lives");
    }
    Ok(())
}
