//! Numbers as words.

use std::borrow::Cow;

use crate::domain::{
    language::Language,
    numerals::{ENGLISH, ENGLISH_TENS, ORDINALS, SPANISH, SPANISH_HUNDREDS, SPANISH_TENS},
};

/// A count in words: "twenty-one", "ciento veinte"; from ten thousand on in figures.
#[must_use]
pub fn number(value: u32, language: Language) -> Cow<'static, str> {
    match language {
        _ if value >= 10_000 => value.to_string().into(),
        Language::English => english(value),
        Language::Spanish => spanish(value),
    }
}

/// A length of time: "forty-five minutes", "one hour and thirty minutes", "una hora y media".
#[must_use]
pub fn length(minutes: u32, language: Language) -> String {
    let count = |count: u32, one: &str, more: &str| match (language, count) {
        (_, 1) => one.to_owned(),
        (Language::English, _) => format!("{} {more}", number(count, language)),
        (Language::Spanish, _) => format!("{} {more}", before_noun(count)),
    };
    let (hours, rest) = (minutes / 60, minutes % 60);
    let (hour, minute, half) = match language {
        Language::English => (
            count(hours, "one hour", "hours"),
            count(rest, "one minute", "minutes"),
            "and a half",
        ),
        Language::Spanish => (
            count(hours, "una hora", "horas"),
            count(rest, "un minuto", "minutos"),
            "y media",
        ),
    };
    let and = match language {
        Language::English => "and",
        Language::Spanish => "y",
    };
    match (hours, rest) {
        (0, _) => minute,
        (_, 0) => hour,
        (1, 30) if language == Language::English => "an hour and a half".to_owned(),
        (_, 30) if language == Language::Spanish => format!("{hour} {half}"),
        (_, 30) => format!("{} {half} hours", number(hours, language)),
        _ => format!("{hour} {and} {minute}"),
    }
}

/// An amount of dollars: "one hundred fifty dollars", "ciento cincuenta dólares".
#[must_use]
pub fn dollars(amount: u32, language: Language) -> String {
    match (language, amount) {
        (Language::English, 1) => "one dollar".to_owned(),
        (Language::English, _) => format!("{} dollars", number(amount, language)),
        (Language::Spanish, 1) => "un dólar".to_owned(),
        (Language::Spanish, _) => format!("{} dólares", before_noun(amount)),
    }
}

/// A Spanish number before a masculine noun: "veintiún", "treinta y un".
fn before_noun(value: u32) -> Cow<'static, str> {
    let words = number(value, Language::Spanish);
    match words.strip_suffix("veintiuno") {
        Some(before) => format!("{before}veintiún").into(),
        None => match words.strip_suffix("uno") {
            Some(before) => format!("{before}un").into(),
            None => words,
        },
    }
}

/// A day of a month in words: "twenty-first", "veintiuno"; the first is "primero" in Spanish.
#[must_use]
pub fn day_of_month(day: u32, language: Language) -> Cow<'static, str> {
    match (language, day) {
        (Language::English, _) => ordinal(day),
        (Language::Spanish, 1) => "primero".into(),
        (Language::Spanish, _) => number(day, language),
    }
}

/// A year in words: "twenty twenty-six", "dos mil veintiséis"; those beyond this century in figures.
#[must_use]
pub fn year(year: i32, language: Language) -> String {
    match (language, u32::try_from(year)) {
        (Language::English, Ok(year @ 2010..=2099)) => {
            format!("twenty {}", english(year - 2000))
        }
        (_, Ok(year @ 2000..=2099)) => number(year, language).into_owned(),
        _ => year.to_string(),
    }
}

fn english(value: u32) -> Cow<'static, str> {
    match value {
        0..20 => ENGLISH.at(value).into(),
        20..100 if value.is_multiple_of(10) => ENGLISH_TENS.at(value / 10).into(),
        20..100 => format!("{}-{}", ENGLISH_TENS.at(value / 10), ENGLISH.at(value % 10)).into(),
        100..1000 => joined(
            &format!("{} hundred", english(value / 100)),
            value % 100,
            english,
        ),
        _ => joined(
            &format!("{} thousand", english(value / 1000)),
            value % 1000,
            english,
        ),
    }
}

fn ordinal(value: u32) -> Cow<'static, str> {
    match value {
        0..20 => ORDINALS.at(value).into(),
        20 => "twentieth".into(),
        30 => "thirtieth".into(),
        21..=39 => format!("{}-{}", english(value / 10 * 10), ORDINALS.at(value % 10)).into(),
        _ => format!("{value}th").into(),
    }
}

fn spanish(value: u32) -> Cow<'static, str> {
    match value {
        0..30 => SPANISH.at(value).into(),
        30..100 if value.is_multiple_of(10) => SPANISH_TENS.at(value / 10).into(),
        30..100 => format!(
            "{} y {}",
            SPANISH_TENS.at(value / 10),
            SPANISH.at(value % 10)
        )
        .into(),
        100 => "cien".into(),
        101..1000 => joined(SPANISH_HUNDREDS.at(value / 100), value % 100, spanish),
        1000..2000 => joined("mil", value % 1000, spanish),
        _ => joined(
            &format!("{} mil", spanish(value / 1000)),
            value % 1000,
            spanish,
        ),
    }
}

fn joined(before: &str, rest: u32, words: impl Fn(u32) -> Cow<'static, str>) -> Cow<'static, str> {
    if rest == 0 {
        before.to_owned().into()
    } else {
        format!("{before} {}", words(rest)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::{day_of_month, dollars, length, number, year};
    use crate::domain::language::Language::{English, Spanish};

    #[test]
    fn lengths_of_time_are_words() {
        let table = [
            (1, "one minute", "un minuto"),
            (45, "forty-five minutes", "cuarenta y cinco minutos"),
            (60, "one hour", "una hora"),
            (90, "an hour and a half", "una hora y media"),
            (120, "two hours", "dos horas"),
            (150, "two and a half hours", "dos horas y media"),
            (61, "one hour and one minute", "una hora y un minuto"),
            (
                141,
                "two hours and twenty-one minutes",
                "dos horas y veintiún minutos",
            ),
        ];
        for (minutes, english, spanish) in table {
            assert_eq!(length(minutes, English), english);
            assert_eq!(length(minutes, Spanish), spanish);
        }
    }

    #[test]
    fn amounts_are_words() {
        let table = [
            (1, "one dollar", "un dólar"),
            (21, "twenty-one dollars", "veintiún dólares"),
            (31, "thirty-one dollars", "treinta y un dólares"),
            (150, "one hundred fifty dollars", "ciento cincuenta dólares"),
            (12_000, "12000 dollars", "12000 dólares"),
        ];
        for (amount, english, spanish) in table {
            assert_eq!(dollars(amount, English), english);
            assert_eq!(dollars(amount, Spanish), spanish);
        }
    }

    #[test]
    fn counts_are_words_in_both_languages() {
        let table = [
            (0, "zero", "cero"),
            (7, "seven", "siete"),
            (12, "twelve", "doce"),
            (20, "twenty", "veinte"),
            (21, "twenty-one", "veintiuno"),
            (26, "twenty-six", "veintiséis"),
            (30, "thirty", "treinta"),
            (45, "forty-five", "cuarenta y cinco"),
            (99, "ninety-nine", "noventa y nueve"),
            (100, "one hundred", "cien"),
            (120, "one hundred twenty", "ciento veinte"),
            (450, "four hundred fifty", "cuatrocientos cincuenta"),
            (1000, "one thousand", "mil"),
            (1500, "one thousand five hundred", "mil quinientos"),
            (2026, "two thousand twenty-six", "dos mil veintiséis"),
            (
                9999,
                "nine thousand nine hundred ninety-nine",
                "nueve mil novecientos noventa y nueve",
            ),
            (10_000, "10000", "10000"),
        ];
        for (value, english, spanish) in table {
            assert_eq!(number(value, English), english);
            assert_eq!(number(value, Spanish), spanish);
        }
    }

    #[test]
    fn days_of_the_month_are_ordinals_in_english_and_counts_in_spanish() {
        let table = [
            (1, "first", "primero"),
            (2, "second", "dos"),
            (3, "third", "tres"),
            (12, "twelfth", "doce"),
            (20, "twentieth", "veinte"),
            (21, "twenty-first", "veintiuno"),
            (30, "thirtieth", "treinta"),
            (31, "thirty-first", "treinta y uno"),
        ];
        for (day, english, spanish) in table {
            assert_eq!(day_of_month(day, English), english);
            assert_eq!(day_of_month(day, Spanish), spanish);
        }
    }

    #[test]
    fn years_are_spoken_in_pairs_in_english() {
        assert_eq!(year(2026, English), "twenty twenty-six");
        assert_eq!(year(2005, English), "two thousand five");
        assert_eq!(year(2026, Spanish), "dos mil veintiséis");
        assert_eq!(year(1999, English), "1999");
        assert_eq!(year(-4, Spanish), "-4");
    }
}
