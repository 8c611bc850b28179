//! The signs of danger, and the harmless expressions that resemble them.
//!
//! How a pattern is written stands in `pattern`. Stems make the Spanish and the English of a pattern one where the word
//! order is the same: `smell _ gas` is also "huele a gas" and "olor fuerte a gas".

use std::{collections::HashMap, sync::LazyLock};

use super::{clauses::Clause, pattern::Pattern};

/// A danger to life. The order is that in which one is named when there are several: what fills a building first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Danger {
    /// Fuel gas in the air.
    Gas,
    /// Fire, smoke, something burning, an explosion.
    Fire,
    /// Carbon monoxide, or the dizziness that it causes.
    CarbonMonoxide,
    /// Electricity where it can kill: shocks, sparks, water on wiring, fallen lines.
    ElectricShock,
    /// Somebody is hurt, trapped or cannot breathe.
    Injury,
}

/// A sign of danger in a clause: its words are those from `from` until before `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sign {
    pub danger: Danger,
    pub from: usize,
    pub until: usize,
}

const GAS: &[&str] = &[
    "smell gas",
    "smell of|like|a gas",
    "smell _ gas!",
    "gas smell",
    "gas _ leak",
    "gas wont|doesnt|hasnt|cant stop leak",
    "leak _ gas!",
    "leak in|on|at|near|by|from|en ... gas line|lines|pipe|pipes|meter|tank|valve|hose",
    "leak _ gas line|lines|pipe|pipes|meter|tank|valve|hose",
    "leak _ tuberia|linea|manguera|tanque|tubo|medidor|llave _ gas",
    "leak in|on|at|from|en _ stove|estufa|cooktop|horno|oven",
    "stove|estufa|cooktop _ leak",
    "gas line|lines|pipe|main|meter|hose|tank _ leak|broke|broken|ruptured|cut|hit|burst|punctured|damaged",
    "hit|cut|broke|broken|ruptured|punctured|busted|struck|damaged _ gas line|pipe|main|meter",
    "rompio|rompieron|rompimos|perforaron|picaron _ tuberia|linea|tubo|manguera _ gas",
    "sale|salen|salir|saliendo|saliendose|tira|tirando|botando _ gas!",
    "gas _ sale|saliendo|saliendose|tirando|coming|pouring",
    "fumes",
    "rotten _ egg",
    "egg _ rotten",
    "smell _ egg",
    "smell _ sulfur",
    "sulfur smell",
    "gas alarm ... ringing|beeping",
    "gas alarm ... going|goes|went off",
    "gas leak alarm ... ringing|beeping",
    "gas leak alarm ... going|goes|went off",
    "alarm _ gas ... ringing|beeping",
    "hissing ... gas",
    "gas! ... hissing",
    "gas line|pipe|meter|valve|tank ... hissing",
    "gas that|which i|we|you smell",
    "left|leave _ gas on",
    "cant|cannot|couldnt shut|turn off _ gas!",
    "ringing _ alarm _ gas",
    "gas _ left on",
    "dejo|deje|dejaron|dejamos _ gas _ abierto|abierta",
    "gas _ quedo _ abierto|abierta",
    "dejo|deje|dejaron|dejamos|quedo _ abierto|abierta ... gas!",
    "full _ gas",
    "lleno|llena _ gas",
    "gas everywhere",
    "gas in _ air",
    "hay _ gas en",
];

const FIRE: &[&str] = &[
    "fire",
    "fire is out of",
    "no se apaga _ fire",
    "sale|salio|saliendo _ fire",
    "fire|smoke alarm ... ringing",
    "fire|smoke alarm ... going|goes|went|gone|set off",
    "alarm _ fire|smoke ... ringing",
    "alarm contra fire ... ringing",
    "ringing _ alarm _ fire|smoke",
    "smell _ cable|cables|plastico|hule|goma burnt",
    "smoke",
    "smoking",
    "flames _ coming|shooting|from|everywhere|inside|behind|out",
    "see|saw|are|seeing|big|huge|high|spitting flames",
    "in flames",
    "en|hay|veo|ver|salen|saliendo|sacando|con llamas",
    "burning",
    "smell _ burnt",
    "burnt smell|plastic|rubber|wire|wires|wiring",
    "quema|quemo _ casa|cocina|cuarto|techo|edificio|garaje|pared",
    "explosion",
    "about|going|gonna|might|could|will _ explode",
    "about|going|gonna _ blow up",
    "about to blow",
    "va|puede|podria a explotar|estallar",
    "puede|podria explotar|estallar",
    "exploto _ boiler|transformador|calentador|tanque|estufa|caldera",
    "melting outlet|outlets|plug|socket|wire|wires|cord|panel|breaker",
    "outlet|plug|socket|wire|wires|wiring|cord|panel|breaker _ melting|melted",
    "enchufe|contacto|cable|cables|tablero|toma _ derritiendo|derritiendose|derritio|derretido",
    "smoldering",
];

const CARBON_MONOXIDE: &[&str] = &[
    "monoxide",
    "carbon monoxide alarm ... ringing|beeping|on",
    "carbon monoxide alarm ... going|goes|went|gone|set off",
    "co|monoxide alarm ... ringing|beeping",
    "co|monoxide alarm ... going|goes|went|gone|set off",
    "alarm _ co|monoxide ... ringing|beeping",
    "alarm _ co|monoxide ... going|goes|went|gone|set off",
    "ringing _ alarm _ co|monoxide",
    "co level|levels|reading|readings _ high|elevated|dangerous",
    "high _ co",
    "high level|levels|reading of co",
    "co poisoning|leak",
    "leak _ co",
    "exhaust fumes|smell",
    "dizzy",
    "lightheaded",
    "light headed",
    "mareado|mareada|mareados|mareadas|mareo|mareos|mareando",
];

const ELECTRIC_SHOCK: &[&str] = &[
    "get|gets|got|getting|being|was|were|been shocked",
    "shocked|shocks|shocking me|him|her|us|them|my|our|someone|somebody|people|everyone|you",
    "electric|electrical|electricity shock|shocks",
    "a|get|gets|got|getting|gave|gives|giving|feel|felt _ shock|shocks",
    "electrocuted|electrocution|electrocuting|electrocute|electrocuto|electrocutado|electrocutada|electrocutando",
    "zapped",
    "sparks",
    "see|saw|was|had|heard a spark",
    "sale|saca|hace|echa|hizo|salio _ spark",
    "live wire|wires",
    "arcing",
    "power|electric|electrical line|lines|wire|wires|pole _ down|fell|fallen|hanging",
    "downed|fallen power|electric|electrical line|lines|wire|wires|pole",
    "downed line|lines|wire|wires",
    "water! ... in|into|on|onto|near|inside|over|touching _ outlet|outlets|electrical|electric|panel|breaker",
    "water! ... in|into|on|onto|near|inside|over|touching _ breakers|socket|sockets|wiring|fuse",
    "leak|dripping|pouring|raining in|into|on|onto|over|near|through _ outlet|outlets|socket|sockets|wiring|fuse",
    "leak|dripping|pouring|raining in|into|on|onto|over|near|through _ electrical|electric|panel|breaker|breakers",
    "water! ... out of|from _ outlet|outlets|light|lights|panel|socket|sockets|fixture",
    "outlet|outlets|panel|socket|sockets|wiring _ wet|soaked|flooded|underwater|submerged",
    "electrical|breaker|fuse box _ wet|soaked|flooded|underwater|submerged",
    "dio|da|dan|dando|dieron|dar|pasa|pasando _ corriente|toques|toque|choque",
    "dio|da|dan|dando|dieron|dar|pasa|pasando _ descarga|descargas|calambre|calambres|calambrazo",
    "pego|pega|agarre|agarro|recibi|recibio _ corriente|toques|toque|choque",
    "pego|pega|agarre|agarro|recibi|recibio _ descarga|descargas|calambre|calambres|calambrazo",
    "descarga|descargas|choque|golpe electrica|electricas|electrico",
    "agua ... a|en|sobre|dentro|al|hacia|cerca|por _ tablero|enchufe|enchufes|contacto|contactos",
    "agua ... a|en|sobre|dentro|al|hacia|cerca|por _ tomacorriente|tomacorrientes|breaker|breakers|fusibles",
    "agua ... caja|panel|instalacion _ electrica|electrico|luz|breakers|fusibles",
    "cable|cables de luz|corriente|electricidad|alta _ caido|caidos|colgando|tirado|tirados",
    "cable|cables _ caido|caidos|colgando|tirado|tirados|vivo|vivos",
];

const INJURY: &[&str] = &[
    "hurt",
    "injury|injuries",
    "bleeding|sangrando|sangra|sangre|blood",
    "unconscious|inconsciente",
    "passed out",
    "fainted|desmayo|desmayado|desmayada|desmaye",
    "he|she|husband|wife|mother|mom|father|dad|son _ collapsed",
    "daughter|kid|baby|person|someone|somebody|man|woman|worker _ collapsed",
    "cant|cannot|couldnt|hardly|barely|not|isnt breathe",
    "unable|trouble|difficulty|problem|problems|stopped|struggling breathe",
    "not able to breathe",
    "unable|hard|difficult|harder|struggling to breathe",
    "short|shortness of breathe",
    "no breathe",
    "no puedo|puede|podemos|pueden breathe",
    "cuesta|dificil|apenas|dificultad _ breathe",
    "dificultad para breathe",
    "falta _ aire!",
    "choking|suffocating|drowning|asfixiando|asfixiandose|asfixia|ahogando|ahogandose",
    "chest pain|pains",
    "dolor _ pecho",
    "heart attack",
    "infarto",
    "ataque al|cardiaco",
    "seizure|convulsion|convulsiones|convulsionando",
    "trapped|atrapado|atrapada|atrapados|atrapadas",
    "stuck in|inside _ elevator",
    "fell off|from|down|through _ ladder|roof|stairs|attic|ceiling|floor|scaffold",
    "fell|collapsed on me|him|her|us|my|someone|somebody",
    "husband|wife|mother|mom|father|dad|grandmother|grandma fell",
    "grandfather|grandpa|son|daughter|baby|worker|someone|somebody fell",
    "cayo mi papa|mama|esposo|esposa|hijo|hija|abuelo|abuela|nino|nina|bebe|vecino|vecina",
    "no despierta",
    "cayo|cai de|del|desde _ escalera|techo|andamio|azotea",
    "cayo encima",
    "burnt _ hand|hands|arm|arms|leg|legs|face|foot|feet|finger|fingers|skin",
    "burnt himself|herself|myself|themselves|me|him",
    "got|were|was burnt badly",
    "scalded|scalding",
    "me queme",
    "quemo con agua|aceite|vapor",
    "quemo|quemaron _ mano|manos|brazo|brazos|cara|pierna|piernas|pie|pies|dedo",
    "quemo|quemaron _ dedos|nino|nina|hijo|hija|bebe|esposo|esposa|mama|papa",
    "ambulance|ambulancia|paramedics",
    "medical emergency",
    "emergencia medica",
    "he|hes|she|shes|someone|somebody|people|husband|wife|mother|mom|father|dad|baby _ dying",
    "muriendo",
    "intoxicado|intoxicada|intoxicados|envenenado|poisoned",
    "hypothermia|hipotermia|frostbite",
    "suicide|suicidal|suicidio|suicidarme|suicidar",
    "kill myself|himself|herself",
    "quiero morir|morirme|matarme",
];

/// Expressions with the same words that mean no danger. A longer sign wins: "smoke detector is going off".
const HARMLESS: &[&str] = &[
    "sewer gas",
    "gas leak alarm|test|tests|testing|inspection|inspections|check|certificate",
    "water leak",
    "tank _ full _ gas",
    "tanque _ lleno _ gas",
    "water smell _ rotten _ egg",
    "water smell _ egg",
    "water smell _ sulfur",
    "agua smell _ egg _ rotten",
    "agua smell _ sulfur",
    "paint fumes",
    "after|before|despues _ fire",
    "after|before|despues _ gas leak",
    "despues _ leak de gas",
    "fire place|pit|pits|extinguisher|extinguishers|sprinkler|sprinklers|inspection|inspections|inspector|marshal",
    "fire code|codes|door|doors|hydrant|truck|station|safety|suppression",
    "fire system|systems|panel|protection|escape|hazard|insurance|damage|damaged",
    "fire lane|wall|walls|rated|proof|resistant|drill|department|dept",
    "fire watch|up|wood|permit|restoration|cleanup|brick|bricks",
    "fire|smoke alarm|alarms",
    "alarm _ fire|smoke",
    "alarm contra fire",
    "sistema|seguro|equipo|proteccion contra fire",
    "extintor _ fire",
    "fire went|goes|going|gone out",
    "fire keeps|kept|has going|gone out",
    "fire is out",
    "wont|fails|failed|fail|refuses|trying|tries|try fire",
    "wont|fails|failed|fail|refuses|trying|tries|try to fire",
    "fire in _ fireplace",
    "in case of fire",
    "en caso de fire",
    "risk|riesgo of|de fire",
    "prueba|arma|armas de fire",
    "a fire lento",
    "fire _ calentador|boiler|piloto|quemador",
    "apago|apagaron|apagamos|apague _ fire",
    "se apaga _ fire",
    "smoke test|damage|damaged|stack|shop|machine|break|tube",
    "no|non smoking",
    "smoking area|section|cigarettes|weed|room|policy|ban",
    "quit|stop|stopped smoking",
    "wood|oil|gas|coal|clean|slow burning",
    "burning wood|oil|gas|through|more|fine|okay|ok",
    "burning too much",
    "burning a lot",
    "burning out",
    "i|im|were burning up",
    "burning up in here",
    "burning question",
    "pilot|burner|flame _ burning",
    "pilot light _ burning",
    "carbon monoxide alarm",
    "co|monoxide alarm",
    "alarm _ co|monoxide",
    "carbon monoxide alarm ... low|dead|weak battery|batteries",
    "co|monoxide alarm ... low|dead|weak battery|batteries",
    "alarm _ monoxide ... bateria|pila|baterias|pilas _ baja|bajas",
    "monoxide test|testing|inspection",
    "co|monoxide level|levels|reading|readings _ normal|zero|fine|low|safe",
    "was|were|got shocked at|to|how|that",
    "was|were shocked when i|we saw|heard|opened|read",
    "was|were|got shocked by _ price|bill|cost|quote|amount|estimate|how",
    "as a shock",
    "a shock to|absorber|absorbers",
    "igniter|ignitor|encendedor ... sparks",
    "igniter|ignitor|encendedor ... spark",
    "calentador|bomba|tanque|filtro _ agua",
    "wont|wouldnt|cant|couldnt hurt",
    "hurt to|the|anything|business",
    "bleeding the|radiator|radiators|air|valve|brakes|money",
    "blood pressure|sugar|test|type|stain|stains",
    "trapped air|water|moisture|heat|steam",
    "air|water|moisture|aire|agua _ trapped|atrapado|atrapada",
    "scalding hot|water",
    "muriendo _ calor|frio|hambre|sed",
];

/// A pattern, and what it means; `None` is harmless.
type Meaning = (Option<Danger>, Pattern);

/// The patterns by the words that they can begin with.
static PATTERNS: LazyLock<HashMap<&'static str, Vec<Meaning>>> = LazyLock::new(|| {
    let tables = [
        (Some(Danger::Gas), GAS),
        (Some(Danger::Fire), FIRE),
        (Some(Danger::CarbonMonoxide), CARBON_MONOXIDE),
        (Some(Danger::ElectricShock), ELECTRIC_SHOCK),
        (Some(Danger::Injury), INJURY),
        (None, HARMLESS),
    ];
    let mut patterns: HashMap<&'static str, Vec<Meaning>> = HashMap::new();
    for (meaning, table) in tables {
        for written in table.iter().copied() {
            for first in Pattern::read(written).first_words() {
                patterns
                    .entry(first)
                    .or_default()
                    .push((meaning, Pattern::read(written)));
            }
        }
    }
    patterns
});

/// The signs of danger in a clause, as they follow each other.
pub(super) fn signs(clause: &Clause) -> Vec<Sign> {
    let mut signs = Vec::new();
    let mut from = 0;
    while let Some(token) = clause.tokens.get(from) {
        let meanings = PATTERNS
            .get(token.stem.as_str())
            .map(Vec::as_slice)
            .unwrap_or_default();
        let longest = meanings
            .iter()
            .filter_map(|(danger, pattern)| {
                Some((pattern.end_of_match(&clause.tokens, from)?, *danger))
            })
            .max_by_key(|(until, _)| *until);
        let Some((until, danger)) = longest else {
            from += 1;
            continue;
        };
        if let Some(danger) = danger {
            signs.push(Sign {
                danger,
                from,
                until,
            });
        }
        from = until.max(from + 1);
    }
    signs
}
