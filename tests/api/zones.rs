//! Time zones: the database accepts those that the program can read, and a row with another one is no dead end.

use std::{collections::BTreeSet, str::FromStr};

use chrono_tz::{TZ_VARIANTS, Tz};
use frontdesk::db::migrate;
use serde_json::json;

use crate::support::{TestApp, TestDatabase};

#[tokio::test]
async fn the_zones_that_the_database_knows_of_are_those_of_the_program() {
    let database = TestDatabase::new().await;

    let known: Vec<String> = database
        .column("select z from unnest(private.known_time_zones()) as z")
        .await;

    let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
    let readable: BTreeSet<&str> = TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
    assert_eq!(known, readable);
}

#[tokio::test]
async fn a_zone_of_the_server_that_the_program_cannot_read_is_refused() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    // A server has these or not, as its machine is; each name that it has is tried.
    database
        .run(
            "create table tried (zone text, is_accepted boolean);
             do $$
             declare
                 zone text;
             begin
                 for zone in select name from pg_timezone_names
                     union select unnest('{posix/America/Denver,right/UTC,Factory,localtime,posixrules,Mars/Olympus,Etc/GMT+5}'::text[])
                 loop
                     begin
                         update organizations set timezone = zone;
                         insert into tried values (zone, true);
                     exception when check_violation then
                         insert into tried values (zone, false);
                     end;
                 end loop;
             end $$",
        )
        .await;

    let accepted: Vec<String> = database
        .column("select zone from tried where is_accepted")
        .await;
    let refused: Vec<String> = database
        .column("select zone from tried where not is_accepted")
        .await;

    let readable = |zone: &String| Tz::from_str(zone).is_ok();
    assert!(accepted.iter().all(readable), "{accepted:?}");
    assert!(!refused.iter().any(readable), "{refused:?}");
    assert!(accepted.len() > 400, "{accepted:?}");
    assert!(accepted.contains(&"Etc/GMT+5".to_owned()));
    for zone in ["posix/America/Denver", "localtime", "Factory"] {
        assert!(refused.contains(&zone.to_owned()), "{zone}: {refused:?}");
    }
}

/// A zone that the table refuses, as it may stand there from before.
async fn has_from_before(database: &TestDatabase, zone: &str) {
    database
        .run(&format!(
            "alter table organizations disable trigger check_organization;
             update organizations set timezone = '{zone}';
             alter table organizations enable trigger check_organization"
        ))
        .await;
}

#[tokio::test]
async fn a_zone_from_before_that_names_a_place_is_read_after_the_upgrade() {
    for (before, after) in [
        ("posix/America/Denver", "America/Denver"),
        ("right/America/Denver", "America/Denver"),
        ("posix/Factory", "posix/Factory"),
        ("localtime", "localtime"),
    ] {
        let database = TestDatabase::with_organization("America/Denver", "{}").await;
        has_from_before(&database, before).await;
        database
            .run("delete from private.schema_files where name = 'migrations/0043_time_zones'")
            .await;

        migrate::migrate(&mut database.connect().await)
            .await
            .unwrap();

        let zone: String = database
            .value("select timezone::text from organizations")
            .await;
        assert_eq!(zone, after, "{before}");
    }
}

#[tokio::test]
async fn a_zone_from_before_that_names_no_place_leaves_the_row_writable_and_callers_an_honest_sentence()
 {
    let app = TestApp::start().await;
    has_from_before(&app.database, "localtime").await;
    app.database
        .run("update organizations set name = 'Front Range'")
        .await;

    for (tool, arguments, words) in [
        (
            "check_availability",
            json!({ "date": "2026-12-01" }),
            "I can't see the schedule right now",
        ),
        (
            "flag_emergency",
            json!({ "description": "Water is coming through the ceiling", "urgency": "high" }),
            "I don't know whether anyone has been told",
        ),
    ] {
        let heard = app.caller().asks(tool, arguments).await;

        assert!(heard.is_error, "{tool}: {}", heard.words);
        assert!(heard.says(words), "{tool}: {}", heard.words);
    }
}
