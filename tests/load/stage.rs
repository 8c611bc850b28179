//! What is measured on: a private PostgreSQL with a big database, and the programs that are started on it.

use std::{
    collections::hash_map::DefaultHasher,
    env,
    fs::{self, File},
    hash::{Hash, Hasher},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use clap::Args;
use frontdesk::{
    clock::machine_time,
    db::{
        embedded::{self, Installation, Server},
        migrate,
    },
};
use tokio_postgres::{Client, NoTls};

use super::{
    client::Endpoint,
    machine::{Watched, parent},
    report::{BARE, FASTIFY_OURS, FASTIFY_POSTGRES, FRONTDESK},
    sign::{OWN_KEY, Signer},
    target::Target,
};

/// The repository.
pub const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The organizations and appointments that everything is measured on.
const SEED: &str = include_str!("../../fixtures/seed/big.sql");

/// The kind of a database with plain tables, their text, and what fills them.
const PLAIN: &str = "plain";
const PLAIN_SCHEMA: &str = include_str!("plain/schema.sql");
const PLAIN_SEED: &str = include_str!("plain/seed.sql");

/// Of PostgreSQL's settings those that its defaults set for a machine of twenty years ago.
const SETTINGS: [(&str, &str); 3] = [
    ("max_connections", "300"),
    ("shared_buffers", "1GB"),
    ("max_wal_size", "4GB"),
];

/// How big a database is.
#[derive(Args, Clone, Copy)]
pub struct Size {
    /// How many organizations are called.
    #[arg(long, global = true, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub organizations: u32,
    /// How many appointments each has.
    #[arg(long, global = true, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    pub appointments: u32,
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
    pub fn open(folder: Option<PathBuf>) -> Result<Self> {
        let folder = match folder {
            None => embedded::default_data_directory()?.with_file_name("load"),
            Some(folder) => folder,
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
            let about = "select current_setting('server_version'), pg_backend_pid()";
            let row = client.query_one(about, &[]).await?;
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
    pub fn database(&self, size: Size) -> Result<String> {
        block_on(async {
            let name = self.copy("seeded", &[SEED], size).await?;
            let mut fresh = connect(&self.server.url(&name)).await?;
            migrate::migrate(&mut fresh).await?;
            let ready = "alter role frontdesk_app login; analyze; checkpoint";
            fresh.batch_execute(ready).await?;
            Ok(name)
        })?
    }

    /// The same organizations and appointments in the plain tables.
    pub fn plain(&self, size: Size) -> Result<String> {
        block_on(self.copy(PLAIN, &[PLAIN_SCHEMA, PLAIN_SEED], size))?
    }

    /// A copy of a seeded database, which is made once a day.
    async fn copy(&self, kind: &str, sql: &[&str], size: Size) -> Result<String> {
        let Size {
            organizations,
            appointments,
        } = size;
        // What lies in it lies around the day on which it was made.
        let mut hasher = DefaultHasher::new();
        (sql, machine_time().date_naive().to_string()).hash(&mut hasher);
        let day = hasher.finish() >> 32;
        let template = format!("{kind}_{organizations}x{appointments}_{day:08x}");
        let name = format!("run_{kind}_{organizations}x{appointments}");
        let admin = connect(&self.server.url("postgres")).await?;
        let known = "select from pg_database where datname = $1";
        if admin.query_opt(known, &[&template]).await?.is_none() {
            eprintln!(
                "making {template}: {organizations} organizations with {appointments} appointments each, once a day"
            );
            // What earlier days or earlier seeds left of this size.
            let like = format!("{kind}\\_{organizations}x{appointments}\\_%");
            let old = "select datname::text from pg_database where datname like $1";
            for row in admin.query(old, &[&like]).await? {
                let drop = format!("drop database {}", row.try_get::<_, &str>(0)?);
                admin.batch_execute(&drop).await?;
            }
            let making = format!("{template}_making");
            let create = format!("create database {making}");
            admin.batch_execute(&create).await?;
            seed(&self.server.url(&making), size, kind == PLAIN).await?;
            let rename = format!("alter database {making} rename to {template}");
            admin.batch_execute(&rename).await?;
        }
        let drop = format!("drop database if exists {name} with (force)");
        admin.batch_execute(&drop).await?;
        let copy = format!("create database {name} template {template} strategy file_copy");
        admin.batch_execute(&copy).await?;
        Ok(name)
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

    /// Starts a program on a database: the service with everything on, or one that it is compared with.
    pub fn start(
        &self,
        programs: &Programs,
        name: &'static str,
        database: &str,
        pool: u32,
    ) -> Result<Running> {
        let mut command;
        let url = match (name, &programs.fastify) {
            (FRONTDESK, _) => {
                command = Command::new(&programs.frontdesk);
                let listen = format!("127.0.0.1:{}", free_port()?);
                command.arg("serve").env("FRONTDESK_ADMIN_LISTEN", listen);
                self.server.url_of("frontdesk_app", database)
            }
            (BARE, _) | (_, None) => {
                command = Command::new(&programs.bare);
                self.owner_url(database)
            }
            (_, Some(server)) => {
                let checkout = Path::new(CHECKOUT);
                let (driver, queries) = match name {
                    FASTIFY_OURS => ("ours", "sql/queries"),
                    FASTIFY_POSTGRES => ("postgres", "tests/load/plain"),
                    _ => ("pg", "tests/load/plain"),
                };
                command = Command::new("node");
                command.arg(server).env("NODE_ENV", "production");
                command.env("FASTIFY_DRIVER", driver);
                command.env("FASTIFY_QUERIES", checkout.join(queries));
                match name {
                    FASTIFY_OURS => self.server.url_of("frontdesk_app", database),
                    _ => self.owner_url(database),
                }
            }
        };
        let port = free_port()?;
        let log = self.scratch(&format!("{}.log", name.replace(' ', "-")));
        let log =
            File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?;
        // Only the key of the load test authenticates.
        for (variable, _) in env::vars_os() {
            if variable.to_string_lossy().starts_with("VAPI_") {
                command.env_remove(variable);
            }
        }
        let child = command
            .env("VAPI_HMAC_SECRET", OWN_KEY)
            .env("DATABASE_URL", url)
            .env("FRONTDESK_LISTEN", format!("127.0.0.1:{port}"))
            .env("FRONTDESK_POOL_SIZE", pool.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started", command.get_program().display()))?;
        let target = Target {
            name,
            endpoint: Endpoint::new(format!("http://127.0.0.1:{port}/vapi/webhook").parse()?)?,
            signer: Signer::Hmac(OWN_KEY.to_owned()),
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
    pub fn stop(mut self) -> Result<()> {
        let pid = i32::try_from(self.child.id())
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        rustix::process::kill_process(
            pid.context("a process without an id")?,
            rustix::process::Signal::TERM,
        )?;
        let ended = self.child.wait()?;
        if self.target.name == FRONTDESK && !ended.success() {
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

/// What is measured, by where its program is.
pub struct Programs {
    frontdesk: PathBuf,
    bare: PathBuf,
    /// Fastify's server; `None` where there is no Node.js.
    pub fastify: Option<PathBuf>,
}

/// Builds the service and the bare server from this checkout.
pub fn build() -> Result<Programs> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let here = env::current_exe()?;
    let folder = here.parent().context("this program is nowhere")?;
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(profile) => profile,
    };
    // One after the other, so that no feature of the other's dependencies gets into what is measured.
    for (package, program) in [("frontdesk", "frontdesk"), ("loadtest", "bare")] {
        let mut command = Command::new(&cargo);
        // What `cargo run` sets for this program would make build scripts run again.
        for (variable, _) in env::vars_os() {
            let name = variable.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&variable);
            }
        }
        let built = command
            .current_dir(CHECKOUT)
            .args(["build", "--quiet", "--locked", "--profile", profile])
            .args(["--package", package, "--bin", program])
            .status()?;
        if !built.success() {
            bail!("{program} does not build");
        }
    }
    Ok(Programs {
        frontdesk: folder.join("frontdesk"),
        bare: folder.join("bare"),
        fastify: None,
    })
}

/// Installs Fastify from its lock file, and tells where its server is; `None`, with a line that says why, where that is not possible.
pub fn install_fastify(stage: &Stage) -> Result<Option<PathBuf>> {
    let folder = stage.scratch("fastify");
    fs::create_dir_all(&folder)?;
    for name in ["package.json", "package-lock.json", "server.mjs"] {
        let source = Path::new(CHECKOUT).join("tests/load/fastify").join(name);
        fs::copy(source, folder.join(name))?;
    }
    let works = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        let status = command.current_dir(&folder).args(arguments).status();
        status.is_ok_and(|status| status.success())
    };
    for (program, arguments) in [
        ("node", &["--eval", ""][..]),
        ("npm", &["ci", "--silent", "--no-audit", "--no-fund"]),
    ] {
        if !works(program, arguments) {
            eprintln!(
                "Fastify is left out, and no goal on it is judged: `{program} {}` does not work here",
                arguments.join(" ")
            );
            return Ok(None);
        }
    }
    Ok(Some(folder.join("server.mjs")))
}

/// Fills a new database.
async fn seed(url: &str, size: Size, is_plain: bool) -> Result<()> {
    let mut client = connect(url).await?;
    if is_plain {
        client.batch_execute(PLAIN_SCHEMA).await?;
    } else {
        migrate::migrate(&mut client).await?;
    }
    client
        .batch_execute(&format!(
            "set big.organizations = {}; set big.appointments = {}",
            size.organizations, size.appointments
        ))
        .await?;
    client
        .batch_execute(if is_plain { PLAIN_SEED } else { SEED })
        .await?;
    client.batch_execute("vacuum analyze").await?;
    Ok(())
}

/// Opens a connection.
pub async fn connect(url: &str) -> Result<Client> {
    let config: tokio_postgres::Config = url.parse()?;
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Waits for what is asked of the database between runs.
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
