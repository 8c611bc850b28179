//! `flag_emergency`: water through the ceiling, or worse.
//!
//! Writes, once a tool call: marks the call and its visits, and writes the emergency down for the contact on call. A
//! danger to life is answered with what to do first, whatever else goes wrong.

use serde::Deserialize;

use super::{
    arguments,
    context::{Context, Failure, Outcome as Spoken},
    need::Need,
    transfer_call,
};
use crate::{
    db::OrgTx,
    domain::{
        danger::{self, Danger},
        language::Language,
        phone::Phone,
        speech::{self, Speech},
        urgency::Urgency,
    },
    oncall::{
        contact,
        emergency::{self, Emergency, Recipient},
    },
};

/// The tool's name.
pub const NAME: &str = "flag_emergency";

/// The longest name that is spoken, in characters.
const LONGEST_SPOKEN_NAME: usize = 40;

/// What the model gives.
#[derive(Debug, Deserialize)]
pub struct Args {
    /// What is happening, in the caller's words.
    #[serde(default, deserialize_with = "arguments::text")]
    description: Option<String>,
    /// How bad it is: `low`, `normal`, `high` or `critical`; `high` if left out.
    #[serde(default, deserialize_with = "arguments::text")]
    urgency: Option<String>,
    /// Where it is happening.
    #[serde(default, alias = "address", deserialize_with = "arguments::text")]
    service_address: Option<String>,
    /// Where to call back; the caller's own number if left out.
    #[serde(
        default,
        alias = "callback",
        alias = "phone",
        alias = "customer_phone",
        deserialize_with = "arguments::text"
    )]
    callback_number: Option<String>,
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The danger to life in the caller's words, if any.
    pub danger: Option<Danger>,
    /// For whom it is written down.
    pub recipient: Recipient,
    /// Whether it was added to an emergency that this call had reported already.
    pub added: bool,
    /// Whether the caller can be put through to somebody from here.
    pub can_transfer: bool,
}

/// Marks and writes down, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Need`] without a description; [`Failure::Stopped`] when the database fails.
pub async fn run(context: &Context, transaction: &OrgTx, args: Args) -> Result<Outcome, Failure> {
    let description = args.description.ok_or(Need::Description)?;
    let danger = danger::find(&description);
    let given = args
        .urgency
        .as_deref()
        .and_then(Urgency::parse)
        .unwrap_or(Urgency::High);
    let urgency = if danger.is_some() {
        Urgency::Critical
    } else {
        given
    };
    let callback = args
        .callback_number
        .as_deref()
        .and_then(|text| Phone::parse(text).ok())
        .or_else(|| context.call.caller.clone());
    let mut message = description;
    if let Some(address) = &args.service_address {
        message.push_str("; address: ");
        message.push_str(address);
    }
    if let Some(number) = &callback {
        message.push_str("; call back: ");
        message.push_str(number.as_str());
    }
    let organization_id = context.organization.id;
    emergency::mark(transaction, organization_id, &context.call, urgency).await?;
    let contact = contact::find(transaction, organization_id, urgency).await?;
    let written = emergency::notify(
        transaction,
        organization_id,
        &context.call,
        contact.as_ref(),
        &Emergency { message, urgency },
    )
    .await?;
    Ok(Outcome {
        danger,
        recipient: written.recipient,
        added: written.added,
        can_transfer: transfer_call::is_possible(context, contact),
    })
}

impl Spoken for Outcome {
    fn say(&self, language: Language) -> Speech {
        let safety = self.danger.map(|danger| safety(danger, language));
        let told = told(&self.recipient, self.added, language);
        let offer = match language {
            Language::English => "I can put you through right away.",
            Language::Spanish => "Puedo comunicarle enseguida.",
        };
        let parts = [
            safety,
            Some(told.as_str()),
            self.can_transfer.then_some(offer),
        ];
        Speech::new(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    fn label(&self) -> &'static str {
        match (&self.recipient, self.added) {
            (Recipient::Nobody, _) => "nobody",
            (_, true) => "added",
            (_, false) => "flagged",
        }
    }

    fn succeeded(&self) -> bool {
        true
    }
}

/// Where the emergency stands written.
fn told(recipient: &Recipient, added: bool, language: Language) -> String {
    match (language, recipient, added) {
        (Language::English, Recipient::Contact(name), false) => format!(
            "I have marked this as an emergency for {}, who takes our emergencies now.",
            spoken_name(name)
        ),
        (Language::English, Recipient::Contact(name), true) => {
            format!("I have added that to your emergency for {}.", spoken_name(name))
        }
        (Language::English, Recipient::EmergencyLine, false) => {
            "I have marked this as an emergency.".to_owned()
        }
        (Language::English, Recipient::EmergencyLine, true) => {
            "I have added that to your emergency.".to_owned()
        }
        (Language::English, Recipient::Nobody, _) => {
            "I have written this down as an emergency, but I could not find anyone on call right now. Let me take your number for a call back."
                .to_owned()
        }
        (Language::Spanish, Recipient::Contact(name), false) => format!(
            "He marcado esto como emergencia para {}, que atiende ahora nuestras emergencias.",
            spoken_name(name)
        ),
        (Language::Spanish, Recipient::Contact(name), true) => {
            format!("He añadido eso a su emergencia para {}.", spoken_name(name))
        }
        (Language::Spanish, Recipient::EmergencyLine, false) => {
            "He marcado esto como emergencia.".to_owned()
        }
        (Language::Spanish, Recipient::EmergencyLine, true) => {
            "He añadido eso a su emergencia.".to_owned()
        }
        (Language::Spanish, Recipient::Nobody, _) => {
            "He anotado esto como emergencia, pero ahora mismo no encontré a nadie de guardia. Déjeme tomar su número para que le llamen."
                .to_owned()
        }
    }
}

fn spoken_name(name: &str) -> String {
    speech::quoted(name, LONGEST_SPOKEN_NAME)
}

/// What a caller in danger must do first. The order follows what utilities and fire services tell the public: get away,
/// then call 911 from outside.
#[must_use]
pub fn safety(danger: Danger, language: Language) -> &'static str {
    match (language, danger) {
        (Language::English, Danger::Gas) => {
            "Leave the building now without touching any switch, and call 911 from outside."
        }
        (Language::English, Danger::Fire) => "Get everyone out now and call 911.",
        (Language::English, Danger::CarbonMonoxide) => {
            "Get everyone outside into fresh air now and call 911."
        }
        (Language::English, Danger::ElectricShock) => {
            "Stay away from the wiring and the water, do not touch anyone who is being shocked, and call 911 now."
        }
        (Language::English, Danger::Injury) => "If anyone is hurt, call 911 now.",
        (Language::Spanish, Danger::Gas) => {
            "Salga del edificio ahora sin tocar ningún interruptor y llame al 911 desde afuera."
        }
        (Language::Spanish, Danger::Fire) => "Saque a todos de ahí ahora y llame al 911.",
        (Language::Spanish, Danger::CarbonMonoxide) => {
            "Saque a todos al aire libre ahora y llame al 911."
        }
        (Language::Spanish, Danger::ElectricShock) => {
            "Aléjese de los cables y del agua, no toque a nadie que esté recibiendo corriente y llame al 911 ahora."
        }
        (Language::Spanish, Danger::Injury) => "Si hay alguien herido, llame al 911 ahora.",
    }
}

/// What a caller hears when nothing could be written down: the safety sentence still comes first.
#[must_use]
pub fn safety_for(
    arguments: &serde_json::Map<String, serde_json::Value>,
    language: Language,
) -> Option<&'static str> {
    let description = arguments.get("description")?.as_str()?;
    danger::find(description).map(|danger| safety(danger, language))
}
