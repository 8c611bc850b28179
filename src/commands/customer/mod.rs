//! `frontdesk customer`: what an organization's customers may ask for.

mod forget;
mod spool;

use super::prelude::*;

/// `frontdesk customer` and its subcommands.
pub type CustomerCommand = Reporting<Actions>;

actions! {
    /// Removes a customer's name, numbers, addresses and words, wherever they are, and prints a receipt.
    Forget(forget::Forget),
}
