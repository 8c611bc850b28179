//! What each statement of the service reads, on a hundred organizations with a hundred thousand appointments; `make soak` takes ten times as
//! many (`FRONTDESK_PLANS_ORGANIZATIONS=1000`).
//!
//! Every file of `sql/queries/` that the service sends is run as the service runs it: prepared with its types, with a generic plan, as
//! `frontdesk_app`, in a transaction bound to one organization in the middle of all. It must find what it looks for by an index,
//! also within the functions and triggers that it sets off, read fewer than 50 pages, and read hardly more than it does where
//! there are a tenth as many organizations. Nothing is timed: pages are counted, and they are the same on every machine.
//!
//! `cargo test --test plans -- --nocapture` prints the figures; `FRONTDESK_PLANS_STATEMENTS=agenda,busy_on` those of some statements.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect has failed"
)]

mod calendars;
#[expect(dead_code, reason = "the other tests use the rest of it")]
#[path = "../api/support/database.rs"]
mod database;
mod release;
mod statements;

use std::collections::BTreeSet;

use database::TestDatabase;
use serde_json::Value;
use statements::{CASES, Case};
use tokio_postgres::Client;

const BIG: &str = include_str!("../../fixtures/seed/big.sql");

/// The linked calendars of all organizations but the fifth.
const CALENDARS: &str = include_str!("calendars.sql");

/// The indexes of the given schema.
const GIVEN: &str = include_str!("../../fixtures/schema/indexes.txt");

/// The most pages that a statement may read.
const MAX_PAGES: i64 = 50;

/// From how many organizations on the planner is left its choice: where there are fewer, their own table and those of their contacts and
/// assistants are so small that it would read them as a whole, and not by the index that it needs once they are large.
const FULL: i32 = 1_000;

/// The statement that reads the tables of PostgreSQL itself, which are as large everywhere.
const OF_THE_CATALOG: &str = "find_role";

/// The statement that counts all links, once every few seconds: an index that has what it counts would change with each reading of a calendar.
const OF_ALL_LINKS: &str = "calendar_figures";

/// How many organizations the bigger database has; the smaller one has a tenth.
fn organizations() -> i32 {
    match std::env::var("FRONTDESK_PLANS_ORGANIZATIONS") {
        Ok(number) => number.parse().unwrap(),
        Err(_) => 100,
    }
}

/// The most pages of the big database for so many of the smaller one. A B-tree of ten times as many rows is at most a level higher,
/// and a descent reads three or four pages, so each may cost a quarter or a third more. Whatever read the rows of others would
/// read ten times as many. An index of one page, as many are on ten organizations, is searched twice as fast as one of two levels.
fn most_pages_after(few: i64) -> i64 {
    if organizations() < FULL {
        2 * few + few / 4 + 8
    } else {
        few + few / 3 + 8
    }
}

/// A table with fewer rows than this is read as a whole whatever indexes it has.
const LARGE: i64 = 1_000;

/// What one statement cost.
struct Cost {
    pages: i64,
    scanned: Vec<String>,
    indexes: Vec<String>,
}

/// The indexes of the given schema that a statement of the service searches. The others are of no use to it (a number or a date
/// without its organization finds the rows of everybody, and an organization without more finds all of its rows): they are
/// kept for the clients that the schema was made with, and those that the service needs stand beside them in sql/migrations/.
const SEARCHED: &[&str] = &["idx_emergency_contacts_org", "idx_vapi_assistants_org"];

/// A database with so many organizations of a thousand appointments.
async fn filled(organizations: i32) -> TestDatabase {
    let database = TestDatabase::new().await;
    let client = database.connect().await;
    client
        .batch_execute(&format!("set big.organizations = {organizations}"))
        .await
        .unwrap();
    client.batch_execute(BIG).await.unwrap();
    client.batch_execute(CALENDARS).await.unwrap();
    // Each was updated: without it the table has twice the pages.
    client
        .batch_execute("vacuum full public.organizations")
        .await
        .unwrap();
    client.batch_execute("vacuum analyze").await.unwrap();
    database
}

/// Runs a statement twice and tells what it cost the second time, when plans and catalogue are known. Nothing is kept.
async fn cost(client: &mut Client, case: &Case) -> Cost {
    let statement = statements::text(case.statement);
    let prepare = format!(
        "prepare sent{} as {statement}",
        match statements::types(case.statement) {
            types if types.is_empty() => String::new(),
            types => format!(" ({types})"),
        }
    );
    let transaction = client.transaction().await.unwrap();
    let execute = match case.arguments {
        "" => "execute sent".to_owned(),
        arguments => format!(
            "execute sent ({})",
            statements::filled(arguments, &transaction).await
        ),
    };
    transaction
        .batch_execute(&format!(
            "set local plan_cache_mode = force_generic_plan;
             set local enable_seqscan = {};
             set local role frontdesk_app;
             select set_config('frontdesk.organization_id', {}, true), set_config('frontdesk.now', now()::text, true);
             {prepare};
             savepoint before; {execute}; rollback to savepoint before;",
            if organizations() < FULL && case.statement != OF_THE_CATALOG {
                "off"
            } else {
                "on"
            },
            match (case.is_bound, case.arguments.contains("LINKED")) {
                (false, _) => "''",
                (true, true) => "md5('organization 6')::uuid::text",
                (true, false) => "md5('organization 5')::uuid::text",
            },
        ))
        .await
        .unwrap_or_else(|error| panic!("{}: {error:?}", case.statement));
    let before = scans(&transaction).await;
    let explained: Value = transaction
        .query_one(
            &format!("explain (analyze, buffers, timing off, format json) {execute}"),
            &[],
        )
        .await
        .unwrap()
        .get(0);
    let after = scans(&transaction).await;
    let indexes = transaction
        .query(
            "select i.indexrelid::regclass::text from pg_index as i where pg_stat_get_xact_numscans(i.indexrelid) > 0",
            &[],
        )
        .await
        .unwrap();
    transaction.rollback().await.unwrap();
    client.batch_execute("deallocate sent").await.unwrap();
    let plan = &explained[0]["Plan"];
    let buffers = |name: &str| plan[name].as_i64().unwrap();
    Cost {
        pages: buffers("Shared Hit Blocks") + buffers("Shared Read Blocks"),
        scanned: after.difference(&before).cloned().collect(),
        indexes: indexes.iter().map(|row| row.get(0)).collect(),
    }
}

/// The large tables that were read as a whole so far in this transaction, with how often: also by functions and triggers, whose
/// statements no plan shows.
async fn scans(transaction: &tokio_postgres::Transaction<'_>) -> BTreeSet<String> {
    transaction
        .query(
            "select format('%s (%s times)', s.relid::regclass, s.seq_scan)
             from pg_stat_xact_user_tables as s
             join pg_class as c on c.oid = s.relid
             where s.seq_scan > 0 and c.reltuples >= $1::int8",
            &[&LARGE],
        )
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect()
}

#[tokio::test]
async fn every_statement_reads_little_however_many_organizations_there_are() {
    let many = organizations();
    let small = filled(many / 10).await;
    let big = filled(many).await;
    the_database_is_as_promised(&big, many).await;
    let (mut on_small, mut on_big) = (small.connect().await, big.connect().await);

    let mut wrong = Vec::new();
    let mut searched = BTreeSet::new();
    println!(
        "{:<26} {:<34} {:>6} {:>6}",
        "statement",
        "case",
        many,
        many / 10
    );
    let only = std::env::var("FRONTDESK_PLANS_STATEMENTS").unwrap_or_default();
    let is_asked =
        |case: &&Case| only.is_empty() || only.split(',').any(|name| name == case.statement);
    for case in CASES.iter().chain(calendars::CASES).filter(is_asked) {
        let (few, many) = (
            cost(&mut on_small, case).await,
            cost(&mut on_big, case).await,
        );
        println!(
            "{:<26} {:<34} {:>6} {:>6}",
            case.statement, case.about, many.pages, few.pages
        );
        let name = format!("{} ({})", case.statement, case.about);
        searched.extend(many.indexes);
        if many.pages >= case.most_pages.unwrap_or(MAX_PAGES) {
            wrong.push(format!("{name} reads {} pages", many.pages));
        }
        if !case.is_of_all && many.pages > most_pages_after(few.pages) {
            wrong.push(format!(
                "{name} reads {} pages where it read {}",
                many.pages, few.pages
            ));
        }
        if !many.scanned.is_empty() && case.statement != OF_ALL_LINKS {
            wrong.push(format!("{name} reads all of {}", many.scanned.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let given: BTreeSet<&str> = GIVEN
        .lines()
        .filter_map(|line| line.split_whitespace().nth(2))
        .collect();
    assert_eq!(given.len(), 17);
    let given_and_searched: Vec<&str> = given
        .into_iter()
        .filter(|name| searched.contains(*name))
        .collect();
    if many >= FULL && only.is_empty() {
        assert_eq!(given_and_searched, SEARCHED);
    }
}

/// The figures mean nothing if the rows are not there, or are none that the schema would have made.
async fn the_database_is_as_promised(database: &TestDatabase, organizations: i32) {
    let counted = database
        .object(
            "select (select count(*) from organizations) as organizations, (select count(*) from appointments) as appointments",
        )
        .await;
    assert_eq!(
        counted,
        serde_json::json!({ "organizations": organizations, "appointments": 1_000 * organizations })
    );
    let forged: Vec<String> = database
        .column(
            "select a.id::text from appointments as a join organizations as o on o.id = a.organization_id
             where o.id in (md5('organization 4')::uuid, md5('organization 5')::uuid, md5('organization 99')::uuid)
               and a.busy <> private.busy_range(a.scheduled_date + a.scheduled_time, a.duration_minutes, o.timezone)
             union all
             select c.id::text from customers as c
             cross join lateral (
                 select count(*) as total, max(a.scheduled_date) as latest from appointments as a
                 where a.customer_id = c.id and a.status <> 'cancelled'
             ) as t
             where c.organization_id = md5('organization 5')::uuid
               and (c.total_appointments, c.last_appointment_date) is distinct from (t.total, t.latest)
             union all
             select tgname from pg_trigger where not tgisinternal and tgenabled <> 'O'",
        )
        .await;
    assert_eq!(forged, Vec::<String>::new());
    assert_eq!(database.wrong_busy_days().await, Vec::<String>::new());
}

#[test]
fn every_statement_of_the_service_is_looked_at() {
    let cases = CASES.iter().chain(calendars::CASES);
    let looked_at: BTreeSet<&str> = cases.map(|case| case.statement).collect();
    let sent: Vec<String> = statements::sent_by_the_service();
    for name in &sent {
        assert!(
            looked_at.contains(name.as_str()),
            "sql/queries/{name}.sql has no case in tests/plans"
        );
    }
    assert_eq!(looked_at.len(), sent.len());
}

#[tokio::test]
async fn a_statement_that_reads_a_table_as_a_whole_would_be_seen() {
    let database = filled(10).await;
    let mut client = database.connect().await;
    let transaction = client.transaction().await.unwrap();
    let before = scans(&transaction).await;

    transaction
        .batch_execute("do $$ begin perform from public.appointments where notes = 'x'; end $$")
        .await
        .unwrap();

    let after = scans(&transaction).await;
    assert_eq!(
        after.difference(&before).collect::<Vec<_>>(),
        ["appointments (1 times)"]
    );
}
