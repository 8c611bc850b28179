//! The emergency chain: who is on call, and what they are told.

pub mod contact;
pub mod emergency;
