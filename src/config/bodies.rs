//! How large request bodies may be: one, and all together.

use clap::Args;

use super::{SettingError, number};

/// The default limit of a webhook's body. Vapi states none; its largest message is the report at the end of a call, which
/// repeats what was said in six places and adds some 180 bytes to every turn of three lists: an hour of talk, 50 kB in 700
/// turns, makes about 650 kB.
const DEFAULT_LIMIT: usize = 1_048_576;

/// The default budget of all bodies together: an eighth of the smallest machine that the service is run on.
const DEFAULT_BUDGET: usize = 33_554_432;

/// How many of the largest bodies the budget must hold, so that one fits into the quarter for signed ones.
const BODIES_IN_BUDGET: usize = 4;

/// How large request bodies may be, as it was given.
#[derive(Args, Clone)]
pub struct BodySettings {
    /// The largest webhook body, in bytes, 1024 to 67108864; larger ones are answered with 413.
    #[arg(
        long,
        env = "FRONTDESK_BODY_LIMIT",
        value_name = "BYTES",
        default_value = "1048576"
    )]
    pub body_limit: String,
    /// The bytes of all request bodies that are held at once, up to 4294967296; what is above it is answered with 503. At least four
    /// times the limit of one; 33554432 if left out, or more where the limit wants more. A quarter of it is for bodies whose
    /// signature is still to be verified.
    #[arg(
        long,
        env = "FRONTDESK_BODY_BUDGET",
        value_name = "BYTES",
        default_value = ""
    )]
    pub body_budget: String,
}

/// How large request bodies may be, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct BodyConfig {
    /// A webhook's.
    pub limit: usize,
    /// All that are held at once.
    pub budget: usize,
}

impl BodySettings {
    /// Understands the settings.
    ///
    /// # Errors
    ///
    /// The setting that cannot be used.
    pub fn understand(&self) -> Result<BodyConfig, SettingError> {
        let limit = number(
            "FRONTDESK_BODY_LIMIT",
            &self.body_limit,
            DEFAULT_LIMIT,
            1_024..=67_108_864,
        )?;
        let least = BODIES_IN_BUDGET * limit;
        let budget = number(
            "FRONTDESK_BODY_BUDGET",
            &self.body_budget,
            DEFAULT_BUDGET.max(least),
            least..=4_294_967_296,
        )?;
        Ok(BodyConfig { limit, budget })
    }
}
