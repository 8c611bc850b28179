//! The life of a call: what is recorded of it, which tools it used, and where it was transferred.

pub mod journal;
pub mod languages;
pub mod line;
pub mod reception;
pub mod record;
pub mod transfer;

use crate::domain::phone::Phone;

/// What a customer's number is recorded as when the call shows none (web calls, withheld numbers, SIP).
pub const UNKNOWN_NUMBER: &str = "unknown";

/// A call, as far as a verified message tells of it.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// The provider's id of the call. Without one nothing can be remembered of the call.
    pub vapi_call_id: Option<String>,
    /// The provider's id of the assistant that speaks.
    pub vapi_assistant_id: Option<String>,
    /// The signalled number of the caller; `None` when it is withheld.
    pub caller: Option<Phone>,
    /// The number that was called.
    pub called: Option<Phone>,
}

impl Call {
    /// The caller's number as `call_logs` records it.
    #[must_use]
    pub fn recorded_number(&self) -> &str {
        self.caller.as_ref().map_or(UNKNOWN_NUMBER, Phone::as_str)
    }
}
