//! Hears what the database announces: one connection of its own on `LISTEN`, made again whenever it is lost.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::{sync::mpsc, time::timeout};
use tokio_postgres::AsyncMessage;
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::sync::CancellationToken;

use super::connector::connect;
use crate::error::causes;

/// The channel on which the triggers of the schema announce that routing, settings or credentials changed.
pub const DIRECTORY_CHANNEL: &str = "frontdesk_directory";

/// How long what was heard may be relied on after the last [`Heard`]: longer than from one answered ping to the next.
pub const MAX_SILENCE: Duration = Duration::from_secs(20);

const FIRST_RETRY: Duration = Duration::from_millis(100);
const MAX_RETRY: Duration = Duration::from_secs(5);

/// How often the server is asked whether the connection still stands: a connection that was cut off somewhere on the way hears nothing.
const PING_INTERVAL: Duration = Duration::from_secs(10);
/// How long the server may take over that, and over a connection.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// What the listener hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The connection stands: everything that was missed before may now be read afresh.
    Connected,
    /// The connection still stands.
    Alive,
    /// The connection is gone: until it is back, nothing that was remembered can be trusted to be true.
    Lost,
    /// Something changed.
    Changed,
}

/// Why a connection is lost.
#[derive(Debug, thiserror::Error)]
enum Lost {
    #[error(transparent)]
    Failed(#[from] tokio_postgres::Error),
    #[error("the database did not answer in time")]
    Silent(#[from] tokio::time::error::Elapsed),
    #[error("the database closed the connection")]
    Closed,
}

/// Listens on `channel` until `stop`, and reports into `heard`.
pub async fn listen(
    config: tokio_postgres::Config,
    tls: MakeRustlsConnect,
    channel: &'static str,
    heard: mpsc::Sender<Heard>,
    stop: CancellationToken,
) {
    let mut pause = FIRST_RETRY;
    loop {
        let session = listen_once(&config, &tls, channel, &heard, &mut pause);
        tokio::select! {
            // A database that goes away because everything stops is nothing to warn of.
            biased;
            () = stop.cancelled() => return,
            ended = session => {
                if let Err(error) = ended {
                    tracing::warn!(error = causes(&error), retry_ms = pause.as_millis(), "not listening to the database");
                }
            }
        }
        if heard.send(Heard::Lost).await.is_err() {
            return;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(MAX_RETRY);
    }
}

/// One connection's life: ends when it is lost, or when nobody wants to hear any more.
async fn listen_once(
    config: &tokio_postgres::Config,
    tls: &MakeRustlsConnect,
    channel: &str,
    heard: &mpsc::Sender<Heard>,
    pause: &mut Duration,
) -> Result<(), Lost> {
    let (client, mut connection) = timeout(ANSWER_TIMEOUT, connect(config, tls)).await??;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let command = format!("listen {channel}");
    let announcements = async {
        while let Some(message) = messages.next().await {
            if matches!(message?, AsyncMessage::Notification(_))
                && heard.send(Heard::Changed).await.is_err()
            {
                return Ok(());
            }
        }
        Err(Lost::Closed)
    };
    // The connection is driven by reading its messages, so both go on at once.
    let pings = async {
        timeout(ANSWER_TIMEOUT, client.batch_execute(&command)).await??;
        *pause = FIRST_RETRY;
        let mut next = Heard::Connected;
        while heard.send(next).await.is_ok() {
            tokio::time::sleep(PING_INTERVAL).await;
            timeout(ANSWER_TIMEOUT, client.batch_execute("")).await??;
            next = Heard::Alive;
        }
        Ok(())
    };
    tokio::select! {
        ended = announcements => ended,
        ended = pings => ended,
    }
}
