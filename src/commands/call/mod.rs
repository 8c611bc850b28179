//! `frontdesk call`: who called, what each tool was asked and answered, and what that set off.

mod list;
mod show;

use super::prelude::*;

/// `frontdesk call` and its subcommands; nothing is changed.
pub type CallCommand = Reporting<Actions>;

actions! {
    /// Lists the calls of an organization, the last first.
    List(list::List),
    /// Shows one call: each tool call in order, what was answered and why, and what it set off.
    Show(show::Show),
}
