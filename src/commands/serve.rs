//! `frontdesk serve`: the service, until SIGTERM or Ctrl-C.

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    config::{Config, Settings},
    startup::Application,
    telemetry::{self, LogFormat},
};

/// Starts logging and serves.
///
/// # Errors
///
/// A setting that cannot be used, or what stopped the start or the service.
pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let log = &settings.log;
    telemetry::start_logs(log.filter(), log.log_format.unwrap_or(LogFormat::Json));
    serve(settings.understand()?, |_| {}).await
}

/// Serves with settings that are understood; `ready` is called with the port once it listens.
///
/// # Errors
///
/// What stopped the start or the service.
pub async fn serve(config: Config, ready: impl FnOnce(u16)) -> anyhow::Result<()> {
    let (mut listen, mut admin) = (config.settings.listen, config.settings.admin_listen);
    let application = Box::pin(Application::build(config)).await?;
    listen.set_port(application.port());
    admin.set_port(application.admin_port());
    tracing::info!(
        %listen,
        admin.listen = %admin,
        version = env!("CARGO_PKG_VERSION"),
        "listening"
    );
    ready(application.port());
    application.run_until(stop_signal()?).await?;
    Ok(())
}

/// Completes on SIGTERM, as a platform sends it, or on SIGINT, as a keyboard does.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be awaited")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be awaited")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
