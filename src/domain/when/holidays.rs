//! Holidays by their names in English and Spanish.

use chrono::{Datelike, Days as Count, NaiveDate, Weekday};

use super::{
    calendar::{DaySaid, in_month},
    token::{Rest, Token::Number as N},
};
use crate::domain::words::Phrases;

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

static NAMES: Phrases<Holiday> = Phrases::new(&[
    (
        Fixed(12, 24),
        "christmas|xmas eve, nochebuena, noche buena, vispera de navidad",
    ),
    (
        Fixed(12, 25),
        "christmas|xmas day, christmas, xmas, navidad, dia de navidad",
    ),
    (Fixed(12, 26), "boxing day"),
    (
        Fixed(12, 31),
        "new years eve, nochevieja, noche vieja, vispera de ano nuevo",
    ),
    (
        Fixed(1, 1),
        "new years day, new years|year, dia de ano nuevo, ano nuevo",
    ),
    (Fixed(1, 6), "dia de los reyes, dia de reyes"),
    (Fixed(2, 2), "dia de la candelaria, groundhog day"),
    (
        Fixed(2, 14),
        "valentines|valentine day, valentines, san valentin, dia de san valentin, dia del amor",
    ),
    (Fixed(3, 17), "st|saint patricks day, st pattys day"),
    (Fixed(6, 19), "juneteenth"),
    (Fixed(7, 4), "independence day"),
    (Fixed(10, 31), "halloween"),
    (Fixed(11, 1), "dia de todos los santos"),
    (
        Fixed(11, 2),
        "dia de los muertos, dia de muertos, all souls day",
    ),
    (Fixed(11, 11), "veterans day, dia de los veteranos"),
    (Fixed(12, 12), "dia de la virgen"),
    (
        Nth(1, Some(3), Weekday::Mon),
        "martin luther king jr|junior day, martin luther king day, mlk day, mlk, \
         dia de martin luther king",
    ),
    (
        Nth(2, Some(3), Weekday::Mon),
        "presidents|president day, dia de los presidentes",
    ),
    (Nth(5, Some(2), Weekday::Sun), "mothers day"),
    (
        Nth(5, None, Weekday::Mon),
        "memorial day, dia de los caidos",
    ),
    (Nth(6, Some(3), Weekday::Sun), "fathers day"),
    (
        Nth(9, Some(1), Weekday::Mon),
        "labor|labour day, dia del trabajo",
    ),
    (
        Nth(10, Some(2), Weekday::Mon),
        "columbus day, indigenous peoples day",
    ),
    (
        Thanksgiving(0),
        "turkey|thanksgiving day, thanksgiving, dia de accion de gracias, accion|dia de gracias",
    ),
    (Thanksgiving(1), "black friday, viernes negro"),
    (Thanksgiving(4), "cyber monday"),
    (Easter(-2), "good friday, viernes santo"),
    (Easter(-3), "jueves santo"),
    (
        Easter(0),
        "easter sunday, easter, pascua, domingo de pascua|resurreccion",
    ),
    (Easter(1), "easter monday"),
]);

/// The next such holiday, today included.
pub(super) fn holiday<'t, 'a>(
    tokens: Rest<'t, 'a>,
    today: NaiveDate,
) -> Option<(DaySaid, Rest<'t, 'a>)> {
    let (holiday, rest) = NAMES.begin(tokens)?;
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
    use super::easter;

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
