//! The locks of tables that a file takes, taken at its beginning and in one order.
//!
//! A file that changes a table, a policy or a trigger locks tables one after the other, in the order of its text, and each lock is kept
//! until the end; the transactions of callers lock the same tables in an order of their own. To take them all first, within a
//! fraction of a second or not at all, keeps the time short in which one holds what the other waits for, and lets it be the migration
//! that gives way.

use std::collections::BTreeMap;

use tokio_postgres::Transaction;

use super::retry::{Failure, Retry};
use crate::db::files::File;

/// How strong a lock is; the weaker first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Mode {
    /// Keeps writers out: triggers, indexes, references to the table.
    ShareRowExclusive,
    /// Keeps everybody out: columns, constraints, policies.
    AccessExclusive,
}

/// Locks the tables that files change, as far as they exist and are this login's own. Those of Supabase are not.
pub(super) async fn take(
    transaction: &Transaction<'_>,
    files: &[&File],
    retry: &Retry,
) -> Result<(), Failure> {
    let mut wanted = BTreeMap::new();
    for file in files {
        for (table, mode) in touched(file.text) {
            let known = wanted.entry(table).or_insert(mode);
            *known = mode.max(*known);
        }
    }
    let names: Vec<&str> = wanted.keys().map(String::as_str).collect();
    let rows = transaction
        .query(
            "select w.name, c.oid::regclass::text
             from unnest($1::text[]) as w (name)
             join pg_catalog.pg_class as c on c.oid = to_regclass(w.name)
             where c.relkind in ('r', 'p') and pg_has_role(c.relowner, 'usage')
             order by 2",
            &[&names],
        )
        .await?;
    let mut text = String::new();
    for (mode, words) in [
        (Mode::AccessExclusive, "access exclusive"),
        (Mode::ShareRowExclusive, "share row exclusive"),
    ] {
        let tables: Vec<&str> = rows
            .iter()
            .filter(|row| wanted.get(row.get::<_, &str>(0)) == Some(&mode))
            .map(|row| row.get(1))
            .collect();
        if !tables.is_empty() {
            text.extend(["lock table ", &tables.join(", "), " in ", words, " mode; "]);
        }
    }
    if text.is_empty() {
        return Ok(());
    }
    let name = files.first().map_or("", |file| file.name);
    transaction
        .batch_execute(&format!(
            "set local statement_timeout = {}; {text}set local statement_timeout to default",
            (retry.lock_timeout * 2).as_millis()
        ))
        .await
        .map_err(|source| Failure::Locks(name.to_owned(), source))
}

/// The tables that a text changes, as they are written there. It reads words and no grammar: a table too many is locked for a moment, and
/// one too few is locked when its turn comes.
fn touched(text: &str) -> Vec<(String, Mode)> {
    let words = words(text);
    let at = |nth: usize| words.get(nth).map_or("", String::as_str);
    let mut found = Vec::new();
    for nth in 0..words.len() {
        if (at(nth), at(nth + 1)) == ("lock", "table") {
            let listed = words.iter().skip(nth + 2).take_while(|word| *word != "in");
            found.extend(listed.map(|table| (table.clone(), Mode::AccessExclusive)));
            continue;
        }
        let (table, mode) = match (at(nth), at(nth + 1)) {
            ("alter", "table") => (name_after(&words, nth + 2), Mode::AccessExclusive),
            ("private.drop_policies", _) => (Some(nth + 1), Mode::AccessExclusive),
            ("create" | "alter" | "drop", "policy") | ("drop", "trigger") => {
                (on(&words, nth), Mode::AccessExclusive)
            }
            ("trigger", _) if nth > 0 && at(nth - 1) != "drop" => {
                (on(&words, nth), Mode::ShareRowExclusive)
            }
            ("index", _) => (on(&words, nth), Mode::ShareRowExclusive),
            ("references", _) => (Some(nth + 1), Mode::ShareRowExclusive),
            _ => continue,
        };
        if let Some(table) = table.and_then(|nth| words.get(nth))
            && table.contains('.')
        {
            found.push((table.clone(), mode));
        }
    }
    found
}

/// The words of a text without its comments: names with their schemas, and key words.
fn words(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.split_once("--").map_or(line, |(before, _)| before))
        .flat_map(|line| line.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Where the name stands that follows, behind `if exists` and `only`.
fn name_after(words: &[String], from: usize) -> Option<usize> {
    (from..words.len()).find(|nth| {
        words
            .get(*nth)
            .is_some_and(|word| !["if", "exists", "only"].contains(&word.as_str()))
    })
}

/// Where the table stands that follows the next `on`.
fn on(words: &[String], from: usize) -> Option<usize> {
    let on = (from..words.len().min(from + 60))
        .find(|nth| words.get(*nth).is_some_and(|word| word == "on"))?;
    name_after(words, on + 1)
}
