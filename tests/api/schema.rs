//! The schema: everything that was there from the first, what was decided since, and that the table itself refuses what
//! must not happen.

use std::{collections::BTreeSet, fs, path::Path};

use frontdesk::db::migrate;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{TestDatabase, database};

const ID: &str = "0f0f0f0f-0000-4000-8000-000000000001";

/// A visit written by hand, with further columns and values.
fn visit(date: &str, time: &str, minutes: i32, columns: &str, values: &str) -> String {
    format!(
        "insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
             scheduled_date, scheduled_time, duration_minutes{columns})
         values ('{ID}', 'Someone', '+13035550199', 'repair', '{date}', '{time}', {minutes}{values})"
    )
}

fn lines(file: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/schema")
        .join(file);
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

async fn refused(database: &TestDatabase, sql: &str) -> (String, String) {
    let refused = database.try_run(sql).await.expect_err(sql);
    (refused.code, refused.message)
}

#[tokio::test]
async fn every_column_of_the_document_is_there_with_its_type_and_default() {
    let database = TestDatabase::new().await;
    let now: Vec<String> = database
        .column(
            "select format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                 case when a.attnotnull then ' not null' else '' end,
                 coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
             from pg_attribute as a
             join pg_class as c on c.oid = a.attrelid
             join pg_namespace as n on n.oid = c.relnamespace
             left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
             where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped",
        )
        .await;
    let now: BTreeSet<String> = now.into_iter().collect();
    let wanted = lines("columns.txt");
    assert_eq!(wanted.len(), 214);

    let missing: Vec<_> = wanted.difference(&now).collect();

    // A null here would escape both the constraint and the search for free slots, so these two became required.
    assert_eq!(
        missing,
        [
            "appointments.duration_minutes integer default 60",
            "appointments.status character varying(20) default 'pending'::character varying",
        ]
    );
    assert!(now.contains("appointments.duration_minutes integer not null default 60"));
    assert!(now.contains(
        "appointments.status character varying(20) not null default 'pending'::character varying"
    ));
}

#[tokio::test]
async fn every_constraint_and_index_of_the_document_is_there() {
    let database = TestDatabase::new().await;
    let constraints: Vec<String> = database
        .column(
            "select format('%s %s', c.relname, pg_get_constraintdef(k.oid))
             from pg_constraint as k
             join pg_class as c on c.oid = k.conrelid
             join pg_namespace as n on n.oid = c.relnamespace
             where n.nspname = 'public'",
        )
        .await;
    let indexes: Vec<String> = database
        .column("select indexdef from pg_indexes where schemaname = 'public'")
        .await;

    for (file, now) in [("constraints.txt", constraints), ("indexes.txt", indexes)] {
        let now = now.into_iter().collect();
        let wanted = lines(file);
        let missing: Vec<_> = wanted.difference(&now).collect();
        assert!(missing.is_empty(), "{missing:#?}");
    }
}

#[tokio::test]
async fn every_table_keeps_its_updated_at() {
    let database = TestDatabase::new().await;

    let stale: Vec<String> = database
        .column(
            "select c.table_name::text from information_schema.columns as c
             where c.table_schema = 'public' and c.column_name = 'updated_at'
               and not exists (
                   select from information_schema.triggers as t
                   where t.event_object_table = c.table_name and t.trigger_name = 'update_updated_at')",
        )
        .await;
    assert_eq!(stale, Vec::<String>::new());
}

#[tokio::test]
async fn two_instances_that_start_at_once_migrate_once() {
    let database = database::empty().await;
    let migrating = (0..4).map(|_| async {
        let mut client = database.connect().await;
        migrate::migrate(&mut client).await.unwrap().files.len()
    });

    let mut applied = join_all(migrating).await;

    applied.sort_unstable();
    assert_eq!(applied[..3], [0, 0, 0]);
    assert!(applied[3] > 19, "{applied:?}");
    migrate::check(&database.connect().await).await.unwrap();
}

#[tokio::test]
async fn a_database_that_has_auth_already_keeps_it_as_it_is() {
    let database = database::empty().await;
    // Supabase's own: the service must add nothing to it but a trigger on sign-up.
    database
        .run(
            "do $$ begin create role anon nologin; exception when duplicate_object then null; end $$;
             do $$ begin create role authenticated nologin; exception when duplicate_object then null; end $$;
             do $$ begin create role service_role nologin bypassrls; exception when duplicate_object then null; end $$;
             create schema auth;
             create schema extensions;
             create table auth.users (id uuid primary key, email varchar(255), raw_user_meta_data jsonb, phone text unique);
             create function auth.uid() returns uuid language sql as 'select null::uuid';",
        )
        .await;

    let mut client = database.connect().await;
    migrate::migrate(&mut client).await.unwrap();

    let functions: Vec<String> = database
        .column("select proname::text from pg_proc where pronamespace = 'auth'::regnamespace")
        .await;
    assert_eq!(functions, ["uid"]);
    let columns: i64 = database
        .value("select count(*) from information_schema.columns where table_schema = 'auth'")
        .await;
    assert_eq!(columns, 4);
}

#[tokio::test]
async fn a_migration_that_was_edited_is_refused() {
    let database = TestDatabase::new().await;
    database
        .run("update private.schema_files set checksum = 'x' where name like 'migrations/0009%'")
        .await;
    let mut client = database.connect().await;
    assert!(migrate::migrate(&mut client).await.is_err());
    assert!(migrate::check(&client).await.is_err());
}

#[tokio::test]
async fn a_function_whose_text_changed_is_made_again() {
    let database = TestDatabase::new().await;
    database
        .run(
            "create or replace function private.clock() returns timestamptz language sql stable set search_path = ''
             as 'select null::timestamptz';
             update private.schema_files set checksum = 'older' where name = 'functions/clock'",
        )
        .await;

    let applied = migrate::migrate(&mut database.connect().await)
        .await
        .unwrap();

    assert_eq!(applied.files, ["functions/clock"]);
    assert!(
        database
            .value::<bool>("select private.clock() is not null")
            .await
    );
}

#[tokio::test]
async fn an_overlap_that_is_written_by_hand_is_refused_however_it_comes_about() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run(&visit(
            "2026-12-01",
            "09:00",
            180,
            ", status",
            ", 'confirmed'",
        ))
        .await;
    database
        .run(&visit("2026-12-01", "12:00", 60, "", ""))
        .await;
    database
        .run(&visit(
            "2026-12-01",
            "10:00",
            60,
            ", status",
            ", 'cancelled'",
        ))
        .await;

    for overlapping in [
        visit("2026-12-01", "10:00", 60, "", ""),
        visit("2026-12-01", "08:00", 90, "", ""),
        visit("2026-11-30", "23:00", 480, ", status", ", 'completed'")
            .replace("'completed'", "'pending'")
            + "; "
            + &visit("2026-12-01", "06:30", 60, "", ""),
        "update appointments set scheduled_time = '11:30' where scheduled_time = '12:00'"
            .to_owned(),
        "update appointments set duration_minutes = 200 where scheduled_time = '09:00'".to_owned(),
        "update appointments set status = 'pending' where status = 'cancelled'".to_owned(),
    ] {
        let (code, _) = refused(&database, &overlapping).await;
        assert_eq!(code, "23P01", "{overlapping}");
    }
    let (code, _) = refused(
        &database,
        "update appointments set status = null where status = 'confirmed'",
    )
    .await;
    assert_eq!(code, "23502", "a null would escape the constraint");
}

/// Triggers are off in a restore of data, and for a moment of an upgrade nothing is worked out yet.
#[tokio::test]
async fn an_overlap_is_refused_also_where_nothing_was_worked_out_of_the_settings() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database.run("delete from private.calendars").await;

    database
        .run(&visit("2026-12-01", "09:00", 60, "", ""))
        .await;

    let overlapping = visit("2026-12-01", "09:30", 60, "", "");
    assert_eq!(refused(&database, &overlapping).await.0, "23P01");

    database.run("delete from private.calendars").await;
    migrate::migrate(&mut database.connect().await)
        .await
        .unwrap();
    let known: i64 = database
        .value("select count(*) from private.calendars")
        .await;
    assert_eq!(known, 1);
}

#[tokio::test]
async fn a_dashboard_that_knows_nothing_of_crews_gets_a_free_one() {
    let database = TestDatabase::with_organization("America/Denver", r#"{"capacity": 2}"#).await;
    database
        .run(&visit("2026-12-01", "09:00", 60, "", ""))
        .await;
    database
        .run(&visit("2026-12-01", "09:30", 60, "", ""))
        .await;

    let (code, _) = refused(&database, &visit("2026-12-01", "09:45", 60, "", "")).await;
    assert_eq!(code, "23P01");

    database
        .run(&visit("2026-12-01", "10:00", 30, "", ""))
        .await;
    // Moved onto a time at which its own crew is busy, it goes to the other.
    database
        .run("update appointments set scheduled_time = '13:00' where scheduled_time = '10:00'")
        .await;
    database
        .run(&visit("2026-12-01", "14:00", 60, ", crew", ", 1"))
        .await;
    database
        .run("update appointments set scheduled_time = '14:00' where scheduled_time = '13:00'")
        .await;
    let crews: Vec<i32> = database
        .column("select crew from appointments order by scheduled_time, crew")
        .await;
    assert_eq!(crews, [1, 2, 1, 2]);

    let (code, message) = refused(
        &database,
        &visit("2026-12-02", "09:00", 60, ", crew", ", 3"),
    )
    .await;
    assert_eq!(code, "23514");
    assert!(message.contains("crews 1 to 2"), "{message}");
}

#[tokio::test]
async fn a_visit_that_was_read_is_written_back_though_its_crew_is_no_more() {
    let database = TestDatabase::with_organization("America/Denver", r#"{"capacity": 2}"#).await;
    for _ in 0..2 {
        database
            .run(&visit("2026-12-01", "09:00", 60, "", ""))
            .await;
    }
    database
        .run(r#"update organizations set settings = '{"capacity": 1}'"#)
        .await;

    // As supabase-js does it: insert, or update what has that id.
    database
        .run(
            "insert into appointments select * from appointments
             on conflict (id) do update
             set notes = 'written back', crew = excluded.crew, busy = excluded.busy, status = excluded.status",
        )
        .await;

    let crews: Vec<i32> = database
        .column("select crew from appointments where notes = 'written back' order by crew")
        .await;
    assert_eq!(crews, [1, 2]);
}

#[tokio::test]
async fn sixty_four_writers_by_hand_make_one_visit_and_no_deadlock() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let writing = (0..64).map(|_| async {
        database
            .try_run(&visit("2026-12-01", "09:00", 60, "", ""))
            .await
            .map_err(|refused| refused.code)
    });

    let outcomes = join_all(writing).await;

    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(
        outcomes
            .iter()
            .filter_map(|outcome| outcome.as_ref().err())
            .all(|code| code == "23P01")
    );
}

#[tokio::test]
async fn what_the_table_works_out_itself_cannot_be_forged() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run(&visit(
            "2026-12-01",
            "09:00",
            60,
            ", busy, status, cancelled_at, confirmed_at",
            ", 'empty', 'confirmed', '2001-01-01', '2001-01-01'",
        ))
        .await;
    database
        .run("update appointments set busy = 'empty', confirmed_at = '2001-01-01', completed_at = now()")
        .await;

    let row = database
        .object("select busy, cancelled_at, completed_at, confirmed_at > '2020-01-01' as confirmed_now from appointments")
        .await;
    assert_eq!(
        row,
        json!({
            "busy": "[\"2026-12-01 09:00:00\",\"2026-12-01 10:00:00\")",
            "cancelled_at": null,
            "completed_at": null,
            "confirmed_now": true,
        })
    );
}

#[tokio::test]
async fn the_moments_of_a_visit_follow_its_status() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run(&visit("2026-12-01", "09:00", 60, "", ""))
        .await;
    let moments = async || {
        database
            .object(
                "select confirmed_at is not null as confirmed, cancelled_at is not null as cancelled,
                     completed_at is not null as completed from appointments",
            )
            .await
    };

    for (status, expected) in [
        ("pending", [false, false, false]),
        ("confirmed", [true, false, false]),
        ("cancelled", [true, true, false]),
        ("confirmed", [true, false, false]),
        ("completed", [true, false, true]),
        ("pending", [false, false, false]),
    ] {
        database
            .run(&format!("update appointments set status = '{status}'"))
            .await;
        assert_eq!(
            moments().await,
            json!({ "confirmed": expected[0], "cancelled": expected[1], "completed": expected[2] }),
            "{status}"
        );
    }
}

#[tokio::test]
async fn settings_that_cannot_be_meant_are_refused_with_a_reason() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;

    for (settings, reason) in [
        (
            r#"{"capacity": 0}"#,
            "settings.capacity is 0; allowed is a whole number from 1 to 100",
        ),
        (r#"{"capacity": 2.5}"#, "settings.capacity is 2.5"),
        (
            r#"{"lead_minutes": "60"}"#,
            "settings.lead_minutes is \"60\"",
        ),
        (r#"{"step_minutes": 1}"#, "from 5 to 480"),
        (
            r#"{"horizon_days": 2, "lead_minutes": 7200}"#,
            "nothing could ever be booked",
        ),
        (r#"{"hours": []}"#, "settings.hours is []"),
        (r#"{"hours": {"montag": []}}"#, "montag"),
        (
            r#"{"hours": {"monday": "08:00-18:00"}}"#,
            "settings.hours.monday",
        ),
        (
            r#"{"hours": {"monday": [{"open": "08:00"}]}}"#,
            "settings.hours.monday has the window",
        ),
        (
            r#"{"hours": {"monday": [{"open": "24:00", "close": "03:00"}]}}"#,
            "from 00:00 to 24:00",
        ),
        (
            r#"{"hours": {"monday": [{"open": "08:00", "close": "12:00"}, {"open": "11:00", "close": "13:00"}]}}"#,
            "overlap",
        ),
        (r#"{"languages": []}"#, "settings.languages is []"),
        (r#"{"languages": "es"}"#, "settings.languages is \"es\""),
        (
            r#"{"languages": ["en", "fr"]}"#,
            "allowed is a list of en and es",
        ),
        (r#"{"languages": ["en", "en"]}"#, "settings.languages"),
        (r#"{"dial_countries": []}"#, "settings.dial_countries is []"),
        (
            r#"{"dial_countries": null}"#,
            "settings.dial_countries is null",
        ),
        (
            r#"{"dial_countries": "MX"}"#,
            "settings.dial_countries is \"MX\"",
        ),
        (
            r#"{"dial_countries": ["US", "mx"]}"#,
            "allowed is a list of countries",
        ),
        (
            r#"{"dial_countries": ["MEX"]}"#,
            "by their two capital letters",
        ),
        (
            r#"{"dial_countries": ["US", 1]}"#,
            "settings.dial_countries",
        ),
        (
            r#"{"dial_countries": ["US", "US"]}"#,
            "settings.dial_countries",
        ),
        (r#"{"emergency": []}"#, "settings.emergency is []"),
        (
            r#"{"emergency": {"rounds": 0}}"#,
            "settings.emergency.rounds is 0; allowed is a whole number from 1 to 10",
        ),
        (
            r#"{"emergency": {"acknowledgement_timeout_minutes": 1441}}"#,
            "from 0 to 1440",
        ),
        (
            r#"{"limits": 5}"#,
            "settings.limits is 5; allowed is an object",
        ),
        (
            r#"{"limits": {"messages_per_day": -1}}"#,
            "settings.limits.messages_per_day is -1",
        ),
        (
            r#"{"limits": {"pages_per_day": "9"}}"#,
            "settings.limits.pages_per_day",
        ),
        (
            r#"{"limits": {"transfers_per_day": 1.5}}"#,
            "settings.limits.transfers_per_day",
        ),
        (
            r#"{"messages": true}"#,
            "settings.messages is true; allowed is an object",
        ),
        (
            r#"{"messages": {"confirmations": "yes"}}"#,
            "settings.messages.confirmations is \"yes\"; allowed is true or false",
        ),
        (
            r#"{"messages": {"reminders": null}}"#,
            "settings.messages.reminders",
        ),
        (
            r#"{"messages": {"reminder_time": "24:00"}}"#,
            "allowed is a time from 00:00 to 23:59",
        ),
        (
            r#"{"messages": {"quiet_from": 21}}"#,
            "settings.messages.quiet_from is 21",
        ),
        (
            r#"{"messages": {"quiet_until": "8:00"}}"#,
            "settings.messages.quiet_until",
        ),
        (r#"{"retention": 30}"#, "settings.retention is 30"),
        (
            r#"{"retention": {"transcripts_days": null}}"#,
            "settings.retention.transcripts_days is null",
        ),
        (
            r#"{"retention": {"audit_days": 29}}"#,
            "settings.retention.audit_days is 29; allowed is a whole number from 30 to 3650, or 0 to keep them for ever",
        ),
        (
            r#"{"retention": {"outbox_days": 3651}}"#,
            "settings.retention.outbox_days is 3651",
        ),
        ("[]", "settings is []"),
    ] {
        // What no JSON schema can say: that windows do not overlap, and how two rules go together.
        let is_beyond_a_schema = reason == "overlap" || reason == "nothing could ever be booked";
        assert_eq!(
            settings_schema().is_valid(&serde_json::from_str(settings).unwrap()),
            is_beyond_a_schema,
            "sql/settings.schema.json says the same of {settings}"
        );
        let (code, message) = refused(
            &database,
            &format!("update organizations set settings = '{settings}'"),
        )
        .await;
        assert_eq!(code, "23514", "{settings}");
        assert!(message.contains(reason), "{settings}: {message}");
    }
    for (column, value) in [("timezone", "Mars/Base"), ("transfer_mode", "hot")] {
        let (_, message) = refused(
            &database,
            &format!("update organizations set {column} = '{value}'"),
        )
        .await;
        assert!(
            message.contains(column) && message.contains(value),
            "{message}"
        );
    }
    let (_, message) = refused(
        &database,
        &format!("insert into special_days (organization_id, special_date, hours) values ('{ID}', '2026-12-24', '{{}}')"),
    )
    .await;
    assert!(message.contains("2026-12-24"), "{message}");
    for settings in [
        r#"{"somebody_elses": {"key": 1}}"#,
        r#"{"capacity": 100, "lead_minutes": 0, "horizon_days": 730, "step_minutes": 5, "buffer_after_minutes": 240}"#,
        r#"{"languages": ["es"], "dial_countries": ["US", "CA", "MX"]}"#,
        r#"{"emergency": {"rounds": 1, "acknowledgement_timeout_minutes": 0}, "limits": {"messages_per_day": 0}}"#,
        r#"{"messages": {"confirmations": false, "reminder_time": "23:59", "quiet_from": "00:00", "somebody_elses": 1}}"#,
        r#"{"retention": {"transcripts_days": 0, "texts_days": 1, "audit_days": 30, "outbox_days": 7, "tool_log_days": 3650}}"#,
        r#"{"languages": ["es", "en"], "hours": {"sunday": [], "friday": [{"open": "20:00", "close": "03:00"}]}}"#,
    ] {
        assert!(
            settings_schema().is_valid(&serde_json::from_str(settings).unwrap()),
            "{settings}"
        );
        database
            .run(&format!(
                "update organizations set settings = '{settings}', timezone = 'Etc/GMT+5'"
            ))
            .await;
    }
}

/// The documented schema of `organizations.settings`.
fn settings_schema() -> jsonschema::Validator {
    let schema = include_str!("../../sql/settings.schema.json");
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}

#[tokio::test]
async fn a_row_cannot_point_into_another_organization() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run(
            "insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac');
             insert into customers (id, organization_id, name, phone_number)
             values ('0f0f0f0f-0000-4000-8000-00000000000c', '0f0f0f0f-0000-4000-8000-000000000002', 'Theirs', '+13035550177')",
        )
        .await;

    let (code, _) = refused(
        &database,
        &visit(
            "2026-12-01",
            "09:00",
            60,
            ", customer_id",
            ", '0f0f0f0f-0000-4000-8000-00000000000c'",
        ),
    )
    .await;

    assert_eq!(code, "23503");
}

#[tokio::test]
async fn a_number_or_an_id_of_vapis_belongs_to_one_organization() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run(&format!(
            "insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac');
             insert into phone_number_assignments (organization_id, phone_number, vapi_phone_number_id, phone_provider)
             values ('{ID}', '+13035550100', 'number-1', 'vapi')"
        ))
        .await;
    let assign = |number: &str, id: &str, active: bool| {
        format!(
            "insert into phone_number_assignments
                 (organization_id, phone_number, vapi_phone_number_id, phone_provider, is_active)
             values ('0f0f0f0f-0000-4000-8000-000000000002', '{number}', {id}, 'vapi', {active})"
        )
    };

    assert_eq!(
        refused(&database, &assign("+13035550100", "null", true))
            .await
            .0,
        "23505"
    );
    assert_eq!(
        refused(&database, &assign("+13035550101", "'number-1'", true))
            .await
            .0,
        "23505"
    );
    database.run(&assign("+13035550100", "null", false)).await;
}

#[tokio::test]
async fn a_customers_counters_are_true_under_fifty_writers() {
    let database = TestDatabase::with_organization("America/Denver", r#"{"capacity": 100}"#).await;
    let customer = |number: usize| format!("0f0f0f0f-0000-4000-8000-00000000000{number}");
    database
        .run(&format!(
            "insert into customers (id, organization_id, name, phone_number) values
                 ('{}', '{ID}', 'Maria', '+13035550177'), ('{}', '{ID}', 'Luis', '+13035550178')",
            customer(0),
            customer(1)
        ))
        .await;
    // Each books, and then cancels, deletes, moves or hands over what it booked, while the others do the same.
    let writing = (0..50).map(|number| {
        let booked = visit(
            &format!("2026-12-{:02}", number % 20 + 1),
            "09:00",
            60,
            ", vapi_call_id, customer_id",
            &format!(", 'call-{number}', '{}'", customer(number % 2)),
        );
        let then = match number % 5 {
            0 => "update appointments set status = 'cancelled' where".to_owned(),
            1 => "delete from appointments where".to_owned(),
            2 => "update appointments set scheduled_date = scheduled_date + 7 where".to_owned(),
            3 => format!(
                "update appointments set customer_id = '{}' where",
                customer((number + 1) % 2)
            ),
            _ => "update appointments set status = 'confirmed' where".to_owned(),
        };
        let database = &database;
        async move {
            database.run(&booked).await;
            database
                .run(&format!("{then} vapi_call_id = 'call-{number}'"))
                .await;
        }
    });
    join_all(writing).await;

    let wrong: Vec<String> = database
        .column(
            "select format('%s: %s and %s instead of %s and %s', c.name, c.total_appointments, c.last_appointment_date,
                 t.total, t.latest)
             from customers as c
             cross join lateral (
                 select count(*) as total, max(a.scheduled_date) as latest from appointments as a
                 where a.customer_id = c.id and a.status <> 'cancelled'
             ) as t
             where (c.total_appointments, c.last_appointment_date) is distinct from (t.total, t.latest)",
        )
        .await;
    assert_eq!(wrong, Vec::<String>::new());
    let counted: i64 = database
        .value("select sum(total_appointments) from customers")
        .await;
    assert_eq!(
        counted, 30,
        "fifty less ten that were cancelled and ten that were deleted"
    );
}

#[tokio::test]
async fn whoever_signs_up_has_a_profile_that_follows_their_address() {
    let database = TestDatabase::new().await;
    database
        .run(
            "insert into auth.users (id, email, raw_user_meta_data)
             values ('0f0f0f0f-0000-4000-8000-0000000000aa', 'dana@example.com', '{\"full_name\": \"Dana Ruiz\"}');
             update auth.users set email = 'ruiz@example.com'",
        )
        .await;

    let profile = database
        .object("select full_name, email from user_profiles")
        .await;
    assert_eq!(
        profile,
        json!({ "full_name": "Dana Ruiz", "email": "ruiz@example.com" })
    );

    // A profile that cannot be written stops no sign-up.
    database
        .run(
            "alter table user_profiles add constraint nobody_else check (full_name = 'Dana Ruiz');
             insert into auth.users (email) values ('sam@example.com')",
        )
        .await;
    let users: i64 = database.value("select count(*) from auth.users").await;
    assert_eq!(users, 2);
}

#[tokio::test]
async fn an_organization_that_moves_to_another_zone_keeps_its_hours() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run(&visit("2030-12-03", "09:00", 60, "", ""))
        .await;

    database
        .run("update organizations set timezone = 'America/New_York'")
        .await;

    let row = database
        .object("select scheduled_time, busy from appointments")
        .await;
    assert_eq!(row["scheduled_time"], "09:00:00");
    assert_eq!(
        row["busy"],
        "[\"2030-12-03 09:00:00\",\"2030-12-03 10:00:00\")"
    );
}

#[tokio::test]
async fn a_dashboards_own_server_may_write_settings_and_special_days() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;

    database
        .run(&format!(
            "set role service_role;
             update organizations set settings = '{{\"capacity\": 2}}', timezone = 'America/New_York';
             insert into special_days (organization_id, special_date) values ('{ID}', '2026-12-25');
             {}",
            visit("2026-12-01", "09:00", 60, "", "")
        ))
        .await;
    let (code, _) = refused(
        &database,
        "set role service_role; update organizations set settings = '{\"capacity\": 0}'",
    )
    .await;

    assert_eq!(code, "23514");
}

#[tokio::test]
async fn one_call_that_books_many_times_at_once_is_booked_once_and_never_told_taken() {
    let database =
        TestDatabase::with_organization("America/Denver", "{\"horizon_days\": 730}").await;
    let booking = (0..30).map(|_| {
        database.value::<String>(
            "select b.outcome
             from (select set_config('frontdesk.now', '2026-11-23T15:00:00Z', false)) as clock,
                  lateral private.book_appointment('0f0f0f0f-0000-4000-8000-000000000001', 'a-call', 'Maria',
                      '+13035550199', '2026-12-01', '09:00', 60, 'repair', null, null, 'en', null, null) as b",
        )
    });

    let mut outcomes = join_all(booking).await;

    outcomes.sort_unstable();
    assert_eq!(outcomes.pop().as_deref(), Some("booked"));
    assert!(
        outcomes.iter().all(|outcome| outcome == "already_booked"),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn a_visit_of_a_crew_that_is_no_more_comes_back_only_if_another_is_free() {
    let database = TestDatabase::with_organization("America/Denver", r#"{"capacity": 2}"#).await;
    database
        .run(&visit("2026-12-01", "09:00", 60, "", ""))
        .await;
    database
        .run(&visit("2026-12-01", "09:00", 60, "", ""))
        .await;
    database
        .run("update appointments set status = 'cancelled' where crew = 2")
        .await;
    database
        .run(r#"update organizations set settings = '{"capacity": 1}'"#)
        .await;

    let (code, _) = refused(
        &database,
        "update appointments set status = 'confirmed' where crew = 2",
    )
    .await;
    assert_eq!(code, "23P01");

    database
        .run(
            "update appointments set scheduled_time = '11:00', status = 'confirmed' where crew = 2",
        )
        .await;
    let crews: Vec<i32> = database
        .column("select crew from appointments order by scheduled_time")
        .await;
    assert_eq!(crews, [1, 1]);
}
