//! What the spool has of a customer: the files in which is kept what callers said while the database was away.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use serde::Deserialize;
use tokio_postgres::GenericClient;
use uuid::Uuid;

/// How many bytes of a file are read; a caller says less.
const MOST_BYTES: u64 = 1 << 20;

/// The files that were set aside, since nobody could take them up, and that name the customer.
#[derive(Default)]
pub(super) struct Found(Vec<PathBuf>);

/// The call in which something was said.
#[derive(Default, Deserialize)]
struct Origin {
    proven_for: Option<Uuid>,
    called: Option<String>,
}

/// What a file says of its call: an emergency has it at its top, a message within.
#[derive(Default, Deserialize)]
struct Kept {
    origin: Option<Origin>,
    #[serde(flatten)]
    top: Option<Origin>,
}

impl Found {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Removes them.
    pub(super) fn remove(&self) -> anyhow::Result<()> {
        for path in &self.0 {
            fs::remove_file(path)
                .with_context(|| format!("{} cannot be removed", path.display()))?;
        }
        Ok(())
    }
}

/// Finds the files that name the customer.
///
/// # Errors
///
/// A folder that cannot be read, and a file that the service is still to take up: it may be an emergency.
pub(super) async fn find(
    client: &impl GenericClient,
    folder: &Path,
    organization_id: Uuid,
    pattern: &str,
) -> anyhow::Result<Found> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut found = Found::default();
    for entry in entries {
        let path = entry?.path();
        let Some(text) = text_of(&path)? else {
            continue;
        };
        let kept: Kept = serde_json::from_str(&text).unwrap_or_default();
        let origin = kept.origin.or(kept.top).unwrap_or_default();
        if origin.proven_for.is_some_and(|id| id != organization_id) {
            continue;
        }
        let row = client
            .query_one(
                "select $1::text ~* $2::text and not exists (
                     select from public.phone_number_assignments as p
                     where p.phone_number = $3::text and p.is_active and p.organization_id <> $4::uuid
                 )",
                &[&text, &pattern, &origin.called, &organization_id],
            )
            .await?;
        if !row.try_get::<_, bool>(0)? {
            continue;
        }
        let is_aside = path.extension().is_some_and(|ending| ending == "left");
        ensure!(
            is_aside,
            "the spool has something of this customer that is not in the database yet, perhaps an emergency; it is there as soon as \
             a service with this spool runs. Nothing was changed."
        );
        found.0.push(path);
    }
    Ok(found)
}

/// A file's text, if it is one that a caller's words may be in.
fn text_of(path: &Path) -> anyhow::Result<Option<String>> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        // The service has just taken it up.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        return Ok(None);
    }
    let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    // PostgreSQL has no text with a zero byte.
    Ok(Some(String::from_utf8_lossy(&bytes).replace('\0', " ")))
}
