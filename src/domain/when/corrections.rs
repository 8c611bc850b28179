//! What a caller takes back within a text: "Thursday, no, Friday at nine", "el jueves, digo, el viernes".

use crate::domain::words::Phrases;

/// A word of a folded text.
struct Said<'a> {
    word: &'a str,
    start: usize,
    end: usize,
    /// Whether a sign or the end of the text stands behind it.
    is_parted: bool,
}

/// What takes back the words before it, wherever it stands.
static TAKING_BACK: Phrases<()> = Phrases::new(&[(
    (),
    "wait, no wait, sorry, no sorry, actually, no actually, i mean, no i mean, or rather, scratch that, \
     make that, correction, perdon, no perdon, perdone, espere, no espere, digo, no digo, quiero decir, \
     mejor dicho, o mejor dicho, no mejor, o mejor",
)]);

/// What does so only between two signs: "no Thursday" is none, "no later than nine" an hour.
static BETWEEN_SIGNS: Phrases<()> = Phrases::new(&[((), "no, nope, oh no, ay no, no no")]);

/// What does so behind a sign.
static BEHIND_A_SIGN: Phrases<()> = Phrases::new(&[((), "mejor, make it")]);

/// The words before the last correction of a folded text, and those behind it, if there is one with words before it.
pub(super) fn split(folded: &str) -> Option<(&str, &str)> {
    let words = words(folded);
    let plain: Vec<&str> = words.iter().map(|said| said.word).collect();
    // The last correction, from its first word to its last; what stands beside it may take back too: "no, wait".
    let mut last: Option<(usize, usize)> = None;
    let mut at = 1;
    while at < words.len() {
        match correction(&words, &plain, at) {
            Some(length) => {
                last = match last {
                    Some((from, until)) if until == at => Some((from, at + length)),
                    _ => Some((at, at + length)),
                };
                at += length;
            }
            None => at += 1,
        }
    }
    let (from, until) = last?;
    let before = folded.get(..words.get(from)?.start)?;
    let behind = folded.get(words.get(until - 1)?.end..)?;
    Some((before, behind.trim_start_matches(is_sign)))
}

/// How many words take back what stands before them, from a place on; none if they do not.
fn correction(words: &[Said<'_>], plain: &[&str], at: usize) -> Option<usize> {
    let rest = plain.get(at..)?;
    // "Friday works, actually"
    if rest == ["actually"] {
        return None;
    }
    let is_parted = |place: usize| words.get(place).is_some_and(|said| said.is_parted);
    let length = |phrases: &Phrases<()>| {
        let ((), behind) = phrases.begin(rest)?;
        Some(rest.len() - behind.len())
    };
    let is_behind_a_sign = is_parted(at - 1);
    let between =
        length(&BETWEEN_SIGNS).filter(|length| is_behind_a_sign && is_parted(at + length - 1));
    let behind = length(&BEHIND_A_SIGN).filter(|_| is_behind_a_sign);
    length(&TAKING_BACK).or(between).or(behind)
}

fn words(folded: &str) -> Vec<Said<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in folded.char_indices().chain([(folded.len(), '.')]) {
        match (start, letter.is_alphanumeric()) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                words.push(Said {
                    word: folded.get(from..at).unwrap_or_default(),
                    start: from,
                    end: at,
                    is_parted: folded
                        .get(at..)
                        .unwrap_or_default()
                        .trim_start()
                        .starts_with(is_sign)
                        || at == folded.len(),
                });
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn is_sign(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ',' | ';' | '.' | '…' | '-' | '–' | '—' | '!')
}
