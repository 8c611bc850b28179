//! Fixed phrases, as they are spoken and folded: words without accents, apostrophes or capitals.

use super::token::{Token, spoken};

/// What is left of a text.
pub(super) type Rest<'t, 'a> = &'t [Token<'a>];

/// What stands behind `phrase` where `tokens` begin with it.
fn behind<'t, 'a>(phrase: &str, tokens: Rest<'t, 'a>) -> Option<Rest<'t, 'a>> {
    phrase.split(' ').try_fold(tokens, |tokens, word| {
        let (first, rest) = tokens.split_first()?;
        let is_same = match first {
            Token::Word(said) => *said == word,
            // "First", "ocho": numbers are no longer words.
            Token::Number(number) => number.digits == 0 && spoken(word) == Some(*number),
            Token::Dash => word == "-",
            Token::Colon | Token::Slash => false,
        };
        is_same.then_some(rest)
    })
}

/// Whether a phrase may be what tokens begin with, so that the rest of it is worth a look: most are not.
fn may_begin(phrase: &str, tokens: Rest<'_, '_>) -> bool {
    match tokens.first() {
        Some(Token::Word(word)) => {
            phrase.as_bytes().first() == word.as_bytes().first() && phrase.starts_with(word)
        }
        // No phrase begins with another number than the first.
        Some(Token::Number(number)) => {
            number.is_ordinal && number.value == 1 && phrase.starts_with(['f', 'p'])
        }
        _ => false,
    }
}

/// The first of `phrases` that `tokens` begin with, and what stands behind it.
pub(super) fn first<'t, 'a, T: Copy>(
    phrases: &[(&str, T)],
    tokens: Rest<'t, 'a>,
) -> Option<(T, Rest<'t, 'a>)> {
    phrases
        .iter()
        .filter(|(phrase, _)| may_begin(phrase, tokens))
        .find_map(|(phrase, meaning)| Some((*meaning, behind(phrase, tokens)?)))
}

/// What stands behind the first of `phrases` that `tokens` begin with.
pub(super) fn any<'t, 'a>(phrases: &[&str], tokens: Rest<'t, 'a>) -> Option<Rest<'t, 'a>> {
    phrases
        .iter()
        .filter(|phrase| may_begin(phrase, tokens))
        .find_map(|phrase| behind(phrase, tokens))
}

#[cfg(test)]
pub(super) fn shadowed<'p>(phrases: impl Iterator<Item = &'p str>) -> Vec<(&'p str, &'p str)> {
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for phrase in phrases {
        let number = phrase.split(' ').next().and_then(spoken);
        assert!(
            number.is_none_or(|number| number.is_ordinal && number.value == 1)
                && number.is_none_or(|_| phrase.starts_with(['f', 'p'])),
            "{phrase} begins with a number"
        );
        for before in &seen {
            if phrase == *before || phrase.starts_with(&format!("{before} ")) {
                found.push((*before, phrase));
            }
        }
        seen.push(phrase);
    }
    found
}
