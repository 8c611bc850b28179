//! `frontdesk explain`: of every time of a day whether it is offered, and the reason that a caller would hear.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::{
    call_command::asks,
    properties::{self, Calendar},
    support::{
        TestApp, TestDatabase,
        app::ORGANIZATION_ID,
        operator::{complaint, object, printed},
    },
};

/// A time of a day as it is explained: when, whether it is a slot, whether it is offered, why, and how many crews are busy of how many.
type Explained = (String, Option<bool>, bool, String, (i64, i64));

async fn explained(client: &Client, date: &str, minutes: i32) -> Vec<Explained> {
    let sql = format!(
        "select to_char(e.starts_at, 'HH24:MI'), e.is_slot, e.offered, e.reason,
             (select count(*) from jsonb_array_elements(e.crews) as c where jsonb_array_length(c -> 'busy_with') > 0),
             coalesce(jsonb_array_length(e.crews), 0)::bigint
         from private.explain_day('{ORGANIZATION_ID}', '{date}', private.service_requirements('{ORGANIZATION_ID}', null, {minutes}, null, null),
             null) as e"
    );
    let rows = client.query(&sql, &[]).await.unwrap();
    rows.iter()
        .map(|row| {
            (
                row.get(0),
                row.get(1),
                row.get(2),
                row.get(3),
                (row.get(4), row.get(5)),
            )
        })
        .collect()
}

/// The reason of each of these times of a day, asked of each by itself.
async fn reasons(client: &Client, date: &str, minutes: i32, times: &[&str]) -> Vec<String> {
    let sql = format!(
        "select e.reason from unnest($1::text[]) with ordinality as t (at, nth)
         cross join lateral private.explain_day('{ORGANIZATION_ID}', '{date}',
             private.service_requirements('{ORGANIZATION_ID}', null, {minutes}, null, null), t.at::time) as e
         order by t.nth"
    );
    let rows = client.query(&sql, &[&times]).await.unwrap();
    assert_eq!(rows.len(), times.len(), "each has one reason");
    rows.iter().map(|row| row.get(0)).collect()
}

/// What a caller is offered on that very day, and the reason that is given.
async fn checked(client: &Client, date: &str, minutes: i32) -> (String, BTreeSet<String>) {
    let sql = format!(
        "select c.reason, to_char(c.start_time, 'HH24:MI'), c.slot_date = '{date}'
         from private.check_availability('{ORGANIZATION_ID}', '{date}',
             private.service_requirements('{ORGANIZATION_ID}', null, {minutes}, null, null), null, null) as c"
    );
    let rows = client.query(&sql, &[]).await.unwrap();
    let reason: String = rows[0].get(0);
    let of_the_day = rows
        .iter()
        .filter(|row| row.get::<_, Option<bool>>(2) == Some(true));
    let starts = of_the_day.map(|row| row.get(1)).collect();
    (reason, starts)
}

async fn holds(client: &Client, calendar: &Calendar, date: &str, about: &str) -> usize {
    let minutes = calendar.minutes;
    let told = explained(client, date, minutes).await;
    let (reason, offered) = checked(client, date, minutes).await;
    let open: BTreeSet<String> = told
        .iter()
        .filter(|(_, _, is_offered, ..)| *is_offered)
        .map(|(at, ..)| at.clone())
        .collect();
    let expected = if reason == "open" {
        offered
    } else {
        BTreeSet::new()
    };
    assert_eq!(open, expected, "{about}, {reason}: {calendar:?}");
    for (at, _, is_offered, why, (busy, crews)) in &told {
        assert_eq!(*is_offered, why == "open", "{at}, {about}: {calendar:?}");
        // A slot is taken when something is in the way of every crew, and not otherwise.
        if why == "taken" {
            assert_eq!(
                (*busy, *crews),
                (*crews, calendar.capacity.into()),
                "{at}, {about}: {calendar:?}"
            );
        }
    }
    let refused = told
        .iter()
        .filter(|(_, is_slot, _, why, _)| is_slot.is_some() && !(why == "open" || why == "taken"));
    let (times, expected): (Vec<&str>, Vec<&str>) = refused
        .map(|(at, _, _, why, _)| (at.as_str(), why.as_str()))
        .unzip();
    let alone = reasons(client, date, minutes, &times).await;
    assert_eq!(alone, expected, "{times:?}, {about}: {calendar:?}");
    open.len()
}

#[tokio::test]
async fn what_is_explained_as_offered_is_what_a_check_offers_on_any_calendar() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let client = database.connect().await;
    let mut seen = 0;
    for (nth, calendar) in properties::calendars().into_iter().enumerate() {
        calendar.enter(&client, "America/Denver").await;
        let rules = [
            json!({}),
            json!({ "lead_minutes": 1300 }),
            json!({ "lead_minutes": 0, "lead_days": 2 }),
            json!({ "horizon_days": 1 }),
        ];
        let rules = &rules[nth % rules.len()];
        client
            .batch_execute(&format!(
                "update organizations set settings = settings || '{rules}'"
            ))
            .await
            .unwrap();
        for date in [
            "2026-11-28",
            "2026-11-30",
            properties::DAY,
            "2026-12-02",
            "2027-06-01",
        ] {
            seen += holds(&client, &calendar, date, &format!("{rules} on {date}")).await;
        }
    }
    assert!(seen > 100, "{seen} slots are too few to say anything");
}

#[tokio::test]
async fn the_reason_of_every_quarter_of_an_hour_is_the_one_that_booking_gives() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let client = database.connect().await;
    let mut seen = BTreeSet::new();
    for calendar in properties::calendars().into_iter().take(6) {
        calendar.enter(&client, "America/Denver").await;
        let outcomes = calendar.outcomes(&client).await;
        let times: Vec<&str> = outcomes.iter().map(|(at, _)| at.as_str()).collect();
        let told = reasons(&client, properties::DAY, calendar.minutes, &times).await;
        for ((at, outcome), why) in outcomes.iter().zip(told) {
            let expected = if why == "open" { "booked" } else { &why };
            assert_eq!(outcome, expected, "{at}: {calendar:?}");
            seen.insert(why);
        }
    }
    for reason in ["open", "taken", "closed", "off_grid"] {
        assert!(seen.contains(reason), "{seen:?}");
    }
}

/// Two crews, of which the second may touch gas; one appointment of each on Tuesday at nine, and a hold at ten.
async fn busy() -> TestApp {
    let app = TestApp::start().await;
    app.rules(&json!({
        "capacity": 2, "buffer_after_minutes": 15, "travel_minutes": 0, "lead_minutes": 120,
        "area": { "postal_codes": ["802*"] },
    }))
    .await;
    app.dashboard(
        "insert into services (organization_id, name, name_es, duration_minutes, required_skill, is_default)
         values ('0f0f0f0f-0000-4000-8000-000000000001', 'Service visit', null, 60, null, true),
                ('0f0f0f0f-0000-4000-8000-000000000001', 'Boiler repair', 'Reparación de caldera', 90, 'gas', false),
                ('0f0f0f0f-0000-4000-8000-000000000001', 'Panel upgrade', null, 60, 'electrical', false);
         insert into crews (organization_id, number, skills) values ('0f0f0f0f-0000-4000-8000-000000000001', 2, '{gas}');
         insert into special_days (organization_id, special_date, hours, reason)
         values ('0f0f0f0f-0000-4000-8000-000000000001', '2026-12-24', '[{\"open\": \"09:00\", \"close\": \"11:00\"}]', 'Christmas Eve');
         insert into appointments (id, organization_id, customer_name, customer_phone, appointment_type, scheduled_date,
             scheduled_time, crew)
         values ('aaaaaaaa-0000-4000-8000-000000000001', '0f0f0f0f-0000-4000-8000-000000000001', 'Ruth Stone', '+13035550199',
                 'repair', '2026-12-01', '09:00', 1),
                ('aaaaaaaa-0000-4000-8000-000000000002', '0f0f0f0f-0000-4000-8000-000000000001', 'Ruth Stone', '+13035550199',
                 'repair', '2026-12-01', '09:00', 2)",
    )
    .await;
    app
}

const ORG: [&str; 3] = ["explain", "--org", "Front Range Plumbing"];

fn page(app: &TestApp, arguments: &[&str]) -> String {
    printed(&asks(app, &[&ORG[..], arguments].concat()))
}

fn day(app: &TestApp, arguments: &[&str]) -> Value {
    object(&asks(app, &[&ORG[..], arguments, &["--json"]].concat()))
}

/// The reason of one time.
fn why(app: &TestApp, arguments: &[&str]) -> String {
    let told = day(app, arguments);
    assert_eq!(told["times"].as_array().unwrap().len(), 1, "{told}");
    told["times"][0]["reason"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_day_is_shown_with_its_rules_and_every_time_with_its_reason() {
    let app = busy().await;

    let shown = page(
        &app,
        &["--date", "2026-12-01", "--crew", "--postal-code", "80202"],
    );

    for line in [
        "Front Range Plumbing, Tue 2026-12-01",
        "  now        Mon 2026-11-23 08:00, America/Denver",
        "  hours      08:00-18:00",
        "  service    Service visit, 60 min",
        "  starts     every 60 min",
        "  lead time  120 min",
        "  horizon    60 days, until 2027-01-22",
        "  between    0 min before, 15 min after, 0 min travel",
        "  crews      2",
        "  area       the postal code is within the area",
        "00:00-08:00  not offered  closed",
        "08:00        not offered  taken: 2 of 2 crews busy",
        "                          crew 1: 09:00-10:00 appointment aaaaaaaa-0000-4000-8000-000000000001, blocks 08:45-10:15 with the time between visits",
        "11:00        offered",
        "18:00-24:00  not offered  closed",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}:\n{shown}");
    }
    assert!(!shown.contains("Ruth"), "{shown}");
}

#[tokio::test]
async fn each_reason_is_told_of_the_time_that_it_is_about() {
    let app = busy().await;
    for (arguments, reason) in [
        (&["--date", "2026-12-01", "--at", "09:00"][..], "taken"),
        (&["--date", "2026-12-01", "--at", "12:00"], "open"),
        (&["--date", "2026-12-01", "--at", "12:20"], "off_grid"),
        (&["--date", "2026-12-01", "--at", "07:00"], "closed"),
        (&["--date", "2026-12-01", "--at", "17:30"], "closed"),
        (&["--date", "2026-12-06", "--at", "12:00"], "closed"),
        (&["--date", "2026-11-23", "--at", "09:00"], "too_soon"),
        (&["--date", "2026-11-22", "--at", "09:00"], "past"),
        (&["--date", "2027-03-01", "--at", "09:00"], "too_far"),
        (
            &[
                "--date",
                "2026-12-01",
                "--at",
                "12:00",
                "--postal-code",
                "90210",
            ],
            "out_of_area",
        ),
        (
            &[
                "--date",
                "2026-12-01",
                "--at",
                "12:00",
                "--service",
                "panel upgrade",
            ],
            "no_crew",
        ),
        (
            &["--date", "2026-12-24", "--at", "09:00", "--minutes", "180"],
            "too_long",
        ),
        (
            &[
                "--date",
                "2027-01-22",
                "--at",
                "08:00",
                "--service",
                "la caldera",
            ],
            "open",
        ),
    ] {
        assert_eq!(why(&app, arguments), reason, "{arguments:?}");
    }
    let christmas = page(&app, &["--date", "2026-12-24"]);
    assert!(
        christmas.contains("hours      09:00-11:00 (special day: Christmas Eve)"),
        "{christmas}"
    );
    assert!(
        christmas.contains("only some postal codes; none was given"),
        "{christmas}"
    );
    let gas = page(&app, &["--date", "2026-12-01", "--service", "caldera"]);
    assert!(
        gas.contains("Boiler repair, 90 min, which needs the skill gas: crew 2"),
        "{gas}"
    );
    assert!(gas.contains("taken: 1 of 1 crews busy"), "{gas}");
    assert!(
        gas.contains("17:00        not offered  closed: a visit would last from 17:00 to 18:30"),
        "{gas}"
    );
    let sunday = page(&app, &["--date", "2026-12-06"]);
    assert!(
        sunday.contains("hours      closed") && sunday.contains("00:00-24:00  not offered  closed"),
        "{sunday}"
    );
}

#[tokio::test]
async fn a_time_that_a_call_holds_is_taken_for_others_until_it_is_given_up() {
    let app = TestApp::start().await;
    app.caller()
        .asks("hold_slot", json!({ "date": "2026-12-01T10:00" }))
        .await;

    let shown = page(&app, &["--date", "2026-12-01", "--at", "10:00", "--crew"]);

    assert!(
        shown.contains("taken: 1 of 1 crews busy, 1 of them held for a call"),
        "{shown}"
    );
    assert!(
        shown.contains("crew 1: 10:00-11:00 held until 08:05:00"),
        "{shown}"
    );
}

#[tokio::test]
async fn what_cannot_be_explained_is_refused_with_what_to_write() {
    let app = busy().await;
    app.dashboard("update services set is_default = false")
        .await;
    for (arguments, reason) in [
        (
            &["--date", "2026-12-01"][..],
            "name one service with --service: Boiler repair, Panel upgrade, Service visit",
        ),
        (
            &[
                "--date",
                "2026-12-01",
                "--service",
                "boiler repair",
                "--postal-code",
                "?",
            ],
            "? is not a postal code",
        ),
        (&["--date", "tomorrow"], "invalid value"),
        (
            &["--date", "2026-12-01", "--at", "noon"],
            "write a time such as 14:00",
        ),
    ] {
        let output = asks(&app, &[&ORG[..], arguments].concat());
        assert!(!output.status.success(), "{arguments:?}");
        assert!(
            complaint(&output).contains(reason),
            "{}",
            complaint(&output)
        );
    }
}

#[tokio::test]
async fn outside_the_hours_it_is_closed_however_soon_that_is() {
    let app = TestApp::start().await;
    for (date, what) in [
        ("2026-11-23", "00:00-08:00  not offered  closed"),
        ("2026-11-28", "00:00-24:00  not offered  closed"),
        ("2026-11-22", "not offered  past"),
    ] {
        let line = ["explain", "--org", "Front Range Plumbing", "--date", date];
        let said = printed(&asks(&app, &line));
        assert!(said.contains(what), "{date}: {said}");
    }
    for date in ["tomorrow", "2026-02-30", "-5000-01-01"] {
        let line = format!("--date={date}");
        let said = complaint(&asks(&app, &["explain", "--org", "x", &line]));
        assert!(said.contains("write a date such as 2026-12-01"), "{said}");
    }
}
