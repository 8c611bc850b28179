//! The golden files are what the builder of Twilio's own library for Python (9.x, `twilio.twiml`) writes for the same verbs; they
//! are compared as XML, since attributes may stand in any order.

use std::collections::BTreeMap;

use proptest::prelude::*;
use xml::reader::{EventReader, XmlEvent};

use super::*;

/// What of an XML event counts.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Start(String, BTreeMap<String, String>),
    Text(String),
    End(String),
}

fn seen(document: &str) -> Vec<Seen> {
    EventReader::from_str(document)
        .into_iter()
        .filter_map(|event| match event.unwrap() {
            XmlEvent::StartElement {
                name, attributes, ..
            } => Some(Seen::Start(
                name.local_name,
                attributes
                    .into_iter()
                    .map(|attribute| (attribute.name.local_name, attribute.value))
                    .collect(),
            )),
            XmlEvent::Characters(text) => Some(Seen::Text(text)),
            XmlEvent::EndElement { name } => Some(Seen::End(name.local_name)),
            _ => None,
        })
        .collect()
}

macro_rules! golden {
    ($name:literal) => {
        include_str!(concat!("../../../fixtures/twiml/", $name, ".xml"))
    };
}

#[test]
fn documents_are_those_of_twilios_own_builder() {
    let gather = Gather {
        action: "/twilio/voice/page/key?organization=1&attempt=2",
        prompt: "Press 1 to take it.",
        language: Language::English,
        timeout_seconds: 8,
        then: Then::Redirect("/twilio/voice/page?organization=1&attempt=2"),
    };
    let plain = Dial {
        number: "+13035550103",
        send_digits: None,
        timeout_seconds: 30,
        action: "/over".to_owned(),
        status_callback: None,
    };
    for (ours, golden) in [
        (silence(), golden!("silence")),
        (
            message("You have it. <12 Elm & Oak> \"now\""),
            golden!("message"),
        ),
        (hang_up(), golden!("hang_up")),
        (
            hang_up_after("Ya tiene la emergencia 100.", Language::Spanish),
            golden!("hang_up_after"),
        ),
        (gather_digit(&gather), golden!("gather_then_redirect")),
        (
            gather_digit(&Gather {
                action: "/key",
                prompt: "Press 1.",
                then: Then::HangUp,
                ..gather
            }),
            golden!("gather_then_hang_up"),
        ),
        (
            say_and_dial("Trying the next one.", Language::English, &plain),
            golden!("say_and_dial"),
        ),
        (
            frame(&[Ok(dial(&Dial {
                action: "/over?a=1&b=2".to_owned(),
                status_callback: Some("/status?a=1&b=2".to_owned()),
                ..plain.clone()
            }))]),
            golden!("dial"),
        ),
        (
            frame(&[Ok(dial(&Dial {
                send_digits: Some("wwww12".to_owned()),
                ..plain
            }))]),
            golden!("dial_extension"),
        ),
    ] {
        assert_eq!(seen(&ours), seen(golden), "{ours}");
    }
}

proptest! {
    #[test]
    fn any_text_makes_a_document_that_can_be_read(text in any::<String>()) {
        for document in [
            message(&text),
            hang_up_after(&text, Language::Spanish),
            gather_digit(&Gather {
                action: &text,
                prompt: &text,
                language: Language::English,
                timeout_seconds: 1,
                then: Then::Redirect(&text),
            }),
        ] {
            for event in EventReader::from_str(&document) {
                prop_assert!(event.is_ok(), "{document}");
            }
        }
    }
}
