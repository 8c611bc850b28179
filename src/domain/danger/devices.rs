//! Words about a device, such as an alarm, as something to be bought, installed and serviced.

use super::{clauses::Token, pattern::FILLERS};
use crate::domain::words::Words;

/// Anywhere in the clause, these are about the device.
pub(super) static DEVICE: Words = Words::new(&[
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
pub(super) static DONE: Words = Words::new(&[
    "installed replaced serviced repaired fixed inspected tested failed failing failure error fault \
     faulty work works working broken \
     instalado instalada instalaron cambiaron funciona sirve descompuesta descompuesto",
]);
/// Directly before or behind the name, these are about the device.
pub(super) static BESIDE: Words = Words::new(&[
    "need needs needed want wants new old another any more extra check fix repair service buy order \
     sell system systems panel company technician inspector monitoring code codes look end",
    "necesito necesita necesitan quiero quisiera ocupo busco nuevo nueva viejo vieja otro otra revisar \
     revisen revise chequen reparar reparen arreglen arreglar sistema",
]);
/// Directly before the name, these ask for the device.
static ASKED: Words = Words::new(&[
    "add adding fit fitting relocate relocating move moving remove removing put putting \
     interested would id servicing checking",
    "servicio chequeo agregar agreguen agrega quitar quiten mover muevan interesado interesada",
]);
/// These may stand between such a word and a list of devices.
static COUNTS: Words = Words::new(&[
    "at in up two three four five six seven eight nine ten dos tres cuatro cinco seis",
]);
/// Before a name, these say whose it is.
pub(super) static SOMEBODYS: Words =
    Words::new(&["the all both my our his her their these los mis sus nuestros todos ambos"]);

/// Whether words before a name ask for the device, or are about it.
pub(super) fn is_asked_for(before: &[Token]) -> bool {
    next_to(before.iter().rev().filter(|word| word.said != "at"))
        .is_some_and(|word| BESIDE.has(&word.said) || ASKED.has(&word.said))
}

/// Whether words before the name of a device end with one that is about it: "a quote for three ...".
pub(super) fn ends_about_device(before: &[Token]) -> bool {
    let is_skipped = |word: &&Token| {
        let is_number = word.said.bytes().all(|letter| letter.is_ascii_digit());
        is_number || COUNTS.has(&word.said) || SOMEBODYS.has(&word.said)
    };
    let about = [&DEVICE, &DONE, &BESIDE, &ASKED];
    asks(before)
        || next_to(before.iter().rev().filter(|word| !is_skipped(word)))
            .is_some_and(|word| about.iter().any(|list| list.has(&word.said)))
}

/// "Do you sell ...", "how much is ...".
pub(super) fn asks(words: &[Token]) -> bool {
    words.windows(2).any(|pair| {
        let [first, second] = pair else {
            return false;
        };
        matches!(
            (first.said.as_str(), second.said.as_str()),
            ("do" | "does", "you" | "they") | ("how", "many" | "much")
        )
    })
}

/// The first word that adds something.
pub(super) fn next_to<'a>(mut words: impl Iterator<Item = &'a Token>) -> Option<&'a Token> {
    words.find(|word| !FILLERS.has(&word.said))
}
