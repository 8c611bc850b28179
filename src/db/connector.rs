//! How connections are made, and on which runtime they live.

use std::{fmt, future::Future, pin::Pin};

use deadpool_postgres::{Connect, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use tokio::{runtime::Handle, task::JoinHandle};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Options, role};
use crate::error::{Error, Result, causes};

/// The server, and how its connections are used.
#[derive(Clone)]
pub(super) struct Server {
    /// Where it is.
    pub(super) config: tokio_postgres::Config,
    /// How it proves who it is.
    pub(super) tls: MakeRustlsConnect,
    /// How its connections are used.
    pub(super) options: Options,
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

type Connection = (tokio_postgres::Client, JoinHandle<()>);

impl Connect for Connector {
    fn connect(
        &self,
        config: &tokio_postgres::Config,
    ) -> Pin<Box<dyn Future<Output = Result<Connection, tokio_postgres::Error>> + Send + '_>> {
        let (config, tls, options) = (config.clone(), self.tls.clone(), self.options.clone());
        let connecting = self.runtime.spawn(async move {
            let (client, connection) = config.connect(tls).await?;
            let driver = tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::warn!(error = causes(&error), "a database connection ended");
                }
            });
            role::take(&client, &options).await?;
            Ok((client, driver))
        });
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
            .wait_timeout(Some(options.patience))
            .create_timeout(Some(options.patience))
            .recycle_timeout(Some(options.patience))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::Unreachable(error.into()))
    }
}
