//! Zones of times: by their name in the tz database or of Windows, or as the object itself defines them.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use chrono::{
    DateTime, Datelike, Days, MappedLocalTime, NaiveDate, NaiveDateTime, Offset, TimeDelta,
    TimeZone, Utc,
};
use chrono_tz::{TZ_VARIANTS, Tz};
use windows_timezones::WindowsTimezone;

use super::{
    lines::Component,
    rule::{Budget, Rule},
    value::{self, Value},
    write::unescape,
};
use crate::domain::external_calendar::CalendarError;

/// A zone.
#[derive(Clone, Debug)]
pub enum Zone {
    /// One of the tz database.
    Named(Tz),
    /// One that the object defines.
    Custom(Rc<Custom>),
}

/// The zones of an object.
#[derive(Debug)]
pub struct Zones {
    /// What times without a zone mean.
    pub own: Tz,
    whole: Option<Tz>,
    custom: HashMap<String, Zone>,
}

/// A VTIMEZONE.
#[derive(Debug)]
pub struct Custom {
    observances: Vec<Observance>,
    /// When clocks changed until the end of a year, from shortly before the year before.
    changes: RefCell<BTreeMap<i32, Rc<Vec<Change>>>>,
}

/// A STANDARD or DAYLIGHT.
#[derive(Debug)]
struct Observance {
    start: NaiveDateTime,
    before: TimeDelta,
    after: TimeDelta,
    rule: Option<Rule>,
    dates: Vec<NaiveDateTime>,
}

/// One change of the clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Change {
    /// When, in UTC.
    at: NaiveDateTime,
    before: TimeDelta,
    after: TimeDelta,
}

impl Zones {
    /// Reads what the components on the outside of an object define. `own` is the zone of what has none.
    pub fn new(calendars: &[Component<'_>], own: Tz) -> Self {
        let whole = calendars
            .iter()
            .find_map(|calendar| calendar.first("X-WR-TIMEZONE"))
            .and_then(|line| named(line.value));
        let mut custom = HashMap::new();
        for zone in calendars.iter().flat_map(|calendar| &calendar.children) {
            if zone.is("VTIMEZONE")
                && let Some(id) = zone.first("TZID")
                && let Some(found) = defined(zone)
            {
                custom.insert(unescape(id.value.trim()), found);
            }
        }
        Self { own, whole, custom }
    }

    /// The zone of a TZID. What is not known falls back on the zone of the whole object, and of the organization.
    pub fn zone(&self, id: Option<&str>) -> Zone {
        let Some(id) = id else {
            return Zone::Named(self.own);
        };
        if let Ok(zone) = id.parse() {
            return Zone::Named(zone);
        }
        if let Some(zone) = self.custom.get(id) {
            return zone.clone();
        }
        named(id)
            .map(Zone::Named)
            .or_else(|| fixed(id))
            .unwrap_or(Zone::Named(self.whole.unwrap_or(self.own)))
    }
}

impl Zone {
    /// The moment of a time on its clock: the first of two; where the clock skips it, by the offset that was true before.
    pub fn utc(
        &self,
        local: NaiveDateTime,
        budget: &mut Budget,
    ) -> Result<DateTime<Utc>, CalendarError> {
        let offset = match self {
            Self::Named(zone) => offset_of(*zone, local),
            Self::Custom(custom) => custom.offset_of(local, budget)?,
        };
        Ok(local.checked_sub_signed(offset).unwrap_or(local).and_utc())
    }

    /// What its clock says at a moment.
    pub fn local(
        &self,
        moment: NaiveDateTime,
        budget: &mut Budget,
    ) -> Result<NaiveDateTime, CalendarError> {
        let offset = match self {
            Self::Named(zone) => seconds(
                zone.offset_from_utc_datetime(&moment)
                    .fix()
                    .local_minus_utc(),
            ),
            Self::Custom(custom) => custom.offset_at(moment, budget)?,
        };
        Ok(moment.checked_add_signed(offset).unwrap_or(moment))
    }
}

impl Custom {
    fn offset_of(
        &self,
        local: NaiveDateTime,
        budget: &mut Budget,
    ) -> Result<TimeDelta, CalendarError> {
        let changes = self.changes(local.year(), budget)?;
        let since = |change: &&Change| change.at + change.before <= local;
        Ok(match changes.iter().rfind(since) {
            // Skipped by the clock.
            Some(change) if local < change.at + change.after => change.before,
            Some(change) => change.after,
            None => changes
                .first()
                .map_or(TimeDelta::zero(), |change| change.before),
        })
    }

    fn offset_at(
        &self,
        moment: NaiveDateTime,
        budget: &mut Budget,
    ) -> Result<TimeDelta, CalendarError> {
        let changes = self.changes(moment.year(), budget)?;
        Ok(match changes.iter().rfind(|change| change.at <= moment) {
            Some(change) => change.after,
            None => changes
                .first()
                .map_or(TimeDelta::zero(), |change| change.before),
        })
    }

    fn changes(&self, year: i32, budget: &mut Budget) -> Result<Rc<Vec<Change>>, CalendarError> {
        if let Some(changes) = self.changes.borrow().get(&year) {
            return Ok(Rc::clone(changes));
        }
        let mut changes = Vec::new();
        for observance in &self.observances {
            for onset in observance.onsets(year, budget)? {
                if let Some(at) = onset.checked_sub_signed(observance.before) {
                    changes.push(Change {
                        at,
                        before: observance.before,
                        after: observance.after,
                    });
                }
            }
        }
        changes.sort_unstable();
        let changes = Rc::new(changes);
        self.changes.borrow_mut().insert(year, Rc::clone(&changes));
        Ok(changes)
    }
}

impl Observance {
    fn new(component: &Component<'_>) -> Option<Self> {
        let seconds_of = |name| {
            component
                .first(name)
                .and_then(|line| value::offset(line.value))
        };
        let moment = |text: &str| match Value::new(text)? {
            Value::Local(moment) | Value::Utc(moment) => Some(moment),
            Value::Date(date) => Some(date.and_time(chrono::NaiveTime::MIN)),
        };
        Some(Self {
            start: moment(component.first("DTSTART")?.value)?,
            before: seconds(seconds_of("TZOFFSETFROM")?),
            after: seconds(seconds_of("TZOFFSETTO")?),
            rule: component
                .first("RRULE")
                .and_then(|line| Rule::new(line.value)),
            dates: component
                .all("RDATE")
                .flat_map(|line| line.value.split(','))
                .filter_map(moment)
                .collect(),
        })
    }

    /// When it begins, on the clock that it ends: each time in the years around this one, and at least the last time before.
    fn onsets(&self, year: i32, budget: &mut Budget) -> Result<Vec<NaiveDateTime>, CalendarError> {
        let mut onsets = self.dates.clone();
        onsets.push(self.start);
        let day = |year| {
            NaiveDate::from_ymd_opt(year, 1, 1).map(|day| day.and_time(chrono::NaiveTime::MIN))
        };
        let (Some(rule), Some(from), Some(to)) = (&self.rule, day(year - 1), day(year + 2)) else {
            return Ok(onsets);
        };
        let until = match rule.until {
            Some(Value::Utc(moment)) => moment.checked_add_signed(self.before),
            Some(Value::Local(moment)) => Some(moment),
            Some(Value::Date(date)) => date.and_hms_opt(23, 59, 59),
            None => None,
        };
        let to = until.map_or(to, |until| until.min(to));
        // A rule that has ended is looked at in its last years.
        let from = from.min(to - Days::new(800));
        onsets.extend(rule.times(self.start, (from, to), ONSETS_LIMIT, budget)?);
        Ok(onsets)
    }
}

/// The most changes of clocks in a few years that are a zone.
const ONSETS_LIMIT: usize = 100;

/// What a VTIMEZONE says: which zone of the tz database it stands for, else its own rules.
fn defined(zone: &Component<'_>) -> Option<Zone> {
    if let Some(line) = zone.first("X-LIC-LOCATION")
        && let Ok(zone) = line.value.trim().parse()
    {
        return Some(Zone::Named(zone));
    }
    let observances: Vec<_> = zone
        .children
        .iter()
        .filter(|child| child.is("STANDARD") || child.is("DAYLIGHT"))
        .filter_map(Observance::new)
        .collect();
    let changes = RefCell::default();
    (!observances.is_empty()).then(|| {
        Zone::Custom(Rc::new(Custom {
            observances,
            changes,
        }))
    })
}

/// A zone by its name. Some programs put their own in front: `/mozilla.org/20050126_1/America/Denver`, `tzone://Microsoft/Utc`.
fn named(name: &str) -> Option<Tz> {
    let name = name.trim();
    let known = |name: &str| {
        let mut zones = TZ_VARIANTS.iter().copied();
        zones.find(|zone| zone.name().eq_ignore_ascii_case(name))
    };
    known(name)
        .or_else(|| name.parse::<WindowsTimezone>().ok().map(Tz::from))
        .or_else(|| {
            let mut slashes = name.match_indices('/');
            slashes.find_map(|(at, _)| known(name.get(at + 1..)?))
        })
}

/// A zone that is named by its offset: `GMT+05:30`, `UTC-7`.
fn fixed(name: &str) -> Option<Zone> {
    let offset = name.strip_prefix("GMT").or(name.strip_prefix("UTC"))?;
    let (sign, digits) = offset.split_at_checked(1)?;
    let digits = digits.replace(':', "");
    let digits = match digits.len() {
        1 | 2 => format!("{digits:0>2}00"),
        _ => format!("{digits:0>4}"),
    };
    let after = seconds(value::offset(&format!("{sign}{digits}"))?);
    let observance = Observance {
        start: DateTime::UNIX_EPOCH.naive_utc(),
        before: after,
        after,
        rule: None,
        dates: Vec::new(),
    };
    Some(Zone::Custom(Rc::new(Custom {
        observances: vec![observance],
        changes: RefCell::default(),
    })))
}

fn offset_of(zone: Tz, local: NaiveDateTime) -> TimeDelta {
    let offset = match zone.offset_from_local_datetime(&local) {
        MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => offset.fix(),
        MappedLocalTime::None => local
            .checked_sub_days(Days::new(1))
            .and_then(|before| zone.offset_from_local_datetime(&before).earliest())
            .unwrap_or_else(|| zone.offset_from_utc_datetime(&local))
            .fix(),
    };
    seconds(offset.local_minus_utc())
}

fn seconds(seconds: i32) -> TimeDelta {
    TimeDelta::seconds(i64::from(seconds))
}
