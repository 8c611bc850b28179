//! Names of alarms, also of those for several things: "smoke and CO detectors", "detectores de humo y monóxido".
//!
//! Cut at its conjunction, such a list would leave "smoke", which is a danger. It is one name where the words beside it are
//! about a device: "install smoke and CO detectors". In "there is smoke and CO detectors beep" it is not.

use std::ops::Range;

use super::{
    clauses::{Clause, End, Token},
    devices::{DEVICE, ends_about_device},
    pattern::FILLERS,
    signs::Sign,
};
use crate::domain::words::Words;

/// What the name of an alarm consists of; a sign with any other word says what it does.
static NAME: Words =
    Words::new(&["alarm fire smoke co carbon monoxide dioxide dioxido gas leak contra por"]);
/// What an alarm is for.
static KINDS: Words = Words::new(&["fire smoke co carbon monoxide dioxide dioxido gas heat calor"]);
/// What stands between these, and behind "alarm" before them.
static LINKS: Words = Words::new(&["or o and combo combination the a an de del la"]);
static FOR: Words = Words::new(&["de del for contra por para"]);
static ARTICLES: Words = Words::new(&["the a an"]);

/// Joins the clauses into which the name of an alarm for several things was cut.
pub(super) fn join(clauses: &mut Vec<Clause>) {
    let mut place = 0;
    while let Some((head, behind)) = clauses.get(place..).and_then(<[Clause]>::split_first) {
        let items = list(head, behind);
        let listed: Vec<Clause> = clauses.drain(place + 1..=place + items).collect();
        let end = listed.last().map(|last| last.end);
        if let (Some(head), Some(end)) = (clauses.get_mut(place), end) {
            let tokens = listed.into_iter().flat_map(|clause| clause.tokens);
            head.tokens.extend(tokens);
            head.end = end;
        }
        place += 1;
    }
}

/// How many of the clauses behind one continue the list with which it ends.
fn list(head: &Clause, behind: &[Clause]) -> usize {
    let listed = |clause: &&Clause| clause.tokens.iter().all(is_listed);
    let items = match head.end {
        End::And => Some(0),
        End::Comma => {
            let items = behind.iter().take_while(listed);
            items
                .clone()
                .position(|item| item.end == End::And)
                .map(|last| last + 1)
        }
        _ => None,
    };
    let Some((items, last)) = items.and_then(|items| Some((items, behind.get(items)?))) else {
        return 0;
    };
    let continues = is_named_before(&head.tokens, last) || is_named_behind(&head.tokens, last);
    if continues { items + 1 } else { 0 }
}

/// "... smoke" and "CO detectors ...".
fn is_named_before(head: &[Token], last: &Clause) -> bool {
    let kinds = kinds_at_end(head);
    let (before, _) = head.split_at(head.len() - kinds);
    kinds > 0
        && name_ahead(&last.tokens)
            .and_then(|end| last.tokens.split_at_checked(end))
            .is_some_and(|(list, behind)| is_list_of_devices(before, list, behind))
}

/// "... detectores de humo" and "de monóxido ...".
fn is_named_behind(head: &[Token], last: &Clause) -> bool {
    let linked = last.tokens.iter().take_while(|token| is_listed(token));
    let end = linked.clone().count();
    // "... and smoke in the kitchen" is no kind of alarm.
    let is_smoke = linked
        .clone()
        .any(|token| matches!(token.stem.as_str(), "smoke" | "fire"));
    name_back(head, head.len()).is_some()
        && linked.clone().any(is_kind)
        && (!is_smoke || end == last.tokens.len())
}

fn is_kind(token: &Token) -> bool {
    KINDS.has(&token.stem)
}

fn is_listed(token: &Token) -> bool {
    is_kind(token) || LINKS.has(&token.said)
}

/// Whether a list of alarms, between the words before and behind it, is one of devices. Without words before it, those
/// behind must be about a device, and an article begins another thing: "smoke, and the CO alarm needs a battery".
fn is_list_of_devices(before: &[Token], list: &[Token], behind: &[Token]) -> bool {
    let adds_nothing = |token: &Token| {
        FILLERS.has(&token.said) && !matches!(token.said.as_str(), "is" | "are" | "was" | "were")
    };
    ends_about_device(before)
        || before.iter().all(adds_nothing)
            && !list.iter().any(|token| ARTICLES.has(&token.said))
            && behind.iter().any(|token| DEVICE.has(&token.said))
}

/// Where the name of an alarm ends whose kinds these words begin with.
fn name_ahead(tokens: &[Token]) -> Option<usize> {
    let kinds = tokens.iter().take_while(|token| is_listed(token)).count();
    (tokens.get(kinds)?.stem == "alarm").then_some(kinds + 1)
}

/// Where the name of an alarm begins whose kinds end before `end`: "alarm for smoke".
fn name_back(tokens: &[Token], end: usize) -> Option<usize> {
    let tokens = tokens.get(..end)?;
    let listed = tokens
        .iter()
        .rev()
        .take_while(|token| is_listed(token) || FOR.has(&token.said));
    let first = end - listed.count();
    let is_for = tokens.get(first).is_some_and(|token| FOR.has(&token.said));
    let alarm = first.checked_sub(1)?;
    (is_for && tokens.get(alarm)?.stem == "alarm").then_some(alarm)
}

/// Where the name of an alarm stands that a sign is, or is a part of; a sign that says what the alarm does is none.
pub(super) fn around(tokens: &[Token], signs: &[Sign], sign: &Sign) -> Option<Range<usize>> {
    let words = tokens.get(sign.from..sign.until)?;
    let names_alarm = is_name(words);
    if !names_alarm && !words.iter().all(is_kind) {
        return None;
    }
    let (before, _) = tokens.split_at(sign.from);
    let from = sign.from - kinds_at_end(before);
    let ahead = tokens.get(from..)?;
    let Some(end) = name_ahead(ahead).map(|end| from + end) else {
        let from = if names_alarm {
            sign.from
        } else {
            name_back(tokens, sign.from)?
        };
        return Some(from..sign.until);
    };
    let says_more = |other: &Sign| {
        (other.from..other.until).contains(&(end - 1))
            && !tokens.get(other.from..other.until).is_some_and(is_name)
    };
    let (before, _) = tokens.split_at(from);
    let (list, behind) = ahead.split_at_checked(end - from)?;
    if is_list_of_devices(before, list, behind) && !signs.iter().any(says_more) {
        return Some(from..end.max(sign.until));
    }
    names_alarm.then_some(sign.from..sign.until)
}

/// Whether words name an alarm and say nothing of what it does.
fn is_name(words: &[Token]) -> bool {
    words.iter().any(|word| word.stem == "alarm")
        && words
            .iter()
            .all(|word| NAME.has(&word.stem) || FILLERS.has(&word.said))
}

/// How many words at the end are the beginning of a list of kinds.
fn kinds_at_end(words: &[Token]) -> usize {
    let listed = words
        .iter()
        .rev()
        .take_while(|token| is_listed(token))
        .count();
    let list = words.iter().rev().take(listed);
    list.rev()
        .position(is_kind)
        .map_or(0, |first| listed - first)
}
