//! Appointments that are there.

use super::super::{
    appointment::{Appointment, Proof, Unknown},
    cancel_appointment, find_appointments, hold_slot,
    offer::Reason,
    pending::Pending,
    reschedule_appointment,
    when::Question,
};
use super::sheet::*;
use crate::domain::when::Unclear;

fn unproven(name: Option<&str>, address: Option<&str>) -> Unknown {
    Unknown::Unproven(Proof {
        customer_name: name.map(str::to_owned),
        service_address: address.map(str::to_owned),
    })
}

fn unknowns() -> Vec<(&'static str, Unknown)> {
    let two = || {
        vec![
            appointment("2026-12-01", "09:00"),
            appointment("2026-12-03", "14:30"),
        ]
    };
    vec![
        ("nothing under the number", unproven(None, None)),
        (
            "nothing under the number, and a name",
            unproven(Some("Al"), None),
        ),
        (
            "nothing under the number, and an address",
            unproven(None, Some("12 Elm Street")),
        ),
        ("nothing under name and address", Unknown::NotFound),
        ("none at that time", Unknown::NoneThen(two())),
        ("one at another time", Unknown::NoneThen(two().split_off(1))),
        ("several", Unknown::Which(two())),
        ("a single one", Unknown::Which(two().split_off(1))),
        (
            "called off",
            Unknown::CalledOff(appointment("2026-12-01", "09:00")),
        ),
        (
            "words that are not clear",
            Unknown::Ask(Question::Unclear(Unclear::NoSuchTime)),
        ),
    ]
}

#[test]
fn find_appointments_says() {
    use find_appointments::Outcome;
    let mut sheet = Sheet::new(find_appointments::TOOL.name);
    let appointments: Vec<Appointment> = [
        ("2026-12-01", "09:00"),
        ("2026-12-03", "14:30"),
        ("2026-12-21", "12:00"),
        ("2027-01-05", "18:15"),
    ]
    .into_iter()
    .map(|(date, time)| appointment(date, time))
    .collect();
    for count in 1..=appointments.len() {
        sheet.says(
            &format!("{count}"),
            &Outcome::Found(appointments[..count].to_vec()),
        );
    }
    let mut appointments = appointments;
    appointments[0].is_unconfirmed = true;
    for count in 1..=2 {
        sheet.says(
            &format!("{count}, the first not confirmed yet"),
            &Outcome::Found(appointments[..count].to_vec()),
        );
    }
    sheet.says(
        "one",
        &Outcome::NoneLeft(appointment("2026-12-01", "09:00")),
    );
    for (about, unknown) in unknowns() {
        sheet.says(about, &Outcome::Unknown(unknown));
    }
    sheet.holds(find_appointments::TOOL.name);
}

#[test]
fn cancel_appointment_says() {
    use cancel_appointment::Outcome;
    let mut sheet = Sheet::new(cancel_appointment::TOOL.name);
    sheet.says(
        "a visit",
        &Outcome::Cancelled(vec![appointment("2026-12-01", "09:00")]),
    );
    sheet.says(
        "tomorrow",
        &Outcome::Cancelled(vec![appointment("2026-11-25", "09:00")]),
    );
    let two = vec![
        appointment("2026-11-25", "09:00"),
        appointment("2026-12-03", "14:30"),
    ];
    sheet.says("both", &Outcome::Cancelled(two));
    for (about, unknown) in unknowns() {
        sheet.says(about, &Outcome::Unknown(unknown));
    }
    sheet.holds(cancel_appointment::TOOL.name);
}

#[test]
fn reschedule_appointment_says() {
    use reschedule_appointment::Outcome;
    let mut sheet = Sheet::new(reschedule_appointment::TOOL.name);
    let moved = || appointment("2026-12-01", "09:00");
    let to = (day("2026-12-03"), clock("14:30"));
    for (about, is_unconfirmed) in [
        ("a visit", false),
        ("a visit that the office confirms", true),
    ] {
        sheet.says(
            about,
            &Outcome::Moved {
                appointment: moved(),
                to,
                is_unconfirmed,
            },
        );
    }
    sheet.says("where it was", &Outcome::Unchanged(moved()));
    sheet.says(
        "where it was, not confirmed yet",
        &Outcome::Unchanged(Appointment {
            is_unconfirmed: true,
            ..moved()
        }),
    );
    sheet.says("under way", &Outcome::Begun(moved()));
    for reason in REASONS {
        for (about, slots) in [
            (
                "with other times that day",
                slots("2026-12-01", &["15:00", "16:00", "11:00"]),
            ),
            ("with another day", slots("2026-12-02", &["08:00", "13:30"])),
        ] {
            let wanted = (day("2026-12-01"), clock("14:00"));
            let offer = offer(reason, slots);
            let refused = Pending::Refused { wanted, offer };
            sheet.says(about, &Outcome::Pending(moved().id, refused));
        }
    }
    for (about, unknown) in unknowns() {
        sheet.says(about, &Outcome::Unknown(unknown));
    }
    sheet.holds(reschedule_appointment::TOOL.name);
}

#[test]
fn hold_slot_says() {
    use hold_slot::Outcome;
    let mut sheet = Sheet::new(hold_slot::TOOL.name);
    let wanted = (day("2026-12-01"), clock("14:00"));
    sheet.says("a time", &Outcome::Held(wanted.0, wanted.1));
    sheet.says("a line without an id", &Outcome::NoCall);
    let offer = offer(Reason::Taken, slots("2026-12-01", &["15:00"]));
    sheet.says(
        "with other times that day",
        &Outcome::Pending(Pending::Refused { wanted, offer }),
    );
    for (about, is_unconfirmed) in [
        ("a time that is the caller's", false),
        ("one that the office has yet to confirm", true),
    ] {
        let own = Appointment {
            is_unconfirmed,
            ..appointment("2026-12-01", "14:00")
        };
        sheet.says(about, &Outcome::Pending(Pending::Own(own)));
    }
    sheet.holds(hold_slot::TOOL.name);
}
