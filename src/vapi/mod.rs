//! Vapi's webhook, and its API.
//!
//! A request is proved authentic over its raw bytes before anything of it is read; read before a connection is taken;
//! and given the organization that its verified content points to. The reply to a tool call is always 200: Vapi ignores
//! any other, and the caller would hear nothing.

pub mod account;
pub mod authenticate;
pub mod control;
pub mod definition;
pub mod destination;
mod dispatch;
mod fields;
pub mod hmac;
mod kept;
mod line;
pub mod message;
mod reception;
mod refused;
pub mod reply;
pub mod report;
mod route;
pub mod tool_call;
mod webhook;

pub use dispatch::VapiState;
pub use route::Unknown;
pub use webhook::{organization_webhook, webhook};
