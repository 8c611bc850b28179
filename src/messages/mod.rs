//! Text messages to customers, and from them: texts about appointments, who wants no messages, what a reply does.
//!
//! Emergencies do not pass through here: they know no quiet hours and no limits but their own.

pub mod appointment;
pub mod compose;
pub mod consent;
pub mod inbound;
pub mod quiet;
pub mod reminders;
pub mod template;
