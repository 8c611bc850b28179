//! One VEVENT: a single event, a series, or what became of one of a series.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::{
    lines::{Component, Line},
    rule::{Budget, Rule},
    value::{Length, Value},
    zone::{Zone, Zones},
};
use crate::domain::external_calendar::CalendarError;

/// A date or a time with the zone on whose clock it is.
#[derive(Clone, Debug)]
pub struct Point {
    /// What is written.
    pub value: Value,
    /// Its zone.
    pub zone: Zone,
}

/// When something ends.
#[derive(Clone, Debug)]
pub enum End {
    /// Then.
    At(Point),
    /// So long after its start.
    After(Length),
    /// A day lasts until its end, a time has no length.
    Unsaid,
}

/// How long each one of a series takes.
#[derive(Clone, Copy, Debug)]
pub enum Extent {
    /// Whole days.
    Days(u32),
    /// On the clock on the wall, then in seconds.
    Timed(Length),
}

/// A VEVENT.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property of its own"
)]
pub struct Item {
    /// When it starts.
    pub start: Point,
    /// When it ends.
    pub end: End,
    /// Which one of the series it replaces.
    pub replaces: Option<Point>,
    /// Whether it stands for all that follow, too.
    pub is_for_the_rest: bool,
    /// The higher one is the newer one.
    pub sequence: i64,
    /// When it repeats.
    pub rules: Vec<Rule>,
    /// When else it takes place.
    pub dates: Vec<(Point, Option<End>)>,
    /// When it does not.
    pub exceptions: Vec<Point>,
    /// The same as rules, of which RFC 5545 knows no more.
    pub exception_rules: Vec<Rule>,
    /// Whether whoever keeps the calendar is busy with it.
    pub is_busy: bool,
    /// Whether it does not take place.
    pub is_cancelled: bool,
    /// Whether a rule or the end of it cannot be read.
    pub is_partial: bool,
}

impl Point {
    fn new(line: Line<'_>, text: &str, zones: &Zones) -> Option<Self> {
        let value = match Value::new(text)? {
            value
                if line
                    .param("VALUE")
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("DATE")) =>
            {
                Value::Date(value.date())
            }
            value => value,
        };
        let zone = match value {
            Value::Utc(_) => Zone::Named(chrono_tz::UTC),
            Value::Local(_) => zones.zone(line.param("TZID")),
            Value::Date(_) => zones.zone(None),
        };
        Some(Self { value, zone })
    }

    /// The points of a list, such as those of an EXDATE.
    fn all<'a>(
        line: Line<'a>,
        zones: &'a Zones,
        start: &'a Self,
    ) -> impl Iterator<Item = Self> + 'a {
        line.value
            .split(',')
            .filter_map(move |text| Some(Self::new(line, text, zones)?.beside(line, start)))
    }

    /// The same on the clock of a start, where it names no clock of its own: it tells one of a series.
    fn beside(mut self, line: Line<'_>, start: &Self) -> Self {
        if matches!(self.value, Value::Local(_)) && line.param("TZID").is_none() {
            self.zone = start.zone.clone();
        }
        self
    }

    /// Whether it is a whole day.
    pub fn is_date(&self) -> bool {
        matches!(self.value, Value::Date(_))
    }

    /// What the clock of its own zone says.
    pub fn wall(&self) -> NaiveDateTime {
        match self.value {
            Value::Date(date) => date.and_time(NaiveTime::MIN),
            Value::Local(moment) | Value::Utc(moment) => moment,
        }
    }

    /// Its moment; the first of a day.
    pub fn utc(&self, budget: &mut Budget) -> Result<DateTime<Utc>, CalendarError> {
        self.zone.utc(self.wall(), budget)
    }

    /// What the clock of a zone says then. A day is the same everywhere.
    pub fn wall_in(
        &self,
        zone: &Zone,
        budget: &mut Budget,
    ) -> Result<NaiveDateTime, CalendarError> {
        match self.value {
            Value::Date(_) => Ok(self.wall()),
            _ => zone.local(self.utc(budget)?.naive_utc(), budget),
        }
    }
}

impl Item {
    /// Reads one; none without a start that can be read.
    pub fn new(event: &Component<'_>, zones: &Zones, me: &[String]) -> Option<Self> {
        let point = |name: &str| {
            event
                .first(name)
                .and_then(|line| Point::new(line, line.value, zones))
        };
        let start = point("DTSTART").or_else(|| point("RECURRENCE-ID"))?;
        let length = event
            .first("DURATION")
            .and_then(|line| Length::new(line.value));
        let rules = |name| event.all(name).map(|line| Rule::new(line.value));
        let end = point("DTEND");
        Some(Self {
            is_partial: rules("RRULE").any(|rule| rule.is_none())
                || (end.is_none() && event.first("DTEND").is_some()),
            rules: rules("RRULE").flatten().collect(),
            exception_rules: rules("EXRULE").flatten().collect(),
            is_busy: is_busy(event, start.is_date(), me),
            end: match (end, length) {
                (Some(end), _) => End::At(end),
                (None, Some(length)) => End::After(length),
                (None, None) => End::Unsaid,
            },
            is_for_the_rest: event
                .first("RECURRENCE-ID")
                .and_then(|line| line.param("RANGE"))
                .is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE")),
            replaces: event
                .first("RECURRENCE-ID")
                .and_then(|line| Some(Point::new(line, line.value, zones)?.beside(line, &start))),
            sequence: event
                .first("SEQUENCE")
                .and_then(|line| line.value.trim().parse().ok())
                .unwrap_or_default(),
            dates: event
                .all("RDATE")
                .flat_map(|line| added(line, zones, &start))
                .collect(),
            exceptions: event
                .all("EXDATE")
                .flat_map(|line| Point::all(line, zones, &start))
                .collect(),
            is_cancelled: event.says("STATUS", "CANCELLED") || event.says("STATUS", "CANCELED"),
            start,
        })
    }

    /// How long it takes.
    pub fn extent(&self, budget: &mut Budget) -> Result<Extent, CalendarError> {
        extent(&self.start, &self.end, budget)
    }
}

/// How long what starts and ends so takes. What ends before it starts takes no time, or its day.
pub fn extent(start: &Point, end: &End, budget: &mut Budget) -> Result<Extent, CalendarError> {
    if let Value::Date(first) = start.value {
        let days = match end {
            End::At(end) => (after(end) - first).num_days(),
            End::After(length) => {
                length.days.num_days() + i64::from(length.rest > TimeDelta::zero())
            }
            End::Unsaid => 1,
        };
        return Ok(Extent::Days(u32::try_from(days).unwrap_or(1).max(1)));
    }
    let length = match end {
        // From nine to five is from nine to five also on a day that has 23 hours.
        End::At(_) => Length {
            days: match end_of(start, end, budget)? {
                Some(end) => start.zone.local(end.naive_utc(), budget)? - start.wall(),
                None => TimeDelta::zero(),
            },
            ..Length::default()
        },
        End::After(length) => *length,
        End::Unsaid => Length::default(),
    };
    Ok(Extent::Timed(if length.total() > TimeDelta::zero() {
        length
    } else {
        Length::default()
    }))
}

/// The moment that is written as the end.
pub fn end_of(
    start: &Point,
    end: &End,
    budget: &mut Budget,
) -> Result<Option<DateTime<Utc>>, CalendarError> {
    let End::At(end) = end else { return Ok(None) };
    Ok(Some(match end.value {
        Value::Date(_) => start.zone.utc(end.wall(), budget)?,
        _ => end.utc(budget)?,
    }))
}

/// The day after the last one.
fn after(end: &Point) -> NaiveDate {
    let wall = end.wall();
    if wall.time() == NaiveTime::MIN {
        wall.date()
    } else {
        wall.date().succ_opt().unwrap_or(wall.date())
    }
}

/// The dates of an RDATE, which may have an end of their own.
fn added<'a>(
    line: Line<'a>,
    zones: &'a Zones,
    first: &'a Point,
) -> impl Iterator<Item = (Point, Option<End>)> + 'a {
    let point = move |text: &str| Some(Point::new(line, text, zones)?.beside(line, first));
    line.value.split(',').filter_map(move |text| {
        let Some((start, end)) = text.split_once('/') else {
            return Some((point(text)?, None));
        };
        let end = match Length::new(end) {
            Some(length) => End::After(length),
            None => End::At(point(end)?),
        };
        Some((point(start)?, Some(end)))
    })
}

fn is_busy(event: &Component<'_>, is_day: bool, me: &[String]) -> bool {
    let is_free = event.says("TRANSP", "TRANSPARENT")
        || event.says("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
        || event.says("X-MICROSOFT-CDO-BUSYSTATUS", "WORKINGELSEWHERE");
    let is_missed = event.all("ATTENDEE").any(|line| {
        let answer = line.param("PARTSTAT").unwrap_or_default();
        // Nobody is away for days because of an invitation that they have not answered.
        (answer.eq_ignore_ascii_case("DECLINED")
            || (is_day && answer.eq_ignore_ascii_case("NEEDS-ACTION")))
            && (is_one_of(line.value, me)
                || line
                    .param("EMAIL")
                    .is_some_and(|email| is_one_of(email, me)))
    });
    !is_free && !is_missed
}

fn is_one_of(address: &str, me: &[String]) -> bool {
    let plain = |address: &str| {
        let address = address.trim().to_ascii_lowercase();
        address
            .strip_prefix("mailto:")
            .map(str::to_owned)
            .unwrap_or(address)
    };
    me.iter().any(|own| plain(own) == plain(address))
}
