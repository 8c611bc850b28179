//! The words of pages, and of what contacts, callers and the staff are told of an incident.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::{
    language::{Language, say},
    speech, written,
};

/// The most characters of a caller's words in a text message: with the rest it stays within three segments.
pub(super) const MAX_MESSAGE: usize = 220;
/// The most characters of an address in a text message.
pub(super) const MAX_ADDRESS: usize = 80;
/// The most characters of a caller's words that are read out on the telephone.
const MAX_SPOKEN: usize = 300;
/// The longest name that is spoken or written.
pub(super) const MAX_NAME: usize = 40;

/// What a page says.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// By what it is named in a reply.
    pub code: i16,
    /// Whose it is.
    pub organization: &'a str,
    /// What happened.
    pub message: &'a str,
    /// Where.
    pub address: Option<&'a str>,
    /// Where to call back.
    pub callback: Option<&'a str>,
    /// When somebody acknowledged it who has not said since that it is done.
    pub acknowledged_at: Option<(DateTime<Utc>, Tz)>,
}

/// A page as a text message.
#[must_use]
pub fn page(facts: &Facts<'_>, others: &[i16], language: Language) -> String {
    let answer = language.pick(
        "Reply 1 to take it, 2 to pass.",
        "Responda 1 para aceptarla, 2 para pasarla.",
    );
    page_with(facts, others, answer, language)
}

/// A page as an e-mail; the link that acknowledges it stands below.
#[must_use]
pub fn mail(facts: &Facts<'_>, others: &[i16], language: Language) -> String {
    let answer = language.pick(
        "To take it, open this link and press the button:",
        "Para aceptarla, abra este enlace y pulse el botón:",
    );
    page_with(facts, others, answer, language)
}

fn page_with(facts: &Facts<'_>, others: &[i16], answer: &str, language: Language) -> String {
    let organization = speech::quoted(facts.organization, MAX_NAME);
    let message = speech::quoted(facts.message, MAX_MESSAGE);
    let code = facts.code;
    let what = match facts.acknowledged_at {
        None => say!(
            language,
            "EMERGENCY {code} for {organization}: {message}.",
            "EMERGENCIA {code} de {organization}: {message}."
        ),
        Some((at, zone)) => {
            let at = at_time(at, zone, language);
            say!(
                language,
                "EMERGENCY {code} for {organization} was taken {at} and is not reported done: {message}.",
                "EMERGENCIA {code} de {organization}, aceptada {at} y sin terminar: {message}."
            )
        }
    };
    let address = facts.address.map(|address| place(address, language));
    let callback = facts.callback.map(|callback| call_back(callback, language));
    let others = (!others.is_empty()).then(|| {
        let open = codes(others);
        say!(language, "Also open: {open}.", "También abiertas: {open}.")
    });
    let sentences: Vec<String> = [
        Some(what),
        address,
        callback,
        others,
        Some(answer.to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect();
    speech::single_stops(&sentences.join(" "))
}

/// The subject of a page as an e-mail.
#[must_use]
pub fn subject(facts: &Facts<'_>, language: Language) -> String {
    let organization = speech::quoted(facts.organization, MAX_NAME);
    let code = facts.code;
    say!(
        language,
        "Emergency {code} for {organization}",
        "Emergencia {code} de {organization}"
    )
}

/// What is read out to a contact who picks up, before the keys are named.
#[must_use]
pub fn briefing(facts: &Facts<'_>, others: usize, language: Language) -> String {
    let organization = speech::quoted(facts.organization, MAX_NAME);
    let message = speech::quoted(facts.message, MAX_SPOKEN);
    let place = facts.address.map_or_else(String::new, |address| {
        let address = speech::quoted(address, MAX_ADDRESS);
        say!(language, " At {address}.", " En {address}.")
    });
    let more = match others {
        0 => String::new(),
        1 => language
            .pick(
                " One more emergency is open; your text messages name it.",
                " Hay otra emergencia abierta; sus mensajes la nombran.",
            )
            .to_owned(),
        count => say!(
            language,
            " {count} more emergencies are open; your text messages name them.",
            " Hay {count} emergencias abiertas más; sus mensajes las nombran."
        ),
    };
    say!(
        language,
        "This is {organization} with an emergency. {message}.{place}{more}",
        "Le habla {organization} con una emergencia. {message}.{place}{more}"
    )
}

/// Which keys there are.
#[must_use]
pub fn keys(language: Language) -> &'static str {
    language.pick(
        "Press 1 to take it. Press 2 to pass it on.",
        "Pulse 1 para aceptarla. Pulse 2 para pasarla a otra persona.",
    )
}

/// What those who were paged are told when somebody else acknowledged it, or the office closed it.
#[must_use]
pub fn stand_down(
    code: i16,
    organization: &str,
    acknowledged_by: Option<&str>,
    is_closed: bool,
    language: Language,
) -> String {
    let organization = speech::quoted(organization, MAX_NAME);
    let name = acknowledged_by.map(|name| speech::quoted(name, MAX_NAME));
    match name {
        _ if is_closed => say!(
            language,
            "Emergency {code} for {organization} is closed. Nothing to do.",
            "La emergencia {code} de {organization} está cerrada. No tiene que hacer nada."
        ),
        Some(name) => say!(
            language,
            "{name} has emergency {code} for {organization}. Nothing to do.",
            "{name} tiene la emergencia {code} de {organization}. No tiene que hacer nada."
        ),
        None => say!(
            language,
            "Emergency {code} for {organization} is taken. Nothing to do.",
            "La emergencia {code} de {organization} ya está atendida. No tiene que hacer nada."
        ),
    }
}

/// What whoever acknowledged an incident is told when the caller adds something.
#[must_use]
pub fn added(code: i16, words: &str, language: Language) -> String {
    let words = speech::quoted(words, MAX_MESSAGE);
    say!(
        language,
        "Emergency {code}, the caller adds: {words}",
        "Emergencia {code}, el cliente añade: {words}"
    )
}

/// What the agent of a live call is told when somebody acknowledges the incident.
#[must_use]
pub fn accepted_for_agent(name: Option<&str>, language: Language) -> String {
    let name = name.map(|name| speech::quoted(name, MAX_NAME));
    match name {
        Some(name) => say!(
            language,
            "{name} has just accepted the caller's emergency. Tell the caller now, in one sentence.",
            "{name} acaba de aceptar la emergencia del cliente. Dígaselo ahora, en una frase."
        ),
        None => language
            .pick(
                "The caller's emergency has just been accepted. Tell the caller now, in one sentence.",
                "Acaban de aceptar la emergencia del cliente. Dígaselo ahora, en una frase.",
            )
            .to_owned(),
    }
}

/// What the agent of a live call is told when nobody acknowledged the incident.
#[must_use]
pub fn exhausted_for_agent(language: Language) -> &'static str {
    language.pick("Nobody on call has accepted the caller's emergency yet, and nobody is left to alert. Say so honestly, say that the office has been told, and if anyone is in danger tell the caller to call 911.", "Nadie de guardia ha aceptado todavía la emergencia del cliente, y no queda nadie a quien avisar. Dígalo con franqueza, diga que la oficina está avisada y, si alguien corre peligro, que llame al 911.")
}

/// What the agent of a live call is told when no page of the incident could be sent yet.
#[must_use]
pub fn unsent_for_agent(language: Language) -> &'static str {
    language.pick("No message or call to the people on call could be sent yet. We keep trying. Tell the caller now, in one sentence, and that they should call 911 if anyone is in danger.", "Todavía no se ha podido enviar ningún mensaje ni llamada a las personas de guardia. Seguimos intentando. Dígaselo ahora, en una frase, y que llame al 911 si alguien corre peligro.")
}

/// The page for the fallback number, when no contact could be paged.
#[must_use]
pub fn fallback(facts: &Facts<'_>) -> String {
    let answer = "No page could be sent to anyone on call. Call the customer back now.";
    page_with(facts, &[], answer, Language::English)
}

/// What the staff reads when no page of an incident could be sent.
#[must_use]
pub fn unsent_task(facts: &Facts<'_>) -> String {
    let code = facts.code;
    let what = format!("Emergency {code} could not be sent to anyone on call yet");
    task_about(&what, facts)
}

/// What the staff reads when nobody acknowledged an incident.
#[must_use]
pub fn task(facts: &Facts<'_>) -> String {
    task_about(&format!("Nobody took emergency {}", facts.code), facts)
}

fn task_about(what: &str, facts: &Facts<'_>) -> String {
    let (message, address) = (facts.message, facts.address);
    let address = address.map_or_else(String::new, |address| format!("; address: {address}"));
    format!("{what}: {message}{address}. Call the customer back now.")
}

/// A time of day on the organization's clock, with the word that leads it: "at 2 PM", "a la 1 de la tarde".
#[must_use]
pub fn at_time(at: DateTime<Utc>, zone: Tz, language: Language) -> String {
    written::at_time(at.with_timezone(&zone).time(), language)
}

/// Codes, separated by commas.
#[must_use]
pub fn codes(codes: &[i16]) -> String {
    codes
        .iter()
        .map(i16::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Where it is.
pub(super) fn place(address: &str, language: Language) -> String {
    let address = speech::quoted(address, MAX_ADDRESS);
    say!(language, "Address: {address}.", "Dirección: {address}.")
}

/// Where to call back. In a text message the number stands in its E.164 form, which telephones offer to dial.
pub(super) fn call_back(number: &str, language: Language) -> String {
    say!(language, "Call back: {number}.", "Teléfono: {number}.")
}
