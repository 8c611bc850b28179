//! What works without the database: what callers report is stored in a folder, and an emergency pages the operator's own
//! number. Once the database is back, it is opened as if it had come then.
//!
//! It is the last resort and knows little: not whose call it is, only which number was called. An emergency that is replayed twice is
//! found again by its call.

pub mod emergency;
pub mod fallback;
pub mod message;
pub mod origin;
pub mod spool;

pub use emergency::{Cause, Emergency};
pub use fallback::{Fallback, Notice, Reported};
pub use message::LeftMessage;
pub use origin::Origin;
