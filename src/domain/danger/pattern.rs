//! Short patterns of words.
//!
//! A pattern is written as words with these signs:
//!
//! * `a|b`: either word;
//! * `@a`: any word of the class `a`, see `classes`;
//! * `word!`: the word, unless the name of an appliance or a service follows, as in "gas furnace";
//! * `_`: up to four words that add nothing, such as "a lot of" or "un poco";
//! * `...`: up to six words of any kind, none of which denies.

use std::{collections::HashMap, sync::Arc};

use super::{
    classes::CLASSES,
    clauses::{Token, stem},
};
use crate::domain::{
    negation::{IS_NOT, NONE, NOR, NOT},
    words::Words,
};

/// Words that add nothing between those of a pattern.
pub(super) static FILLERS: Words = Words::new(&[
    "a an the of like some something any lot little bit strong strongly stronger faint slight \
     slightly heavy bad natural kind kinda sort so really very super pretty maybe what might be \
     could is are was were been being it its s to my our his her your this that just also all \
     getting got keeps un una el la los las de del al lo como mucho mucha muy poco poquito \
     muchisimo chorro monton bien harto demasiado medio for right straight ceiling kitchen \
     bathroom bedroom living hallway recessed horrible raro feo similar bastante fuerte algo leve \
     ligero que parece esta estan en mi su tu se me le nos carbon",
]);
/// Behind "gas" or "water" these make the name of a thing.
static THINGS: Words = Words::new(&[
    "furnace furnaces heater heaters heating heat water stove stoves oven range fireplace \
     fireplaces boiler boilers dryer grill appliance appliances meter bill company line lines \
     pipe pipes piping station tank log logs valve burner burners unit pack cooktop insert hookup \
     hookups pump service provider utility supply fired powered softener filter cooler pressure \
     acondicionado",
]);
/// Words that deny; not those of what cannot be: "can't breathe" is a danger.
pub(super) static NEGATORS: Words =
    Words::new(&[NOT, NONE, NOR, IS_NOT, "denied denies deny niega niegan"]);
const MAX_FILLERS: usize = 4;
const WIDEST_GAP: usize = 6;

/// A pattern, ready to be looked for.
#[derive(Debug)]
struct Pattern(Vec<Step>);

#[derive(Debug)]
enum Step {
    Word {
        any_of: Vec<&'static str>,
        alone: bool,
    },
    Fillers,
    Anything,
}

impl Pattern {
    /// Reads a pattern as it stands in a table; its words are stemmed as those of a caller are.
    fn read(written: &'static str) -> Self {
        Self(
            written
                .split_whitespace()
                .map(|part| match part {
                    "_" => Step::Fillers,
                    "..." => Step::Anything,
                    words => Step::Word {
                        any_of: words
                            .trim_end_matches('!')
                            .split('|')
                            .flat_map(members)
                            .map(stem)
                            .collect(),
                        alone: words.ends_with('!'),
                    },
                })
                .collect(),
        )
    }

    /// The words that a match can begin with.
    fn first_words(&self) -> &[&'static str] {
        match self.0.first() {
            Some(Step::Word { any_of, .. }) => any_of,
            _ => &[],
        }
    }

    /// Where the longest match that begins at `at` ends.
    fn end_of_match(&self, tokens: &[Token], at: usize) -> Option<usize> {
        longest(&self.0, tokens, at)
    }
}

/// The words of a part of a pattern: those of its class, or the word itself.
fn members(word: &'static str) -> Vec<&'static str> {
    let class = word.strip_prefix('@').and_then(|name| {
        let mut classes = CLASSES.iter();
        classes.find(|(known, _)| *known == name)
    });
    class
        .map_or(word, |(_, words)| *words)
        .split_whitespace()
        .collect()
}

/// Patterns and what they mean, by the words that they can begin with.
pub(super) struct Patterns<M>(HashMap<&'static str, Vec<(M, Arc<Pattern>)>>);

impl<M: Copy> Patterns<M> {
    /// Reads tables of patterns.
    pub fn read(tables: &[(M, &[&'static str])]) -> Self {
        let mut patterns = HashMap::<_, Vec<_>>::new();
        for (meaning, table) in tables {
            for written in table.iter().copied() {
                let pattern = Arc::new(Pattern::read(written));
                for first in pattern.first_words() {
                    let known = patterns.entry(*first).or_default();
                    known.push((*meaning, Arc::clone(&pattern)));
                }
            }
        }
        Self(patterns)
    }

    /// What the patterns mean that match at a place, and where each match ends.
    pub fn at(&self, tokens: &[Token], at: usize) -> impl Iterator<Item = (M, usize)> {
        let stem = tokens.get(at).map_or("", |token| token.stem.as_str());
        let known = self.0.get(stem).map(Vec::as_slice).unwrap_or_default();
        known.iter().filter_map(move |(meaning, pattern)| {
            Some((*meaning, pattern.end_of_match(tokens, at)?))
        })
    }
}

fn longest(steps: &[Step], tokens: &[Token], at: usize) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else {
        return Some(at);
    };
    let gap = |most: usize, fits: &dyn Fn(&Token) -> bool| {
        let room = tokens
            .iter()
            .skip(at)
            .take(most)
            .take_while(|token| fits(token))
            .count();
        (0..=room)
            .filter_map(|skipped| longest(rest, tokens, at + skipped))
            .max()
    };
    match step {
        Step::Fillers => gap(MAX_FILLERS, &|token| FILLERS.has(&token.said)),
        Step::Anything => gap(WIDEST_GAP, &|token| !NEGATORS.has(&token.said)),
        Step::Word { any_of, alone } => {
            let fits = tokens
                .get(at)
                .is_some_and(|token| any_of.contains(&token.stem.as_str()));
            let names_a_thing = || {
                tokens
                    .get(at + 1)
                    .is_some_and(|token| THINGS.has(&token.said))
            };
            if fits && !(*alone && names_a_thing()) {
                longest(rest, tokens, at + 1)
            } else {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;
    use crate::domain::danger::clauses::clauses;

    fn matches(pattern: &'static str, text: &str) -> Option<usize> {
        let clauses = clauses(text);
        Pattern::read(pattern).end_of_match(&clauses.first()?.tokens, 0)
    }

    #[test]
    fn patterns_match_words_fillers_gaps_and_words_alone() {
        assert_eq!(
            matches("smell _ gas!", "smells a lot like gas here"),
            Some(5)
        );
        assert_eq!(matches("smell _ gas!", "smell of gas furnace"), None);
        assert_eq!(matches("smell _ gas!", "smell dead gas"), None);
        assert_eq!(
            matches("co alarm ... off", "CO detector downstairs is going off"),
            Some(6)
        );
        assert_eq!(
            matches("co alarm ... off", "CO detector is not going off"),
            None
        );
        assert_eq!(matches("fire", "smoke"), None);
    }
}
