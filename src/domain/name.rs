//! Names as callers give them and as they are stored.

use super::{fold, placeholder};

/// A name fit to be stored and spoken: without what stands in brackets ("Maria Lopez (wife)"), on one line, its spaces single. `None` when
/// nothing is left, or it is nobody's name ([`placeholder::is_nobody`]).
#[must_use]
pub fn name(text: &str) -> Option<String> {
    if placeholder::is_nobody(text) {
        return None;
    }
    let plain = without_brackets(text);
    let joined = unspelled(&plain);
    let trimmed = joined
        .trim_matches(|letter: char| {
            matches!(letter, ' ' | ',' | ';' | ':' | '-' | '"' | '“' | '”')
        })
        .trim_start_matches('.');
    (!placeholder::is_nobody(trimmed)).then(|| trimmed.to_owned())
}

/// A name on one line of which what was spelled is a word: "J-O P-A-R-K" is Jo Park. What is spelled behind the name says it again and is left out:
/// "Jo Park, P-A-R-K", "Jo Park, P as in Peter".
fn unspelled(text: &str) -> String {
    let spelled = |word: &str| word.split('-').all(is_letter) && word.contains('-');
    let lines: Vec<&str> = text.split(',').collect();
    let says_again = |part: &str| {
        let words: Vec<&str> = part.split_whitespace().collect();
        match words.as_slice() {
            [letter, "as", "in", ..] | [letter, "de" | "como", _] => is_letter(letter),
            words => !words.is_empty() && words.iter().all(|word| spelled(word) || is_letter(word)),
        }
    };
    let again: Vec<&str> = lines
        .iter()
        .skip(1)
        .copied()
        .filter(|part| says_again(part))
        .collect();
    // "Smith, J" has an initial.
    let is_initial = matches!(again.as_slice(), [one] if is_letter(one.trim()));
    let kept: Vec<&str> = lines
        .iter()
        .enumerate()
        .filter(|(place, part)| *place == 0 || is_initial || !says_again(part))
        .map(|(_, part)| *part)
        .collect();
    let plain = kept.join(",");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let are_spelled = words.iter().all(|word| spelled(word));
    // Fewer letters are initials: "J R R Tolkien", "J-P Morgan".
    if words.len() >= MIN_SPELLED
        && words
            .iter()
            .all(|word| is_letter(word.trim_end_matches('.')))
    {
        return capitalized(words.iter().flat_map(|word| word.chars()));
    }
    let words = words.iter().map(|word| {
        if spelled(word) && (are_spelled || word.split('-').count() >= MIN_SPELLED) {
            capitalized(word.chars())
        } else {
            (*word).to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// How many letters one after another spell a name.
const MIN_SPELLED: usize = 4;

fn is_letter(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

/// Letters as a name, without the signs between them.
fn capitalized(letters: impl Iterator<Item = char>) -> String {
    let mut letters = letters.filter(|letter| letter.is_alphabetic());
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let first: Vec<char> = first.collect();
    first
        .into_iter()
        .chain(letters.flat_map(char::to_lowercase))
        .collect()
}

/// A text without what stands in brackets, also within others; a bracket that is never closed opens nothing, and is left out.
fn without_brackets(text: &str) -> String {
    let mut kept = String::new();
    // Where each open bracket stands in what is kept, and how it closes.
    let mut open: Vec<(usize, char)> = Vec::new();
    for letter in text.chars() {
        let closing = match letter {
            '(' => Some(')'),
            '[' => Some(']'),
            '<' => Some('>'),
            '{' => Some('}'),
            _ => None,
        };
        if let Some(closing) = closing {
            open.push((kept.len(), closing));
            kept.push(' ');
        } else if let Some(place) = open.iter().rposition(|(_, closing)| *closing == letter) {
            if let Some((start, _)) = open.get(place) {
                kept.truncate(*start);
            }
            open.truncate(place);
            kept.push(' ');
        } else if matches!(letter, ')' | ']' | '>' | '}') || letter.is_control() {
            kept.push(' ');
        } else {
            kept.push(letter);
        }
    }
    // What stands behind a bracket that nothing closes is a remark that was cut off.
    if let Some((start, _)) = open.first() {
        kept.truncate(*start);
    }
    kept
}

/// Whether two names may be one person's: the words of one stand in the other, as in "Maria" and "Maria Lopez".
#[must_use]
pub fn may_be_same(one: &str, other: &str) -> bool {
    let (one, other) = (fold::words(one), fold::words(other));
    let within = |inner: &[String], outer: &[String]| inner.iter().all(|word| outer.contains(word));
    within(&one, &other) || within(&other, &one)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_keeps_no_brackets_and_no_placeholder() {
        for (text, clean) in [
            ("Maria Lopez (wife)", Some("Maria Lopez")),
            ("Jo [caller]", Some("Jo")),
            ("Ana <x>", Some("Ana")),
            ("Ana <ana@example.com>", Some("Ana")),
            ("(Mrs.) Ana  Ruiz", Some("Ana Ruiz")),
            ("Ana (the (second) wife) Ruiz", Some("Ana Ruiz")),
            ("Ana Ruiz (wife", Some("Ana Ruiz")),
            ("Ana Ruiz wife)", Some("Ana Ruiz wife")),
            ("Sam Lee {spelled S-A-M}", Some("Sam Lee")),
            ("  Sam\n Lee,", Some("Sam Lee")),
            ("Sam Lee Jr.", Some("Sam Lee Jr.")),
            ("J-O P-A-R-K", Some("Jo Park")),
            ("L-u-p-i-t-a R-í-o-s", Some("Lupita Ríos")),
            ("Jo P-A-R-K", Some("Jo Park")),
            ("Jo Park, P-A-R-K", Some("Jo Park")),
            ("Jo Park, P as in Peter, A, R, K", Some("Jo Park")),
            ("Lupita Ríos, R de Roma", Some("Lupita Ríos")),
            ("S M I T H", Some("Smith")),
            ("S. M. I. T. H.", Some("Smith")),
            ("J R R Tolkien", Some("J R R Tolkien")),
            ("J-P Morgan", Some("J-P Morgan")),
            ("Lopez, Maria", Some("Lopez, Maria")),
            ("Smith, J", Some("Smith, J")),
            ("Ana-Sofía", Some("Ana-Sofía")),
            ("X", Some("X")),
            ("\"Sam Lee\"", Some("Sam Lee")),
            ("José Ángel Núñez-O'Neil", Some("José Ángel Núñez-O'Neil")),
            ("Null Island Bakery", Some("Null Island Bakery")),
            ("null", None),
            ("caller (new)", None),
            ("Unknown [caller]", None),
            ("{{customer_name}}", None),
            ("(Ana)", None),
            ("[name]", None),
            ("((((", None),
            ("", None),
        ] {
            assert_eq!(name(text).as_deref(), clean, "{text}");
        }
    }

    #[test]
    fn a_part_of_a_name_may_be_the_same_persons() {
        for (one, other, is_same) in [
            ("Maria Lopez", "maría lópez", true),
            ("Maria", "Maria Lopez", true),
            ("Lopez, Maria", "Maria Lopez", true),
            ("Maria Lopez", "Jo Park", false),
            ("Maria Lopez", "Maria Park", false),
        ] {
            assert_eq!(super::may_be_same(one, other), is_same, "{one} and {other}");
        }
    }
}
