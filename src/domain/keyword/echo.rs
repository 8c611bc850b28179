//! What telephones send by themselves: a reaction to a message as a text that quotes it, and a picture without words.

use crate::domain::{
    fold,
    words::{Phrases, Words},
};

/// How iPhones (English, and Spanish of Mexico and Spain) and Google Messages begin a reaction, behind a name if there is one.
static REACTIONS: Phrases<()> = Phrases::new(&[(
    (),
    "liked, loved, disliked, emphasized, emphasised, questioned, enfatizo, exclamo, cuestiono, \
     destaco, laughed at, removed a like|heart|dislike|laugh from, removed an exclamation from, \
     removed a question mark from, me|le gusta|gusto|encanta|encanto, no le gusto, le dio risa, \
     le parecio gracioso, se rio de|con, exclamo|pregunto por, quito un me gusta de",
)]);
/// Reactions that name their sign: "Reacted 👍 to ...", "Reaccionó con 👍 a ...".
static WITH_SIGN: Words = Words::new(&["reacted reacciono removed quito"]);
/// What is reacted to, where nothing is quoted.
static MEDIA: Phrases<()> = Phrases::new(&[(
    (),
    "an image|attachment, a photo|video|movie, an audio message, una imagen|foto, un video, \
     un mensaje de audio",
)]);
/// The most words before the reaction: "A Ana Lopez le encantó ...".
const MAX_NAME: usize = 4;

/// Whether a message is a telephone's echo of a message of ours.
#[must_use]
pub fn is_echo(text: &str) -> bool {
    let visible: String = text
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .collect();
    let trimmed = visible.trim();
    let Some((before, quoted)) = trimmed.split_once(is_quote) else {
        return is_of_media(trimmed);
    };
    // Something that is said behind the quotation is said by a person.
    let said_behind = quoted
        .rsplit_once(is_quote)
        .is_some_and(|(_, behind)| behind.chars().any(char::is_alphanumeric));
    !said_behind && is_reaction(before)
}

/// Whether a message has no words and no signs: a picture alone.
#[must_use]
pub fn is_wordless(text: &str) -> bool {
    text.chars()
        .all(|letter| letter.is_whitespace() || letter.is_control() || is_invisible(letter))
}

fn is_of_media(text: &str) -> bool {
    let folded = fold::fold(text);
    let words: Vec<&str> = folded.trim_end_matches('.').split_whitespace().collect();
    REACTIONS
        .begin(&words)
        .and_then(|((), media)| MEDIA.begin(media))
        .is_some_and(|((), rest)| rest.is_empty())
}

/// Whether the words before a quotation are a reaction to it.
fn is_reaction(before: &str) -> bool {
    let words = fold::words(before);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let has_sign = before
        .chars()
        .any(|letter| !letter.is_ascii() && !letter.is_alphanumeric() && !is_punctuation(letter));
    if has_sign {
        let mut named = words.iter().take(MAX_NAME + 1);
        return named.any(|word| WITH_SIGN.has(word)) || matches!(words.as_slice(), ["to" | "a"]);
    }
    // Behind a name, if there is one.
    (0..=MAX_NAME.min(words.len())).any(|name| {
        let reaction = words.get(name..).and_then(|words| REACTIONS.begin(words));
        reaction.is_some_and(|((), rest)| rest.is_empty())
    })
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '“' | '”' | '„' | '«' | '»' | '‟')
}

fn is_punctuation(letter: char) -> bool {
    matches!(letter, '¡' | '¿' | '…' | '–' | '—' | '’' | '‘')
}

/// Signs without a shape, with which Android marks its reactions.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{200a}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}' | '\u{202a}'..='\u{202e}'
    )
}

#[cfg(test)]
mod tests {
    use super::{is_echo, is_wordless};

    #[test]
    fn what_a_telephone_sends_by_itself_is_an_echo() {
        for text in [
            "Liked “Front Range Plumbing: your visit is booked. Reply STOP to end.”",
            "Liked \"Your visit is booked\"",
            "Loved “See you then”",
            "Disliked “See you then”",
            "Emphasized “EMERGENCY 100 for Front Range: water. Reply 1 to take it”",
            "Laughed at “ok”",
            "Questioned “ok”",
            "Removed a heart from “ok”",
            "Liked an image",
            "Loved a photo.",
            "Reacted 👍 to “Your visit is booked”",
            "👍 to “Your visit is booked”",
            "\u{200a}👍\u{200a} to “\u{200a}Your visit is booked\u{200a}”\u{200a}",
            "❤️ to \"Your visit\"",
            "👍 a “Su visita queda reservada”",
            "Le gustó “Su visita queda reservada”",
            "Le gustó \"Su visita\"",
            "Le encantó “Su visita”",
            "A Ana le encantó “Su visita queda reservada”",
            "A Ana le gustó «Su visita»",
            "Ana reaccionó con 👍 a “Su visita”",
            "Me gusta “Su visita”",
            "Enfatizó “Su visita”",
            "Se rió de “Su visita”",
            "Liked “a message that was cut",
        ] {
            assert!(is_echo(text), "{text}");
        }
    }

    #[test]
    fn what_a_person_writes_is_none() {
        for text in [
            "",
            "👍",
            "I liked the last technician",
            "Liked it, thanks",
            "Loved \"the cat\" photo, can you come at 3?",
            "He said \"stop\"",
            "stop",
            "\"STOP\"",
            "\"1\"",
            "The sign says \"no parking\"",
            "An image",
            "Me gusta el martes",
            "👍 to the visit",
        ] {
            assert!(!is_echo(text), "{text}");
        }
    }

    #[test]
    fn a_picture_alone_has_no_words() {
        for text in [
            "",
            "  ",
            "\n",
            "\u{200b}",
            "\u{fffc}\u{200b}".trim_start_matches('\u{fffc}'),
        ] {
            assert!(is_wordless(text), "{text:?}");
        }
        for text in ["1", "👍", "."] {
            assert!(!is_wordless(text), "{text:?}");
        }
    }
}
