//! The events of one UID in a window: a series with what was moved, added and left out, or a single event.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::{
    item::{End, Extent, Item, Point, end_of, extent},
    rule::{Budget, Rule},
    value::Value,
    write,
    zone::Zone,
};
use crate::domain::external_calendar::{CalendarError, Event, EventTime, Window};

/// The most events of one UID.
pub const EVENTS_LIMIT: usize = 5_000;

/// More than zones differ.
const DAY: TimeDelta = TimeDelta::days(2);

/// A window as moments and as days.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    first: NaiveDate,
    end: NaiveDate,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// A series while it is expanded.
struct Series<'a> {
    master: &'a Item,
    /// What replaces one of it, by its place in the series.
    replaced: HashMap<NaiveDateTime, &'a Item>,
    /// What replaces the rest of it from a place on, and by how much later that is.
    rest: BTreeMap<NaiveDateTime, (&'a Item, TimeDelta)>,
}

impl Span {
    /// The days of a window.
    pub fn new(window: &Window) -> Self {
        let end = window.last.succ_opt().unwrap_or(window.last);
        let zone = Zone::Named(window.zone);
        let moment = |day: NaiveDate| {
            // A zone with a name takes nothing from a budget.
            zone.utc(day.and_time(NaiveTime::MIN), &mut Budget::default())
                .unwrap_or_else(|_| day.and_time(NaiveTime::MIN).and_utc())
        };
        Self {
            first: window.first,
            end,
            from: moment(window.first),
            to: moment(end),
        }
    }

    fn has(&self, time: EventTime) -> bool {
        match time {
            EventTime::Timed { start, end } if start == end => {
                self.from <= start && start < self.to
            }
            EventTime::Timed { start, end } => start < self.to && self.from < end,
            EventTime::Days { first, end } => first < self.end && self.first < end,
        }
    }
}

/// The events in a window of all items with one UID.
///
/// # Errors
///
/// When there are too many of them, or too much work.
pub fn events(
    items: &[Item],
    span: &Span,
    budget: &mut Budget,
) -> Result<Vec<Event>, CalendarError> {
    let mut found = Vec::new();
    let newest = |item: &&Item| item.sequence;
    let Some(master) = items
        .iter()
        .filter(|item| item.replaces.is_none())
        .max_by_key(newest)
    else {
        // As one who is invited to some of a series has it. The newest counts where one place of it is told twice.
        let mut newest: BTreeMap<String, &Item> = BTreeMap::new();
        for item in items {
            if let Some(place) = &item.replaces {
                let place = place_of(place, &item.start, budget)?;
                let known = newest
                    .entry(instance(&item.start, place, budget)?)
                    .or_insert(item);
                if known.sequence <= item.sequence {
                    *known = item;
                }
            }
        }
        for (instance, item) in newest {
            add(&mut found, instance, item, span, budget)?;
        }
        return Ok(found);
    };
    let series = Series::new(master, items, budget)?;
    if series.is_single() {
        add(&mut found, String::new(), master, span, budget)?;
        return Ok(found);
    }
    for (place, own_end) in series.places(span, budget)? {
        let (item, later) = series
            .rest
            .range(..=place)
            .next_back()
            .map_or((master, TimeDelta::zero()), |(_, rest)| *rest);
        if item.is_cancelled {
            continue;
        }
        let extent = match own_end {
            Some(end) => extent(&series.point(place), &end, budget)?,
            None => item.extent(budget)?,
        };
        let start = place.checked_add_signed(later).unwrap_or(place);
        let time = time(start, &master.start, extent, budget)?;
        push(
            &mut found,
            instance(&master.start, place, budget)?,
            time,
            item.is_busy,
            span,
        )?;
    }
    for (place, item) in &series.replaced {
        add(
            &mut found,
            instance(&master.start, *place, budget)?,
            item,
            span,
            budget,
        )?;
    }
    Ok(found)
}

/// Takes away those that are neither exceptions of the series nor earlier versions of it: several events to which somebody gave one UID.
pub fn split_others(items: &mut Vec<Item>) -> Vec<Item> {
    let newest = items.iter().filter(|item| item.replaces.is_none());
    let newest = newest.map(|item| item.sequence).max();
    let mut is_known = false;
    let is_other = |item: &mut Item| {
        let is_newest = item.replaces.is_none() && Some(item.sequence) == newest;
        is_newest && std::mem::replace(&mut is_known, is_newest)
    };
    items.extract_if(.., is_other).collect()
}

impl<'a> Series<'a> {
    fn new(
        master: &'a Item,
        items: &'a [Item],
        budget: &mut Budget,
    ) -> Result<Self, CalendarError> {
        let mut replaced: HashMap<_, &Item> = HashMap::new();
        for item in items {
            let Some(place) = &item.replaces else {
                continue;
            };
            let place = place_of(place, &master.start, budget)?;
            let known = replaced.entry(place).or_insert(item);
            if known.sequence <= item.sequence {
                *known = item;
            }
        }
        let mut rest = BTreeMap::new();
        for (place, item) in &replaced {
            if item.is_for_the_rest {
                let later = item.start.wall_in(&master.start.zone, budget)? - *place;
                rest.insert(*place, (*item, later));
            }
        }
        Ok(Self {
            master,
            replaced,
            rest,
        })
    }

    fn is_single(&self) -> bool {
        self.replaced.is_empty() && self.master.rules.is_empty() && self.master.dates.is_empty()
    }

    /// Where in the series something may lie in the window that is neither replaced nor left out; some have an end of their own.
    fn places(
        &self,
        span: &Span,
        budget: &mut Budget,
    ) -> Result<BTreeMap<NaiveDateTime, Option<End>>, CalendarError> {
        let master = self.master;
        let (from, to) = self.range(span, budget)?;
        let mut places = BTreeMap::new();
        for rule in &master.rules {
            let times = self.times(rule, (from, to), budget)?;
            places.extend(times.into_iter().map(|time| (time, None)));
        }
        places.insert(master.start.wall(), None);
        for (date, end) in &master.dates {
            let place = place_of(date, &master.start, budget)?;
            let is_long = end.is_some();
            if is_long || (from <= place && place <= to) {
                places.insert(place, end.clone());
            }
        }
        let mut left_out: HashSet<_> = self.replaced.keys().copied().collect();
        for exception in &master.exceptions {
            left_out.insert(place_of(exception, &master.start, budget)?);
        }
        for rule in &master.exception_rules {
            left_out.extend(self.times(rule, (from, to), budget)?);
        }
        places.retain(|place, _| !left_out.contains(place));
        Ok(places)
    }

    /// When a rule of it takes place, within these times.
    fn times(
        &self,
        rule: &Rule,
        (from, to): (NaiveDateTime, NaiveDateTime),
        budget: &mut Budget,
    ) -> Result<Vec<NaiveDateTime>, CalendarError> {
        let start = &self.master.start;
        let last = match (rule.until, start.value) {
            (None, _) => to,
            (Some(Value::Date(day)), _) => last_of(day),
            // Exchange writes the midnight at which the last day begins, in UTC.
            (Some(Value::Utc(until)), Value::Date(_)) => {
                last_of(start.zone.local(until, budget)?.date().max(until.date()))
            }
            (Some(until), Value::Date(_)) => last_of(until.date()),
            (Some(Value::Local(until)), _) => until,
            (Some(Value::Utc(until)), _) => start.zone.local(until, budget)?,
        };
        rule.times(start.wall(), (from, to.min(last)), 2 * EVENTS_LIMIT, budget)
    }

    /// A place of it as a point.
    fn point(&self, place: NaiveDateTime) -> Point {
        let start = &self.master.start;
        Point {
            value: if start.is_date() {
                Value::Date(place.date())
            } else {
                Value::Local(place)
            },
            zone: start.zone.clone(),
        }
    }

    /// Between which times on its clock something must start to be in the window.
    fn range(
        &self,
        span: &Span,
        budget: &mut Budget,
    ) -> Result<(NaiveDateTime, NaiveDateTime), CalendarError> {
        let mut before = total(self.master.extent(budget)?);
        let mut after = TimeDelta::zero();
        for (item, later) in self.rest.values() {
            let length = total(item.extent(budget)?);
            before = before.max(length.checked_add(later).unwrap_or(TimeDelta::MAX));
            after = after.max(-*later);
        }
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN);
        let from = midnight(span.first)
            .checked_sub_signed(before.checked_add(&DAY).unwrap_or(before))
            .unwrap_or(NaiveDateTime::MIN);
        let to = midnight(span.end)
            .checked_add_signed(after.checked_add(&DAY).unwrap_or(after))
            .unwrap_or(NaiveDateTime::MAX);
        Ok((from, to))
    }
}

/// Which place of a series is meant, on the clock of its start. Some programs write a day where the series has times, or the other way round.
fn place_of(
    point: &Point,
    start: &Point,
    budget: &mut Budget,
) -> Result<NaiveDateTime, CalendarError> {
    match (point.is_date(), start.is_date()) {
        (true, false) => Ok(point.value.date().and_time(start.wall().time())),
        // Some write the moment at which the day begins on their clock.
        (false, true) => Ok(match point.value {
            Value::Utc(moment) if moment.time() != NaiveTime::MIN => {
                start.zone.local(moment, budget)?.date()
            }
            value => value.date(),
        }
        .and_time(NaiveTime::MIN)),
        _ => point.wall_in(&start.zone, budget),
    }
}

/// The id of one of a series: its place, in UTC.
fn instance(
    start: &Point,
    place: NaiveDateTime,
    budget: &mut Budget,
) -> Result<String, CalendarError> {
    if start.is_date() {
        return Ok(place.format("%Y%m%d").to_string());
    }
    Ok(write::utc(start.zone.utc(place, budget)?))
}

fn time(
    start: NaiveDateTime,
    like: &Point,
    extent: Extent,
    budget: &mut Budget,
) -> Result<EventTime, CalendarError> {
    match extent {
        Extent::Days(days) => {
            let first = start.date();
            let end = first
                .checked_add_days(Days::new(days.into()))
                .unwrap_or(NaiveDate::MAX);
            Ok(EventTime::Days { first, end })
        }
        Extent::Timed(length) => {
            let end = start
                .checked_add_signed(length.days)
                .unwrap_or(NaiveDateTime::MAX);
            let (start, end) = (like.zone.utc(start, budget)?, like.zone.utc(end, budget)?);
            // What begins when the clock skips an hour may end by the clock as it begins.
            let end = if end <= start {
                later(start, length.days)
            } else {
                end
            };
            Ok(EventTime::Timed {
                start,
                end: later(end, length.rest).max(start),
            })
        }
    }
}

fn later(moment: DateTime<Utc>, by: TimeDelta) -> DateTime<Utc> {
    moment
        .checked_add_signed(by)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Adds an item as it stands, without its rules.
fn add(
    found: &mut Vec<Event>,
    instance: String,
    item: &Item,
    span: &Span,
    budget: &mut Budget,
) -> Result<(), CalendarError> {
    if item.is_cancelled {
        return Ok(());
    }
    let extent = item.extent(budget)?;
    let mut time = time(item.start.wall(), &item.start, extent, budget)?;
    if let EventTime::Timed { start, end } = &mut time
        && let Some(written) = end_of(&item.start, &item.end, budget)?
    {
        *end = written.max(*start);
    }
    push(found, instance, time, item.is_busy, span)
}

fn push(
    found: &mut Vec<Event>,
    instance: String,
    time: EventTime,
    is_busy: bool,
    span: &Span,
) -> Result<(), CalendarError> {
    if !span.has(time) {
        return Ok(());
    }
    if found.len() >= EVENTS_LIMIT {
        return Err(CalendarError::TooLarge);
    }
    let has_length = !matches!(time, EventTime::Timed { start, end } if start == end);
    found.push(Event {
        instance,
        time,
        is_busy: is_busy && has_length,
    });
    Ok(())
}

fn total(extent: Extent) -> TimeDelta {
    match extent {
        Extent::Days(days) => TimeDelta::days(days.into()),
        Extent::Timed(length) => length.total(),
    }
}

fn last_of(day: NaiveDate) -> NaiveDateTime {
    day.and_hms_opt(23, 59, 59).unwrap_or(NaiveDateTime::MAX)
}
