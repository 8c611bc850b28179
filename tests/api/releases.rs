//! Releases: what an upgrade leaves behind, that the program before it goes on working, and that a migration gives way and may be
//! interrupted.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use frontdesk::db::{
    functions,
    migrate::{self, MigrateError, OLDEST_PROGRAM, RELEASE, Retry},
};
use serde_json::Value;
use tokio_postgres::{Client, NoTls};

use crate::support::{TestApp, TestDatabase, database, eventually};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

async fn upgrade(database: &TestDatabase) -> migrate::Applied {
    migrate::migrate(&mut database.connect().await)
        .await
        .unwrap()
}

/// Everything that the catalogue says of the schema, a line each.
const CATALOGUE: &str = "
    select format('function %s -> %s %s %s', p.oid::regprocedure, pg_get_function_result(p.oid), md5(p.prosrc),
        (select array_agg(a::text order by a::text) from unnest(p.proacl) as a))
    from pg_proc as p where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
        and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')
    union all
    select format('column %s %s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        pg_get_expr(d.adbin, d.adrelid))
    from pg_attribute as a join pg_class as c on c.oid = a.attrelid
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'c')
        and a.attnum > 0 and not a.attisdropped
    union all
    select format('table %s %s %s', c.oid::regclass, c.relrowsecurity,
        (select array_agg(a::text order by a::text) from unnest(c.relacl) as a))
    from pg_class as c where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind = 'r'
    union all
    select format('constraint %s %s %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
    from pg_constraint as k where k.connamespace in ('public'::regnamespace, 'private'::regnamespace)
    union all
    select format('index %s', i.indexdef) from pg_indexes as i where i.schemaname in ('public', 'private')
    union all
    select format('trigger %s', pg_get_triggerdef(t.oid)) from pg_trigger as t where not t.tgisinternal
    union all
    select format('policy %s %s %s %s %s', p.schemaname, p.tablename, p.policyname, p.qual, p.with_check) from pg_policies as p";

async fn catalogue(database: &TestDatabase) -> BTreeSet<String> {
    database.column(CATALOGUE).await.into_iter().collect()
}

async fn is_as_a_fresh_one(database: &TestDatabase) {
    let (found, wanted) = (
        catalogue(database).await,
        catalogue(&TestDatabase::new().await).await,
    );
    let left: Vec<_> = found.difference(&wanted).collect();
    let missing: Vec<_> = wanted.difference(&found).collect();
    assert!(
        left.is_empty() && missing.is_empty(),
        "left behind: {left:#?}\nmissing: {missing:#?}"
    );
}

#[tokio::test]
async fn an_upgraded_database_is_as_a_fresh_one() {
    let database = database::previous().await;

    let applied = upgrade(&database).await;

    assert_eq!(applied.files[0], "migrations/0047_function_shapes");
    is_as_a_fresh_one(&database).await;
    migrate::check(&database.connect().await).await.unwrap();
    assert_eq!(upgrade(&database).await.files, Vec::<&str>::new());
}

#[tokio::test]
async fn a_database_that_was_migrated_along_the_way_loses_what_nobody_calls() {
    let database = database::migrated_to("0038").await;
    database.run(&read("fixtures/releases/early.sql")).await;

    upgrade(&database).await;

    is_as_a_fresh_one(&database).await;
}

#[tokio::test]
async fn the_previous_program_finds_the_ledger_that_it_knows() {
    let wanted: BTreeSet<String> = read("sql/releases/0.1.0.txt")
        .lines()
        .map(str::to_owned)
        .collect();
    for database in [
        database::previous().await,
        database::migrated_to("0038").await,
        database::empty().await,
    ] {
        upgrade(&database).await;

        let found: Vec<String> = database
            .column("select name || ' ' || checksum from private.schema_history")
            .await;
        let found: BTreeSet<String> = found.into_iter().collect();
        assert_eq!(found, wanted);
    }
}

#[tokio::test]
async fn every_statement_of_the_previous_release_runs_on_this_schema() {
    let path = format!("fixtures/releases/{OLDEST_PROGRAM}/statements.sql");
    let (text, database) = (read(&path), database::previous().await);
    upgrade(&database).await;
    let client = database.connect().await;
    client
        .batch_execute("set role frontdesk_app; set plan_cache_mode = force_generic_plan")
        .await
        .unwrap();
    let statements: Vec<&str> = text.split("-- statement ").skip(1).collect();
    assert!(statements.len() > 90);

    let mut failed = Vec::new();
    for statement in statements {
        let (name, prepare) = statement.split_once('\n').unwrap();
        let head = prepare.lines().next().unwrap();
        let values = match head.split_once('(') {
            Some((_, types)) => format!("({})", vec!["null"; types.split(',').count()].join(", ")),
            None => String::new(),
        };
        // To explain it looks up what it would run, and whether it may.
        for sent in [
            prepare.to_owned(),
            format!("explain execute {name}{values}"),
        ] {
            if let Err(error) = client.batch_execute(&sent).await {
                failed.push(format!("{name}: {}", error.as_db_error().unwrap()));
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn the_statements_of_the_oldest_program_are_kept() {
    let own: semver::Version = RELEASE.parse().unwrap();
    let oldest: semver::Version = OLDEST_PROGRAM.parse().unwrap();
    assert!(oldest < own, "a release serves the one before it");
    let text = read(&format!(
        "fixtures/releases/{OLDEST_PROGRAM}/statements.sql"
    ));
    assert!(text.contains(&format!("-- release {OLDEST_PROGRAM}\n")));
}

#[test]
fn the_old_names_of_functions_go_with_the_last_release_that_calls_them() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/functions/renamed.sql");
    let Ok(renamed) = fs::read_to_string(path) else {
        return;
    };
    let statements = read(&format!(
        "fixtures/releases/{OLDEST_PROGRAM}/statements.sql"
    ));
    let is_called = renamed
        .split("create or replace function ")
        .skip(1)
        .filter_map(|rest| rest.split_once('('))
        .any(|(name, _)| statements.contains(&format!("{name}(")));
    assert!(
        is_called,
        "{OLDEST_PROGRAM} calls none of them: remove renamed.sql, renamed_triggers.sql and the old names of metrics (src/telemetry.rs), \
         and drop the functions in sql/retired.sql"
    );
}

#[tokio::test]
async fn a_newer_release_serves_this_program_as_long_as_it_says_so() {
    let database = TestDatabase::new().await;
    database
        .run(&format!(
            "insert into private.schema_releases (release, oldest_program) values ('0.10.0', '{RELEASE}');
             insert into private.schema_files (name, checksum) values ('migrations/9999_future', 'x');
             update private.schema_files set checksum = 'newer' where name = 'functions/clock';
             create or replace function private.clock() returns timestamptz language sql stable set search_path = ''
             as 'select timestamptz ''2030-01-01''';"
        ))
        .await;

    migrate::check(&database.connect().await).await.unwrap();
    let applied = upgrade(&database).await;

    assert_eq!(applied.newer.as_deref(), Some("0.10.0"));
    assert_eq!(applied.files, Vec::<&str>::new());
    assert!(
        database
            .value::<bool>("select private.clock() = '2030-01-01'")
            .await,
        "an older program replaces nothing"
    );

    database
        .run("update private.schema_releases set oldest_program = '0.9.0' where release = '0.10.0'")
        .await;
    let mut client = database.connect().await;
    let refused = migrate::check(&client).await.unwrap_err();
    assert!(matches!(refused, MigrateError::Ahead { .. }), "{refused}");
    let refused = migrate::migrate(&mut client).await.unwrap_err();
    assert!(refused.to_string().contains("0.10.0"), "{refused}");
}

const IMPATIENT: Retry = Retry {
    attempts: 3,
    lock_timeout: Duration::from_millis(30),
    longest_pause: Duration::from_millis(10),
};

/// Makes these files pending.
async fn changes(database: &TestDatabase, files: &[&str]) {
    for file in files {
        database
            .run(&format!(
                "update private.schema_files set checksum = 'older' where name = '{file}'"
            ))
            .await;
    }
}

#[tokio::test]
async fn a_migration_that_meets_a_lock_gives_up_in_the_end_and_names_the_file() {
    let database = TestDatabase::new().await;
    changes(&database, &["policies/appointments"]).await;
    let holder = database.connect().await;
    holder
        .batch_execute("begin; lock table appointments in row exclusive mode")
        .await
        .unwrap();
    let mut client = database.connect().await;

    let refused = migrate::migrate_with(&mut client, IMPATIENT)
        .await
        .unwrap_err();

    let said = refused.to_string();
    assert!(
        said.contains("policies/appointments was rolled back 3 times") && said.contains("55P03"),
        "{said}"
    );
    assert!(migrate::check(&client).await.is_err());

    holder.batch_execute("commit").await.unwrap();
    let applied = migrate::migrate_with(&mut client, IMPATIENT).await.unwrap();
    assert_eq!(applied.files, ["policies/appointments"]);
}

#[tokio::test]
async fn a_migration_that_lists_its_tables_locks_all_of_them_or_none() {
    let database = database::previous().await;
    let holder = database.connect().await;
    holder
        .batch_execute("begin; lock table billing_invoices in row exclusive mode")
        .await
        .unwrap();

    let refused = migrate::migrate_with(&mut database.connect().await, IMPATIENT).await;

    let said = refused.unwrap_err().to_string();
    let expected = "migrations/0055_trigger_names was rolled back 3 times";
    assert!(said.contains(expected), "{said}");
}

#[tokio::test]
async fn the_first_upgrade_gives_way_to_whoever_reads_the_old_ledger() {
    let database = database::previous().await;
    let holder = database.connect().await;
    holder
        .batch_execute("begin; lock table private.schema_history in access exclusive mode")
        .await
        .unwrap();
    let mut client = database.connect().await;

    let refused = migrate::migrate_with(&mut client, IMPATIENT)
        .await
        .unwrap_err();
    let said = refused.to_string();
    assert!(
        said.contains("the ledger was rolled back 3 times"),
        "{said}"
    );

    // As pg_dump holds it.
    holder
        .batch_execute("commit; begin; lock table private.schema_history in access share mode")
        .await
        .unwrap();
    migrate::migrate_with(&mut client, IMPATIENT).await.unwrap();
}

#[tokio::test]
async fn a_login_that_does_not_own_the_tables_is_told_whose_they_are() {
    let database = TestDatabase::new().await;
    database
        .run("do $$ begin create role other_superuser login superuser; exception when duplicate_object then null; end $$")
        .await;
    changes(&database, &["policies/appointments"]).await;

    let said = migrates_as(&database.url_of("other_superuser"))
        .await
        .to_string();

    assert!(
        said.contains("the tables belong to frontdesk, and this login is other_superuser"),
        "{said}"
    );
    assert!(migrate::check(&database.connect().await).await.is_err());
}

#[tokio::test]
async fn in_a_deadlock_it_is_the_migration_that_gives_way() {
    let database = TestDatabase::new().await;
    changes(&database, &["policies/appointments", "policies/customers"]).await;
    let call = database.connect().await;
    call.batch_execute("begin; lock table customers in row exclusive mode")
        .await
        .unwrap();
    let mut client = database.connect().await;
    let migrating = tokio::spawn(async move { migrate::migrate(&mut client).await });
    eventually("the migration to wait for the call", async || {
        let waiting: bool = database
            .value(
                "select exists (select from pg_locks where not granted and relation = 'customers'::regclass)",
            )
            .await;
        waiting.then_some(())
    })
    .await;

    // Now each of them has what the other waits for.
    call.batch_execute("lock table appointments in row exclusive mode; commit")
        .await
        .unwrap();

    let applied = migrating.await.unwrap().unwrap();
    assert_eq!(
        applied.files,
        ["policies/appointments", "policies/customers"]
    );
}

#[tokio::test]
async fn functions_and_policies_are_replaced_together_or_not_at_all() {
    let database = TestDatabase::new().await;
    changes(&database, &["functions/clock", "policies/slot_holds"]).await;
    database
        .run(
            "create or replace function private.clock() returns timestamptz language sql stable set search_path = ''
             as 'select timestamptz ''2030-01-01''';
             alter table private.slot_holds rename to elsewhere",
        )
        .await;

    let refused = migrate::migrate(&mut database.connect().await).await;

    let said = refused.unwrap_err().to_string();
    assert!(said.contains("policies/slot_holds failed"), "{said}");
    assert!(
        database
            .value::<bool>("select private.clock() = '2030-01-01'")
            .await,
        "the function is as it was"
    );
}

/// Migrates, and ends the session after a while, unless it was done by then.
async fn interrupted(database: &TestDatabase, admin: &Client, after: Duration) -> bool {
    let mut client = database.connect().await;
    let session: i32 = client
        .query_one("select pg_backend_pid()", &[])
        .await
        .unwrap()
        .get(0);
    let migrating = tokio::spawn(async move { migrate::migrate(&mut client).await });
    tokio::time::sleep(after).await;
    admin
        .query_one("select pg_terminate_backend($1)", &[&session])
        .await
        .unwrap();
    migrating.await.unwrap().is_err()
}

#[tokio::test]
async fn a_migration_may_be_interrupted_anywhere_and_run_again() {
    const KILLS: u32 = 50;
    let server = TestDatabase::new().await;
    let admin = server.connect().await;
    let (mut kills, mut rounds) = (0, 0);
    while kills < KILLS {
        // An upgrade and a first migration in turn, each killed until one gets through.
        let database = if rounds % 2 == 0 {
            database::previous().await
        } else {
            database::empty().await
        };
        rounds += 1;
        loop {
            let after = Duration::from_millis(fastrand::u64(0..500));
            if kills == KILLS || !interrupted(&database, &admin, after).await {
                break;
            }
            kills += 1;
        }
        upgrade(&database).await;
        migrate::check(&database.connect().await).await.unwrap();
        is_as_a_fresh_one(&database).await;
    }
    assert!(rounds > 0);
}

/// The statements of a file, each by its first words; bodies of functions are left out.
fn heads(text: &str) -> Vec<String> {
    let bare: String = text
        .lines()
        .map(|line| line.split_once("--").map_or(line, |(before, _)| before))
        .collect::<Vec<_>>()
        .join("\n");
    let outside: String = bare.split("$$").step_by(2).collect();
    let outside: String = outside
        .split("begin atomic")
        .enumerate()
        .map(|(nth, text)| match text.split_once("\nend;") {
            Some((_body, behind)) if nth > 0 => format!(";{behind}"),
            _ => text.to_owned(),
        })
        .collect();
    outside
        .split(';')
        .map(|statement| {
            statement
                .split_whitespace()
                .take(3)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .filter(|head| !head.is_empty())
        .collect()
}

#[test]
fn functions_and_policies_only_create_and_replace() {
    let allowed = |folder: &str, head: &str| match folder {
        "functions" => [
            "create or replace",
            "revoke execute on",
            "grant execute on",
            "revoke all on",
            "comment on function",
        ]
        .iter()
        .any(|start| head.starts_with(start)),
        _ => [
            "create policy",
            "revoke",
            "grant",
            "select private.drop_policies(",
        ]
        .iter()
        .any(|start| head.starts_with(start)),
    };
    let mut wrong = Vec::new();
    for folder in ["functions", "policies"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("sql")
            .join(folder);
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let heads = heads(&text).into_iter();
            wrong.extend(
                heads
                    .filter(|head| !allowed(folder, head))
                    .map(|head| format!("{}: {head}", path.display())),
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "these belong into a migration, sql/retired.sql or sql/backfill.sql: {wrong:#?}"
    );
    assert_eq!(
        heads(
            "-- a; b\ndrop function x(a);\ncreate or replace function f() as $$ drop table t; $$;"
        ),
        ["drop function x(a)", "create or replace"],
        "a statement that is not allowed would be seen"
    );
}

async fn migrates_as(url: &str) -> MigrateError {
    let (mut client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    migrate::migrate(&mut client).await.unwrap_err()
}

async fn is_untouched(database: &TestDatabase) -> bool {
    database
        .value("select to_regnamespace('private') is null and to_regnamespace('auth') is null")
        .await
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_name_is_refused_before_anything_is_changed() {
    let database =
        database::made("encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0").await;

    let said = migrates_as(&database.url()).await.to_string();

    assert!(said.contains("LATIN1") && said.contains("UTF8"), "{said}");
    assert!(is_untouched(&database).await);
}

#[tokio::test]
async fn a_second_owner_of_a_cluster_is_told_so_before_the_first_migration() {
    let database = database::empty().await;
    TestDatabase::new()
        .await
        .run("do $$ begin create role second_owner login; exception when duplicate_object then null; end $$")
        .await;
    database
        .run("do $$ begin execute format('alter database %I owner to second_owner', current_database()); end $$")
        .await;

    let said = migrates_as(&database.url_of("second_owner"))
        .await
        .to_string();

    assert!(
        said.contains("grant frontdesk_app to \"second_owner\""),
        "{said}"
    );
    assert!(is_untouched(&database).await);
}

#[tokio::test]
async fn a_service_whose_functions_are_gone_is_not_ready_until_they_are_back() {
    let status = async |app: &TestApp, wanted: u16| {
        eventually("readiness follows the functions", async || {
            let reply = app.http.get(app.url("/health/ready")).send().await.unwrap();
            (reply.status() == wanted).then_some(reply)
        })
        .await
    };
    // A service looks every five seconds; so each has its own, and they look at the same time.
    let broken = [
        (
            "alter function private.check_availability(uuid, date, private.visit, text, uuid) rename to elsewhere",
            "alter function private.elsewhere(uuid, date, private.visit, text, uuid) rename to check_availability",
        ),
        (
            "revoke execute on function private.count_use(uuid, text) from frontdesk_app",
            "grant execute on function private.count_use(uuid, text) to frontdesk_app",
        ),
        // Only a trigger calls it.
        (
            "alter function private.place_appointment() rename to elsewhere",
            "alter function private.elsewhere() rename to place_appointment",
        ),
        (
            "alter table private.tool_calls rename to elsewhere",
            "alter table private.elsewhere rename to tool_calls",
        ),
        (
            "insert into private.schema_releases (release, oldest_program) values ('9.0.0', '9.0.0')",
            "delete from private.schema_releases where release = '9.0.0'",
        ),
    ];
    let looking = broken.map(async |(breaks, mends)| {
        let app = TestApp::start().await;
        status(&app, 200).await;
        app.database.run(breaks).await;
        let body: Value = status(&app, 503).await.json().await.unwrap();
        let expected = if breaks.starts_with("insert") {
            "not this program's"
        } else {
            "a function is missing"
        };
        assert_eq!(body["migrations"], expected, "{breaks}");
        assert_eq!(body["database"], "ok");
        app.database.run(mends).await;
        status(&app, 200).await;
    });
    futures_util::future::join_all(looking).await;
}

#[tokio::test]
async fn all_statements_are_looked_at_in_one_go() {
    let database = TestDatabase::new().await;
    let client = database.connect().await;
    functions::explain_all(&client).await.unwrap();
}
