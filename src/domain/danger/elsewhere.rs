//! Smells that are not of gas in a building: from a sewer or a drain, or out in the open.
//!
//! To leave the building would be the wrong advice there. Beside a meter, a tank, a line, an appliance or the caller's own
//! house a smell of gas is a danger, wherever it is smelled.

use super::{
    clauses::Clause,
    signs::{Danger, Sign},
};

/// Where waste water runs: its gas smells of rotten eggs.
const SEWERS: &[&str] = &[
    "sewer",
    "sewers",
    "sewage",
    "septic",
    "drain",
    "drains",
    "manhole",
    "cesspool",
    "drenaje",
    "coladera",
    "coladeras",
    "alcantarilla",
    "alcantarillas",
    "fosa",
    "cano",
    "desague",
    "resumidero",
];
/// What smells of rotten eggs by its own drain or water.
const BASINS: &[&str] = &[
    "sink",
    "toilet",
    "disposal",
    "shower",
    "bathtub",
    "tub",
    "dumpster",
    "trash",
    "fridge",
    "refrigerator",
    "lavabo",
    "fregadero",
    "excusado",
    "inodoro",
    "regadera",
    "basura",
    "well",
];
/// Out in the open.
const OPEN: &[&str] = &[
    "outside",
    "outdoors",
    "street",
    "neighborhood",
    "afuera",
    "calle",
    "cuadra",
    "cuadras",
    "colonia",
    "barrio",
];
/// What gas comes out of.
const SOURCES: &[&str] = &[
    "meter",
    "tank",
    "line",
    "lines",
    "pipe",
    "pipes",
    "valve",
    "furnace",
    "heater",
    "stove",
    "boiler",
    "dryer",
    "oven",
    "range",
    "grill",
    "fireplace",
    "medidor",
    "tanque",
    "tuberia",
    "tubo",
    "manguera",
    "estufa",
    "calentador",
    "caldera",
    "secadora",
    "cilindro",
    "leak",
];
/// The caller's own place.
const HOME: &[&str] = &[
    "inside",
    "indoors",
    "house",
    "home",
    "apartment",
    "building",
    "basement",
    "kitchen",
    "garage",
    "yard",
    "backyard",
    "porch",
    "window",
    "windows",
    "door",
    "everywhere",
    "here",
    "room",
    "adentro",
    "dentro",
    "casa",
    "departamento",
    "edificio",
    "cocina",
    "patio",
    "ventana",
    "puerta",
    "cochera",
    "aqui",
    "cuarto",
];

/// Whether a sign is a smell of something else than gas in a building.
pub(super) fn smelled(clauses: &[Clause], place: usize, sign: &Sign) -> bool {
    let Some(clause) = clauses.get(place) else {
        return false;
    };
    let within = |tokens: &[super::clauses::Token], list: &[&str]| {
        tokens
            .iter()
            .any(|token| list.contains(&token.said.as_str()) || list.contains(&token.stem.as_str()))
    };
    let words = clause.tokens.get(sign.from..sign.until).unwrap_or_default();
    let is_smell = within(words, &["smell", "egg", "sulfur"]);
    if sign.danger != Danger::Gas || !is_smell {
        return false;
    }
    let anywhere = |list: &[&str]| clauses.iter().any(|clause| within(&clause.tokens, list));
    if clauses.iter().any(has_source) {
        return false;
    }
    let here = |list: &[&str]| within(&clause.tokens, list);
    // "Huele a gas, pero es afuera."
    let behind = |list: &[&str]| {
        clauses
            .get(place + 1)
            .is_some_and(|next| within(&next.tokens, list))
    };
    here(SEWERS)
        || here(BASINS) && within(words, &["egg", "sulfur"])
        || (here(OPEN) || behind(OPEN)) && !anywhere(HOME)
}

/// Whether a clause names something that gas comes out of; a septic tank is none.
fn has_source(clause: &Clause) -> bool {
    clause.tokens.iter().enumerate().any(|(at, token)| {
        let before = at.checked_sub(1).and_then(|at| clause.said(at));
        before != Some("septic")
            && (SOURCES.contains(&token.said.as_str()) || SOURCES.contains(&token.stem.as_str()))
    })
}
