//! Whom the server runs as: the caller, or an unprivileged user when the caller is root.

use std::{
    fs,
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::EmbeddedError;

/// Users that root runs the server as, the first that exists. Whatever else runs as `nobody` could reach the server, so
/// PostgreSQL's own user is preferred; the system's package makes it.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// A user and its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// Whether the caller is root.
pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The user that the server must run as, or none when it runs as the caller.
pub(super) fn server_account() -> Result<Option<Account>, EmbeddedError> {
    if !is_root() {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    UNPRIVILEGED
        .iter()
        .find_map(|name| account_in(&users, name))
        .map(Some)
        .ok_or(EmbeddedError::NoAccount)
}

/// Finds an unprivileged user in the text of `/etc/passwd`, see passwd(5).
fn account_in(users: &str, name: &str) -> Option<Account> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next()? != name {
            return None;
        }
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        (uid != 0).then_some(Account { uid, gid })
    })
}

/// The first directory on the way to `path`, itself included, that the user may not enter.
pub(super) fn barred(account: Option<Account>, path: &Path) -> Option<PathBuf> {
    let account = account?;
    let mut way: Vec<&Path> = path.ancestors().collect();
    way.reverse();
    way.into_iter()
        .find(|directory| !may_enter(account, directory))
        .map(Path::to_path_buf)
}

fn may_enter(account: Account, directory: &Path) -> bool {
    fs::metadata(directory).is_ok_and(|found| {
        let bit = if found.uid() == account.uid {
            0o100
        } else if found.gid() == account.gid {
            0o010
        } else {
            0o001
        };
        found.mode() & bit != 0
    })
}

/// A PostgreSQL program to be run as that user, in `directory`, without any PG setting of the caller's environment.
pub(super) fn program(path: &Path, account: Option<Account>, directory: &Path) -> Command {
    let mut command = Command::new(path);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    // Messages in English, whatever the caller's locale and whether or not it is installed.
    command
        .env("LC_ALL", "C")
        .current_dir(directory)
        .stdin(Stdio::null());
    if let Some(Account { uid, gid }) = account {
        command.uid(uid).gid(gid);
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "root:x:0:0:root:/root:/bin/bash\n\
        broken\n\
        postgresql:x:7:7::/:/bin/sh\n\
        postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n\
        nobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false\n";

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let found = account_in(USERS, "postgres");
        assert_eq!(found, Some(Account { uid: 101, gid: 104 }));
    }

    #[test]
    fn a_user_that_is_absent_odd_or_root_is_not_taken() {
        for name in ["nobody", "broken", "root", "mysql", ""] {
            assert_eq!(account_in(USERS, name), None, "{name}");
        }
    }
}
