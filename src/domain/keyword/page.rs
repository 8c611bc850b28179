//! Answers to a page: a few words that take an emergency, pass it on, report it done, or ask for what they need to go there.
//!
//! A message counts when all of it is such words: in "on my way, tell them to shut the water off" nobody reads the second half.

mod words;

use super::{is_thumb, plain};
use crate::domain::fold;
use words::{ADDRESS, CALLERS, DONE, HAPPENINGS, NO_QUESTION, NUMBER, PASS, TAKE, WHAT};

/// The most characters of an answer.
const MAX_CHARACTERS: usize = 120;
/// The most words of a sentence that asks.
const MAX_QUESTION: usize = 12;
/// The most words of an answer in the lists.
const MAX_LENGTH: usize = 5;

/// What a message answers to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Whoever was paged takes it.
    Take,
    /// They pass it on.
    Pass,
    /// It is done.
    Done,
    /// They ask for something that they need.
    Ask(Asked),
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Where it is.
    pub address: bool,
    /// Where to call back.
    pub number: bool,
    /// What happened.
    pub what: bool,
}

/// An answer to a page, and which emergency it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageReply {
    /// What is answered.
    pub page: Page,
    /// By what the emergency is named, if it is.
    pub code: Option<i16>,
}

/// Words that add nothing to an answer.
const FILLERS: &[&str] = &[
    "please", "thanks", "thank", "you", "thx", "ty", "hey", "hi", "hello", "sir", "boss", "man",
    "bro", "dude", "team", "now", "right", "then", "just", "im", "i", "ill", "sorry", "ok", "okay",
    "k", "gracias", "por", "favor", "porfa", "hola", "jefe", "jefa", "ya", "ahora", "ahorita",
    "today", "tonight", "hoy", "am", "pues", "lo", "siento", "disculpe",
];
/// Fillers that take an emergency when they stand alone.
const AGREEING: &[&str] = &["ok", "okay", "k"];
/// What a number of minutes or an hour stands behind.
const ARRIVING: &[&str] = &[
    "in", "at", "by", "about", "eta", "around", "en", "las", "la", "como",
];
/// Words of an arrival: "be there in 20 minutes", "llego en media hora".
const ARRIVAL: &[&str] = &[
    "be", "there", "in", "at", "by", "about", "eta", "is", "around", "will", "arriving", "arrive",
    "get", "llego", "llegando", "en", "a", "las", "la", "estoy", "ahi", "alla", "voy", "como",
    "my", "or", "so", "half", "an", "out", "away",
];
const UNITS: &[&str] = &[
    "min", "mins", "minute", "minutes", "minutos", "minuto", "hour", "hours", "hr", "hrs", "hora",
    "horas", "pm", "am", "m", "h",
];
const NUMBERS: &[&str] = &[
    "five",
    "ten",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fortyfive",
    "sixty",
    "cinco",
    "diez",
    "quince",
    "veinte",
    "treinta",
    "cuarenta",
    "media",
    "una",
    "an",
    "one",
    "two",
];

/// What a message answers to a page: words, words and the emergency's number, or the number alone, which takes it.
#[must_use]
pub fn page(text: &str) -> Option<PageReply> {
    if is_thumb(text) {
        return Some(PageReply {
            page: Page::Take,
            code: None,
        });
    }
    let whole = plain(text, MAX_CHARACTERS)?;
    let mut named = whole.split(' ').filter_map(code);
    let is_arrival = ARRIVING.iter().any(|before| {
        whole
            .rsplit_once(' ')
            .is_some_and(|(words, _)| words.rsplit(' ').next() == Some(*before))
    });
    let code = named.next_back().filter(|_| !is_arrival);
    let read: Vec<Kind> = text
        .split(['.', '!', '?', ';', ',', '\n', '¡', '¿'])
        .filter_map(|sentence| plain(sentence, MAX_CHARACTERS))
        .map(|sentence| kind(&sentence, code))
        .collect();
    let is_code_alone = code.is_some() && !whole.contains(' ');
    let page = combined(&read, is_code_alone)?;
    Some(PageReply { page, code })
}

/// What a sentence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nothing,
    Agreed,
    Says(Page),
    Asks(Asked),
    Unknown,
}

/// What the sentences of a message say together; `None` when they contradict each other, or one is not understood.
fn combined(read: &[Kind], is_code_alone: bool) -> Option<Page> {
    let mut said: Option<Page> = None;
    let mut asked = Asked::default();
    let (mut is_agreed, mut is_unknown, mut is_asked) = (false, false, false);
    for kind in read {
        match kind {
            Kind::Nothing => {}
            Kind::Agreed => is_agreed = true,
            Kind::Unknown => is_unknown = true,
            Kind::Asks(more) => {
                is_asked = true;
                asked = asked.and(*more);
            }
            Kind::Says(page) => match said {
                Some(before) if before != *page => return None,
                _ => said = Some(*page),
            },
        }
    }
    match said {
        // What they ask for stands in the answer to whoever takes it.
        Some(page) if !is_unknown && (!is_asked || page == Page::Take) => Some(page),
        Some(_) => None,
        None if is_asked => Some(Page::Ask(asked)),
        None if is_unknown => None,
        None => (is_agreed || is_code_alone).then_some(Page::Take),
    }
}

impl Asked {
    fn and(self, more: Self) -> Self {
        Self {
            address: self.address || more.address,
            number: self.number || more.number,
            what: self.what || more.what,
        }
    }
}

fn kind(sentence: &str, named: Option<i16>) -> Kind {
    let words: Vec<&str> = sentence
        .split(' ')
        .filter(|word| code(word).is_none() || code(word) != named)
        .map(|word| word.trim_start_matches('#'))
        .collect();
    let mut said: Option<Page> = None;
    let mut is_agreed = false;
    let mut at = 0;
    while at < words.len() {
        let phrase = (1..=MAX_LENGTH.min(words.len() - at))
            .rev()
            .find_map(|length| {
                let phrase = words.get(at..at + length)?.join(" ");
                let is_agreeing = AGREEING.contains(&phrase.as_str());
                (!is_agreeing)
                    .then(|| listed(&phrase))
                    .flatten()
                    .map(|page| (page, length))
            });
        let (page, length) = if let Some(found) = phrase {
            found
        } else if let Some(length) = arrival(words.get(at..).unwrap_or_default()) {
            (Page::Take, length)
        } else {
            let word = words.get(at).copied().unwrap_or_default();
            if !FILLERS.contains(&word) {
                return question(&words).map_or(Kind::Unknown, Kind::Asks);
            }
            is_agreed |= AGREEING.contains(&word);
            at += 1;
            continue;
        };
        if said.is_some_and(|before| before != page) {
            return question(&words).map_or(Kind::Unknown, Kind::Asks);
        }
        said = Some(page);
        at += length;
    }
    match said {
        Some(page) => Kind::Says(page),
        None if is_agreed => Kind::Agreed,
        None => Kind::Nothing,
    }
}

fn listed(phrase: &str) -> Option<Page> {
    let is = |list: &[&str]| list.contains(&phrase);
    if is(TAKE) {
        Some(Page::Take)
    } else if is(PASS) {
        Some(Page::Pass)
    } else if is(DONE) {
        Some(Page::Done)
    } else {
        None
    }
}

/// How many words say when somebody will be there: "be there in 20", "20 minutes", "llego a las 5".
fn arrival(words: &[&str]) -> Option<usize> {
    let lead = words
        .iter()
        .take_while(|word| ARRIVAL.contains(word) && !NUMBERS.contains(word))
        .count();
    let number = words.get(lead)?;
    let is_number = NUMBERS.contains(number)
        || number.len() <= 3 && number.starts_with(|first: char| first.is_ascii_digit());
    if !is_number {
        return None;
    }
    let behind = words.get(lead + 1..).unwrap_or_default();
    let has_unit = number.chars().any(char::is_alphabetic) && number.starts_with(char::is_numeric)
        || behind.first().is_some_and(|word| UNITS.contains(word));
    let rest = behind
        .iter()
        .take_while(|word| UNITS.contains(word) || ARRIVAL.contains(word))
        .count();
    let before = lead.checked_sub(1).and_then(|last| words.get(last));
    let is_led = before.is_some_and(|word| ARRIVING.contains(word));
    let is_eta = words.first() == Some(&"eta");
    (is_led || is_eta || has_unit).then_some(lead + 1 + rest)
}

/// What a sentence asks for, if it is short and asks.
fn question(words: &[&str]) -> Option<Asked> {
    let joined = format!(" {} ", words.join(" "));
    let any = |list: &[&str]| words.iter().any(|word| list.contains(word));
    if words.len() > MAX_QUESTION || any(NO_QUESTION) {
        return None;
    }
    let has = |phrases: &[&str]| {
        phrases
            .iter()
            .any(|phrase| joined.contains(&format!(" {phrase} ")))
    };
    let address = any(ADDRESS);
    let number = any(NUMBER) || has(CALLERS);
    let what = !address && !number && any(WHAT) || has(HAPPENINGS);
    let asked = Asked {
        address,
        number,
        what,
    };
    (asked != Asked::default()).then_some(asked)
}

/// An emergency is named by three digits.
fn code(word: &str) -> Option<i16> {
    let digits = word.trim_start_matches('#');
    (digits.len() == 3
        && fold::fold(digits)
            .bytes()
            .all(|digit| digit.is_ascii_digit()))
    .then(|| digits.parse().ok())
    .flatten()
    .filter(|code| *code >= 100)
}
