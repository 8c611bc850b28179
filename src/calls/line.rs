//! The caller's line, as far as the provider lets us command it.

use std::{future::Future, pin::Pin};

use crate::{directory::TransferMode, domain::phone::Phone};

/// A command to hand the caller over.
#[derive(Clone, Debug)]
pub struct TransferOrder {
    /// Whom to ring.
    pub number: Phone,
    /// How.
    pub mode: TransferMode,
    /// What the caller hears meanwhile.
    pub announcement: String,
    /// What the person who answers is told, for a warm transfer.
    pub briefing: Option<String>,
}

/// The provider did not take the command; the text is for the log and names no number.
#[derive(Debug, thiserror::Error)]
#[error("the line did not take the command: {0}")]
pub struct LineError(pub String);

/// A live call that can be commanded. Each provider implements it for its own way of doing so.
pub trait Line: Send + Sync {
    /// Starts to hand the caller over. That it was taken does not mean that anyone answered.
    fn transfer<'a>(
        &'a self,
        order: &'a TransferOrder,
    ) -> Pin<Box<dyn Future<Output = Result<(), LineError>> + Send + 'a>>;
}
