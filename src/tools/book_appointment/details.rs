//! What a caller says of an appointment after it was booked: the address, a description, an e-mail address, another number.

use uuid::Uuid;

use super::{Args, Outcome};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::{self, language::Language, phone::Phone},
    sql,
    tools::{
        confirmation::{Appointment, Detail, spoken},
        context::{Context, Failure},
        offer::{Offer, Reason},
        pending::Pending,
        service::Requirements,
    },
};

const COMPLETE: Sql = sql!(
    "complete_appointment",
    [UUID, UUID, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, UUID, TEXT]
);

/// Adds to an appointment what the arguments say beyond its time and its name.
pub(super) async fn add(
    context: &Context,
    transaction: &OrgTx,
    mut appointment: Appointment,
    args: &Args,
    (requirements, language): (&Requirements, Language),
) -> Result<Outcome, Failure> {
    let mut added = details(args);
    if added.is_empty() && args.work.service.is_none() {
        return Ok(Outcome::AlreadyBooked(appointment, added));
    }
    let id = appointment.appointment_id;
    Ok(
        match complete(context, transaction, id, args, requirements).await? {
            Completed::Added(known) => {
                appointment.address = known.address.as_deref().map(spoken);
                // It is still booked for that, and what it should be is left to whoever comes.
                if let Some([english, spanish]) = &known.other_service {
                    appointment.service = Some(spoken(language.pick(english, spanish)));
                    if !added.contains(&Detail::Description) {
                        added.push(Detail::Description);
                    }
                }
                Outcome::AlreadyBooked(appointment, added)
            }
            Completed::Gone => Outcome::AlreadyBooked(appointment, Vec::new()),
            Completed::OutOfArea => Outcome::Pending(Pending::Refused {
                wanted: (appointment.date, appointment.start),
                offer: Offer {
                    date: appointment.date,
                    reason: Reason::OutOfArea,
                    slots: Vec::new(),
                    is_stale: false,
                },
            }),
        },
    )
}

/// What the arguments say beyond the time and the name.
fn details(args: &Args) -> Vec<Detail> {
    let phone = args.customer_phone.as_deref().map(Phone::parse);
    [
        args.work.service_address.as_ref().map(|_| Detail::Address),
        args.service_description
            .as_ref()
            .map(|_| Detail::Description),
        args.customer_email.as_ref().map(|_| Detail::Email),
        phone.and_then(Result::ok).map(|_| Detail::Phone),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What became of what was said later.
pub(super) enum Completed {
    /// It is in the appointment's row.
    Added(Known),
    /// The appointment does not stand any more.
    Gone,
    /// The organization does not come there; nothing was added.
    OutOfArea,
}

/// What the appointment's row has now.
pub(super) struct Known {
    /// Where it is to be.
    address: Option<String>,
    /// What it is for, in English and in Spanish, where that is not the service that was said now.
    other_service: Option<[String; 2]>,
}

/// Adds what was said later to the appointment.
pub(super) async fn complete(
    context: &Context,
    transaction: &OrgTx,
    appointment_id: Uuid,
    args: &Args,
    requirements: &Requirements,
) -> Result<Completed, Failure> {
    let phone = args.customer_phone.as_deref().map(Phone::parse);
    let phone = phone.and_then(Result::ok);
    let address = args.work.service_address.as_deref();
    let postal_code = args
        .work
        .postal_code
        .as_deref()
        .and_then(domain::address::postal_code)
        .or_else(|| address.and_then(domain::address::postal_code_within));
    let params: Params<'_> = &[
        &context.organization.id,
        &appointment_id,
        &context.call.vapi_call_id,
        &address,
        &postal_code,
        &args.service_description,
        &args.customer_email,
        &phone.as_ref().map(Phone::as_str),
        // One that was not said is the usual one.
        &requirements.service.filter(|_| args.work.service.is_some()),
        &args.work.service,
    ];
    let rows = transaction.query(&COMPLETE, params).await?;
    let first = COMPLETE.first(&rows)?;
    let comes_there: bool = COMPLETE.get(first, "comes_there")?;
    let is_completed: bool = COMPLETE.get(first, "is_completed")?;
    Ok(match (comes_there, is_completed) {
        (_, true) => {
            let english: Option<String> = COMPLETE.get(first, "other_service")?;
            let spanish: Option<String> = COMPLETE.get(first, "other_service_es")?;
            Completed::Added(Known {
                address: COMPLETE.get(first, "service_address")?,
                other_service: english.map(|english| {
                    let spanish = spanish.unwrap_or_else(|| english.clone());
                    [english, spanish]
                }),
            })
        }
        (true, false) => Completed::Gone,
        (false, false) => Completed::OutOfArea,
    })
}
