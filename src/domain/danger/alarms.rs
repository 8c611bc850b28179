//! Alarms of gas, fire, smoke and carbon monoxide that are only named: "CO alarm", "alarma de humo en la casa".
//!
//! A model summarises an alarm that sounds in such words, so they are a danger, unless the words around them are about the
//! device: its battery, its price, that it is to be installed.

use super::{
    classes,
    clauses::{Clause, End, Token},
    pattern::FILLERS,
    signs::Sign,
};
use crate::domain::words::Words;

/// What the name of an alarm consists of; a sign with any other word says what it does.
static NAME: Words =
    Words::new(&["alarm fire smoke co carbon monoxide dioxide dioxido gas leak contra por"]);
/// Anywhere in the clause, these are about the device.
static DEVICE: Words = Words::new(&[
    "install installs installing installation installations installer reinstall mount mounting \
     wired hardwired replace replaces replacing replacement replacements swap upgrade battery \
     batteries chirp chirps chirping chirped inspect inspecting inspection inspections test tests \
     testing maintenance warranty quote quotes price prices pricing cost costs estimate include \
     included false drill expired expires expiring defective malfunctioning permit question \
     questions zero normal",
    "instalar instale instalen instalarme instalacion poner ponga pongan ponerme colocar cambiar \
     cambie cambien cambio reemplazar reemplazo pila pilas bateria baterias revision mantenimiento \
     inspeccion inspeccionar prueba pruebas presupuesto cotizacion cotizar precio precios cuesta \
     cuestan cuanto incluye incluido incluida falsa simulacro vencida vencido caduco caducado \
     comprar venden pregunta duda cero",
]);
/// So are these, unless the clause names a heater that they may be about: "CO alarm since the furnace was replaced".
static DONE: Words = Words::new(&[
    "installed replaced serviced repaired fixed inspected tested failed failing failure error fault \
     faulty work works working broken \
     instalado instalada instalaron cambiaron funciona sirve descompuesta descompuesto",
]);
/// Directly before or behind the name, these are about the device.
static BESIDE: Words = Words::new(&[
    "need needs needed want wants new old another any more extra check fix repair service buy order \
     sell system systems panel company technician inspector monitoring code codes look end",
    "necesito necesita necesitan quiero quisiera ocupo busco nuevo nueva viejo vieja otro otra revisar \
     revisen revise chequen reparar reparen arreglen arreglar sistema",
]);
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
static SOMEBODYS: Words =
    Words::new(&["the all both my our his her their these los mis sus nuestros todos ambos"]);

/// Whether a sign is an alarm that is only named, in words about the device.
pub(super) fn is_device(clauses: &[Clause], place: usize, sign: &Sign) -> bool {
    let Some(clause) = clauses.get(place) else {
        return false;
    };
    let (before, rest) = clause.tokens.split_at(sign.from.min(clause.tokens.len()));
    let (name, behind) = rest.split_at((sign.until - sign.from).min(rest.len()));
    is_name(name)
        && (is_about_device(clause)
            || is_product(before, name)
            || next_to(before.iter().rev().filter(|word| word.said != "at"))
                .is_some_and(|word| BESIDE.has(&word.said))
            || next_to(behind.iter())
                .is_some_and(|word| BESIDE.has(&word.said) && !NEEDS.has(&word.said))
            || is_silent(behind)
            || is_continued(clauses, place))
}

/// Whether words name an alarm and say nothing of what it does.
fn is_name(words: &[Token]) -> bool {
    words.iter().any(|word| word.stem == "alarm")
        && words
            .iter()
            .all(|word| NAME.has(&word.stem) || FILLERS.has(&word.said))
}

fn is_about_device(clause: &Clause) -> bool {
    let has = |list: &Words| clause.tokens.iter().any(|token| list.has(&token.said));
    // "Do you sell ...", "how much is ...".
    let asks = |pair: &[Token]| {
        let [first, second] = pair else {
            return false;
        };
        matches!(
            (first.said.as_str(), second.said.as_str()),
            ("do" | "does", "you" | "they") | ("how", "many" | "much")
        )
    };
    has(&DEVICE)
        || has(&DONE)
            && !clause
                .tokens
                .iter()
                .any(|token| classes::is_heater(&token.said))
        || clause.tokens.windows(2).any(asks)
}

fn is_product(before: &[Token], name: &[Token]) -> bool {
    name.iter().any(|token| DETECTORS.has(&token.said))
        && !before
            .last()
            .is_some_and(|token| SOMEBODYS.has(&token.said))
}

/// The first word that adds something.
fn next_to<'a>(mut words: impl Iterator<Item = &'a Token>) -> Option<&'a Token> {
    words.find(|word| !FILLERS.has(&word.said))
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
