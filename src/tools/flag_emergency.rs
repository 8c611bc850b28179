//! `flag_emergency`: opens an incident and pages whoever is on call.
//!
//! Writes, once a tool call: marks the call and its appointments, opens the emergency or adds to it, and pages whoever is on call. A
//! danger to life is answered with what to do first, whatever else goes wrong.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::future::try_join;
use secrecy::ExposeSecret;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    arguments::{self, MissingArgument},
    context::{Answer, Context, Failure, Outcome as Spoken, Request},
    standing::{self, Standing},
    tool::{Asked, Definition, Mode, Outage, Recording, Running, Stopped, Tool},
};
use crate::{
    calls::journal::{Effect, Reason},
    db::{OrgTx, Priority},
    domain::{
        danger::{self, Danger},
        language::Language,
        speech::{Speech, Voice},
        urgency::Urgency,
        words::Words,
    },
    error::Kind,
    escalation::{announce, incident::Report, open},
    outage::{Cause, Emergency, Origin, Reported},
};

mod args;

pub use args::Args;

/// The tool.
pub const TOOL: Tool = Tool {
    name: "flag_emergency",
    mode: Mode::Writes,
    priority: Priority::Emergency,
    runs_when_suspended: true,
    definition: Definition {
        description: "Alerts the person on call. Call it at once when there is danger or damage: water that \
            does not stop, a smell of gas, sparks, smoke, no heat in the cold, sewage. Do not \
            collect anything first but what happened. Read the answer aloud as it is: it may tell \
            the caller how to be safe.",
        start: ["I am alerting our emergency line.", "Aviso a emergencias."],
        parameters: || schemars::schema_for!(Args),
        required: &["description"],
    },
    run,
    outage: Outage {
        unavailable: [
            "I could not reach our emergency system just now, so I don't know whether anyone has been told. Let me try again, and if there is any danger, call 911.",
            "No pude llegar a nuestro sistema de emergencias, así que no sé si alguien está avisado. Déjeme intentarlo otra vez y, si hay peligro, llame al 911.",
        ],
        late: [
            "I could not reach our emergency system just now, so I don't know whether anyone has been told. Let me try again, and if there is any danger, call 911.",
            "No pude llegar a nuestro sistema de emergencias, así que no sé si alguien está avisado. Déjeme intentarlo otra vez y, si hay peligro, llame al 911.",
        ],
        failed: [
            "That did not go through just now, so I don't know whether anyone has been told. Let me try again, and if there is any danger, call 911.",
            "Eso no pasó, así que no sé si alguien está avisado. Déjeme intentarlo otra vez y, si hay peligro, llame al 911.",
        ],
    },
    fallback: Some(record_elsewhere),
};

fn run(asked: Asked<'_>) -> Running<'_> {
    Box::pin(async move {
        let (context, args) = (asked.context, Args::read(asked.arguments.0));
        let work = async |tx: &OrgTx, language| flag(context, tx, args, language).await;
        asked.once(false, work).await
    })
}

/// The arguments of a report that could not be read as any: the words in them are the description.
#[must_use]
pub fn arguments_of_words(words: &str) -> Map<String, Value> {
    Map::from_iter([("description".to_owned(), Value::from(words))])
}

/// Every answer of this tool.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The emergency.
    pub incident: Uuid,
    /// The danger to life in the caller's words, if any.
    pub danger: Option<Danger>,
    /// Who has it, or is being told.
    pub standing: Standing,
    /// Whether something was added to an emergency that had been reported already.
    pub added: bool,
    /// Whether the caller can be put through to somebody from here.
    pub can_transfer: bool,
    /// Whether the address must be asked for: what was given could not be read.
    pub asks_address: bool,
}

/// Marks, writes down and pages, within the transaction that also saves the answer.
///
/// # Errors
///
/// [`Failure::Missing`] without a description; [`Failure::Stopped`] when the database fails.
pub async fn flag(
    context: &Context,
    transaction: &OrgTx,
    args: Args,
    language: Language,
) -> Result<Outcome, Failure> {
    let description = args.description.ok_or(MissingArgument::Description)?;
    let danger = args.danger;
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
    let (call, channels, now) = (&context.call, context.channels, context.now);
    // What does not need another's answer is sent with it: each wait is a trip to the database and back.
    let (opened, can_transfer) = try_join(
        open::report(transaction, organization_id, call, &report, channels, now),
        context.can_transfer(transaction),
    )
    .await?;
    let id = opened.id;
    if opened.is_added {
        let added = report.added();
        announce::pass_on(transaction, organization_id, id, &added, now).await?;
    }
    // What was said before is known of an emergency that is under way.
    let asks_address = args.is_address_lost || args.points_at_address && opened.told.is_some();
    let standing = match opened.told {
        Some(told) => Standing::from(told),
        None => standing::read(transaction, organization_id, id).await?,
    };
    Ok(Outcome {
        incident: id,
        danger,
        standing,
        added: opened.is_added,
        can_transfer,
        asks_address,
    })
}

fn record_elsewhere(stopped: Stopped<'_>) -> Recording<'_> {
    Box::pin(async move {
        let (request, fallback) = (stopped.request, stopped.fallback);
        let emergency = emergency(request, stopped.origin, stopped.now)?;
        let reported = match stopped.stopped_by {
            // Opened later it would be refused again: the call is another organization's.
            Kind::Foreign => fallback.tell(&emergency).await,
            _ => fallback.report(&emergency).await,
        };
        say_reported(request, reported)
    })
}

/// What a request of this tool reports; `None` when it says nothing.
fn emergency(request: &Request, origin: &Origin, now: DateTime<Utc>) -> Option<Emergency> {
    let args = match (&request.arguments, &request.unreadable) {
        (Some(given), _) => Args::read(given),
        (None, words) => Args::read(&arguments_of_words(words.as_deref()?)),
    };
    let urgency = match args.danger {
        Some(_) => "critical".to_owned(),
        None => args.urgency.unwrap_or_else(|| "high".to_owned()),
    };
    Some(Emergency {
        origin: origin.clone(),
        cause: Cause::Outage,
        words: args.description?,
        urgency,
        address: args.service_address,
        callback: args.callback_number,
        language: request.language_of_words().code().to_owned(),
        at: now,
    })
}

/// The language of the words in which a danger to life is reported. A model keeps the words of whoever is in a hurry, and this caller must
/// understand the answer.
#[must_use]
pub fn language_in_danger(requests: &[Arc<Request>]) -> Option<Language> {
    let mut reports = requests
        .iter()
        .filter(|request| request.name == TOOL.name && request.danger().is_some());
    reports.find_map(|request| request.language_told())
}

/// What a request reports for which no tool is run: an emergency, or a danger to life in the words of any other tool.
#[must_use]
pub fn emergency_in_any(
    request: &Request,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Option<Emergency> {
    let flagged = (request.name == TOOL.name)
        .then(|| emergency(request, origin, now))
        .flatten();
    flagged.or_else(|| {
        request.danger()?;
        Some(Emergency {
            origin: origin.clone(),
            cause: Cause::Outage,
            words: arguments::words(&request.words().into())?,
            urgency: "critical".to_owned(),
            address: None,
            callback: None,
            language: request.language_of_words().code().to_owned(),
            at: now,
        })
    })
}

/// What the caller hears of an emergency that went another way; `None` when it went none.
#[must_use]
pub fn say_reported(request: &Request, reported: Reported) -> Option<Answer> {
    let language = request.language_of_words();
    let (english, spanish, outcome) = match reported {
        Reported { is_told: true, .. } => (
            "Our system isn't responding right now, but I am alerting our emergency line directly; nobody has confirmed yet. If anyone is in danger, call 911.",
            "Nuestro sistema no responde en este momento, pero estoy avisando directamente a nuestra línea de emergencias; todavía nadie ha confirmado. Si alguien corre peligro, llame al 911.",
            "alarmed",
        ),
        Reported {
            is_being_told: true,
            is_spooled: true,
            ..
        } => (
            "Our system isn't responding right now. I have written your emergency down and I am still trying to reach our emergency line; nobody has been told yet. If anyone is in danger, call 911.",
            "Nuestro sistema no responde en este momento. Anoté su emergencia y sigo intentando avisar a nuestra línea de emergencias; todavía no lo sabe nadie. Si alguien corre peligro, llame al 911.",
            "alarming",
        ),
        Reported {
            is_being_told: true,
            ..
        } => (
            "Our system isn't responding right now. I am still trying to reach our emergency line; nobody has been told yet. If anyone is in danger, call 911.",
            "Nuestro sistema no responde en este momento. Sigo intentando avisar a nuestra línea de emergencias; todavía no lo sabe nadie. Si alguien corre peligro, llame al 911.",
            "alarming",
        ),
        Reported {
            is_spooled: true, ..
        } => (
            "Our system isn't responding right now. I have written your emergency down, and we'll send it as soon as the system is back; nobody has been told yet. If anyone is in danger, call 911.",
            "Nuestro sistema no responde en este momento. Anoté su emergencia y daremos aviso en cuanto vuelva el sistema; todavía no lo sabe nadie. Si alguien corre peligro, llame al 911.",
            "kept",
        ),
        _ => return None,
    };
    let words = language.pick(english, spanish);
    let text = with_safety(request.danger(), language, words);
    Some(Answer::plain(Ok(Speech::new(text)), outcome))
}

/// What the caller hears of an emergency in a call that belongs to no organization.
#[must_use]
pub fn say_reported_for_nobody(request: &Request, reported: Reported) -> Answer {
    let language = request.language_of_words();
    let (english, spanish, outcome) = match reported {
        Reported { is_told: true, .. } => (
            "This number is not set up yet, but I am alerting the people who run this line; nobody has confirmed yet. If anyone is in danger, call 911.",
            "Este número todavía no está configurado, pero estoy avisando a quienes operan esta línea; todavía nadie ha confirmado. Si alguien corre peligro, llame al 911.",
            "alarmed",
        ),
        Reported {
            is_being_told: true,
            ..
        } => (
            "This number is not set up yet. I am still trying to reach the people who run this line; nobody has been told yet. If anyone is in danger, call 911.",
            "Este número todavía no está configurado. Sigo intentando avisar a quienes operan esta línea; todavía no lo sabe nadie. Si alguien corre peligro, llame al 911.",
            "alarming",
        ),
        _ => (
            "This number is not set up yet, so I could not alert anyone. If anyone is in danger, call 911. Otherwise please call the office directly.",
            "Este número todavía no está configurado y no pude avisar a nadie. Si alguien corre peligro, llame al 911. Si no, llame directamente a la oficina.",
            "unknown_organization",
        ),
    };
    let words = language.pick(english, spanish);
    let text = with_safety(request.danger(), language, words);
    Answer::plain(Ok(Speech::new(text)), outcome)
}

/// An answer behind what the caller must do first: danger to life in the words of a tool call is never answered with a failure alone, nor with a
/// visit that is booked or a message that is left.
#[must_use]
pub fn safe(request: &Request, answer: Answer) -> Answer {
    let danger = match &answer.words {
        // What this tool answers says it.
        Ok(_) if request.name == TOOL.name => None,
        Ok(_) => danger_described(request),
        Err(_) => request.danger(),
    };
    let Some(danger) = danger else {
        return answer;
    };
    let (Ok(words) | Err(words)) = &answer.words;
    let words = words.to_string();
    let of_answer = || Language::of_words(&words);
    let language = if answer.words.is_ok() {
        of_answer().or_else(|| request.language_told())
    } else {
        request.language_told().or_else(of_answer)
    };
    let language = language.unwrap_or(Language::English);
    // A question for what is missing has it already.
    if words.starts_with(safety(danger, language)) {
        return answer;
    }
    let text = with_safety(Some(danger), language, &words);
    Answer {
        words: Ok(Speech::new(text)),
        ..answer
    }
}

/// What says who it is or where. "12 Smoke Tree Lane" is no smoke.
static NAMES: Words = Words::new(&[
    "customer_name name service_address address customer_email email language date time postal_code",
]);
/// What names a service as far as it has this many words; more describe what happens, and "gas leak repair" is what is to be done.
const MAX_SERVICE_WORDS: usize = 3;
static SERVICES: Words = Words::new(&["service service_type appointment_type"]);

/// The danger to life in what the arguments of any tool describe.
fn danger_described(request: &Request) -> Option<Danger> {
    let given = request.arguments.iter().flatten();
    let texts = given
        .filter(|(name, _)| !NAMES.has(name))
        .flat_map(|(name, value)| {
            let least = if SERVICES.has(name) {
                MAX_SERVICE_WORDS
            } else {
                0
            };
            let texts = arguments::texts(value).into_iter();
            texts.filter(move |text| {
                text.contains(char::is_alphabetic) && text.split_whitespace().count() > least
            })
        });
    texts.filter_map(|text| danger::find(&text)).min()
}

fn with_safety(danger: Option<Danger>, language: Language, words: &str) -> String {
    match danger {
        Some(danger) => format!("{} {words}", safety(danger, language)),
        None => words.to_owned(),
    }
}

impl Spoken for Outcome {
    fn say(&self, voice: Voice) -> Speech {
        let language = voice.language;
        let safety = self.danger.map(|danger| safety(danger, language));
        let added = language.pick("I have added that.", "Ya lo agregué.");
        let offer = language.pick(
            "I can put you through right away.",
            "Puedo comunicarle enseguida.",
        );
        let standing = match &self.standing {
            Standing::Nobody if self.added => language
                .pick(
                    "I still could not alert anyone on call. I've asked the office to call you back.",
                    "Sigo sin poder avisar a nadie de guardia. La oficina tiene el recado de llamarle.",
                )
                .to_owned(),
            standing => standing.say(language),
        };
        let address = language.pick("What is the address?", "¿Cuál es la dirección?");
        let parts = [
            safety,
            self.added.then_some(added),
            Some(standing.as_str()),
            self.can_transfer.then_some(offer),
            self.asks_address.then_some(address),
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

    fn reason(&self) -> Reason {
        let standing = self.standing.label();
        match self.danger {
            Some(danger) => Reason::about(standing, danger.code()),
            None => Reason::new(standing),
        }
    }

    fn effects(&self) -> Vec<Effect> {
        vec![Effect::Incident(self.incident)]
    }

    /// Never: who took the emergency may change at any moment, so that the same words are answered anew. The database sees to it that a call
    /// opens only one.
    fn succeeded(&self) -> bool {
        false
    }
}

/// What a caller in danger must do first. The order follows what utilities and fire services tell the public: get away,
/// then call 911 from outside.
#[must_use]
pub fn safety(danger: Danger, language: Language) -> &'static str {
    match danger {
        Danger::Gas => language.pick("Leave the building now without touching any switch, and call 911 from outside.", "Salga del edificio ahora sin tocar ningún interruptor y llame al 911 desde afuera."),
        Danger::Fire => language.pick("Get everyone out now and call 911.", "Saque a todos de ahí ahora y llame al 911."),
        Danger::CarbonMonoxide => language.pick("Get everyone outside into fresh air now and call 911.", "Saque a todos al aire libre ahora y llame al 911."),
        Danger::ElectricShock => language.pick("Stay away from the wiring and the water, touch nobody who is being shocked, and call 911 now.", "Aléjese de los cables y del agua, no toque a nadie que esté recibiendo corriente y llame al 911 ahora."),
        Danger::Injury => language.pick("If anyone is hurt, call 911 now.", "Si hay alguien herido, llame al 911 ahora."),
    }
}
