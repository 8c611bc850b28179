//! Signs that are denied: "no gas smell", "nobody is hurt", "no hay fuga de gas".
//!
//! A denial reaches forward from its word to the end of the clause, over a few words, and no further than the next
//! thing that it can belong to: in "no heat I smell gas", the heat is what is missing.

use super::{
    clauses::{Clause, End},
    pattern::NEGATORS,
    signs::Sign,
};

/// How many words a denial reaches.
const REACH: usize = 8;
/// How many items of a list are looked at.
const MAX_LIST: usize = 8;

/// Words at which a denial ends: what it was about stands before them.
const ENDS: &[&str] = &[
    // A new thought.
    "with",
    "con",
    "when",
    "cuando",
    "if",
    "si",
    "whether",
    "while",
    "since",
    "desde",
    "after",
    "until",
    "mientras",
    "except",
    "unless",
    "besides",
    "just",
    "only",
    "solo",
    "solamente",
    // Services whose lack is the complaint.
    "heat",
    "heating",
    "cooling",
    "power",
    "electricity",
    "ac",
    "air",
    "water",
    "hot",
    "lights",
    "pressure",
    "agua",
    "luz",
    "calefaccion",
    "calor",
    "caliente",
    "calentador",
    "aire",
    "electricidad",
    "energia",
    "frio",
    // Things that do not work.
    "work",
    "works",
    "working",
    "turn",
    "turns",
    "turning",
    "turned",
    "run",
    "runs",
    "running",
    "start",
    "starts",
    "starting",
    "light",
    "lit",
    "lighting",
    "draining",
    "funciona",
    "funcionan",
    "funcionando",
    "sirve",
    "sirven",
    "prende",
    "enciende",
    "calienta",
    "trabaja",
    "jala",
    "arranca",
    "enfria",
    // Danger that was not ended, and help that did not come.
    "stop",
    "stops",
    "stopped",
    "stopping",
    "shut",
    "close",
    "closed",
    "cerrar",
    "cerrado",
    "cierra",
    "apagar",
    "apaga",
    "apague",
    "fix",
    "fixed",
    "fixing",
    "repair",
    "repaired",
    "come",
    "came",
    "coming",
    "show",
    "showed",
    "answer",
    "answered",
    "answering",
    "help",
    "helped",
    "respond",
    "responded",
    "arreglar",
    "arreglaron",
    "arreglado",
    "reparar",
    "repararon",
    "reparado",
    "vino",
    "venido",
    "vinieron",
    "contesta",
    "contestan",
];

/// Words that begin a statement of their own, unless what stands before them thinks or says it.
const STARTERS: &[&str] = &[
    "i", "im", "ive", "we", "weve", "he", "hes", "she", "shes", "they", "theyre", "there",
    "theres", "it", "its", "thats", "hay",
];
const THINKING: &[&str] = &[
    "think", "thinking", "thought", "believe", "suppose", "guess", "say", "says", "saying", "said",
    "mean", "like", "that", "creo", "cree", "creemos", "pienso", "que", "parece",
];
/// What may stand before "hay" in one statement with it.
const BEFORE_HAY: &[&str] = &["no", "que", "ya", "tampoco", "nunca"];

/// Denying words that deny nothing here: doubt, haste, or danger that will not end.
const NO_DENIALS: &[&[&str]] = &[
    &["not", "sure"],
    &["not", "certain"],
    &["not", "kidding"],
    &["not", "joking"],
    &["not", "a", "joke"],
    &["not", "a", "drill"],
    &["not", "safe"],
    &["not", "ok"],
    &["not", "okay"],
    &["not", "normal"],
    &["not", "right"],
    &["not", "good"],
    &["no", "doubt"],
    &["no", "question"],
    &["no", "idea"],
    &["no", "clue"],
    &["no", "joke"],
    &["nobody", "knows"],
    &["dont", "know"],
    &["do", "not", "know"],
    &["not", "know"],
    &["dont", "you"],
    &["dont", "ignore"],
    &["doesnt", "it"],
    &["doesnt", "the"],
    &["isnt", "it"],
    &["isnt", "that"],
    &["isnt", "there"],
    &["isnt", "this"],
    &["nadie", "sabe"],
    &["nada", "mas"],
    &["no", "mas"],
    &["no", "se", "si"],
    &["no", "se", "que"],
    &["no", "se", "como"],
    &["no", "se", "quien"],
    &["no", "se", "donde"],
    &["no", "se", "cuanto"],
    &["no", "se", "por"],
    &["no", "estoy", "seguro"],
    &["no", "estoy", "segura"],
    &["no", "estamos", "seguros"],
    &["no", "cabe", "duda"],
    &["no", "hay", "duda"],
    &["no", "hay", "tiempo"],
    &["no", "es", "broma"],
    &["no", "puedo"],
    &["no", "podemos"],
    &["no", "puede"],
    &["no", "pueden"],
    &["no", "para"],
    &["no", "deja"],
    &["no", "se", "apaga"],
    &["no", "se", "quita"],
    &["no", "se", "va"],
    &["no", "se", "detiene"],
    &["no", "aguanto"],
    &["no", "soporto"],
    &["sin", "parar"],
    &["sin", "duda"],
];

/// Whether a sign is denied: before it, by the answer behind it, or in a list ("no smoke, flames, or fire").
pub(super) fn denied(clauses: &[Clause], signs: &[Vec<Sign>], place: usize, sign: &Sign) -> bool {
    let Some(clause) = clauses.get(place) else {
        return false;
    };
    denied_before(clause, sign)
        || answered_no(clauses, place)
        || in_denied_list(clauses, signs, place)
}

/// Whether a word before a sign, in its clause, denies it.
pub(super) fn denied_before(clause: &Clause, sign: &Sign) -> bool {
    for at in (0..sign.from).rev().take(REACH) {
        let Some(word) = clause.said(at) else {
            return false;
        };
        if NEGATORS.contains(&word) {
            return denies(clause, at);
        }
        if ENDS.contains(&word) {
            return false;
        }
        let before = at
            .checked_sub(1)
            .and_then(|at| clause.said(at))
            .unwrap_or_default();
        let goes_on = THINKING.contains(&before) || word == "hay" && BEFORE_HAY.contains(&before);
        if STARTERS.contains(&word) && !goes_on {
            return false;
        }
    }
    false
}

/// Whether the denying word at `at` denies what follows it.
fn denies(clause: &Clause, at: usize) -> bool {
    let here = |words: &[&str]| {
        words
            .iter()
            .enumerate()
            .all(|(further, word)| clause.said(at + further) == Some(word))
    };
    // "Never smelled gas before" is said by somebody who smells it now.
    let for_the_first_time = matches!(clause.said(at), Some("never" | "nunca" | "jamas"))
        && clause
            .tokens
            .iter()
            .skip(at)
            .take(2 * REACH)
            .any(|token| matches!(token.said.as_str(), "before" | "until" | "antes" | "hasta"));
    !for_the_first_time && !NO_DENIALS.iter().any(|words| here(words))
}

/// "Gas smell: no", "¿Olor a gas? Ninguno".
fn answered_no(clauses: &[Clause], place: usize) -> bool {
    const ANSWERS: &[&str] = &[
        "no", "none", "nope", "negative", "nada", "ninguno", "ninguna", "not", "reported",
        "detected", "present", "noted", "observed",
    ];
    let (Some(asked), Some(answer)) = (clauses.get(place), clauses.get(place + 1)) else {
        return false;
    };
    asked.end == End::Asks
        && asked.tokens.len() <= 5
        && answer
            .tokens
            .iter()
            .all(|token| ANSWERS.contains(&token.said.as_str()))
        && !matches!(
            answer.said(0),
            Some("reported" | "detected" | "present" | "noted" | "observed")
        )
}

/// Whether the clause is a bare item of a list whose head is denied and whose end says "or": "no smell of gas, smoke,
/// or fire". Without the "or" the commas may separate complaints.
fn in_denied_list(clauses: &[Clause], signs: &[Vec<Sign>], place: usize) -> bool {
    let item = |at: usize| {
        clauses
            .get(at)
            .zip(signs.get(at))
            .is_some_and(|(clause, signs)| is_item(clause, signs))
    };
    let continues = |at: usize| {
        clauses
            .get(at)
            .is_some_and(|clause| clause.end == End::Comma)
    };
    if !item(place) {
        return false;
    }
    let Some(head) = (place.saturating_sub(MAX_LIST)..place)
        .rev()
        .take_while(|before| continues(*before))
        .find(|before| !item(*before))
    else {
        return false;
    };
    let denied_head = clauses
        .get(head)
        .zip(signs.get(head))
        .is_some_and(|(clause, signs)| signs.iter().any(|sign| denied_before(clause, sign)));
    let says_or = (head + 1..clauses.len())
        .take(MAX_LIST)
        .take_while(|at| item(*at) && (*at == head + 1 || continues(at - 1)))
        .any(|at| {
            clauses
                .get(at)
                .and_then(|clause| clause.said(0))
                .is_some_and(|word| matches!(word, "or" | "nor" | "ni" | "o"))
        });
    denied_head && says_or
}

/// A clause that names one sign and nothing else.
fn is_item(clause: &Clause, signs: &[Sign]) -> bool {
    const AROUND: &[&str] = &[
        "or", "nor", "ni", "o", "any", "other", "visible", "signs", "sign", "of", "de",
    ];
    let [sign] = signs else {
        return false;
    };
    clause.tokens.iter().enumerate().all(|(at, token)| {
        (sign.from..sign.until).contains(&at) || AROUND.contains(&token.said.as_str())
    })
}
