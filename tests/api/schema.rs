//! The schema: everything that was there from the first, what was decided since, and that the table itself refuses what
//! must not happen.

mod appointments;
mod rows;
mod settings;

use std::{collections::BTreeSet, fs, path::Path};

use frontdesk::db::migrate;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{TestDatabase, database};

const ID: &str = "0f0f0f0f-0000-4000-8000-000000000001";

/// An appointment written by hand, with further columns and values.
fn appointment(date: &str, time: &str, minutes: i32, columns: &str, values: &str) -> String {
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
