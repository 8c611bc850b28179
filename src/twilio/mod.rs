//! Twilio's wire: callbacks in, documents out, and the REST API.
//!
//! A request is authenticated by its raw bytes and the configured address before it is parsed. Status callbacks are
//! answered with 204; requests that ask what to do, with a document.
//!
//! The crate twilio-async is not used to send: it reports accepted messages as errors and has no timeout. What is right of
//! it, the crate `twiml`, writes documents.

mod authenticate;
pub mod callback;
pub mod client;
pub mod delivery_status;
pub mod form;
pub mod inbound;
pub mod line;
pub mod page;
pub mod signature;
pub mod status;
pub mod transfer;
mod transfer_report;
pub mod twiml;

pub use authenticate::{Shared, TwilioState};
