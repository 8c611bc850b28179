//! The lines of a file of an archive, a batch at a time.

use std::{
    fs::File,
    io::{BufRead, BufReader},
};

use flate2::read::MultiGzDecoder;

use crate::commands::files::{CHUNK_BYTES, FileEntry, Folder};

/// How many rows are sent at once.
const MAX_ROWS: usize = 500;

/// From how many bytes on a batch is sent, so that long transcripts take no more memory than short rows.
const MAX_BYTES: usize = 4 << 20;

/// The rows of a file.
pub(super) struct Lines(BufReader<MultiGzDecoder<BufReader<File>>>);

impl Lines {
    /// Begins at the first row.
    pub(super) fn of(folder: &Folder, entry: &FileEntry) -> anyhow::Result<Self> {
        let file = BufReader::with_capacity(CHUNK_BYTES, folder.read(entry)?);
        Ok(Self(BufReader::with_capacity(
            CHUNK_BYTES,
            MultiGzDecoder::new(file),
        )))
    }

    /// The next rows, each as the JSON that the database wrote; none at the end.
    pub(super) fn batch(&mut self) -> anyhow::Result<Vec<String>> {
        let (mut rows, mut bytes) = (Vec::new(), 0);
        while rows.len() < MAX_ROWS && bytes < MAX_BYTES {
            let mut line = String::new();
            let read = self.0.read_line(&mut line)?;
            if read == 0 {
                break;
            }
            bytes += read;
            rows.push(line);
        }
        Ok(rows)
    }
}
