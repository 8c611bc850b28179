//! Signs of a danger that is over: "we had a gas leak last month", "the fire was in 2019", "ya lo arreglaron".

use std::sync::LazyLock;

use super::{alarms, clauses::Clause, pattern::Patterns};
use crate::domain::words::Words;

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
const OVER: &[&str] = &[
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
const ONGOING: &[&str] = &[
    "never|nobody|not|wasnt|hasnt|isnt|havent _ fixed|repaired|resolved",
    "nadie|nunca _ arreglo|arreglaron|reparo|repararon",
];
/// Words of the next clause that bring a danger back: "you fixed it last week, and it is leaking again".
static BACK: Words = Words::new(&["again still back worse nuevamente sigue todavia volvio"]);
/// Words that say that it is so now.
static NOW: Words = Words::new(&[
    "theres hes shes heres now still again today tonight currently keeps keep smells smelling \
     leaking hay huele tiene tengo tenemos sigue siguen ahora todavia aun sale salen hoy",
]);
/// Words of the present that also go with what is over: "the leak has been fixed".
static PRESENT: Words = Words::new(&["is are am has have its estan esta"]);

/// What words tell of a danger.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Past,
    Over,
    Ongoing,
}

static PATTERNS: LazyLock<Patterns<Told>> = LazyLock::new(|| {
    Patterns::read(&[
        (Told::Past, PAST),
        (Told::Over, OVER),
        (Told::Ongoing, ONGOING),
    ])
});

/// Whether what a clause tells of is over: by its own words, or by those of the next ("but that was last year").
pub(super) fn over(clauses: &[Clause], place: usize) -> bool {
    let Some(clause) = clauses.get(place) else {
        return false;
    };
    let next = clauses.get(place + 1);
    if is_now(clause) || tells(clause, Told::Ongoing) || next.is_some_and(comes_back) {
        return false;
    }
    if tells(clause, Told::Over) {
        return true;
    }
    if is_present(clause) {
        return false;
    }
    let looks_back = |next: &Clause| {
        refers_back(next) && past(next) && !is_now(next) && !is_present(next)
            || tells(next, Told::Over) && !is_now(next)
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
        PATTERNS
            .at(&clause.tokens, at)
            .any(|(told, end)| told == Told::Past && !goes_on(end))
    })
}

fn tells(clause: &Clause, what: Told) -> bool {
    (0..clause.tokens.len()).any(|at| {
        PATTERNS
            .at(&clause.tokens, at)
            .any(|(told, _)| told == what)
    })
}

fn comes_back(clause: &Clause) -> bool {
    alarms::sounds(clause) || clause.tokens.iter().any(|token| BACK.has(&token.said))
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
        .any(|(at, token)| NOW.has(&token.said) || perceived(at))
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
            .is_some_and(|word| PRESENT.has(word) && !(word == "esta" && place))
    })
}
