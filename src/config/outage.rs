//! What happens to emergencies and messages while the database is away.

use std::path::PathBuf;

use clap::Args;

use super::{SettingError, non_empty};
use crate::domain::phone::Phone;

/// What happens to emergencies and messages while the database is away, as it was given.
#[derive(Args, Clone)]
pub struct OutageSettings {
    /// The operator's own number, which is texted and called about emergencies that reach nobody else, such as one that comes while the
    /// database is away.
    #[arg(
        long,
        env = "FRONTDESK_FALLBACK_NUMBER",
        value_name = "NUMBER",
        default_value = ""
    )]
    pub fallback_number: String,
    /// The name of `fallback_number` before 0.3; it counts where the other is not set.
    #[arg(
        long,
        env = "FRONTDESK_RESERVE_NUMBER",
        value_name = "NUMBER",
        default_value = "",
        hide = true
    )]
    pub reserve_number: String,
    /// A folder on a volume that outlives the process and its container, in which emergencies and messages wait for the database.
    #[arg(
        long,
        env = "FRONTDESK_SPOOL",
        value_name = "FOLDER",
        default_value = ""
    )]
    pub spool: String,
}

/// What happens to emergencies and messages while the database is away.
#[derive(Clone, Debug, Default)]
pub struct OutageConfig {
    /// The operator's own number.
    pub fallback_number: Option<Phone>,
    /// Whether it was given under its old name.
    pub uses_old_name: bool,
    /// The folder in which emergencies and messages are kept.
    pub spool: Option<PathBuf>,
}

impl OutageSettings {
    /// Understands the settings.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn understand(&self) -> Result<OutageConfig, SettingError> {
        let new =
            non_empty(&self.fallback_number).map(|number| ("FRONTDESK_FALLBACK_NUMBER", number));
        let old =
            non_empty(&self.reserve_number).map(|number| ("FRONTDESK_RESERVE_NUMBER", number));
        let fallback_number = new
            .or(old)
            .map(|(name, number)| {
                Phone::parse(number).map_err(|_problem| {
                    SettingError::new(name, number, "a telephone number such as +13035550100")
                })
            })
            .transpose()?;
        Ok(OutageConfig {
            fallback_number,
            uses_old_name: old.is_some(),
            spool: non_empty(&self.spool).map(PathBuf::from),
        })
    }
}
