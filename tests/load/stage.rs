//! What is measured on: a private PostgreSQL with a big database, and the programs that are started on it.

use std::{
    collections::hash_map::DefaultHasher,
    fs::File,
    hash::{Hash, Hasher},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use frontdesk::{
    clock::machine_time,
    db::{
        embedded::{self, Installation, Server},
        migrate,
    },
};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

use super::{
    client::Endpoint,
    machine::{Watched, parent},
    sign::Signer,
    target::{Kind, Target},
};

/// The organizations and visits that everything is measured on.
const SEED: &str = include_str!("../../fixtures/seed/big.sql");

/// Of PostgreSQL's settings those that its defaults set for a machine of twenty years ago.
const SETTINGS: [(&str, &str); 3] = [
    ("max_connections", "300"),
    ("shared_buffers", "1GB"),
    ("max_wal_size", "4GB"),
];

/// How many organizations there are, and how many visits each has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Organizations.
    pub organizations: u32,
    /// Visits of each.
    pub visits: u32,
}

/// A private PostgreSQL for measuring.
pub struct Stage {
    server: Server,
    installation: Installation,
    folder: PathBuf,
    postmaster: Option<u32>,
    /// PostgreSQL's version.
    pub version: String,
}

/// A program that runs; dropping it ends it.
pub struct Running {
    child: Child,
    /// How it is asked.
    pub target: std::rc::Rc<Target>,
}

impl Stage {
    /// Finds or installs PostgreSQL and starts it; what it holds is kept from one run to the next.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn open(folder: &str) -> Result<Self> {
        let folder = match folder.trim() {
            "" => embedded::default_data_directory()?.with_file_name("load"),
            path => path.into(),
        };
        let installation = embedded::find_or_install(&mut |line| eprintln!("postgresql: {line}"))?;
        let settings = SETTINGS.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let server = Server::start(
            &installation,
            embedded::Options {
                data_directory: folder.clone(),
                durable: true,
                settings: settings.to_vec(),
            },
        )?;
        let url = server.url("postgres");
        let (version, pid) = block_on(async {
            let client = connect(&url).await?;
            let row = client
                .query_one(
                    "select current_setting('server_version'), pg_backend_pid()",
                    &[],
                )
                .await?;
            anyhow::Ok((row.try_get::<_, String>(0)?, row.try_get::<_, i32>(1)?))
        })??;
        Ok(Self {
            server,
            installation,
            folder,
            postmaster: u32::try_from(pid).ok().and_then(parent),
            version,
        })
    }

    /// A database of its own for a run: a copy of the seeded one of this size, migrated to what is in this checkout.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn database(&self, size: Size) -> Result<String> {
        let template = template_name(size);
        let name = format!("run_{}", size.visits * size.organizations);
        let (template_url, url) = (self.server.url(&template), self.server.url(&name));
        let admin = self.server.url("postgres");
        block_on(async {
            let client = connect(&admin).await?;
            let known = client
                .query_opt("select from pg_database where datname = $1", &[&template])
                .await?;
            if known.is_none() {
                eprintln!(
                    "making {} organizations with {} visits each, once a day",
                    size.organizations, size.visits
                );
                drop_older(&client, size).await?;
                client
                    .batch_execute(&format!("create database {template}_making"))
                    .await?;
                let making = self.server.url(&format!("{template}_making"));
                seed(&making, size).await?;
                client
                    .batch_execute(&format!(
                        "alter database {template}_making rename to {template}"
                    ))
                    .await?;
            }
            drop(template_url);
            client
                .batch_execute(&format!("drop database if exists {name} with (force)"))
                .await?;
            client
                .batch_execute(&format!(
                    "create database {name} template {template} strategy file_copy"
                ))
                .await?;
            let mut fresh = connect(&url).await?;
            migrate::migrate(&mut fresh).await?;
            fresh
                .batch_execute("alter role frontdesk_app login; analyze; checkpoint")
                .await?;
            anyhow::Ok(())
        })??;
        Ok(name)
    }

    /// A database's URL for the service.
    pub fn url(&self, database: &str) -> String {
        self.server.url_of("frontdesk_app", database)
    }

    /// A database's URL for who looks into it afterwards.
    pub fn owner_url(&self, database: &str) -> String {
        self.server.url(database)
    }

    /// PostgreSQL's own load generator.
    pub fn pgbench(&self) -> PathBuf {
        self.installation.bin.join("pgbench")
    }

    /// Where a run keeps what need not be looked at.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The processes of PostgreSQL.
    pub fn postgresql(&self) -> Option<Watched> {
        self.postmaster.map(Watched::Family)
    }

    /// Starts the service on a database, with everything on.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn frontdesk(
        &self,
        program: &Path,
        database: &str,
        pool: u32,
        signer: &Signer,
    ) -> Result<Running> {
        let mut command = Command::new(program);
        command.arg("serve").envs(signer.environment());
        command.env(
            "FRONTDESK_ADMIN_LISTEN",
            format!("127.0.0.1:{}", free_port()?),
        );
        let kind = Kind::Frontdesk(Box::new(signer.clone()));
        self.start(
            command,
            "frontdesk",
            "/vapi/webhook",
            (database, pool),
            kind,
        )
    }

    /// Starts the floor program on a database.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn floor(
        &self,
        program: &Path,
        database: &str,
        pool: u32,
        organizations: u32,
        signer: &Signer,
    ) -> Result<Running> {
        let url = self.owner_url(database);
        let ids = block_on(async {
            let rows = connect(&url)
                .await?
                .query(
                    "select md5('organization ' || n)::uuid from generate_series(1, $1::int8) as o (n) order by n",
                    &[&i64::from(organizations)],
                )
                .await?;
            let ids = rows.iter().map(|row| row.try_get(0));
            anyhow::Ok(ids.collect::<Result<Vec<Uuid>, _>>()?)
        })??;
        self.start(
            Command::new(program),
            "floor",
            "/",
            (database, pool),
            Kind::Floor(ids, Box::new(signer.clone())),
        )
    }

    /// Starts a program on a database.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start(
        &self,
        mut command: Command,
        name: &'static str,
        path: &str,
        (database, pool): (&str, u32),
        kind: Kind,
    ) -> Result<Running> {
        let port = free_port()?;
        let log = self.scratch(&format!("{name}.log"));
        let log =
            File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?;
        let child = command
            .env("DATABASE_URL", self.url(database))
            .env("FRONTDESK_LISTEN", format!("127.0.0.1:{port}"))
            .env("FRONTDESK_POOL_SIZE", pool.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started", command.get_program().display()))?;
        let target = Target {
            name,
            endpoint: Endpoint::new(format!("http://127.0.0.1:{port}{path}").parse()?)?,
            kind,
            service: Some(Watched::Process(child.id())),
            postgresql: self.postgresql(),
        };
        Ok(Running {
            child,
            target: std::rc::Rc::new(target),
        })
    }
}

impl Running {
    /// Tells the program to stop and waits until all that it had begun is done.
    ///
    /// # Errors
    ///
    /// When it does not stop, or ends with an error.
    pub fn stop(mut self) -> Result<()> {
        let pid = i32::try_from(self.child.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        rustix::process::kill_process(
            pid.context("a process without an id")?,
            rustix::process::Signal::TERM,
        )?;
        let ended = self.child.wait()?;
        if self.target.name == "frontdesk" && !ended.success() {
            bail!("frontdesk ended with {ended}");
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It is gone already where it was stopped.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Builds the programs that are measured from this checkout, and tells where they are.
///
/// # Errors
///
/// When they do not build.
pub fn build() -> Result<(PathBuf, PathBuf)> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "build",
            "--quiet",
            "--release",
            "--locked",
            "--bin",
            "frontdesk",
            "--bin",
            "floor",
        ])
        .status()?;
    if !built.success() {
        bail!("the programs that are to be measured do not build");
    }
    let here = std::env::current_exe()?;
    let folder = here.parent().context("this program is nowhere")?;
    Ok((folder.join("frontdesk"), folder.join("floor")))
}

fn template_name(size: Size) -> String {
    let mut hasher = DefaultHasher::new();
    // Visits lie around the day on which they are made.
    (SEED, machine_time().date_naive().to_string()).hash(&mut hasher);
    format!(
        "seeded_{}x{}_{:08x}",
        size.organizations,
        size.visits,
        hasher.finish() >> 32
    )
}

/// Drops what earlier days or earlier seeds left of this size.
async fn drop_older(client: &Client, size: Size) -> Result<()> {
    let like = format!("seeded\\_{}x{}\\_%", size.organizations, size.visits);
    let old = client
        .query(
            "select datname::text from pg_database where datname like $1",
            &[&like],
        )
        .await?;
    for row in old {
        let name: String = row.try_get(0)?;
        client
            .batch_execute(&format!("drop database {name}"))
            .await?;
    }
    Ok(())
}

async fn seed(url: &str, size: Size) -> Result<()> {
    let mut client = connect(url).await?;
    migrate::migrate(&mut client).await?;
    client
        .batch_execute(&format!(
            "set big.organizations = {}; set big.appointments = {}",
            size.organizations, size.visits
        ))
        .await?;
    client.batch_execute(SEED).await?;
    client.batch_execute("vacuum analyze").await?;
    Ok(())
}

/// Opens a connection.
///
/// # Errors
///
/// When nobody answers there.
pub async fn connect(url: &str) -> Result<Client> {
    let config: tokio_postgres::Config = url.parse()?;
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Waits for what is asked of the database between runs.
///
/// # Errors
///
/// When the system gives no runtime.
pub fn block_on<T>(work: impl Future<Output = T>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let done = runtime.block_on(work);
    runtime.shutdown_timeout(Duration::from_secs(1));
    Ok(done)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
