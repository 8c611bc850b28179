//! What happens to emergencies and messages while the database is away.

use std::path::PathBuf;

use clap::Args;

use super::{read::read, values::phone};
use crate::domain::phone::Phone;

/// What happens to emergencies and messages while the database is away.
#[derive(Args, Clone, Debug)]
pub struct OutageSettings {
    /// The operator's own number, which is texted and called about emergencies that reach nobody else, such as one that comes while the
    /// database is away.
    #[arg(long, env = "FRONTDESK_FALLBACK_NUMBER", value_name = "NUMBER", value_parser = read(phone))]
    fallback_number: Option<Phone>,
    /// The name of `fallback_number` before 0.3; it counts where the other is not set.
    #[arg(long, env = "FRONTDESK_RESERVE_NUMBER", value_name = "NUMBER", hide = true, value_parser = read(phone))]
    reserve_number: Option<Phone>,
    /// A folder on a volume that outlives the process and its container, in which emergencies and messages wait for the database.
    #[arg(long, env = "FRONTDESK_SPOOL", value_name = "FOLDER")]
    pub spool: Option<PathBuf>,
}

impl OutageSettings {
    /// The operator's own number.
    #[must_use]
    pub fn number(&self) -> Option<&Phone> {
        self.fallback_number
            .as_ref()
            .or(self.reserve_number.as_ref())
    }

    /// Whether the number was given under its old name.
    #[must_use]
    pub fn uses_old_name(&self) -> bool {
        self.reserve_number.is_some()
    }
}
