//! What may be shown of the words for a day and an hour: those of calendars and clocks, and figures that are no telephone number.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::{length, with_hidden};
use crate::domain::{fold, slot};

/// How many digits in a row, written or spoken, may be a telephone number.
const MIN_PHONE_DIGITS: usize = 7;

/// Numbers in words. Seven in a row are a telephone number that was spelled out.
const NUMBERS: &str = "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
    seventeen eighteen nineteen twenty thirty forty fifty cero un uno una dos tres cuatro cinco seis siete ocho nueve diez once doce \
    trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco \
    veintiseis veintisiete veintiocho veintinueve treinta cuarenta cincuenta";

/// The other words of calendars, clocks and choices, folded.
const WORDS: &str = "\
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun \
    lunes martes miercoles jueves viernes sabado domingo \
    january february march april may june july august september october november december \
    jan feb mar apr jun jul aug sep sept oct nov dec \
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre \
    today tonight tomorrow yesterday now asap soon sooner soonest earliest latest later early late immediately \
    hoy manana ayer ahora pronto antes despues luego temprano tarde noche madrugada mediodia pasado \
    morning noon midday afternoon evening night midnight day days week weeks weekend month months year years hour hours \
    minute minutes time times date dia dias semana semanas mes meses ano anos hora horas minuto minutos fecha \
    am pm a m p h hrs oclock sharp half quarter past till until to from between and or on at in the of by for before after around \
    about this that next last first second third fourth fifth sixth seventh eighth ninth tenth coming following other another \
    any anytime whenever both either all same earlier than no not later one's option slot appointment visit booking my your mine \
    el la los las lo de del en a al y o u por para entre desde hasta este esta ese esa proximo proxima siguiente que viene \
    primer primero primera segundo segunda tercero tercera ultimo ultima otro otra cualquier cualquiera ambas ambos todas todos \
    misma mismo mi su cita visita opcion media medio cuarto punto sobre como alrededor mas menos no si \
    utc gmt est edt cst cdt mst mdt pst pdt eastern central mountain pacific";

/// What may stand beside the digits of one figure: `2pm`, `14h`, `1st`.
const UNITS: &[&str] = &[
    "am", "pm", "a", "p", "m", "h", "hs", "hr", "hrs", "st", "nd", "rd", "th", "t", "z", "o", "ro",
    "ero", "min", "mins",
];

/// One word of a text.
enum Part {
    /// Harmless as it is.
    Word(String),
    /// Harmless unless it is one of many in a row: how many digits it has.
    Figure(String, usize),
    Hidden,
}

/// The words and figures of a day, an hour or a length of time; `...` stands for any other word.
pub(super) fn mask(text: &str) -> String {
    if slot::is_day(text) && text.parse::<NaiveDate>().is_ok() {
        return text.to_owned();
    }
    let parts: Vec<Part> = text.split_whitespace().map(part).collect();
    if parts.iter().all(|part| matches!(part, Part::Hidden)) {
        return length(text);
    }
    let mut shown: Vec<Option<String>> = Vec::with_capacity(parts.len());
    let mut row: (usize, usize) = (0, 0);
    for part in parts {
        match part {
            Part::Figure(figure, digits) => {
                row = (row.0 + 1, row.1 + digits);
                shown.push(Some(figure));
                if row.1 >= MIN_PHONE_DIGITS {
                    for earlier in shown.iter_mut().rev().take(row.0) {
                        *earlier = None;
                    }
                }
            }
            Part::Word(word) => {
                row = (0, 0);
                shown.push(Some(word));
            }
            // What is hidden may well be a part of the same number.
            Part::Hidden => {
                row.0 += 1;
                shown.push(None);
            }
        }
    }
    with_hidden(shown.into_iter())
}

fn part(written: &str) -> Part {
    let bare = written.trim_matches(|letter: char| {
        matches!(
            letter,
            ',' | ';' | '.' | '!' | '?' | '(' | ')' | '"' | '\'' | '¿' | '¡'
        )
    });
    if is_instant(bare) {
        return Part::Word(bare.to_owned());
    }
    let pieces = fold::words(bare);
    if pieces.is_empty() {
        return Part::Word("-".to_owned());
    }
    if bare.contains(|letter: char| letter.is_ascii_digit()) {
        return figure(bare);
    }
    let is_in = |list: &str, piece: &str| list.split_whitespace().any(|known| known == piece);
    if pieces.iter().all(|piece| is_in(NUMBERS, piece)) {
        return Part::Figure(bare.to_lowercase(), pieces.len());
    }
    if pieces
        .iter()
        .all(|piece| is_in(WORDS, piece) || is_in(NUMBERS, piece))
    {
        return Part::Word(bare.to_lowercase());
    }
    Part::Hidden
}

/// Digits with what belongs to them.
fn figure(bare: &str) -> Part {
    let folded = fold::fold(bare);
    let letters = folded
        .split(|letter: char| !letter.is_alphabetic())
        .filter(|letters| !letters.is_empty());
    let groups: Vec<usize> = folded
        .split(|letter: char| !letter.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect();
    let has_only_units = letters.clone().all(|letters| UNITS.contains(&letters));
    let has_other_marks = folded
        .chars()
        .any(|c| !(c.is_alphanumeric() || matches!(c, ':' | '/' | '-' | '.' | '–')));
    if !has_only_units || has_other_marks {
        return Part::Hidden;
    }
    let digits: usize = groups.iter().sum();
    match groups.as_slice() {
        // 14, 2pm, 2:30, 12/1, 2-4pm.
        [1..=2] | [1..=2, 1..=2] => Part::Figure(bare.to_owned(), digits),
        // 1430, 2026.
        [3..=4] if is_year_or_clock(&folded) => Part::Figure(bare.to_owned(), digits),
        // 12/1/2026, 12-01-26.
        [1..=2, 1..=2, 2 | 4] if folded.contains(['/', '-']) => Part::Word(bare.to_owned()),
        // 9:00-11:30, 14:00:00.
        [1..=2, 1..=2, 1..=2] | [1..=2, 1..=2, 1..=2, 1..=2] if folded.contains(':') => {
            Part::Word(bare.to_owned())
        }
        _ => Part::Hidden,
    }
}

fn is_year_or_clock(folded: &str) -> bool {
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    digits.parse::<u16>().is_ok_and(|number| {
        (1900..=2100).contains(&number) || (number % 100 < 60 && number / 100 < 24)
    })
}

/// Whether a text is a day, or a day and an hour, as programs write them.
fn is_instant(text: &str) -> bool {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
        || DateTime::parse_from_rfc3339(text).is_ok()
        || [
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%dT%H:%M:%S%.f",
        ]
        .iter()
        .any(|form| NaiveDateTime::parse_from_str(text, form).is_ok())
}
