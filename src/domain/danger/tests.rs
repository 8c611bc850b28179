//! What callers say, and whether it is danger to life.

mod sentences;

use proptest::prelude::*;

use super::{
    Danger::{self, CarbonMonoxide, ElectricShock, Fire, Gas, Injury},
    find,
};

fn all_are(expected: Option<Danger>, said: &[&str]) {
    let wrong: Vec<_> = said
        .iter()
        .map(|text| (text, find(text)))
        .filter(|(_, found)| *found != expected)
        .collect();
    assert!(wrong.is_empty(), "expected {expected:?}: {wrong:#?}");
}

#[test]
fn gas_is_danger() {
    all_are(
        Some(Gas),
        &[
            "I smell gas",
            "I can smell gas in the kitchen",
            "there's a smell of gas in my basement",
            "It smells like gas in here",
            "it smells a lot like gas near the furnace",
            "strong odor of gas by the meter",
            "We have a gas leak",
            "I think we have a gas leak",
            "the gas is leaking",
            "my stove is leaking gas",
            "there is a leak in the gas line",
            "The contractor hit a gas line in the yard",
            "gas line ruptured behind the house",
            "rotten egg smell in the garage",
            "the whole house smells like rotten eggs",
            "it smells like sulfur around the water heater",
            "my water heater smells like rotten eggs",
            "there's a hissing sound coming from the gas meter",
            "propane smell outside by the tank",
            "I smell propane",
            "the gas detector is going off",
            "someone left the gas on and we can't turn it off",
            "gas fumes are making us leave",
            "My furnace that was installed last year smells like gas",
            "The furnace we put in last month has a gas leak",
            "I have smelled gas since last week",
            "I've never smelled gas like this before",
            "I'm not sure if it's a gas leak",
            "I don't know if that smell is gas but it smells of gas",
            "Nobody came to fix the gas leak",
            "they didn't fix the gas leak",
            "the gas won't stop leaking",
            "it hasn't stopped leaking gas",
            "no heat, and I smell gas",
            "no heat I smell gas",
            "we have no hot water and it smells like gas",
            "The heater is not working I smell gas",
            "No it smells like gas",
            "it's not an emergency I just smell gas a little",
            "It's not just old, it's leaking gas",
            "We had a gas leak last month and now I smell gas again",
            "There is no doubt I smell gas",
            "gas leak",
            "Caller reports gas smell: strong",
            "the smell isn't going away, it's a gas smell",
            "I smell gas gas stove is off",
        ],
    );
}

#[test]
fn gas_is_danger_in_spanish() {
    all_are(
        Some(Gas),
        &[
            "huele a gas",
            "Huele mucho a gas en la cocina",
            "hay olor a gas",
            "hay un olor fuerte a gas",
            "tengo una fuga de gas",
            "creo que hay una fuga de gas",
            "hay un escape de gas",
            "se está escapando el gas",
            "se esta fugando gas de la estufa",
            "la estufa tiene fuga de gas",
            "huele a huevo podrido",
            "huele a huevos podridos en el garaje",
            "hay una fuga en la tubería de gas",
            "está saliendo gas del calentador",
            "se quedó abierta la llave del gas",
            "no hay calefacción y huele a gas",
            "no tengo agua caliente, huele a gas",
            "no prende el boiler huele a gas",
            "no sé si es una fuga de gas",
            "no estoy segura pero huele a gas",
            "nadie ha venido a arreglar la fuga de gas",
            "no para de salir gas",
            "desde hace una semana huele a gas",
            "hace dos semanas que hay una fuga de gas",
            "el año pasado me lo arreglaron pero otra vez huele a gas",
            "la alarma de gas está sonando",
            "hay gas en toda la casa",
            "huele como a gas in the kitchen",
        ],
    );
}

#[test]
fn fire_is_danger() {
    all_are(
        Some(Fire),
        &[
            "my outlet is on fire",
            "I don't smell gas but the outlet is on fire",
            "there's a fire in my kitchen",
            "the furnace caught fire",
            "smoke is coming out of the vents",
            "I see smoke coming from the panel",
            "there's smoke and I can't tell from where",
            "the furnace is smoking",
            "something is burning in the attic",
            "there's a burning smell from the outlet",
            "it smells like burning plastic",
            "it smells burnt near the breaker box",
            "flames are shooting out of the burner",
            "the wires are melting",
            "the smoke alarm is going off",
            "my fire alarm won't stop it keeps going off",
            "I think it's about to explode",
            "there was an explosion in the basement",
            "The furnace we bought last year is on fire",
            "the fire is out of control",
            "nobody is hurt but the heater is on fire",
            "No power, smoke coming from the panel",
            "no heat but there is smoke",
            "we can't put out the fire",
            "I have no idea why there is smoke everywhere",
            "se está quemando la casa",
            "se está quemando algo en la cocina",
            "hay fuego en la cocina",
            "hay un incendio",
            "sale humo del tablero",
            "está saliendo humo de la calefacción",
            "huele a quemado",
            "hay olor a quemado en el enchufe",
            "huele a humo",
            "el calentador está en llamas",
            "no hay luz y sale humo",
            "no se apaga el fuego",
            "el enchufe se está derritiendo",
            "la secadora is on fire",
            "la alarma de humo está sonando",
            "va a explotar el boiler",
        ],
    );
}

#[test]
fn carbon_monoxide_is_danger() {
    all_are(
        Some(CarbonMonoxide),
        &[
            "CO alarm is going off",
            "the C.O. alarm is going off",
            "my carbon monoxide detector is going off",
            "the carbon monoxide alarm in the hallway keeps beeping",
            "I think we have carbon monoxide in the house",
            "carbon monoxide",
            "CO2 detector went off twice",
            "the detector shows high CO levels",
            "we are all dizzy since the heater came on",
            "hay monóxido en la casa",
            "creo que es monoxido de carbono",
            "la alarma de monóxido está sonando",
            "el detector de monóxido de carbono está pitando",
            "mi mamá está mareada desde que prendimos la calefacción",
        ],
    );
}

#[test]
fn electricity_is_danger() {
    all_are(
        Some(ElectricShock),
        &[
            "there are sparks coming from the outlet",
            "sparks and water everywhere",
            "my panel is sparking",
            "I got shocked when I touched the washer",
            "the faucet shocked me",
            "I get a shock every time I touch the switch",
            "my husband was electrocuted",
            "there's a live wire on the floor",
            "a power line is down in my yard",
            "downed power line",
            "water is dripping onto the electrical panel",
            "there's water in the outlets",
            "water is coming out of the light fixture",
            "the panel is arcing",
            "it is not a joke, the switch shocked my son",
            "me dio la corriente",
            "le dio la corriente a mi hijo",
            "la regadera me da toques",
            "hay chispas",
            "no hay luz y hay chispas en el tablero",
            "está echando chispas el enchufe",
            "mi esposo recibió una descarga eléctrica",
            "está cayendo agua en el tablero",
            "hay un cable caído en la calle",
            "se electrocutó mi vecino",
        ],
    );
}

#[test]
fn people_who_are_hurt_are_danger() {
    all_are(
        Some(Injury),
        &[
            "I can't breathe",
            "my mother cannot breathe",
            "he is not breathing",
            "she's having trouble breathing",
            "someone is hurt",
            "my husband got hurt",
            "the worker is bleeding",
            "he passed out in the basement",
            "she is unconscious",
            "he fell off the ladder",
            "my dad is having chest pain",
            "I burned my hand on the boiler",
            "somebody is trapped in the elevator",
            "call an ambulance",
            "the ceiling fell on my son",
            "no puedo respirar",
            "mi hijo no respira",
            "hay una persona herida",
            "mi papá se cayó de la escalera",
            "está sangrando mucho",
            "se quemó la mano mi esposo",
            "mi mamá se desmayó",
            "necesito una ambulancia",
            "hay alguien atrapado",
        ],
    );
}

#[test]
fn denied_danger_is_none() {
    all_are(
        None,
        &[
            "no gas smell",
            "there is no gas smell",
            "I don't smell gas",
            "I do not smell any gas",
            "it doesn't smell like gas",
            "I don't think there is a gas leak",
            "I don't think it smells like gas",
            "we don't have a gas leak",
            "there isn't any smell of gas",
            "no smell of gas, smoke, or fire",
            "no flames or smoke coming out of it",
            "no fire, no smoke",
            "there is no smoke",
            "nothing is burning",
            "nothing is on fire",
            "nobody is hurt",
            "no one is hurt",
            "no one in the house is hurt or bleeding",
            "not an emergency",
            "no sparks",
            "there are no sparks and no smoke",
            "the CO alarm is not going off",
            "the furnace quit without any smoke",
            "caller denies gas smell",
            "I never smelled gas",
            "Gas smell: no. Smoke: none.",
            "any gas smell? no",
            "I don't smell gas anymore",
            "no hay fuga de gas",
            "no huele a gas",
            "no hay olor a gas",
            "no creo que haya fuga de gas",
            "no hay fuego ni humo",
            "no hay humo",
            "no se está quemando nada",
            "nadie está herido",
            "no hay nadie herido",
            "no hay chispas",
            "sin olor a gas",
            "no es una emergencia",
            "no hay olor a gas, humo, ni fuego",
            "olor a gas: ninguno",
            "nunca ha habido una fuga de gas",
            "no me dio la corriente",
        ],
    );
}

#[test]
fn danger_that_is_over_is_none() {
    all_are(
        None,
        &[
            "the fire was last year",
            "we had a gas leak last month",
            "We had a gas leak last month but it was fixed",
            "we had a fire two years ago",
            "there was a fire in 2019",
            "We had a gas leak, but that was last winter",
            "the gas leak was fixed",
            "the gas leak has been repaired",
            "after the fire we need new wiring",
            "the house has fire damage",
            "I got shocked by the outlet years ago",
            "tuvimos una fuga de gas el mes pasado",
            "el incendio fue el año pasado",
            "hubo una fuga de gas hace dos años",
            "hace un año hubo un incendio en la cocina",
            "hubo una fuga de gas pero eso fue el año pasado",
            "teníamos una fuga de gas pero ya la arreglaron",
            "en esta casa hubo un incendio el año pasado",
        ],
    );
}

#[test]
fn the_same_words_without_danger_are_none() {
    all_are(
        None,
        &[
            "the smoke detector has a low battery",
            "my smoke detector keeps chirping",
            "I need a smoke detector installed",
            "I want to install a carbon monoxide detector",
            "the CO detector needs a new battery",
            "fireplace needs cleaning",
            "the gas fireplace won't turn on",
            "gas water heater is not heating",
            "my gas furnace stopped working",
            "the gas water heater is leaking",
            "leaking gas water heater",
            "I need a new gas line for my stove",
            "quote for a gas stove hookup",
            "the hot water heater fire went out",
            "the pilot light went out",
            "pilot light out, no hot water",
            "the pilot light is burning fine",
            "furnace won't fire up",
            "the burner fails to fire",
            "need a fire extinguisher inspection",
            "fire sprinkler is dripping",
            "the fire pit needs a new valve",
            "I have a water leak under the sink",
            "water smells like rotten eggs",
            "there's a sewer gas smell in the bathroom",
            "I was shocked at the price",
            "the igniter sparks but it doesn't light",
            "bleeding the radiators",
            "it wouldn't hurt to check the filter",
            "air trapped in the pipes",
            "the furnace is blowing cold air",
            "my AC is not cooling",
            "the toilet is overflowing",
            "my basement is flooded",
            "light bulbs keep burning out",
            "no smoking policy for the technician",
            "the breaker keeps tripping",
            "my water heater is on its own breaker and it tripped",
            "our office is in Denver, CO and the alarm panel needs service",
            "el calentador de gas no calienta",
            "el detector de humo tiene la pila baja",
            "quiero instalar un detector de humo",
            "necesito instalar una estufa de gas",
            "hay una fuga de agua en el baño",
            "el boiler de gas no prende",
            "se apagó el fuego del calentador",
            "se apagó el piloto",
            "el aire acondicionado no enfría",
            "falta el aire acondicionado en un cuarto",
            "se quemó el foco",
            "me estoy muriendo de calor",
            "¿cómo te llamas?",
            "no tengo agua caliente",
            "necesito cambiar el extintor de incendios",
            "la alarma contra incendios necesita revisión",
            "",
            "...",
        ],
    );
}

#[test]
fn of_several_dangers_the_one_that_fills_a_building_is_named() {
    assert_eq!(find("someone is hurt and I smell gas"), Some(Gas));
    assert_eq!(find("sparks and smoke from the panel"), Some(Fire));
    assert_eq!(
        find("me dio la corriente y estoy mareado"),
        Some(CarbonMonoxide)
    );
}

#[test]
fn accents_capitals_and_punctuation_do_not_matter() {
    all_are(
        Some(CarbonMonoxide),
        &["¡MONÓXIDO!", "monóxido", "monoxido", "mono\u{301}xido"],
    );
    all_are(
        Some(Injury),
        &[
            "I can’t breathe",
            "I CAN'T BREATHE",
            "i cant breathe",
            "I can not breathe",
        ],
    );
}

#[test]
fn danger_at_the_end_of_a_long_story_is_found() {
    let story = "the technician came and looked at the unit, ".repeat(500);
    assert_eq!(find(&story), None);
    assert_eq!(find(&format!("{story} now I smell gas")), Some(Gas));
}

proptest! {
    #[test]
    fn any_text_is_answered(
        text in "\\PC{0,300}|((no|i|smell|gas|fire|is|\\.|,|and|last year|hay|was|or|smoke|: no) ?){0,30}",
    ) {
        prop_assert_eq!(find(&text), find(&text.to_ascii_uppercase()));
    }

    #[test]
    fn a_plain_cry_is_heard_whatever_sentences_surround_it(before in "[a-z ]{0,60}", after in "[a-z ]{0,60}") {
        let text = format!("{before}. I smell gas right now! {after}");
        prop_assert_eq!(find(&text), Some(Gas));
    }
}
