//! Alarms of gas, fire, smoke and carbon monoxide that are only named: "CO alarm", "alarma de humo en la casa".
//!
//! A model summarises an alarm that sounds in such words, so they are a danger, unless the words around them are about the
//! device: its battery, its price, that it is to be installed.

use std::sync::LazyLock;

use super::{
    classes,
    clauses::{Clause, End, Token},
    devices::{BESIDE, DEVICE, DONE, SOMEBODYS, asks, is_asked_for, next_to},
    names,
    pattern::{FILLERS, Patterns},
    signs::Sign,
};
use crate::domain::words::Words;

/// What is to be done with the device.
static TO_DO: LazyLock<Patterns<()>> = LazyLock::new(|| {
    Patterns::read(&[(
        (),
        &[
            "alarm ... needs|need|needed|due|overdue _ check|checkup|service|checked|serviced|checking|servicing|fixing|cleaning",
            "alarm ... needs|need|needed|due|have|has _ to _ checked|serviced|looked|cleaned|moved|relocated|removed",
            "alarm ... necesita|necesitan _ servicio|chequeo|limpieza",
            "get|have ... alarm checked|serviced|looked|cleaned|relocated|removed|fitted|mounted",
            "get ... alarm put in|up",
            "put|putting in|up _ alarm",
            "put|putting in|up _ co|carbon|smoke|gas|fire ... alarm",
        ],
    )])
});
/// A battery that runs low: the alarm itself does not rest for a minute.
static SELDOM: LazyLock<Patterns<()>> = LazyLock::new(|| {
    Patterns::read(&[(
        (),
        &[
            "beeping ... every|each|a|cada minute|minutes|minuto|minutos|hour|hora|night|noche",
            "beeping ... every|each|cada _ few|couple|2|3|4|5|two|three|dos|tres|pocos|cinco _ minutes|hours|minutos|horas",
            "beeping ... once in a while|day",
            "beeping ... de vez en cuando",
        ],
    )])
});
/// With these it may be the alarm that sounds.
static URGENT: Words = Words::new(&[
    "now immediately asap urgent urgently emergency help ya ahora urge urgente emergencia ayuda",
]);
/// What makes it a danger after all, there or in the next clause: "my CO alarm needs a battery, it keeps going off".
static SOUNDS: LazyLock<Patterns<()>> = LazyLock::new(|| {
    Patterns::read(&[(
        (),
        &[
            "it|its|they|theyre|now|keeps|still|which ... going|goes|went|go|gone off",
            "keeps|still|sigue|siguen|esta|estan|ahora _ ringing",
            "wont|doesnt|cant|not|never ... stop|stops|stopping|quit|silence",
            "no _ para|paran|calla|callan|deja|dejan",
        ],
    )])
});
/// Behind the name these say what somebody needs, which may be help.
static NEEDS: Words =
    Words::new(&["need needs needed want wants necesito necesita necesitan quiero quisiera"]);
/// Behind a denying word, what an alarm does not do: "the smoke alarm isn't going off".
static SILENT: Words = Words::new(&[
    "going go goes gone went ringing ring sound beeping beep on active work suena suenan sirve \
     funciona pita prende enciende",
]);
static NOT: Words = Words::new(&[
    "not no isnt arent wasnt werent doesnt didnt dont hasnt havent never nunca tampoco",
]);
/// Several devices, which are a product unless they are somebody's.
static DETECTORS: Words = Words::new(&["detectors sensors detectores sensores"]);
/// Whether a sign is an alarm that is only named, in words about the device.
pub(super) fn is_device(
    clauses: &[Clause],
    signs: &[Vec<Sign>],
    place: usize,
    sign: &Sign,
) -> bool {
    let (Some(clause), Some(beside)) = (clauses.get(place), signs.get(place)) else {
        return false;
    };
    let Some(named) = names::around(&clause.tokens, beside, sign) else {
        return false;
    };
    let (before, rest) = clause.tokens.split_at(named.start);
    let (name, behind) = rest.split_at(named.len());
    // A smoke alarm beeps for a battery; what beeps for more may do it for gas.
    let is_of_gas = || {
        let mut words = name.iter();
        words.any(|word| matches!(word.stem.as_str(), "co" | "monoxide" | "gas"))
    };
    let beeps = || {
        let mut words = behind.iter();
        words.any(|word| matches!(word.stem.as_str(), "beeping" | "ringing"))
    };
    !sounds(clause)
        && !clauses.get(place + 1).is_some_and(sounds)
        && (is_silent(behind) || !is_of_gas() || !beeps())
        && (is_about_device(clause)
            || is_product(before, name)
            || is_asked_for(before)
            || next_to(behind.iter())
                .is_some_and(|word| BESIDE.has(&word.said) && !NEEDS.has(&word.said))
            || is_silent(behind)
            || is_continued(clauses, place))
}

/// Whether a clause says that an alarm sounds.
pub(super) fn sounds(clause: &Clause) -> bool {
    says(clause, &SOUNDS)
}

/// Whether a pattern stands in a clause.
fn says(clause: &Clause, patterns: &Patterns<()>) -> bool {
    let mut places = 0..clause.tokens.len();
    places.any(|at| patterns.at(&clause.tokens, at).next().is_some())
}

fn is_about_device(clause: &Clause) -> bool {
    let has = |list: &Words| clause.tokens.iter().any(|token| list.has(&token.said));
    let is_heater = |token: &Token| classes::is_heater(&token.said);
    has(&DEVICE)
        || says(clause, &SELDOM)
        || (has(&DONE) || says(clause, &TO_DO) && !has(&URGENT))
            && !clause.tokens.iter().any(is_heater)
        || asks(&clause.tokens)
}

fn is_product(before: &[Token], name: &[Token]) -> bool {
    name.iter().any(|token| DETECTORS.has(&token.said))
        && !before
            .last()
            .is_some_and(|token| SOMEBODYS.has(&token.said))
}

/// "... is not going off", "... no suena".
fn is_silent(behind: &[Token]) -> bool {
    let mut words = behind.iter().filter(|word| !FILLERS.has(&word.said));
    words.next().is_some_and(|word| NOT.has(&word.said))
        && words.next().is_some_and(|word| SILENT.has(&word.stem))
}

/// Whether the next clause begins with the device ("smoke alarm: low battery", "pita porque la pila ...") or with what it needs ("smoke
/// alarm, needs replacing"), or the one before asks for it ("quote: smoke alarm") or is about another ("the smoke alarm needs a battery and
/// the CO alarm too").
fn is_continued(clauses: &[Clause], place: usize) -> bool {
    let is_next = clauses.get(place + 1).is_some_and(|next| {
        let polite = ["please", "por", "favor"];
        let words = next.tokens.iter();
        let is_heater = next
            .tokens
            .iter()
            .any(|token| classes::is_heater(&token.said));
        next_to(words.filter(|word| !polite.contains(&word.said.as_str()))).is_some_and(|word| {
            DEVICE.has(&word.said)
                || word.said == "low"
                || NEEDS.has(&word.said) && !is_heater && is_about_device(next)
        })
    });
    let before = place.checked_sub(1).and_then(|before| clauses.get(before));
    let is_named = |clause: &Clause| clause.tokens.iter().any(|token| token.stem == "alarm");
    is_next
        || before.is_some_and(|clause| {
            is_about_device(clause) && (clause.end == End::Asks || is_named(clause))
        })
}
