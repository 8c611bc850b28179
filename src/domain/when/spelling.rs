//! Words as transcripts and keyboards misspell them.

/// The usual spelling of a folded word that is often misspelled; other words stay as they are.
pub(super) fn corrected(word: &str) -> &str {
    // No misspelling here is shorter: most words of a phrase need no look at the table.
    if word.len() < 4 {
        return word;
    }
    match word {
        "wendsday" | "wensday" | "wednsday" | "wednesdy" | "wedensday" | "wendesday"
        | "wenesday" => "wednesday",
        "thrusday" | "thursaday" | "thrsday" | "thurday" | "thurdsay" | "thusday" => "thursday",
        "tuseday" | "teusday" | "tusday" | "tuesdy" | "tueday" | "tuesady" => "tuesday",
        "saterday" | "satuday" | "saturady" | "satruday" => "saturday",
        "moday" | "munday" | "mondy" => "monday",
        "firday" | "fryday" | "frday" | "friady" => "friday",
        "sundy" | "sundey" => "sunday",
        "tomorow" | "tommorow" | "tommorrow" | "tomorro" | "tomarrow" | "tomorrows"
        | "tommorrows" | "tmrw" | "tmrrw" => "tomorrow",
        "tonite" => "tonight",
        "mornin" | "moring" | "morniing" => "morning",
        "afternon" | "afernoon" | "aftenoon" | "afternnon" => "afternoon",
        "evning" | "evenin" => "evening",
        "nite" => "night",
        "janurary" | "januray" | "janury" => "january",
        "febuary" | "feburary" | "februray" | "febrary" => "february",
        "setember" | "septmber" | "septembre" => "september",
        "ocotber" | "octuber" => "october",
        "novemeber" | "novmber" | "novenber" => "november",
        "decemeber" | "decmber" | "dicember" => "december",
        "thanksgivng" | "thanksgivings" => "thanksgiving",
        "chrismas" | "cristmas" => "christmas",
        "miercols" | "miercles" | "mircoles" | "mierkoles" | "miercole" => "miercoles",
        "savado" | "zabado" | "sabdo" | "savados" | "sabados" => "sabado",
        "juebes" | "jueve" | "guebes" | "hueves" => "jueves",
        "viernez" | "biernes" | "biernez" | "vierne" => "viernes",
        "marte" | "martez" => "martes",
        "lunez" => "lunes",
        // "A las 3 dela tarde"
        "dela" => "de",
        "domigo" | "domimgo" | "domingos" => "domingo",
        "maniana" | "mannana" => "manana",
        "mananitas" => "mananita",
        "horita" | "orita" | "aorita" | "ahoritita" | "ahorititita" => "ahorita",
        "haste" | "asta" => "hasta",
        "pasaditas" => "pasadas",
        "lonche" | "lonch" => "almuerzo",
        "dispues" | "despuez" | "depues" | "despuesito" => "despues",
        "temprno" | "tenprano" | "tempranito" | "tempranitito" => "temprano",
        "tardesito" => "tardecito",
        "diciembe" | "dicienbre" | "disiembre" | "deciembre" => "diciembre",
        "nobiembre" | "novienbre" | "noviembe" => "noviembre",
        "otubre" | "obtubre" => "octubre",
        "setiembre" | "septienbre" => "septiembre",
        "febrer" | "ferbrero" | "fevrero" => "febrero",
        _ => word,
    }
}

/// A word before a spoken "-ish", as in "threeish" and "noonish", and the ending.
pub(super) fn without_ish(word: &str) -> Option<&str> {
    word.strip_suffix("ish").filter(|stem| {
        matches!(
            *stem,
            "morning" | "afternoon" | "evening" | "night" | "lunch" | "midday" | "noon"
        ) || super::token::spoken(stem).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::{corrected, without_ish};

    #[test]
    fn only_misspelled_words_are_corrected() {
        assert_eq!(corrected("thrusday"), "thursday");
        assert_eq!(corrected("juebes"), "jueves");
        assert_eq!(corrected("hasta"), "hasta");
        assert_eq!(without_ish("threeish"), Some("three"));
        for word in ["finish", "spanish", "english", "ish", "three"] {
            assert_eq!(without_ish(word), None, "{word}");
        }
    }
}
