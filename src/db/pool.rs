//! The pool of connections and the two ways of sending a statement.

use std::{sync::Arc, time::Instant};

use deadpool_postgres::{ClientWrapper, Pool};
use futures_util::future::join4;
use tokio_postgres::Row;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{
    Binding, Options, OrgTx, Params, Priority, Sql, Statements,
    admission::Admission,
    connection::{Connection, unreachable},
    connector::Server,
    options::Mode,
    prepared::{BIND, Prepared, failed},
    worker::{Shared, WorkerConnection},
};
use crate::{
    error::{Error, Result},
    stage::Stage,
};

/// The database: cheap to clone, shared by every request.
#[derive(Clone, Debug)]
pub struct Database {
    pub(super) pool: Pool,
    /// Where a web worker reads; elsewhere there is none.
    pub(super) worker: Option<Arc<WorkerConnection>>,
    pub(super) server: Arc<Server>,
    admission: Arc<Admission>,
    priority: Priority,
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
        Self::of_server(Server {
            config,
            tls,
            options,
            committed: Arc::default(),
        })
    }

    /// Connections of their own to the same server; what is committed over either is known to both.
    ///
    /// # Errors
    ///
    /// As [`Database::new`].
    pub fn beside(&self, options: Options) -> Result<Self> {
        Self::of_server(Server {
            options,
            ..(*self.server).clone()
        })
    }

    fn of_server(server: Server) -> Result<Self> {
        let size = server.options.pool_size();
        Ok(Self {
            pool: server.pool(size)?,
            worker: None,
            admission: Arc::new(Admission::new(size, server.options.acquire_timeout)),
            server: Arc::new(server),
            priority: Priority::default(),
        })
    }

    /// The same database for a web worker, whose runtime is the current one: single statements that only read go over a connection of its
    /// own.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] when it cannot be set up.
    pub fn of_worker(&self) -> Result<Self> {
        let options = &self.server.options;
        let (acquire_timeout, timeout) = (options.acquire_timeout, options.answer_timeout());
        let worker = options.has_worker_connections().then(|| {
            let pool = self.server.pool(1)?;
            Ok(Arc::new(WorkerConnection::new(
                pool,
                acquire_timeout,
                timeout,
            )))
        });
        let worker = worker.transpose()?;
        Ok(Self {
            worker,
            ..self.clone()
        })
    }

    /// The same database for what is so urgent.
    #[must_use]
    pub fn with_priority(&self, priority: Priority) -> Self {
        Self {
            priority,
            ..self.clone()
        }
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
        let database = self.for_reading();
        // Boxed, or the future of every tool would be larger by it, and it is moved some times on its way.
        match Box::pin(database.read_once(binding, statement, params)).await {
            // A connection whose server restarted, or was read-only for a while, shows it only when it is used.
            Err(error) if error.is_closed() || error.is_read_only() => {
                Box::pin(database.read_once(binding, statement, params)).await
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
        let connection = self.connection(Some(binding)).await?;
        let client = connection.client()?;
        let at = Instant::now();
        let answer = connection.bounded(statement.name, async {
            let statements = self.server.options.statements;
            let prepared = Prepared::both(client, statements, statement).await?;
            let ([organization, now], opening) =
                (binding.values(), self.server.options.opening(Mode::Reads));
            let (begun, bound, rows, ended) = join4(
                client.batch_execute(&opening),
                prepared.0.query(client, &[&organization, &now]),
                prepared.1.query(client, params),
                client.batch_execute("commit"),
            )
            .await;
            begun.map_err(failed("begin"))?;
            bound?;
            let rows = rows?;
            ended.map_err(failed("commit"))?;
            Ok(rows)
        });
        let rows = answer.await;
        connection.release();
        Stage::Database.ended(at);
        rows
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
        match self.server.options.statements {
            Statements::Unnamed => self.read(binding, statement, params).await,
            Statements::Prepared => self.look(Some(binding), statement, params).await,
        }
    }

    /// Reads with one statement that belongs to no single organization, such as the look-up of a called number: the tables
    /// show nothing to it, and the functions that it may ask hand out what they are for.
    ///
    /// # Errors
    ///
    /// As [`Database::read`].
    pub async fn read_unbound(&self, statement: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        self.look(None, statement, params).await
    }

    async fn look(
        &self,
        binding: Option<&Binding>,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        match self.look_once(binding, statement, params).await {
            // A connection whose server restarted shows it only when it is used; reading twice does no harm.
            Err(error) if error.is_closed() => {
                Box::pin(self.look_once(binding, statement, params)).await
            }
            answer => answer,
        }
    }

    async fn look_once(
        &self,
        binding: Option<&Binding>,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        if let Some(shared) = self.shared().await {
            return shared.answer(statement, params).await;
        }
        // Boxed, or the future of every look would be larger by it.
        Box::pin(async {
            let connection = match binding {
                Some(_) => self.for_reading().connection(binding).await?,
                None => self.connection(None).await?,
            };
            self.send_over(connection, statement.name, statement, params)
                .await
        })
        .await
    }

    /// Writes with one statement that belongs to no single organization, through a function that takes care of each.
    ///
    /// # Errors
    ///
    /// As [`Database::read`]. When the connection is lost it is not known whether the work was done.
    pub async fn write_unbound(&self, statement: &Sql, params: Params<'_>) -> Result<Vec<Row>> {
        let connection = self.connection(None).await?;
        match self
            .send_over(connection, "commit", statement, params)
            .await
        {
            Err(error) if error.is_read_only() => {
                let connection = self.connection(None).await?;
                self.send_over(connection, "commit", statement, params)
                    .await
            }
            answer => answer,
        }
    }

    /// Sends one statement over a pooled connection; `name` is what is reported when no answer comes.
    async fn send_over(
        &self,
        connection: Connection,
        name: &'static str,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        let client = connection.client()?;
        let answer = connection.bounded(name, self.send(client, statement, params));
        let rows = answer.await;
        connection.release();
        rows
    }

    pub(super) async fn send(
        &self,
        client: &ClientWrapper,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<Vec<Row>> {
        let begun = Instant::now();
        let prepared = Prepared::new(client, self.server.options.statements, statement).await?;
        let rows = prepared.query(client, params).await;
        Stage::Database.ended(begun);
        rows
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
        let [organization, now] = binding.values();
        let (transaction, _) = self.begin(binding, &BIND, &[&organization, &now]).await?;
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

    /// Begins a transaction bound to one organization with a statement that binds itself, says whether the server `is_read_only`, and
    /// may only read and lock; with the transaction come its rows.
    ///
    /// # Errors
    ///
    /// [`Error::Unreachable`] without a connection, [`Error::Statement`] when a statement fails.
    pub async fn begin(
        &self,
        binding: &Binding,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<(OrgTx, Vec<Row>)> {
        match self.begin_once(binding, statement, params).await {
            // A pooled connection whose server restarted, or was read-only for a while, shows it only when it is used; nothing was done
            // on it yet.
            Err(error) if error.is_closed() || error.is_read_only() => {
                self.begin_once(binding, statement, params).await
            }
            begun => begun,
        }
    }

    async fn begin_once(
        &self,
        binding: &Binding,
        statement: &Sql,
        params: Params<'_>,
    ) -> Result<(OrgTx, Vec<Row>)> {
        let connection = self.connection(Some(binding)).await?;
        OrgTx::begin(connection, &self.server, statement, params).await
    }

    /// Takes a connection from the pool, or makes one, when it is this organization's turn.
    pub(super) async fn connection(&self, binding: Option<&Binding>) -> Result<Connection> {
        let begun = Instant::now();
        let organization = binding.map(|binding| binding.organization_id);
        // Boxed, or the future of every tool would be larger by it.
        let admitted = Box::pin(self.admission.admit(organization, self.priority)).await;
        let connection = match admitted {
            Ok(admitted) => self.any_connection().await.map(|it| it.admitted(admitted)),
            Err(busy) => Err(busy),
        };
        Stage::Pool.ended(begun);
        connection
    }

    /// Takes a connection from the pool, or makes one, whoever's turn it is.
    pub(super) async fn any_connection(&self) -> Result<Connection> {
        let client = self.pool.get().await.map_err(unreachable)?;
        Ok(Connection::new(
            client,
            self.server.options.answer_timeout(),
        ))
    }

    /// The same database for a read, unless it is for something urgent.
    fn for_reading(&self) -> Self {
        match self.priority {
            Priority::Usual => self.with_priority(Priority::Read),
            Priority::Read | Priority::Emergency => self.clone(),
        }
    }

    /// A connection that is shared, where the worker has one that is not too busy. One that cannot be opened is none: the pool may have
    /// some that are open, and else tells what is wrong.
    async fn shared(&self) -> Option<Shared> {
        self.worker.as_ref()?.client().await.ok().flatten()
    }

    /// Waits until this process has committed something since the last time: work for its own workers may have come with it.
    pub async fn committed(&self) {
        self.server.committed.notified().await;
    }

    /// How the pool is used now: connections in use, connections open, and requests that wait for one.
    #[must_use]
    pub fn load(&self) -> (usize, usize, usize) {
        let status = self.pool.status();
        let in_use = status.size.saturating_sub(status.available);
        let waiting = status.waiting + self.admission.waiting();
        (in_use, status.size, waiting)
    }

    /// Closes the pool; connections in use are closed when they come back.
    pub fn close(&self) {
        self.pool.close();
    }
}
