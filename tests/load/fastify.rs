//! The same check as it is written on Fastify: `tests/load/fastify`, installed beside the database that is measured on.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    rc::Rc,
};

use anyhow::{Context, Result, bail};

use super::{
    limits::Contest,
    scenarios::{CHECKS, Proof},
    sign::Signer,
    stage::{Running, Stage},
    target::Kind,
};

const FILES: [(&str, &str); 3] = [
    ("package.json", include_str!("fastify/package.json")),
    (
        "package-lock.json",
        include_str!("fastify/package-lock.json"),
    ),
    ("server.mjs", include_str!("fastify/server.mjs")),
];

/// How many times its calls the service is to answer.
const AHEAD: f64 = 1.5;

impl Proof<'_> {
    /// Holds the service against it, round by round.
    ///
    /// # Errors
    ///
    /// When it cannot be installed, or one of them does not answer.
    pub fn against_fastify(&mut self) -> Result<()> {
        let program = install(self.stage)?;
        let database = self.stage.database(self.size)?;
        let organizations = self.size.organizations;
        let frontdesk = self.start(&database, organizations)?;
        let fastify = start(self.stage, &program, &database, self.pool, self.signer)?;
        self.warm(&fastify, organizations)?;
        for connections in [8, 32] {
            self.callers.mix.set(CHECKS);
            let callers = Rc::clone(self.callers);
            let rounds = Contest {
                frontdesk: &frontdesk.target,
                other: &fastify.target,
                pgbench: None,
                callers: &callers,
                rounds: self.rounds,
                length: self.length,
            }
            .throughput(
                &format!("check_availability, {connections} connections"),
                connections,
            )?;
            self.compared(rounds, &[("fastify", AHEAD)]);
        }
        frontdesk.stop()
    }
}

/// Installs it, and tells where its program is.
///
/// # Errors
///
/// When there is no npm, or it cannot be installed.
fn install(stage: &Stage) -> Result<PathBuf> {
    let folder = stage.scratch("fastify");
    fs::create_dir_all(&folder)?;
    for (name, text) in FILES {
        fs::write(folder.join(name), text)?;
    }
    let installed = Command::new("npm")
        .current_dir(&folder)
        .args(["ci", "--silent", "--no-audit", "--no-fund"])
        .status()
        .context("npm cannot be run; Fastify takes Node.js 20 or later")?;
    if !installed.success() {
        bail!("Fastify cannot be installed");
    }
    Ok(folder.join("server.mjs"))
}

/// Starts it on a database.
///
/// # Errors
///
/// When it does not start.
fn start(
    stage: &Stage,
    program: &Path,
    database: &str,
    pool: u32,
    signer: &Signer,
) -> Result<Running> {
    let queries = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/queries");
    let mut command = Command::new("node");
    command
        .arg(program)
        .env("NODE_ENV", "production")
        .env("FRONTDESK_QUERIES", queries)
        .envs(signer.environment());
    let kind = Kind::Frontdesk(Box::new(signer.clone()));
    stage.start(command, "fastify", "/vapi/webhook", (database, pool), kind)
}
