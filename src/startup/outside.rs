//! What happens outside the database: the worker that sends, and what Twilio's requests and links in e-mails need.

use std::{sync::Arc, time::Duration};

use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
};
use rustls::RootCertStore;
use tokio::sync::mpsc;
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{StartError, monitor::Monitor};
use crate::{
    calendar_callbacks::CalendarCallbacks,
    clock::Clock,
    config::{CalendarConfig, Config, OAuthProvider},
    db::{Database, Options, Statements, listen::listen, tls},
    directory::Directory,
    feed::Feeds,
    health::Health,
    jobs::{
        self,
        run::{Runner, Telephony, Worker, calendar::Calendars, fallback},
    },
    keyring::Keyring,
    links::Links,
    mail::Mailer,
    outage::{Fallback, spool::Spool},
    retention::Pruner,
    tools::Background,
    twilio::{
        Shared, TwilioState,
        client::{Account, Client},
    },
    vapi::control::CallControl,
};

/// How long a request to a provider may take: with reconciling it, less than a contact has to answer.
const PROVIDER_TIMEOUT: Duration = Duration::from_secs(6);

/// The connections of the worker: its own, so that callers who wait for each other's bookings keep no page from going out.
const CONNECTIONS: usize = 4;
/// How long the worker waits for one of them.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long one of its statements may take.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);

/// What happens outside the database.
pub(super) struct Outside {
    pub(super) runner: Arc<Runner>,
    pub(super) handlers: (TwilioState, Links, Feeds, CalendarCallbacks),
    /// Runs jobs and prunes what has expired, until it is stopped.
    pub(super) worker: BoxFuture<'static, ()>,
    pub(super) fallback: Fallback,
}

impl Outside {
    /// What watches the database and the spool, over the connections of the worker: callers wait for none of it.
    pub(super) fn monitor(&self, health: &Health, clock: Clock) -> Monitor {
        Monitor {
            database: self.runner.database.clone(),
            clock,
            spool: self.runner.spool.clone(),
            health: health.clone(),
        }
    }
}

/// The client of all providers. It follows no redirects: a request is for the host that it was sent to.
///
/// # Errors
///
/// When TLS cannot be set up.
pub fn http() -> anyhow::Result<reqwest::Client> {
    let mut tls = tls::trusting(RootCertStore::empty())?;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(PROVIDER_TIMEOUT / 2)
        .build()?)
}

/// The providers of calendars as the settings have them; without a database no token is kept.
pub(crate) fn calendars(
    http: reqwest::Client,
    keyring: Keyring,
    clock: Clock,
    database: Option<Database>,
    config: &CalendarConfig,
) -> Calendars {
    let (google, microsoft) = (config.google.as_ref(), config.microsoft.as_ref());
    Calendars::new(http, keyring, clock, database, config.calendly.clone())
        .private(config.caldav_private)
        .provider("google", google.map(OAuthProvider::parts))
        .provider("outlook", microsoft.map(OAuthProvider::parts))
}

/// Sets it up; nothing is begun yet.
pub(super) fn open(
    config: &Config,
    tls: &MakeRustlsConnect,
    (callers, directory, background): (&Database, &Arc<Directory>, &Background),
    stop: &CancellationToken,
) -> Result<Outside, StartError> {
    let http = http().map_err(|error| StartError::Setup(error.into()))?;
    let public_url = config
        .settings
        .public_url
        .as_ref()
        .map(|url| url.as_str().trim_end_matches('/').to_owned());
    let own = config.twilio.account.as_ref();
    if own.is_none() {
        tracing::warn!(
            "without TWILIO_ACCOUNT_SID only organizations with their own Twilio account can text and call"
        );
    }
    if config.mail.is_some() && (config.keyring.is_empty() || public_url.is_none()) {
        tracing::warn!(
            "without FRONTDESK_SECRETS_KEY and FRONTDESK_PUBLIC_URL an e-mail cannot be answered: nobody is paged by e-mail"
        );
    }
    let spool = spool(config);
    let made = runner(
        config,
        callers,
        directory,
        public_url.clone(),
        spool.clone(),
        &http,
    );
    let runner = Arc::new(made.map_err(StartError::Setup)?);
    let worker = worker(config, tls, &runner, stop).boxed();
    let (keyring, clock) = (&config.keyring, &config.clock);
    let handlers = (
        TwilioState {
            database: callers.clone(),
            directory: Arc::clone(directory),
            clock: config.clock.clone(),
            account_sid: own.map(|own| own.account_sid.clone()),
            auth_tokens: own.map(|own| own.auth_tokens.clone()).unwrap_or_default(),
            shared: own.map_or_else(Shared::default, |own| Shared {
                number: own.from.clone(),
                messaging_service_sid: own.messaging_service_sid.clone(),
            }),
            public_url,
        },
        Links {
            database: callers.clone(),
            keyring: keyring.clone(),
            clock: clock.clone(),
        },
        Feeds {
            database: callers.clone(),
            clock: clock.clone(),
        },
        CalendarCallbacks {
            database: callers.clone(),
            keyring: keyring.clone(),
            clock: clock.clone(),
        },
    );
    Ok(Outside {
        handlers,
        fallback: fallback(&runner, spool, &background.tasks),
        runner,
        worker,
    })
}

/// What works without the database. The fallback number is paged beside requests, since a web worker's own runtime ends with the worker.
fn fallback(runner: &Arc<Runner>, spool: Option<Spool>, tasks: &TaskTracker) -> Fallback {
    let (fallback, notices) = Fallback::new(spool, runner.can_reach_fallback());
    if let Some(notices) = notices {
        let sending = fallback::send_all(Arc::clone(runner), notices, tasks.clone());
        tasks.spawn(sending);
    }
    fallback
}

fn worker(
    config: &Config,
    tls: &MakeRustlsConnect,
    runner: &Arc<Runner>,
    stop: &CancellationToken,
) -> impl Future<Output = ()> + use<> {
    let can_hear = config.statements == Statements::Prepared || config.database.has_direct;
    let (direct, tls, stop) = (config.database.direct.clone(), tls.clone(), stop.clone());
    let runner = Arc::clone(runner);
    async move {
        let (heard, hear) = mpsc::channel(64);
        if can_hear {
            tokio::spawn(listen(direct, tls, jobs::CHANNEL, heard, stop.clone()));
        }
        let pruner = Pruner {
            database: runner.database.clone(),
            clock: runner.clock.clone(),
        };
        let worker = Worker::new(runner, hear).run(stop.clone());
        Box::pin(future::join(worker, pruner.run(stop))).await;
    }
}

fn runner(
    config: &Config,
    callers: &Database,
    directory: &Arc<Directory>,
    public_url: Option<String>,
    spool: Option<Spool>,
    http: &reqwest::Client,
) -> Result<Runner, Box<dyn std::error::Error + Send + Sync>> {
    let database = callers.beside(Options {
        size: CONNECTIONS,
        workers: 0,
        statements: config.statements,
        acquire_timeout: TIMEOUT,
        statement_timeout: STATEMENT_TIMEOUT,
    })?;
    let own = config.twilio.account.as_ref();
    Ok(Runner {
        database: database.clone(),
        directory: Arc::clone(directory),
        clock: config.clock.clone(),
        public_url,
        telephony: own.map(|own| Telephony {
            account: Account {
                account_sid: own.account_sid.clone(),
                user: own.user.clone(),
                secret: own.secret.clone(),
            },
            from: own.from.clone(),
            messaging_service_sid: own.messaging_service_sid.clone(),
        }),
        fallback_number: config.settings.outage.number().cloned(),
        twilio: Client::new(
            http.clone(),
            config.twilio.api_url.clone(),
            PROVIDER_TIMEOUT,
        ),
        control: Arc::new(CallControl::new(
            http.clone(),
            config.settings.deadline_ms / 2,
        )),
        control_hosts: config.settings.control_hosts.clone(),
        mailer: config.mail.clone().map(Mailer::new).transpose()?,
        spool,
        keyring: config.keyring.clone(),
        calendars: calendars(
            http.clone(),
            config.keyring.clone(),
            config.clock.clone(),
            Some(database),
            &config.calendar,
        ),
    })
}

/// The folder for what callers say while the database is away. One that cannot be used does not stop the start: the service is needed for
/// every call, and the folder only in an outage. The log says so, `/health/ready` holds a release back, and callers are told the truth.
fn spool(config: &Config) -> Option<Spool> {
    if config.settings.outage.uses_old_name() {
        tracing::warn!(
            "FRONTDESK_RESERVE_NUMBER is now FRONTDESK_FALLBACK_NUMBER; the old name is accepted for one release"
        );
    }
    let Some(folder) = &config.settings.outage.spool else {
        tracing::warn!(
            "FRONTDESK_SPOOL is not set: emergencies and messages that come while the database is away are not kept; set it to a folder on a volume"
        );
        return None;
    };
    let spool = Spool::at(folder);
    let checked = spool.check().and_then(|()| spool.is_on_root());
    match checked {
        Ok(false) => {}
        Ok(true) => tracing::warn!(
            spool = %folder.display(),
            "FRONTDESK_SPOOL is on the file system of /: where a container or a machine is replaced with each release, mount a volume there"
        ),
        Err(error) => tracing::error!(
            spool = %folder.display(),
            %error,
            "FRONTDESK_SPOOL cannot be written to: emergencies and messages that come while the database is away are not kept; make it a folder of the user that the service runs as"
        ),
    }
    Some(spool)
}
