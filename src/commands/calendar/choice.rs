//! Which calendar of an account is meant, and whose time it is.

use std::io::{self, BufRead, IsTerminal};

use super::links::Linked;
use crate::{
    commands::{output::cell, prelude::*},
    domain::external_calendar::Calendar,
};

/// Whose time the events of a calendar take, and whether appointments are written into it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) scope: String,
    pub(super) crew: Option<i32>,
    pub(super) writes: bool,
}

impl Use {
    /// The one that a calendar is linked for already.
    pub(super) fn of(link: &Linked) -> Self {
        Self {
            scope: link.scope.clone(),
            crew: link.crew,
            writes: link.writes,
        }
    }
}

/// The calendar that is meant: the one that was named, the only one, or the one by which a revoked account is connected again. None where
/// that must be said.
pub(super) fn choose<'a>(
    found: &'a [Calendar],
    named: Option<&str>,
    linked: &[&Linked],
) -> anyhow::Result<Option<&'a Calendar>> {
    let find = |id: &str| {
        let id = id.trim_end_matches('/');
        found
            .iter()
            .find(|calendar| calendar.id.trim_end_matches('/') == id)
    };
    if let Some(id) = named {
        return find(id).map(Some).with_context(|| {
            let ids: Vec<&str> = found.iter().map(|calendar| calendar.id.as_str()).collect();
            format!(
                "the account has no calendar {id}; it has {}",
                ids.join(", ")
            )
        });
    }
    let mut revoked = linked.iter().filter(|link| link.state == "revoked");
    if let Some(again) = revoked.find_map(|link| find(&link.calendar)) {
        return Ok(Some(again));
    }
    match found {
        [] => bail!("the account has no calendar"),
        [only] => Ok(Some(only)),
        _ => Ok(None),
    }
}

/// Asks whoever sits at the terminal, so that an owner who has agreed in a browser need not do so again. None without a terminal.
pub(super) fn ask(found: &[Calendar]) -> anyhow::Result<Option<&Calendar>> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(None);
    }
    eprintln!("{}\n\nWhich calendar? Its id:", table_of(found));
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    match line.trim() {
        "" => Ok(None),
        id => choose(found, Some(id), &[]),
    }
}

/// The calendars of an account, for whoever has to say which is meant.
pub(super) fn choices(found: &[Calendar]) -> Report {
    let calendars: Vec<_> = found
        .iter()
        .map(|calendar| {
            json!({
                "id": calendar.id,
                "name": calendar.name,
                "is_primary": calendar.is_primary,
                "is_writable": calendar.is_writable,
            })
        })
        .collect();
    Report::new(table_of(found), json!({ "calendars": calendars }))
}

fn table_of(found: &[Calendar]) -> String {
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|calendar| {
            vec![
                calendar.id.clone(),
                calendar.name.clone(),
                cell(&calendar.is_writable.into()),
            ]
        })
        .collect();
    table(&["id", "name", "can be written"], &rows)
}
