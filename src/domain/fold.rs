//! The spelling in which words are compared: lower case, without accents or apostrophes.
//!
//! Transcripts of Spanish arrive with and without accents ("mañana", "manana"), composed or decomposed, so words are
//! compared without them. No two words that this program knows differ by an accent alone.

/// Text in lower case, with Latin accents, combining marks and apostrophes taken away.
///
/// "Mañana" becomes "manana" and "don't" becomes "dont"; everything else stays where it was.
pub fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter_map(plain)
        .collect()
}

/// The words of a text, folded: its runs of letters and digits.
pub fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A lower-case letter without its accent; nothing for what is not heard.
fn plain(letter: char) -> Option<char> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        // Combining marks, apostrophes, and what joins or parts letters unseen.
        '\u{300}'..='\u{36f}'
        | '\''
        | '’'
        | '‘'
        | '`'
        | '´'
        | '\u{200b}'..='\u{200f}'
        | '\u{2060}'
        | '\u{feff}'
        | '\u{ad}' => {
            return None;
        }
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::{fold, words};

    #[test]
    fn accents_case_and_apostrophes_do_not_tell_words_apart() {
        assert_eq!(fold("MAÑANA"), "manana");
        assert_eq!(fold("man\u{303}ana"), "manana");
        assert_eq!(fold("ga\u{200b}s sme\u{ad}ll"), "gas smell");
        assert_eq!(fold("Don’t, don't"), "dont, dont");
        assert_eq!(fold("Próximo MIÉRCOLES"), "proximo miercoles");
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(words("  ¡El martes, 3pm! "), ["el", "martes", "3pm"]);
        assert!(words(" -- ").is_empty());
    }
}
