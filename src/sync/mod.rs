//! Linked calendars: which there are, when they are busy, what of ours stands in them, and what somebody made of it there.
//!
//! A calendar is read by claiming its link, asking the provider outside of any transaction, and applying the answer in one transaction under
//! the organization's lock. An appointment is written into it by claiming its copy, which says what is to stand there now. Both are queues of
//! their own beside the outbox, because they are about a state and not about an event: however often an appointment is moved, one request says
//! where it is.

pub mod account;
pub mod copy;
pub mod link;
