//! Signs that are denied: "no gas smell", "nobody is hurt", "no hay fuga de gas".
//!
//! A denial reaches forward from its word to the end of the clause, over a few words, and no further than the next
//! thing that it can belong to: in "no heat I smell gas", the heat is what is missing.

use super::{
    clauses::{Clause, End},
    pattern::NEGATORS,
    signs::Sign,
};
use crate::domain::words::{Phrases, Words};

/// How many words a denial reaches.
const REACH: usize = 8;
/// How many items of a list are looked at.
const MAX_LIST: usize = 8;

/// Words at which a denial ends: what it was about stands before them.
static ENDS: Words = Words::new(&[
    // A new thought.
    "with con when cuando if si whether while since desde after until mientras except unless \
     besides just only solo solamente",
    // Services whose lack is the complaint.
    "heat heating cooling power electricity ac air water hot lights pressure agua luz calefaccion \
     calor caliente calentador aire electricidad energia frio",
    // Things that do not work.
    "work works working turn turns turning turned run runs running start starts starting light \
     lit lighting draining funciona funcionan funcionando sirve sirven prende enciende calienta \
     trabaja jala arranca enfria",
    // Danger that was not ended, and help that did not come.
    "stop stops stopped stopping shut close closed cerrar cerrado cierra apagar apaga apague fix \
     fixed fixing repair repaired come came coming show showed answer answered answering help \
     helped respond responded arreglar arreglaron arreglado reparar repararon reparado vino \
     venido vinieron contesta contestan",
]);

/// Words that begin a statement of their own, unless what stands before them thinks or says it.
static STARTERS: Words =
    Words::new(&["i im ive we weve he hes she shes they theyre there theres it its thats hay"]);
static THINKING: Words = Words::new(&[
    "think thinking thought believe suppose guess say says saying said mean like that creo cree \
     creemos pienso que parece",
]);
/// What may stand before "hay" in one statement with it.
static BEFORE_HAY: Words = Words::new(&["no que ya tampoco nunca"]);

/// Denying words that deny nothing here: doubt, haste, or danger that will not end.
static NO_DENIALS: Phrases<()> = Phrases::new(&[(
    (),
    "not sure|certain|kidding|joking|safe|ok|okay|normal|right|good|know, not a joke|drill, \
     no doubt|question|idea|clue|joke|mas|puedo|podemos|puede|pueden|para|deja|aguanto|soporto, \
     nobody knows, dont know|you|ignore, do not know, doesnt it|the, isnt it|that|there|this, \
     nadie sabe, nada mas, no se si|que|como|quien|donde|cuanto|por|apaga|quita|va|detiene, \
     no estoy seguro|segura, no estamos seguros, no cabe|hay duda, no hay tiempo, no es broma, \
     sin parar|duda",
)]);

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
        if NEGATORS.has(word) {
            return denies(clause, at);
        }
        if ENDS.has(word) {
            return false;
        }
        let before = at
            .checked_sub(1)
            .and_then(|at| clause.said(at))
            .unwrap_or_default();
        let goes_on = THINKING.has(before) || word == "hay" && BEFORE_HAY.has(before);
        if STARTERS.has(word) && !goes_on {
            return false;
        }
    }
    false
}

/// Whether the denying word at `at` denies what follows it.
fn denies(clause: &Clause, at: usize) -> bool {
    // "Never smelled gas before" is said by somebody who smells it now.
    let for_the_first_time = matches!(clause.said(at), Some("never" | "nunca" | "jamas"))
        && clause
            .tokens
            .iter()
            .skip(at)
            .take(2 * REACH)
            .any(|token| matches!(token.said.as_str(), "before" | "until" | "antes" | "hasta"));
    let words = clause.tokens.get(at..).unwrap_or_default();
    !for_the_first_time && NO_DENIALS.begin(words).is_none()
}

/// "Gas smell: no", "¿Olor a gas? Ninguno".
fn answered_no(clauses: &[Clause], place: usize) -> bool {
    static ANSWERS: Words =
        Words::new(&["no none nope negative nada ninguno ninguna not", OBSERVED]);
    static FOUND: Words = Words::new(&[OBSERVED]);
    const OBSERVED: &str = "reported detected present noted observed";
    let (Some(asked), Some(answer)) = (clauses.get(place), clauses.get(place + 1)) else {
        return false;
    };
    asked.end == End::Asks
        && asked.tokens.len() <= 5
        && answer.tokens.iter().all(|token| ANSWERS.has(&token.said))
        && !answer.said(0).is_some_and(|word| FOUND.has(word))
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
    static AROUND: Words = Words::new(&["or nor ni o any other visible signs sign of de"]);
    let [sign] = signs else {
        return false;
    };
    clause
        .tokens
        .iter()
        .enumerate()
        .all(|(at, token)| (sign.from..sign.until).contains(&at) || AROUND.has(&token.said))
}
