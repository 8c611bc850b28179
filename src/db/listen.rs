//! Hears what the database announces: one connection of its own on `LISTEN`, made again whenever it is lost.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;
use tokio_postgres::AsyncMessage;
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::sync::CancellationToken;

use crate::error::causes;

/// The channel on which the triggers of the schema announce that routing, settings or credentials changed.
pub const DIRECTORY_CHANNEL: &str = "frontdesk_directory";

const FIRST_RETRY: Duration = Duration::from_millis(100);
const LONGEST_RETRY: Duration = Duration::from_secs(5);

/// What the listener hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The connection stands: everything that was missed before may now be read afresh.
    Connected,
    /// The connection is gone: until it is back, nothing that was remembered can be trusted to be true.
    Lost,
    /// Something changed.
    Changed,
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
            lost = session => {
                if let Err(error) = lost {
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
        pause = (pause * 2).min(LONGEST_RETRY);
    }
}

/// One connection's life: ends when it is lost.
async fn listen_once(
    config: &tokio_postgres::Config,
    tls: &MakeRustlsConnect,
    channel: &str,
    heard: &mpsc::Sender<Heard>,
    pause: &mut Duration,
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = config.connect(tls.clone()).await?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let command = format!("listen {channel}");
    let subscribed = client.batch_execute(&command);
    tokio::pin!(subscribed);
    let mut listening = false;
    loop {
        tokio::select! {
            done = &mut subscribed, if !listening => {
                done?;
                listening = true;
                *pause = FIRST_RETRY;
                if heard.send(Heard::Connected).await.is_err() {
                    return Ok(());
                }
            }
            message = messages.next() => match message {
                Some(Ok(AsyncMessage::Notification(_))) => {
                    if heard.send(Heard::Changed).await.is_err() {
                        return Ok(());
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Ok(()),
            }
        }
    }
}
