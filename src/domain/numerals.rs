//! Numbers that are one word, in English and Spanish: as they are spoken, and as they are heard.

use std::sync::OnceLock;

use super::{
    fold,
    language::Language::{self, English, Spanish},
};

/// Number words in the order of what they count.
#[derive(Debug)]
pub struct Numerals {
    text: &'static str,
    words: OnceLock<Vec<&'static str>>,
}

/// English numbers from nought to nineteen.
pub static ENGLISH: Numerals = Numerals::new(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen \
     fifteen sixteen seventeen eighteen nineteen",
);

/// English tens, from none to nine.
pub static ENGLISH_TENS: Numerals =
    Numerals::new("zero ten twenty thirty forty fifty sixty seventy eighty ninety");

/// English ordinals from nought to nineteen.
pub static ORDINALS: Numerals = Numerals::new(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth \
     thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth",
);

/// Spanish numbers from nought to twenty-nine.
pub static SPANISH: Numerals = Numerals::new(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince \
     dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés \
     veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve",
);

/// Spanish tens, from none to nine.
pub static SPANISH_TENS: Numerals =
    Numerals::new("cero diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa");

/// Spanish hundreds, from none to nine.
pub static SPANISH_HUNDREDS: Numerals = Numerals::new(
    "cero ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos \
     ochocientos novecientos",
);

impl Numerals {
    const fn new(text: &'static str) -> Self {
        let words = OnceLock::new();
        Self { text, words }
    }

    fn words(&self) -> &[&'static str] {
        self.words
            .get_or_init(|| self.text.split_whitespace().collect())
    }

    /// The word at a place; the first is at nought.
    pub fn at(&self, place: u32) -> &'static str {
        let place = usize::try_from(place).ok();
        let word = place.and_then(|place| self.words().get(place));
        word.copied().unwrap_or_default()
    }
}

/// A number word that was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numeral {
    /// What it counts.
    pub value: u32,
    /// Of which language it is.
    pub language: Language,
    /// Whether it counts a place: "first".
    pub is_ordinal: bool,
}

/// The number below a thousand that a folded word is. "Un" and "cuarto" are none, since they are other words far more often.
pub fn heard(word: &str) -> Option<Numeral> {
    static HEARD: OnceLock<Vec<(String, Numeral)>> = OnceLock::new();
    let heard = HEARD.get_or_init(read);
    let place = heard.binary_search_by(|(known, _)| known.as_str().cmp(word));
    heard.get(place.ok()?).map(|(_, numeral)| *numeral)
}

fn read() -> Vec<(String, Numeral)> {
    const OTHERS: &[(&str, u32, Language, bool)] = &[
        ("fourty", 40, English, false),
        ("una", 1, Spanish, false),
        ("veintiun", 21, Spanish, false),
        ("veintiuna", 21, Spanish, false),
        ("cien", 100, Spanish, false),
        ("twentieth", 20, English, true),
        ("thirtieth", 30, English, true),
        ("primero", 1, Spanish, true),
        ("primer", 1, Spanish, true),
        ("primera", 1, Spanish, true),
        ("segundo", 2, Spanish, true),
        ("segunda", 2, Spanish, true),
        ("tercero", 3, Spanish, true),
        ("tercer", 3, Spanish, true),
        ("tercera", 3, Spanish, true),
        ("quinto", 5, Spanish, true),
        ("quinta", 5, Spanish, true),
    ];
    let numeral = |value, language, is_ordinal| Numeral {
        value,
        language,
        is_ordinal,
    };
    let mut heard: Vec<(String, Numeral)> = Vec::new();
    for (numerals, times, language, is_ordinal) in [
        (&ENGLISH, 1, English, false),
        (&ENGLISH_TENS, 10, English, false),
        (&ORDINALS, 1, English, true),
        (&SPANISH, 1, Spanish, false),
        (&SPANISH_TENS, 10, Spanish, false),
        (&SPANISH_HUNDREDS, 100, Spanish, false),
    ] {
        for (place, word) in (0..).zip(numerals.words()) {
            let numeral = numeral(place * times, language, is_ordinal);
            heard.push((fold::fold(word), numeral));
            // "Doscientas"
            let stem = word.strip_suffix("os").filter(|_| times == 100);
            heard.extend(stem.map(|stem| (format!("{stem}as"), numeral)));
        }
    }
    heard.extend(OTHERS.iter().map(|(word, value, language, is_ordinal)| {
        let numeral = numeral(*value, *language, *is_ordinal);
        ((*word).to_owned(), numeral)
    }));
    heard.sort_by(|(one, _), (other, _)| one.cmp(other));
    heard.dedup_by(|(one, _), (other, _)| one == other);
    heard
}
