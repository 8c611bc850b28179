//! What the spool has of a customer: the files in which is kept what callers said while the database was away.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::commands::prelude::*;

/// How many bytes of a file are read; a caller says less.
const MAX_BYTES: u64 = 1 << 20;

/// The files that were set aside, since they could not be replayed, and that name the customer.
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

/// Finds the files that name the customer, and says why they must wait if the service is still to replay one: it may be an emergency.
pub(super) async fn find(
    client: &impl GenericClient,
    folder: &Path,
    organization_id: Uuid,
    pattern: &str,
) -> anyhow::Result<(Found, Option<String>)> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut found = Found::default();
    let mut waiting = None;
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
                &[&said_in(&text), &pattern, &origin.called, &organization_id],
            )
            .await?;
        if !row.try_get::<_, bool>(0)? {
            continue;
        }
        if path.extension().is_some_and(|ending| ending == "left") {
            found.0.push(path);
        } else {
            waiting = Some(
                "the spool has something of this customer that is not in the database yet, perhaps an emergency; it is there as soon \
                 as a service with this spool runs"
                    .to_owned(),
            );
        }
    }
    Ok((found, waiting))
}

/// A file's text without the number that was called: it is the organization's and in all of its files.
fn said_in(text: &str) -> String {
    let Ok(mut kept) = serde_json::from_str::<Value>(text) else {
        return text.to_owned();
    };
    for at in ["", "/origin"] {
        if let Some(object) = kept.pointer_mut(at).and_then(Value::as_object_mut) {
            object.remove("called");
        }
    }
    kept.to_string()
}

/// A file's text, if it is one that a caller's words may be in.
fn text_of(path: &Path) -> anyhow::Result<Option<String>> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        // The service has just replayed it.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if !metadata.is_file() || metadata.len() > MAX_BYTES {
        return Ok(None);
    }
    let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    // PostgreSQL has no text with a zero byte.
    Ok(Some(String::from_utf8_lossy(&bytes).replace('\0', " ")))
}
