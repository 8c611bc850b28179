//! `book_appointment` in one statement, for a caller who names an exact day and hour, as most do.
//!
//! What is said of a booking is known before it is made, so the statement is given the answer to save. What is said of a refusal is not: its
//! answer is saved when it is known, which takes a second trip.

use chrono::NaiveDateTime;
use serde_json::{Map, Value};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{Args, Outcome, TOOL, outcome, phone, spoken_service};
use crate::{
    db::{Params, Sql},
    domain::{language::Language, when},
    sql,
    tools::{
        calendar::Calendar,
        confirmation::{Appointment, spoken},
        context::{Answer, Context, Failure, Request},
        idempotency::{self, Done, Key},
        service,
    },
};

/// Books in a statement that is a whole transaction.
pub const QUERY: Sql = sql!(
    "book_idempotently",
    [
        UUID, TEXT, TEXT, TEXT, TEXT, BYTEA, TEXT, BOOL, TEXT, JSONB, TEXT, TEXT, DATE, TIME, INT4,
        TEXT, TEXT, TEXT, UUID, TEXT
    ]
);

/// The longest name that an appointment is under, in characters.
const MAX_NAME: usize = 255;

/// Books, or says why not; nothing where it takes more than one statement.
///
/// # Errors
///
/// As [`super::book`].
pub async fn book(
    context: &Context,
    request: &Request,
    args: &Args,
) -> Result<Option<Answer>, Failure> {
    let Some(key) = Key::of(context, TOOL.name, request) else {
        return Ok(None);
    };
    let (Ok(Ok(requirements)), Some(name), Ok(phone), None) = (
        service::understand(context, args.said()),
        args.customer_name.as_deref(),
        phone(context, args.customer_phone.as_deref()),
        &args.customer_email,
    ) else {
        return Ok(None);
    };
    let calendar = Calendar {
        context,
        transaction: None,
        requirements: &requirements,
    };
    let (date, time) = (args.date.as_deref(), args.time.as_deref());
    let Some((wanted, exact)) = calendar.understand_exactly(date, time) else {
        return Ok(None);
    };
    let appointment = |language, is_unconfirmed| Appointment {
        appointment_id: Uuid::nil(),
        name: spoken(&name.chars().take(MAX_NAME).collect::<String>()),
        service: spoken_service(&requirements, language),
        address: args.work.service_address.as_deref().map(spoken),
        date: exact.date(),
        start: exact.time(),
        occurrence: when::occurrence(exact, context.organization.zone),
        names_zone: wanted.names_zone,
        is_unconfirmed,
    };
    let (asks_language, language) = (context.asks_language(request), request.language(context));
    let answers = answers(context, request, appointment);
    let binding = context.organization.binding(context.now);
    let params: Params<'_> = &[
        &context.organization.id,
        &binding.at(),
        &key.vapi_call_id,
        &key.tool_call_id,
        &key.tool,
        &key.digest,
        &context.number_of_language(),
        &asks_language,
        &language.code(),
        &answers,
        &name,
        &phone.as_str(),
        &exact.date(),
        &exact.time(),
        &requirements.minutes,
        &requirements.kind.as_deref().unwrap_or("service visit"),
        &requirements.address,
        &args.service_description,
        &requirements.service,
        &requirements.postal_code,
    ];
    let database = context.database.with_priority(TOOL.priority);
    let rows = database.execute(&binding, &QUERY, params).await?;
    told(context, request, &key, exact, &rows, appointment).await
}

/// What is said of the booking, by the code of each language in which the caller may turn out to be answered; and under `requested` the same of
/// one that the office must confirm.
fn answers(
    context: &Context,
    request: &Request,
    appointment: impl Fn(Language, bool) -> Appointment,
) -> Value {
    let (asks_language, language) = (context.asks_language(request), request.language(context));
    let answers = |is_unconfirmed| {
        let mut answers = Map::new();
        for spoken in [Language::English, Language::Spanish] {
            let may_be_heard = asks_language && context.organization.speaks(spoken) == spoken;
            if may_be_heard || spoken == language {
                let outcome = Outcome::Booked(appointment(spoken, is_unconfirmed));
                let answer = Answer::of(context, &outcome, spoken);
                answers.insert(spoken.code().to_owned(), idempotency::to_json(&answer));
            }
        }
        answers
    };
    let mut all = answers(false);
    all.insert("requested".to_owned(), Value::Object(answers(true)));
    Value::Object(all)
}

/// What the rows of the statement tell the caller; nothing where more is to be done.
async fn told(
    context: &Context,
    request: &Request,
    key: &Key<'_>,
    exact: NaiveDateTime,
    rows: &[Row],
    appointment: impl Fn(Language, bool) -> Appointment,
) -> Result<Option<Answer>, Failure> {
    let first = QUERY.first(rows)?;
    if let Some(answer) = QUERY.get(first, "answer")? {
        return Ok(Some(idempotency::from_json(&answer)?));
    }
    if context.asks_language(request) {
        let heard: Option<&str> = QUERY.get(first, "language")?;
        context.hear(heard.and_then(Language::parse));
    }
    let language = request.language(context);
    let own: Option<Uuid> = QUERY.get(first, "appointment_id")?;
    let done = match outcome(context, (exact.date(), exact.time()), rows)? {
        Outcome::Booked(booked) => Done::Fresh(Outcome::Booked(Appointment {
            appointment_id: booked.appointment_id,
            ..appointment(language, booked.is_unconfirmed)
        })),
        // What is said beyond its time is added to it.
        Outcome::AlreadyBooked(..) => return Ok(None),
        // The customer has that hour themselves, and may be who calls.
        Outcome::Pending(_) if own.is_some() => return Ok(None),
        pending @ Outcome::Pending(_) => idempotency::keep(context, key, pending, language).await?,
    };
    Ok(Some(match done {
        Done::Fresh(outcome) => Answer::of(context, &outcome, language),
        Done::Replayed(answer) => answer,
    }))
}
