//! Signs of a danger that is over: "we had a gas leak last month", "the fire was in 2019", "ya lo arreglaron".

use std::sync::LazyLock;

use super::{clauses::Clause, pattern::Pattern};

/// Times that are past. Yesterday is not among them: what was smelled yesterday may still be there.
const PAST: &[&str] = &[
    "last year|years|month|months|week|weeks|winter|winters|summer|summers|fall|spring|season|time",
    "year|years|month|months|week|weeks|winters|summers|springs|falls|decades|ages ago",
    "long ago|time ago",
    "long time ago",
    "in the past",
    "en el pasado",
    "used to",
    "back then",
    "ano|mes|invierno|verano|otono pasado",
    "semana|primavera|vez pasada",
    "hace ... ano|anos|mes|meses|semana|semanas|tiempo",
];
/// Words that say that it was put right.
const SETTLED: &[&str] = &[
    "was|were|got|already fixed|repaired|resolved",
    "has|have|had|its been fixed|repaired|resolved",
    "is already fixed|repaired|resolved",
    "fixed it|that",
    "taken care of",
    "ya _ arreglaron|repararon|arreglo|reparo|arreglado|arreglada|reparado|reparada|solucionaron",
    "fue arreglado|arreglada|reparado|reparada",
    "ruled out",
    "smell _ gas _ gone|went",
    "gas smell _ gone|went",
    "not detected|present",
];
/// Words that say that it was not.
const UNSETTLED: &[&str] = &[
    "never|nobody|not|wasnt|hasnt|isnt|havent _ fixed|repaired|resolved",
    "nadie|nunca _ arreglo|arreglaron|reparo|repararon",
];
/// Words of the next clause that bring a danger back: "you fixed it last week, and it is leaking again".
const BACK: &[&str] = &[
    "again",
    "still",
    "back",
    "worse",
    "nuevamente",
    "sigue",
    "todavia",
    "volvio",
];
/// Words that say that it is so now.
const NOW: &[&str] = &[
    "theres",
    "hes",
    "shes",
    "heres",
    "now",
    "still",
    "again",
    "today",
    "tonight",
    "currently",
    "keeps",
    "keep",
    "smells",
    "smelling",
    "leaking",
    "hay",
    "huele",
    "tiene",
    "tengo",
    "tenemos",
    "sigue",
    "siguen",
    "ahora",
    "todavia",
    "aun",
    "sale",
    "salen",
    "hoy",
];
/// Words of the present that also go with what is settled: "the leak has been fixed".
const PRESENT: &[&str] = &["is", "are", "am", "has", "have", "its", "estan", "esta"];

static PAST_PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| read(PAST));
static SETTLED_PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| read(SETTLED));
static UNSETTLED_PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| read(UNSETTLED));

fn read(table: &[&'static str]) -> Vec<Pattern> {
    table.iter().copied().map(Pattern::read).collect()
}

/// Whether what a clause tells of is over: by its own words, or by those of the next ("but that was last year").
pub(super) fn over(clauses: &[Clause], place: usize) -> bool {
    let Some(clause) = clauses.get(place) else {
        return false;
    };
    let next = clauses.get(place + 1);
    if is_now(clause) || matches(clause, &UNSETTLED_PATTERNS) || next.is_some_and(comes_back) {
        return false;
    }
    if settled(clause) {
        return true;
    }
    if is_present(clause) {
        return false;
    }
    let looks_back = |next: &Clause| {
        refers_back(next) && past(next) && !is_now(next) && !is_present(next)
            || settled(next) && !is_now(next)
    };
    past(clause) || next.is_some_and(looks_back)
}

/// "That was ...", "eso fue ...".
fn refers_back(clause: &Clause) -> bool {
    matches!(
        (clause.said(0), clause.said(1)),
        (
            Some("that" | "it" | "this" | "which" | "those"),
            Some("was" | "were" | "happened")
        ) | (Some("eso" | "esto"), Some("fue" | "paso" | "ocurrio"))
            | (Some("fue"), Some(_))
    )
}

fn past(clause: &Clause) -> bool {
    let year = |word: &str| {
        word.len() == 4
            && (word.starts_with("19") || word.starts_with("20"))
            && word.bytes().all(|digit| digit.is_ascii_digit())
    };
    (0..clause.tokens.len()).any(|at| {
        let before = at
            .checked_sub(1)
            .and_then(|at| clause.said(at))
            .unwrap_or_default();
        if matches!(before, "in" | "en") && clause.said(at).is_some_and(year) {
            return true;
        }
        // "Since last week", "desde hace un mes", "hace un mes que": it began then, and goes on.
        let goes_on = |end: usize| {
            matches!(before, "since" | "desde")
                || clause.said(at) == Some("hace") && clause.said(end) == Some("que")
        };
        PAST_PATTERNS
            .iter()
            .filter_map(|pattern| pattern.end_of_match(&clause.tokens, at))
            .any(|end| !goes_on(end))
    })
}

fn settled(clause: &Clause) -> bool {
    matches(clause, &SETTLED_PATTERNS)
}

fn matches(clause: &Clause, patterns: &[Pattern]) -> bool {
    (0..clause.tokens.len()).any(|at| {
        patterns
            .iter()
            .any(|pattern| pattern.end_of_match(&clause.tokens, at).is_some())
    })
}

fn comes_back(clause: &Clause) -> bool {
    clause
        .tokens
        .iter()
        .any(|token| BACK.contains(&token.said.as_str()))
}

fn is_now(clause: &Clause) -> bool {
    let perceived = |at: usize| {
        matches!(clause.said(at), Some("i" | "we" | "can"))
            && matches!(clause.said(at + 1), Some("smell" | "see" | "hear" | "feel"))
    };
    clause
        .tokens
        .iter()
        .enumerate()
        .any(|(at, token)| NOW.contains(&token.said.as_str()) || perceived(at))
}

fn is_present(clause: &Clause) -> bool {
    (0..clause.tokens.len()).any(|at| {
        let before = at
            .checked_sub(1)
            .and_then(|at| clause.said(at))
            .unwrap_or_default();
        // "En esta casa" is a place, "está" a present; without accents they look alike.
        let place = matches!(before, "en" | "de");
        clause
            .said(at)
            .is_some_and(|word| PRESENT.contains(&word) && !(word == "esta" && place))
    })
}
