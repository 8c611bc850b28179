//! Lists of words and phrases. Each is written as text and read once, so that a list of two hundred phrases is searched like a dictionary.

use std::{cmp::Reverse, sync::OnceLock};

/// A set of folded words, written with blanks between them.
#[derive(Debug)]
pub struct Words {
    texts: &'static [&'static str],
    sorted: OnceLock<Vec<&'static str>>,
}

impl Words {
    /// The words of all these texts.
    pub const fn new(texts: &'static [&'static str]) -> Self {
        let sorted = OnceLock::new();
        Self { texts, sorted }
    }

    /// Whether a word is one of them.
    pub fn has(&self, word: &str) -> bool {
        let sorted = self.sorted.get_or_init(|| {
            let texts = self.texts.iter();
            let mut words: Vec<_> = texts.flat_map(|text| text.split_whitespace()).collect();
            words.sort_unstable();
            words
        });
        sorted.binary_search(&word).is_ok()
    }
}

/// Folded phrases and what they mean. They are written with commas between them, and with `a|b` for either word.
#[derive(Debug)]
pub struct Phrases<T: 'static> {
    table: &'static [(T, &'static str)],
    sorted: OnceLock<Vec<Phrase<T>>>,
}

#[derive(Debug)]
struct Phrase<T> {
    initial: &'static str,
    words: Vec<&'static str>,
    meaning: T,
}

/// A word of a text in which phrases are looked for.
pub trait Spoken {
    /// The word under which the phrases are found that may begin with it.
    fn initial(&self) -> &str;

    /// Whether it is this word of a phrase.
    fn is(&self, word: &str) -> bool;
}

impl Spoken for &str {
    fn initial(&self) -> &str {
        self
    }

    fn is(&self, word: &str) -> bool {
        *self == word
    }
}

impl<T: Copy> Phrases<T> {
    /// The phrases of a table.
    pub const fn new(table: &'static [(T, &'static str)]) -> Self {
        let sorted = OnceLock::new();
        Self { table, sorted }
    }

    /// What the longest phrase means that words begin with, and the words behind it.
    pub fn begin<'t, W: Spoken>(&self, words: &'t [W]) -> Option<(T, &'t [W])> {
        let first = words.first()?;
        self.from(first.initial()).find_map(|phrase| {
            let (said, behind) = words.split_at_checked(phrase.words.len())?;
            let is_said = said
                .iter()
                .zip(&phrase.words)
                .all(|(one, word)| one.is(word));
            is_said.then_some((phrase.meaning, behind))
        })
    }

    /// What a text means that is one of the phrases; its words are one blank apart.
    pub fn get(&self, text: &str) -> Option<T> {
        let words = text.split(' ');
        let mut phrases = self.from(words.clone().next()?);
        let found = phrases.find(|phrase| words.clone().eq(phrase.words.iter().copied()));
        found.map(|phrase| phrase.meaning)
    }

    /// What each phrase means that stands in a text.
    pub fn within<'w>(&self, words: &'w [&'w str]) -> impl Iterator<Item = T> {
        (0..words.len()).filter_map(|at| self.begin(words.get(at..)?).map(|(meaning, _)| meaning))
    }

    /// Every phrase.
    pub fn iter(&self) -> impl Iterator<Item = String> {
        let sorted = self.sorted.get_or_init(|| self.read());
        sorted.iter().map(|phrase| phrase.words.join(" "))
    }

    /// The phrases that may begin with a word, longer ones first.
    fn from(&self, word: &str) -> impl Iterator<Item = &Phrase<T>> {
        let sorted = self.sorted.get_or_init(|| self.read());
        let initial = initial(word);
        let start = sorted.partition_point(|phrase| phrase.initial < initial);
        let phrases = sorted.get(start..).unwrap_or_default();
        phrases
            .iter()
            .take_while(move |phrase| phrase.initial == initial)
    }

    fn read(&self) -> Vec<Phrase<T>> {
        let mut phrases = Vec::new();
        for (meaning, text) in self.table {
            for phrase in text.split(',') {
                let mut said: Vec<Vec<&str>> = vec![Vec::new()];
                for word in phrase.split_whitespace() {
                    let either = said.iter().flat_map(|before| {
                        let words = word.split('|');
                        words.map(move |word| [before.as_slice(), &[word]].concat())
                    });
                    said = either.collect();
                }
                phrases.extend(said.into_iter().filter_map(|words| {
                    Some(Phrase {
                        initial: initial(words.first()?),
                        words,
                        meaning: *meaning,
                    })
                }));
            }
        }
        phrases.sort_by_key(|phrase| (phrase.initial, Reverse(phrase.words.len())));
        phrases
    }
}

/// One word for all by which something is the first: where numbers are read, these are one number.
fn initial(word: &str) -> &str {
    match word {
        "primer" | "primera" | "primero" => "first",
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::{Phrases, Words};

    static PHRASES: Phrases<u8> = Phrases::new(&[
        (1, "last, the last|latest one"),
        (2, "last thing, the last, "),
    ]);

    #[test]
    fn the_longest_phrase_counts() {
        let begin = |words: &'static [&str]| PHRASES.begin(words);
        assert_eq!(begin(&["last", "thing", "x"]), Some((2, &["x"][..])));
        assert_eq!(begin(&["last", "one"]), Some((1, &["one"][..])));
        assert_eq!(begin(&["the", "latest", "one"]), Some((1, &[][..])));
        assert_eq!(begin(&["the", "last", "two"]), Some((2, &["two"][..])));
        assert_eq!(begin(&["the"]), None);
        assert_eq!(begin(&[]), None);
    }

    #[test]
    fn a_whole_text_is_a_phrase_or_none() {
        assert_eq!(PHRASES.get("the last one"), Some(1));
        assert_eq!(PHRASES.get("the last"), Some(2));
        assert_eq!(PHRASES.get("last one"), None);
        assert_eq!(PHRASES.get(""), None);
        assert_eq!(
            PHRASES.within(&["a", "last", "thing"]).collect::<Vec<_>>(),
            [2]
        );
    }

    #[test]
    fn a_word_is_in_a_set_or_not() {
        static WORDS: Words = Words::new(&["b  a", "c"]);
        assert!(["a", "b", "c"].iter().all(|word| WORDS.has(word)));
        assert!(!WORDS.has("") && !WORDS.has("ab"));
    }
}
