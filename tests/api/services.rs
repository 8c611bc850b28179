//! The catalogue: what an appointment is for decides how long it takes, which crew can do it, and what it costs. Monday,
//! 23 November 2026, 08:00 in Denver.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Spoken, TestApp, appointments::booked};

/// Drains take an hour and a half, a boiler needs somebody who may touch gas, and anything else is an appointment of an hour.
const CATALOGUE: &str = "
    insert into services (organization_id, name, name_es, keywords, duration_minutes, required_skill, price_from, price_to,
        is_default)
    select '0f0f0f0f-0000-4000-8000-000000000001', s.*
    from (values
        ('Service visit', null, '{}'::text[], 60, null, null::integer, null::integer, true),
        ('Drain cleaning', 'Limpieza de drenaje', '{clogged drain}', 90, null, 149, 299, false),
        ('Boiler repair', 'Reparación de caldera', '{}', 60, 'gas', 150, null, false),
        ('Boiler installation', 'Instalación de caldera', '{}', 240, 'gas', null, null, false),
        ('Panel upgrade', null, '{}', 60, 'electrical', 500, 500, false)
    ) as s (name, name_es, keywords, minutes, skill, price_from, price_to, is_default);
    insert into crews (organization_id, number, skills)
    select '0f0f0f0f-0000-4000-8000-000000000001', c.*
    from (values (2, '{gas}'::text[]), (3, '{gas,electrical}')) as c (number, skills)";

async fn app(settings: Value) -> TestApp {
    let app = TestApp::shared().await;
    let sql = format!("{CATALOGUE}; update organizations set settings = '{settings}'");
    app.database.run(&sql).await;
    app
}

async fn books(app: &TestApp, service: &str, token: &str) -> Spoken {
    let arguments = json!({ "customer_name": "Maria Lopez", "service": service, "date": token });
    app.caller().asks("book_appointment", arguments).await
}

async fn checks(app: &TestApp, arguments: Value) -> Spoken {
    app.caller().asks("check_availability", arguments).await
}

#[tokio::test]
async fn an_appointment_takes_as_long_as_its_service_and_keeps_what_it_needs() {
    let app = app(json!({})).await;

    assert!(booked(
        &books(&app, "I have a clogged drain", "2026-12-01T09:00").await
    ));
    let row = app
        .database
        .object(
            "select a.*, s.name as service from appointments as a join services as s on s.id = a.service_id",
        )
        .await;
    assert_eq!(row["service"], "Drain cleaning");
    assert_eq!(row["appointment_type"], "Drain cleaning");
    assert_eq!(row["duration_minutes"], 90);
    // It ends at half past ten.
    assert!(!booked(&books(&app, "a leak", "2026-12-01T10:00").await));
    assert!(booked(&books(&app, "a leak", "2026-12-01T11:00").await));

    // A caller may ask for longer, not for less.
    let longer = json!({
        "customer_name": "Maria Lopez", "service": "drain cleaning", "duration_minutes": 180, "date": "2026-12-02T09:00",
    });
    assert!(booked(&app.caller().asks("book_appointment", longer).await));
    let shorter = json!({
        "customer_name": "Maria Lopez", "service": "drain cleaning", "duration_minutes": 30, "date": "2026-12-03T09:00",
    });
    assert!(booked(
        &app.caller().asks("book_appointment", shorter).await
    ));
    let minutes: Vec<i32> = app
        .database
        .column("select duration_minutes from appointments order by scheduled_date, scheduled_time")
        .await;
    assert_eq!(minutes, [90, 60, 180, 90]);
}

#[tokio::test]
async fn of_several_services_the_caller_is_asked_which() {
    let app = app(json!({ "capacity": 3 })).await;

    for (language, question) in [
        (
            "en",
            "Which service is it for: Boiler installation or Boiler repair?",
        ),
        (
            "es",
            "¿Qué servicio necesita: Instalación de caldera o Reparación de caldera?",
        ),
    ] {
        for tool in [
            "check_availability",
            "book_appointment",
            "hold_slot",
            "quote_service",
        ] {
            let arguments = json!({
                "customer_name": "Maria Lopez", "service": "boiler", "date": "2026-12-01T09:00", "language": language,
            });
            let heard = app.caller().asks(tool, arguments).await;
            assert!(heard.says(question), "{tool}: {}", heard.words);
        }
    }
    let appointments: i64 = app
        .database
        .value("select count(*) from appointments")
        .await;
    assert_eq!(appointments, 0);
}

#[tokio::test]
async fn a_service_is_quoted_as_the_organization_entered_it() {
    let app = app(json!({ "area": { "postal_codes": ["80202", "803*"] } })).await;

    for (arguments, words) in [
        (
            json!({ "service": "drain cleaning" }),
            "Drain cleaning takes an hour and a half and costs between one hundred forty-nine and two hundred ninety-nine dollars.",
        ),
        (
            json!({ "service": "limpieza de drenaje", "language": "es", "postal_code": "80302" }),
            "Limpieza de drenaje: tarda una hora y media y cuesta entre ciento cuarenta y nueve y doscientos noventa y nueve dólares.",
        ),
        (
            json!({ "service": "boiler repair" }),
            "Boiler repair takes one hour and costs from one hundred fifty dollars.",
        ),
        (
            json!({ "service": "panel upgrade" }),
            "Panel upgrade takes one hour and costs five hundred dollars.",
        ),
        (
            json!({ "service": "boiler installation" }),
            "Boiler installation takes four hours. I have no price for it; I can have someone call you with one.",
        ),
        (
            json!({ "service": "panel upgrade", "service_address": "12 Elm Street, Aurora 80012" }),
            "I'm sorry, we do not come to that area.",
        ),
    ] {
        let heard = app.caller().asks("quote_service", arguments).await;
        assert_eq!(heard.words, words);
    }
}

#[tokio::test]
async fn without_a_catalogue_no_price_is_guessed() {
    let app = TestApp::shared().await;

    let heard = app
        .caller()
        .asks("quote_service", json!({ "service": "drain cleaning" }))
        .await;

    assert!(heard.says("I have no prices here."), "{}", heard.words);
}

#[tokio::test]
async fn under_load_each_crew_goes_once_and_only_to_what_it_can_do() {
    let app = app(json!({ "capacity": 3 })).await;
    for round in 0..4 {
        app.database.run("delete from appointments").await;
        let services = ["a leak", "drain cleaning", "boiler repair", "panel upgrade"];
        let heard = join_all((0..100).map(|nth| {
            let service = services[(nth + round) % services.len()];
            books(&app, service, "2026-12-01T09:00")
        }))
        .await;

        let rows = app
            .database
            .rows(
                "select a.crew, a.required_skill is null or a.required_skill = any (c.skills)
                 from appointments as a
                 left join crews as c on c.organization_id = a.organization_id and c.number = a.crew",
                &[],
            )
            .await;
        let crews: BTreeSet<i32> = rows.iter().map(|row| row.get(0)).collect();
        assert_eq!(crews, BTreeSet::from([1, 2, 3]));
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|row| row.get::<_, bool>(1)));
        assert_eq!(heard.iter().filter(|heard| booked(heard)).count(), 3);
    }
}

#[tokio::test]
async fn an_appointment_that_needs_a_skill_waits_for_whoever_has_it() {
    let app = app(json!({ "capacity": 3 })).await;

    // One crew may touch the panel; it is spared what others can do.
    assert!(booked(&books(&app, "a leak", "2026-12-01T09:00").await));
    assert!(booked(
        &books(&app, "boiler repair", "2026-12-01T09:00").await
    ));
    assert!(booked(
        &books(&app, "panel upgrade", "2026-12-01T09:00").await
    ));
    let refused = books(&app, "panel upgrade", "2026-12-01T09:00").await;
    assert!(refused.says("already taken"), "{}", refused.words);

    // The others are free at ten, and cannot do it.
    assert!(booked(
        &books(&app, "panel upgrade", "2026-12-01T10:00").await
    ));
    let checked = checks(
        &app,
        json!({ "date": "2026-12-01T10:00", "service": "panel upgrade" }),
    )
    .await;
    assert!(
        !checked.tokens().contains(&"2026-12-01T10:00"),
        "{}",
        checked.words
    );
    let checked = checks(
        &app,
        json!({ "date": "2026-12-01T10:00", "service": "a leak" }),
    )
    .await;
    assert!(
        checked.tokens().contains(&"2026-12-01T10:00"),
        "{}",
        checked.words
    );
    let crews: Vec<i32> = app
        .database
        .column("select crew from appointments order by scheduled_time, created_at, crew")
        .await;
    assert_eq!(crews, [1, 2, 3, 3]);

    // A dashboard sends nobody else either.
    let refused = app
        .database
        .try_run(
            "insert into appointments (organization_id, customer_name, customer_phone, appointment_type, service_id,
                 scheduled_date, scheduled_time)
             select organization_id, 'Ruth', '+13035550199', name, id, '2026-12-01', '10:00'
             from services where name = 'Panel upgrade'",
        )
        .await;
    assert!(refused.is_err());
    let refused = app
        .database
        .try_run("update appointments set crew = 1 where scheduled_time = '10:00'")
        .await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn what_no_crew_can_do_is_not_said_to_be_full() {
    let app = app(json!({ "capacity": 1 })).await;

    for tool in ["check_availability", "book_appointment", "hold_slot"] {
        let arguments = json!({ "customer_name": "Maria Lopez", "service": "boiler repair", "date": "2026-12-01T09:00" });
        let heard = app.caller().asks(tool, arguments).await;
        assert!(
            heard.says(
                "I'm sorry, I cannot book that kind of visit over the phone. I can take your number"
            ),
            "{tool}: {}",
            heard.words
        );
    }
}

/// Appointments of A need half an hour after them, those of B a quarter before: between A and B lie three quarters.
#[tokio::test]
async fn between_appointments_of_different_services_lies_what_each_needs() {
    let app = TestApp::shared().await;
    app.database
        .run(
            "insert into services (organization_id, name, buffer_before_minutes, buffer_after_minutes)
             select id, s.* from organizations, (values ('A', 0, 30), ('B', 15, 0)) as s (name, before, after);
             update organizations set settings = '{\"buffer_after_minutes\": 240}'",
        )
        .await;

    for (gap, fits) in [
        (14, false),
        (15, false),
        (29, false),
        (30, false),
        (44, false),
        (45, true),
    ] {
        app.database.run("delete from appointments").await;
        app.database
            .run(&format!(
                "insert into appointments (organization_id, customer_name, customer_phone, appointment_type, service_id,
                     scheduled_date, scheduled_time, duration_minutes)
                 select organization_id, 'Ruth', '+13035550199', name, id, '2026-12-01', '08:00', 120 - {gap}
                 from services where name = 'A'"
            ))
            .await;
        let checked = checks(&app, json!({ "date": "2026-12-01T10:00", "service": "B" })).await;
        assert_eq!(
            checked.tokens().contains(&"2026-12-01T10:00"),
            fits,
            "{gap}: {}",
            checked.words
        );
        let heard = books(&app, "B", "2026-12-01T10:00").await;
        assert_eq!(booked(&heard), fits, "{gap}: {}", heard.words);
    }
    // The other way round nothing lies between them.
    assert!(booked(&books(&app, "B", "2026-12-02T10:00").await));
    assert!(booked(&books(&app, "A", "2026-12-02T11:00").await));
}

#[tokio::test]
async fn between_two_addresses_lies_the_way() {
    let app = app(json!({ "travel_minutes": 30, "step_minutes": 30 })).await;
    let at = |address: &str, token: &str| json!({ "customer_name": "Maria Lopez", "date": token, "service_address": address });
    let caller = app.caller();
    assert!(booked(
        &caller
            .asks("book_appointment", at("12 Elm Street", "2026-12-01T09:00"))
            .await
    ));

    for (address, fits) in [("14 Elm Street", false), ("12 ELM street.", true)] {
        let checked = checks(
            &app,
            json!({ "date": "2026-12-01T10:00", "service_address": address }),
        )
        .await;
        assert_eq!(
            checked.tokens().contains(&"2026-12-01T10:00"),
            fits,
            "{}",
            checked.words
        );
    }
    let refused = app
        .caller()
        .asks("book_appointment", at("14 Elm Street", "2026-12-01T10:00"))
        .await;
    assert!(refused.says("already taken"), "{}", refused.words);
    assert!(booked(
        &app.caller()
            .asks("book_appointment", at("14 Elm Street", "2026-12-01T10:30"))
            .await
    ));
    assert!(booked(
        &app.caller()
            .asks("book_appointment", at("12 Elm Street", "2026-12-01T08:00"))
            .await
    ));
}

#[tokio::test]
async fn where_the_organization_does_not_come_nothing_is_booked() {
    let app = app(json!({ "area": { "postal_codes": ["80202", "803*"] } })).await;
    let at = |code: Option<&str>, address: &str, token: &str| json!({ "customer_name": "Maria Lopez", "date": token, "postal_code": code, "service_address": address });

    let asked = app
        .caller()
        .asks(
            "book_appointment",
            at(None, "12 Elm Street", "2026-12-01T09:00"),
        )
        .await;
    assert!(
        asked.says("What is the zip code of the address?"),
        "{}",
        asked.words
    );
    for code in ["80203", "90210"] {
        let refused = app
            .caller()
            .asks(
                "book_appointment",
                at(Some(code), "12 Elm Street", "2026-12-01T09:00"),
            )
            .await;
        assert!(
            refused.says("we do not come to that area"),
            "{}",
            refused.words
        );
        let checked = checks(&app, json!({ "date": "2026-12-01", "zip_code": code })).await;
        assert!(
            checked.says("we do not come to that area"),
            "{}",
            checked.words
        );
    }
    let appointments: i64 = app
        .database
        .value("select count(*) from appointments")
        .await;
    assert_eq!(appointments, 0);

    assert!(booked(
        &app.caller()
            .asks(
                "book_appointment",
                at(Some("80202-1234"), "12 Elm Street", "2026-12-01T09:00")
            )
            .await
    ));
    assert!(booked(
        &app.caller()
            .asks(
                "book_appointment",
                at(
                    None,
                    "77 Vine Street, Boulder, CO 80301",
                    "2026-12-01T10:00"
                )
            )
            .await
    ));
    let codes: Vec<String> = app
        .database
        .column("select postal_code from appointments order by scheduled_time")
        .await;
    assert_eq!(codes, ["80202", "80301"]);
}

#[tokio::test]
async fn a_service_that_changed_since_the_check_is_booked_as_it_is_now() {
    let app = app(json!({})).await;
    assert!(booked(&books(&app, "a leak", "2026-12-01T11:00").await));
    let checked = checks(
        &app,
        json!({ "date": "2026-12-01T09:00", "service": "drain cleaning" }),
    )
    .await;
    assert!(
        checked.tokens().contains(&"2026-12-01T09:00"),
        "{}",
        checked.words
    );

    app.database
        .run("update services set duration_minutes = 180 where name = 'Drain cleaning'")
        .await;

    let refused = books(&app, "drain cleaning", "2026-12-01T09:00").await;
    assert!(refused.says("already taken"), "{}", refused.words);
}

#[tokio::test]
async fn an_appointment_for_a_service_moves_only_to_where_its_crew_is_free() {
    let app = app(json!({ "capacity": 2 })).await;
    let caller = app.caller();
    let arguments = json!({ "customer_name": "Maria Lopez", "service": "boiler repair", "date": "2026-12-01T09:00" });
    assert!(booked(&caller.asks("book_appointment", arguments).await));
    assert!(booked(
        &books(&app, "boiler repair", "2026-12-01T11:00").await
    ));

    let refused = caller
        .asks(
            "reschedule_appointment",
            json!({ "date": "2026-12-01T11:00" }),
        )
        .await;
    assert!(refused.says("already taken"), "{}", refused.words);
    let moved = caller
        .asks(
            "reschedule_appointment",
            json!({ "date": "2026-12-01T10:00" }),
        )
        .await;
    assert!(moved.says("is moved to"), "{}", moved.words);
    let crews: Vec<i32> = app.database.column("select crew from appointments").await;
    assert_eq!(crews, [2, 2]);
}

#[tokio::test]
async fn an_appointment_that_is_written_back_keeps_its_crew_though_that_has_lost_the_skill() {
    let app = app(json!({ "capacity": 2 })).await;
    assert!(booked(
        &books(&app, "boiler repair", "2026-12-01T09:00").await
    ));
    app.database
        .run("update crews set skills = '{}' where number = 2")
        .await;

    app.database
        .run(
            "insert into appointments as a
             select * from appointments
             on conflict (id) do update set notes = 'bring the long ladder'",
        )
        .await;

    let row = app
        .database
        .object("select crew, notes from appointments")
        .await;
    assert_eq!(row, json!({ "crew": 2, "notes": "bring the long ladder" }));
}

#[tokio::test]
async fn the_words_of_the_trade_book_the_service_and_two_services_are_asked_about() {
    let app = app(json!({ "capacity": 3 })).await;
    app.database
        .run(
            "insert into services (organization_id, name, name_es, duration_minutes)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Faucet repair', 'Reparación de grifo', 45)",
        )
        .await;

    for (said, hour) in [
        ("a leaky faucet", "09"),
        ("the kitchen tap is dripping", "10"),
        ("fuga en la llave", "11"),
    ] {
        let heard = books(&app, said, &format!("2026-12-01T{hour}:00")).await;
        assert!(booked(&heard), "{said}: {}", heard.words);
    }
    let kinds: BTreeSet<String> = app
        .database
        .column("select appointment_type from appointments")
        .await
        .into_iter()
        .collect();
    assert_eq!(kinds, BTreeSet::from(["Faucet repair".to_owned()]));

    for said in [
        "fix my faucet and clean the drain",
        "limpiar el drenaje y arreglar la llave",
        "drain cleaning, and the faucet leaks",
    ] {
        let heard = books(&app, said, "2026-12-02T09:00").await;
        assert!(!booked(&heard), "{said}: {}", heard.words);
        assert!(
            heard.says("Drain cleaning") && heard.says("Faucet repair"),
            "{said}: {}",
            heard.words
        );
    }
}

#[tokio::test]
async fn an_address_that_is_said_later_must_be_where_the_organization_comes() {
    let app = app(json!({ "area": { "postal_codes": ["80202"] } })).await;
    let caller = app.caller();
    let books = async |address: &str| {
        let arguments = json!({
            "customer_name": "Maria Lopez",
            "date": "2026-12-01T09:00",
            "service": "drain cleaning",
            "service_address": address,
        });
        caller.asks("book_appointment", arguments).await
    };
    let booked = books("12 Elm Street, Denver 80202").await;
    assert!(booked.says("You're booked"), "{}", booked.words);

    let refused = books("12 Oak Street, Aurora 80012").await;
    assert!(
        refused.says("we do not come to that area"),
        "{}",
        refused.words
    );
    let added = books("14 Elm Street, Denver 80202").await;
    assert!(
        added.says("I have added the address 14 Elm Street"),
        "{}",
        added.words
    );

    let address: String = app
        .database
        .value("select service_address from appointments")
        .await;
    assert_eq!(address, "14 Elm Street, Denver 80202");
}
