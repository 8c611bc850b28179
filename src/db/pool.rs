//! The pool of connections and the two ways of sending a statement.

use std::{
    future::Future,
    pin::Pin,
    time::{Duration, Instant},
};

use deadpool_postgres::{
    Connect, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use futures_util::future::{join4, try_join_all};
use tokio::{runtime::Handle, task::JoinHandle};
use tokio_postgres::{Row, types::ToSql};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Binding, OrgTx, Params, Sql, role, transaction::BIND};
use crate::error::{Error, Result, causes};

/// How statements are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statements {
    /// Prepared once a connection and named: the fastest, for a direct connection or a session pooler.
    Prepared,
    /// Parsed anew each time, in one message with the values: for a transaction pooler, which may hand every
    /// transaction to another server connection.
    Unnamed,
}

/// What the pool needs to know.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many connections at most.
    pub size: usize,
    /// How statements are sent.
    pub statements: Statements,
    /// How long a caller waits for a connection, and how long making one may take.
    pub patience: Duration,
    /// How long the server may work on one statement before it gives up, so that no abandoned work lives for ever.
    pub statement_timeout: Duration,
}

/// The database: cheap to clone, shared by every request.
#[derive(Clone, Debug)]
pub struct Database {
    pool: Pool,
    options: Options,
}

/// Makes connections whose driver tasks live on the main runtime.
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
        let config = config.clone();
        Box::pin(async move {
            let (client, connection) = config.connect(self.tls.clone()).await?;
            let driver = self.runtime.spawn(async move {
                if let Err(error) = connection.await {
                    tracing::warn!(error = causes(&error), "a database connection ended");
                }
            });
            role::take(&client, &self.options).await?;
            Ok((client, driver))
        })
    }
}

impl Database {
    /// Makes the pool; no connection is made yet.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] when the pool cannot be built from these options.
    pub fn new(
        config: tokio_postgres::Config,
        tls: MakeRustlsConnect,
        options: Options,
    ) -> Result<Self> {
        let manager = Manager::from_connect(
            config,
            Connector {
                tls,
                runtime: Handle::current(),
                options: options.clone(),
            },
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .max_size(options.size)
            .wait_timeout(Some(options.patience))
            .create_timeout(Some(options.patience))
            .recycle_timeout(Some(options.patience))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::Unreachable(error.into()))?;
        Ok(Self { pool, options })
    }

    /// Reads for one organization with one statement, in one round trip.
    ///
    /// The transaction's opening, its binding, the statement and its end are sent together; the server works through
    /// them in order, and ends the transaction whatever becomes of the statement.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] without a connection, [`Error::Statement`] when the statement fails.
    pub async fn read(
        &self,
        binding: &Binding,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        match self.read_once(binding, statement, params).await {
            // A pooled connection whose server restarted shows it only when it is used; reading twice does no harm.
            Err(Error::Statement { source, .. }) if source.is_closed() => {
                self.read_once(binding, statement, params).await
            }
            answer => answer,
        }
    }

    async fn read_once(
        &self,
        binding: &Binding,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        let client = self.client().await?;
        let at = Instant::now();
        let prepared = Prepared::both(&client, self.options.statements, statement).await?;
        let values = binding.values(self.options.statement_timeout);
        let (begun, bound, rows, ended) = join4(
            client.batch_execute("begin read only"),
            prepared.0.query(&client, &values.params()),
            prepared.1.query(&client, params),
            client.batch_execute("commit"),
        )
        .await;
        begun.map_err(failed("begin"))?;
        bound?;
        let rows = rows?;
        ended.map_err(failed("commit"))?;
        took("database", at);
        Ok(rows)
    }

    /// Asks for one organization with one statement that binds itself, as `private.bind()` does: nothing else is sent.
    ///
    /// Behind a transaction pooler the statement has no time limit of its own, so there it is sent as [`Database::read`] does.
    ///
    /// # Errors
    ///
    /// As [`Database::read`].
    pub async fn ask(
        &self,
        binding: &Binding,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        match self.options.statements {
            Statements::Unnamed => self.read(binding, statement, params).await,
            Statements::Prepared => match self.read_unbound(statement, params).await {
                Err(Error::Statement { source, .. }) if source.is_closed() => {
                    self.read_unbound(statement, params).await
                }
                answer => answer,
            },
        }
    }

    /// Reads with one statement that belongs to no single organization, such as the look-up of a called number: the tables
    /// show nothing to it, and the functions that it may ask hand out what they are for.
    ///
    /// # Errors
    ///
    /// As [`Database::read`].
    pub async fn read_unbound(&self, statement: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        let client = self.client().await?;
        let begun = Instant::now();
        let prepared = Prepared::new(&client, self.options.statements, statement).await?;
        let rows = prepared.query(&client, params).await;
        took("database", begun);
        rows
    }

    /// Writes with one statement that belongs to no single organization, through a function that takes care of each.
    ///
    /// # Errors
    ///
    /// As [`Database::read`]. When the connection is lost it is not known whether the work was done.
    pub async fn write_unbound(&self, statement: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        self.read_unbound(statement, params).await
    }

    /// Does `work` in a transaction bound to one organization, and commits it; whatever it fails with, it is rolled back.
    ///
    /// # Errors
    ///
    /// What `work` fails with; [`Error::Unreachable`] without a connection; [`Error::Statement`] named `commit` when the
    /// connection is lost at the end, so that it is not known whether the work was kept.
    pub async fn transaction<T, E>(
        &self,
        binding: &Binding,
        work: impl AsyncFnOnce(&OrgTx) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Error>,
    {
        let (transaction, _) = self.begin(binding, &[]).await?;
        match work(&transaction).await {
            Ok(done) => {
                transaction.commit().await?;
                Ok(done)
            }
            Err(error) => {
                // The first error is the one to report; a connection that cannot roll back is dropped.
                drop(transaction.roll_back().await);
                Err(error)
            }
        }
    }

    /// Begins a transaction bound to one organization and sends its first statements, which may only read and lock; with the
    /// transaction come their rows.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] without a connection, [`Error::Statement`] when a statement fails.
    pub async fn begin(
        &self,
        binding: &Binding,
        first: &[(&Sql, Params<'_>)],
    ) -> Result<(OrgTx, Vec<Vec<Row>>)> {
        match self.begin_once(binding, first).await {
            // A pooled connection whose server restarted shows it only when it is used; nothing was done on it yet.
            Err(Error::Statement { source, .. }) if source.is_closed() => {
                self.begin_once(binding, first).await
            }
            begun => begun,
        }
    }

    async fn begin_once(
        &self,
        binding: &Binding,
        first: &[(&Sql, Params<'_>)],
    ) -> Result<(OrgTx, Vec<Vec<Row>>)> {
        let client = self.client().await?;
        let options = &self.options;
        let timeout = options.statement_timeout;
        OrgTx::begin(client, options.statements, binding, timeout, first).await
    }

    /// Takes a connection from the pool, or makes one.
    async fn client(&self) -> Result<Object> {
        let begun = Instant::now();
        let client = self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(source) => Error::Unreachable(source.into()),
            other => Error::Unreachable(other.into()),
        });
        took("pool", begun);
        client
    }

    /// Opens up to `count` connections before the first caller needs one.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] when the first of them cannot be made.
    pub async fn warm(&self, count: usize) -> Result<()> {
        let opening = (0..count.min(self.options.size)).map(|_| self.client());
        try_join_all(opening).await?;
        Ok(())
    }

    /// How the pool is used now: connections in use, connections open, and requests that wait for one.
    #[must_use]
    pub fn load(&self) -> (usize, usize, usize) {
        let status = self.pool.status();
        let in_use = status.size.saturating_sub(status.available);
        (in_use, status.size, status.waiting)
    }

    /// Closes the pool; connections in use are closed when they come back.
    pub fn close(&self) {
        self.pool.close();
    }
}

/// Counts how long a stage of a request took.
fn took(stage: &'static str, begun: Instant) {
    metrics::histogram!("frontdesk_stage_seconds", "stage" => stage)
        .record(begun.elapsed().as_secs_f64());
}

/// A statement ready to be sent without another round trip.
pub(super) enum Prepared<'a> {
    Named(&'a Sql, tokio_postgres::Statement),
    Unnamed(&'a Sql),
}

impl<'a> Prepared<'a> {
    pub(super) async fn new(
        client: &deadpool_postgres::ClientWrapper,
        statements: Statements,
        statement: &'a Sql,
    ) -> Result<Self> {
        match statements {
            Statements::Unnamed => Ok(Self::Unnamed(statement)),
            Statements::Prepared => client
                .prepare_typed_cached(statement.text, statement.types)
                .await
                .map(|prepared| Self::Named(statement, prepared))
                .map_err(failed(statement.name)),
        }
    }

    async fn both(
        client: &deadpool_postgres::ClientWrapper,
        statements: Statements,
        statement: &'a Sql,
    ) -> Result<(Self, Self)> {
        let (bind, prepared) = futures_util::future::try_join(
            Self::new(client, statements, &BIND),
            Self::new(client, statements, statement),
        )
        .await?;
        Ok((bind, prepared))
    }

    pub(super) async fn query(
        &self,
        client: &tokio_postgres::Client,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        let (name, rows) = match self {
            Self::Named(sql, prepared) => (sql.name, client.query(prepared, params).await),
            Self::Unnamed(sql) => {
                let typed: Vec<(&(dyn ToSql + Sync), tokio_postgres::types::Type)> = params
                    .iter()
                    .copied()
                    .zip(sql.types.iter().cloned())
                    .collect();
                (sql.name, client.query_typed(sql.text, &typed).await)
            }
        };
        rows.map_err(failed(name))
    }
}

/// Names the statement that failed.
pub(super) fn failed(statement: &'static str) -> impl Fn(tokio_postgres::Error) -> Error {
    move |source| Error::Statement { statement, source }
}
