//! `frontdesk call`: who called, what each tool was asked and answered, and what that set off.

mod list;
mod show;

use super::prelude::*;

/// How a call ended, if that is known: what Vapi reported, else the status of its row.
fn ended<'a>(reason: Option<&'a str>, status: &'a str) -> &'a str {
    match reason {
        None if status == "in-progress" => "not reported yet",
        reason => reason.unwrap_or(status),
    }
}

/// `frontdesk call` and its subcommands; nothing is changed.
pub type CallCommand = Reporting<Actions>;

actions! {
    /// Lists the calls of an organization, the last first.
    List(list::List),
    /// Shows one call: each tool call in order, what was answered and why, and what it set off.
    Show(show::Show),
}
