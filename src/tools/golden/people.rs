//! Emergencies, transfers, messages, prices, and what is missing.

use std::sync::OnceLock;

use chrono::Utc;
use chrono_tz::America::Denver;
use serde_json::{Map, json};
use uuid::Uuid;

use super::super::{
    TOOLS,
    arguments::MissingArgument,
    check_emergency,
    context::Request,
    flag_emergency, lookup_customer,
    quote_service::{self, Quote},
    refusal,
    service::WhichService,
    standing::Standing,
    take_message,
    tool::Tool,
    transfer_call,
};
use super::sheet::*;
use crate::{
    calls::line::TransferOrder,
    directory::TransferMode,
    domain::{
        danger::Danger,
        language::Language::{self, English},
        phone::Phone,
    },
    error::Kind,
    outage::Reported,
};

#[test]
fn take_message_and_lookup_customer_say() {
    let mut sheet = Sheet::new(take_message::TOOL.name);
    sheet.says("a message", &take_message::Outcome::Taken(Uuid::nil()));
    sheet.line(
        "kept",
        "without the database",
        |language| match take_message::kept(language).words {
            Ok(words) | Err(words) => words.to_string(),
        },
    );
    sheet.holds(take_message::TOOL.name);
    let mut sheet = Sheet::new(lookup_customer::TOOL.name);
    sheet.says(
        "a customer",
        &lookup_customer::Outcome::Known("Maria Lopez".to_owned()),
    );
    sheet.says(
        "a long name",
        &lookup_customer::Outcome::Known(LONG_NAME.to_owned()),
    );
    sheet.says("somebody new", &lookup_customer::Outcome::Unknown);
    sheet.holds(lookup_customer::TOOL.name);
}

#[test]
fn quote_service_says() {
    let mut sheet = Sheet::new(quote_service::TOOL.name);
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
    sheet.holds(quote_service::TOOL.name);
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
    let paging = |name: Option<&str>, has_next| Standing::Paging {
        name: name.map(str::to_owned),
        has_next,
    };
    vec![
        paging(Some("Dana Reyes"), true),
        paging(Some("Dana Reyes"), false),
        paging(Some(LONG_NAME), true),
        paging(None, false),
        Standing::Delayed(Some("Dana Reyes".to_owned())),
        Standing::Delayed(None),
        taken(Some("Dana Reyes")),
        taken(None),
        Standing::Exhausted,
        Standing::Nobody,
        Standing::Closed,
    ]
}

fn paging_with_next() -> Standing {
    Standing::Paging {
        name: Some("Dana Reyes".to_owned()),
        has_next: true,
    }
}

#[test]
fn the_emergency_tools_say() {
    let mut sheet = Sheet::new(flag_emergency::TOOL.name);
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
                incident: Uuid::nil(),
                danger,
                standing: standing.clone(),
                added,
                can_transfer,
                asks_address: false,
            };
            let about = format!("{danger:?}, {}", standing.label());
            sheet.says(&about, &outcome);
        }
    }
    for danger in dangers {
        let outcome = flag_emergency::Outcome {
            incident: Uuid::nil(),
            danger,
            standing: paging_with_next(),
            added: false,
            can_transfer: true,
            asks_address: true,
        };
        sheet.says("an address that could not be read", &outcome);
    }
    sheet.holds(flag_emergency::TOOL.name);
    let mut sheet = Sheet::new(check_emergency::TOOL.name);
    for standing in standings() {
        sheet.says("an emergency", &check_emergency::Outcome::Known(standing));
    }
    sheet.says("no emergency", &check_emergency::Outcome::None);
    sheet.holds(check_emergency::TOOL.name);
}

#[test]
fn transfer_call_says() {
    use transfer_call::{Handover, Outcome};
    let mut sheet = Sheet::new(transfer_call::TOOL.name);
    let handover = |who: Option<&str>| Handover {
        transfer_id: Uuid::nil(),
        who: who.map(str::to_owned),
        order: TransferOrder {
            transfer_id: Uuid::nil(),
            number: Phone::parse("+13035550100").unwrap(),
            extension: None,
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
    sheet.holds(transfer_call::TOOL.name);
}

#[test]
fn what_is_missing_and_what_is_stopped_says() {
    let mut sheet = Sheet::new("what is missing, and what is stopped");
    for missing in [
        MissingArgument::Name,
        MissingArgument::Phone,
        MissingArgument::WholePhone,
        MissingArgument::Description,
        MissingArgument::Message,
        MissingArgument::PostalCode,
        MissingArgument::Duration,
        MissingArgument::Arguments,
    ] {
        sheet.line(missing.label(), "asked for", |language| {
            missing.say(language).to_string()
        });
    }
    for Tool { name: tool, .. } in TOOLS {
        for kind in [Kind::Unreachable, Kind::Late] {
            let request = Request {
                id: None,
                name: (*tool).to_owned(),
                arguments: Some(Map::new()),
                unreadable: None,
                heard: OnceLock::new(),
            };
            sheet.line(tool, &format!("{kind:?}"), |language| {
                match refusal::say(&request, kind, language) {
                    Ok(words) | Err(words) => words.to_string(),
                }
            });
        }
    }
    let gas = Request {
        id: None,
        name: flag_emergency::TOOL.name.to_owned(),
        arguments: json!({ "description": "I smell gas" }).as_object().cloned(),
        unreadable: None,
        heard: OnceLock::new(),
    };
    sheet.line(
        flag_emergency::TOOL.name,
        "gas, Unreachable",
        |language| match refusal::say(&gas, Kind::Unreachable, language) {
            Ok(words) | Err(words) => words.to_string(),
        },
    );
    sheet.line("unknown_organization", "nobody's call", |language| {
        refusal::unknown_organization(language).to_string()
    });
    sheet.line("unknown_tool", "an invented name", |language| {
        refusal::unknown_tool(language).to_string()
    });
    sheet.line("not_now", "an assistant request", |language| {
        refusal::not_now(language).to_string()
    });
    sheet.holds("outages");
}

#[test]
fn calls_that_no_tool_is_run_for_says() {
    let mut sheet = Sheet::new("calls that no tool is run for");
    let request = |words: &str, language: Language| Request {
        id: None,
        name: flag_emergency::TOOL.name.to_owned(),
        arguments: json!({ "description": words, "language": language.code() })
            .as_object()
            .cloned(),
        unreadable: None,
        heard: OnceLock::new(),
    };
    let told = |is_told, is_being_told, is_spooled| Reported {
        is_spooled,
        is_told,
        is_being_told,
    };
    let states = [
        ("told", told(true, false, false)),
        ("being told", told(false, true, false)),
        ("being told and kept", told(false, true, true)),
        ("kept", told(false, false, true)),
        ("not told", told(false, false, false)),
    ];
    for (words, about) in [("I smell gas", "gas"), ("A pipe burst", "water")] {
        for (state, reported) in states {
            sheet.line("an outage", &format!("{about}, {state}"), |language| {
                let request = request(words, language);
                flag_emergency::say_reported(&request, reported).map_or_else(
                    || match refusal::say(&request, Kind::Unreachable, language) {
                        Ok(words) | Err(words) => words.to_string(),
                    },
                    |answer| answer.text().unwrap_or_else(|words| words),
                )
            });
            sheet.line("nobody's call", &format!("{about}, {state}"), |language| {
                let request = request(words, language);
                let answer = flag_emergency::say_reported_for_nobody(&request, reported);
                answer.text().unwrap_or_else(|words| words)
            });
        }
    }
    sheet.line("too_many", "more than a hundred tool calls", |language| {
        refusal::too_many(language).to_string()
    });
    sheet.holds("refused");
}
