//! Folders for the files of a test.

use std::{
    fmt,
    ops::Deref,
    path::{Path, PathBuf},
};

use super::database::data_directory_in;

/// A folder of a test's own, which does not exist yet; removed with what the test left in it.
pub struct Folder(String);

impl Folder {
    /// A folder in memory, where there is room: no test waits for a disk that others keep busy, which a service takes for one that fails.
    pub fn new() -> Self {
        Self::under(super::database::memory())
    }

    /// A folder on the file system of the build.
    pub fn on_disk() -> Self {
        Self::under(None)
    }

    fn under(parent: Option<&Path>) -> Self {
        let parent = parent.unwrap_or(Path::new(env!("CARGO_TARGET_TMPDIR")));
        let folder: PathBuf = data_directory_in(parent, &format!("spool-{}", uuid::Uuid::new_v4()));
        Self(folder.into_os_string().into_string().unwrap())
    }

    /// What has this name in it.
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        Path::new(&self.0).join(name)
    }
}

impl Deref for Folder {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<Path> for Folder {
    fn as_ref(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
