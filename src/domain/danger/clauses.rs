//! A text as clauses of words.

use crate::domain::{
    fold,
    words::{Spoken, Words},
};

/// A word of a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// The word, folded.
    pub said: String,
    /// The word for it and its synonyms; see [`stem`].
    pub stem: String,
}

impl Spoken for Token {
    fn initial(&self) -> &str {
        &self.said
    }

    fn is(&self, word: &str) -> bool {
        self.said == word
    }
}

/// What ends a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A comma: a list may go on.
    Comma,
    /// A question mark, a colon or a dash: an answer may follow.
    Asks,
    /// "And": a list may end with what follows.
    And,
    /// Anything else: a full stop, "but", the end.
    Closed,
}

/// A stretch of words within which a denial or a date reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    pub tokens: Vec<Token>,
    pub end: End,
}

impl Clause {
    /// The folded word at a place.
    pub fn said(&self, at: usize) -> Option<&str> {
        self.tokens.get(at).map(|token| token.said.as_str())
    }
}

/// Words that begin a clause of their own.
static CONJUNCTIONS: Words =
    Words::new(&["and but because cause however although though y pero porque aunque sino"]);

/// Cuts a text into clauses; none is empty.
pub(super) fn clauses(text: &str) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let mut tokens: Vec<Token> = Vec::new();
    let mut close = |tokens: &mut Vec<Token>, end| {
        if !tokens.is_empty() {
            clauses.push(Clause {
                tokens: std::mem::take(tokens),
                end,
            });
        } else if end == End::And
            && let Some(item @ End::Comma) = clauses.last_mut().map(|clause| &mut clause.end)
        {
            *item = End::And;
        }
    };
    let folded = fold::fold(text);
    let mut letters = folded.chars().peekable();
    let mut word = String::new();
    let mut abbreviated = false;
    loop {
        let letter = letters.next();
        let next = letters.peek().copied();
        if let Some(letter) = letter.filter(|letter| letter.is_alphanumeric()) {
            word.push(letter);
            continue;
        }
        // "c.o. alarm": full stops between single letters do not end a sentence.
        let single = abbreviated || word.chars().count() == 1;
        if letter == Some('.')
            && single
            && next.is_some_and(char::is_alphabetic)
            && !word.is_empty()
        {
            abbreviated = true;
            continue;
        }
        let after_abbreviation = std::mem::take(&mut abbreviated);
        if CONJUNCTIONS.has(&word) {
            let is_and = matches!(word.as_str(), "and" | "y");
            word.clear();
            close(&mut tokens, if is_and { End::And } else { End::Closed });
        } else if !word.is_empty() {
            let said = std::mem::take(&mut word);
            let stem = stem(&said).to_owned();
            tokens.push(Token { said, stem });
        }
        match letter {
            None => break,
            Some('.') if after_abbreviation => {}
            Some(',') => close(&mut tokens, End::Comma),
            Some('?' | ':' | '–' | '—') => close(&mut tokens, End::Asks),
            // A hyphen joins words; a dash stands by itself.
            Some('-') if next.is_some_and(char::is_whitespace) => close(&mut tokens, End::Asks),
            Some('.' | ';' | '!' | '¡' | '¿' | '(' | ')' | '\n' | '•' | '|' | '"') => {
                close(&mut tokens, End::Closed);
            }
            Some(_) => {}
        }
    }
    close(&mut tokens, End::Closed);
    clauses
}

/// The word for a folded word and its synonyms in both languages.
pub(super) fn stem(word: &str) -> &str {
    match word {
        "smells" | "smelling" | "smelled" | "smelt" | "odor" | "odors" | "odour" | "stink"
        | "stinks" | "stinking" | "stench" | "whiff" | "reek" | "reeks" | "reeking" | "huele"
        | "huelo" | "huelen" | "oler" | "olor" | "olores" | "olemos" | "oliendo" | "olia"
        | "apesta" | "apestando" | "hiede" | "peste" | "tufo" | "olorcito" | "olorcillo"
        | "guele" | "uele" | "wele" => "smell",
        "leaks" | "leaking" | "leaked" | "leakage" | "leaky" | "escape" | "escapes"
        | "escaping" | "escaped" | "fuga" | "fugas" | "fugando" | "fugandose" | "fugo"
        | "escapa" | "escapando" | "escapandose" | "salidero" | "salideros" => "leak",
        "gases" | "gasoline" | "gasolina" | "propane" | "propano" | "butane" | "butano"
        | "methane" | "metano" => "gas",
        "alarms" | "detector" | "detectors" | "sensor" | "sensors" | "alarma" | "alarmas"
        | "detectores" | "sensores" => "alarm",
        "ring" | "rings" | "sounding" | "sounds" | "blaring" | "screaming" | "alarming"
        | "triggered" | "tripped" | "suena" | "suenan" | "sonando" | "sono" | "activo"
        | "activada" | "disparo" => "ringing",
        "beep" | "beeps" | "beeped" | "pita" | "pitando" => "beeping",
        "co2" => "co",
        "monoxido" => "monoxide",
        "carbono" => "carbon",
        "eggs" | "huevo" | "huevos" => "egg",
        "podrido" | "podridos" | "podrida" => "rotten",
        "sulphur" | "sulfuric" | "azufre" => "sulfur",
        "breath" | "breathing" | "respirar" | "respira" | "respirando" => "breathe",
        "smoky" | "smokey" | "humo" | "humos" | "humareda" | "humito" | "humazo" => "smoke",
        "humeando" | "humea" => "smoking",
        "woozy" => "dizzy",
        "waters" => "water",
        "fuego" | "incendio" | "incendios" | "incendiando" | "incendiandose" | "incendia"
        | "lumbre" | "candela" | "quemazon" | "fogonazo" | "fogonazos" | "llamarada"
        | "llamaradas" => "fire",
        "sparking" | "sparked" | "chispas" | "chispazo" | "chispazos" | "chispeando"
        | "chisporroteando" => "sparks",
        "chispa" => "spark",
        "injured" | "herido" | "herida" | "heridos" | "heridas" | "lastimado" | "lastimada"
        | "lastimados" | "lastimo" | "lastime" | "lesionado" | "lesionada" => "hurt",
        "quemando" | "quemandose" | "ardiendo" => "burning",
        "burned" | "quemado" | "quemada" | "quemados" => "burnt",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{End, clauses};

    fn cut(text: &str) -> Vec<String> {
        clauses(text)
            .iter()
            .map(|clause| {
                clause
                    .tokens
                    .iter()
                    .map(|token| token.said.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    }

    #[test]
    fn a_text_is_cut_at_marks_and_conjunctions() {
        assert_eq!(cut("No heat, and I smell gas."), ["no heat", "i smell gas"]);
        assert_eq!(
            cut("No hay luz pero hay chispas"),
            ["no hay luz", "hay chispas"]
        );
        assert_eq!(
            cut("rotten-egg smell - since 7 p.m. today"),
            ["rotten egg smell", "since 7 pm today"]
        );
        assert_eq!(
            cut("the C.O. alarm. It rings"),
            ["the co alarm", "it rings"]
        );
        assert_eq!(cut("I left.Fire!"), ["i left", "fire"]);
        assert!(cut(" ,.;and y ").is_empty());
    }

    #[test]
    fn a_clause_knows_what_ended_it() {
        let ends: Vec<End> = clauses("Gas smell: no, smoke? none")
            .iter()
            .map(|clause| clause.end)
            .collect();
        assert_eq!(ends, [End::Asks, End::Comma, End::Asks, End::Closed]);
    }
}
