//! PostgreSQL's own data directory: made once, and of one major version for good.

use std::fs;

use super::{
    EmbeddedError, Installation, account::program, error::cannot, home::Home,
    installation::find_version,
};

/// The superuser of every private PostgreSQL.
pub(super) const SUPERUSER: &str = "frontdesk";

/// Locales in order of preference: with C.UTF-8 the server knows letters such as ñ; not every system has it.
const LOCALES: [&str; 2] = ["C.UTF-8", "C"];

/// Makes the data directory where it is missing, and returns the installation that fits it.
///
/// Data of another major version than `given` gets the installation that it was made with, if that is still there.
pub(super) fn prepare(
    home: &Home,
    given: &Installation,
    durable: bool,
) -> Result<Installation, EmbeddedError> {
    let version = home.cluster().join("PG_VERSION");
    if !version.exists() {
        make(home, given, durable)?;
        return Ok(given.clone());
    }
    let text =
        fs::read_to_string(&version).map_err(cannot(format!("read {}", version.display())))?;
    match text.trim().parse() {
        Ok(major) if major == given.major => Ok(given.clone()),
        Ok(major) => find_version(major).ok_or_else(|| EmbeddedError::OtherVersion {
            directory: home.path.clone(),
            data: major,
            installed: given.major,
        }),
        Err(_) => Err(EmbeddedError::Initdb(format!(
            "{} holds no version",
            version.display()
        ))),
    }
}

/// Makes it elsewhere and moves it into place when it is whole, so that an interrupted run leaves nothing that looks made.
fn make(home: &Home, installation: &Installation, durable: bool) -> Result<(), EmbeddedError> {
    let unfinished = home.path.join("cluster.new");
    let mut refusal = String::new();
    for locale in LOCALES {
        home.make_server_directory(&unfinished)?;
        let mut initdb = program(&installation.bin.join("initdb"), home.account, &home.path);
        initdb
            .arg("--pgdata")
            .arg(&unfinished)
            .args([
                "--username",
                SUPERUSER,
                "--encoding",
                "UTF8",
                "--locale",
                locale,
            ])
            // The socket's directory keeps others out; over TCP, should it ever be opened by hand, nobody is let in.
            .args(["--auth-local", "trust", "--auth-host", "reject"]);
        if !durable {
            initdb.arg("--no-sync");
        }
        let done = initdb.output().map_err(cannot("run initdb"))?;
        if done.status.success() {
            return fs::rename(&unfinished, home.cluster())
                .map_err(cannot(format!("make {}", home.cluster().display())));
        }
        String::from_utf8_lossy(&done.stderr)
            .trim()
            .clone_into(&mut refusal);
    }
    Err(EmbeddedError::Initdb(refusal))
}
