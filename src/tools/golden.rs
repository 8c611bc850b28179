//! Everything that a tool can say, in both languages, held to the files in `fixtures/say`.
//!
//! `UPDATE_GOLDEN=1 cargo test golden` writes them anew; the difference is then read like any other.

use std::{fmt::Write, fs, path::Path};

use chrono::{NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::America::Denver;
use serde_json::{Map, json};
use uuid::Uuid;

use super::{
    book_appointment, cancel_appointment, check_availability, check_emergency,
    context::{Outcome, Request},
    find_appointments, flag_emergency, hold_slot, lookup_customer,
    need::Need,
    offer::{Offer, Reason},
    outage,
    quote_service::{self, Quote},
    reschedule_appointment,
    service::WhichService,
    standing::Standing,
    take_message, transfer_call,
    visit::{Unknown, Visit},
    when::{Question, Wanted},
};
use crate::{
    calls::line::TransferOrder,
    directory::TransferMode,
    domain::{
        catalogue::Service,
        danger::Danger,
        language::Language::{self, English, Spanish},
        phone::Phone,
        slot::Slot,
        when::{DayPart, Days, Occurrence, TimeOfDay, Unclear},
    },
    error::Kind,
};

/// The longest answer, in characters: some twenty seconds of speech.
const LONGEST: usize = 300;

/// The longest name that is spoken, so that the longest sentences are seen.
const LONG_NAME: &str = "María Guadalupe Fernández de la Concepción Villavicencio Ortiz";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn clock(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

fn slots(date: &str, times: &[&str]) -> Vec<Slot> {
    times
        .iter()
        .map(|time| Slot {
            date: day(date),
            start: clock(time),
            end: clock(time) + TimeDelta::hours(1),
        })
        .collect()
}

fn offer(reason: Reason, slots: Vec<Slot>) -> Offer {
    Offer {
        date: day("2026-12-01"),
        reason,
        slots,
    }
}

fn visit(date: &str, time: &str) -> Visit {
    Visit {
        id: Uuid::nil(),
        date: day(date),
        start: clock(time),
        minutes: 60,
        is_live: true,
    }
}

/// The sentences of one tool.
struct Sheet(String);

impl Sheet {
    fn new(tool: &str) -> Self {
        Self(format!("{tool}\n"))
    }

    /// One sentence in both languages; `about` tells it from others of its name.
    fn line(&mut self, label: &str, about: &str, say: impl Fn(Language) -> String) {
        writeln!(self.0, "\n{label}, {about}").unwrap();
        for language in [English, Spanish] {
            let words = say(language);
            let spoken = words.split(" [").next().unwrap();
            assert!(spoken.chars().count() <= LONGEST, "{spoken}");
            for sign in ["*", "#", "`", "_", "\n", "  ", "- "] {
                assert!(!spoken.contains(sign), "{spoken}");
            }
            let last = spoken.chars().last().unwrap();
            assert!(
                matches!(last, '.' | '?'),
                "an answer ends as a sentence does: {spoken}"
            );
            writeln!(self.0, "  {}: {words}", language.code()).unwrap();
        }
    }

    fn says(&mut self, about: &str, outcome: &dyn Outcome) {
        self.line(outcome.label(), about, |language| {
            let words = outcome.say(language);
            // Speech is cut where it is too long; here that must not happen.
            assert!(words.as_str().ends_with(['.', '?']), "{words}");
            match outcome.note() {
                Some(note) => format!("{words} [{}]", note.write(day("2026-11-24"), Denver)),
                None => words.to_string(),
            }
        });
    }

    fn holds(self, name: &str) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures/say")
            .join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &self.0).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            self.0 == expected,
            "{} is not what is said now:\n{}",
            path.display(),
            self.0
        );
    }
}

const REASONS: [Reason; 9] = [
    Reason::Past,
    Reason::Closed,
    Reason::TooLong,
    Reason::TooSoon,
    Reason::TooFar,
    Reason::Full,
    Reason::Taken,
    Reason::OffGrid,
    Reason::NoSuchTime,
];

#[test]
fn check_availability_says() {
    let mut sheet = Sheet::new(check_availability::NAME);
    let window = |from, until| TimeOfDay::Window {
        from: clock(from),
        until: Some(clock(until)),
    };
    let asked = |days, time, occurrence, offer| check_availability::Outcome::Calendar {
        wanted: Wanted {
            days,
            time,
            instant: None,
            occurrence,
        },
        offer,
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
    sheet.holds(check_availability::NAME);
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
    for (about, unclear) in [
        ("no day", Unclear::Day),
        ("no hour", Unclear::Time),
        ("25:00", Unclear::NoSuchTime),
        (
            "November 31st",
            Unclear::NoSuchDay {
                last: day("2026-11-30"),
                next: day("2026-12-31"),
            },
        ),
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
        sheet.says(about, &check_availability::Outcome::Ask(Question(unclear)));
    }
    sheet.holds("questions");
}

#[test]
fn book_appointment_says() {
    use book_appointment::Outcome;
    let mut sheet = Sheet::new(book_appointment::NAME);
    let booked = |name: &str, occurrence| book_appointment::Visit {
        appointment_id: Uuid::nil(),
        name: name.to_owned(),
        date: day("2026-12-01"),
        start: clock("09:30"),
        occurrence,
    };
    sheet.says(
        "a visit",
        &Outcome::Booked(booked("Maria Lopez", Occurrence::Once)),
    );
    sheet.says(
        "a long name",
        &Outcome::Booked(booked(LONG_NAME, Occurrence::Once)),
    );
    sheet.says(
        "an hour that comes twice",
        &Outcome::Booked(booked("Maria Lopez", Occurrence::Twice)),
    );
    sheet.says(
        "again",
        &Outcome::AlreadyBooked(booked("Maria Lopez", Occurrence::Once)),
    );
    for reason in REASONS {
        let wanted = (day("2026-12-01"), clock("14:00"));
        let same_day = slots("2026-12-01", &["15:00", "16:00", "11:00"]);
        let refused = |slots| Outcome::Refused {
            wanted,
            offer: offer(reason, slots),
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
            &Outcome::Refused {
                wanted: (day("2026-12-01"), clock("14:00")),
                offer: offer(reason, vec![]),
            },
        );
    }
    sheet.says("a choice", &Outcome::Which(WhichService(services())));
    sheet.holds(book_appointment::NAME);
}

fn unknowns() -> Vec<(&'static str, Unknown)> {
    let two = || vec![visit("2026-12-01", "09:00"), visit("2026-12-03", "14:30")];
    vec![
        ("nothing under the number", Unknown::Unproven),
        ("nothing under name and address", Unknown::NotFound),
        ("none at that time", Unknown::NoneThen(two())),
        ("several", Unknown::Which(two())),
        (
            "called off",
            Unknown::CalledOff(visit("2026-12-01", "09:00")),
        ),
        (
            "words that are not clear",
            Unknown::Ask(Question(Unclear::Day)),
        ),
    ]
}

#[test]
fn find_appointments_says() {
    use find_appointments::Outcome;
    let mut sheet = Sheet::new(find_appointments::NAME);
    let visits: Vec<Visit> = [
        ("2026-12-01", "09:00"),
        ("2026-12-03", "14:30"),
        ("2026-12-21", "12:00"),
        ("2027-01-05", "18:15"),
    ]
    .into_iter()
    .map(|(date, time)| visit(date, time))
    .collect();
    for count in 1..=visits.len() {
        sheet.says(
            &format!("{count}"),
            &Outcome::Found(visits[..count].to_vec()),
        );
    }
    for (about, unknown) in unknowns() {
        sheet.says(about, &Outcome::Unknown(unknown));
    }
    sheet.holds(find_appointments::NAME);
}

#[test]
fn cancel_appointment_says() {
    use cancel_appointment::Outcome;
    let mut sheet = Sheet::new(cancel_appointment::NAME);
    sheet.says("a visit", &Outcome::Cancelled(visit("2026-12-01", "09:00")));
    for (about, unknown) in unknowns() {
        sheet.says(about, &Outcome::Unknown(unknown));
    }
    sheet.holds(cancel_appointment::NAME);
}

#[test]
fn reschedule_appointment_says() {
    use reschedule_appointment::Outcome;
    let mut sheet = Sheet::new(reschedule_appointment::NAME);
    let moved = || visit("2026-12-01", "09:00");
    let to = (day("2026-12-03"), clock("14:30"));
    sheet.says("a visit", &Outcome::Moved { visit: moved(), to });
    sheet.says("where it was", &Outcome::Unchanged(moved()));
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
            sheet.says(
                about,
                &Outcome::Refused {
                    visit: moved(),
                    wanted,
                    offer,
                },
            );
        }
    }
    for (about, unknown) in unknowns() {
        sheet.says(about, &Outcome::Unknown(unknown));
    }
    sheet.holds(reschedule_appointment::NAME);
}

#[test]
fn hold_slot_says() {
    use hold_slot::Outcome;
    let mut sheet = Sheet::new(hold_slot::NAME);
    let wanted = (day("2026-12-01"), clock("14:00"));
    sheet.says("a time", &Outcome::Held(wanted.0, wanted.1));
    sheet.says("a line without an id", &Outcome::NoCall);
    let offer = offer(Reason::Taken, slots("2026-12-01", &["15:00"]));
    sheet.says(
        "with other times that day",
        &Outcome::Refused { wanted, offer },
    );
    sheet.holds(hold_slot::NAME);
}

#[test]
fn take_message_and_lookup_customer_say() {
    let mut sheet = Sheet::new(take_message::NAME);
    sheet.says("a message", &take_message::Outcome::Taken(Uuid::nil()));
    sheet.holds(take_message::NAME);
    let mut sheet = Sheet::new(lookup_customer::NAME);
    sheet.says(
        "a customer",
        &lookup_customer::Outcome::Known("Maria Lopez".to_owned()),
    );
    sheet.says(
        "a long name",
        &lookup_customer::Outcome::Known(LONG_NAME.to_owned()),
    );
    sheet.says("somebody new", &lookup_customer::Outcome::Unknown);
    sheet.holds(lookup_customer::NAME);
}

#[test]
fn quote_service_says() {
    let mut sheet = Sheet::new(quote_service::NAME);
    let quote = |price| {
        quote_service::Outcome::Quoted(Quote {
            name: "Drain cleaning".to_owned(),
            name_es: Some("Limpieza de drenaje".to_owned()),
            minutes: 90,
            price,
        })
    };
    sheet.says("a range", &quote(Some((149, Some(299)))));
    sheet.says("one price", &quote(Some((99, Some(99)))));
    sheet.says("a least price", &quote(Some((150, None))));
    sheet.says("no price", &quote(None));
    sheet.says(
        "a long name",
        &quote_service::Outcome::Quoted(Quote {
            name: LONG_NAME.repeat(2),
            name_es: None,
            minutes: 141,
            price: Some((9_999, Some(19_999))),
        }),
    );
    sheet.says("no catalogue", &quote_service::Outcome::NoCatalogue);
    sheet.says("elsewhere", &quote_service::Outcome::OutOfArea);
    sheet.says(
        "a choice",
        &quote_service::Outcome::Which(WhichService(services())),
    );
    sheet.holds(quote_service::NAME);
}

fn services() -> Vec<Service> {
    [
        ("Drain cleaning", Some("Limpieza de drenaje")),
        ("Boiler repair", Some("Reparación de caldera")),
        (LONG_NAME, None),
        ("Water heater", Some("Calentador de agua")),
        ("One too many", None),
    ]
    .into_iter()
    .map(|(name, name_es)| Service {
        id: Uuid::nil(),
        name: name.to_owned(),
        name_es: name_es.map(str::to_owned),
        keywords: Vec::new(),
        is_default: false,
    })
    .collect()
}

fn standings() -> Vec<Standing> {
    let taken = |name: Option<&str>| Standing::Taken {
        name: name.map(str::to_owned),
        at: day("2026-12-01")
            .and_hms_opt(16, 5, 0)
            .unwrap()
            .and_local_timezone(Utc)
            .unwrap(),
        zone: Denver,
    };
    vec![
        Standing::Paging(Some("Dana Reyes".to_owned())),
        Standing::Paging(Some(LONG_NAME.to_owned())),
        Standing::Paging(None),
        taken(Some("Dana Reyes")),
        taken(None),
        Standing::Exhausted,
        Standing::Nobody,
        Standing::Closed,
    ]
}

#[test]
fn the_emergency_tools_say() {
    let mut sheet = Sheet::new(flag_emergency::NAME);
    let dangers = [
        None,
        Some(Danger::Gas),
        Some(Danger::Fire),
        Some(Danger::CarbonMonoxide),
        Some(Danger::ElectricShock),
        Some(Danger::Injury),
    ];
    for standing in standings() {
        for (danger, added, can_transfer) in dangers
            .into_iter()
            .flat_map(|danger| [(danger, false, false), (danger, true, true)])
        {
            let outcome = flag_emergency::Outcome {
                danger,
                standing: standing.clone(),
                added,
                can_transfer,
            };
            let about = format!("{danger:?}, {}", standing.label());
            sheet.says(&about, &outcome);
        }
    }
    sheet.holds(flag_emergency::NAME);
    let mut sheet = Sheet::new(check_emergency::NAME);
    for standing in standings() {
        sheet.says("an emergency", &check_emergency::Outcome::Known(standing));
    }
    sheet.says("no emergency", &check_emergency::Outcome::None);
    sheet.holds(check_emergency::NAME);
}

#[test]
fn transfer_call_says() {
    use transfer_call::{Handover, Outcome};
    let mut sheet = Sheet::new(transfer_call::NAME);
    let handover = |who: Option<&str>| Handover {
        transfer_id: Uuid::nil(),
        who: who.map(str::to_owned),
        order: TransferOrder {
            transfer_id: Uuid::nil(),
            number: Phone::parse("+13035550100").unwrap(),
            mode: TransferMode::Blind,
            language: English,
            wait_seconds: 30,
            announcement: String::new(),
            briefing: None,
        },
    };
    sheet.says("not commanded yet", &Outcome::Trying(handover(None)));
    sheet.says(
        "a contact",
        &Outcome::Connecting(handover(Some("Dana Reyes"))),
    );
    for id in [
        Outcome::Failed,
        Outcome::NoLine,
        Outcome::Nobody,
        Outcome::UsedUp,
    ] {
        sheet.says("a transfer", &id(Uuid::nil()));
    }
    sheet.holds(transfer_call::NAME);
}

#[test]
fn what_is_missing_and_what_is_stopped_says() {
    let mut sheet = Sheet::new("what is missing, and what is stopped");
    for need in [
        Need::Day,
        Need::Hour,
        Need::Name,
        Need::Phone,
        Need::WholePhone,
        Need::Description,
        Need::Message,
        Need::Duration,
        Need::Arguments,
    ] {
        sheet.line(need.label(), "asked for", |language| {
            need.say(language).to_string()
        });
    }
    for tool in [
        check_availability::NAME,
        book_appointment::NAME,
        find_appointments::NAME,
        cancel_appointment::NAME,
        reschedule_appointment::NAME,
        hold_slot::NAME,
        take_message::NAME,
        lookup_customer::NAME,
        quote_service::NAME,
        transfer_call::NAME,
        flag_emergency::NAME,
        check_emergency::NAME,
    ] {
        for kind in [Kind::Unreachable, Kind::Late] {
            let request = Request {
                id: None,
                name: tool.to_owned(),
                arguments: Some(Map::new()),
            };
            sheet.line(tool, &format!("{kind:?}"), |language| {
                match outage::say(&request, kind, language) {
                    Ok(words) | Err(words) => words.to_string(),
                }
            });
        }
    }
    let gas = Request {
        id: None,
        name: flag_emergency::NAME.to_owned(),
        arguments: json!({ "description": "I smell gas" }).as_object().cloned(),
    };
    sheet.line(
        flag_emergency::NAME,
        "gas, Unreachable",
        |language| match outage::say(&gas, Kind::Unreachable, language) {
            Ok(words) | Err(words) => words.to_string(),
        },
    );
    sheet.line("unknown_organization", "nobody's call", |language| {
        outage::unknown_organization(language).to_string()
    });
    sheet.line("unknown_tool", "an invented name", |language| {
        outage::unknown_tool(language).to_string()
    });
    sheet.line("not_now", "an assistant request", |language| {
        outage::not_now(language).to_string()
    });
    sheet.holds("outages");
}
