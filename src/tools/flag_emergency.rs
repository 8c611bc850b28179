//! `flag_emergency`: water through the ceiling, or worse.
//!
//! Writes, once a tool call: marks the call and its visits, opens the emergency or adds to it, and pages whoever is on call. A
//! danger to life is answered with what to do first, whatever else goes wrong.

use chrono::{DateTime, Utc};
use futures_util::future::try_join;
use schemars::JsonSchema;
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::{
    arguments,
    context::{Answer, Context, Failure, Outcome as Spoken, Request},
    definition::Definition,
    need::Need,
    standing::{self, Standing},
    transfer_call,
};
use crate::{
    calls::spool::Origin,
    db::OrgTx,
    domain::{
        danger::{self, Danger},
        language::Language,
        speech::Speech,
        urgency::Urgency,
    },
    oncall::{
        chain, emergency,
        incident::{self, Report},
        news,
        reserve::{Alarmed, Reported},
    },
};

/// The tool's name.
pub const NAME: &str = "flag_emergency";

/// What a voice agent is told of it.
pub const DEFINITION: Definition = Definition {
    name: NAME,
    description: "Alerts the person on call. Call it at once when there is danger or damage: water that \
        does not stop, a smell of gas, sparks, smoke, no heat in the cold, sewage. Do not \
        collect anything first but what happened. Read the answer aloud as it is: it may tell \
        the caller how to be safe.",
    start: ["I am alerting our emergency line.", "Aviso a emergencias."],
    parameters: || schemars::schema_for!(Args),
    required: &["description"],
};

/// What the model gives.
#[derive(Debug, Deserialize, JsonSchema)]
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
    /// Who has it, or is being told.
    pub standing: Standing,
    /// Whether something was added to an emergency that had been reported already.
    pub added: bool,
    /// Whether the caller can be put through to somebody from here.
    pub can_transfer: bool,
}

/// Marks, writes down and pages, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Need`] without a description; [`Failure::Stopped`] when the database fails.
pub async fn run(
    context: &Context,
    transaction: &OrgTx,
    args: Args,
    language: Language,
) -> Result<Outcome, Failure> {
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
    let organization_id = context.organization.id;
    let report = Report {
        words: description,
        urgency,
        address: args.service_address,
        callback: None,
        language,
        control_url: context
            .control_url
            .as_ref()
            .map(|url| url.expose_secret().to_owned()),
    }
    .with_callback(
        args.callback_number.as_deref(),
        context.call.caller.as_ref(),
    );
    // What does not need another's answer is sent with it, here and in the chain: each wait is a trip to the database and back.
    let ((), opened) = try_join(
        emergency::mark(transaction, organization_id, &context.call, urgency),
        incident::open(transaction, organization_id, &context.call, &report),
    )
    .await?;
    // The first contact is paged in this transaction, so that there is no moment in which nobody would be.
    let (id, now) = (opened.id, context.now);
    chain::advance(transaction, organization_id, id, context.channels, now).await?;
    if opened.is_added {
        news::pass_on(transaction, organization_id, id, &report.words, now).await?;
    }
    let (standing, can_transfer) = try_join(
        standing::read(transaction, organization_id, opened.id),
        transfer_call::is_possible(context, transaction),
    )
    .await?;
    Ok(Outcome {
        danger,
        standing,
        added: opened.is_added,
        can_transfer,
    })
}

/// What a request reports, for the case that it cannot be taken down; `None` when it is no report.
#[must_use]
pub fn reported(
    request: &Request,
    origin: Origin,
    language: Language,
    now: DateTime<Utc>,
) -> Option<Reported> {
    if request.name != NAME {
        return None;
    }
    let args: Args = arguments::read(request.arguments.as_ref()?).ok()?;
    let words = args.description?;
    let urgency = match danger::find(&words) {
        Some(_) => "critical".to_owned(),
        None => args.urgency.unwrap_or_else(|| "high".to_owned()),
    };
    Some(Reported {
        origin,
        words,
        urgency,
        address: args.service_address,
        callback: args.callback_number,
        language: language.code().to_owned(),
        at: now,
    })
}

/// What the caller hears of an emergency that went another way; `None` when it went none.
#[must_use]
pub fn alarmed(request: &Request, alarmed: Alarmed, language: Language) -> Option<Answer> {
    let (english, spanish, outcome) = match alarmed {
        Alarmed { is_told: true, .. } => (
            "Our system does not answer right now, but I am alerting our emergency line directly; nobody has confirmed yet. If anyone is in danger, call 911.",
            "Nuestro sistema no responde en este momento, pero estoy avisando directamente a nuestra línea de emergencias; todavía nadie ha confirmado. Si alguien corre peligro, llame al 911.",
            "alarmed",
        ),
        Alarmed {
            is_being_told: true,
            is_kept: true,
            ..
        } => (
            "Our system does not answer right now. I have written your emergency down and I am still trying to reach our emergency line; nobody has been told yet. If anyone is in danger, call 911.",
            "Nuestro sistema no responde en este momento. He anotado su emergencia y sigo intentando avisar a nuestra línea de emergencias; todavía no lo sabe nadie. Si alguien corre peligro, llame al 911.",
            "alarming",
        ),
        Alarmed {
            is_being_told: true,
            ..
        } => (
            "Our system does not answer right now. I am still trying to reach our emergency line; nobody has been told yet. If anyone is in danger, call 911.",
            "Nuestro sistema no responde en este momento. Sigo intentando avisar a nuestra línea de emergencias; todavía no lo sabe nadie. Si alguien corre peligro, llame al 911.",
            "alarming",
        ),
        Alarmed { is_kept: true, .. } => (
            "Our system does not answer right now. I have written your emergency down, and it goes out as soon as the system is back; nobody has been told yet. If anyone is in danger, call 911.",
            "Nuestro sistema no responde en este momento. He anotado su emergencia y se avisará en cuanto vuelva; todavía no lo sabe nadie. Si alguien corre peligro, llame al 911.",
            "kept",
        ),
        _ => return None,
    };
    let words = match language {
        Language::English => english,
        Language::Spanish => spanish,
    };
    let safety = request
        .arguments
        .as_ref()
        .and_then(|arguments| safety_for(arguments, language));
    let parts = [safety, Some(words)];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(Answer::plain(Ok(Speech::new(text)), outcome))
}

impl Spoken for Outcome {
    fn say(&self, language: Language) -> Speech {
        let safety = self.danger.map(|danger| safety(danger, language));
        let added = match language {
            Language::English => "I have added that.",
            Language::Spanish => "Lo he añadido.",
        };
        let offer = match language {
            Language::English => "I can put you through right away.",
            Language::Spanish => "Puedo comunicarle enseguida.",
        };
        let standing = self.standing.say(language);
        let parts = [
            safety,
            self.added.then_some(added),
            Some(standing.as_str()),
            self.can_transfer.then_some(offer),
        ];
        Speech::new(parts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }

    fn label(&self) -> &'static str {
        if self.added {
            "added"
        } else {
            self.standing.label()
        }
    }

    /// Never: who has the emergency changes from one moment to the next, so that the same words asked again are answered
    /// anew. That there is one emergency only is kept by the emergency itself.
    fn succeeded(&self) -> bool {
        false
    }
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
            "Stay away from the wiring and the water, touch nobody who is being shocked, and call 911 now."
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
