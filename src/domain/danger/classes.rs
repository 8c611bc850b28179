//! Classes of words: things and people that the same can happen to, in English and Spanish.

/// The classes by the names that patterns have for them.
pub(super) const CLASSES: &[(&str, &str)] = &[
    // What heats a house or its water.
    (
        "heater",
        "furnace furnaces heater heaters boiler boilers fireplace calentador calentadores caldera \
         calefaccion calefactor calefactores calefon calenton calentones boyler chimenea",
    ),
    // Other things that can blow up.
    (
        "appliance",
        "stove oven cooktop grill dryer tank tanks transformer meter compressor battery panel \
         estufa horno tanque cilindro transformador medidor secadora compresor",
    ),
    // What is wired.
    (
        "device",
        "outlet outlets socket sockets receptacle receptacles switch switches panel breaker \
         breakers wiring fuse fuses electrical electric light lights lamp lamps bulb bulbs \
         fixture fixtures chandelier fan foco focos lampara lamparas bombilla bombillas bombillo \
         bombillos plafon candil ventilador apagador apagadores interruptor enchufe enchufes \
         contacto contactos tomacorriente tomacorrientes tablero fusibles",
    ),
    // Of those, what should be neither warm nor heard.
    (
        "outlet",
        "outlet outlets socket sockets receptacle plug panel breaker breakers enchufe enchufes \
         contacto contactos tomacorriente tablero apagador",
    ),
    // What "se prendio" means fire of, and not that it was switched on.
    (
        "flammable",
        "instalacion cable cables casa techo cuarto pared contacto enchufe apagador cortina \
         cortinas colchon carro coche troca camioneta sarten aceite transformador medidor arbol \
         basura garaje cochera sillon alfombra extension ropa sofa cama pasto zacate bodega",
    ),
    // Members of a household, and whom callers name like them.
    (
        "relative",
        "husband wife mother mom mum father dad son daughter kid child baby toddler grandmother \
         grandma granny grandfather grandpa grandson granddaughter sister brother aunt uncle nana \
         nona nono tata esposo esposa mama papa hijo hija nino nina bebe abuelo abuela abuelito \
         abuelita aguelo aguela aguelito aguelita mami papi jefita jefito yaya abue suegro suegra \
         hermano hermana tio tia viejito viejita senora senor muchacho muchacha vecino vecina",
    ),
    // Other people.
    (
        "person",
        "worker workers tech technician neighbor roommate tenant lady man woman person someone \
         somebody guy coworker employee friend customer client visitor guest patient student \
         cliente trabajador tecnico persona alguien",
    ),
    // Who plays with knobs, and whom a car is locked on.
    (
        "small",
        "kid kids child children toddler baby son daughter grandson dog cat nino ninos nina bebe \
         hijo hijos hija perro gato",
    ),
    // More than one, or an animal: whom the air makes ill together.
    (
        "group",
        "we weve were us all everyone everyones everybody everybodys family kids children both \
         tenants residents people students two three four several dog cat pets todos todas ambos \
         familia ninos hijos nos nosotros tenemos estamos perro gato varios",
    ),
    // How they feel.
    (
        "ill",
        "headache headaches nausea nauseous nauseated vomiting throwing puking ill queasy dizzy \
         lethargic drunk drowsy fainted nauseas vomitando mareados mareadas mareado enfermos \
         enfermando vomito",
    ),
    // Where an engine or coals must not burn.
    (
        "indoors",
        "garage basement house kitchen room shed cellar apartment indoors garaje cochera sotano \
         casa cuarto cocina patio",
    ),
    // Where a fallen wire lies.
    (
        "ground",
        "ground yard backyard street driveway road lawn grass sidewalk alley fence patio banqueta \
         calle suelo piso",
    ),
];

/// Whether a word names what heats a house or its water.
pub(super) fn is_heater(word: &str) -> bool {
    let mut heaters = CLASSES.iter().filter(|(class, _)| *class == "heater");
    heaters.any(|(_, words)| words.split_whitespace().any(|heater| heater == word))
}
