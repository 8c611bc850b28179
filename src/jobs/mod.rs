//! Jobs: what is to happen outside the database. Each is written to `private.outbox` in the transaction that decides it, and run by a
//! worker once that is committed.
//!
//! The state of a job is in its row, never in a process. An attempt is stored before its request is sent; one of which no end is known is
//! reconciled with the provider before there is another. Delivery reports only move a job forward.

pub mod attempt;
pub mod delivery_report;
pub mod due;
pub mod job;
pub mod retry;
pub mod run;

/// The channel on which the triggers of the schema announce that there is something to do.
pub const CHANNEL: &str = "frontdesk_outbox";
