//! Free times that a caller can be offered, and which of them lie nearest to what is wanted.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use super::when::TimeOfDay;

/// A free time on the organization's calendar, as its wall clock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// The day.
    pub date: NaiveDate,
    /// When it begins.
    pub start: NaiveTime,
}

impl Slot {
    /// The text that books this slot when it is said back: `2026-12-01T09:00`, local to the organization.
    #[must_use]
    pub fn token(&self) -> String {
        token(self.date, self.start)
    }
}

/// The text of a day and an hour of the organization's calendar: `2026-12-01T09:00`.
#[must_use]
pub fn token(date: NaiveDate, start: NaiveTime) -> String {
    let mut token = day(date);
    token.push('T');
    push_two_digits(&mut token, start.hour());
    token.push(':');
    push_two_digits(&mut token, start.minute());
    token
}

/// The text of a day: `2026-12-01`. It is chrono's, which takes ten times as long to write.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    let Ok(year @ 0..=9999) = u32::try_from(date.year()) else {
        return date.to_string();
    };
    let mut day = String::with_capacity("2026-12-01T09:00".len());
    push_two_digits(&mut day, year / 100);
    push_two_digits(&mut day, year % 100);
    day.push('-');
    push_two_digits(&mut day, date.month());
    day.push('-');
    push_two_digits(&mut day, date.day());
    day
}

/// Whether a text has the form in which [`day`] writes one, so that it is neither an hour nor several words.
#[must_use]
pub fn is_day(text: &str) -> bool {
    let fits = |(place, letter): (usize, u8)| match place {
        4 | 7 => letter == b'-',
        _ => letter.is_ascii_digit(),
    };
    text.len() == "2026-12-01".len() && text.bytes().enumerate().all(fits)
}

fn push_two_digits(text: &mut String, number: u32) {
    for digit in [number / 10, number % 10] {
        text.push(char::from_digit(digit, 10).unwrap_or_default());
    }
}

/// Up to `most` slots that suit what is wanted best, in the order of the calendar.
///
/// For an hour: those nearest to it. For a part or a stretch of the day: the
/// first ones within it, and only where there are none those nearest to it. For any time: spread over the day, early, middle and late. For
/// the beginning and the end of the day the first and the last ones.
#[must_use]
pub fn nearest(slots: &[Slot], wanted: TimeOfDay, most: usize) -> Vec<Slot> {
    let mut sorted = slots.to_vec();
    sorted.sort_unstable();
    let is_stretch = matches!(wanted, TimeOfDay::Part(_) | TimeOfDay::Window { .. });
    if is_stretch && slots.iter().any(|slot| wanted.contains(slot.start)) {
        sorted.retain(|slot| wanted.contains(slot.start));
    }
    if wanted == TimeOfDay::Any {
        return spread(&sorted, most);
    }
    // The distance first: within a part of the day it is nought and the calendar's order decides.
    sorted.sort_by_key(|slot| (distance(slot.start, wanted), *slot));
    sorted.truncate(most);
    sorted.sort_unstable();
    sorted
}

/// `most` of the slots, from the first to the last, at even distances.
fn spread(sorted: &[Slot], most: usize) -> Vec<Slot> {
    let Some(last) = sorted
        .len()
        .checked_sub(1)
        .filter(|last| *last >= most && most > 1)
    else {
        return sorted.iter().take(most).copied().collect();
    };
    let places = (0..most).map(|place| place * last / (most - 1));
    places
        .filter_map(|place| sorted.get(place).copied())
        .collect()
}

/// How far a start lies from what is wanted, in seconds.
fn distance(start: NaiveTime, wanted: TimeOfDay) -> u32 {
    let seconds = |time: NaiveTime| time.num_seconds_from_midnight();
    let outside = |from: NaiveTime, until: Option<NaiveTime>| {
        // The window is open at its end, so that a start there is outside, if only just.
        let before = seconds(from).saturating_sub(seconds(start));
        let after = until.map_or(0, |until| {
            (seconds(start) + 1).saturating_sub(seconds(until))
        });
        before.max(after)
    };
    match wanted {
        TimeOfDay::At(time) => seconds(start).abs_diff(seconds(time)),
        TimeOfDay::Part(part) => {
            let (from, until) = part.window();
            outside(from, Some(until))
        }
        TimeOfDay::Window { from, until } => outside(from, until),
        TimeOfDay::Last => u32::MAX - seconds(start),
        TimeOfDay::First | TimeOfDay::Any => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{Slot, day, is_day, nearest, token};
    use crate::domain::when::{self, DayPart, TimeOfDay};
    use chrono::{DateTime, NaiveDate, NaiveTime};
    use chrono_tz::America::Denver;

    fn at(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
    }

    fn slot(hour: u32, minute: u32) -> Slot {
        Slot {
            date: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
            start: at(hour, minute),
        }
    }

    fn starts(slots: &[Slot]) -> Vec<String> {
        slots
            .iter()
            .map(|slot| slot.start.format("%H:%M").to_string())
            .collect()
    }

    #[test]
    fn a_token_is_the_local_date_and_time() {
        assert_eq!(slot(9, 0).token(), "2026-12-01T09:00");
        assert_eq!(slot(14, 30).token(), "2026-12-01T14:30");
    }

    #[test]
    fn a_day_and_an_hour_are_written_as_chrono_writes_them() {
        let years = [-1, 0, 7, 999, 2024, 9999, 10_000];
        let dates = years.map(|year| NaiveDate::from_ymd_opt(year, 1, 31).unwrap());
        for date in dates {
            for (date, hour) in date.iter_days().step_by(3).take(120).zip((0..24).cycle()) {
                let start = at(hour, 59 - hour);
                assert_eq!(day(date), date.to_string());
                assert_eq!(
                    token(date, start),
                    format!("{date}T{}", start.format("%H:%M"))
                );
            }
        }
    }

    #[test]
    fn the_nearest_hour_comes_first_and_the_earlier_one_on_a_tie() {
        let day = [slot(8, 0), slot(9, 0), slot(11, 0), slot(15, 0)];
        let found = nearest(&day, TimeOfDay::At(at(10, 0)), 3);
        assert_eq!(starts(&found), ["08:00", "09:00", "11:00"]);
        let found = nearest(&day, TimeOfDay::At(at(9, 0)), 3);
        assert_eq!(starts(&found), ["08:00", "09:00", "11:00"]);
        let found = nearest(&day, TimeOfDay::At(at(15, 0)), 1);
        assert_eq!(starts(&found), ["15:00"]);
    }

    #[test]
    fn of_a_part_of_the_day_only_what_is_in_it_counts_unless_nothing_is() {
        let day = [
            slot(8, 0),
            slot(11, 30),
            slot(12, 0),
            slot(16, 0),
            slot(17, 0),
            slot(20, 0),
        ];
        let afternoon = TimeOfDay::Part(DayPart::Afternoon);
        assert_eq!(starts(&nearest(&day, afternoon, 4)), ["12:00", "16:00"]);
        let morning = TimeOfDay::Part(DayPart::Morning);
        assert_eq!(starts(&nearest(&day, morning, 3)), ["08:00", "11:30"]);
        let evening = TimeOfDay::Part(DayPart::Evening);
        assert_eq!(starts(&nearest(&day[..4], evening, 2)), ["12:00", "16:00"]);
        let window = TimeOfDay::Window {
            from: at(11, 0),
            until: Some(at(16, 0)),
        };
        assert_eq!(starts(&nearest(&day, window, 4)), ["11:30", "12:00"]);
        assert_eq!(
            starts(&nearest(&day, TimeOfDay::Last, 2)),
            ["17:00", "20:00"]
        );
    }

    #[test]
    fn any_time_means_early_middle_and_late() {
        let day: Vec<Slot> = (8..=16).rev().map(|hour| slot(hour, 0)).collect();
        let starts = |day: &[Slot], most| starts(&nearest(day, TimeOfDay::Any, most));
        assert_eq!(starts(&day, 3), ["08:00", "12:00", "16:00"]);
        assert_eq!(starts(&day, 2), ["08:00", "16:00"]);
        assert_eq!(starts(&day, 1), ["08:00"]);
        assert_eq!(starts(&day[5..], 3), ["08:00", "09:00", "11:00"]);
        assert_eq!(starts(&day[6..], 3), ["08:00", "09:00", "10:00"]);
    }

    #[test]
    fn no_more_slots_come_back_than_there_are_or_than_were_asked_for() {
        let day = [slot(9, 0), slot(10, 0)];
        assert!(nearest(&[], TimeOfDay::Any, 3).is_empty());
        assert!(nearest(&day, TimeOfDay::Any, 0).is_empty());
        assert_eq!(nearest(&day, TimeOfDay::Any, 9).len(), 2);
    }

    proptest::proptest! {
        #[test]
        fn a_text_in_the_form_of_a_day_is_no_hour(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}") {
            let now = DateTime::UNIX_EPOCH.with_timezone(&Denver);
            let read = when::understand(None, Some(&text), now);
            proptest::prop_assert!(is_day(&text));
            proptest::prop_assert!(!read.is_ok_and(|read| read.days.is_none() && read.time.is_some()));
        }
    }
}
