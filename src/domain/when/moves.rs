//! A new time for an appointment, said by the one that it has: "an hour later", "same time next week", "3 pm".

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use chrono_tz::Tz;

use super::{
    Reading, Unclear, asked_at_night,
    calendar::{Days, ahead},
    clock::TimeOfDay,
    days,
    hearing::{About, Heard, trimmed},
    names,
    phrases::{self, Rest},
    token::{self, Token, Token::Number as N, Token::Word as W},
};
use crate::domain::fold;

/// Reads the day and the time to which the appointment at `from` is to be moved.
///
/// It reads what [`super::understand`] reads, and what is counted from the appointment. A time without a day is one of
/// the day of the appointment, and a day without a time leaves the time open; but what moves it by whole days, "a week
/// later", keeps its hour. "Later" and "earlier" are windows of its day that begin or end at its hour, so that the
/// window of "later" has the appointment's own hour in it.
///
/// # Errors
///
/// An [`Unclear`] that says what to ask; [`Unclear::Past`] for a day that is over, with the next such weekday.
pub fn understand_move(
    date: Option<&str>,
    time: Option<&str>,
    from: NaiveDateTime,
    now: DateTime<Tz>,
) -> Result<Reading, Unclear> {
    let mut heard = Heard::default();
    let mut shift = Shift::default();
    for (text, about) in [(date, About::Day), (time, About::Time)] {
        let Some(text) = text else { continue };
        let text = trimmed(text, about)?;
        if about == About::Time {
            heard.leave_written_times();
        }
        let folded = fold::fold(text);
        let tokens = token::tokens(&folded).unwrap_or_default();
        let (found, rest) = read(&tokens, from, now)?;
        let has_shift = found != Shift::default();
        shift = shift.and(found);
        if rest.len() == tokens.len() {
            heard.hear(text, about, now)?;
        } else if !(has_shift && rest.iter().all(is_filler)) {
            heard.listen(&rest, about, now)?;
        }
    }
    let reading = heard.reading(now)?;
    let reading = shift.applied(reading, from)?;
    let today = now.date_naive();
    if let Some(Days::On(said)) = reading.days
        && said < today
    {
        let next = ahead(today, said.weekday(), true).ok_or(Unclear::Day)?;
        return Err(Unclear::Past { said, next });
    }
    asked_at_night(reading, [date, time], now)
}

fn is_filler(token: &Token<'_>) -> bool {
    match token {
        W(word) => names::is_filler(word),
        Token::Dash => true,
        _ => false,
    }
}

/// How a new time lies to the one of the appointment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shift {
    minutes: Option<i64>,
    days: Option<i64>,
    months: Option<i64>,
    /// Whether the hour stays.
    keeps_time: bool,
    /// Whether the day stays.
    keeps_day: bool,
    /// Any day of the week behind that of the appointment.
    week_after: bool,
    bound: Option<Bound>,
}

/// Before or after the hour of the appointment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bound {
    is_later: bool,
    /// "Later than my appointment", which on another day is a bound as well.
    names_it: bool,
}

impl Shift {
    fn and(self, other: Self) -> Self {
        Self {
            minutes: self.minutes.or(other.minutes),
            days: self.days.or(other.days),
            months: self.months.or(other.months),
            keeps_time: self.keeps_time || other.keeps_time,
            keeps_day: self.keeps_day || other.keeps_day,
            week_after: self.week_after || other.week_after,
            bound: self.bound.or(other.bound),
        }
    }

    /// The reading of everything else, counted from the appointment.
    fn applied(self, reading: Reading, from: NaiveDateTime) -> Result<Reading, Unclear> {
        let Reading { days, time, zone } = reading;
        let moved_by_days = self.days.is_some() || self.months.is_some() || self.week_after;
        if (days.is_some() && moved_by_days) || (time.is_some() && self.minutes.is_some()) {
            // "A day later, on Friday" is one of the two.
            return Err(if days.is_some() && moved_by_days {
                Unclear::Day
            } else {
                Unclear::Time
            });
        }
        let day = self.day(from)?;
        let moved = day
            .and_time(from.time())
            .checked_add_signed(TimeDelta::minutes(self.minutes.unwrap_or(0)))
            .ok_or(Unclear::Time)?;
        let moves = moved_by_days || self.minutes.is_some() || self.keeps_day;
        let days = match days {
            Some(days) if self.keeps_time => Some(same_weekday(days, from.date())),
            Some(days) => Some(days),
            None if self.week_after && !self.keeps_time => Some(week_of(day)?),
            None if moves || self.bound.is_some() => Some(Days::On(moved.date())),
            // "The same time" says no more than what is.
            None if self.keeps_time => return Err(Unclear::Day),
            None if is_of_a_day(time) => Some(Days::On(from.date())),
            None => None,
        };
        let same =
            (self.minutes.is_some() || self.keeps_time).then_some(TimeOfDay::At(moved.time()));
        let time = match (time, same) {
            (Some(time), Some(same)) if time != same => {
                return Err(Unclear::WhichTime(same, time));
            }
            (time, same) => time.or(same),
        };
        let is_its_day = days == Some(Days::On(from.date()));
        let time = match self.bound {
            Some(bound) if time.is_none() && (bound.names_it || is_its_day) => {
                Some(bound.window(from.time()))
            }
            _ => time,
        };
        Ok(Reading { days, time, zone })
    }

    fn day(self, from: NaiveDateTime) -> Result<NaiveDate, Unclear> {
        let days = self.days.unwrap_or(0) + if self.week_after { 7 } else { 0 };
        let day = from
            .date()
            .checked_add_signed(TimeDelta::days(days))
            .ok_or(Unclear::Day)?;
        let months = self.months.unwrap_or(0);
        let count = Months::new(u32::try_from(months.unsigned_abs()).unwrap_or(0));
        let day = if months < 0 {
            day.checked_sub_months(count)
        } else {
            day.checked_add_months(count)
        };
        day.ok_or(Unclear::Day)
    }
}

impl Bound {
    fn window(self, hour: NaiveTime) -> TimeOfDay {
        if self.is_later {
            TimeOfDay::Window {
                from: hour,
                until: None,
            }
        } else {
            TimeOfDay::Window {
                from: NaiveTime::MIN,
                until: Some(hour),
            }
        }
    }
}

/// Whether a time says when in a day, so that one without a day is of the appointment's.
fn is_of_a_day(time: Option<TimeOfDay>) -> bool {
    !matches!(time, None | Some(TimeOfDay::Any))
}

/// Of "the same time next week" the appointment's weekday; of the appointment's own week the one after it.
fn same_weekday(days: Days, of: NaiveDate) -> Days {
    let Days::Within(first, last) = days else {
        return days;
    };
    if (last - first).num_days() > 6 {
        return days;
    }
    let found = ahead(first, of.weekday(), true).filter(|day| *day <= last);
    match found {
        Some(day) if day == of => of
            .checked_add_signed(TimeDelta::days(7))
            .map_or(days, Days::On),
        Some(day) => Days::On(day),
        None => days,
    }
}

fn week_of(day: NaiveDate) -> Result<Days, Unclear> {
    let sunday = ahead(day, Weekday::Sun, true).ok_or(Unclear::Day)?;
    let monday = sunday
        .checked_sub_signed(TimeDelta::days(6))
        .ok_or(Unclear::Day)?;
    Ok(Days::Within(monday, sunday))
}

/// Words that only say that something is to be moved.
const MOVING: &[&str] = &[
    "move",
    "moved",
    "moving",
    "push",
    "pushed",
    "bring",
    "reschedule",
    "rescheduled",
    "change",
    "changed",
    "switch",
    "switched",
    "instead",
    "keep",
    "mover",
    "muevala",
    "muevela",
    "moverla",
    "cambiar",
    "cambiarla",
    "cambiala",
    "cambiela",
    "pasar",
    "pasarla",
    "pasala",
    "pasela",
    "recorrer",
    "recorrerla",
    "recorrela",
    "reprogramar",
    "reagendar",
    "dejar",
    "dejarla",
];

/// What is counted from the appointment, and the tokens that are left.
fn read<'a>(
    tokens: &[Token<'a>],
    from: NaiveDateTime,
    now: DateTime<Tz>,
) -> Result<(Shift, Vec<Token<'a>>), Unclear> {
    let mut shift = Shift::default();
    let mut left = Vec::new();
    let mut rest = tokens;
    while let [first, behind @ ..] = rest {
        // "Tomorrow or the day after", "lo más temprano posible"
        let is_counted = !matches!(
            left.as_slice(),
            [.., W("or" | "and" | "o" | "y" | "lo")]
                | [.., W("or" | "and" | "o" | "y"), W("the" | "el")]
        );
        if is_counted && let Some((found, after)) = shift_at(rest, from, now)? {
            shift = shift.and(found);
            rest = after;
            continue;
        }
        if !matches!(first, W(word) if MOVING.contains(word)) {
            left.push(*first);
        }
        rest = behind;
    }
    Ok((shift, left))
}

type Found<'t, 'a> = Option<(Shift, Rest<'t, 'a>)>;

/// What tokens begin with, if it is counted from the appointment.
fn shift_at<'t, 'a>(
    tokens: Rest<'t, 'a>,
    from: NaiveDateTime,
    now: DateTime<Tz>,
) -> Result<Found<'t, 'a>, Unclear> {
    let today = now.date_naive();
    if let Some((change, rest)) = phrases::first(KEPT, tokens) {
        return Ok(Some((change.shift(), rest)));
    }
    if let Some((change, rest)) = phrases::first(BESIDE, tokens)
        && days::day(rest, today).is_none()
        && !matches!(
            rest,
            [W("the" | "de" | "del" | "next" | "that" | "this"), ..]
        )
    {
        return Ok(Some((change.shift(), rest)));
    }
    if let Some(found) = by_an_amount(tokens) {
        return Ok(Some(found));
    }
    bounded(tokens, from)
}

#[derive(Clone, Copy)]
enum Change {
    Time,
    Day,
    Days(i64),
    Week,
}

impl Change {
    fn shift(self) -> Shift {
        let shift = Shift::default();
        match self {
            Self::Time => Shift {
                keeps_time: true,
                ..shift
            },
            Self::Day => Shift {
                keeps_day: true,
                ..shift
            },
            Self::Days(days) => Shift {
                days: Some(days),
                ..shift
            },
            Self::Week => Shift {
                week_after: true,
                ..shift
            },
        }
    }
}

/// What stays as it is.
const KEPT: &[(&str, Change)] = &[
    ("at the same time", Change::Time),
    ("the same time", Change::Time),
    ("same time", Change::Time),
    ("at the same hour", Change::Time),
    ("same hour", Change::Time),
    ("a la misma hora", Change::Time),
    ("la misma hora", Change::Time),
    ("misma hora", Change::Time),
    ("mismo horario", Change::Time),
    ("on the same day", Change::Day),
    ("the same day", Change::Day),
    ("that same day", Change::Day),
    ("same day", Change::Day),
    ("that day", Change::Day),
    ("el mismo dia", Change::Day),
    ("mismo dia", Change::Day),
    ("ese mismo dia", Change::Day),
    ("ese dia", Change::Day),
];

/// Days beside that of the appointment, where no other is named behind them.
const BESIDE: &[(&str, Change)] = &[
    ("the next day", Change::Days(1)),
    ("next day", Change::Days(1)),
    ("the following day", Change::Days(1)),
    ("the day after", Change::Days(1)),
    ("day after", Change::Days(1)),
    ("al dia siguiente", Change::Days(1)),
    ("el dia siguiente", Change::Days(1)),
    ("dia siguiente", Change::Days(1)),
    ("el dia despues", Change::Days(1)),
    ("al otro dia", Change::Days(1)),
    ("the day before", Change::Days(-1)),
    ("day before", Change::Days(-1)),
    ("the previous day", Change::Days(-1)),
    ("previous day", Change::Days(-1)),
    ("el dia anterior", Change::Days(-1)),
    ("dia anterior", Change::Days(-1)),
    ("el dia antes", Change::Days(-1)),
    ("the following week", Change::Week),
    ("following week", Change::Week),
    ("the week after", Change::Week),
    ("la semana siguiente", Change::Week),
    ("semana siguiente", Change::Week),
    ("la siguiente semana", Change::Week),
];

/// "An hour later", "back half an hour", "una semana después".
fn by_an_amount<'t, 'a>(tokens: Rest<'t, 'a>) -> Found<'t, 'a> {
    let (sign, rest) = match tokens {
        // "Push it back an hour", "move it up an hour", "delay it an hour"
        [
            W("back" | "delay" | "delayed" | "postpone" | "atrasar" | "posponer"),
            rest @ ..,
        ] => (Some(1), rest),
        [
            W("up" | "adelantar" | "adelantarla" | "adelantela" | "adelantala"),
            rest @ ..,
        ] => (Some(-1), rest),
        _ => (None, tokens),
    };
    let rest = match rest {
        [W("it"), rest @ ..] if sign.is_some() => rest,
        _ => rest,
    };
    let rest = match rest {
        [W("by" | "about"), rest @ ..] => rest,
        _ => rest,
    };
    let (amount, rest) = amount(rest)?;
    let (sign, rest) = match (sign, direction(rest)) {
        (_, Some((sign, rest))) => (sign, rest),
        (Some(sign), None) => (sign, rest),
        (None, None) => return None,
    };
    let shift = Shift::default();
    let shift = match amount {
        Amount::Minutes(minutes) => Shift {
            minutes: Some(sign * minutes),
            ..shift
        },
        Amount::Days(days) => Shift {
            days: Some(sign * days),
            keeps_time: true,
            ..shift
        },
        Amount::Months(months) => Shift {
            months: Some(sign * months),
            keeps_time: true,
            ..shift
        },
    };
    Some((shift, rest))
}

/// Later or earlier, behind an amount.
fn direction<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(i64, Rest<'t, 'a>)> {
    let (sign, rest, is_definite) = match tokens {
        [W("later" | "afterwards"), rest @ ..]
        | [W("mas"), W("tarde" | "tardecito" | "adelante"), rest @ ..] => (1, rest, true),
        [W("earlier" | "sooner"), rest @ ..] | [W("mas"), W("temprano"), rest @ ..] => {
            (-1, rest, true)
        }
        [W("after" | "despues"), rest @ ..] => (1, rest, false),
        [W("before" | "antes"), rest @ ..] => (-1, rest, false),
        [W("mas")] => return Some((1, &[])),
        _ => return None,
    };
    let after = match rest {
        [W("than" | "de" | "que" | "del"), rest @ ..] => its_name(rest),
        _ => its_name(rest),
    };
    match after {
        Some((_, after)) => Some((sign, after)),
        None if is_definite && !matches!(rest, [W("than" | "que"), ..]) => Some((sign, rest)),
        None if rest.is_empty() => Some((sign, rest)),
        None => None,
    }
}

enum Amount {
    Minutes(i64),
    Days(i64),
    Months(i64),
}

/// "An hour and a half", "30 minutes", "a couple of days", "una semana".
fn amount<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Amount, Rest<'t, 'a>)> {
    let fixed: Option<(i64, Rest<'t, 'a>)> = phrases::first(FRACTIONS, tokens);
    if let Some((minutes, rest)) = fixed {
        return Some((Amount::Minutes(minutes), rest));
    }
    let (count, rest) = match tokens {
        [W("a"), W("couple"), W("of"), rest @ ..]
        | [W("a"), W("couple"), rest @ ..]
        | [W("un"), W("par"), W("de"), rest @ ..] => (2, rest),
        [W("a" | "an" | "un" | "una"), rest @ ..] => (1, rest),
        [N(number), rest @ ..] if !number.is_ordinal && (1..=600).contains(&number.value) => {
            (i64::from(number.value), rest)
        }
        _ => return None,
    };
    match rest {
        [
            W("hour" | "hours" | "hr" | "hrs" | "hora" | "horas" | "horita"),
            rest @ ..,
        ] => {
            let (half, rest) = match rest {
                [W("and"), W("a"), W("half"), rest @ ..] | [W("y"), W("media"), rest @ ..] => {
                    (30, rest)
                }
                _ => (0, rest),
            };
            Some((Amount::Minutes(count * 60 + half), rest))
        }
        [
            W("minute" | "minutes" | "min" | "mins" | "minuto" | "minutos"),
            rest @ ..,
        ] => Some((Amount::Minutes(count), rest)),
        [W("day" | "days" | "dia" | "dias"), rest @ ..] => Some((Amount::Days(count), rest)),
        [W("week" | "weeks" | "semana" | "semanas"), rest @ ..] => {
            Some((Amount::Days(count * 7), rest))
        }
        [W("month" | "months" | "mes" | "meses"), rest @ ..] => Some((Amount::Months(count), rest)),
        _ => None,
    }
}

const FRACTIONS: &[(&str, i64)] = &[
    ("half an hour", 30),
    ("a half hour", 30),
    ("half hour", 30),
    ("media hora", 30),
    ("media horita", 30),
    ("a quarter of an hour", 15),
    ("quarter of an hour", 15),
    ("un cuarto de hora", 15),
    ("cuarto de hora", 15),
    ("hora y media", 90),
];

/// "Later", "earlier than my Monday appointment", "después de mi cita".
fn bounded<'t, 'a>(tokens: Rest<'t, 'a>, from: NaiveDateTime) -> Result<Found<'t, 'a>, Unclear> {
    let Some((is_later, rest)) = phrases::first(BOUNDS, tokens) else {
        return Ok(None);
    };
    let shift = |names_it| Shift {
        bound: Some(Bound { is_later, names_it }),
        ..Shift::default()
    };
    let behind = match rest {
        [W("than" | "que" | "de" | "del"), behind @ ..] => behind,
        _ => rest,
    };
    let needs_name = matches!(tokens, [W("after" | "before" | "despues"), ..])
        || (matches!(tokens, [W("antes"), ..]) && !rest.is_empty());
    if (needs_name || behind.len() < rest.len())
        && let Some((weekday, rest)) = its_name(behind)
    {
        return match weekday {
            Some(day) if day != from.weekday() => Err(Unclear::Day),
            _ => Ok(Some((shift(true), rest))),
        };
    }
    // "Later this week", "later than two" and "antes del lunes" are not counted from the appointment.
    let is_other = behind.len() < rest.len()
        || matches!(
            rest,
            [
                W("this" | "next" | "today" | "tonight" | "hoy" | "esta" | "la" | "las" | "of"),
                ..
            ]
        )
        || matches!(rest, [N(_), ..]);
    Ok((!is_other && !needs_name).then(|| (shift(false), rest)))
}

const BOUNDS: &[(&str, bool)] = &[
    ("a little bit later", true),
    ("a little later", true),
    ("a bit later", true),
    ("later that day", true),
    ("later the same day", true),
    ("later in the day", true),
    ("later", true),
    ("after", true),
    ("un poco mas tarde", true),
    ("un poquito mas tarde", true),
    ("mas tarde", true),
    ("mas tardecito", true),
    ("un poco despues", true),
    ("un poquito despues", true),
    ("despues", true),
    ("a little bit earlier", false),
    ("a little earlier", false),
    ("a bit earlier", false),
    ("earlier that day", false),
    ("earlier the same day", false),
    ("earlier in the day", false),
    ("an earlier time", false),
    ("earlier", false),
    ("sooner", false),
    ("before", false),
    ("un poco mas temprano", false),
    ("un poco antes", false),
    ("mas temprano", false),
    ("antes", false),
];

/// The appointment itself, as in "than my Monday appointment", and the weekday by which it was named.
fn its_name<'t, 'a>(tokens: Rest<'t, 'a>) -> Option<(Option<Weekday>, Rest<'t, 'a>)> {
    let mut rest = match tokens {
        [
            W("that" | "it" | "this" | "eso" | "esa" | "mine"),
            W("one" | "appointment" | "cita"),
            rest @ ..,
        ]
        | [
            W("that" | "it" | "this" | "eso" | "esa" | "mine"),
            rest @ ..,
        ] => {
            return Some((None, rest));
        }
        [W("my" | "the" | "our" | "mi" | "la" | "nuestra"), rest @ ..] => rest,
        _ => return None,
    };
    let mut weekday = None;
    // A few words name it: "my two o'clock appointment on Monday".
    for _ in 0..5 {
        match rest {
            [
                W("appointment" | "appt" | "visit" | "one" | "cita" | "visita" | "booking"),
                behind @ ..,
            ] => {
                return Some(match behind {
                    [W("on" | "del" | "de" | "el"), W(name), behind @ ..]
                        if names::weekday(name).is_some() =>
                    {
                        (names::weekday(name), behind)
                    }
                    [W("que"), W("tengo"), behind @ ..] => (weekday, behind),
                    _ => (weekday, behind),
                });
            }
            [W(name), behind @ ..] => {
                weekday = weekday.or(names::weekday(name));
                rest = behind;
            }
            [_, behind @ ..] => rest = behind,
            [] => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{BESIDE, BOUNDS, FRACTIONS, KEPT};
    use crate::domain::when::phrases::shadowed;

    #[test]
    fn no_phrase_stands_behind_one_that_it_begins_with() {
        assert_eq!(shadowed(KEPT.iter().map(|(phrase, _)| *phrase)), []);
        assert_eq!(shadowed(BESIDE.iter().map(|(phrase, _)| *phrase)), []);
        assert_eq!(shadowed(BOUNDS.iter().map(|(phrase, _)| *phrase)), []);
        assert_eq!(shadowed(FRACTIONS.iter().map(|(phrase, _)| *phrase)), []);
    }
}
