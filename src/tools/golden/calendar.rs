//! Whether a time is free, and that it is booked.

use chrono::{NaiveDateTime, NaiveTime};
use uuid::Uuid;

use super::super::{
    book_appointment, check_availability,
    confirmation::{self, Detail},
    found::Found,
    offer::{Offer, Reason},
    pending::Pending,
    service::WhichService,
    when::{Missing, Question, Wanted},
};
use super::sheet::*;
use crate::domain::when::{DayPart, Days, Occurrence, Reading, TimeOfDay, Unclear};

fn wanted(days: Days, time: TimeOfDay, occurrence: Occurrence) -> Wanted {
    Wanted {
        days,
        time,
        instant: None,
        occurrence,
        names_zone: false,
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn check_availability_says() {
    let mut sheet = Sheet::new(check_availability::TOOL.name);
    let window = |from, until| TimeOfDay::Window {
        from: clock(from),
        until: Some(clock(until)),
    };
    let asked = |days, time, occurrence, offer| {
        check_availability::Outcome::Calendar(Found {
            wanted: wanted(days, time, occurrence),
            offer,
            is_closed_throughout: false,
        })
    };
    let on = Days::On(day("2026-12-01"));
    let free = || {
        offer(
            Reason::Open,
            slots("2026-12-01", &["09:00", "10:30", "13:00", "16:00"]),
        )
    };
    let once = Occurrence::Once;
    for (about, time) in [
        ("any time", TimeOfDay::Any),
        ("first thing", TimeOfDay::First),
        ("last thing", TimeOfDay::Last),
        ("an hour that is free", TimeOfDay::At(clock("10:30"))),
        ("an hour that is not free", TimeOfDay::At(clock("11:00"))),
        ("a part of the day", TimeOfDay::Part(DayPart::Afternoon)),
        (
            "a part of the day that is full",
            TimeOfDay::Part(DayPart::Evening),
        ),
        ("a window", window("09:00", "11:00")),
        ("a window that is full", window("11:00", "12:00")),
    ] {
        sheet.says(about, &asked(on, time, once, free()));
    }
    let at = TimeOfDay::At(clock("09:00"));
    sheet.says(
        "an hour that the clocks skip",
        &asked(on, at, Occurrence::Never, free()),
    );
    sheet.says(
        "an hour that comes twice",
        &asked(on, at, Occurrence::Twice, free()),
    );
    let week = Days::Within(day("2026-12-07"), day("2026-12-13"));
    let later = || slots("2026-12-14", &["09:00"]);
    sheet.says(
        "a week with room",
        &asked(week, TimeOfDay::Any, once, free()),
    );
    sheet.says(
        "a week without room",
        &asked(week, TimeOfDay::Any, once, offer(Reason::Full, later())),
    );
    let weekend = Days::Within(day("2026-11-28"), day("2026-11-29"));
    sheet.says(
        "a weekend",
        &check_availability::Outcome::Calendar(Found {
            wanted: wanted(weekend, TimeOfDay::Any, once),
            offer: offer(Reason::Closed, later()),
            is_closed_throughout: true,
        }),
    );
    let tomorrow = slots("2026-11-25", &["09:00", "10:30", "13:00", "16:00"]);
    let on_tomorrow = Offer {
        date: day("2026-11-25"),
        reason: Reason::Open,
        slots: tomorrow.clone(),
        is_stale: false,
    };
    for (about, time) in [
        ("tomorrow", TimeOfDay::Any),
        (
            "tomorrow at an hour that is free",
            TimeOfDay::At(clock("09:00")),
        ),
        (
            "tomorrow at an hour that is not free",
            TimeOfDay::At(clock("09:30")),
        ),
    ] {
        let days = Days::On(day("2026-11-25"));
        sheet.says(about, &asked(days, time, once, on_tomorrow.clone()));
    }
    sheet.says(
        "today, with tomorrow",
        &asked(
            Days::On(day("2026-11-24")),
            TimeOfDay::Any,
            once,
            Offer {
                date: day("2026-11-24"),
                reason: Reason::Full,
                slots: tomorrow,
                is_stale: false,
            },
        ),
    );
    let stale = |reason, slots| Offer {
        is_stale: true,
        ..offer(reason, slots)
    };
    for (about, time, offer) in [
        (
            "not known to be current",
            TimeOfDay::Any,
            stale(Reason::Open, free().slots),
        ),
        (
            "an hour that is free, not known to be current",
            TimeOfDay::At(clock("10:30")),
            stale(Reason::Open, free().slots),
        ),
        (
            "with another day, not known to be current",
            TimeOfDay::Any,
            stale(Reason::Full, later()),
        ),
        (
            "with nothing at all, not known to be current",
            TimeOfDay::Any,
            stale(Reason::Full, vec![]),
        ),
    ] {
        sheet.says(about, &asked(on, time, once, offer));
    }
    for reason in REASONS.into_iter().take(6) {
        sheet.says(
            "with another day",
            &asked(on, TimeOfDay::Any, once, offer(reason, later())),
        );
    }
    sheet.says(
        "with nothing at all",
        &asked(on, TimeOfDay::Any, once, offer(Reason::Full, vec![])),
    );
    for reason in [Reason::OutOfArea, Reason::NoCrew] {
        sheet.says(
            "wherever one looks",
            &asked(on, TimeOfDay::Any, once, offer(reason, vec![])),
        );
    }
    sheet.says(
        "a choice",
        &check_availability::Outcome::Pending(Pending::Which(WhichService(services()))),
    );
    sheet.holds(check_availability::TOOL.name);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn questions_about_days_and_hours_say() {
    let mut sheet = Sheet::new("questions about days and hours");
    let on = |date| Days::On(day(date));
    let within = |first, last| Days::Within(day(first), day(last));
    let window = TimeOfDay::Window {
        from: clock("10:00"),
        until: Some(clock("15:00")),
    };
    let open = TimeOfDay::Window {
        from: clock("15:00"),
        until: None,
    };
    let early = TimeOfDay::Window {
        from: NaiveTime::MIN,
        until: Some(clock("10:00")),
    };
    let part = TimeOfDay::Part;
    let no_day = Unclear::NoSuchDay {
        last: day("2026-11-30"),
        next: day("2026-12-31"),
    };
    for (about, unclear) in [
        ("no day", Unclear::Day),
        ("no hour", Unclear::Time),
        ("25:00", Unclear::NoSuchTime),
        ("November 31st", no_day),
        (
            "August 16th, 2024",
            Unclear::Past {
                said: day("2024-08-16"),
                next: day("2027-08-16"),
            },
        ),
        (
            "Friday, December 5th",
            Unclear::Mismatch {
                by_weekday: day("2026-12-04"),
                by_date: day("2026-12-05"),
            },
        ),
        (
            "Tuesday or Wednesday",
            Unclear::WhichDay(on("2026-12-01"), on("2026-11-25")),
        ),
        (
            "next weekend",
            Unclear::WhichDay(
                within("2026-11-28", "2026-11-29"),
                within("2026-12-05", "2026-12-06"),
            ),
        ),
        (
            "10 to 3",
            Unclear::WhichTime(TimeOfDay::At(clock("14:50")), window),
        ),
        (
            "morning or evening",
            Unclear::WhichTime(part(DayPart::Morning), part(DayPart::Evening)),
        ),
        (
            "afternoon or first thing",
            Unclear::WhichTime(part(DayPart::Afternoon), TimeOfDay::First),
        ),
        ("before ten or after three", Unclear::WhichTime(early, open)),
        (
            "last thing or any time",
            Unclear::WhichTime(TimeOfDay::Last, TimeOfDay::Any),
        ),
        (
            "a day or later",
            Unclear::WhichDay(on("2026-12-01"), Days::From(day("2026-12-05"))),
        ),
    ] {
        let question = Question::Unclear(unclear);
        sheet.says(
            about,
            &check_availability::Outcome::Pending(Pending::Ask(question)),
        );
    }
    for (about, days) in [
        (
            "November 31st, and December is too far",
            vec![day("2026-11-30")],
        ),
        ("November 31st, and both are too far", Vec::new()),
    ] {
        let question = Question::OtherDay {
            unclear: no_day,
            days,
        };
        sheet.says(
            about,
            &check_availability::Outcome::Pending(Pending::Ask(question)),
        );
    }
    let free = |times: &[&str]| -> Vec<NaiveDateTime> {
        times.iter().map(|time| time.parse().unwrap()).collect()
    };
    let two = || free(&["2026-11-25T09:00:00", "2026-12-01T13:00:00"]);
    let nothing = Reading::default();
    let morning = Reading {
        time: Some(part(DayPart::Morning)),
        ..nothing
    };
    let tuesday = Reading {
        days: Some(on("2026-12-01")),
        ..nothing
    };
    for (about, missing, known, options) in [
        ("nothing said", Missing::Day, nothing, two()),
        ("an hour without a day", Missing::Day, morning, two()),
        (
            "a day that is not clear",
            Missing::UnclearDay,
            nothing,
            two(),
        ),
        (
            "such a day and a part of it",
            Missing::UnclearDay,
            morning,
            two(),
        ),
        (
            "an hour that is not clear",
            Missing::UnclearTime,
            tuesday,
            two(),
        ),
        (
            "an option that is not clear",
            Missing::Option,
            nothing,
            two(),
        ),
        ("with nothing free", Missing::UnclearDay, nothing, free(&[])),
        (
            "an hour, with nothing free",
            Missing::UnclearTime,
            nothing,
            free(&[]),
        ),
    ] {
        let question = Question::Open {
            missing,
            known,
            options,
        };
        sheet.says(
            about,
            &check_availability::Outcome::Pending(Pending::Ask(question)),
        );
    }
    let question = check_availability::Outcome::Pending(Pending::Ask(Question::WhichOption(two())));
    sheet.says("several options", &question);
    sheet.holds("questions");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn book_appointment_says() {
    use book_appointment::Outcome;
    let mut sheet = Sheet::new(book_appointment::TOOL.name);
    let booked = |name: &str, occurrence| confirmation::Appointment {
        appointment_id: Uuid::nil(),
        name: name.to_owned(),
        service: None,
        address: None,
        date: day("2026-12-01"),
        start: clock("09:30"),
        occurrence,
        names_zone: false,
        is_unconfirmed: false,
    };
    let maria = || booked("Maria Lopez", Occurrence::Once);
    let (service, address) = (
        || Some("drain cleaning".to_owned()),
        || Some("12 Elm Street".to_owned()),
    );
    sheet.says("a visit", &Outcome::Booked(maria()));
    let mut appointment = maria();
    appointment.service = service();
    sheet.says("a service", &Outcome::Booked(appointment));
    let mut appointment = maria();
    appointment.address = address();
    sheet.says("an address", &Outcome::Booked(appointment));
    let mut appointment = maria();
    (appointment.service, appointment.address) = (service(), address());
    appointment.date = day("2026-11-25");
    sheet.says(
        "tomorrow, a service and an address",
        &Outcome::Booked(appointment),
    );
    let mut appointment = booked(LONG_NAME, Occurrence::Once);
    (appointment.service, appointment.address) =
        (Some(LONG_NAME.to_owned()), Some(LONG_NAME.to_owned()));
    sheet.says("a long name", &Outcome::Booked(appointment));
    sheet.says(
        "an hour that comes twice",
        &Outcome::Booked(booked("Maria Lopez", Occurrence::Twice)),
    );
    sheet.says("again", &Outcome::AlreadyBooked(maria(), Vec::new()));
    let mut appointment = maria();
    appointment.address = address();
    let added = vec![Detail::Address, Detail::Email];
    sheet.says(
        "again, with more",
        &Outcome::AlreadyBooked(appointment, added),
    );
    let added = vec![Detail::Description, Detail::Phone];
    sheet.says(
        "again, with other things",
        &Outcome::AlreadyBooked(maria(), added),
    );
    let requested = |service, address| confirmation::Appointment {
        service,
        address,
        is_unconfirmed: true,
        ..maria()
    };
    for (about, appointment) in [
        ("a visit", requested(None, None)),
        ("a service", requested(service(), None)),
        ("an address", requested(None, address())),
        ("a service and an address", requested(service(), address())),
    ] {
        sheet.says(about, &Outcome::Booked(appointment));
    }
    for added in [vec![], vec![Detail::Address, Detail::Email]] {
        let about = format!("again, with {} details", added.len());
        sheet.says(
            &about,
            &Outcome::AlreadyBooked(requested(None, address()), added),
        );
    }
    for reason in REASONS {
        let wanted = (day("2026-12-01"), clock("14:00"));
        let same_day = slots("2026-12-01", &["15:00", "16:00", "11:00"]);
        let refused = |slots| {
            let offer = offer(reason, slots);
            Outcome::Pending(Pending::Refused { wanted, offer })
        };
        sheet.says("with other times that day", &refused(same_day));
        sheet.says(
            "with another day",
            &refused(slots("2026-12-02", &["08:00", "13:30"])),
        );
        sheet.says("with nothing at all", &refused(vec![]));
    }
    for reason in [Reason::OutOfArea, Reason::NoCrew] {
        sheet.says(
            "wherever one looks",
            &Outcome::Pending(Pending::Refused {
                wanted: (day("2026-12-01"), clock("14:00")),
                offer: offer(reason, vec![]),
            }),
        );
    }
    sheet.says(
        "a choice",
        &Outcome::Pending(Pending::Which(WhichService(services()))),
    );
    sheet.holds(book_appointment::TOOL.name);
}
