//! What the search reads on a plain day says what the appointments say, whoever writes them, and however many do at once.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::America::Denver;
use frontdesk::{
    db::migrate,
    domain::plain_day::{Calendar, Needs},
};
use serde_json::{Value, json};

use crate::support::{TestApp, TestDatabase, app::ORGANIZATION_ID, database};

const NOW: &str = "2026-11-23T15:00:00Z";

/// A Tuesday without a change of clocks anywhere.
const DAY: &str = "2026-12-01";

/// The starts of the free slots of an hour on a day, as the search says that the service and a dashboard ask.
async fn free_on(database: &TestDatabase, day: &str) -> Vec<String> {
    free_at(database, NOW, day).await
}

async fn free_at(database: &TestDatabase, now: &str, day: &str) -> Vec<String> {
    database
        .column(&format!(
            "select to_char(s.start_time, 'HH24:MI')
             from (select set_config('frontdesk.now', '{now}', false)) as clock,
                  lateral get_available_time_slots('{ORGANIZATION_ID}', '{day}', 60) as s
             where s.is_available"
        ))
        .await
}

/// Whether the day is answered from what is kept of it.
async fn is_plain(database: &TestDatabase, day: &str) -> bool {
    is_plain_at(database, NOW, day).await
}

async fn is_plain_at(database: &TestDatabase, now: &str, day: &str) -> bool {
    database
        .value(&format!(
            "select d.is_plain from private.plain_day('{ORGANIZATION_ID}', '{now}', '{day}', 60, null, null) as d"
        ))
        .await
}

fn appointment(day: &str, time: &str, minutes: i32) -> String {
    format!(
        "insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
             scheduled_date, scheduled_time, duration_minutes)
         values ('{ORGANIZATION_ID}', 'Ruth', '+13035550199', 'repair', '{day}', '{time}', {minutes});"
    )
}

async fn is_true_to_the_appointments(database: &TestDatabase) {
    let wrong = database.wrong_busy_days().await;
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn denver(settings: &str) -> TestDatabase {
    TestDatabase::shared("America/Denver", settings).await
}

#[tokio::test]
async fn appointments_that_are_entered_moved_called_off_and_removed_are_followed() {
    let database = denver(r#"{"buffer_after_minutes": 30}"#).await;
    let each = [
        appointment(DAY, "09:00", 90),
        appointment(DAY, "11:00", 60),
        appointment("2026-12-02", "23:00", 120),
        "update appointments set scheduled_time = '13:00' where scheduled_time = '11:00'"
            .to_owned(),
        "update appointments set scheduled_date = '2026-12-03' where scheduled_time = '13:00'"
            .to_owned(),
        "update appointments set duration_minutes = 30 where scheduled_time = '09:00'".to_owned(),
        "update appointments set status = 'cancelled' where scheduled_time = '09:00'".to_owned(),
        "update appointments set status = 'confirmed' where scheduled_time = '09:00'".to_owned(),
        "update appointments set status = 'completed' where scheduled_time = '23:00'".to_owned(),
        "delete from appointments where scheduled_time = '09:00'".to_owned(),
    ];
    for sql in each {
        database.run(&sql).await;
        is_true_to_the_appointments(&database).await;
    }
    assert!(is_plain(&database, DAY).await);
    assert_eq!(free_on(&database, DAY).await.len(), 10);
}

#[tokio::test]
async fn settings_that_change_what_lies_between_appointments_count_for_those_that_are_there() {
    let database = denver("{}").await;
    database.run(&appointment(DAY, "10:00", 60)).await;
    assert_eq!(free_on(&database, DAY).await.len(), 9);

    database
        .run(
            r#"update organizations set settings = '{"buffer_before_minutes": 15, "capacity": 1}'"#,
        )
        .await;
    is_true_to_the_appointments(&database).await;
    assert!(is_plain(&database, DAY).await);
    let free = free_on(&database, DAY).await;
    assert!(!free.contains(&"09:00".to_owned()) && !free.contains(&"11:00".to_owned()));

    database
        .run("update organizations set settings = '{}'")
        .await;
    is_true_to_the_appointments(&database).await;
    assert_eq!(free_on(&database, DAY).await.len(), 9);
}

#[tokio::test]
async fn a_special_day_is_never_answered_as_a_plain_one() {
    let database = denver("{}").await;
    let writers = ["2026-12-01", "2026-12-03", "2026-12-08", "2026-12-10"];
    // Each waits for the others' rows, and sees them.
    let all = writers.map(|day| {
        let sql = format!(
            "insert into special_days (organization_id, special_date, hours) values ('{ORGANIZATION_ID}', '{day}', '[]')"
        );
        let database = &database;
        async move { database.run(&sql).await }
    });
    futures_util::future::join_all(all).await;
    for day in writers {
        assert!(!is_plain(&database, day).await, "{day}");
        assert!(free_on(&database, day).await.is_empty(), "{day}");
    }
    assert!(is_plain(&database, "2026-12-15").await);

    database
        .run(
            "update special_days set special_date = '2026-12-15' where special_date = '2026-12-01'",
        )
        .await;
    assert!(free_on(&database, "2026-12-15").await.is_empty());
    assert_eq!(free_on(&database, DAY).await.len(), 10);
    database.run("delete from special_days").await;
    assert_eq!(free_on(&database, "2026-12-15").await.len(), 10);
    assert!(is_plain(&database, "2026-12-15").await);
}

#[tokio::test]
async fn one_who_calls_off_and_one_who_books_on_a_day_at_once_lose_neither() {
    let database = denver("{}").await;
    database.run(&appointment(DAY, "09:00", 60)).await;
    for nth in 0..20 {
        let (booked, called_off) = (10 + nth % 7, 9);
        let (books, ends) = (database.connect().await, database.connect().await);
        books
            .batch_execute(&database.own(&format!(
                "begin; {}",
                appointment(DAY, &format!("{booked}:00"), 60)
            )))
            .await
            .unwrap();
        let sql = format!(
            "update appointments set status = 'cancelled' where scheduled_time = '{called_off:02}:00' and status <> 'cancelled'"
        );
        let ending = async { ends.batch_execute(&sql).await.unwrap() };
        // The one waits for the other's day, whichever comes first.
        let committing = async {
            tokio::task::yield_now().await;
            books.batch_execute("commit").await.unwrap();
        };
        tokio::join!(ending, committing);
        is_true_to_the_appointments(&database).await;
        let again = format!(
            "delete from appointments where scheduled_time = '{booked}:00';
             update appointments set status = 'confirmed' where scheduled_time = '09:00'"
        );
        database.run(&again).await;
    }
}

#[tokio::test]
async fn time_of_the_whole_organization_is_nobodys_to_book() {
    let database = denver(r#"{"capacity": 2}"#).await;
    database
        .run(&format!(
            "{} update organizations set calendar_sync_enabled = true;
             with account as (
                 insert into private.calendar_accounts (organization_id, provider, address, secret_name)
                 values ('{ORGANIZATION_ID}', 'caldav', 'https://calendar.example/', 'calendar/1') returning id
             ),
             link as (
                 insert into private.calendar_links (organization_id, account_id, calendar)
                 select '{ORGANIZATION_ID}', id, '/jobs/' from account returning id
             )
             insert into private.external_events
                 (link_id, resource, instance, organization_id, crew, starts_at, ends_at, span)
             select id, 'a', '', '{ORGANIZATION_ID}', 0, '2026-12-01T19:00Z', '2026-12-01T21:00Z',
                    '[2026-12-01 12:00, 2026-12-01 14:00)'
             from link;
             select private.write_external_days('{ORGANIZATION_ID}')",
            appointment(DAY, "09:00", 60)
        ))
        .await;
    let hours = ["12:00", "13:00"].map(str::to_owned);
    let is_free = async || {
        let free = free_on(&database, DAY).await;
        hours.iter().any(|hour| free.contains(hour))
    };
    is_true_to_the_appointments(&database).await;
    assert!(is_plain(&database, DAY).await && !is_free().await);

    // An appointment on the day does not take it away, nor do more crews, nor the other way of searching.
    database.run(&appointment(DAY, "16:00", 60)).await;
    assert!(!is_free().await);
    database
        .run(r#"update organizations set settings = '{"capacity": 3}'"#)
        .await;
    is_true_to_the_appointments(&database).await;
    assert!(!is_free().await);
    database
        .run("update private.calendars set held_until = '2099-01-01'")
        .await;
    assert!(!is_plain(&database, DAY).await && !is_free().await);
    assert_eq!(free_on(&database, DAY).await.len(), 8);
}

#[tokio::test]
async fn a_database_of_the_release_before_is_filled_in_by_the_upgrade() {
    let database = database::previous().await;
    database
        .run(&format!(
            "insert into organizations (id, name, industry, timezone)
             select gen_random_uuid(), 'Peak ' || n, 'plumbing', 'America/Denver' from generate_series(1, 45) as n;
             insert into organizations (id, name, industry, timezone)
             values ('{ORGANIZATION_ID}', 'Peak', 'plumbing', 'America/Denver');
             insert into special_days (organization_id, special_date, hours)
             values ('{ORGANIZATION_ID}', '2026-12-02', '[]');
             {}",
            appointment(DAY, "09:00", 60)
        ))
        .await;

    migrate::migrate(&mut database.connect().await)
        .await
        .unwrap();

    assert!(is_plain(&database, DAY).await && !is_plain(&database, "2026-12-02").await);
    assert_eq!(free_on(&database, DAY).await.len(), 9);
    is_true_to_the_appointments(&database).await;
    let left: i64 = database
        .value("select count(*) from private.calendars where odd_until is null")
        .await;
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_check_that_remembers_the_calendar_tells_what_was_changed_a_moment_ago() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let offers = async |minutes: i32| {
        let args = json!({ "date": DAY, "duration_minutes": minutes });
        let heard = caller.asks("check_availability", args).await;
        heard.tokens().join(" ")
    };
    let all = offers(60).await;
    assert!(all.contains("T08:00"), "{all}");
    for (change, expected) in [
        (
            r#"update organizations set settings = settings || '{"hours": {"tuesday": [{"open": "13:00", "close": "15:00"}]}}'"#,
            "2026-12-01T13:00 2026-12-01T14:00",
        ),
        (
            "insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date,
                 scheduled_time, duration_minutes)
             select id, 'Ruth', '+13035550199', 'repair', '2026-12-01', '13:00', 60 from organizations",
            "2026-12-01T14:00",
        ),
        (
            r#"update organizations set settings = settings || '{"capacity": 2}'"#,
            "2026-12-01T13:00 2026-12-01T14:00",
        ),
        (
            r#"insert into special_days (organization_id, special_date, hours)
               select id, '2026-12-01', '[{"open": "20:00", "close": "21:00"}]' from organizations"#,
            "2026-12-01T20:00",
        ),
        ("delete from special_days", "2026-12-01T13:00 2026-12-01T14:00"),
    ] {
        app.database.run(change).await;
        assert_eq!(offers(60).await, expected, "{change}");
    }
}

#[tokio::test]
async fn a_service_takes_as_long_and_as_much_around_it_as_it_says() {
    let app = TestApp::shared().await;
    app.database
        .run(
            r#"update organizations
             set settings = '{"hours": {"tuesday": [{"open": "08:00", "close": "12:00"}]}, "step_minutes": 30}';
             insert into services (organization_id, name, duration_minutes, buffer_after_minutes)
             select id, 'Drain cleaning', 90, 30 from organizations;
             insert into services (organization_id, name, duration_minutes)
             select id, 'Boiler repair', 30 from organizations;
             insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date,
                 scheduled_time, duration_minutes)
             select id, 'Ruth', '+13035550199', 'repair', '2026-12-01', '10:00', 30 from organizations"#,
        )
        .await;
    let caller = app.caller();
    for (service, time, is_offered) in [
        ("drain cleaning", "08:00", true),
        ("drain cleaning", "08:30", false),
        ("drain cleaning", "10:30", true),
        ("drain cleaning", "11:00", false),
        ("boiler repair", "09:30", true),
        ("boiler repair", "10:00", false),
        ("boiler repair", "11:30", true),
    ] {
        let args = json!({ "date": DAY, "time": time, "service": service });
        let heard = caller.asks("check_availability", args).await;
        let token = format!("{DAY}T{time}");
        assert_eq!(
            heard.tokens().contains(&token.as_str()),
            is_offered,
            "{service} at {time}: {}",
            heard.words
        );
    }
}

/// On a plain day the service applies them by itself; booking asks the database.
#[tokio::test]
async fn the_lead_time_and_the_horizon_are_those_of_the_database() {
    for settings in [
        r#"{"lead_minutes": 90, "horizon_days": 7}"#,
        r#"{"lead_minutes": 0, "lead_days": 2, "horizon_days": 5}"#,
        r#"{"lead_minutes": 2880, "lead_days": 1}"#,
    ] {
        let database = denver(settings).await;
        let calendar: Value = database
            .value(&format!("select private.calendar_of('{ORGANIZATION_ID}')"))
            .await;
        let calendar: Calendar = serde_json::from_value(calendar).unwrap();
        let needs = Needs {
            minutes: 60,
            before_minutes: None,
            after_minutes: None,
        };
        let mut offered = 0;
        // At the minute from which on 10:00 is too soon, a minute before it, and late in the evening.
        for now in [
            "2026-11-23T15:30:00Z",
            "2026-11-23T15:31:00Z",
            "2026-11-24T05:00:00Z",
        ] {
            let at: DateTime<Utc> = now.parse().unwrap();
            let first: NaiveDate = "2026-11-22".parse().unwrap();
            for day in first.iter_days().take(12) {
                let plain = calendar.plain_day(day, needs, at, Denver);
                let day = day.to_string();
                let about = format!("{settings} at {now} on {day}");
                assert_eq!(
                    plain.is_some(),
                    is_plain_at(&database, now, &day).await,
                    "{about}"
                );
                let Some(plain) = plain else { continue };
                let starts = plain.free(&[]);
                let ours: Vec<String> = starts
                    .iter()
                    .map(|at| at.format("%H:%M").to_string())
                    .collect();
                assert_eq!(ours, free_at(&database, now, &day).await, "{about}");
                offered += ours.len();
            }
        }
        assert!(offered > 0, "{settings}");
    }
}
