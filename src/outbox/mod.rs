//! Effects outside the database: written in the transaction that decides them, carried out by a worker once it is committed.
//!
//! The state of an effect is in `private.outbox`, never in a process. An attempt is written down before it is made; one that
//! ended without a word is looked into before there is another. Reports of the provider's only move an effect forward.

pub mod agenda;
pub mod attempt;
pub mod effect;
pub mod figures;
pub mod report;
pub mod retry;

/// The channel on which the triggers of the schema announce that there is something to do.
pub const CHANNEL: &str = "frontdesk_outbox";
