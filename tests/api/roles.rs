//! A database that was restored into a cluster without the roles is refused, and can be mended.

use frontdesk::db::migrate;
use serde_json::Value;

use crate::support::{
    app::ORGANIZATION,
    operator::{complaint, frontdesk, printed},
    outage::OwnServer,
};

/// What a restore into a cluster without the roles loses: every right and every policy of theirs, and the roles. Dropping them loses
/// the same.
const LOSE_THE_ROLES: &str = "
drop owned by frontdesk_app, anon, authenticated, service_role;
drop role frontdesk_app, anon, authenticated, service_role;";

/// Every right and every policy in the database.
const RIGHTS: &str = "
select jsonb_build_object(
    'tables', (select jsonb_object_agg(c.oid::regclass::text, (select array_agg(a::text order by a::text) from unnest(c.relacl) as a))
               from pg_class as c where c.relnamespace::regnamespace::text in ('public', 'private') and c.relkind in ('r', 'S')),
    'columns', (select jsonb_object_agg(format('%s.%s', a.attrelid::regclass, a.attname), a.attacl::text)
                from pg_attribute as a where a.attacl is not null and a.attrelid::regclass::text !~ '^pg_'),
    'functions', (select jsonb_object_agg(p.oid::regprocedure::text, (select array_agg(a::text order by a::text) from unnest(p.proacl) as a))
                  from pg_proc as p where p.pronamespace::regnamespace::text in ('public', 'private')),
    'schemas', (select jsonb_object_agg(n.nspname, (select array_agg(a::text order by a::text) from unnest(n.nspacl) as a))
                from pg_namespace as n where n.nspname in ('public', 'private', 'auth', 'extensions')),
    'defaults', (select jsonb_object_agg(d.defaclobjtype::text, (select array_agg(a::text order by a::text) from unnest(d.defaclacl) as a))
                 from pg_default_acl as d),
    'policies', (select jsonb_agg(to_jsonb(p) order by p.schemaname, p.tablename, p.policyname) from pg_policies as p),
    'roles', (select jsonb_object_agg(r.rolname, to_jsonb(r) - '{oid,rolcanlogin,rolpassword}'::text[])
              from pg_roles as r where r.rolname in ('frontdesk_app', 'anon', 'authenticated', 'service_role'))
)";

async fn rights(server: &OwnServer) -> Value {
    let client = server.connect("frontdesk").await;
    client.query_one(RIGHTS, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_database_that_lost_its_roles_is_refused_and_one_command_gives_everything_back() {
    let server = OwnServer::with(ORGANIZATION).await;
    let before = rights(&server).await;
    assert!(before["policies"].as_array().unwrap().len() > 100);
    let owner = server.connect("frontdesk").await;

    owner.batch_execute(LOSE_THE_ROLES).await.unwrap();

    let url = server.url();
    let refused = frontdesk(&url, &["migrate"]);
    let complaint_of_roles = complaint(&refused);
    assert!(!refused.status.success());
    assert!(
        complaint_of_roles.contains("no role frontdesk_app, anon, authenticated, service_role")
            && complaint_of_roles.contains("frontdesk migrate --grants"),
        "{complaint_of_roles}"
    );

    // The roles alone are not enough, and that is seen.
    let made = printed(&frontdesk(&url, &["migrate", "--roles-only"]));
    assert!(
        made.contains("Made the roles frontdesk_app, anon") && made.contains("password"),
        "{made}"
    );
    let refused = frontdesk(&url, &["migrate"]);
    assert!(!refused.status.success());
    let complaint_of_rights = complaint(&refused);
    assert!(
        complaint_of_rights.contains("rights are missing, such as execute on private.")
            && complaint_of_rights.contains("frontdesk migrate --grants"),
        "{complaint_of_rights}"
    );

    let mended = printed(&frontdesk(&url, &["migrate", "--grants"]));

    assert!(
        mended.contains("Applied every function, policy and grant"),
        "{mended}"
    );
    let after = rights(&server).await;
    for (kind, rights) in before.as_object().unwrap() {
        match rights {
            Value::Object(rights) => {
                for (name, right) in rights {
                    assert_eq!(&after[kind][name], right, "{kind} {name}");
                }
            }
            list => assert_eq!(&after[kind], list, "{kind}"),
        }
    }
    assert!(printed(&frontdesk(&url, &["migrate"])).contains("The database is current."));
    // Once more, it changes nothing.
    printed(&frontdesk(&url, &["migrate", "--grants"]));
    assert_eq!(rights(&server).await, before);
    migrate::check(&owner).await.unwrap();
}

#[tokio::test]
async fn one_lost_policy_or_right_is_noticed() {
    let server = OwnServer::with(ORGANIZATION).await;
    let owner = server.connect("frontdesk").await;
    for (loss, named) in [
        (
            "drop policy authenticated_select on public.call_logs",
            "policy authenticated_select on public.call_logs",
        ),
        (
            "revoke insert on private.outbox from frontdesk_app",
            "insert on private.outbox",
        ),
        (
            "revoke execute on function private.prune(uuid, timestamptz, integer) from frontdesk_app",
            "execute on private.prune(uuid, timestamptz, integer)",
        ),
        (
            "revoke usage on schema private from frontdesk_app",
            "usage on schema private",
        ),
    ] {
        owner.batch_execute(loss).await.unwrap();
        let mut client = server.connect("frontdesk").await;
        let refused = migrate::migrate(&mut client).await.unwrap_err().to_string();
        assert!(
            refused.contains("1 rights are missing") && refused.contains(named),
            "{refused}"
        );
        assert!(
            migrate::roles::restore_grants(&mut client)
                .await
                .unwrap()
                .is_empty(),
            "no role was missing"
        );
        migrate::migrate(&mut client).await.unwrap();
    }
}

#[tokio::test]
async fn a_login_that_may_not_make_roles_is_told_who_may() {
    let server = OwnServer::with("create role plain login; grant all on schema private to plain; grant select on private.schema_files, private.schema_releases to plain").await;
    let owner = server.connect("frontdesk").await;
    owner.batch_execute(LOSE_THE_ROLES).await.unwrap();
    let url = server
        .url()
        .replace("frontdesk@", "plain@")
        .replace("user=frontdesk", "user=plain");

    let refused = frontdesk(&url, &["migrate", "--roles-only"]);

    let complaint = complaint(&refused);
    assert!(
        complaint.contains("this login may not make roles")
            && complaint.contains("create role frontdesk_app"),
        "{complaint}"
    );
}
