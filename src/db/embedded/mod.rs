//! A private PostgreSQL for demonstrations and tests: found or installed, started, stopped.
//!
//! It listens on a Unix socket only, in a directory that no other user can enter, and has one superuser, `frontdesk`,
//! without a password. It ends with the program that started it, however that program ends. Run by root, the server itself
//! runs as the user `postgres` or `nobody`, since PostgreSQL refuses root.
//!
//! Everything here blocks; from asynchronous code, call it on a thread that may.

mod account;
mod cluster;
mod error;
mod home;
mod install;
mod installation;
mod postmaster;
mod probe;
mod process;
mod server;

pub use error::EmbeddedError;
pub use home::default_data_directory;
pub use install::find_or_install;
pub use installation::{Installation, find};
pub use server::{Options, Server};
