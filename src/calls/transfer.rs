//! Handing a caller to a person: whom, how far it came, and what became of it. The row is in `call_transfers`.
//!
//! Reports of the providers come late, twice and out of order; the database moves a transfer forward only
//! (`sql/functions/enforce_transfer_status.sql`). One that comes to nothing is never a silent end: the agent is told, the next target is
//! rung, or the staff is left a caller to call back.

mod call_reports;
mod follow;
mod opening;
mod outcome;
mod report;
mod target;
pub mod words;

pub use call_reports::{CallReports, ListedTransfer, record};
pub use follow::{Dialled, Next, follow};

pub use opening::{Asked, Opening, Progress, open_and_commit, record_command};
pub use outcome::{Outcome, Status, Verdict};
pub use report::{Report, report};
pub use target::{Choice, Target, among, choose};
