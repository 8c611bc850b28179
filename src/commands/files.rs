//! Folders of files that hold rows: each file with its size and SHA-256 in a manifest, which is written last.
//!
//! A folder without a manifest is incomplete. Nothing that exists is overwritten, and nobody but the user who wrote them can read the files.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, BufWriter, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

/// The name of the manifest.
pub(super) const MANIFEST: &str = "manifest.json";

/// How much of a file is held in memory at once.
pub(super) const CHUNK_BYTES: usize = 1 << 16;

/// A CSV whose quote and delimiter occur in no JSON text, so that a line is a row's JSON as it is.
pub(super) const JSON_LINES: &str = r"(format csv, quote e'\x01', delimiter e'\x02')";

/// A folder of files.
pub(super) struct Folder(PathBuf);

/// What a manifest says of one file.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct FileEntry {
    /// Its name in the folder.
    pub(super) name: String,
    /// Its size.
    pub(super) bytes: u64,
    /// The SHA-256 of its content, in hexadecimal digits.
    pub(super) sha256: String,
}

/// A file that is being written.
pub(super) struct FileWriter {
    name: String,
    file: BufWriter<File>,
    sum: Sha256,
    bytes: u64,
    /// How many line ends were written.
    pub(super) lines: u64,
}

impl Folder {
    /// A new folder that nobody else can read; one that exists must be empty.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(|| format!("{} cannot be made", path.display()))?;
        let mut entries =
            fs::read_dir(path).with_context(|| format!("{} cannot be read", path.display()))?;
        ensure!(
            entries.next().is_none(),
            "{} is not empty; name a folder that does not exist yet",
            path.display()
        );
        // One that existed may be open to others; what goes into it is not theirs to read.
        fs::set_permissions(path, Permissions::from_mode(0o700))
            .with_context(|| format!("{} cannot be closed to other users", path.display()))?;
        Ok(Self(path.to_owned()))
    }

    /// A folder that was written before.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        ensure!(path.is_dir(), "{} is not a folder", path.display());
        Ok(Self(path.to_owned()))
    }

    /// A new file.
    pub(super) fn write(&self, name: &str) -> anyhow::Result<FileWriter> {
        let path = self.0.join(name);
        let file = OpenOptions::new()
            .create_new(true)
            .write(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(FileWriter {
            name: name.to_owned(),
            file: BufWriter::with_capacity(CHUNK_BYTES, file),
            sum: Sha256::new(),
            bytes: 0,
            lines: 0,
        })
    }

    /// Writes the manifest, which makes the folder complete.
    pub(super) fn finish(&self, manifest: &impl Serialize) -> anyhow::Result<()> {
        let unfinished = format!("{MANIFEST}.part");
        let mut file = self.write(&unfinished)?;
        file.write_all(&serde_json::to_vec_pretty(manifest)?)?;
        file.write_all(b"\n")?;
        file.finish()?;
        fs::rename(self.0.join(&unfinished), self.0.join(MANIFEST))?;
        File::open(&self.0)?.sync_all()?;
        Ok(())
    }

    /// Reads the manifest.
    pub(super) fn manifest<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        let path = self.0.join(MANIFEST);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => bail!(
                "{} has no {MANIFEST}: it was not finished, or it is another folder",
                self.0.display()
            ),
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be read", path.display()));
            }
        };
        serde_json::from_slice(&text)
            .with_context(|| format!("{} is not understood", path.display()))
    }

    /// Opens a file for reading.
    pub(super) fn read(&self, entry: &FileEntry) -> anyhow::Result<File> {
        let is_plain = !entry.name.is_empty() && !entry.name.contains(['/', '\\']);
        ensure!(
            is_plain && entry.name != "..",
            "the manifest names the file {:?}, which is not in its folder",
            entry.name
        );
        let path = self.0.join(&entry.name);
        File::open(&path).with_context(|| format!("{} cannot be read", path.display()))
    }

    /// Refuses a file that is not as the manifest has it.
    pub(super) fn check(&self, entry: &FileEntry) -> anyhow::Result<()> {
        let mut file = self.read(entry)?;
        let mut sum = Sha256::new();
        let mut bytes = 0_u64;
        let mut chunk = vec![0_u8; CHUNK_BYTES];
        loop {
            let count = file.read(&mut chunk)?;
            let Some(read) = chunk.get(..count).filter(|read| !read.is_empty()) else {
                break;
            };
            sum.update(read);
            bytes += u64::try_from(count)?;
        }
        ensure!(
            bytes == entry.bytes && hex::encode(sum.finalize()) == entry.sha256,
            "{} is not what the manifest says: it was cut off or changed",
            entry.name
        );
        Ok(())
    }
}

impl FileWriter {
    /// Writes what is left and waits until the disk has it.
    pub(super) fn finish(mut self) -> anyhow::Result<FileEntry> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        Ok(FileEntry {
            name: self.name,
            bytes: self.bytes,
            sha256: hex::encode(self.sum.finalize()),
        })
    }
}

impl Write for FileWriter {
    fn write(&mut self, content: &[u8]) -> io::Result<usize> {
        self.file.write_all(content)?;
        self.sum.update(content);
        self.bytes += content.len() as u64;
        self.lines += content.split(|byte| *byte == b'\n').count() as u64 - 1;
        Ok(content.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
