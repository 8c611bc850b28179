//! Time zones as callers name them: "Chicago time", "5 pm Eastern", "hora del centro".

use chrono::{DateTime, Days as Count, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
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
    phrases::{self, Rest},
    token::Token::Word as W,
};

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
    let one_word = match *first {
        "est" | "edt" | "et" => Some(EASTERN),
        "cst" | "cdt" | "ct" => Some(CENTRAL),
        "mst" | "mdt" | "mt" => Some(MOUNTAIN),
        "pst" | "pdt" | "pt" => Some(PACIFIC),
        "akst" | "akdt" => Some(Zone::Place(Anchorage)),
        "hst" => Some(Zone::Place(Honolulu)),
        "gmt" | "utc" | "zulu" => Some(Zone::Place(UTC)),
        _ => None,
    };
    if let Some(zone) = one_word {
        let rest = match rest {
            [W("time"), rest @ ..] => rest,
            _ => rest,
        };
        return Some((zone, rest));
    }
    match *first {
        "hora" | "tiempo" | "horario" => {
            let (zone, rest) = phrases::first(SPANISH, rest)?;
            Some((zone, rest))
        }
        _ => english(tokens),
    }
}

/// "Central", "Central Standard Time", "Chicago time", "New York City time".
fn english<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Zone, Rest<'t, 'a>)> {
    let ([W(first), rest @ ..], true) = (tokens, begins(tokens)) else {
        return None;
    };
    let usual = match *first {
        "eastern" => Some(EASTERN),
        "central" => Some(CENTRAL),
        "mountain" => Some(MOUNTAIN),
        "pacific" => Some(PACIFIC),
        _ => None,
    };
    if let Some(zone) = usual {
        let rest = match rest {
            [W("standard" | "daylight" | "savings"), W("time"), rest @ ..]
            | [W("daylight"), W("savings" | "saving"), W("time"), rest @ ..]
            | [W("time"), W("zone"), rest @ ..]
            | [W("time" | "zone" | "standard" | "daylight"), rest @ ..] => rest,
            _ => rest,
        };
        return Some((zone, rest));
    }
    let (zone, rest) = phrases::first(PLACES, tokens)?;
    match rest {
        [W("time"), W("zone"), rest @ ..] | [W("time"), rest @ ..] => Some((zone, rest)),
        _ => None,
    }
}

/// Whether tokens may begin with one of [`PLACES`] or a usual name; few do, and the table need not be searched.
fn begins(tokens: Rest<'_, '_>) -> bool {
    matches!(
        tokens,
        [
            W("eastern"
                | "central"
                | "mountain"
                | "pacific"
                | "alaska"
                | "arizona"
                | "atlanta"
                | "atlantic"
                | "boston"
                | "california"
                | "chicago"
                | "colorado"
                | "dallas"
                | "denver"
                | "east"
                | "florida"
                | "georgia"
                | "hawaii"
                | "houston"
                | "illinois"
                | "la"
                | "local"
                | "los"
                | "mexico"
                | "miami"
                | "michigan"
                | "nevada"
                | "new"
                | "ny"
                | "ohio"
                | "oregon"
                | "our"
                | "phoenix"
                | "puerto"
                | "san"
                | "seattle"
                | "texas"
                | "utah"
                | "vegas"
                | "las"
                | "washington"
                | "west"
                | "your"),
            ..
        ]
    )
}

/// Places whose time is named.
const PLACES: &[(&str, Zone)] = &[
    ("local", Zone::Own),
    ("our", Zone::Own),
    ("your", Zone::Own),
    ("alaska", Zone::Place(Anchorage)),
    ("arizona", Zone::Place(Phoenix)),
    ("phoenix", Zone::Place(Phoenix)),
    ("atlanta", Zone::Place(New_York)),
    ("atlantic", Zone::Place(Halifax)),
    ("boston", Zone::Place(New_York)),
    ("california", Zone::Place(Los_Angeles)),
    ("chicago", Zone::Place(Chicago)),
    ("colorado", Zone::Place(Denver)),
    ("dallas", Zone::Place(Chicago)),
    ("denver", Zone::Place(Denver)),
    ("east coast", Zone::Place(New_York)),
    ("florida", Zone::Place(New_York)),
    ("georgia", Zone::Place(New_York)),
    ("hawaii", Zone::Place(Honolulu)),
    ("houston", Zone::Place(Chicago)),
    ("illinois", Zone::Place(Chicago)),
    ("la", Zone::Place(Los_Angeles)),
    ("las vegas", Zone::Place(Los_Angeles)),
    ("vegas", Zone::Place(Los_Angeles)),
    ("los angeles", Zone::Place(Los_Angeles)),
    ("mexico city", Zone::Place(Mexico_City)),
    ("mexico", Zone::Place(Mexico_City)),
    ("miami", Zone::Place(New_York)),
    ("michigan", Zone::Place(New_York)),
    ("nevada", Zone::Place(Los_Angeles)),
    ("new york city", Zone::Place(New_York)),
    ("new york", Zone::Place(New_York)),
    ("ny", Zone::Place(New_York)),
    ("ohio", Zone::Place(New_York)),
    ("oregon", Zone::Place(Los_Angeles)),
    ("puerto rico", Zone::Place(Puerto_Rico)),
    ("san francisco", Zone::Place(Los_Angeles)),
    ("seattle", Zone::Place(Los_Angeles)),
    ("texas", Zone::Place(Chicago)),
    ("utah", Zone::Place(Denver)),
    ("washington", Zone::Place(New_York)),
    ("west coast", Zone::Place(Los_Angeles)),
];

/// What stands behind "hora" where it names a zone.
const SPANISH: &[(&str, Zone)] = &[
    ("local", Zone::Own),
    ("de aqui", Zone::Own),
    ("de ustedes", Zone::Own),
    ("del este", EASTERN),
    ("del centro", CENTRAL),
    ("centro", CENTRAL),
    ("central", CENTRAL),
    ("de la montana", MOUNTAIN),
    ("montana", MOUNTAIN),
    ("del pacifico", PACIFIC),
    ("pacifico", PACIFIC),
    ("de nueva york", Zone::Place(New_York)),
    ("nueva york", Zone::Place(New_York)),
    ("de miami", Zone::Place(New_York)),
    ("de florida", Zone::Place(New_York)),
    ("de atlanta", Zone::Place(New_York)),
    ("de chicago", Zone::Place(Chicago)),
    ("chicago", Zone::Place(Chicago)),
    ("de texas", Zone::Place(Chicago)),
    ("de houston", Zone::Place(Chicago)),
    ("de dallas", Zone::Place(Chicago)),
    ("de denver", Zone::Place(Denver)),
    ("de colorado", Zone::Place(Denver)),
    ("de arizona", Zone::Place(Phoenix)),
    ("de phoenix", Zone::Place(Phoenix)),
    ("de los angeles", Zone::Place(Los_Angeles)),
    ("de california", Zone::Place(Los_Angeles)),
    ("de las vegas", Zone::Place(Los_Angeles)),
    ("de la ciudad de mexico", Zone::Place(Mexico_City)),
    ("de mexico", Zone::Place(Mexico_City)),
    ("de puerto rico", Zone::Place(Puerto_Rico)),
];

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
        TimeOfDay::Window { from, until } => window(from, until, day, here),
        TimeOfDay::Part(part) => {
            let (from, until) = part.window();
            window(from, Some(until), day, here)
        }
        TimeOfDay::First | TimeOfDay::Last | TimeOfDay::Any => return reading,
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
    let count = Count::new(by.unsigned_abs());
    let moved = |day: NaiveDate| {
        let moved = if by < 0 {
            day.checked_sub_days(count)
        } else {
            day.checked_add_days(count)
        };
        moved.unwrap_or(day)
    };
    match days {
        Days::On(day) => Days::On(moved(day)),
        Days::Within(first, last) => Days::Within(moved(first), moved(last)),
        Days::From(first) => Days::From(moved(first)),
    }
}

#[cfg(test)]
mod tests {
    use super::{PLACES, SPANISH, begins};
    use crate::domain::when::{phrases::shadowed, tokenize::tokens};

    #[test]
    fn every_place_can_be_found() {
        for table in [PLACES, SPANISH] {
            assert_eq!(shadowed(table.iter().map(|(phrase, _)| *phrase)), []);
        }
        for (phrase, _) in PLACES {
            assert!(begins(&tokens(phrase).unwrap()), "{phrase}");
        }
    }
}
