//! The service over HTTP, against a real PostgreSQL. Tests that need only an organization of their own share a database and a service
//! (`TestApp::shared`); the others have theirs (`TestApp::start`).

#![expect(
    clippy::too_many_lines,
    clippy::needless_pass_by_value,
    reason = "a story or a table may be long, and a message reads best where it is given"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that meets what it does not expect has failed"
)]

mod addresses;
mod answers_to_a_page;
mod architecture;
mod archive;
mod authentication;
mod bodies;
mod book_appointment;
mod busy_days;
mod caldav;
mod calendar_command;
mod calendar_feed;
mod calendly;
mod call_command;
mod cancel_appointment;
mod cannot_write;
mod catalogue;
mod check_availability;
mod command_line;
mod connections;
mod conversation;
mod coverage;
mod danger;
mod dialogues;
mod escalation;
mod explain;
mod extensions;
mod fairness;
mod file_circles;
mod find_appointments;
mod flag_emergency;
mod flag_emergency_forms;

mod half_open;
mod hanging;
mod health;
mod hold_slot;
mod incident_command;
mod isolation;
mod kills;
mod languages;
mod leaving;
mod linked_calendars;
mod lock_order;
mod logs;
mod lookup_customer;
mod mail;
mod messages;
mod messages_to_customers;
mod metrics;
mod names;
mod numbers_of_the_office;
mod oauth_calendars;
mod on_call;
mod oncall;
mod opting_out;
mod org;
mod outages;
mod outbox;
mod output;
mod properties;
mod provider_outages;
mod questions;
mod reception;
mod refusals;
mod releases;
mod repeats;
mod reschedule_appointment;
mod retention;
mod roles;
mod routing;
mod schema;
mod sealing;
mod second_sentences;
mod services;
mod serving;
mod settings;
mod shapes;
mod slots;
mod spool;
mod spool_folder;
mod stale_calendars;
mod stories;
mod support;
mod suspension;
mod take_message;
mod tool_log;
mod transfer_call;
mod transfers;
mod vapi_tools;
mod zones;
