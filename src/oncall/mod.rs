//! The emergency chain: who is on call, who is told of an emergency and when, and who has taken it.

pub mod acknowledge;
mod answers;
pub mod call;
pub mod chain;
pub mod channels;
pub mod emergency;
pub mod fallback;
pub mod incident;
pub mod link;
mod locked;
pub mod news;
pub mod reply;
pub mod reserve;
mod roster;
mod staff;
pub mod words;
