//! The way to PostgreSQL: the pool, statements, and transactions bound to one organization.
//!
//! Everything that the service reads or writes for an organization goes through [`Database::read`] or an [`OrgTx`];
//! both first tell the database which organization the work is for and what time it is. Every connection works as the
//! role `frontdesk_app`, and row level security holds every later statement to that organization, whatever it asks for.

pub mod embedded;
pub mod functions;
pub mod listen;
pub mod migrate;
pub mod role;
pub mod tls;

mod admission;
mod connection;
mod connector;
mod execute;
mod files;
mod multirange;
mod opening;
mod options;
mod pool;
mod prepared;
mod record;
mod sql;
mod transaction;
mod worker;

pub use admission::Priority;
pub use connector::connect;
pub use multirange::Multirange;
pub use options::{Options, Statements};
pub use pool::Database;
pub use prepared::BIND;
pub use prepared::pooler_hint;
pub use record::Record;
pub use sql::Sql;
pub use transaction::{Binding, OrgTx};

/// Parameters of a statement, `$1` first.
pub type Params<'a> = &'a [&'a (dyn tokio_postgres::types::ToSql + Sync)];
