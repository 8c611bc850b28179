//! The caller's line, as far as the provider lets us command it.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use uuid::Uuid;

use crate::{
    directory::TransferMode,
    domain::{language::Language, phone::Phone},
};

/// A command to hand the caller over.
#[derive(Clone)]
pub struct TransferOrder {
    /// The row in `call_transfers`, for lines that report what becomes of it.
    pub transfer_id: Uuid,
    /// Whom to ring.
    pub number: Phone,
    /// What is dialled once they have answered.
    pub extension: Option<String>,
    /// How.
    pub mode: TransferMode,
    /// In which language the caller is spoken to.
    pub language: Language,
    /// How long it may ring, in seconds.
    pub wait_seconds: u32,
    /// What the caller hears meanwhile.
    pub announcement: String,
    /// What the person who answers is told, for a warm transfer.
    pub briefing: Option<String>,
}

impl fmt::Debug for TransferOrder {
    /// Shows which transfer it is: the number and the texts are personal.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TransferOrder")
            .field("transfer_id", &self.transfer_id)
            .finish_non_exhaustive()
    }
}

/// Who carries a call, as its message says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carrier {
    /// `twilio`, `vapi.sip`, `telnyx` and so on.
    pub provider: String,
    /// The provider's id of the call.
    pub call_sid: Option<String>,
    /// The provider's account.
    pub account_sid: Option<String>,
}

/// Finds the line of an organization's call through whoever carries it; `None` when it is not ours to command.
pub type Carried = Arc<dyn Fn(Uuid, &Carrier) -> Option<Arc<dyn Line>> + Send + Sync>;

/// The provider did not accept the command; the text is for the log and names no number.
#[derive(Debug, thiserror::Error)]
#[error("the provider did not accept the command: {0}")]
pub struct LineError(pub String);

/// A live call that can be commanded. Each provider implements it for its own way of doing so.
pub trait Line: Send + Sync {
    /// Starts to hand the caller over. That it was taken does not mean that anyone answered.
    fn transfer<'a>(
        &'a self,
        order: &'a TransferOrder,
    ) -> Pin<Box<dyn Future<Output = Result<(), LineError>> + Send + 'a>>;
}
