//! What a caller says of an appointment after it was booked: the address, a description, an e-mail address, another number.

use uuid::Uuid;

use super::{Args, Outcome};
use crate::{
    db::{OrgTx, Params, Sql},
    domain::{self, phone::Phone},
    sql,
    tools::{
        confirmation::{Appointment, Detail, spoken},
        context::{Context, Failure},
        offer::{Offer, Reason},
        pending::Pending,
    },
};

const COMPLETE: Sql = sql!(
    "complete_appointment",
    [UUID, UUID, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT]
);

/// Adds to an appointment what the arguments say beyond its time and its name.
pub(super) async fn add(
    context: &Context,
    transaction: &OrgTx,
    mut appointment: Appointment,
    args: &Args,
) -> Result<Outcome, Failure> {
    let added = details(args);
    if added.is_empty() {
        return Ok(Outcome::AlreadyBooked(appointment, added));
    }
    Ok(
        match complete(context, transaction, appointment.appointment_id, args).await? {
            Completed::Added => {
                appointment.address = args.work.service_address.as_deref().map(spoken);
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
    Added,
    /// The appointment does not stand any more.
    Gone,
    /// The organization does not come there; nothing was added.
    OutOfArea,
}

/// Adds what was said later to the appointment.
pub(super) async fn complete(
    context: &Context,
    transaction: &OrgTx,
    appointment_id: Uuid,
    args: &Args,
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
    ];
    let rows = transaction.query(&COMPLETE, params).await?;
    let first = COMPLETE.first(&rows)?;
    let comes_there: bool = COMPLETE.get(first, "comes_there")?;
    let is_completed: bool = COMPLETE.get(first, "is_completed")?;
    Ok(match (comes_there, is_completed) {
        (_, true) => Completed::Added,
        (true, false) => Completed::Gone,
        (false, false) => Completed::OutOfArea,
    })
}
