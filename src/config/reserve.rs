//! What happens to emergencies and messages while the database is away.

use std::path::PathBuf;

use clap::Args;

use super::{SettingError, non_empty};
use crate::domain::phone::Phone;

/// What happens to emergencies and messages while the database is away, as it was given.
#[derive(Args, Clone)]
pub struct ReserveSettings {
    /// The operator's own number, which is texted and called when an emergency comes while the database is away.
    #[arg(
        long,
        env = "FRONTDESK_RESERVE_NUMBER",
        value_name = "NUMBER",
        default_value = ""
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
pub struct ReserveConfig {
    /// The operator's own number.
    pub number: Option<Phone>,
    /// The folder in which emergencies and messages are kept.
    pub spool: Option<PathBuf>,
}

impl ReserveSettings {
    /// Understands the settings.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn understand(&self) -> Result<ReserveConfig, SettingError> {
        let number = non_empty(&self.reserve_number)
            .map(|number| {
                Phone::parse(number).map_err(|_problem| {
                    SettingError::new(
                        "FRONTDESK_RESERVE_NUMBER",
                        number,
                        "a telephone number such as +13035550100",
                    )
                })
            })
            .transpose()?;
        let spool = non_empty(&self.spool).map(PathBuf::from);
        Ok(ReserveConfig { number, spool })
    }
}
