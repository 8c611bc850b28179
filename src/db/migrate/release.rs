//! Releases: which one this program is, and which programs its schema still serves.

use semver::Version;

use super::MigrateError;

/// This program's release.
pub const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// The oldest program that works on the schema of this release: the release before it. `fixtures/releases/` holds the statements that
/// it sends, and a test prepares them on this schema.
pub const OLDEST_PROGRAM: &str = "0.1.0";

/// The release that a database has.
#[derive(Debug)]
pub(super) struct Release {
    /// What it was migrated to.
    pub(super) version: Version,
    /// The oldest program that it serves.
    pub(super) oldest_program: Version,
}

impl Release {
    /// Whether the database is of a later release than this program.
    pub(super) fn is_newer(&self) -> Result<bool, MigrateError> {
        Ok(self.version > own()?)
    }

    /// Refuses a database that no longer serves this program.
    pub(super) fn require_service(&self) -> Result<(), MigrateError> {
        if self.oldest_program > own()? {
            return Err(MigrateError::Ahead {
                release: self.version.to_string(),
                oldest: self.oldest_program.to_string(),
            });
        }
        Ok(())
    }
}

fn own() -> Result<Version, MigrateError> {
    parse(RELEASE)
}

/// Reads a version; 0.10.0 is later than 0.9.0.
pub(super) fn parse(text: &str) -> Result<Version, MigrateError> {
    Version::parse(text).map_err(|error| {
        tracing::debug!(%error, "no version");
        MigrateError::Version(text.to_owned())
    })
}
