//! iCalendar (RFC 5545), as far as busy times and appointments need it: what events an object has in a window, and an appointment as an object.
//!
//! Lines, zones and what becomes of the exceptions of a series are read here; only the times of a recurrence rule are left to a crate.
//! `fixtures/calendar/README.md` says why.

pub mod entry;
mod item;
mod lines;
mod rule;
mod series;
mod value;
pub mod write;
mod zone;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::domain::external_calendar::{CalendarError, Event, Window};
use item::Item;
use lines::{components, unfold};
use rule::Budget;
use series::{EVENTS_LIMIT, Span, events, split_others};
use zone::Zones;

/// Reads objects of one listing. All together are given only so much work.
#[derive(Debug)]
pub struct Reader {
    window: Window,
    span: Span,
    me: Vec<String>,
    budget: Budget,
}

/// What an object has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Its events in the window that are not cancelled.
    pub events: Vec<Event>,
    /// Whether all it has is cancelled.
    pub is_cancelled: bool,
    /// The UID of its events, where all have the same and it may be one of ours.
    pub key: Option<Uuid>,
    /// How many events cannot be read, or have a rule that cannot.
    pub unreadable: usize,
}

impl Reader {
    /// A reader of what lies in a window. What the owner of these addresses declined takes none of their time.
    #[must_use]
    pub fn new(window: &Window, me: &[String]) -> Self {
        Self {
            window: *window,
            span: Span::new(window),
            me: me.to_vec(),
            budget: Budget::default(),
        }
    }

    /// The owner has these addresses.
    pub fn invited_as(&mut self, addresses: Vec<String>) {
        self.me = addresses;
    }

    /// Reads an object: all events of one UID, or a whole calendar.
    ///
    /// # Errors
    ///
    /// When it is no iCalendar, or too large.
    pub fn read(&mut self, object: &[u8]) -> Result<Contents, CalendarError> {
        let text = unfold(object)?;
        let calendars = components(&text)?;
        if !calendars.iter().any(|calendar| calendar.is("VCALENDAR")) {
            return Err(CalendarError::Unreadable("no iCalendar"));
        }
        let zones = Zones::new(&calendars, self.window.zone);
        let mut contents = Contents::default();
        let mut by_uid: BTreeMap<_, Vec<Item>> = BTreeMap::new();
        let found = calendars.iter().flat_map(|calendar| &calendar.children);
        for (number, event) in found.filter(|component| component.is("VEVENT")).enumerate() {
            let item = Item::new(event, &zones, &self.me);
            contents.unreadable += usize::from(item.as_ref().is_none_or(|item| item.is_partial));
            // Events without a UID are not the same one.
            let uid = event.first("UID").map(|line| line.value.trim());
            let key = (uid, if uid.is_none() { number } else { 0 });
            by_uid.entry(key).or_default().extend(item);
        }
        let mut items = by_uid.values().flatten().peekable();
        contents.is_cancelled = items.peek().is_some() && items.all(|item| item.is_cancelled);
        contents.key = by_uid
            .keys()
            .next()
            .and_then(|(uid, _)| uid.filter(|_| by_uid.len() == 1)?.parse().ok());
        let others: Vec<_> = by_uid
            .iter_mut()
            .flat_map(|((uid, _), items)| split_others(items).into_iter().map(|item| (*uid, item)))
            .collect();
        for (number, (uid, item)) in others.into_iter().enumerate() {
            by_uid.insert((uid, number + 1), vec![item]);
        }
        let is_alone = by_uid.len() == 1;
        for ((uid, number), items) in &by_uid {
            let mut found = events(items, &self.span, &mut self.budget)?;
            if !is_alone {
                let prefix = Sha256::digest(format!("{number}{}", uid.unwrap_or_default()));
                let prefix = hex::encode(prefix.get(..8).unwrap_or_default());
                for event in &mut found {
                    event.instance = format!("{prefix}/{}", event.instance);
                }
            }
            contents.events.extend(found);
            if contents.events.len() > 10 * EVENTS_LIMIT {
                return Err(CalendarError::TooLarge);
            }
        }
        Ok(contents)
    }
}

#[cfg(test)]
mod dialects;
#[cfg(test)]
mod tests;
