use proptest::prelude::*;

use super::*;

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn consent_is_given_and_withdrawn_by_a_word() {
    for (texts, expected) in [
        (
            &[
                "STOP",
                "stop",
                "Stop.",
                "\"STOP\"",
                " stop ",
                "STOP!",
                "StopAll",
                "STOP ALL",
                "unsubscribe",
                "UNSUBSCRIBE",
                "end",
                "END",
                "quit",
                "QUIT",
                "revoke",
                "REVOKE",
                "optout",
                "OPTOUT",
                "opt out",
                "Opt-Out",
                "alto",
                "ALTO",
                "parar",
                "Pare",
                "baja",
                "BAJA",
                "darme de baja",
                "Detener",
                "salir",
                "no más",
                "no mas mensajes",
                "No más mensajes.",
                "no more",
                "no more messages",
                "«alto»",
            ][..],
            Some(Consent::Stop),
        ),
        (
            &[
                "CANCEL", "cancel", "Cancel.", "cancelar", "Cancelar", "cancela", "cancelo",
            ][..],
            Some(Consent::StopOrCancel),
        ),
        (
            &[
                "START",
                "start",
                "unstop",
                "UNSTOP",
                "subscribe",
                "alta",
                "Alta",
                "iniciar",
            ][..],
            Some(Consent::Start),
        ),
        (
            &["yes", "YES", "Yes.", "si", "sí", "Sí", "SÍ!"][..],
            Some(Consent::StartIfStopped),
        ),
        (
            &[
                "HELP",
                "help",
                "Help?",
                "info",
                "INFO",
                "ayuda",
                "Ayuda",
                "¿Ayuda?",
                "información",
                "who is this",
                "Who is this?",
                "¿Quién es?",
                "quien eres",
            ][..],
            Some(Consent::Help),
        ),
        (
            &[
                "stop the leak please",
                "please do not stop",
                "I want to cancel my visit on Tuesday",
                "start at nine",
                "no",
                "1",
                "C",
                "ok",
                "",
                "   ",
                "👍",
                "can you help me with the boiler?",
                "the end of the street",
                "quiero cancelar la visita del martes",
                "???",
            ][..],
            None,
        ),
    ] {
        for text in texts {
            assert_eq!(consent(text), expected, "{text:?}");
        }
    }
}

#[test]
fn an_appointment_is_confirmed_or_cancelled_by_a_word() {
    for (texts, expected) in [
        (
            &[
                "1",
                " 1 ",
                "1.",
                "\"1\"",
                "confirm",
                "Confirm",
                "CONFIRM",
                "confirmed",
                "I confirm",
                "confirmo",
                "Confirmo.",
                "confirmar",
                "yes",
                "Y",
                "sí",
                "si",
                "ok",
                "OK!",
                "okay",
                "vale",
                "de acuerdo",
                "👍",
                "✅",
                "👍🏽",
                "👌👌",
            ][..],
            Some(Appointment::Confirm),
        ),
        (
            &["C", "c", " c ", "\"C\"", "c."][..],
            Some(Appointment::Cancel),
        ),
        (
            &[
                "12",
                "maybe",
                "cancel",
                "stop",
                "2",
                "c u later",
                "see you",
                "no",
                "¿a qué hora?",
                "1 2",
                "",
                "confirm the time please",
            ][..],
            None,
        ),
    ] {
        for text in texts {
            assert_eq!(appointment(text), expected, "{text:?}");
        }
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_page_is_answered_in_many_words() {
    for (texts, expected) in [
        (
            &[
                "1",
                " 1 ",
                "1.",
                "\"1\"",
                "'1'",
                "ok",
                "OK",
                "Ok!",
                "okay",
                "k",
                "yes",
                "YES",
                "y",
                "yep",
                "yeah",
                "sure",
                "ack",
                "ACK",
                "Ack.",
                "a",
                "acknowledged",
                "accept",
                "I accept",
                "mine",
                "I have it",
                "I got it",
                "got it",
                "Got it!",
                "on it",
                "I'm on it",
                "I’m on it",
                "on my way",
                "On my way!",
                "omw",
                "going",
                "voy",
                "Voy",
                "VOY!",
                "ya voy",
                "voy para allá",
                "voy en camino",
                "en camino",
                "En camino.",
                "sí",
                "si",
                "Sí, voy",
                "va",
                "vale",
                "dale",
                "claro",
                "acepto",
                "Acepto",
                "yo voy",
                "la tengo",
                "la tomo",
                "recibido",
                "👍",
                "✅",
                "👌",
                "👍🏼",
                "👍 ",
                "🏃",
                "✔️",
            ][..],
            Some(Page::Take),
        ),
        (
            &[
                "2",
                "2.",
                "no",
                "No",
                "NO",
                "nope",
                "pass",
                "Pass",
                "decline",
                "can't",
                "Can't",
                "I can't",
                "I can’t",
                "cannot",
                "not me",
                "no puedo",
                "No puedo",
                "paso",
                "pásala",
                "yo no",
            ][..],
            Some(Page::Pass),
        ),
        (
            &[
                "3",
                "done",
                "Done!",
                "all done",
                "closed",
                "fixed",
                "finished",
                "resolved",
                "listo",
                "Listo",
                "lista",
                "hecho",
                "terminado",
                "terminé",
                "resuelto",
                "arreglado",
            ][..],
            Some(Page::Done),
        ),
        (
            &[
                "who is this",
                "stop",
                "call me",
                "I will be there in an hour, ask Sam",
                "no heat?",
                "12",
                "4",
                "99",
                "1000",
                "1 2",
                "",
                "🤷",
                "hola",
                "quién es",
                "ok but only after nine",
                "yes no",
            ][..],
            None,
        ),
    ] {
        for text in texts {
            let found = page(text);
            assert_eq!(found.map(|reply| reply.page), expected, "{text:?}");
            assert_eq!(found.and_then(|reply| reply.code), None, "{text:?}");
        }
    }
}

#[test]
fn an_answer_may_name_its_emergency() {
    for (text, expected, code) in [
        ("1 247", Page::Take, 247),
        ("ok 247", Page::Take, 247),
        ("ok #247", Page::Take, 247),
        ("OK, 247", Page::Take, 247),
        ("247", Page::Take, 247),
        ("#247", Page::Take, 247),
        ("voy 101", Page::Take, 101),
        ("ack 999", Page::Take, 999),
        ("yes 100", Page::Take, 100),
        ("on my way 300", Page::Take, 300),
        ("sí, voy 555", Page::Take, 555),
        ("1 #101", Page::Take, 101),
        ("\"1 247\"", Page::Take, 247),
        ("3 247", Page::Done, 247),
        ("done 101", Page::Done, 101),
        ("listo #300", Page::Done, 300),
        ("2 247", Page::Pass, 247),
        ("no 101", Page::Pass, 101),
        ("on it 101", Page::Take, 101),
        ("101 copy", Page::Take, 101),
        ("101, on my way", Page::Take, 101),
        ("can't, 101", Page::Pass, 101),
    ] {
        let reply = page(text).unwrap_or_else(|| panic!("{text:?}"));
        assert_eq!((reply.page, reply.code), (expected, Some(code)), "{text:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm(text in any::<String>()) {
        let _ = (consent(&text), appointment(&text), page(&text));
    }

    #[test]
    fn what_is_longer_than_a_few_words_is_no_answer_about_an_appointment(text in "[a-z ]{41,120}") {
        prop_assert_eq!(appointment(&text), None);
    }
}

/// `phrase | meaning`, of a sheet.
fn sheet(sheet: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    sheet
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.rsplit_once(" | ").expect("phrase | meaning"))
}

#[test]
fn no_more_messages_are_asked_for_in_any_words() {
    let wrong: Vec<String> = sheet(include_str!("../../../fixtures/replies/opt_out.txt"))
        .filter_map(|(text, meaning)| {
            let found = match consent(text) {
                Some(Consent::Stop) => "stop",
                Some(Consent::StopOrCancel) => "stop or cancel",
                Some(Consent::Start) => "start",
                Some(Consent::Help) => "help",
                Some(Consent::StartIfStopped) | None => "none",
            };
            (found != meaning).then(|| format!("{text} | {meaning}, not {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_page_is_answered_in_the_words_of_technicians() {
    let wrong: Vec<String> = sheet(include_str!("../../../fixtures/replies/page.txt"))
        .filter_map(|(text, meaning)| {
            let found = match page(text).map(|reply| reply.page) {
                Some(Page::Take) => "take".to_owned(),
                Some(Page::Pass) => "pass".to_owned(),
                Some(Page::Done) => "done".to_owned(),
                Some(Page::Ask(asked)) => [
                    (asked.address, "address"),
                    (asked.number, "number"),
                    (asked.what, "what"),
                ]
                .into_iter()
                .filter_map(|(is_asked, name)| is_asked.then_some(name))
                .collect::<Vec<_>>()
                .join(" "),
                None => "help".to_owned(),
            };
            (found != meaning).then(|| format!("{text} | {meaning}, not {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}
