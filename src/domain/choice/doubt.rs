//! Corrections, denials and conditions: an option is never chosen by them.

use super::{Choice, Word, meaning};
use crate::domain::{
    negation::{CAN_NOT, EXCEPT, IS_NOT, NOR},
    words::{Phrases, Words},
};

/// Words behind which something else is said than before: "the first, I mean the second".
static CORRECTIONS: Words = Words::new(&[
    "wait actually mean sorry scratch rather correction oops digo perdon mejor sino instead",
]);

/// Words that deny a choice or make it depend on something.
static DOUBTS: Words = Words::new(&[
    NOR,
    IS_NOT,
    CAN_NOT,
    EXCEPT,
    "if maybe perhaps depends keep until unavailable whether quiza quizas depende",
]);

/// What follows a "si" that is no "sí": "la primera si es después de las diez".
static CONDITIONS: Words = Words::new(&["es esta no hay puede mi me queda tiene puedo"]);

/// The words behind the last correction, where both sides of it say which; else all of them.
pub(super) fn corrected(mut words: Vec<String>) -> Vec<String> {
    let says_which = |words: &[String]| {
        words
            .iter()
            .any(|word| matches!(meaning(word), Some(Word::Key(choice)) if choice != Choice::That))
    };
    // "La primera, no la segunda" denies what stands behind it, "the first one, no, the second" what stands before.
    let is_spanish = words
        .iter()
        .any(|word| matches!(word.as_str(), "la" | "el" | "las" | "los"));
    let corrects = |word: &str| CORRECTIONS.has(word) || (word == "no" && !is_spanish);
    let place = (1..words.len()).rev().find(|place| {
        let (before, after) = words.split_at(*place);
        matches!(after, [word, behind @ ..] if corrects(word) && says_which(before) && says_which(behind))
    });
    match place {
        Some(place) => words.split_off(place + 1),
        None => words,
    }
}

/// Words with which a question begins: "is that the first one?"
static QUESTIONS: Words = Words::new(&["is was are does did what whats which cual era how when"]);

/// Phrases that only sound like a reference.
static IDIOMS: Phrases<()> = Phrases::new(&[(
    (),
    "thats all, that is all, all good|right, por ultimo, second thought|thoughts, \
     my first|second choice",
)]);

/// Whether words are a question.
pub(super) fn is_question(words: &[String]) -> bool {
    words.first().is_some_and(|first| QUESTIONS.has(first))
}

/// Whether words only sound like a reference: "that's all".
pub(super) fn is_idiom(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    IDIOMS.within(&words).next().is_some()
}

/// Whether words ask for patience: "just a second".
pub(super) fn is_patience(words: &[String]) -> bool {
    words.windows(2).any(|pair| {
        matches!(pair, [one, second]
            if matches!(one.as_str(), "a" | "one" | "1" | "un") && matches!(second.as_str(), "second" | "segundo" | "segundito"))
    })
}

/// Whether words deny what they refer to, ask about it, or make it depend on something.
pub(super) fn is_in(words: &[String]) -> bool {
    let is_condition =
        |pair: &[String]| matches!(pair, [si, next] if si == "si" && CONDITIONS.has(next));
    let is_negated = |trio: &[String]| matches!(trio, [is, not, _] if not == "not" && matches!(is.as_str(), "does" | "do" | "can" | "will" | "is" | "would" | "did"));
    is_question(words)
        || words.iter().any(|word| DOUBTS.has(word))
        || words.windows(2).skip(1).any(is_condition)
        || words.windows(3).any(is_negated)
}

/// Whether words speak of several at once: "the first two".
pub(super) fn is_several(words: &[String]) -> bool {
    let is_count =
        |word: &String| matches!(word.as_str(), "two" | "2" | "three" | "3" | "dos" | "tres");
    let names_end = |word: &String| {
        matches!(
            meaning(word),
            Some(Word::Key(Choice::Nth(0) | Choice::Last))
        )
    };
    let place = words
        .windows(2)
        .position(|pair| matches!(pair, [end, count] if names_end(end) && is_count(count)));
    place.is_some_and(|place| {
        let mut behind = words.iter().skip(place + 2);
        behind.all(|word| matches!(meaning(word), Some(Word::Filler | Word::Marker)))
    })
}
