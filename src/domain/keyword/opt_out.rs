//! "No more messages", in any words.
//!
//! A sender must honor a revocation of consent that is made "in any reasonable manner that clearly expresses a desire not to
//! receive further calls or text messages"; the words stop, quit, end, revoke, opt out, cancel and unsubscribe in reply to a
//! text are such a manner by themselves, and for other words the totality of circumstances counts (47 CFR 64.1200(a)(10),
//! <https://www.ecfr.gov/current/title-47/section-64.1200>). One text may confirm it, within five minutes ((a)(12)).
//!
//! So these words count with courtesies around them, and sentences that say what is not wanted: texts, messages, to be on a
//! list. What the word is about otherwise ("stop the leak", "can you stop by") is none, nor is a request for other hours ("don't
//! text me before nine"): the staff reads those.

use super::{CONSENTS, Consent};
use crate::domain::{fold, negation::NOT, words::Words};

/// The most characters of a message that is read for its sentences: two segments and a bit.
const MAX_CHARACTERS: usize = 400;
/// The most small words between those of a pattern.
const MAX_BETWEEN: usize = 4;

/// Words around a keyword that change nothing.
static COURTESIES: Words = Words::new(&[
    "please pls plz kindly now thanks thank you thx ok okay just hi hello hey immediately asap \
     right away it this that already everything sir por favor porfa porfavor gracias ya ahora \
     inmediatamente hola todo",
]);
/// Fewer around "cancel", which may be about an appointment.
static COURTESIES_OF_CANCEL: Words =
    Words::new(&["please pls plz thanks thank you por favor porfa porfavor gracias"]);

/// Words that `_` passes over.
static BETWEEN: Words = Words::new(&[
    "to me us my this these those the your any all with of more please from so many sending \
     getting receiving receive get ever and or calling call further automated phone be have such \
     annoying stupid on at for a de mas los las estos esos sus tus por favor mi el la su tu este \
     esta recibir que manden envien ya mandando enviando nos en sin",
]);

/// Sentences that say it whatever follows. `a|b` is either word, `_` up to four small words, `$` the end of the sentence.
const SENTENCES: &[&str] = &[
    "unsubscribe|unsub|optout|desuscribir|desuscribirme|desuscribanme|desinscribirme",
    "opt _ out $|please|now|thanks",
    "opt _ out of|from _ text|texts|messages|messaging|sms|notifications|reminders|everything|this|these|all|list",
    "revoke|withdraw|revoco|retiro _ consent|permission|authorization|consentimiento|permiso",
    "take|get|remove|drop|delete|scratch me|us|my|this _ off|from|out _ list|lists|texts|text|messages|database|system|contacts|mailing|sms|records",
    "take|get me|us off $|please|now",
    "take|remove|delete _ number|name|phone|contact _ off|from|out _ list|lists|database|system|contacts|records",
    "remove|delete|erase me|us $|please|now",
    "remove|delete|erase|lose|forget my|this _ number $|please|now",
    "leave me|us alone",
    "go away $",
    "said stop|quit|unsubscribe $",
    "fuck|piss off $",
    "dont|not|no want|wish|need|care|longer|quiero|queremos|deseo|deseamos _ text|texts|texted|texting|messages|message|contacted|reminders|notifications|sms|spam|mensajes|textos|recordatorios|notificaciones",
    "no longer|quiero|queremos want|wish|que _ text|texts|texted|messages|contacted|escriban|manden|texteen|contacten",
    "darme|dame|deme|denme|darnos|dennos|doy de baja",
    "dar de baja _ numero|telefono|celular|$",
    "quitenme|quiteme|quitame|saquenme|saqueme|borrenme|borreme|eliminenme|remuevanme",
    "borren|borre|borra|eliminen|elimine|elimina|quiten|quite|saquen|saque mi|este numero|telefono|contacto",
    "dejenme|dejame|dejeme|dejennos en paz",
    "dejenme|dejame|dejeme tranquilo|tranquila",
];

/// Sentences that ask for it unless they name a time, and are not told of somebody ("you don't text me back").
const ASKING: &[&str] = &[
    "stop|quit|cease|discontinue _ text|texting|texts|message|messages|messaging|msgs|sms|contacting|calling|bothering|spamming|harassing|notifications|reminders",
    "stop|quit sending _ me|us|these|this|stuff|things $",
    "stop|quit sending _ stuff|things|anything|crap|ads|offers",
    "want|like|wish to stop|quit $",
    "cease|stop contact|contacting $",
    "no manden|mande|mandes|envien|envie|envies _ mensajes|textos|sms",
    "dont|never _ text|texting|message|contact|sms|msg|bother|spam",
    "dont|never call or text",
    "dont|never send _ text|texts|messages|message|reminders|anything|anymore|stuff|notifications|sms",
    "do not _ text|texting|message|contact|sms|msg|bother|spam|write",
    "do not _ send _ text|texts|messages|message|reminders|anything|anymore|stuff|notifications|sms",
    "no more|further _ text|texts|texting|messages|messaging|msgs|sms|notifications|reminders|contact",
    "no texts|texting|sms|messages please|anymore|$",
    "end|cancel|disable|block _ text|texts|messages|sms|notifications|reminders|subscription|alerts",
    "no me|nos mande|manden|mandes|envie|envien|envies _ mensajes|mensaje|textos|sms|nada|recordatorios|$",
    "no me|nos _ escriban|escriba|escribas|texteen|textee|textees|contacten|contacte|contactes|molesten|moleste|molestes",
    "ya no me|nos llamen|llame|llames",
    "dejen|deje|deja|dejar|paren|pare de mandar|mandarme|mandarnos|enviar|enviarme|escribir|escribirme|molestar|molestarme|textear|textearme|contactar|contactarme|llamar|llamarme",
    "cancelar|cancelen|cancele|cancela|detener|detengan|parar|paren|quitar|quiten|terminar _ mensajes|suscripcion|textos|sms|recordatorios|notificaciones",
    "no mas mensajes|textos|sms|recordatorios",
];

/// Before a sentence that asks, these say that it is the contrary: "please don't stop texting me", "no dejen de escribirme".
static CONTRARY: Words = Words::new(&[NOT, "dont didnt wont cant if si"]);
/// Before a sentence that asks, these tell of somebody instead.
static TELLING: Words = Words::new(&["you they we he she i did why who people guys porque"]);
/// These make a request of it again: "can you stop texting me".
static REQUESTING: Words =
    Words::new(&["can could would will how want need please puede pueden podrian"]);
/// A time: what is asked for then is other hours.
static TIMES: Words = Words::new(&[
    "before after until till while during unless tonight night early late weekend weekends \
     between today work antes despues hasta mientras noche temprano tarde domingo domingos \
     trabajo hoy",
]);

/// No more messages, or messages again, in more than a word.
pub(super) fn read(text: &str) -> Option<Consent> {
    if text.chars().nth(MAX_CHARACTERS).is_some() {
        return None;
    }
    let words = fold::words(text);
    let bare = |courtesies: &Words| {
        let mut rest: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|word| !courtesies.has(word))
            .collect();
        rest.dedup();
        rest.join(" ")
    };
    let said = bare(&COURTESIES);
    let meant = CONSENTS.get(&said);
    if meant == Some(Consent::Stop) || said == "basta" {
        return Some(Consent::Stop);
    }
    let may_cancel = CONSENTS.get(&bare(&COURTESIES_OF_CANCEL));
    if may_cancel == Some(Consent::StopOrCancel) {
        return may_cancel;
    }
    if meant == Some(Consent::Start) {
        return meant;
    }
    let sentences: Vec<Vec<String>> = text
        .split(['.', '!', '?', ';', ':', ',', '\n', '¡', '¿'])
        .map(fold::words)
        .filter(|words| !words.is_empty())
        .collect();
    let says_so = opens_or_closes(&sentences)
        || sentences
            .iter()
            .any(|words| says(words, SENTENCES) || asks(words));
    says_so.then_some(Consent::Stop)
}

/// "Please stop, I have hired somebody else": the first or the last sentence is the word.
fn opens_or_closes(sentences: &[Vec<String>]) -> bool {
    let is_word = |words: &Vec<String>| {
        let mut rest = words
            .iter()
            .map(String::as_str)
            .filter(|word| !COURTESIES.has(word));
        matches!(rest.next(), Some("stop" | "unsubscribe" | "basta")) && rest.next().is_none()
    };
    [sentences.first(), sentences.last()]
        .into_iter()
        .flatten()
        .any(is_word)
}

fn says(words: &[String], patterns: &[&str]) -> bool {
    let denied = |at: usize| {
        at.checked_sub(1)
            .and_then(|before| words.get(before))
            .is_some_and(|before| CONTRARY.has(before))
    };
    (0..words.len())
        .any(|at| !denied(at) && !double_denied(words, at) && any_begins(patterns, words, at))
}

/// "I don't want to opt out", "no quiero darme de baja".
fn double_denied(words: &[String], at: usize) -> bool {
    words
        .iter()
        .take(at)
        .rev()
        .take(3)
        .any(|word| matches!(word.as_str(), "dont" | "not" | "never" | "no" | "didnt"))
}

fn asks(words: &[String]) -> bool {
    if words.iter().any(|word| TIMES.has(word)) {
        return false;
    }
    let is_request = words.iter().any(|word| REQUESTING.has(word));
    (0..words.len()).any(|at| {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let is_fit = before.is_none_or(|before| {
            let before = before.as_str();
            let contrary = CONTRARY.has(before) || double_denied(words, at);
            !contrary && (is_request || !TELLING.has(before))
        });
        is_fit && any_begins(ASKING, words, at)
    })
}

fn any_begins(patterns: &[&str], words: &[String], at: usize) -> bool {
    patterns.iter().any(|pattern| {
        let steps: Vec<&str> = pattern.split(' ').collect();
        begins(&steps, words, at)
    })
}

fn begins(steps: &[&str], words: &[String], at: usize) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        return true;
    };
    let word = words.get(at).map(String::as_str);
    if *step == "_" {
        return (0..=MAX_BETWEEN)
            .take_while(|skipped| {
                *skipped == 0
                    || words
                        .get(at + skipped - 1)
                        .is_some_and(|word| BETWEEN.has(word))
            })
            .any(|skipped| begins(rest, words, at + skipped));
    }
    step.split('|').any(|choice| match word {
        None => choice == "$" && rest.is_empty(),
        Some(word) => choice == word && begins(rest, words, at + 1),
    })
}
