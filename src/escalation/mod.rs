//! Incidents: who is on call, whom an emergency is escalated to and when, and who acknowledged it.

pub mod acknowledge;
pub mod announce;
mod answers;
pub mod channels;
mod claim;
pub mod email_link;
pub mod escalate;
pub mod fallback;
pub mod incident;
pub mod open;
pub mod page_call;
pub mod reply;
mod steps;
pub mod words;
