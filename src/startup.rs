//! Builds the service and runs it: the same for `main` and for the tests.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use actix_web::{App, HttpServer, dev::Server, web};
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
};
use tokio::{runtime::Handle, sync::Semaphore, task::JoinHandle};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

mod directory;
mod metrics;
mod monitor;
mod outside;
mod warm_up;

use outside::Outside;
pub(crate) use outside::calendars;
pub use outside::http;

use crate::{
    body::BodyBudget,
    calendar_callbacks::CalendarCallbacks,
    calls::{
        journal::{self, Journal},
        languages::Languages,
    },
    config::{Config, Settings},
    db::{
        Database, Options,
        tls::{self, TlsError},
    },
    directory::{Directory, RefreshError},
    feed::Feeds,
    health::{Health, SchemaError},
    links::Links,
    routes, telemetry,
    tools::Background,
    twilio::TwilioState,
    vapi::VapiState,
};

/// How long requests in flight may take once the service stops; a tool answers within its deadline.
const GRACE: Duration = Duration::from_secs(20);

/// How long the start waits for the database. Without it the service still answers callers honestly and takes emergencies.
const START_TIMEOUT: Duration = Duration::from_secs(3);

/// How long the server may work on a statement beyond the caller's deadline: a booking that was begun is finished, so
/// that a repeated request gets its result.
const STATEMENT_GRACE: Duration = Duration::from_secs(8);

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Nothing could authenticate a message from Vapi.
    #[error(
        "no webhook secret is configured: set VAPI_SECRET, VAPI_BEARER_TOKEN or VAPI_HMAC_SECRET, make one for an organization with `frontdesk org webhook-secret`, or give --insecure to serve without any on a loopback address"
    )]
    NoSecret,
    /// This program and the database do not fit.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The only webhook secrets there are cannot be opened, so that no call could be answered.
    #[error(transparent)]
    Sealed(RefreshError),
    /// An address cannot be listened on.
    #[error("cannot listen on {address}; set {name} to another address")]
    Listen {
        /// The setting.
        name: &'static str,
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// TLS towards the database cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The pool or the client for call control cannot be set up.
    #[error("the service cannot be set up")]
    Setup(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The service, listening but not yet answering.
pub struct Application {
    server: Server,
    admin: Server,
    port: u16,
    admin_port: u16,
    health: Health,
    /// How long requests are still accepted once the service stops.
    drain: Duration,
    tasks: TaskTracker,
    stop: CancellationToken,
    journal: JoinHandle<()>,
    /// What runs beside requests until it is stopped.
    beside: BoxFuture<'static, ()>,
}

impl Application {
    /// Builds the service and begins to listen.
    ///
    /// A database that is away does not stop it: until it is back, callers hear an honest sentence and the service
    /// reports itself as not ready. A database with another schema does stop it.
    ///
    /// # Errors
    ///
    /// [`StartError`], which says what to do about it.
    pub async fn build(config: Config) -> Result<Self, StartError> {
        // The clients of providers use it; an error means that the process has one already.
        drop(rustls::crypto::ring::default_provider().install_default());
        let tls = tls::connector(config.database.ca_file.as_deref())?;
        let database = callers(&config, &tls)?;
        let health = Health::new(&config, &database, &tls);
        let directory = Directory::new(
            database.clone(),
            config.keyring.clone(),
            config.clock.clone(),
        );
        let answers = check(&config, &health, &directory).await?;

        let tasks = TaskTracker::new();
        let stop = CancellationToken::new();
        let following = directory::follow(&config, tls.clone(), &directory, &stop);
        let (journal, entries) = journal::open();
        let keeper = tokio::spawn(journal::keep(
            database.clone(),
            entries,
            config.settings.tool_log_seconds,
        ));
        let background = Background {
            runtime: Handle::current(),
            tasks: tasks.clone(),
        };
        let inside = (&database, &directory, &background);
        let outside = outside::open(&config, &tls, inside, &stop)?;
        let watching = outside
            .monitor(&health, config.clock.clone())
            .watch(stop.clone());
        let bodies = BodyBudget::new(config.body_budget, config.settings.bodies.body_limit);
        let (workers, drain) = (config.workers, config.settings.drain_seconds);
        let public = bind("FRONTDESK_LISTEN", config.settings.listen)?;
        let private = bind("FRONTDESK_ADMIN_LISTEN", config.settings.admin_listen)?;
        let vapi = vapi_state(
            config,
            database.clone(),
            directory,
            journal,
            background,
            &outside,
        );
        let shared = (vapi, outside.handlers);
        let opened = Arc::new(Semaphore::new(0));
        let warming = warm_up::pool(&health, answers, (Arc::clone(&opened), workers), &stop);
        let worker = outside.worker;
        Ok(Self {
            port: local_port(&public),
            admin_port: local_port(&private),
            // The metrics begin with it, before anything is counted.
            admin: serve_admin(private, database).map_err(setup)?,
            server: serve(public, workers, bodies, (&health, answers, opened), shared)
                .map_err(setup)?,
            health,
            drain,
            tasks,
            stop,
            journal: keeper,
            beside: warming
                .then(|()| future::join3(following, worker, watching))
                .map(drop)
                .boxed(),
        })
    }

    /// The port of the webhook.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port of the metrics.
    #[must_use]
    pub fn admin_port(&self) -> u16 {
        self.admin_port
    }

    /// Answers until `stop` completes; then finishes what is running, accepts nothing new, and returns.
    ///
    /// # Errors
    ///
    /// When the server fails by itself.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> std::io::Result<()> {
        let server = self.server.handle();
        let mut serving = tokio::spawn(self.server);
        let admin = self.admin.handle();
        let admin_task = tokio::spawn(self.admin);
        let beside = tokio::spawn(self.beside);
        let ended = tokio::select! {
            ended = &mut serving => Some(ended),
            () = stop => None,
        };
        self.health.stopping.store(true, Ordering::Relaxed);
        tracing::info!("stopping: finishing what is running");
        let ended = if let Some(ended) = ended {
            ended
        } else {
            // A load balancer needs a moment to see that this instance serves no longer; what it sends until then is answered.
            tokio::time::sleep(self.drain).await;
            server.stop(true).await;
            serving.await
        };
        // Writes whose callers were told to wait are finished before their connections are closed.
        self.tasks.close();
        if tokio::time::timeout(GRACE, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::error!("work in the background did not finish in time");
        }
        admin.stop(false).await;
        drop(admin_task.await);
        if tokio::time::timeout(GRACE, self.journal).await.is_err() {
            tracing::error!("the journal did not finish in time");
        }
        self.stop.cancel();
        if tokio::time::timeout(GRACE, beside).await.is_err() {
            tracing::error!(
                "what was being sent did not finish in time; it is looked into at the next start"
            );
        }
        self.health.database.close();
        ended.map_err(std::io::Error::other)?
    }
}

/// Checks that this program can work with the schema and loads the directory; whether the database answers. A database that hangs is
/// not waited for: the rest of the service matters all the more then, and the directory is loaded once the database is back.
async fn check(
    config: &Config,
    health: &Health,
    directory: &Directory,
) -> Result<bool, StartError> {
    let checking = async {
        // The directory is read meanwhile, but nothing is written before the schema is known.
        let (checked, read) =
            tokio::join!(Box::pin(health.check_schema()), Box::pin(directory.read()));
        checked?;
        directory::judge(config, directory, read).await
    };
    match tokio::time::timeout(START_TIMEOUT, checking).await {
        Ok(checked) => checked,
        Err(_elapsed) => {
            tracing::error!("the database does not answer; the service starts without it");
            Ok(false)
        }
    }
}

fn setup(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StartError {
    StartError::Setup(error.into())
}

/// The connections for callers, who wait on the line.
fn callers(config: &Config, tls: &MakeRustlsConnect) -> Result<Database, StartError> {
    let options = Options {
        size: config.settings.pool_size,
        workers: config.workers,
        statements: config.statements,
        acquire_timeout: config.settings.deadline_ms,
        statement_timeout: config.settings.deadline_ms + STATEMENT_GRACE,
    };
    Database::new(config.database.url.clone(), tls.clone(), options).map_err(setup)
}

/// What the webhook's handlers share.
fn vapi_state(
    config: Config,
    database: Database,
    directory: Arc<Directory>,
    journal: Journal,
    background: Background,
    outside: &Outside,
) -> VapiState {
    let runner = &outside.runner;
    let carried = Arc::clone(runner);
    VapiState {
        languages: Languages::default(),
        database,
        directory,
        journal,
        clock: config.clock,
        deadline: config.settings.deadline_ms,
        insecure: config.settings.insecure,
        verifier: Arc::new(config.verifier),
        own_plan: config.own_plan,
        public_url: config.settings.public_url,
        control: Arc::clone(&runner.control),
        control_hosts: config.settings.control_hosts,
        carried: Arc::new(move |organization, carrier| carried.line(organization, carrier)),
        channels: runner.channels(),
        fallback: outside.fallback.clone(),
        background,
    }
}

/// The server, which does not run yet. The shared state is dropped with it, and the journal ends when its last writer is dropped.
fn serve(
    listener: TcpListener,
    workers: usize,
    bodies: BodyBudget,
    (health, answers, opened): (&Health, bool, Arc<Semaphore>),
    shared: (VapiState, (TwilioState, Links, Feeds, CalendarCallbacks)),
) -> std::io::Result<Server> {
    let health = health.clone();
    let server = HttpServer::new(move || {
        let (mut vapi, (twilio, links, feeds, callbacks)) = shared.clone();
        vapi.database = warm_up::of_worker(&health, answers, &opened);
        App::new()
            .app_data(web::Data::new(vapi))
            .app_data(web::Data::new(twilio))
            .app_data(web::Data::new(links))
            .app_data(web::Data::new(feeds))
            .app_data(web::Data::new(callbacks))
            .app_data(web::Data::new(health.clone()))
            .app_data(web::Data::new(bodies.clone()))
            .configure(routes::public)
    })
    .shutdown_timeout(GRACE.as_secs())
    .workers(workers)
    .disable_signals();
    Ok(server.listen(listener)?.run())
}

fn serve_admin(listener: TcpListener, database: Database) -> std::io::Result<Server> {
    let figures = telemetry::start_metrics();
    metrics::begin();
    let figures = web::Data::new(figures);
    let database = web::Data::new(database);
    Ok(HttpServer::new(move || {
        App::new()
            .app_data(figures.clone())
            .app_data(database.clone())
            .configure(routes::admin)
    })
    .workers(1)
    .disable_signals()
    .listen(listener)?
    .run())
}

/// Whether nothing else listens where the service is to listen.
///
/// # Errors
///
/// [`StartError::Listen`] for the first address that is taken.
pub fn can_listen(settings: &Settings) -> Result<(), StartError> {
    bind("FRONTDESK_LISTEN", settings.listen)?;
    bind("FRONTDESK_ADMIN_LISTEN", settings.admin_listen)?;
    Ok(())
}

fn bind(name: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .and_then(|listener| {
            listener.set_nonblocking(true)?;
            Ok(listener)
        })
        .map_err(|source| StartError::Listen {
            name,
            address,
            source,
        })
}

fn local_port(listener: &TcpListener) -> u16 {
    listener.local_addr().map_or(0, |address| address.port())
}
