//! How connections are made, and on which runtime they live.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use deadpool::managed::QueueMode;
use deadpool_postgres::{Connect, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use futures_util::future::select_ok;
use tokio::{runtime::Handle, sync::Notify, task::JoinHandle};
use tokio_postgres::{
    Client, Config, Socket,
    config::{Host, TargetSessionAttrs},
    tls::MakeTlsConnect,
};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::task::AbortOnDropHandle;

use super::{Options, role};
use crate::error::{Error, Result, causes};

/// The server, and how its connections are used.
#[derive(Clone)]
pub(super) struct Server {
    /// Where it is.
    pub(super) config: Config,
    /// How it authenticates itself.
    pub(super) tls: MakeRustlsConnect,
    /// How its connections are used.
    pub(super) options: Options,
    /// Told of every commit, also of one of which it is not known whether it was kept.
    pub(super) committed: Arc<Notify>,
}

impl fmt::Debug for Server {
    /// Shows no password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(formatter)
    }
}

/// Makes connections that live on one runtime, whoever asks for them: their sockets belong to it, and their driver tasks.
///
/// actix gives each of its workers a runtime of its own that ends when the worker does; work that outlives a request
/// (a booking whose caller was already told "one moment") must not lose its connection with it.
struct Connector {
    tls: MakeRustlsConnect,
    runtime: Handle,
    options: Options,
}

type Stream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;
type Connected = (Client, tokio_postgres::Connection<Socket, Stream>);

/// Connects to the server, or, where several are given and one that takes writes is asked for, to the first of them that answers: one
/// that is gone, or hangs, is not waited for.
///
/// # Errors
///
/// When none of them takes the connection. How long a server may take over it is for the caller to bound.
pub async fn connect(
    config: &Config,
    tls: &MakeRustlsConnect,
) -> Result<Connected, tokio_postgres::Error> {
    let hosts = config.get_hosts().len().max(config.get_hostaddrs().len());
    if hosts < 2 || config.get_target_session_attrs() != TargetSessionAttrs::ReadWrite {
        return config.connect(tls.clone()).await;
    }
    let attempts = (0..hosts).map(|index| {
        let host = only_host(config, index);
        Box::pin(async move { host.connect(tls.clone()).await })
    });
    select_ok(attempts).await.map(|(connected, _)| connected)
}

/// The same settings for one of the hosts.
fn only_host(config: &Config, index: usize) -> Config {
    let mut only = Config::new();
    if let Some(host) = config.get_hosts().get(index) {
        match host {
            Host::Tcp(name) => only.host(name),
            Host::Unix(folder) => only.host_path(folder),
        };
    }
    if let Some(address) = config.get_hostaddrs().get(index) {
        only.hostaddr(*address);
    }
    let ports = config.get_ports();
    if let Some(port) = ports.get(index).or(ports.first()) {
        only.port(*port);
    }
    if let Some(user) = config.get_user() {
        only.user(user);
    }
    if let Some(password) = config.get_password() {
        only.password(password);
    }
    if let Some(name) = config.get_dbname() {
        only.dbname(name);
    }
    if let Some(options) = config.get_options() {
        only.options(options);
    }
    if let Some(name) = config.get_application_name() {
        only.application_name(name);
    }
    if let Some(timeout) = config.get_connect_timeout() {
        only.connect_timeout(*timeout);
    }
    if let Some(timeout) = config.get_tcp_user_timeout() {
        only.tcp_user_timeout(*timeout);
    }
    if let Some(interval) = config.get_keepalives_interval() {
        only.keepalives_interval(interval);
    }
    if let Some(retries) = config.get_keepalives_retries() {
        only.keepalives_retries(retries);
    }
    only.ssl_mode(config.get_ssl_mode())
        .ssl_negotiation(config.get_ssl_negotiation())
        .keepalives(config.get_keepalives())
        .keepalives_idle(config.get_keepalives_idle())
        .target_session_attrs(config.get_target_session_attrs())
        .channel_binding(config.get_channel_binding());
    only
}

impl Connect for Connector {
    fn connect(
        &self,
        config: &Config,
    ) -> Pin<
        Box<
            dyn Future<Output = Result<(Client, JoinHandle<()>), tokio_postgres::Error>>
                + Send
                + '_,
        >,
    > {
        let (config, tls, options) = (config.clone(), self.tls.clone(), self.options.clone());
        let connecting = self.runtime.spawn(async move {
            let (client, connection) = connect(&config, &tls).await?;
            let driver = tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::warn!(error = causes(&error), "a database connection ended");
                }
            });
            role::take(&client, &options).await?;
            Ok((client, driver))
        });
        // Whoever waits gives up in time; an attempt that hangs must not outlive that.
        let connecting = AbortOnDropHandle::new(connecting);
        Box::pin(async move {
            // It ends early only with its runtime, of which nobody waits for anything then.
            match connecting.await {
                Ok(connected) => connected,
                Err(_ended) => std::future::pending().await,
            }
        })
    }
}

impl Server {
    /// A pool of connections that live on the current runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] when the pool cannot be built from these options.
    pub(super) fn pool(&self, size: usize) -> Result<Pool> {
        let options = &self.options;
        let manager = Manager::from_connect(
            self.config.clone(),
            Connector {
                tls: self.tls.clone(),
                runtime: Handle::current(),
                options: options.clone(),
            },
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        Pool::builder(manager)
            .max_size(size)
            // The one that was used last: the server has planned on it what the rare tools ask, and those beyond the need hold no buffers.
            .queue_mode(QueueMode::Lifo)
            .wait_timeout(Some(options.acquire_timeout))
            .create_timeout(Some(options.acquire_timeout))
            .recycle_timeout(Some(options.acquire_timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::Unreachable(error.into()))
    }
}
