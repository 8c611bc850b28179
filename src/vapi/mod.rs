//! Vapi's webhook: wire to meaning and back.
//!
//! A request is proved authentic over its raw bytes before anything of it is read; read before a connection is taken;
//! and given the organization that its verified content points to. The reply to a tool call is always 200: Vapi ignores
//! any other, and the caller would hear nothing.

pub mod account;
mod alarm;
pub mod auth;
pub mod control;
pub mod definition;
mod desk;
pub mod destination;
mod fields;
pub mod hmac;
mod kept;
mod line;
pub mod message;
pub mod proof;
mod prove;
mod reception;
mod refused;
pub mod reply;
pub mod report;
mod route;
mod stages;
mod suspended;
pub mod tool_call;
mod webhook;

pub use desk::Desk;
pub use route::Unknown;
pub use webhook::{organization_webhook, webhook};
