//! `frontdesk calendar`: calendars that are kept elsewhere, linked to an organization or a crew.

mod choice;
mod connect;
mod consent;
mod disconnect;
mod feed;
mod links;
mod status;
mod words;

use super::prelude::*;

/// `frontdesk calendar` and its subcommands.
pub type CalendarCommand = Reporting<Actions>;

actions! {
    /// Connects an account and links one of its calendars, and reads it for the first time.
    Connect(connect::Connect),
    /// Lists the linked calendars of an organization.
    List(On<links::List>),
    /// Shows when each linked calendar was read, what it said, and what went wrong.
    Status(On<status::Status>),
    /// Reads linked calendars again as a whole.
    Resync(On<links::Resync>),
    /// Ends a link: its events no longer block times.
    Disconnect(disconnect::Disconnect),
    /// Lists where a linked calendar and the appointments contradict each other.
    Conflicts(On<links::Conflicts>),
    /// Makes the address that a calendar program subscribes to, to show the appointments; replaces or removes it.
    Feed(On<feed::Feed>),
}
