//! How well a service fits what a caller said.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use super::{
    Service,
    trade::{
        ACTIONS, COMPLAINTS, CONJUNCTIONS, FILLERS, IMPLIED, Kind, LOOKING, MENDING, OBJECTS, WEAK,
    },
};
use crate::domain::fold;

/// The most words of a phrase of the trade.
const MAX_WORDS: usize = 5;

/// The most words that tell something, in a text that may be a part of a name and nothing else.
const MAX_PART: usize = 2;

/// How far a service fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// Its thing is named, and nothing speaks against it.
    Part,
    /// Everything in one of its names is meant by the words.
    Whole,
    /// One of its names stands among the words.
    Named,
}

/// That a service fits, and the words by which it does.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    pub(super) strength: Strength,
    /// The places of those words.
    pub(super) places: BTreeSet<usize>,
    /// The parts of the sentence in which they stand.
    pub(super) clauses: BTreeSet<usize>,
}

/// What a word or phrase means.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Concept {
    kind: Kind,
    name: String,
}

/// A concept in a text.
#[derive(Clone, Debug)]
struct Mention {
    concept: Concept,
    /// The places of its words.
    places: std::ops::Range<usize>,
    /// Whether it follows from another word.
    is_implied: bool,
}

/// What a caller said.
pub(super) struct Said {
    words: Vec<String>,
    /// The part of the sentence in which each word stands.
    clauses: Vec<usize>,
    mentions: Vec<Mention>,
}

/// Phrases by the stems of their words.
static PHRASES: LazyLock<HashMap<String, Vec<Concept>>> = LazyLock::new(|| {
    let mut phrases = HashMap::new();
    for (kind, table) in [(Kind::Object, OBJECTS), (Kind::Action, ACTIONS)] {
        for (name, words) in table {
            for phrase in words.split('|') {
                phrases.insert(key(&fold::words(phrase)), vec![concept(kind, name)]);
            }
        }
    }
    for (names, words) in COMPLAINTS {
        let concepts: Vec<Concept> = names.iter().map(|name| known(name)).collect();
        for phrase in words.split('|') {
            phrases.insert(key(&fold::words(phrase)), concepts.clone());
        }
    }
    phrases
});

fn concept(kind: Kind, name: &str) -> Concept {
    Concept {
        kind,
        name: name.to_owned(),
    }
}

/// The concept of a name in the tables.
fn known(name: &str) -> Concept {
    let is_action = ACTIONS.iter().any(|(known, _)| *known == name);
    let kind = if is_action {
        Kind::Action
    } else {
        Kind::Object
    };
    concept(kind, name)
}

/// A word without the endings in which words of one meaning differ: plurals, "-ing" and "-ed", a last vowel.
fn stem(word: &str) -> &str {
    const MIN_LENGTH: usize = 3;
    let cut = |text: &'_ str, endings: &[&str]| -> usize {
        endings
            .iter()
            .find_map(|ending| text.strip_suffix(ending))
            .map(str::len)
            .filter(|length| *length >= MIN_LENGTH)
            .unwrap_or(text.len())
    };
    let mut bare = word;
    for endings in [&["s"][..], &["ing", "ed"], &["a", "e", "o", "y"]] {
        let is_plural = !(bare.ends_with("ss") && endings.contains(&"s"));
        if is_plural {
            bare = bare.get(..cut(bare, endings)).unwrap_or(bare);
        }
    }
    bare
}

fn key(words: &[String]) -> String {
    words
        .iter()
        .map(|word| stem(word))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The concepts of a text, the longest phrases first; a word that no table has is a thing of its own.
fn mentions(words: &[String]) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let phrase = (1..=MAX_WORDS.min(words.len() - at))
            .rev()
            .find_map(|length| {
                let phrase = words.get(at..at + length)?;
                PHRASES.get(&key(phrase)).map(|concepts| (length, concepts))
            });
        let length = phrase.map_or(1, |(length, _)| length);
        let places = at..at + length;
        if let Some((_, concepts)) = phrase {
            found.extend(concepts.iter().map(|concept| Mention {
                concept: concept.clone(),
                places: places.clone(),
                is_implied: false,
            }));
        } else if let Some(word) = words.get(at)
            && !FILLERS.has(word)
        {
            found.push(Mention {
                concept: concept(Kind::Object, stem(word)),
                places,
                is_implied: false,
            });
        }
        at += length;
    }
    found
}

impl Said {
    /// Reads a text; `None` without a word.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (mut words, mut clauses) = (Vec::new(), Vec::new());
        let mut clause = 0;
        for segment in text.split([',', ';', '&', '+', '.', '\n']) {
            for word in fold::words(segment) {
                if CONJUNCTIONS.has(&word) {
                    clause += 1;
                }
                words.push(word);
                clauses.push(clause);
            }
            clause += 1;
        }
        if words.is_empty() {
            return None;
        }
        let mut mentions = mentions(&words);
        let implied: Vec<Mention> = mentions
            .iter()
            .flat_map(|mention| {
                IMPLIED
                    .iter()
                    .filter(|(names, _)| names.contains(&mention.concept.name.as_str()))
                    .flat_map(|(_, implied)| implied.iter())
                    .map(|name| Mention {
                        concept: known(name),
                        places: mention.places.clone(),
                        is_implied: true,
                    })
            })
            .collect();
        mentions.extend(implied);
        Some(Self {
            words,
            clauses,
            mentions,
        })
    }

    /// Whether it is a name of the service and nothing else.
    pub(super) fn is_name_of(&self, service: &Service) -> bool {
        service.phrases().any(|phrase| phrase == self.words)
    }

    /// How the service fits best; its names together, where several fit alike.
    pub(super) fn fit(&self, service: &Service) -> Option<Fit> {
        let mut best: Option<Fit> = None;
        for phrase in service.phrases() {
            let Some((strength, places)) = self.named(&phrase).or_else(|| self.meant(&phrase))
            else {
                continue;
            };
            match &mut best {
                Some(known) if known.strength > strength => {}
                Some(known) if known.strength == strength => known.places.extend(places),
                _ => {
                    best = Some(Fit {
                        strength,
                        places,
                        clauses: BTreeSet::new(),
                    });
                }
            }
        }
        let mut fit = best?;
        fit.clauses = fit.places.iter().map(|place| self.clause(*place)).collect();
        Some(fit)
    }

    fn clause(&self, place: usize) -> usize {
        self.clauses.get(place).copied().unwrap_or_default()
    }

    /// Where a name stands among the words.
    fn named(&self, phrase: &[String]) -> Option<(Strength, BTreeSet<usize>)> {
        let places: BTreeSet<usize> = self
            .words
            .windows(phrase.len())
            .enumerate()
            .filter(|(_, window)| *window == phrase)
            .flat_map(|(at, _)| at..at + phrase.len())
            .collect();
        (!places.is_empty()).then_some((Strength::Named, places))
    }

    /// Whether the words mean what a name says.
    fn meant(&self, phrase: &[String]) -> Option<(Strength, BTreeSet<usize>)> {
        let wanted = mentions(phrase);
        let of_kind = |kind: Kind| {
            wanted
                .iter()
                .filter(move |mention| mention.concept.kind == kind)
                .map(|mention| &mention.concept)
        };
        let mut places = BTreeSet::new();
        // The things first: what is done must be done to them.
        let (mut things, mut is_thing_named, mut is_whole) = (BTreeSet::new(), false, true);
        for thing in of_kind(Kind::Object) {
            let Some(mention) = self.mention(thing, None) else {
                is_whole = false;
                continue;
            };
            is_thing_named |= !mention.is_implied && !WEAK.has(&thing.name);
            places.extend(mention.places.clone());
            things.insert(self.clause(mention.places.start));
        }
        let has_thing = of_kind(Kind::Object).next().is_some();
        if has_thing && things.is_empty() {
            return None;
        }
        let (mut is_done, mut has_action) = (false, false);
        for action in of_kind(Kind::Action) {
            has_action = true;
            match self.mention(action, has_thing.then_some(&things)) {
                Some(mention) => {
                    is_done = true;
                    places.extend(mention.places.clone());
                }
                None => is_whole = false,
            }
        }
        if is_whole && (has_action || is_thing_named) {
            return Some((Strength::Whole, places));
        }
        let is_mending =
            of_kind(Kind::Action).all(|action| MENDING.contains(&action.name.as_str()));
        let says_otherwise = has_action && !is_done && self.wants_something_done(&things);
        // To put in something new must be said, unless no more than the thing is named.
        let is_part = self.telling() <= MAX_PART && !self.says_what_to_do();
        let may_be = is_done || is_mending || is_part;
        (is_thing_named && !says_otherwise && may_be || !has_thing && is_done)
            .then_some((Strength::Part, places))
    }

    /// Where a concept is mentioned: what was said before what follows from it. An action counts where the thing is, or
    /// elsewhere if none stands there and it is not said of another thing.
    fn mention(&self, concept: &Concept, within: Option<&BTreeSet<usize>>) -> Option<&Mention> {
        let is_near = |mention: &Mention| {
            within.is_none_or(|clauses| {
                clauses.contains(&self.clause(mention.places.start))
                    || clauses
                        .iter()
                        .any(|clause| !self.has(Kind::Action, *clause))
                        && !self.has(Kind::Object, self.clause(mention.places.start))
            })
        };
        let mut found: Vec<&Mention> = self
            .mentions
            .iter()
            .filter(|mention| mention.concept == *concept && is_near(mention))
            .collect();
        found.sort_by_key(|mention| mention.is_implied);
        found.first().copied()
    }

    fn has(&self, kind: Kind, clause: usize) -> bool {
        self.mentions.iter().any(|mention| {
            mention.concept.kind == kind && self.clause(mention.places.start) == clause
        })
    }

    /// Whether something is asked for in these parts of the sentence that is more than a look.
    fn wants_something_done(&self, clauses: &BTreeSet<usize>) -> bool {
        self.mentions.iter().any(|mention| {
            mention.concept.kind == Kind::Action
                && !mention.is_implied
                && !LOOKING.contains(&mention.concept.name.as_str())
                && (clauses.is_empty() || clauses.contains(&self.clause(mention.places.start)))
        })
    }

    fn says_what_to_do(&self) -> bool {
        self.mentions
            .iter()
            .any(|mention| mention.concept.kind == Kind::Action && !mention.is_implied)
    }

    /// How many things and actions were said.
    fn telling(&self) -> usize {
        self.mentions
            .iter()
            .filter(|mention| !mention.is_implied)
            .count()
    }
}
