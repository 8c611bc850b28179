//! frontdesk: the server behind a voice receptionist's tool calls.
//!
//! # The way of one request
//!
//! ```text
//! routes -> vapi (raw bytes -> auth -> message) -> directory (whose call?) -> tools::run_all -> one tool
//!        -> db (bound to the organization) -> sql/queries/<tool>.sql -> the functions of the schema
//!        and back: Outcome -> say() -> vapi::reply
//! ```
//!
//! What must happen outside the database goes another way, once the transaction that decided it is committed:
//!
//! ```text
//! private.outbox -> delivery::Worker (woken by NOTIFY) -> attempt written down -> Twilio, a mail server, a live call
//!        -> what came of it; and later twilio::status -> outbox::report, which only moves forward
//! ```
//!
//! Authentic before parsed; parsed before a connection is taken; the organization comes from the verified call, never
//! from a tool's arguments.
//!
//! # The rooms, and who may know whom
//!
//! | room | about | may use |
//! |---|---|---|
//! | [`domain`] | values without I/O and without a clock | nothing of ours |
//! | [`error`], [`clock`], [`keyring`] | what stops a request; what time it is; how credentials are encrypted | nothing of ours |
//! | [`body`] | request bodies: size, time, and the bytes held at once | nothing of ours |
//! | [`db`] | pool, transactions bound to one organization, statements, migrations, a private PostgreSQL | `domain`, `error` |
//! | [`directory`] | which organization a call belongs to, which credentials are live | `clock`, `db`, `domain`, `error`, `keyring` |
//! | [`calls`] | the life of a call | `directory` and what it may use |
//! | [`mail`] | e-mail by SMTP: what was sent, and what surely was not | `domain`, `error` |
//! | [`outbox`] | effects outside the database: written in it, carried out later | `db`, `domain`, `error` |
//! | [`messages`] | text messages to customers, consent | `outbox`, `directory` and what they may use |
//! | [`oncall`] | who is on call, who is told of an emergency, who has taken it | `calls`, `outbox` and what they may use |
//! | [`tools`] | one file a tool | `oncall` and what it may use |
//! | [`vapi`] | the wire: message in, reply out, call control | `tools` and what it may use, `clock`, `body` |
//! | [`twilio`] | the wire: callbacks in, documents out, the REST API | `oncall`, `messages` and what they may use, `clock`, `body` |
//! | [`delivery`] | effect to provider: the only room that knows both | `twilio`, `vapi`, `mail`, and what is to happen |
//! | [`retention`] | removes what organizations keep no longer | `clock`, `db`, `error` |
//! | [`links`] | the page behind the link in an e-mail | `oncall` and what it may use, `body` |
//! | [`config`], [`telemetry`] | settings; logs and metrics | wire types for checking them |
//! | [`health`], [`routes`], [`startup`], [`commands`] | the service, put together | all |
//!
//! `tests/api/architecture.rs` holds this table against the `use crate::` lines.

pub mod body;
pub mod calls;
pub mod clock;
pub mod commands;
pub mod config;
pub mod db;
pub mod delivery;
pub mod directory;
pub mod domain;
pub mod error;
pub mod health;
pub mod keyring;
pub mod links;
pub mod mail;
pub mod messages;
pub mod oncall;
pub mod outbox;
pub mod retention;
pub mod routes;
pub mod startup;
pub mod telemetry;
pub mod tools;
pub mod twilio;
pub mod vapi;
