//! The language of a short message, by the words that are answered to messages of ours.

use crate::domain::{fold, language::Language, words::Words};

/// Words that are English in a reply. What both languages write alike ("ok", "1", "no") is in neither list.
static ENGLISH: Words = Words::new(&[
    "stop unsubscribe quit end revoke opt out please text texts texting messages messaging dont \
     more list off leave alone remove what whats who where when how address number phone called \
     got on my way omw copy roger will do be there cant cannot not pass yes yep yeah sure done \
     fixed finished resolved closed accept accepted mine help thanks thank start subscribe \
     confirm confirmed this the im ill i you it is are taking happened one two three busy ack \
     details cancel everything",
]);
/// Words that are Spanish in a reply.
static SPANISH: Words = Words::new(&[
    "alto parar pare paren baja alta detener salir mas mensajes escriban escriba manden mande \
     mandarme envien quiero favor por darme dejen deje lista molesten ayuda informacion quien \
     eres voy ya ahi alla enterado enterada copiado copio entendido sale va vale dale claro orale \
     acepto aceptado camino puedo paso pasala direccion numero telefono cual que donde llamo \
     gracias listo hecho terminado termine resuelto uno dos tres si la el es los las de una en yo \
     tomo encargo recibido confirmo confirmado cancelar cancela cancelen cancelo cancele hola \
     basta iniciar empezar estoy llego quitenme saquenme borrenme mi",
]);

/// The language of the words of a message; `None` when they are of neither, or of both alike.
#[must_use]
pub fn language(text: &str) -> Option<Language> {
    let words = fold::words(text);
    let count = |known: &Words| words.iter().filter(|word| known.has(word)).count();
    match count(&ENGLISH).cmp(&count(&SPANISH)) {
        std::cmp::Ordering::Greater => Some(Language::English),
        std::cmp::Ordering::Less => Some(Language::Spanish),
        std::cmp::Ordering::Equal => Language::of_words(text),
    }
}

#[cfg(test)]
mod tests {
    use super::language;
    use crate::domain::language::Language::{English, Spanish};

    #[test]
    fn a_reply_tells_its_language_where_it_can() {
        for (text, expected) in [
            ("stop please", Some(English)),
            ("STOP", Some(English)),
            ("please don't text me any more", Some(English)),
            ("baja por favor", Some(Spanish)),
            ("BAJA", Some(Spanish)),
            ("Alta", Some(Spanish)),
            ("ya no me manden mensajes", Some(Spanish)),
            ("no me escriban", Some(Spanish)),
            ("sí", Some(Spanish)),
            ("voy", Some(Spanish)),
            ("sale", Some(Spanish)),
            ("¿cuál es el teléfono?", Some(Spanish)),
            ("on my way", Some(English)),
            ("what's the address?", Some(English)),
            ("ok", None),
            ("1", None),
            ("no", None),
            ("247", None),
            ("👍", None),
            ("", None),
        ] {
            assert_eq!(language(text), expected, "{text:?}");
        }
    }
}
