//! The service is held to one organization by the database itself, whatever it asks; and to its role, whatever login it has.

use std::time::Duration;

use frontdesk::{
    db::{Binding, Database, Options, Params, Sql, Statements, tls},
    error::{Error, Kind},
};
use futures_util::{StreamExt, stream};
use tokio_postgres::{AsyncMessage, types::Type};
use uuid::Uuid;

use crate::support::{
    TestApp, TestDatabase,
    app::{NOW, ORGANIZATION_ID},
    eventually,
};

const OTHER: Uuid = uuid::uuid!("0f0f0f0f-0000-4000-8000-000000000002");

/// Queries that somebody wrote without the filter that each of ours has.
const PLANTED: &[&str] = &[
    "select organization_id from public.appointments",
    "select organization_id from public.customers",
    "select organization_id from public.call_logs",
    "select id from public.organizations",
    "update public.appointments set notes = 'planted' returning organization_id",
    "update public.customers set notes = 'planted' returning organization_id",
];

/// The pool of the service, with nothing in front of it.
fn pool(url: &str, statements: Statements) -> Database {
    drop(rustls::crypto::ring::default_provider().install_default());
    Database::new(
        url.parse().unwrap(),
        tls::connector(None).unwrap(),
        Options {
            size: 2,
            workers: 0,
            statements,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(5),
        },
    )
    .unwrap()
}

/// Two organizations with an appointment, a customer and a call each.
async fn two_organizations() -> TestDatabase {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run(&format!(
            "insert into organizations (id, name, industry) values ('{OTHER}', 'Other', 'hvac');
             insert into customers (organization_id, name, phone_number)
             select id, 'Ruth', '+13035550110' from organizations;
             insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time)
             select id, 'Ruth', '+13035550110', 'repair', '2026-12-01', '09:00' from organizations;
             insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status)
             select id, 'call of ' || name, 'unknown', 'ended' from organizations;"
        ))
        .await;
    database
}

fn binding() -> Binding {
    Binding {
        organization_id: ORGANIZATION_ID,
        now: NOW.parse().unwrap(),
    }
}

#[tokio::test]
async fn a_planted_query_without_its_filter_sees_one_organization_or_none() {
    let database = two_organizations().await;

    // As the owner too: the pool steps down to the role of the service.
    for url in [database.service_url(), database.url()] {
        let pool = pool(&url, Statements::Prepared);
        for text in PLANTED {
            let planted = Sql {
                name: "planted",
                text,
                types: &[],
            };
            let bound = pool
                .transaction(&binding(), async |transaction| {
                    transaction.query(&planted, &[]).await
                })
                .await
                .unwrap();
            let seen: Vec<Uuid> = bound.iter().map(|row| row.get(0)).collect();
            assert_eq!(seen, [ORGANIZATION_ID], "{text}");
            let unbound = pool.read_unbound(&planted, &[]).await.unwrap();
            assert_eq!(unbound.len(), 0, "{text}");
        }
    }
    let planted: i64 = database
        .value(&format!(
            "select count(*) from appointments where notes = 'planted' and organization_id = '{OTHER}'"
        ))
        .await;
    assert_eq!(planted, 0);
}

#[tokio::test]
async fn what_the_service_may_not_do_at_all_is_refused() {
    let database = two_organizations().await;
    let pool = pool(&database.service_url(), Statements::Prepared);

    for text in [
        "delete from public.appointments",
        "update public.organizations set settings = '{}'",
        "insert into public.organization_members (organization_id, user_id, role) values ('0f0f0f0f-0000-4000-8000-000000000001', gen_random_uuid(), 'owner')",
        "select from public.billing_invoices",
        "select from public.user_profiles",
        "select from public.audit_log",
        "select from auth.users",
        "create table public.mine (id int)",
        "set role service_role",
    ] {
        let forbidden = Sql {
            name: "forbidden",
            text,
            types: &[],
        };
        let refused = pool
            .transaction(&binding(), async |transaction| {
                transaction.query(&forbidden, &[]).await
            })
            .await;
        let Err(Error::Statement { source, .. }) = refused else {
            panic!("{text}: {refused:?}");
        };
        assert_eq!(source.code().unwrap().code(), "42501", "{text}");
    }
}

#[tokio::test]
async fn a_binding_ends_with_its_transaction() {
    let database = two_organizations().await;
    let pool = pool(&database.service_url(), Statements::Prepared);
    let bound = Sql {
        name: "bound",
        text: "select private.bound_organization(), current_user::text",
        types: &[],
    };

    for _ in 0..4 {
        let rows = pool.read(&binding(), &bound, &[]).await.unwrap();
        assert_eq!(rows[0].get::<_, Option<Uuid>>(0), Some(ORGANIZATION_ID));
        let rows = pool.read_unbound(&bound, &[]).await.unwrap();
        assert_eq!(rows[0].get::<_, Option<Uuid>>(0), None);
        assert_eq!(rows[0].get::<_, String>(1), "frontdesk_app");
    }
}

#[tokio::test]
async fn a_statement_of_its_own_has_the_limits_of_every_transaction_and_its_binding_ends_with_it() {
    let database = two_organizations().await;
    let limits = Sql {
        name: "limits",
        text: "select private.bind($1::uuid, $2), current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')",
        types: &[Type::UUID, Type::TEXT],
    };
    let bound = Sql {
        name: "bound",
        text: "select private.bound_organization()",
        types: &[],
    };

    for statements in [Statements::Prepared, Statements::Unnamed] {
        let pool = pool(&database.service_url(), statements);
        let params: Params<'_> = &[&ORGANIZATION_ID, &NOW];
        let rows = pool.execute(&binding(), &limits, params).await.unwrap();
        let limits: Vec<String> = (1..4).map(|column| rows[0].get(column)).collect();
        assert_eq!(limits, ["5s", "2s", "5s"]);
        let rows = pool.read_unbound(&bound, &[]).await.unwrap();
        assert_eq!(rows[0].get::<_, Option<Uuid>>(0), None);
    }
}

#[tokio::test]
async fn a_statement_whose_connection_is_lost_may_have_been_kept_and_is_not_sent_again() {
    let database = two_organizations().await;
    let lost = Sql {
        name: "lost",
        text: "select nextval('public.sent'), pg_terminate_backend(pg_backend_pid()), pg_sleep(5)",
        types: &[],
    };
    for statements in [Statements::Prepared, Statements::Unnamed] {
        let pool = pool(&database.service_url(), statements);
        database
            .run("drop sequence if exists public.sent; create sequence public.sent; grant usage on sequence public.sent to frontdesk_app")
            .await;

        let error = pool.execute(&binding(), &lost, &[]).await.unwrap_err();

        assert_eq!(error.kind(), Kind::Late, "{error:?}");
        let sent: i64 = database.value("select last_value from public.sent").await;
        assert_eq!(sent, 1);
    }
}

#[tokio::test]
async fn a_login_that_may_not_take_the_role_does_not_start() {
    let builder = TestApp::builder().await;
    builder
        .database()
        .run("do $$ begin create role stranger login; exception when duplicate_object then null; end $$;
              grant usage on schema private to stranger;
              grant select on private.schema_files, private.schema_releases to stranger;
              create policy stranger on private.schema_files for select to stranger using (true);
              create policy stranger on private.schema_releases for select to stranger using (true);")
        .await;
    let url = builder.database().service_url();
    let url = url.replace("frontdesk_app@", "stranger@");

    let refused = builder
        .database_url(&url)
        .secret("a-secret-of-this-test")
        .try_start()
        .await;

    let reason = refused.err().unwrap().to_string();
    assert!(reason.contains("frontdesk_app"), "{reason}");
}

#[tokio::test]
async fn through_a_transaction_pooler_the_login_must_be_the_role() {
    let builder = TestApp::builder().await.setting("--statements", "unnamed");
    let owner = builder.database().url();

    let refused = builder
        .database_url(&owner)
        .secret("a-secret-of-this-test")
        .try_start()
        .await;

    let reason = refused.err().unwrap().to_string();
    assert!(reason.contains("must log in as frontdesk_app"), "{reason}");
}

#[tokio::test]
async fn a_role_that_owns_a_table_does_not_start() {
    let builder = TestApp::builder().await;
    builder
        .database()
        .run("alter table public.customers owner to frontdesk_app")
        .await;

    let refused = builder.secret("a-secret-of-this-test").try_start().await;

    let reason = refused.err().unwrap().to_string();
    assert!(reason.contains("owns tables"), "{reason}");
}

/// Two transactions that meet: the second begins its statement while the first has done its own, and waits for the first to end.
/// Gives what came of the second, by its SQLSTATE if it was refused.
async fn meet(database: &TestDatabase, isolation: &str, first: &str, second: &str) -> String {
    let (one, other) = (database.connect().await, database.connect().await);
    for client in [&one, &other] {
        // The snapshot of a repeatable read is taken by its first statement.
        client
            .batch_execute(&format!(
                "begin isolation level {isolation}; select from organizations"
            ))
            .await
            .unwrap();
    }
    one.batch_execute(first).await.unwrap();
    let waiting = other.batch_execute(second);
    tokio::pin!(waiting);
    let ends = async {
        eventually("the second to wait", async || {
            let waiting: i64 = database
                .value(
                    "select count(*) from pg_locks as l join pg_stat_activity as a on a.pid = l.pid
                     where not l.granted and a.datname = current_database()",
                )
                .await;
            (waiting > 0).then_some(())
        })
        .await;
        one.batch_execute("commit").await.unwrap();
    };
    let (outcome, ()) = tokio::join!(waiting, ends);
    match outcome {
        Ok(()) => match other.batch_execute("commit").await {
            Ok(()) => "kept".to_owned(),
            Err(error) => error.code().unwrap().code().to_owned(),
        },
        Err(error) => error.code().unwrap().code().to_owned(),
    }
}

/// Two people who have signed up, the second character of whose ids tells them apart.
async fn two_people(database: &TestDatabase) {
    database
        .run(
            "insert into auth.users (id, email, email_confirmed_at) values
                 ('00000000-0000-4000-8000-0000000000a1', 'a@example.com', now()),
                 ('00000000-0000-4000-8000-0000000000a2', 'b@example.com', now())",
        )
        .await;
}

#[tokio::test]
async fn two_owners_who_leave_at_once_leave_one_owner() {
    for (isolation, refused) in [("read committed", "23514"), ("repeatable read", "40001")] {
        let database = two_organizations().await;
        two_people(&database).await;
        database
            .run(&format!(
                "insert into organization_members (organization_id, user_id, role)
                 select '{ORGANIZATION_ID}', id, 'owner' from auth.users"
            ))
            .await;

        let outcome = meet(
            &database,
            isolation,
            "delete from organization_members where user_id = '00000000-0000-4000-8000-0000000000a1'",
            "update organization_members set role = 'member' where user_id = '00000000-0000-4000-8000-0000000000a2'",
        )
        .await;

        assert_eq!(outcome, refused, "{isolation}");
        let owners: i64 = database
            .value("select count(*) from organization_members where role = 'owner'")
            .await;
        assert_eq!(owners, 1, "{isolation}");
    }
}

#[tokio::test]
async fn an_invitation_that_is_accepted_twice_at_once_works_once() {
    let database = two_organizations().await;
    two_people(&database).await;
    database
        .run(&format!(
            "insert into organization_members (organization_id, user_id, role)
             values ('{ORGANIZATION_ID}', '00000000-0000-4000-8000-0000000000a1', 'owner');
             insert into organization_invitations (organization_id, invited_by_user_id, invited_email, role, token)
             values ('{ORGANIZATION_ID}', '00000000-0000-4000-8000-0000000000a1', 'b@example.com', 'member', 'a token that is long')"
        ))
        .await;
    let accept = "select set_config('request.jwt.claims', '{\"sub\": \"00000000-0000-4000-8000-0000000000a2\"}', true);
                  set local role authenticated;
                  select public.accept_invitation('a token that is long')";

    let outcome = meet(&database, "read committed", accept, accept).await;

    assert_eq!(outcome, "P0002");
    let roles: Vec<String> = database
        .column("select role::text from organization_members order by role")
        .await;
    assert_eq!(roles, ["member", "owner"]);
}

#[tokio::test]
async fn a_stranger_whose_statement_touches_nothing_announces_nothing() {
    let database = two_organizations().await;
    let (listener, mut connection) =
        tokio_postgres::connect(&database.url(), tokio_postgres::NoTls)
            .await
            .unwrap();
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let listening = async {
        listener
            .batch_execute("listen frontdesk_directory")
            .await
            .unwrap();
        database
            .run("set role authenticated; update organizations set name = 'x'; delete from vapi_assistants")
            .await;
        // What is heard first is what really changed something.
        database
            .run("notify frontdesk_directory, 'the first'")
            .await;
    };
    let hearing = async {
        loop {
            let message = messages.next().await.unwrap().unwrap();
            if let AsyncMessage::Notification(heard) = message {
                return heard.payload().to_owned();
            }
        }
    };

    let (heard, ()) = tokio::join!(hearing, listening);

    assert_eq!(heard, "the first");
}
