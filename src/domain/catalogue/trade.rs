//! The words of the trades, in English and Spanish: which of them mean the same, and what a complaint asks for.

use crate::domain::words::Words;

/// A thing that is worked on, or what is done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A thing.
    Object,
    /// What is done to it, or what is the matter with it.
    Action,
}

/// Things, each with the words of its meaning: folded, parted by bars, and phrases where they have blanks. Endings are left out of account
/// where words are compared.
pub(super) const OBJECTS: &[(&str, &str)] = &[
    (
        "faucet",
        "faucet|tap|spigot|spout|grifo|griferia|llave|llave de agua|canilla",
    ),
    ("drain", "drain|drainage|desague|drenaje|coladera"),
    (
        "toilet",
        "toilet|commode|inodoro|excusado|escusado|taza|taza del bano|wc|sanitario|retrete",
    ),
    (
        "sink",
        "sink|washbasin|lavabo|lavamanos|fregadero|tarja|lavaplatos",
    ),
    ("shower", "shower|showerhead|regadera|ducha"),
    ("tub", "tub|bathtub|tina|banera"),
    ("pipe", "pipe|piping|tuberia|tubo|caneria"),
    (
        "sewer",
        "sewer|sewage|sewer line|alcantarilla|alcantarillado|albanal",
    ),
    (
        "disposal",
        "garbage disposal|disposal|disposer|triturador|triturador de basura",
    ),
    (
        "water heater",
        "water heater|hot water heater|hot water tank|tankless|calentador|calentador de agua|\
        boiler de agua|termo",
    ),
    ("boiler", "boiler|caldera"),
    (
        "furnace",
        "furnace|heating|heater|heat|heating system|calefaccion|calefactor|calenton|\
        horno de calefaccion",
    ),
    (
        "ac",
        "ac|a c|air con|aircon|air conditioner|air conditioning|cooling|central air|aire|\
        aire acondicionado|clima|minisplit|mini split",
    ),
    ("thermostat", "thermostat|termostato"),
    ("duct", "duct|ductwork|air duct|vent|ducto"),
    (
        "outlet",
        "outlet|socket|plug|enchufe|contacto|tomacorriente|toma corriente",
    ),
    (
        "light",
        "light|lighting|light fixture|lamp|luz|luces|lampara|foco|iluminacion",
    ),
    (
        "panel",
        "panel|breaker|breaker box|circuit breaker|fuse box|electrical panel|tablero|\
        tablero electrico|centro de carga|panel electrico",
    ),
    (
        "plumbing",
        "plumbing|plumber|plomeria|plomero|fontaneria|fontanero",
    ),
    (
        "electrical",
        "electrical|electric|electrician|electricity|wiring|electricidad|electrico|electrica|\
        electricista|cableado",
    ),
    ("hvac", "hvac|heating and cooling|climatizacion"),
    ("roof", "roof|roofing|techo|tejado"),
    ("gutter", "gutter|canaleta|canalon"),
    ("sump pump", "sump pump|bomba de sumidero"),
    ("septic", "septic|septic tank|fosa septica"),
    ("washer", "washer|washing machine|lavadora"),
    ("dryer", "dryer|secadora"),
    ("dishwasher", "dishwasher|lavavajillas"),
    ("fridge", "fridge|refrigerator|refrigerador|nevera"),
];

/// What is done to a thing, or is the matter with it, in the same way.
pub(super) const ACTIONS: &[(&str, &str)] = &[
    (
        "repair",
        "repair|fix|mend|broken|broke|breaks|not working|isnt working|doesnt work|wont work|\
        stopped working|quit working|out of order|reparar|reparacion|repara|reparen|arreglar|\
        arreglo|arreglen|componer|compostura|descompuesto|descompuesta|se descompuso|roto|\
        rota|averia|averiado|averiada|no funciona|no sirve|no jala|dejo de funcionar|\
        keeps running|wont stop running|running nonstop|constantly running|no deja de correr|\
        sigue corriendo|wont flush|doesnt flush|wont turn on|doesnt turn on|no prende|\
        no enciende|no calienta|no descarga",
    ),
    (
        "leak",
        "leak|leaky|leakage|drip|dripping|drippy|fuga|gotea|gotear|goteo|goteando|gotera|\
        tira agua|tirando agua|tirando el agua|se sale el agua|saliendo el agua",
    ),
    (
        "clog",
        "clog|clogged|blocked|blockage|plugged|plugged up|backed up|backing up|stopped up|\
        unclog|wont drain|doesnt drain|slow drain|draining slowly|tapado|tapada|se tapo|\
        destapar|destape|atascado|atascada|obstruido|obstruida|no drena|no se va el agua",
    ),
    (
        "clean",
        "clean|cleaning|cleanup|clear|limpiar|limpieza|limpie|limpien",
    ),
    (
        "install",
        "install|installation|instalar|instalacion|instalen|put in|poner|colocar",
    ),
    (
        "replace",
        "replace|replacement|swap|swap out|reemplazar|reemplazo|cambiar|cambio",
    ),
    ("upgrade", "upgrade|mejora|actualizacion|ampliacion"),
    (
        "inspect",
        "inspect|inspection|check|checkup|check up|look at|inspeccion|inspeccionar|revisar|\
        revision",
    ),
    (
        "maintain",
        "maintenance|maintain|tune up|tuneup|mantenimiento|afinacion",
    ),
];

/// Complaints that name no thing, and the thing that is meant with what is to be done to it.
pub(super) const COMPLAINTS: &[(&[&str], &str)] = &[
    (
        &["water heater", "repair"],
        "no hot water|not getting hot water|dont have hot water|ran out of hot water|water is cold|\
        water wont get hot|no hay agua caliente|no tengo agua caliente|no sale agua caliente|\
        sin agua caliente|el agua sale fria",
    ),
    (
        &["ac", "repair"],
        "not cooling|isnt cooling|wont cool|doesnt cool|not blowing cold|blowing warm|blowing hot|\
        no cold air|no enfria|no esta enfriando|no sale aire frio",
    ),
    (
        &["furnace", "repair"],
        "no heat|not heating|isnt heating|wont heat|doesnt heat|blowing cold|no calienta la casa|\
        sin calefaccion|no hay calefaccion",
    ),
    (
        &["electrical", "repair"],
        "no power|power is out|no electricity|no hay luz|se fue la luz|sin luz",
    ),
];

/// What a word asks for beside itself: a leak is to be repaired, and a faucet is the plumber's.
pub(super) const IMPLIED: &[(&[&str], &[&str])] = &[
    (&["leak"], &["repair", "plumbing"]),
    (&["clog"], &["clean", "repair", "drain", "plumbing"]),
    (
        &[
            "faucet",
            "drain",
            "toilet",
            "sink",
            "shower",
            "tub",
            "pipe",
            "sewer",
            "disposal",
            "water heater",
        ],
        &["plumbing"],
    ),
    (&["boiler"], &["furnace"]),
    (&["ac", "furnace", "thermostat", "duct"], &["hvac"]),
    (&["outlet", "light", "panel"], &["electrical"]),
];

/// What is done where nobody said what is to be done, and what goes with anything else. To put in something new must be said.
pub(super) const MENDING: &[&str] = &["repair", "leak", "clog", "clean", "inspect", "maintain"];

/// Actions that go with any other: whoever wants something looked at may want it repaired.
pub(super) const LOOKING: &[&str] = &["inspect", "maintain"];

/// Words that say nothing of a service.
pub(super) static FILLERS: Words = Words::new(&[
    "a an the my our your his her their this that some it its i we he she is are was be been have \
     has had got get need needs want would like can could you someone somebody come to of for in \
     on at with from by up out please and or also plus then service services visit appointment \
     job work new old just really me us do does there think home house un una unos unas el la los \
     las lo mi mis su sus de del en con para por que se es esta estan hay tengo tiene necesito \
     necesitamos quiero queremos quisiera favor y e o tambien ademas servicio servicios visita \
     cita trabajo casa nuevo nueva alguien venga vengan",
]);

/// Words that tell where, or that go with many things, so that they name no service by themselves.
pub(super) static WEAK: Words = Words::new(&[
    "kitchen bathroom bath bedroom room basement garage attic yard upstairs downstairs wall floor \
     ceiling water gas line system unit tank problem issue emergency cocina bano recamara cuarto \
     sotano cochera patio arriba abajo pared piso agua problema emergencia general residential \
     commercial",
]);

/// Words behind which something else is asked for.
pub(super) static CONJUNCTIONS: Words = Words::new(&["and also plus then y e tambien ademas"]);
