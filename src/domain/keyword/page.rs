//! Answers to a page: a few words that take an emergency, pass it on, report it done, or ask for what they need to go there.
//!
//! A message counts when all of it is such words: in "on my way, tell them to shut the water off" nobody reads the second half.

use super::{is_thumb, plain};
use crate::domain::{
    fold,
    words::{Phrases, Words},
};

/// The most characters of an answer.
const MAX_CHARACTERS: usize = 120;
/// The most words of a sentence that asks.
const MAX_QUESTION: usize = 12;

/// What a message answers to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Whoever was paged takes it.
    Take,
    /// They pass it on.
    Pass,
    /// It is done.
    Done,
    /// They ask for something that they need.
    Ask(Asked),
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Where it is.
    pub address: bool,
    /// Where to call back.
    pub number: bool,
    /// What happened.
    pub what: bool,
}

/// An answer to a page, and which emergency it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageReply {
    /// What is answered.
    pub page: Page,
    /// By what the emergency is named, if it is.
    pub code: Option<i16>,
}

/// Words that add nothing to an answer.
static FILLERS: Words = Words::new(&[
    "please thanks thank you thx ty hey hi hello sir boss man bro dude team now right then just \
     im i ill sorry ok okay k gracias por favor porfa hola jefe jefa ya ahora ahorita today \
     tonight hoy am pues lo siento disculpe perdon",
]);
/// Fillers that take an emergency when they stand alone.
static AGREEING: Words = Words::new(&["ok okay k"]);
/// What a number of minutes or an hour stands behind.
static ARRIVING: Words = Words::new(&["in at by about eta around en las la como"]);
/// Words of an arrival: "be there in 20 minutes", "llego en media hora".
static ARRIVAL: Words = Words::new(&[
    "be there in at by about eta is around will arriving arrive get llego llegando en a las la \
     estoy ahi alla voy como my or so half an out away",
]);
static UNITS: Words =
    Words::new(&["min mins minute minutes minutos minuto hour hours hr hrs hora horas pm am m h"]);
static NUMBERS: Words = Words::new(&[
    "five ten fifteen twenty thirty forty fortyfive sixty cinco diez quince veinte treinta \
     cuarenta media una an one two",
]);

/// Words and phrases that answer a page.
static ANSWERS: Phrases<Page> = Phrases::new(&[
    (
        Page::Take,
        "1, yes, y, yep, yeah, sure, ack, a, acknowledge, acknowledged, accept, \
         accepted, mine, omw, going, voy, si, va, vale, dale, claro, acepto, aceptar, aceptada, \
         aceptado, recibido, copy, 10-4, roger, rgr, wilco, understood, affirmative, bet, alright, \
         yup, gotcha, enroute, rolling, responding, coming, received, np, one, uno, copiado, copio, \
         enterado, enterada, entendido, entendida, sale, orale, andale, arre, simon, saliendo, \
         perfecto, afirmativo, anotado, i accept|can, i have|got|take it, \
         got|on|taking|take|handling it, im on it, on my|the way, ya|si|yo|ahi|alla|listo voy, \
         voy|salgo para alla, voy en|de camino, en camino|route, la tengo|tomo|agarro|atiendo, \
         lo tomo|agarro|atiendo, copy|roger that, 10 4, ten four, will|can do, all right, got this, \
         i|ive got this, ive|you got it, ill take|handle it, i will|can take it, ill go, \
         i will|can go, im going|coming, i can do it, headed|heading|almost there, \
         heading|headed over|out, im on the way, i am on it, i am on my way, leaving now, \
         be right there, be there soon|shortly, ill be there, i will be there, \
         no problem|prob|worries, not a problem, sale y vale, sale vale, va que va, \
         voy saliendo|llegando|yo|ahora|ahorita, salgo ya, ya salgo, de camino|acuerdo, \
         ya casi llego, estoy en camino, me encargo, yo me encargo, yo la|lo tomo, \
         yo la agarro|atiendo|tengo, yo le entro, yo atiendo, con gusto, a la orden, esta bien, \
         ya voy para alla, para alla, no hay problema, sin problema, claro que si, si claro, \
         ya la tengo, yes i can",
    ),
    (
        Page::Pass,
        "2, no, nope, n, pass, decline, cant, cannot, paso, pasar, pasala, two, dos, unavailable, \
         busy, next, skip, negative, unable, ocupado, ocupada, pasalo, siguiente, negativo, \
         imposible, i cant|cannot|pass, not me|available|today|going|tonight, no puedo|voy|podre, \
         yo no, cant make|do|take it, i cant make|do|take it, cant go, i cant go, cant right now, \
         i cant right now, im not available|going, im busy|off, on another job|call, \
         im on another job|call, out of town, im out of town, off duty, im off duty, not on call, \
         im not on call, not my shift, someone|somebody else, ill|hard pass, pass on this, \
         pass it on, wont make it, no can do, no puedo ir|ahorita|ahora|tomarla|atenderla|hoy, \
         no voy a poder, no estoy disponible, estoy ocupado|ocupada|fuera, ando fuera, \
         estoy de vacaciones, no estoy de guardia, no me toca, que vaya|siga otro, otra persona, \
         pasala a otro, yo no puedo, no puedo esta noche, cant make|do|take it anymore, \
         cant make|do|take it after all, i cant make|do|take it anymore, \
         i cant make|do|take it after all, cant|cannot go after all, i cant|cannot go after all, \
         cannot make|do|take it, i cannot make|do|take it, not able to make|do|take it, \
         im not able to make|do|take it, i wont make it, something came up, no longer available, \
         im no longer available, ya no puedo, ya no puedo ir, siempre no puedo, ya no voy a poder, \
         se me complico, no podre ir, ya no podre",
    ),
    (
        Page::Done,
        "3, done, closed, close, fixed, finished, resolved, listo, lista, hecho, hecha, terminado, \
         terminada, termine, resuelto, resuelta, arreglado, three, tres, complete, completed, \
         completado, solucionado, all done|set|fixed, job|its done, its fixed, taken care of, \
         wrapped up, ya quedo|termine|esta|estuvo, quedo|todo listo, fixed it",
    ),
]);

/// They ask where it is.
static ADDRESS: Words =
    Words::new(&["address addr adress location where wheres direccion ubicacion domicilio donde"]);

/// They ask where to call back.
static NUMBER: Words =
    Words::new(&["number phone telephone callback cell numero telefono tel celular"]);

/// They ask what it is, unless they ask for one of those.
static WHAT: Words = Words::new(&[
    "details detail description describe detalles descripcion problem problema issue whats what \
     paso sucede sucedio ocurre ocurrio happened happening resend repeat",
]);

/// With these it is no such question.
static NO_QUESTION: Words = Words::new(&["one 1 wrong equivocado delete remove my mi"]);

/// They ask who called, in several words.
static CALLERS: Phrases<()> = Phrases::new(&[(
    (),
    "who called, who do i call, who is it|calling, call them|back, quien llamo, \
     quien es el cliente, a quien llamo",
)]);

/// They ask what happened, in several words.
static HAPPENINGS: Phrases<()> = Phrases::new(&[(
    (),
    "what happened, whats going on, que paso|sucedio, whats wrong, say|send again, send it again, \
     once more",
)]);

/// What a message answers to a page: words, words and the emergency's number, or the number alone, which takes it.
#[must_use]
pub fn page(text: &str) -> Option<PageReply> {
    if is_thumb(text) {
        return Some(PageReply {
            page: Page::Take,
            code: None,
        });
    }
    let whole = plain(text, MAX_CHARACTERS)?;
    let mut named = whole.split(' ').filter_map(code);
    // In "there in 247", a number is no emergency's.
    let before_last = whole.rsplit(' ').nth(1);
    let is_arrival = before_last.is_some_and(|word| ARRIVING.has(word));
    let code = named.next_back().filter(|_| !is_arrival);
    let read: Vec<Kind> = text
        .split(['.', '!', '?', ';', ',', '\n', '¡', '¿'])
        .filter_map(|sentence| plain(sentence, MAX_CHARACTERS))
        .map(|sentence| kind(&sentence, code))
        .collect();
    let is_code_alone = code.is_some() && !whole.contains(' ');
    let page = combined(&read, is_code_alone)?;
    Some(PageReply { page, code })
}

/// What a sentence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nothing,
    Agreed,
    Says(Page),
    Asks(Asked),
    Unknown,
}

/// What the sentences of a message say together; `None` when they contradict each other, or one is not understood.
fn combined(read: &[Kind], is_code_alone: bool) -> Option<Page> {
    let mut said: Option<Page> = None;
    let mut asked = Asked::default();
    let (mut is_agreed, mut is_unknown, mut is_asked) = (false, false, false);
    for kind in read {
        match kind {
            Kind::Nothing => {}
            Kind::Agreed => is_agreed = true,
            Kind::Unknown => is_unknown = true,
            Kind::Asks(more) => {
                is_asked = true;
                asked = asked.and(*more);
            }
            Kind::Says(page) => match said {
                Some(before) if before != *page => return None,
                _ => said = Some(*page),
            },
        }
    }
    match said {
        // What they ask for stands in the answer to whoever takes it.
        Some(page) if !is_unknown && (!is_asked || page == Page::Take) => Some(page),
        Some(_) => None,
        None if is_asked => Some(Page::Ask(asked)),
        None if is_unknown => None,
        None => (is_agreed || is_code_alone).then_some(Page::Take),
    }
}

impl Asked {
    fn and(self, more: Self) -> Self {
        Self {
            address: self.address || more.address,
            number: self.number || more.number,
            what: self.what || more.what,
        }
    }
}

fn kind(sentence: &str, named: Option<i16>) -> Kind {
    let words: Vec<&str> = sentence
        .split(' ')
        .filter(|word| code(word).is_none() || code(word) != named)
        .map(|word| word.trim_start_matches('#'))
        .collect();
    let mut said: Option<Page> = None;
    let mut is_agreed = false;
    let mut rest = words.as_slice();
    while let [word, behind @ ..] = rest {
        let found = ANSWERS
            .begin(rest)
            .or_else(|| Some((Page::Take, rest.get(arrival(rest)?..)?)));
        if let Some((page, after)) = found.filter(|(page, _)| said.is_none_or(|said| said == *page))
        {
            said = Some(page);
            rest = after;
        } else if found.is_none() && FILLERS.has(word) {
            is_agreed |= AGREEING.has(word);
            rest = behind;
        } else {
            return question(&words).map_or(Kind::Unknown, Kind::Asks);
        }
    }
    match said {
        Some(page) => Kind::Says(page),
        None if is_agreed => Kind::Agreed,
        None => Kind::Nothing,
    }
}

/// How many words say when somebody will be there: "be there in 20", "20 minutes", "llego a las 5".
fn arrival(words: &[&str]) -> Option<usize> {
    let lead = words
        .iter()
        .take_while(|word| ARRIVAL.has(word) && !NUMBERS.has(word))
        .count();
    let number = words.get(lead)?;
    let is_number = NUMBERS.has(number)
        || number.len() <= 3 && number.starts_with(|first: char| first.is_ascii_digit());
    if !is_number {
        return None;
    }
    let behind = words.get(lead + 1..).unwrap_or_default();
    let has_unit = number.chars().any(char::is_alphabetic) && number.starts_with(char::is_numeric)
        || behind.first().is_some_and(|word| UNITS.has(word));
    let rest = behind
        .iter()
        .take_while(|word| UNITS.has(word) || ARRIVAL.has(word))
        .count();
    let before = lead.checked_sub(1).and_then(|last| words.get(last));
    let is_led = before.is_some_and(|word| ARRIVING.has(word));
    let is_eta = words.first() == Some(&"eta");
    (is_led || is_eta || has_unit).then_some(lead + 1 + rest)
}

/// What a sentence asks for, if it is short and asks.
fn question(words: &[&str]) -> Option<Asked> {
    let any = |list: &Words| words.iter().any(|word| list.has(word));
    if words.len() > MAX_QUESTION || any(&NO_QUESTION) {
        return None;
    }
    let has = |phrases: &Phrases<()>| phrases.within(words).next().is_some();
    let address = any(&ADDRESS);
    let number = any(&NUMBER) || has(&CALLERS);
    let what = !address && !number && any(&WHAT) || has(&HAPPENINGS);
    let asked = Asked {
        address,
        number,
        what,
    };
    (asked != Asked::default()).then_some(asked)
}

/// An emergency is named by three digits.
fn code(word: &str) -> Option<i16> {
    let digits = word.trim_start_matches('#');
    (digits.len() == 3
        && fold::fold(digits)
            .bytes()
            .all(|digit| digit.is_ascii_digit()))
    .then(|| digits.parse().ok())
    .flatten()
    .filter(|code| *code >= 100)
}
