//! Things that are harmless each by itself and a danger together, wherever in the text they stand: several people who feel
//! ill, and a heater that runs; an alarm, and a haze.

use std::sync::LazyLock;

use super::{
    clauses::Clause,
    denial, history,
    pattern::Patterns,
    signs::{Danger, Sign},
};

/// Things that are a danger together with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Smell,
    Cooker,
    StaysOn,
    LeftOn,
    Unlit,
    Hissing,
    Heater,
    IllTogether,
    Ill,
    Whenever,
    Company,
    Alarm,
    MonoxideAlarm,
    Haze,
    Flood,
    PowerOn,
    Slipped,
    Still,
}

const PARTS: usize = 18;

const PATTERNS: &[(Part, &[&str])] = &[
    (Part::Smell, &["smell"]),
    (
        Part::Cooker,
        &[
            "stove|oven|cooktop|burner|burners|knob|knobs|gas|estufa|hornilla|hornillas|perilla|perillas|parrilla",
        ],
    ),
    (
        Part::StaysOn,
        &[
            "wont|doesnt|cant|cannot|couldnt turn|shut|go off",
            "stuck on|open",
            "no se apaga|apagan|cierra|cierran",
            "no se puede apagar|cerrar",
            "no puedo|podemos apagar|cerrar",
        ],
    ),
    (
        Part::LeftOn,
        &[
            "left|leave|leaving ... stove|oven|burner|burners|gas|knob on",
            "burner|burners|stove|gas _ left on",
            "burner|burners is|are|was on",
            "dejo|deje|dejaron|dejamos|quedo _ estufa|hornilla|gas|quemador|parrilla",
            "dejo|deje|dejaron|dejamos|quedo _ prendida|prendido|encendida _ estufa|hornilla|gas|quemador",
        ],
    ),
    (
        Part::Unlit,
        &[
            "no _ flame|flames|flama",
            "without _ flame|flames",
            "not lit|burning",
            "sin _ flama|fire|prender|encender",
            "flame|flames|flama|pilot _ went|gone|blew|goes out",
            "apago _ flama|fire|piloto",
            "unlit",
        ],
    ),
    (
        Part::Hissing,
        &["hissing|hisses|hiss|silbido|siseo|chiflido"],
    ),
    (
        Part::Heater,
        &[
            "@heater",
            "gas stove|range|oven|dryer",
            "estufa de gas",
            "heat is|was|comes|came|kicked|kicks|runs|running _ on",
            "generator|generador|exhaust",
        ],
    ),
    (
        Part::IllTogether,
        &[
            "@group ... @ill",
            "@group ... feel|feels|feeling|felt|getting|got sick|ill|nauseous|weird|funny|faint",
            "all|everyones|everybodys sick",
            "both|two|three|all|several ... passed out",
            "todos|todas|nos|familia ... siente|sienten|sentimos mal|mareados|enfermos|raro",
            "todos|todas|nos|familia ... doliendo _ cabeza",
            "todos|todas|nos|tenemos|familia|esposa|esposo|ninos|hijos ... dolor|dolores _ cabeza",
            "todos|todas|nos|familia ... duele|duelen _ cabeza",
            "perro|gato|todos|todas ... raro|borracho|malo|mal|enfermo|mareado",
        ],
    ),
    (
        Part::Ill,
        &[
            "have|has|get|gets|getting|got|with|gives _ headache|headaches|nausea",
            "feel|feels|feeling _ sick|nauseous|ill|faint",
            "duele|duelen _ cabeza",
            "da|dan|tengo|tiene|tenemos _ dolor|nauseas|mareo",
            "vomiting|nauseous|vomitando",
            "head hurts|aches|hurting|aching|pounding",
        ],
    ),
    (
        Part::Whenever,
        &[
            "whenever|every|each|cuando|desde|cada|siempre ... @heater|generator|generador",
            "when|since|while|after the|my|our|we|i|they|this|it|he|she ... @heater|generator",
            "when|whenever|since|while|every|each the|my|our|time|we|i ... gas stove|oven|range|heater|fireplace",
        ],
    ),
    (
        Part::Company,
        &[
            "roommate|roommates|coworker|coworkers|kids|family|wife|husband|friends|neighbors|dog|cat",
            "hijos|esposa|esposo|familia|ninos|vecinos|perro|gato|companeros",
        ],
    ),
    (Part::Alarm, &["alarm", "alarm _ smoke|fire"]),
    (
        Part::MonoxideAlarm,
        &[
            "co|monoxide alarm",
            "alarm _ co|monoxide",
            "co|monoxide _ smoke|fire|gas alarm",
            "alarm _ smoke|fire|gas _ co|monoxide",
        ],
    ),
    (Part::Haze, &["haze|hazy|neblina|bruma"]),
    (
        Part::Flood,
        &[
            "flooded|flooding|flood|floods|submerged|underwater",
            "standing water",
            "inundo|inundado|inundada|inundacion|inundando|encharcado|encharco",
        ],
    ),
    (
        Part::PowerOn,
        &[
            "power|electricity|lights|breaker is|are|still _ on",
            "power|electricity|lights _ still on",
            "still have _ power|electricity",
            "todavia|aun|sigue|siguen _ hay|tenemos luz",
            "luz sigue|esta prendida",
            "@device ... underwater|submerged",
            "@device under _ water",
            "@device ... bajo|debajo _ agua",
            "up to _ @device",
        ],
    ),
    (
        Part::Slipped,
        &[
            "@relative|@person|he|she|i slipped|tripped|fell|fallen",
            "resbalo|cayo|tropezo",
        ],
    ),
    (
        Part::Still,
        &[
            "not|isnt|wont|cant|cannot moving|move|responding|walk|wake|stand",
            "no se puede|pudo|quiere mover|levantar|parar",
            "no puede|pudo moverse|levantarse|pararse|caminar",
            "no se mueve|levanta|para",
        ],
    ),
];

static BY_FIRST_WORD: LazyLock<Patterns<Part>> = LazyLock::new(|| Patterns::read(PATTERNS));

/// What is a danger together.
const TOGETHER: &[(Danger, &[Part])] = &[
    (Danger::Gas, &[Part::Cooker, Part::StaysOn, Part::Smell]),
    (Danger::Gas, &[Part::LeftOn, Part::Unlit]),
    (Danger::Gas, &[Part::Hissing, Part::Smell]),
    (Danger::Fire, &[Part::Alarm, Part::Haze]),
    (Danger::CarbonMonoxide, &[Part::IllTogether, Part::Heater]),
    (Danger::CarbonMonoxide, &[Part::Ill, Part::Whenever]),
    (Danger::CarbonMonoxide, &[Part::Ill, Part::MonoxideAlarm]),
    (
        Danger::CarbonMonoxide,
        &[Part::IllTogether, Part::MonoxideAlarm],
    ),
    (
        Danger::CarbonMonoxide,
        &[Part::Ill, Part::Company, Part::Heater],
    ),
    (Danger::ElectricShock, &[Part::Flood, Part::PowerOn]),
    (Danger::Injury, &[Part::Slipped, Part::Still]),
];

/// In which clause each part stands first.
type Found = [Option<usize>; PARTS];

/// The danger that several things make together; of several dangers the first in the order of [`Danger`].
pub(super) fn danger(clauses: &[Clause]) -> Option<Danger> {
    let found = parts(clauses);
    let is_there = |part: Part| {
        found
            .get(part as usize)
            .copied()
            .flatten()
            .is_some_and(|place| !history::over(clauses, place))
    };
    TOGETHER
        .iter()
        .filter(|(_, parts)| parts.iter().all(|part| is_there(*part)))
        .map(|(danger, _)| *danger)
        .min()
}

fn parts(clauses: &[Clause]) -> Found {
    let mut found: Found = [None; PARTS];
    for (place, clause) in clauses.iter().enumerate() {
        for from in 0..clause.tokens.len() {
            for (part, until) in BY_FIRST_WORD.at(&clause.tokens, from) {
                // Which danger it would be makes no difference to a denial.
                let danger = Danger::Injury;
                let sign = Sign {
                    danger,
                    from,
                    until,
                };
                if let Some(first @ None) = found.get_mut(part as usize)
                    && !denial::denied_before(clause, &sign)
                {
                    *first = Some(place);
                }
            }
        }
    }
    found
}
