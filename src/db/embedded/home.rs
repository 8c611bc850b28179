//! The directory of a private PostgreSQL: its cluster, its log and its lock; and where such directories are by default.
//!
//! The directory itself belongs to the caller. Only `cluster/` belongs to the user that the server runs as, so that a
//! server which root started cannot put links in the way of what root writes.

use std::{
    ffi::OsString,
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use super::{
    EmbeddedError,
    account::{self, Account},
    error::cannot,
};

/// Where root keeps data: homes are often closed to the user that the server runs as.
const ROOT_FOLDER: &str = "/var/lib/frontdesk";

/// Where a private PostgreSQL keeps its data unless told otherwise.
///
/// `/var/lib/frontdesk/database` for root; else `frontdesk/database` under `$XDG_DATA_HOME`, or under `~/.local/share`
/// where that is not set (XDG Base Directory Specification).
///
/// # Errors
///
/// [`EmbeddedError::NoHome`] when the environment names neither.
pub fn default_data_directory() -> Result<PathBuf, EmbeddedError> {
    Ok(private_folder()?.join("database"))
}

/// The folder of everything that is kept from one run to the next.
pub(super) fn private_folder() -> Result<PathBuf, EmbeddedError> {
    if account::is_root() {
        return Ok(ROOT_FOLDER.into());
    }
    folder_of_user(std::env::var_os("XDG_DATA_HOME"), std::env::var_os("HOME"))
        .ok_or(EmbeddedError::NoHome)
}

fn folder_of_user(data_home: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    let absolute =
        |path: Option<OsString>| path.map(PathBuf::from).filter(|path| path.is_absolute());
    absolute(data_home)
        .or_else(|| Some(absolute(home)?.join(".local/share")))
        .map(|share| share.join("frontdesk"))
}

/// Makes a folder and those above it; closed to others, but for root one that the server's user can pass through.
pub(super) fn make_folder(path: &Path) -> Result<(), EmbeddedError> {
    let failed = || cannot(format!("make the directory {}", path.display()));
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        make_folder(parent)?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(failed()(error)),
        // In two steps, since the caller's umask may take away what the first one gives.
        Ok(()) if account::is_root() => let_pass(path).map_err(failed()),
        Ok(()) => Ok(()),
    }
}

/// Lets every user pass through a directory, without letting them see what is in it.
fn let_pass(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(0o711))
}

/// A data directory that this program holds: no other can open it until this value is gone.
pub(super) struct Home {
    pub(super) path: PathBuf,
    pub(super) account: Option<Account>,
    lock: File,
}

impl Home {
    /// Makes the directory where it is missing, and takes its lock.
    pub(super) fn open(directory: &Path) -> Result<Self, EmbeddedError> {
        let account = account::server_account()?;
        make_folder(directory)?;
        let path = directory
            .canonicalize()
            .map_err(cannot(format!("reach {}", directory.display())))?;
        if path.to_str().is_none() {
            return Err(EmbeddedError::OddName(path));
        }
        let found = fs::metadata(&path).map_err(cannot(format!("read {}", path.display())))?;
        if found.uid() != rustix::process::geteuid().as_raw() {
            return Err(EmbeddedError::ForeignDirectory(path));
        }
        if account.is_some() && found.mode() & 0o001 == 0 {
            let_pass(&path).map_err(cannot(format!("open {}", path.display())))?;
        }
        if let Some(barred) = account::barred(account, &path) {
            return Err(EmbeddedError::Unreachable(barred));
        }
        let lock = lock(&path)?;
        Ok(Self {
            path,
            account,
            lock,
        })
    }

    /// Where PostgreSQL's own data directory is.
    pub(super) fn cluster(&self) -> PathBuf {
        self.path.join("cluster")
    }

    /// Where the server's log is.
    pub(super) fn log(&self) -> PathBuf {
        self.path.join("server.log")
    }

    /// Opens an empty log; it holds one run.
    pub(super) fn new_log(&self) -> Result<File, EmbeddedError> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(self.log())
            .map_err(cannot(format!("write {}", self.log().display())))
    }

    /// Makes an empty directory of the server's user at `path`, in place of whatever an unfinished run left there.
    pub(super) fn make_server_directory(&self, path: &Path) -> Result<(), EmbeddedError> {
        let failed = || cannot(format!("make the directory {}", path.display()));
        if path.symlink_metadata().is_ok() {
            fs::remove_dir_all(path).map_err(failed())?;
        }
        DirBuilder::new()
            .mode(0o700)
            .create(path)
            .map_err(failed())?;
        if let Some(Account { uid, gid }) = self.account {
            std::os::unix::fs::chown(path, Some(uid), Some(gid)).map_err(failed())?;
        }
        Ok(())
    }

    /// Gives up everything but the lock.
    pub(super) fn into_lock(self) -> File {
        self.lock
    }
}

/// Takes the lock that one program at a time can hold; the system frees it when that program ends.
fn lock(directory: &Path) -> Result<File, EmbeddedError> {
    let path = directory.join("lock");
    let failed = || cannot(format!("lock {}", path.display()));
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(failed())?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0).map_err(failed())?;
            write!(file, "{}", std::process::id()).map_err(failed())?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Who holds it is told for convenience only.
            drop(file.read_to_string(&mut holder));
            Err(EmbeddedError::InUse {
                pid: holder.trim().parse().ok(),
                directory: directory.to_path_buf(),
            })
        }
        Err(TryLockError::Error(source)) => Err(failed()(source)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(data_home: Option<&str>, home: Option<&str>) -> Option<PathBuf> {
        folder_of_user(data_home.map(OsString::from), home.map(OsString::from))
    }

    #[test]
    fn data_is_kept_where_the_environment_says() {
        let expected = Some(PathBuf::from("/data/frontdesk"));
        assert_eq!(folder(Some("/data"), Some("/home/a")), expected);
    }

    #[test]
    fn data_is_kept_in_the_home_where_the_environment_says_nothing_usable() {
        let expected = Some(PathBuf::from("/home/a/.local/share/frontdesk"));
        for data_home in [None, Some(""), Some("relative/path")] {
            assert_eq!(folder(data_home, Some("/home/a")), expected);
        }
    }

    #[test]
    fn folders_are_made_as_deep_as_is_asked_and_as_often() {
        let top = std::env::temp_dir().join(format!("frontdesk-folders-{}", std::process::id()));
        for _ in 0..2 {
            make_folder(&top.join("a/b")).unwrap();
        }
        fs::write(top.join("file"), "").unwrap();
        let refused = make_folder(&top.join("file/c")).unwrap_err();
        assert!(refused.to_string().contains("file"), "{refused}");
        fs::remove_dir_all(&top).unwrap();
    }

    #[test]
    fn without_a_home_there_is_no_default() {
        assert_eq!(folder(None, None), None);
        assert_eq!(folder(Some(""), Some("")), None);
    }
}
