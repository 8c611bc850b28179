//! Smells that are not of gas in a building: from a sewer or a drain, or out in the open.
//!
//! To leave the building would be the wrong advice there. Beside a meter, a tank, a line, an appliance or the caller's own
//! house a smell of gas is a danger, wherever it is smelled.

use super::{
    clauses::{Clause, Token},
    signs::{Danger, Sign},
};
use crate::domain::words::Words;

/// Where waste water runs: its gas smells of rotten eggs.
static SEWERS: Words = Words::new(&[
    "sewer sewers sewage septic drain drains manhole cesspool drenaje coladera coladeras \
     alcantarilla alcantarillas fosa cano desague resumidero",
]);
/// What smells of rotten eggs by its own drain or water.
static BASINS: Words = Words::new(&[
    "sink toilet disposal shower bathtub tub dumpster trash fridge refrigerator lavabo fregadero \
     excusado inodoro regadera basura well",
]);
/// Out in the open.
static OPEN: Words = Words::new(&[
    "outside outdoors street neighborhood afuera calle cuadra cuadras colonia barrio",
]);
/// What gas comes out of.
static SOURCES: Words = Words::new(&[
    "meter tank line lines pipe pipes valve furnace heater stove boiler dryer oven range grill \
     fireplace medidor tanque tuberia tubo manguera estufa calentador caldera secadora cilindro \
     leak",
]);
/// The caller's own place.
static HOME: Words = Words::new(&[
    "inside indoors house home apartment building basement kitchen garage yard backyard porch \
     window windows door everywhere here room adentro dentro casa departamento edificio cocina \
     patio ventana puerta cochera aqui cuarto",
]);

static SMELLS: Words = Words::new(&["smell egg sulfur"]);
static ROTTEN: Words = Words::new(&["egg sulfur"]);

fn is_in(list: &Words, token: &Token) -> bool {
    list.has(&token.said) || list.has(&token.stem)
}

/// Whether a sign is a smell of something else than gas in a building.
pub(super) fn smelled(clauses: &[Clause], place: usize, sign: &Sign) -> bool {
    let Some(clause) = clauses.get(place) else {
        return false;
    };
    let within = |tokens: &[Token], list: &Words| tokens.iter().any(|token| is_in(list, token));
    let words = clause.tokens.get(sign.from..sign.until).unwrap_or_default();
    let is_smell = within(words, &SMELLS);
    if sign.danger != Danger::Gas || !is_smell {
        return false;
    }
    let anywhere = |list: &Words| clauses.iter().any(|clause| within(&clause.tokens, list));
    if clauses.iter().any(has_source) {
        return false;
    }
    let here = |list: &Words| within(&clause.tokens, list);
    // "Huele a gas, pero es afuera."
    let behind = |list: &Words| {
        clauses
            .get(place + 1)
            .is_some_and(|next| within(&next.tokens, list))
    };
    here(&SEWERS)
        || here(&BASINS) && within(words, &ROTTEN)
        || (here(&OPEN) || behind(&OPEN)) && !anywhere(&HOME)
}

/// Whether a clause names something that gas comes out of, other than a septic tank.
fn has_source(clause: &Clause) -> bool {
    clause.tokens.iter().enumerate().any(|(at, token)| {
        let before = at.checked_sub(1).and_then(|at| clause.said(at));
        before != Some("septic") && is_in(&SOURCES, token)
    })
}
