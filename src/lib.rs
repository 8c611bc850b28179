//! frontdesk: the server behind a voice receptionist's tool calls.
//!
//! # The way of one request
//!
//! ```text
//! routes -> vapi::webhook -> vapi::authenticate -> vapi::message -> vapi::dispatch -> directory (whose call is it?)
//!        -> tools::run_all -> one tool -> db (bound to the organization) -> sql/queries/<tool>.sql -> the functions of the schema
//!        and back: Outcome -> say() -> vapi::reply
//! ```
//!
//! What must happen outside the database is a job, run once the transaction that decided it is committed:
//!
//! ```text
//! private.outbox -> jobs::run::Worker (woken by NOTIFY or a commit) -> attempt stored -> Twilio, a mail server, a live call
//!        -> its outcome; and later twilio::status -> jobs::delivery_report, which only moves forward
//! ```
//!
//! A request is authenticated before it is parsed, and parsed before a connection is taken; the organization comes from the
//! authenticated call, never from a tool's arguments.
//!
//! # The rooms, and who may know whom
//!
//! | room | about | may use |
//! |---|---|---|
//! | [`domain`] | values without I/O and without a clock | nothing of ours |
//! | [`error`], [`clock`], [`keyring`] | what stops a request; what time it is; how credentials are encrypted | nothing of ours |
//! | [`body`], [`stage`] | request bodies and the bytes held at once; how long each stage takes | nothing of ours |
//! | [`db`] | pool, transactions bound to one organization, statements, migrations, a private PostgreSQL | `domain`, `error`, `stage` |
//! | [`directory`] | which organization a call belongs to, which credentials are live | `clock`, `db`, `domain`, `error`, `keyring` |
//! | [`calls`] | the life of a call | `directory` and what it may use |
//! | [`calendar`] | the wire to calendars kept elsewhere: CalDAV, Google, Microsoft, Calendly, iCalendar | `domain` |
//! | [`sync`] | linked calendars: what is busy in them, what of ours stands in them | `jobs`, `directory`, `keyring` and what they may use |
//! | [`mail`] | e-mail by SMTP: what was sent, and what surely was not | `domain`, `error` |
//! | [`jobs`] | what is to happen outside the database: stored in it, run later | `db`, `domain`, `error` |
//! | [`jobs::run`] | runs jobs: the only room that knows the providers | `calendar`, `twilio`, `vapi`, `mail`, and what is to happen |
//! | [`messages`] | text messages to customers, consent | `jobs`, `directory` and what they may use |
//! | [`escalation`] | incidents: who is on call, whom an emergency is escalated to, who acknowledged it | `calls`, `jobs` and what they may use |
//! | [`outage`] | what works without the database: the spool, the fallback number | `escalation` and what it may use |
//! | [`tools`] | one file a tool | `outage` and what it may use |
//! | [`vapi`] | the wire: message in, reply out, call control | `tools` and what it may use, `clock`, `body`, `stage` |
//! | [`twilio`] | the wire: callbacks in, documents out, the REST API | `escalation`, `messages` and what they may use, `clock`, `body` |
//! | [`retention`] | removes what organizations keep no longer | `clock`, `db`, `error` |
//! | [`links`] | the page behind the link in an e-mail | `escalation` and what it may use, `body` |
//! | [`calendar_callbacks`] | what providers of calendars send: consents of owners, announcements of changes | `calendar`, `clock`, `db`, `error`, `keyring`, `body` |
//! | [`feed`] | the feed of appointments that calendar programs subscribe to | `calendar`, `clock`, `db`, `domain`, `error` |
//! | [`config`], [`telemetry`] | settings; logs and metrics | wire types for checking them |
//! | [`health`] | whether the service lives, serves and is ready | `config`, `db`, `error`, `telemetry` |
//! | [`routes`], [`startup`], [`commands`] | the service, put together | all |
//!
//! `tests/api/architecture.rs` holds this table against the `use crate::` lines, `tests/api/file_circles.rs` every folder to one direction.

pub mod body;
pub mod calendar;
pub mod calendar_callbacks;
pub mod calls;
pub mod clock;
pub mod commands;
pub mod config;
pub mod db;
pub mod directory;
pub mod domain;
pub mod error;
pub mod escalation;
pub mod feed;
pub mod health;
pub mod jobs;
pub mod keyring;
pub mod links;
pub mod mail;
pub mod messages;
pub mod outage;
pub mod retention;
pub mod routes;
pub mod stage;
pub mod startup;
pub mod sync;
pub mod telemetry;
pub mod tools;
pub mod twilio;
pub mod vapi;
