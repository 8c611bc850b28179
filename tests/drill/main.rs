//! `make drill`: a backup is made of a database with real calls in it and restored into new clusters, as docs/backup.md says: one that
//! was given the roles first, and one that was not, which is mended afterwards. Every table, function, policy, trigger and right must be
//! as it was, and a caller must be able to book. Everything that it needs it starts itself, on this machine.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a drill that meets what it does not expect has failed"
)]
#![expect(
    unused_imports,
    reason = "the tests over HTTP share `support`, and use more of it"
)]

#[path = "../api/support/mod.rs"]
#[expect(dead_code, reason = "the tests over HTTP share it, and use more of it")]
mod support;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Instant,
};

use frontdesk::db::embedded;
use serde_json::{Value, json};
use support::{
    app::{ASSISTANT_ID, CALLED_NUMBER, ORGANIZATION, PHONE_NUMBER_ID, SECRET},
    operator::{complaint, frontdesk, printed},
    outage::OwnServer,
    process::Process,
};

/// The demo organization, with its people and appointments.
const DEMO: &str = include_str!("../../fixtures/seed/demo.sql");

/// Everything of a database that is no row, each by a name.
const CATALOGUE: &str = "
select format('function %s', p.oid::regprocedure), md5(pg_get_functiondef(p.oid)) || rights(p.proacl) from pg_proc as p where in_schema(p.pronamespace) and p.prokind = 'f'
union all
select format('policy %s on %s', p.policyname, p.tablename), meant(to_jsonb(p)::text) from pg_policies as p
union all
select format('trigger %s on %s', t.tgname, t.tgrelid::regclass), meant(pg_get_triggerdef(t.oid)) from pg_trigger as t where not t.tgisinternal
union all
select format('constraint %s on %s', k.conname, k.conrelid::regclass), meant(pg_get_constraintdef(k.oid)) from pg_constraint as k where in_schema(k.connamespace)
union all
select format('index %s', i.indexname), meant(i.indexdef) from pg_indexes as i where in_schema(i.schemaname::regnamespace)
union all
select format('relation %s', c.oid::regclass), format('%s %s %s', c.relkind, c.relrowsecurity, rights(c.relacl)) from pg_class as c where in_schema(c.relnamespace)
union all
select format('column %s.%s', a.attrelid::regclass, a.attname), format('%s %s %s', format_type(a.atttypid, a.atttypmod), a.attnotnull, rights(a.attacl))
from pg_attribute as a join pg_class as c on c.oid = a.attrelid where in_schema(c.relnamespace) and a.attnum > 0 and not a.attisdropped
union all
select format('schema %s', n.nspname), rights(n.nspacl) from pg_namespace as n where in_schema(n.oid)
union all
select format('defaults %s', d.defaclobjtype), rights(d.defaclacl) from pg_default_acl as d";

/// What the query above asks with: which schemas count; rights in one order, without the owner's own, which a dump leaves out where they
/// are the default; and an expression without casts and brackets, which a dump writes in another way that means the same.
const HELPERS: &str = "
create or replace function pg_temp.in_schema(id oid) returns boolean language sql as
$$ select id::regnamespace::text in ('public', 'private', 'auth', 'extensions') $$;
create or replace function pg_temp.rights(acl aclitem[]) returns text language sql as
$$ select coalesce(string_agg(a::text, ' ' order by a::text), '') from unnest(acl) as a where a::text not like current_user || '=%' $$;
create or replace function pg_temp.meant(definition text) returns text language sql as
$$ select regexp_replace(definition, '::(character varying|text)(\\[\\])?|[() ]', '', 'g') $$;";

/// Counts and checksums of tables and sequences, and everything of the catalogue, by name.
type Picture = BTreeMap<String, String>;

async fn picture(server: &OwnServer) -> Picture {
    let client = server.connect("frontdesk").await;
    client.batch_execute(HELPERS).await.unwrap();
    let catalogue = CATALOGUE
        .replace("in_schema(", "pg_temp.in_schema(")
        .replace("rights(", "pg_temp.rights(")
        .replace("meant(", "pg_temp.meant(");
    let mut picture: Picture = client
        .query(&catalogue, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    let tables = client
        .query(
            "select c.oid::regclass::text, c.relkind = 'S' from pg_class as c
             where pg_temp.in_schema(c.relnamespace) and c.relkind in ('r', 'S')",
            &[],
        )
        .await
        .unwrap();
    for row in tables {
        let (name, is_sequence): (String, bool) = (row.get(0), row.get(1));
        let sql = if is_sequence {
            format!("select format('%s %s', last_value, is_called) from {name}")
        } else {
            format!(
                "select count(*) || ' rows ' || coalesce(md5(string_agg(to_jsonb(t)::text, e'\\n' order by to_jsonb(t)::text)), '')
                 from {name} as t"
            )
        };
        let sum = client.query_one(&sql, &[]).await.unwrap().get(0);
        picture.insert(format!("content of {name}"), sum);
    }
    picture
}

/// Fails with what differs.
fn is_the_same(before: &Picture, after: &Picture, what: &str) {
    let names = before.keys().chain(after.keys());
    let mut differing: Vec<String> = names
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| {
            format!(
                "{name}\n  was {:?}\n  is  {:?}",
                before.get(name),
                after.get(name)
            )
        })
        .collect();
    differing.dedup();
    assert!(differing.is_empty(), "{what}:\n{}", differing.join("\n"));
    let tables = before
        .keys()
        .filter(|name| name.starts_with("content of"))
        .count();
    println!(
        "{what}: {tables} tables and sequences, and {} other objects are as they were",
        before.len() - tables
    );
}

/// A tool call as Vapi sends it; the answer.
async fn calls(service: &Process, call: &str, tool: &str, arguments: Value) -> String {
    let message = json!({ "message": {
        "type": "tool-calls",
        "call": { "id": call, "phoneNumberId": PHONE_NUMBER_ID, "assistantId": ASSISTANT_ID, "customer": { "number": "+13035551700" } },
        "phoneNumber": { "id": PHONE_NUMBER_ID, "number": CALLED_NUMBER },
        "toolCallList": [{ "id": format!("{call}-{tool}"), "type": "function", "function": { "name": tool, "arguments": arguments } }],
    }});
    let reply = posts(service, &message).await;
    reply["results"][0]["result"]
        .as_str()
        .unwrap_or_else(|| panic!("{tool}: {reply}"))
        .to_owned()
}

async fn posts(service: &Process, message: &Value) -> Value {
    let reply = reqwest::Client::new()
        .post(format!("http://127.0.0.1:{}/vapi/webhook", service.port))
        .header("X-Vapi-Secret", SECRET)
        .json(message)
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), 200);
    reply.json().await.unwrap()
}

/// Books at this hour.
async fn books(service: &Process, call: &str, when: &str) {
    let answer = calls(
        service,
        call,
        "book_appointment",
        json!({ "customer_name": "Maria Lopez", "date": when, "service_address": "12 Elm Street" }),
    )
    .await;
    assert!(answer.contains("booked"), "{answer}");
}

/// The days on which the source's callers book.
const BOOKED: [&str; 3] = ["2026-12-01T09:00", "2026-12-02T10:00", "2026-12-03T11:00"];

/// A server whose database has the demo organization, and another one with calls of every kind.
async fn source() -> OwnServer {
    // Both are called at the same number.
    let demo = DEMO.replace(CALLED_NUMBER, "+13035550177");
    let server = OwnServer::with(&format!(
        "{ORGANIZATION} {demo}
         insert into emergency_contacts (organization_id, name, phone, priority)
         select id, 'Dana', '+13035550111', 1 from organizations"
    ))
    .await;
    let service = Process::on(&server.service_url(), &[]).await;
    for (nth, when) in BOOKED.iter().enumerate() {
        let call = format!("call-{nth}");
        calls(
            &service,
            &call,
            "check_availability",
            json!({ "date": when }),
        )
        .await;
        books(&service, &call, when).await;
        posts(
            &service,
            &json!({ "message": {
                "type": "end-of-call-report", "endedReason": "customer-ended-call",
                "call": { "id": call, "phoneNumberId": PHONE_NUMBER_ID },
                "artifact": { "transcript": "Hello. ¿Hablan español?\nSí." }, "analysis": { "summary": "Maria books." },
            }}),
        )
        .await;
    }
    calls(
        &service,
        "call-emergency",
        "flag_emergency",
        json!({ "description": "Water is coming through the ceiling", "service_address": "12 Elm Street" }),
    )
    .await;
    calls(
        &service,
        "call-message",
        "take_message",
        json!({ "message": "Please call me back about the invoice" }),
    )
    .await;
    server
}

fn succeeds(output: &Output, what: &str) {
    assert!(output.status.success(), "{what}: {}", complaint(output));
}

async fn allows_login(server: &OwnServer) {
    let owner = server.connect("frontdesk").await;
    owner
        .batch_execute("alter role frontdesk_app login")
        .await
        .unwrap();
}

/// A folder that goes with the drill.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

async fn drill() {
    let began = Instant::now();
    let installation = embedded::find_or_install(&mut |line| eprintln!("{line}")).unwrap();
    let program = |name: &str| Command::new(installation.bin.join(name));
    let folder = Folder(
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("drill-{}", std::process::id())),
    );
    std::fs::create_dir_all(&folder.0).unwrap();
    let dump = folder.0.join("frontdesk.dump");

    let source = source().await;
    // Nobody writes any more: the dump and the picture are of the same moment.
    let before = picture(&source).await;
    let dumped = program("pg_dump")
        .args(["--format=custom", "--dbname", &source.url(), "--file"])
        .arg(&dump)
        .output()
        .unwrap();
    succeeds(&dumped, "pg_dump");
    println!(
        "backup: {} bytes of a database with {} rows of calls",
        std::fs::metadata(&dump).unwrap().len(),
        before["content of call_logs"].split(' ').next().unwrap()
    );

    let restored = OwnServer::empty().await;
    printed(&frontdesk(&restored.url(), &["migrate", "--roles-only"]));
    let restoring = program("pg_restore")
        .args(["--exit-on-error", "--dbname", &restored.url()])
        .arg(&dump)
        .output()
        .unwrap();
    succeeds(&restoring, "pg_restore");
    let said = printed(&frontdesk(&restored.url(), &["migrate"]));
    assert!(said.contains("The database is current."), "{said}");
    is_the_same(
        &before,
        &picture(&restored).await,
        "restored with the roles",
    );
    allows_login(&restored).await;
    let service = Process::on(&restored.service_url(), &[]).await;
    books(&service, "call-after", "2026-12-04T09:00").await;
    drop(service);
    println!("restored with the roles: a caller has booked");
    drop(restored);

    let forgotten = OwnServer::empty().await;
    let restoring = program("pg_restore")
        .args(["--dbname", &forgotten.url()])
        .arg(&dump)
        .output()
        .unwrap();
    assert!(complaint(&restoring).contains("role \"frontdesk_app\" does not exist"));
    let refused = frontdesk(&forgotten.url(), &["migrate"]);
    assert!(
        complaint(&refused).contains("frontdesk migrate --grants"),
        "{}",
        complaint(&refused)
    );
    printed(&frontdesk(&forgotten.url(), &["migrate", "--grants"]));
    is_the_same(
        &before,
        &picture(&forgotten).await,
        "restored without the roles, and mended",
    );
    allows_login(&forgotten).await;
    let service = Process::on(&forgotten.service_url(), &[]).await;
    books(&service, "call-after", "2026-12-04T09:00").await;
    println!("restored without the roles, and mended: a caller has booked");
    println!("the drill has passed in {} s", began.elapsed().as_secs());
}

fn main() {
    drop(rustls::crypto::ring::default_provider().install_default());
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(drill());
}
