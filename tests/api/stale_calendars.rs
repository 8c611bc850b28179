//! What callers and customers hear while it is not known what linked calendars say, and afterwards. Monday, 23 November 2026, 08:00 in Denver.

mod confirmation;

use serde_json::{Value, json};
use tokio_postgres::NoTls;

use crate::support::{
    Caller, Spoken, TestApp,
    appointments::{books, live},
    database::ORGANIZATION_ID,
};

const MARIA: &str = "+13035551700";

/// What linked calendars said counts until a moment.
async fn is_fresh_until(app: &TestApp, moment: &str) {
    app.database
        .run(&format!(
            "update private.calendars set fresh_until = '{moment}' where organization_id = '{ORGANIZATION_ID}'"
        ))
        .await;
}

/// A minute ago.
async fn is_stale(app: &TestApp) {
    is_fresh_until(app, "2026-11-23T14:59:00Z").await;
}

/// Until ten.
async fn is_fresh(app: &TestApp) {
    is_fresh_until(app, "2026-11-23T17:00:00Z").await;
}

/// Somebody enters something on the first of December; `crew` 0 is the whole organization.
async fn is_busy(app: &TestApp, crew: i32, kind: &str, from: &str, until: &str) {
    app.database
        .run(&format!(
            "insert into private.busy_days as b (organization_id, day, crew, busy, {kind})
             select '{ORGANIZATION_ID}', '2026-12-01', {crew}, case when {crew} = 0 then s.span else '{{}}' end, s.span
             from (select tsmultirange(tsrange('2026-12-01 {from}', '2026-12-01 {until}'))) as s (span)
             on conflict (organization_id, day, crew) do update set {kind} = excluded.{kind};
             select private.write_busy_days('{ORGANIZATION_ID}', '2026-12-01', '2026-12-01');"
        ))
        .await;
}

/// In a transaction of the service that is bound to the organization.
async fn as_the_service(app: &TestApp, sql: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(&app.database.service_url(), NoTls).await?;
    tokio::spawn(connection);
    let now = app.clock.now().to_rfc3339();
    let bound = format!("begin; select private.bind('{ORGANIZATION_ID}', '{now}'); {sql}; commit");
    client.batch_execute(&app.database.own(&bound)).await
}

/// As at the end of a listing.
async fn confirms(app: &TestApp) {
    app.dashboard(&format!(
        "select private.confirm_appointments('{ORGANIZATION_ID}')"
    ))
    .await;
}

/// Each appointment with its status, and whether it waits.
async fn appointments(app: &TestApp) -> Vec<String> {
    app.database
        .column(
            "select format('%s %s %s%s', a.scheduled_date, to_char(a.scheduled_time, 'HH24:MI'), a.status,
                case when exists (select from private.unconfirmed_appointments as u where u.appointment_id = a.id) then ', waits' end)
             from appointments as a order by 1",
        )
        .await
}

async fn asks(app: &TestApp, tool: &str, arguments: Value) -> Spoken {
    app.caller().asks(tool, arguments).await
}

fn maria(date: &str, language: &str) -> Value {
    json!({
        "customer_name": "Maria Lopez", "customer_phone": MARIA, "date": date, "service_address": "12 Elm Street",
        "language": language,
    })
}

async fn moves(caller: &Caller<'_>, date: &str, language: &str) -> Spoken {
    let arguments = json!({ "date": date, "language": language });
    caller.asks("reschedule_appointment", arguments).await
}

const DOUBT: [(&str, &str); 2] = [
    ("en", "The office will confirm the time."),
    ("es", "La oficina confirmará la hora."),
];

#[tokio::test]
async fn a_check_says_that_the_office_will_confirm_and_the_last_known_blocks_stay() {
    let app = TestApp::shared().await;
    is_busy(&app, 0, "timed", "09:00", "12:00").await;
    let check = |language: &str| json!({ "date": "2026-12-01", "language": language });
    let fresh = asks(&app, "check_availability", check("en")).await;

    is_stale(&app).await;

    for (language, doubt) in DOUBT {
        let heard = asks(&app, "check_availability", check(language)).await;
        assert!(heard.says(doubt), "{}", heard.words);
        assert_eq!(heard.tokens(), fresh.tokens(), "{}", heard.words);
    }
    let full = json!({ "date": "2026-12-01", "time": "10:00" });
    let heard = asks(&app, "check_availability", full).await;
    assert!(heard.says("I have nothing at ten"), "{}", heard.words);
    let heard = books(&app.caller(), "2026-12-01T10:00").await;
    assert!(heard.says("already taken"), "{}", heard.words);
    let which =
        json!({ "customer_name": "Maria Lopez", "date": "2026-12-01", "time": "afternoon" });
    let heard = asks(&app, "book_appointment", which).await;
    assert!(
        heard.says("The office will confirm the time. Which would you like?"),
        "{}",
        heard.words
    );

    is_fresh(&app).await;
    let again = asks(&app, "check_availability", check("en")).await;
    assert_eq!(again.words, fresh.words);
    assert!(!again.says("office"), "{}", again.words);
}

#[tokio::test]
async fn what_calendars_said_counts_until_the_very_moment() {
    let app = TestApp::start().await;
    is_fresh_until(&app, "2026-11-23T15:00:01Z").await;
    let check = || json!({ "date": "2026-12-01" });
    let heard = asks(&app, "check_availability", check()).await;
    assert!(!heard.says("office"), "{}", heard.words);

    app.at("2026-11-23T15:00:01Z");

    let heard = asks(&app, "check_availability", check()).await;
    assert!(heard.says("The office will confirm"), "{}", heard.words);
    is_fresh_until(&app, "infinity").await;
    let heard = asks(&app, "check_availability", check()).await;
    assert!(!heard.says("office"), "{}", heard.words);
}

#[tokio::test]
async fn a_booking_is_pending_and_the_caller_hears_that_the_office_will_confirm_it() {
    let app = TestApp::shared().await;
    is_stale(&app).await;

    // With an e-mail address it takes more than one statement.
    for (language, date, email, expected) in [
        (
            "en",
            "2026-12-01T09:00",
            None,
            "I've noted your request, and the office will confirm it: Tuesday, December first, at nine, at 12 Elm Street, under the name Maria Lopez.",
        ),
        (
            "es",
            "2026-12-01T11:00",
            None,
            "Anoté su solicitud y la oficina se la confirmará: el martes primero de diciembre a las once, en 12 Elm Street, a nombre de Maria Lopez.",
        ),
        (
            "en",
            "2026-12-08T09:00",
            Some("maria@example.com"),
            "I've noted your request, and the office will confirm it: Tuesday, December eighth, at nine, at 12 Elm Street, under the name Maria Lopez.",
        ),
        (
            "es",
            "2026-12-08T11:00",
            Some("maria@example.com"),
            "Anoté su solicitud y la oficina se la confirmará: el martes ocho de diciembre a las once, en 12 Elm Street, a nombre de Maria Lopez.",
        ),
    ] {
        let caller = app.caller();
        let books = async |id, arguments: &Value| {
            caller
                .asks_as(id, "book_appointment", arguments.clone())
                .await
        };
        let mut arguments = maria(date, language);
        arguments["customer_email"] = json!(email);

        let heard = books("one", &arguments).await;
        assert!(heard.says(expected), "{}", heard.words);
        assert_eq!(books("one", &arguments).await, heard, "the same tool call");
        assert_eq!(books("two", &arguments).await, heard, "the same arguments");
        arguments["service_description"] = json!("Water under the sink");
        let more = books("three", &arguments).await;
        let known = if language == "en" {
            "I already have your request, and the office will confirm it"
        } else {
            "Ya tengo su solicitud y la oficina se la confirmará"
        };
        assert!(more.says(known), "{}", more.words);
    }

    assert_eq!(
        appointments(&app).await,
        [
            "2026-12-01 09:00 pending, waits",
            "2026-12-01 11:00 pending, waits",
            "2026-12-08 09:00 pending, waits",
            "2026-12-08 11:00 pending, waits",
        ]
    );
}

#[tokio::test]
async fn the_language_of_a_caller_that_is_found_out_while_booking_is_spoken() {
    let app = TestApp::shared().await;
    is_stale(&app).await;
    let caller = app.caller();
    let number = caller.number.clone().unwrap();
    app.database
        .run(&format!(
            "insert into customers (organization_id, name, phone_number, primary_language)
             values ('{ORGANIZATION_ID}', 'Ana Ruiz', '{number}', 'es')"
        ))
        .await;

    let arguments = json!({ "customer_name": "Ana Ruiz", "date": "2026-12-01T09:00" });
    let heard = caller.asks("book_appointment", arguments.clone()).await;

    assert!(heard.says("Anoté su solicitud"), "{}", heard.words);
    assert_eq!(caller.asks("book_appointment", arguments).await, heard);
}

#[tokio::test]
async fn an_appointment_that_is_moved_becomes_pending_and_both_times_are_told() {
    let app = TestApp::shared().await;
    let (caller, other) = (app.caller(), app.caller());
    books(&caller, "2026-12-01T09:00").await;
    books(&other, "2026-12-02T09:00").await;
    is_stale(&app).await;

    let heard = moves(&caller, "2026-12-03T14:00", "en").await;
    assert!(
        heard.says("I've noted the change, and the office will confirm it: Thursday, December third, at two."),
        "{}",
        heard.words
    );
    assert_eq!(moves(&caller, "2026-12-03T14:00", "en").await, heard);
    let heard = moves(&caller, "December 3rd at 2 pm", "en").await;
    assert!(
        heard.says("already on Thursday, December third, at two. The office will confirm it."),
        "{}",
        heard.words
    );
    let heard = moves(&other, "2026-12-04T14:00", "es").await;
    assert!(
        heard.says("Anoté el cambio y la oficina se lo confirmará: el viernes cuatro de diciembre a las dos."),
        "{}",
        heard.words
    );
    assert_eq!(
        appointments(&app).await,
        [
            "2026-12-03 14:00 pending, waits",
            "2026-12-04 14:00 pending, waits"
        ]
    );

    // Again, and then to a time that is known to be free.
    moves(&caller, "2026-12-03T15:00", "en").await;
    is_fresh(&app).await;
    let heard = moves(&caller, "2026-12-03T16:00", "en").await;
    assert!(heard.says("Your visit is moved to"), "{}", heard.words);
    assert_eq!(
        appointments(&app).await,
        [
            "2026-12-03 16:00 confirmed",
            "2026-12-04 14:00 pending, waits"
        ]
    );
}

#[tokio::test]
async fn a_move_that_is_refused_leaves_the_appointment_confirmed() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    books(&app.caller(), "2026-12-01T11:00").await;
    is_stale(&app).await;

    let heard = moves(&caller, "2026-12-01T11:00", "en").await;

    assert!(heard.says("Your visit stays as it is."), "{}", heard.words);
    assert_eq!(
        appointments(&app).await,
        ["2026-12-01 09:00 confirmed", "2026-12-01 11:00 confirmed"]
    );
}

#[tokio::test]
async fn what_the_office_left_pending_is_moved_and_stays_the_offices() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    app.database
        .run(&format!(
            "update appointments set status = 'pending' where organization_id = '{ORGANIZATION_ID}'"
        ))
        .await;
    is_stale(&app).await;

    moves(&caller, "2026-12-01T11:00", "en").await;

    assert_eq!(appointments(&app).await, ["2026-12-01 11:00 pending"]);
    is_fresh(&app).await;
    confirms(&app).await;
    moves(&caller, "2026-12-01T14:00", "en").await;
    assert_eq!(appointments(&app).await, ["2026-12-01 14:00 pending"]);
}

#[tokio::test]
async fn an_appointment_that_waits_is_found_as_not_confirmed_yet() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "2026-12-01T09:00").await;
    is_stale(&app).await;
    books(&caller, "2026-12-03T09:00").await;

    for (language, expected) in [
        (
            "en",
            "December first, at nine; Thursday, December third, at nine, not confirmed by the office yet.",
        ),
        (
            "es",
            "diciembre a las nueve; el jueves tres de diciembre a las nueve, aún sin confirmar por la oficina.",
        ),
    ] {
        let heard = caller
            .asks("find_appointments", json!({ "language": language }))
            .await;
        assert!(heard.says(expected), "{}", heard.words);
    }
    let heard = caller
        .asks(
            "cancel_appointment",
            json!({ "appointment": "2026-12-03T09:00" }),
        )
        .await;
    assert!(heard.says("cancelled"), "{}", heard.words);
    assert_eq!(live(&app).await, ["2026-12-01 09:00"]);
    assert_eq!(
        appointments(&app).await,
        ["2026-12-01 09:00 confirmed", "2026-12-03 09:00 cancelled"]
    );
}

#[tokio::test]
async fn the_previous_program_books_as_pending_too_and_says_what_it_always_said() {
    let app = TestApp::shared().await;
    is_stale(&app).await;
    let sql = format!(
        "do $$ begin
             assert (
                 select b.outcome = 'booked'
                 from private.book_idempotently('{ORGANIZATION_ID}', '2026-11-23T15:00:00Z', 'call', 'tool', 'book_appointment', '\\x01', null,
                     false, 'en', '{{\"en\": {{\"result\": \"Booked.\"}}}}', 'Maria', '{MARIA}', '2026-12-01', '09:00', 60, 'repair', null, null,
                     null, null) as b
             );
             assert (select t.answer ->> 'result' = 'Booked.' from private.tool_calls as t where t.vapi_call_id = 'call');
             assert not (
                 select b.is_current
                 from private.calendars as k
                 cross join lateral private.busy_on('{ORGANIZATION_ID}', private.clock(), '2026-12-01', k.version, null, null, false) as b
             );
             assert (
                 select f.reason = 'open' and '10:00' = any(f.starts)
                 from private.available_times('{ORGANIZATION_ID}', private.clock(), '2026-12-01', 60, null, null, null, null, null, false) as f
             );
         end $$"
    );
    as_the_service(&app, &sql).await.unwrap();

    assert_eq!(
        appointments(&app).await,
        ["2026-12-01 09:00 pending, waits"]
    );
}
