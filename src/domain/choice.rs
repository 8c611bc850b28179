//! What callers say of options that they were offered: "the first one", "either", "the later of the two", "la primera".
//!
//! [`read`] finds the reference and leaves the words that name a day or an hour beside it ("the first one on Tuesday") to
//! [`super::when`]. "The ten o'clock one" holds no reference of this kind: it is an hour.

use super::{fold, words::Phrases};

mod doubt;
#[cfg(test)]
mod tests;

/// The most words of a reference: more is a story.
const MAX_WORDS: usize = 12;

/// Which of several options is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The option at this place, in the order in which they were named; 0 is the first.
    Nth(usize),
    /// The one that was named last.
    Last,
    /// The one that comes first in time.
    Earliest,
    /// The one that comes last in time.
    Latest,
    /// The one in the middle of three.
    Middle,
    /// Any of them.
    Any,
    /// The only one: "that one", "yes".
    That,
    /// Another than the one that was spoken of.
    Other,
    /// One of two, and it is not said which: "the first or the last one".
    Unsure,
    /// All of them: "both" is all of two.
    All,
}

/// A reference to options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Which is meant.
    pub choice: Choice,
    /// How many options the words speak of: two in "the later of the two".
    pub count: Option<usize>,
    /// The other words, which name a day or an hour; empty if there are none.
    pub rest: String,
    /// Whether the words refer to an option only where some were offered: "the second" is a day of the month as well, and "the earliest" a time.
    pub needs_offer: bool,
}

/// What a reference comes to among options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked<T> {
    /// One is meant.
    One(T),
    /// All are meant, and there are several.
    All(Vec<T>),
    /// These fit, and it must be asked which is meant; none if there were no options.
    Several(Vec<T>),
}

/// What a word is in a reference.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// Says which.
    Key(Choice),
    /// Shows that an option is spoken of: "one", "slot".
    Marker,
    /// Says nothing.
    Filler,
}

/// The reference in a text, if all of it is one, or one beside other words that name a day or an hour.
#[must_use]
pub fn read(text: &str) -> Option<Reference> {
    // "No, the second one" answers something else, and "no, that one" may deny it.
    if let Some((no, behind)) = text.split_once(',')
        && matches!(
            no.trim().to_lowercase().as_str(),
            "no" | "nope" | "oh no" | "ay no"
        )
    {
        return read_words(behind).filter(|reference| reference.choice != Choice::That);
    }
    read_words(text)
}

fn read_words(text: &str) -> Option<Reference> {
    // A date or an hour in figures, as models write most.
    if !text.contains(|letter: char| letter == '#' || letter.is_alphabetic()) {
        return None;
    }
    let words = fold::words(&text.replace('#', " number "));
    if words.is_empty() || words.len() > MAX_WORDS {
        return None;
    }
    if doubt::is_patience(&words) || doubt::is_idiom(&words) {
        return None;
    }
    let words = doubt::corrected(in_one_word(words));
    let mut is_doubted = doubt::is_in(&words);
    let (words, count) = without_count(numbered(words));
    let mut choice: Option<Choice> = None;
    let mut is_marked = count.is_some();
    // The words that name a day or an hour, and those that lead to them: "on Tuesday", "de la mañana".
    let (mut rest, mut leading): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut is_denied = false;
    for (place, word) in words.iter().enumerate() {
        match meaning(word) {
            // "La primera no, la segunda" may be either.
            None if choice.is_some() && word == "no" => is_doubted = true,
            // "Not the first one, the second."
            None if rest.is_empty() && matches!(word.as_str(), "not" | "no") => is_denied = true,
            Some(Word::Key(_)) if is_denied => is_denied = false,
            // "The first or the last one"
            None if choice.is_some() && matches!(word.as_str(), "or" | "o") => leading.push(word),
            Some(Word::Key(_)) if leading.iter().any(|word| matches!(*word, "or" | "o")) => {
                choice = Some(Choice::Unsure);
                leading.clear();
            }
            Some(Word::Key(found)) if choice.is_none_or(|known| stands_beside(known, found)) => {
                is_marked |= is_feminine(&words, place);
                choice = match choice {
                    Some(known) if known != Choice::That => Some(known),
                    _ => Some(found),
                };
                leading.clear();
            }
            Some(Word::Marker) => {
                is_marked = true;
                leading.clear();
            }
            Some(Word::Filler) => leading.push(word),
            Some(Word::Key(_)) | None => {
                rest.append(&mut leading);
                rest.push(word);
            }
        }
    }
    let choice = choice?;
    if is_doubted || is_denied || doubt::is_several(&words) {
        // What is doubted is asked about: "the first one doesn't work" chooses nothing.
        return (choice != Choice::That).then(|| Reference {
            choice: Choice::Unsure,
            count: None,
            rest: String::new(),
            needs_offer: false,
        });
    }
    // "Later", "this" and "either" beside other words speak of no option: "later today", "this Tuesday".
    let is_later = matches!(choice, Choice::Earliest | Choice::Latest)
        && !words.iter().any(|word| word == "the");
    let is_whole = rest.is_empty() && !is_later;
    let is_doubtful = matches!(choice, Choice::Nth(_) | Choice::Earliest | Choice::Latest);
    (is_marked || is_whole).then(|| Reference {
        choice,
        count,
        rest: rest.join(" "),
        needs_offer: !is_marked && is_doubtful,
    })
}

/// Whether the word there stands by itself behind "la": "la primera" is an option, "el primero" the first of the month, "la primera
/// semana" a week.
fn is_feminine(words: &[String], place: usize) -> bool {
    let before = place.checked_sub(1).and_then(|before| words.get(before));
    let behind = words.get(place + 1);
    before.is_some_and(|before| before == "la")
        && words.get(place).is_some_and(|word| word.ends_with('a'))
        && behind.is_none_or(|behind| meaning(behind).is_some())
}

/// The words, with those phrases as one word that mean what one word means.
fn in_one_word(words: Vec<String>) -> Vec<String> {
    let said: Vec<&str> = words.iter().map(String::as_str).collect();
    if PHRASES.within(&said).next().is_none() {
        return words;
    }
    let mut plain = Vec::with_capacity(said.len());
    let mut rest = said.as_slice();
    while let [first, behind @ ..] = rest {
        let (word, after) = PHRASES.begin(rest).unwrap_or((*first, behind));
        plain.extend(word.split(' ').map(str::to_owned));
        rest = after;
    }
    plain
}

/// Phrases, and what means the same in a word or two.
static PHRASES: Phrases<&str> = Phrases::new(&[
    (
        "either",
        "doesnt matter which, does not matter which, any of them|those, any one, you pick|choose, \
         your choice, all of those|them work, they all work",
    ),
    (
        "cualquiera",
        "no importa cual, la|el que sea, me da igual cual, da igual cual, usted escoja|elija, \
         escoja usted, la que usted quiera|diga, todas me quedan|sirven, la que le acomode|quede, \
         la que guste|quiera",
    ),
    (
        "that one",
        "that same one, the one youre|you holding, the one you are holding, the one you held",
    ),
    (
        "esa",
        "esa misma, ese mismo, eso mismo, la que me aparto, la que aparto, la apartada",
    ),
    ("of them", "of the first|last two"),
    ("de ellas", "de las dos primeras, de las primeras dos"),
    (
        "earliest one",
        "whichever comes first, whichever is soonest|sooner|earliest, la que esta mas temprano, \
         la mas tempranera|temprano|tempranito|temprana, la de mas temprano, el mas temprano",
    ),
    (
        "latest one",
        "la que esta mas tarde, la de mas tarde, la|el mas tarde",
    ),
    ("penultimate", "second to last, last but one"),
    ("the first one", "the former"),
    ("the last one", "the latter"),
    (
        "please",
        "of them all, of all, go ahead and, i dont care, dont mind, no problem, why not, \
         if possible, if thats ok|okay, if its still open|available, if it is still available",
    ),
    (
        "pues",
        "de todas, me late|laten, no hay problema, no importa, si se puede, si es posible, \
         si todavia esta",
    ),
]);

/// The words, with "option 2" as "second one".
fn numbered(words: Vec<String>) -> Vec<String> {
    let is_number = |word: &String| {
        matches!(
            word.as_str(),
            "option" | "number" | "choice" | "slot" | "opcion" | "numero"
        )
    };
    let ordinal = |word: &String| match word.as_str() {
        "1" | "one" | "uno" | "a" => Some("first"),
        "2" | "two" | "dos" | "b" => Some("second"),
        "3" | "three" | "tres" | "c" => Some("third"),
        _ => None,
    };
    // "La dos" is the second, "las dos" an hour, and "la 1" may be one o'clock.
    let is_alone = words.len() == 2
        && words.first().is_some_and(|word| word == "la")
        && words.get(1).is_some_and(|word| word != "1" && word != "a");
    let mut places = 0..words.len();
    let found = places.find_map(|place| {
        let ordinal = ordinal(words.get(place + 1)?)?;
        (is_alone || is_number(words.get(place)?)).then_some((place, ordinal))
    });
    let Some((place, ordinal)) = found else {
        return words;
    };
    let mut plain = words;
    plain.splice(place..place + 2, [ordinal.to_owned(), "one".to_owned()]);
    plain
}

/// Whether words speak of an option by what tells it from the others: "the afternoon one", "la de la tarde".
#[must_use]
pub fn is_about_option(text: &str) -> bool {
    let words = fold::words(text);
    let has_article = words
        .first()
        .is_some_and(|word| matches!(word.as_str(), "la" | "el"))
        && words
            .get(1)
            .is_some_and(|word| matches!(word.as_str(), "de" | "del"));
    let is_marked = |word: &String| meaning(word) == Some(Word::Marker) && word != "them";
    has_article || words.iter().skip(1).any(is_marked)
}

/// Whether words ask something: "is it Monday?"
#[must_use]
pub fn is_question(text: &str) -> bool {
    doubt::is_question(&fold::words(text))
}

/// Whether words name the day that was spoken of, and nothing else.
#[must_use]
pub fn is_that_day(text: &str) -> bool {
    SAME_DAY.get(&fold::words(text).join(" ")).is_some()
}

static SAME_DAY: Phrases<()> = Phrases::new(&[(
    (),
    "that|same day, the|that same day, ese|mismo dia, ese|el mismo dia",
)]);

/// The words without "of the two", and how many that speaks of.
fn without_count(words: Vec<String>) -> (Vec<String>, Option<usize>) {
    let number = |word: &str| match word {
        "two" | "2" | "dos" => Some(2),
        "three" | "3" | "tres" => Some(3),
        _ => None,
    };
    let of = |word: &str| matches!(word, "of" | "de");
    let article = |word: &str| matches!(word, "the" | "those" | "them" | "las" | "los" | "these");
    for place in 0..words.len() {
        let at = |offset: usize| words.get(place + offset).map(String::as_str);
        let (Some(first), Some(second)) = (at(0), at(1)) else {
            break;
        };
        if !of(first) {
            continue;
        }
        let (count, length) = match (article(second), at(2)) {
            (true, Some(third)) => (number(third), 3),
            (true, None) if second == "them" => (None, 2),
            (false, _) => (number(second), 2),
            _ => (None, 0),
        };
        // "A las dos" is an hour; "de las dos" counts only behind a word that says which.
        if count.is_none() || place == 0 {
            continue;
        }
        let mut kept = words.clone();
        kept.drain(place..place + length);
        return (kept, count);
    }
    let is_both = |word: &String| matches!(word.as_str(), "both" | "ambas" | "ambos");
    let both = words.iter().any(is_both);
    (words, both.then_some(2))
}

/// Whether a word that says which may follow another: "yes, the first one".
fn stands_beside(known: Choice, found: Choice) -> bool {
    known == Choice::That || found == Choice::That || known == found
}

/// What a word is in a reference, if anything.
fn meaning(word: &str) -> Option<Word> {
    Some(match word {
        "first" | "1st" | "primera" | "primer" | "primero" | "primerita" => {
            Word::Key(Choice::Nth(0))
        }
        "second" | "2nd" | "segunda" | "segundo" | "segundita" => Word::Key(Choice::Nth(1)),
        "third" | "3rd" | "tercera" | "tercer" | "tercero" => Word::Key(Choice::Nth(2)),
        "last" | "ultima" | "ultimo" | "final" => Word::Key(Choice::Last),
        "earlier" | "earliest" | "sooner" | "soonest" | "temprano" | "temprana" => {
            Word::Key(Choice::Earliest)
        }
        "later" | "latest" => Word::Key(Choice::Latest),
        "middle" | "medio" | "enmedio" => Word::Key(Choice::Middle),
        "either" | "whichever" | "cualquiera" => Word::Key(Choice::Any),
        "good" | "great" | "fine" | "perfect" | "works" | "deal" | "sale" | "orale" | "dale"
        | "claro" | "perfecto" | "vale" | "that" | "thats" | "this" | "it" | "yes" | "yeah"
        | "yep" | "ok" | "okay" | "sure" | "esa" | "ese" | "eso" | "esta" | "este" | "si" => {
            Word::Key(Choice::That)
        }
        "other" | "otra" | "otro" => Word::Key(Choice::Other),
        "penultimate" | "penultima" | "penultimo" => Word::Key(Choice::Unsure),
        "both" | "all" | "todas" | "todos" | "ambas" | "ambos" => Word::Key(Choice::All),
        "one" | "ones" | "option" | "options" | "slot" | "slots" | "opening" | "choice"
        | "opcion" | "opciones" | "horario" | "espacio" | "lugar" | "them" | "those" | "ellas"
        | "ellos" => Word::Marker,
        "the" | "a" | "an" | "please" | "i" | "ill" | "ll" | "id" | "d" | "would" | "like"
        | "want" | "take" | "prefer" | "go" | "with" | "book" | "let" | "lets" | "us" | "s"
        | "do" | "does" | "sounds" | "work" | "will" | "for" | "me" | "is" | "of" | "on" | "at"
        | "in" | "you" | "said" | "offered" | "mentioned" | "just" | "then" | "my"
        | "appointment" | "appointments" | "visit" | "visits" | "time" | "la" | "las" | "el"
        | "los" | "por" | "favor" | "quiero" | "prefiero" | "quedo" | "con" | "bien" | "de"
        | "del" | "en" | "entonces" | "que" | "sea" | "da" | "igual" | "mas" | "cita" | "citas"
        | "visita" | "visitas" | "mi" | "mis" | "dijo" | "pues" | "mejor" | "very" | "um"
        | "uh" | "oh" | "ooh" | "ah" | "hmm" | "guess" | "think" | "thank" | "thanks"
        | "gracias" | "im" | "so" | "well" | "have" | "can" | "could" | "we" | "get" | "pick"
        | "choose" | "reserve" | "agendela" | "agendemela" | "reservela" | "apartela" | "bueno"
        | "ay" | "deme" | "dame" | "pongame" | "escojo" | "elijo" | "tomo" => Word::Filler,
        _ => return None,
    })
}

impl Reference {
    /// What is meant among options in the order in which they were named.
    #[must_use]
    pub fn pick<T: Copy + Ord>(&self, options: &[T]) -> Picked<T> {
        let several = || Picked::Several(options.to_vec());
        if self.count.is_some_and(|count| count != options.len()) {
            return several();
        }
        let found = match (self.choice, options) {
            (_, []) => None,
            (Choice::All, [_, _, ..]) => return Picked::All(options.to_vec()),
            (Choice::Nth(place), _) => options.get(place).copied(),
            (Choice::Last, _) => options.last().copied(),
            (Choice::Earliest, _) => options.iter().min().copied(),
            (Choice::Latest, _) => options.iter().max().copied(),
            (Choice::Middle, [_, middle, _]) => Some(*middle),
            (Choice::Any, [first, ..]) | (Choice::That | Choice::All, [first]) => Some(*first),
            (Choice::Middle | Choice::That | Choice::Other | Choice::Unsure, _) => None,
        };
        found.map_or_else(several, Picked::One)
    }
}
