//! What the tests share: databases, the service on them, callers, and a Vapi that takes commands.

pub mod app;
pub mod appointments;
pub mod calendly;
pub mod caller;
pub mod database;
pub mod document;
pub mod eventually;
pub mod folder;
pub mod google;
pub mod http;
pub mod line;
pub mod microsoft;
pub mod oauth;
pub mod operator;
pub mod outage;
pub mod process;
pub mod shared;
pub mod smtp;
pub mod twilio;
pub mod vapi;

pub use app::TestApp;
pub use caller::{Caller, Spoken};
pub use database::TestDatabase;
pub use eventually::{eventually, eventually_within};
pub use folder::Folder;
pub use google::Google;
pub use microsoft::Microsoft;
pub use operator::Operator;
pub use twilio::Twilio;
