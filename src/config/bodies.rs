//! How large request bodies may be: one, and all together.

use clap::Args;

use super::{SettingError, values::number};

/// The default budget of all bodies together: an eighth of the smallest machine that the service is run on.
const DEFAULT_BUDGET: usize = 33_554_432;

/// How many of the largest bodies the budget must hold, so that one fits into the quarter for signed ones.
const BODIES_IN_BUDGET: usize = 4;

/// How large request bodies may be.
#[derive(Args, Clone)]
pub struct BodySettings {
    /// The largest webhook body, in bytes, 1024 to 67108864; larger ones are answered with 413.
    // Vapi states none; its largest message is the report at the end of a call, which repeats what was said in six places and adds some 180
    // bytes to every turn of three lists: an hour of talk, 50 kB in 700 turns, makes about 650 kB.
    #[arg(long, env = "FRONTDESK_BODY_LIMIT", value_name = "BYTES", default_value = "1048576", value_parser = number::<usize>(1_024..=67_108_864))]
    pub body_limit: usize,
    /// The bytes of all request bodies that are held at once, up to 4294967296; what is above it is answered with 503. At least four
    /// times the limit of one; 33554432 if left out, or more where the limit wants more. A quarter of it is for bodies whose
    /// signature is still to be verified.
    #[arg(long, env = "FRONTDESK_BODY_BUDGET", value_name = "BYTES", value_parser = number::<usize>(0..=4_294_967_296))]
    pub body_budget: Option<usize>,
}

impl BodySettings {
    /// The budget of all.
    ///
    /// # Errors
    ///
    /// A budget that is too small for the limit.
    pub(super) fn budget(&self) -> Result<usize, SettingError> {
        let least = BODIES_IN_BUDGET * self.body_limit;
        let budget = self.body_budget.unwrap_or(DEFAULT_BUDGET.max(least));
        if budget < least {
            return Err(SettingError::new(
                "FRONTDESK_BODY_BUDGET",
                &budget.to_string(),
                format!("a number from {least} to 4294967296"),
            ));
        }
        Ok(budget)
    }
}
