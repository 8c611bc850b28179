//! Holidays on which people hang their appointments, by their names in English and Spanish.

use chrono::{Datelike, Days as Count, NaiveDate, Weekday};

use super::{
    calendar::{DaySaid, in_month},
    phrases::{self, Rest},
    token::Token::{Number as N, Word as W},
};

/// When a holiday is.
#[derive(Clone, Copy, Debug)]
enum Holiday {
    /// On this day of this month.
    Fixed(u32, u32),
    /// On the weekday of that number in a month, or on its last one.
    Nth(u32, Option<u32>, Weekday),
    /// So many days after Thanksgiving.
    Thanksgiving(u64),
    /// So many days after Easter Sunday, or before it.
    Easter(i64),
}

use Holiday::{Easter, Fixed, Nth, Thanksgiving};

const NAMES: &[(&str, Holiday)] = &[
    ("christmas eve", Fixed(12, 24)),
    ("xmas eve", Fixed(12, 24)),
    ("nochebuena", Fixed(12, 24)),
    ("noche buena", Fixed(12, 24)),
    ("vispera de navidad", Fixed(12, 24)),
    ("christmas day", Fixed(12, 25)),
    ("xmas day", Fixed(12, 25)),
    ("christmas", Fixed(12, 25)),
    ("xmas", Fixed(12, 25)),
    ("dia de navidad", Fixed(12, 25)),
    ("navidad", Fixed(12, 25)),
    ("boxing day", Fixed(12, 26)),
    ("new years eve", Fixed(12, 31)),
    ("nochevieja", Fixed(12, 31)),
    ("noche vieja", Fixed(12, 31)),
    ("vispera de ano nuevo", Fixed(12, 31)),
    ("new years day", Fixed(1, 1)),
    ("new years", Fixed(1, 1)),
    ("new year", Fixed(1, 1)),
    ("dia de ano nuevo", Fixed(1, 1)),
    ("ano nuevo", Fixed(1, 1)),
    ("dia de los reyes", Fixed(1, 6)),
    ("dia de reyes", Fixed(1, 6)),
    ("dia de la candelaria", Fixed(2, 2)),
    ("groundhog day", Fixed(2, 2)),
    ("valentines day", Fixed(2, 14)),
    ("valentine day", Fixed(2, 14)),
    ("valentines", Fixed(2, 14)),
    ("san valentin", Fixed(2, 14)),
    ("dia de san valentin", Fixed(2, 14)),
    ("dia del amor", Fixed(2, 14)),
    ("st patricks day", Fixed(3, 17)),
    ("saint patricks day", Fixed(3, 17)),
    ("st pattys day", Fixed(3, 17)),
    ("juneteenth", Fixed(6, 19)),
    ("independence day", Fixed(7, 4)),
    ("halloween", Fixed(10, 31)),
    ("dia de todos los santos", Fixed(11, 1)),
    ("dia de los muertos", Fixed(11, 2)),
    ("dia de muertos", Fixed(11, 2)),
    ("all souls day", Fixed(11, 2)),
    ("veterans day", Fixed(11, 11)),
    ("dia de los veteranos", Fixed(11, 11)),
    ("dia de la virgen", Fixed(12, 12)),
    ("martin luther king jr day", Nth(1, Some(3), Weekday::Mon)),
    (
        "martin luther king junior day",
        Nth(1, Some(3), Weekday::Mon),
    ),
    ("martin luther king day", Nth(1, Some(3), Weekday::Mon)),
    ("mlk day", Nth(1, Some(3), Weekday::Mon)),
    ("mlk", Nth(1, Some(3), Weekday::Mon)),
    ("dia de martin luther king", Nth(1, Some(3), Weekday::Mon)),
    ("presidents day", Nth(2, Some(3), Weekday::Mon)),
    ("president day", Nth(2, Some(3), Weekday::Mon)),
    ("dia de los presidentes", Nth(2, Some(3), Weekday::Mon)),
    ("mothers day", Nth(5, Some(2), Weekday::Sun)),
    ("memorial day", Nth(5, None, Weekday::Mon)),
    ("dia de los caidos", Nth(5, None, Weekday::Mon)),
    ("fathers day", Nth(6, Some(3), Weekday::Sun)),
    ("labor day", Nth(9, Some(1), Weekday::Mon)),
    ("labour day", Nth(9, Some(1), Weekday::Mon)),
    ("dia del trabajo", Nth(9, Some(1), Weekday::Mon)),
    ("columbus day", Nth(10, Some(2), Weekday::Mon)),
    ("indigenous peoples day", Nth(10, Some(2), Weekday::Mon)),
    ("turkey day", Thanksgiving(0)),
    ("thanksgiving day", Thanksgiving(0)),
    ("thanksgiving", Thanksgiving(0)),
    ("dia de accion de gracias", Thanksgiving(0)),
    ("accion de gracias", Thanksgiving(0)),
    ("dia de gracias", Thanksgiving(0)),
    ("black friday", Thanksgiving(1)),
    ("viernes negro", Thanksgiving(1)),
    ("cyber monday", Thanksgiving(4)),
    ("good friday", Easter(-2)),
    ("viernes santo", Easter(-2)),
    ("jueves santo", Easter(-3)),
    ("easter sunday", Easter(0)),
    ("easter monday", Easter(1)),
    ("easter", Easter(0)),
    ("domingo de pascua", Easter(0)),
    ("domingo de resurreccion", Easter(0)),
    ("pascua", Easter(0)),
];

/// Whether a name may begin with this word; few do, and the table need not be searched.
fn begins(word: &str, next: &str) -> bool {
    match word {
        "christmas" | "xmas" | "nochebuena" | "vispera" | "navidad" | "boxing" | "nochevieja"
        | "groundhog" | "valentines" | "valentine" | "saint" | "st" | "juneteenth"
        | "independence" | "halloween" | "veterans" | "martin" | "mlk" | "presidents"
        | "president" | "mothers" | "memorial" | "fathers" | "labor" | "labour" | "columbus"
        | "indigenous" | "turkey" | "thanksgiving" | "accion" | "cyber" | "easter" | "pascua"
        | "black" => true,
        "new" => next.starts_with("year"),
        "dia" => matches!(next, "de" | "del"),
        "good" => next == "friday",
        "all" => next == "souls",
        "ano" => next == "nuevo",
        "san" => next == "valentin",
        "noche" => matches!(next, "buena" | "vieja"),
        "viernes" => matches!(next, "negro" | "santo"),
        "jueves" => next == "santo",
        "domingo" => next == "de",
        _ => false,
    }
}

/// The next such holiday, today included.
pub(super) fn holiday<'t, 'a>(
    tokens: Rest<'t, 'a>,
    today: NaiveDate,
) -> Option<(DaySaid, Rest<'t, 'a>)> {
    let [W(first), behind @ ..] = tokens else {
        return None;
    };
    let next = match behind {
        [W(next), ..] => next,
        _ => "",
    };
    if !begins(first, next) {
        return None;
    }
    let (holiday, rest) = phrases::first(NAMES, tokens)?;
    // "Christmas 2026"
    let (from, rest) = match rest {
        [N(year), rest @ ..] if year.digits == 4 && (2000..2200).contains(&year.value) => (
            NaiveDate::from_ymd_opt(i32::try_from(year.value).ok()?, 1, 1)?.max(today),
            rest,
        ),
        _ => (today, rest),
    };
    let day = of_year(holiday, from.year())
        .filter(|day| *day >= from)
        .or_else(|| of_year(holiday, from.year() + 1))?;
    Some((DaySaid::Day(day), rest))
}

fn of_year(holiday: Holiday, year: i32) -> Option<NaiveDate> {
    let month = |month| NaiveDate::from_ymd_opt(year, month, 1);
    match holiday {
        Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
        Nth(in_the, nth, weekday) => in_month(nth, weekday, month(in_the)?),
        Thanksgiving(days) => {
            in_month(Some(4), Weekday::Thu, month(11)?)?.checked_add_days(Count::new(days))
        }
        Easter(days) => easter(year)?.checked_add_signed(chrono::TimeDelta::days(days)),
    }
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm of Meeus, Jones and Butcher).
fn easter(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - correction + 15).rem_euclid(30);
    let weekday = (32 + 2 * century.rem_euclid(4) + 2 * of_century.div_euclid(4)
        - epact
        - of_century.rem_euclid(4))
    .rem_euclid(7);
    let late = (golden + 11 * epact + 22 * weekday).div_euclid(451);
    let sum = epact + weekday - 7 * late + 114;
    NaiveDate::from_ymd_opt(
        year,
        u32::try_from(sum.div_euclid(31)).ok()?,
        u32::try_from(sum.rem_euclid(31)).ok()? + 1,
    )
}

#[cfg(test)]
mod tests {
    use super::{NAMES, begins, easter};
    use crate::domain::{fold, when::phrases::shadowed};

    #[test]
    fn every_holiday_can_be_found() {
        assert_eq!(shadowed(NAMES.iter().map(|(phrase, _)| *phrase)), []);
        for (phrase, _) in NAMES {
            assert_eq!(fold::fold(phrase), *phrase);
            let mut words = phrase.split(' ');
            let first = words.next().unwrap();
            assert!(begins(first, words.next().unwrap_or_default()), "{phrase}");
        }
    }

    #[test]
    fn easter_is_where_the_calendars_have_it() {
        for day in [
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2038-04-25",
        ] {
            let day: chrono::NaiveDate = day.parse().unwrap();
            assert_eq!(easter(chrono::Datelike::year(&day)), Some(day));
        }
    }
}
