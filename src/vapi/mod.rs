//! Vapi's webhook, and its API.
//!
//! A request is authenticated over its raw bytes before anything of it is read; read before a connection is taken;
//! and given the organization that its verified content points to. The reply to a tool call is always 200: Vapi ignores
//! any other, and the caller would hear nothing.

pub mod account;
pub mod authenticate;
pub mod control;
pub mod definition;
pub mod destination;
mod dispatch;
mod fields;
pub mod message;
mod reception;
mod refused;
pub mod reply;
pub mod report;
mod route;
pub mod tool_call;
mod transfer_report;
mod webhook;

use std::{sync::Arc, time::Duration};

use url::Url;

pub use route::Unknown;
pub use webhook::{organization_webhook, webhook};

use self::{
    authenticate::{Verifier, hmac::HmacSettings},
    control::{CallControl, ControlHosts},
};
use crate::{
    calls::{journal::Journal, languages::Languages, line::Carried},
    clock::Clock,
    db::Database,
    directory::Directory,
    escalation::channels::ChannelSettings,
    outage::Fallback,
    tools::Background,
};

/// The shared state of the webhook's handlers.
#[derive(Clone)]
pub struct VapiState {
    /// The database.
    pub database: Database,
    /// Whose call it is, and whose credentials are live.
    pub directory: Arc<Directory>,
    /// Where the use of a tool is written down.
    pub journal: Journal,
    /// The languages of the calls that are going on.
    pub languages: Languages,
    /// The clock of the rules.
    pub clock: Clock,
    /// How long a caller is kept waiting.
    pub deadline: Duration,
    /// Whether a missing secret is accepted.
    pub insecure: bool,
    /// What authenticates a message for the whole service.
    pub verifier: Arc<Verifier>,
    /// How an organization's own secret signs.
    pub own_plan: HmacSettings,
    /// The address under which Vapi reaches this service, as far as it is known.
    pub public_url: Option<Url>,
    /// Commands to live calls.
    pub control: Arc<CallControl>,
    /// Where such commands may be sent.
    pub control_hosts: ControlHosts,
    /// The lines of calls that take no commands at Vapi.
    pub carried: Carried,
    /// What works without the database.
    pub fallback: Fallback,
    /// The ways in which contacts can be reached.
    pub channels: ChannelSettings,
    /// Where work goes on that outlives the request.
    pub background: Background,
}
