//! Time zones as callers name them: "Chicago time", "5 pm Eastern", "hora del centro".

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::{
    America::{
        Anchorage, Chicago, Denver, Halifax, Los_Angeles, Mexico_City, New_York, Phoenix,
        Puerto_Rico,
    },
    OffsetName,
    Pacific::Honolulu,
    Tz, UTC,
};

use super::{
    Reading,
    calendar::Days,
    clock::TimeOfDay,
    token::{Rest, Token::Word as W, skip},
};
use crate::domain::words::Phrases;

/// A zone that was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Zone {
    /// Ours, whichever it is: "local time".
    Own,
    /// That of a place.
    Place(Tz),
    /// One of the four of the United States by its usual name; its abbreviation begins with this letter.
    ///
    /// Whoever says "Mountain" in Phoenix means the clocks there, though those of Denver differ in summer.
    Usual(Tz, char),
}

const EASTERN: Zone = Zone::Usual(New_York, 'E');
const CENTRAL: Zone = Zone::Usual(Chicago, 'C');
const MOUNTAIN: Zone = Zone::Usual(Denver, 'M');
const PACIFIC: Zone = Zone::Usual(Los_Angeles, 'P');

/// The zone that tokens begin with.
pub(super) fn zone<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Zone, Rest<'t, 'a>)> {
    let [W(first), rest @ ..] = tokens else {
        return None;
    };
    let usual = match *first {
        "eastern" => EASTERN,
        "central" => CENTRAL,
        "mountain" => MOUNTAIN,
        "pacific" => PACIFIC,
        "hora" | "tiempo" | "horario" => return SPANISH.begin(rest),
        _ => {
            if let Some((zone, rest)) = ABBREVIATIONS.begin(tokens) {
                return Some((zone, skip(&["time"], rest)));
            }
            return match PLACES.begin(tokens)? {
                (zone, [W("time"), rest @ ..]) => Some((zone, skip(&["zone"], rest))),
                _ => None,
            };
        }
    };
    // "Central Standard Time", "Eastern time zone"
    let named = TIME.begin(rest).map_or(rest, |((), rest)| rest);
    Some((usual, named))
}

static ABBREVIATIONS: Phrases<Zone> = Phrases::new(&[
    (EASTERN, "est, edt, et"),
    (CENTRAL, "cst, cdt, ct"),
    (MOUNTAIN, "mst, mdt, mt"),
    (PACIFIC, "pst, pdt, pt"),
    (Zone::Place(Anchorage), "akst, akdt"),
    (Zone::Place(Honolulu), "hst"),
    (Zone::Place(UTC), "gmt, utc, zulu"),
]);

/// What may stand behind the usual name of a zone.
static TIME: Phrases<()> = Phrases::new(&[(
    (),
    "standard|daylight|savings time, daylight savings|saving time, time zone, time, zone, \
     standard, daylight",
)]);

/// Places whose time is named.
static PLACES: Phrases<Zone> = Phrases::new(&[
    (Zone::Own, "local, our, your"),
    (Zone::Place(Anchorage), "alaska"),
    (Zone::Place(Phoenix), "arizona, phoenix"),
    (
        Zone::Place(New_York),
        "atlanta, boston, florida, georgia, miami, michigan, ny, ohio, washington, east coast, \
         new york city, new york",
    ),
    (Zone::Place(Halifax), "atlantic"),
    (
        Zone::Place(Los_Angeles),
        "california, la, vegas, nevada, oregon, seattle, las vegas, los angeles, san francisco, \
         west coast",
    ),
    (
        Zone::Place(Chicago),
        "chicago, dallas, houston, illinois, texas",
    ),
    (Zone::Place(Denver), "colorado, denver, utah"),
    (Zone::Place(Honolulu), "hawaii"),
    (Zone::Place(Mexico_City), "mexico city, mexico"),
    (Zone::Place(Puerto_Rico), "puerto rico"),
]);

/// What stands behind "hora" where it names a zone.
static SPANISH: Phrases<Zone> = Phrases::new(&[
    (Zone::Own, "local, de aqui|ustedes"),
    (EASTERN, "del este"),
    (CENTRAL, "del centro, centro, central"),
    (MOUNTAIN, "de la montana, montana"),
    (PACIFIC, "del pacifico, pacifico"),
    (
        Zone::Place(New_York),
        "de nueva york, nueva york, de miami|florida|atlanta",
    ),
    (
        Zone::Place(Chicago),
        "de chicago|texas|houston|dallas, chicago",
    ),
    (Zone::Place(Denver), "de denver|colorado"),
    (Zone::Place(Phoenix), "de arizona|phoenix"),
    (
        Zone::Place(Los_Angeles),
        "de los angeles, de california, de las vegas",
    ),
    (
        Zone::Place(Mexico_City),
        "de la ciudad de mexico, de mexico",
    ),
    (Zone::Place(Puerto_Rico), "de puerto rico"),
]);

/// The reading on the clocks of `now`, if the zone that was named has others at that moment.
pub(super) fn converted(reading: Reading, zone: Zone, now: DateTime<Tz>) -> Reading {
    let own = now.timezone();
    let day = reading.days.map_or(now.date_naive(), Days::first);
    let there = match zone {
        Zone::Own => return reading,
        Zone::Place(zone) => zone,
        Zone::Usual(zone, letter) => {
            if abbreviation_begins(own, day, letter) {
                return reading;
            }
            zone
        }
    };
    let Some(time) = reading.time else {
        return reading;
    };
    let here = |time: NaiveTime| {
        there
            .from_local_datetime(&day.and_time(time))
            .earliest()
            .map(|instant| instant.with_timezone(&own).naive_local())
    };
    let (time, shift) = match time {
        TimeOfDay::At(time) => match here(time) {
            Some(local) => (TimeOfDay::At(local.time()), moved(local, day, time)),
            None => return reading,
        },
        time => match time.bounds() {
            Some((from, until)) => window(from, until, day, here),
            None => return reading,
        },
    };
    let Some(shift) = shift else {
        return reading;
    };
    Reading {
        days: reading.days.map(|days| shifted(days, shift)),
        time: Some(time),
        zone: Some(there),
    }
}

/// By how many days a time moved to another day; `None` where the two clocks agree.
fn moved(local: NaiveDateTime, day: NaiveDate, time: NaiveTime) -> Option<i64> {
    (local != day.and_time(time)).then(|| (local.date() - day).num_days())
}

fn window(
    from: NaiveTime,
    until: Option<NaiveTime>,
    day: NaiveDate,
    here: impl Fn(NaiveTime) -> Option<NaiveDateTime>,
) -> (TimeOfDay, Option<i64>) {
    let same = (TimeOfDay::Window { from, until }, None);
    // A window without a beginning, "before two", has none on our clocks either.
    let (Some(begins), Some(shift)) = (if from == NaiveTime::MIN {
        let shift = until.and_then(|until| moved(here(until)?, day, until));
        (Some(day.and_time(from)), shift)
    } else {
        let begins = here(from);
        (begins, begins.and_then(|begins| moved(begins, day, from)))
    }) else {
        return same;
    };
    let until = until
        .and_then(&here)
        .map(|local| local.time())
        .filter(|until| *until > begins.time());
    let from = begins.time();
    (TimeOfDay::Window { from, until }, Some(shift))
}

/// Whether the clocks of a zone have a name that begins with this letter, as "CST" does with a C.
fn abbreviation_begins(zone: Tz, day: NaiveDate, letter: char) -> bool {
    let noon = day.and_time(NaiveTime::MIN) + chrono::TimeDelta::hours(12);
    zone.from_local_datetime(&noon)
        .earliest()
        .is_some_and(|noon| {
            let name = noon.offset().abbreviation().unwrap_or_default();
            name.len() == 3 && name.starts_with(letter) && name.ends_with('T')
        })
}

fn shifted(days: Days, by: i64) -> Days {
    let moved = |day: NaiveDate| {
        day.checked_add_signed(chrono::TimeDelta::days(by))
            .unwrap_or(day)
    };
    match days {
        Days::On(day) => Days::On(moved(day)),
        Days::Within(first, last) => Days::Within(moved(first), moved(last)),
        Days::From(first) => Days::From(moved(first)),
    }
}
