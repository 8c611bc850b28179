//! The spool: a folder for emergencies and messages that callers report while the database is away.
//!
//! What was spooled is replayed once the database is back, and removed. If the process dies in between, it is replayed
//! again: replaying must be idempotent. What cannot be replayed is set aside, with `.left` behind its name: an operator who removes that
//! ending has it tried again.

use std::{
    ffi::OsStr,
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::error::Result;

/// The ending of files that could not be replayed.
const ASIDE: &str = ".left";

/// How much is written to find out whether there is room: more than what a caller says takes.
const PROBE_BYTES: usize = 65_536;

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An emergency.
    Emergency,
    /// A message for the staff.
    Message,
}

/// The folder.
#[derive(Clone, Debug)]
pub struct Spool(PathBuf);

/// Something that was spooled.
#[derive(Debug)]
pub struct Kept<T> {
    path: PathBuf,
    kind: Kind,
    /// What was said.
    pub said: T,
}

/// How many files of one kind are in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The kind.
    pub kind: Kind,
    /// Those that wait for the database.
    pub waiting: u32,
    /// Those that could not be replayed and were set aside.
    pub left: u32,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Emergency, Self::Message];

    /// The ending of its files.
    fn ending(self) -> &'static str {
        match self {
            Self::Emergency => "emergency.json",
            Self::Message => "message.json",
        }
    }

    /// What it is called in the log and the metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Message => "message",
        }
    }
}

impl Spool {
    /// The folder, which is created when it is first written to.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Writes a file and removes it again, to find out whether the folder can be written to.
    ///
    /// # Errors
    ///
    /// When it cannot be created or written to.
    pub fn check(&self) -> io::Result<()> {
        self.make()?;
        let probe = self.0.join(format!(".probe-{}", Uuid::new_v4()));
        // A full disk still takes an empty file.
        let written = self.write(&probe, &vec![0; PROBE_BYTES]);
        let removed = fs::remove_file(probe);
        written.and(removed)
    }

    /// Whether the folder lies on the file system of `/`, which a container or a virtual machine may lose with its next release.
    ///
    /// # Errors
    ///
    /// When the folder cannot be looked at.
    pub fn is_on_root(&self) -> io::Result<bool> {
        Ok(fs::metadata(&self.0)?.dev() == fs::metadata("/")?.dev())
    }

    /// How many files of each kind there are; none in a folder that cannot be read.
    #[must_use]
    pub fn counts(&self) -> [Count; 2] {
        let names: Vec<String> = fs::read_dir(&self.0)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        let count = |ending: &str| {
            let found = names.iter().filter(|name| name.ends_with(ending)).count();
            u32::try_from(found).unwrap_or(u32::MAX)
        };
        Kind::ALL.map(|kind| Count {
            kind,
            waiting: count(kind.ending()),
            left: count(&format!("{}{ASIDE}", kind.ending())),
        })
    }

    /// Makes the folder if it is not there; nobody else on the machine can read it.
    fn make(&self) -> io::Result<()> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.0)
    }

    /// Spools something so that it survives a restart of the machine; whether that was done.
    pub async fn keep<T: Serialize>(&self, kind: Kind, at: DateTime<Utc>, said: &T) -> bool {
        let spool = self.clone();
        let text = serde_json::to_vec(said).map_err(io::Error::from);
        let kept = tokio::task::spawn_blocking(move || spool.keep_text(kind, at, &text?));
        let error = match kept.await {
            Ok(Ok(())) => return true,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        tracing::error!(
            error,
            kind = kind.name(),
            "what a caller said could not be written to the spool"
        );
        false
    }

    fn keep_text(&self, kind: Kind, at: DateTime<Utc>, text: &[u8]) -> io::Result<()> {
        let (at, ending) = (at.format("%Y%m%dT%H%M%S"), kind.ending());
        let name = format!("{at}-{}.{ending}", Uuid::new_v4());
        let unfinished = self.0.join(format!("{name}.part"));
        self.make()?;
        if let Err(error) = self.write(&unfinished, text) {
            // It may not be there at all.
            fs::remove_file(&unfinished).ok();
            return Err(error);
        }
        fs::rename(&unfinished, self.0.join(name))?;
        fs::File::open(&self.0)?.sync_all()
    }

    /// All of a kind that was spooled, the oldest first. What cannot be read is set aside.
    #[must_use]
    pub fn kept<T: DeserializeOwned>(&self, kind: Kind) -> Vec<Kept<T>> {
        let mut paths: Vec<PathBuf> = fs::read_dir(&self.0)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                path.file_name()
                    .and_then(|name| name.to_str())
                    .is_some_and(|name| name.ends_with(kind.ending()))
            })
            .collect();
        paths.sort();
        let read = |path: PathBuf| {
            let text = match fs::read(&path) {
                Ok(text) => text,
                // Too many open files, or a disk that fails: it is tried again.
                Err(error) => {
                    tracing::error!(kind = kind.name(), %error, "a file of the spool cannot be read");
                    return None;
                }
            };
            let said = serde_json::from_slice(&text).ok();
            if said.is_none() {
                set_aside(&path, kind, "it is not what this program writes");
            }
            said.map(|said| Kept { path, kind, said })
        };
        paths.into_iter().filter_map(read).collect()
    }

    #[expect(clippy::unused_self, reason = "only an open spool is written to")]
    fn write(&self, path: &Path, text: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(text)?;
        file.sync_all()
    }
}

impl<T> Kept<T> {
    /// Removes what was replayed for an organization, and sets aside what belongs to none.
    ///
    /// # Errors
    ///
    /// The failure of the database; what failed is left to be tried again.
    pub fn complete(self, replayed: Result<Option<Uuid>>) -> Result<()> {
        let kind = self.kind.name();
        match replayed? {
            Some(organization_id) => {
                if fs::remove_file(&self.path).is_err() {
                    tracing::error!(
                        kind,
                        "what was replayed could not be removed from the spool"
                    );
                }
                tracing::warn!(
                    organization.id = %organization_id,
                    kind,
                    "what a caller said was replayed from the spool"
                );
            }
            None => set_aside(&self.path, self.kind, "it is nobody's"),
        }
        Ok(())
    }
}

fn set_aside(path: &Path, kind: Kind, why: &str) {
    let mut name = path.as_os_str().to_owned();
    name.push(ASIDE);
    let (kind, file) = (kind.name(), path.file_name().map(OsStr::to_string_lossy));
    match fs::rename(path, &name) {
        Ok(()) => {
            tracing::error!(why, kind, file = ?file, "what was in the spool was set aside");
        }
        Err(error) => {
            tracing::error!(why, kind, file = ?file, %error, "what is in the spool cannot be replayed");
        }
    }
}
